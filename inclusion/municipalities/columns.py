"""Which files a town pack has and what each column holds: the one list that the reader, the check and docs/town-packs.md agree on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "reading", "day", "month_or_day", "count", "yen", "time", "days", "url", "choice", "source", "contacts", "policy", "rule"
]


@dataclass(frozen=True, slots=True)
class Column:
    """`needed` columns may not be empty. `choices` lists the only words a "choice" column may hold ("" is allowed unless needed)."""

    name: str
    kind: Kind = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetShape:
    """One CSV file of a pack. `key` is the column whose value may occur only once ("" where rows may repeat)."""

    file: str
    columns: tuple[Column, ...]
    key: str = "id"
    required: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


ID = Column("id", needed=True)
NAME = Column("name", needed=True)
READING = Column("reading", "reading", needed=True)
NOTE = Column("note")
SOURCE = Column("source", "source", needed=True)
CHECKED_ON = Column("checked_on", "month_or_day")

SOURCES = SheetShape(
    "sources.csv",
    (
        ID,
        Column("title", needed=True),
        Column("url", "url"),
        Column("reliability", "choice", True, ("official", "via_official", "third_party", "unconfirmed")),
        Column("licence"),
    ),
)
CONTACTS = SheetShape(
    "contacts.csv",
    (
        ID,
        NAME,
        READING,
        Column("phone"),
        Column("hours"),
        Column("open_days", "days"),
        Column("opens", "time"),
        Column("closes", "time"),
        Column("address"),
        NOTE,
        SOURCE,
        CHECKED_ON,
    ),
)
FESTIVALS = SheetShape(
    "festivals.csv",
    (
        ID,
        NAME,
        READING,
        Column("season", needed=True),
        Column("place"),
        Column("years", "choice", choices=("odd", "even")),
        NOTE,
        SOURCE,
        CHECKED_ON,
    ),
)
PLACES = SheetShape("places.csv", (NAME, READING, Column("kind", needed=True)), key="")
ITEMS = SheetShape(
    "waste/items.csv",
    (
        ID,
        Column("official_id"),
        NAME,
        Column("said", needed=True),
        READING,
        Column("group", needed=True),
        Column("condition"),
        Column("pieces_per_fee", "count", needed=True),
        Column("counter", needed=True),
        Column("fee_yen", "yen"),
        Column("fee_as_of", "month_or_day"),
        Column("checked_on", "day"),
        NOTE,
        Column("source", "source"),
    ),
)
SORTING = SheetShape(
    "waste/sorting.csv",
    (ID, NAME, READING, Column("category", needed=True), NOTE, Column("fee_kind"), Column("remark"), Column("policy", "policy")),
)
POLICIES = SheetShape(
    "waste/policy.csv",
    (
        ID,
        NAME,
        READING,
        Column("category", needed=True),
        Column("headline", needed=True),
        Column("details"),
        Column("contacts", "contacts"),
        SOURCE,
        CHECKED_ON,
    ),
)
ALIASES = SheetShape(
    "waste/aliases.csv",
    (
        Column("word", needed=True),
        Column("reading", "reading"),
        Column("target", needed=True),
        Column("language", "choice", True, ("ja", "en", "zh", "ko")),
        Column("slots"),
        NOTE,
    ),
    key="",
)
MESSAGES = SheetShape(
    "messages.csv",
    (ID, Column("ja", needed=True), Column("ja-easy"), Column("en"), Column("zh-Hans"), Column("ko"), NOTE),
    required=False,
)

TRANSLATIONS = SheetShape(
    "translations.csv",
    (Column("ja", needed=True), Column("ja-easy"), Column("en"), Column("zh-Hans"), Column("ko"), NOTE),
    key="ja",
    required=False,
)

COLLECTIONS = SheetShape(
    "collections.csv",
    (Column("area", needed=True), Column("category", needed=True), Column("rule", "rule", needed=True), NOTE),
    key="",
    required=False,
)

ASKED = SheetShape("asked.csv", (ID, Column("sentence", needed=True)), key="", required=False)

SHEETS = (SOURCES, CONTACTS, FESTIVALS, PLACES, ITEMS, SORTING, POLICIES, ALIASES, MESSAGES, TRANSLATIONS, COLLECTIONS, ASKED)

TOWN_KEYS = ("slug", "name", "reading", "code", "timezone", "other_towns", "help_contact")
BULKY_KEYS = ("tickets", "max_items", "min_cm", "max_cm", "contact", "fee_page")
SORTING_KEYS = ("source", "checked_on")
GROUP_KEYS = ("name", "question", "slots", "rows")
ROW_KEYS = ("item", "when", "label", "says")
GUARD_KEYS = ("id", "rule", "patterns", "unless", "headline", "details", "contacts", "reviewed_on")
FAQ_KEYS = ("id", "title", "paraphrases", "keywords", "contacts", "links", "source", "checked_on", "valid_until", "known")
NUMBER_SLOTS = (
    "persons",
    "longest_cm",
    "height_cm",
    "width_cm",
    "depth_cm",
    "two_longest_cm",
    "inch",
    "jo",
    "dan",
    "thickness_cm",
)
WORD_SLOTS = ("material", "kind")
