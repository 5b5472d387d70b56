"""A town as data: reading a pack, and telling a clerk what is wrong with it."""

from .town import (
    Alias,
    BulkyRules,
    Contact,
    Faq,
    Festival,
    Group,
    GuardRule,
    Item,
    Place,
    Policy,
    SizeRow,
    SortingRow,
    SourceNote,
    TicketKind,
    Town,
)

__all__ = [
    "Alias",
    "BulkyRules",
    "Contact",
    "Faq",
    "Festival",
    "Group",
    "GuardRule",
    "Item",
    "Place",
    "Policy",
    "SizeRow",
    "SortingRow",
    "SourceNote",
    "TicketKind",
    "Town",
]
