"""A town as data: reading a pack, and telling a clerk what is wrong with it."""

from .checking import check_town, count_fee_checks
from .collection_days import CollectionDay, areas_of, collections_in, in_words, next_collections
from .collection_rules import Rule, parse_rule
from .conditions import Span, parse_condition
from .errors import AreaUnknown, ImportRefused, MunicipalityError, TownPackBroken, TownUnknown
from .fee_checks import FeeChecks
from .findings import Finding
from .loading import bundled_towns, load_town, town_folder
from .town import (
    Alias,
    BulkyRules,
    Collection,
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
    "AreaUnknown",
    "BulkyRules",
    "Collection",
    "CollectionDay",
    "Contact",
    "Faq",
    "FeeChecks",
    "Festival",
    "Finding",
    "Group",
    "GuardRule",
    "ImportRefused",
    "Item",
    "MunicipalityError",
    "Place",
    "Policy",
    "Rule",
    "SizeRow",
    "SortingRow",
    "SourceNote",
    "Span",
    "TicketKind",
    "Town",
    "TownPackBroken",
    "TownUnknown",
    "areas_of",
    "bundled_towns",
    "check_town",
    "collections_in",
    "count_fee_checks",
    "in_words",
    "load_town",
    "next_collections",
    "parse_condition",
    "parse_rule",
    "town_folder",
]
