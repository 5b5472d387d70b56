"""Who works here, what each may do, who is signed in, and what each has changed."""
