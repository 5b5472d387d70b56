"""What we could not answer, and what staff make of it: taught words, tried first, told to whoever asked."""
