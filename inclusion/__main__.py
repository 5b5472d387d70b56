"""`python -m inclusion` is the same as `inclusion`."""

from .cli import main

main()
