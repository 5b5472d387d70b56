"""A town as data: reading a pack, and telling a clerk what is wrong with it."""

from .checking import check_town, count_fee_checks
from .errors import MunicipalityError, TownPackBroken, TownUnknown
from .fee_checks import FeeChecks
from .findings import Finding
from .loading import bundled_towns, load_town, town_folder
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
    "FeeChecks",
    "Festival",
    "Finding",
    "Group",
    "GuardRule",
    "Item",
    "MunicipalityError",
    "Place",
    "Policy",
    "SizeRow",
    "SortingRow",
    "SourceNote",
    "TicketKind",
    "Town",
    "TownPackBroken",
    "TownUnknown",
    "bundled_towns",
    "check_town",
    "count_fee_checks",
    "load_town",
    "town_folder",
]
