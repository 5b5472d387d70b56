"""Other municipalities' files into a town pack, and a pack into the forms others read: without it every town would be typed by hand."""

from .draft import Draft, DraftCollection, DraftRow, Note
from .newcomer import FORMATS, Wishes, import_town, new_town
from .report import ImportReport

__all__ = ["FORMATS", "Draft", "DraftCollection", "DraftRow", "ImportReport", "Note", "Wishes", "import_town", "new_town"]
