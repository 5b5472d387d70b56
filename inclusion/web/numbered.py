"""Numbers in addresses, as far as a table can hold them; without this file a mistyped one would be our fault, not no page (404)."""

from typing import Annotated, Final

from fastapi import Path

MOST: Final = 2**31 - 1  # a column of PostgreSQL holds no more

Number = Annotated[int, Path(ge=0, le=MOST)]
