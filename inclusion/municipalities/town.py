"""A town's facts as frozen values: the only thing the rest of the platform knows about any municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from accessibility import Messages, with_original

from .collection_rules import Rule

EASY = "ja-easy"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """One row of sources.csv: where facts come from. `reliability` is official, via_official, third_party or unconfirmed."""

    id: str
    title: str
    url: str
    reliability: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One row of waste/items.csv: a bulky item in one size class.

    `said` is the short name people say ("ソファー"), `name` the ward's own row name, `group` the family of size classes it belongs to
    (its own id when it stands alone), `condition` the size class in words. `pieces_per_fee` pieces cost one fee (座布団 5枚まで = 5).
    `fee_as_of` is the day or month of the published figure; `checked_on` the day a clerk compared it ("" = 未照合).
    """

    id: str
    official_id: str
    name: str
    said: str
    reading: str
    group: str
    condition: str
    pieces_per_fee: int
    counter: str
    fee_yen: int | None
    fee_as_of: str
    checked_on: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """One row of waste/aliases.csv: a word residents say. `target` is an item, group, policy, sorting-row or FAQ id.

    `language` is ja, en, zh or ko. `slots` presets what the word already tells ("two-seater" -> persons=2), as "name=value;name=value".
    """

    word: str
    reading: str
    target: str
    language: str = "ja"
    slots: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size class of a group: the item id it leads to and what must hold, e.g. {"longest_cm": "<100", "material": "glass"}.

    Comparisons are `<N`, `<=N`, `>=N`, `>N`, `N..M` (N <= x < M), `N..=M` (N < x <= M) or a word that must be equal. `label` is the
    button, at most 20 characters; `says` is what pressing it says.
    """

    item: str
    when: Mapping[str, str]
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """One family of slots.yaml: asking `question` and reading `slots` decides which row is meant."""

    id: str
    name: str
    question: str
    slots: tuple[str, ...]
    rows: tuple[SizeRow, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of waste/policy.csv: something not collected (`n.*`) or not bulky (`b.*`), and what to do with it."""

    id: str
    name: str
    reading: str
    category: str
    headline: str
    details: tuple[str, ...]
    contacts: tuple[str, ...]
    source: str
    checked_on: str


@dataclass(frozen=True, slots=True)
class SortingRow:
    """One row of waste/sorting.csv: the ward's own sorting table, its words untouched. `policy` is the policy id it belongs to, or ""."""

    id: str
    name: str
    reading: str
    category: str
    note: str
    fee_kind: str
    remark: str
    policy: str


@dataclass(frozen=True, slots=True)
class Faq:
    """One faq/*.md file. `known` is False where the town has no fact yet: the answer then says so kindly and gives the number."""

    id: str
    title: str
    paraphrases: tuple[str, ...]
    keywords: tuple[str, ...]
    headline: str
    details: tuple[str, ...]
    contacts: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    source: str
    checked_on: str
    valid_until: str
    known: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of contacts.csv. `open_days` (e.g. "mon-sat"), `opens` and `closes` (HH:MM) are "" when not confirmed."""

    id: str
    name: str
    reading: str
    phone: str
    hours: str
    open_days: str
    opens: str
    closes: str
    address: str
    note: str
    source: str
    checked_on: str


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    reading: str
    kind: str


@dataclass(frozen=True, slots=True)
class Festival:
    """One row of festivals.csv. `years` is "", "odd" or "even": the years of the great festival."""

    id: str
    name: str
    reading: str
    season: str
    place: str
    years: str
    note: str
    source: str
    checked_on: str


@dataclass(frozen=True, slots=True)
class GuardRule:
    """One rule of guard.yaml: when a pattern matches (and no `unless` does), the request is refused with this reviewed text.

    `id` is the reason in the public contract (r.emergency); several rules may share it. `name` is the rule's own.
    """

    id: str
    name: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    headline: str
    details: tuple[str, ...]
    contacts: tuple[str, ...]
    reviewed_on: str


@dataclass(frozen=True, slots=True)
class Collection:
    """One row of collections.csv: when one kind of waste is collected in one area."""

    area: str
    category: str
    rule: Rule
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of asked.csv: a sentence in which a resident asks for an answer or a thing, and the id it is about."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TicketKind:
    name: str
    yen: int


@dataclass(frozen=True, slots=True)
class BulkyRules:
    """The town's rules for bulky waste: which tickets exist, and the limits a request is checked against (cm, pieces)."""

    tickets: tuple[TicketKind, ...]
    max_items: int
    min_cm: int
    max_cm: int
    contact: str
    fee_page: str


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality, whole. Every mapping is keyed by id, in the order of its file. `folder` is where its pack lies."""

    slug: str
    name: str
    reading: str
    code: str
    timezone: ZoneInfo
    other_towns: tuple[str, ...]
    help_contact: str
    bulky: BulkyRules
    sources: Mapping[str, SourceNote]
    items: Mapping[str, Item]
    groups: Mapping[str, Group]
    aliases: tuple[Alias, ...]
    sorting: Mapping[str, SortingRow]
    policies: Mapping[str, Policy]
    faqs: Mapping[str, Faq]
    contacts: Mapping[str, Contact]
    places: tuple[Place, ...]
    festivals: Mapping[str, Festival]
    guard: tuple[GuardRule, ...]
    messages: Messages
    sorting_source: str = ""
    sorting_checked_on: str = ""
    collections: tuple[Collection, ...] = ()
    folder: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    drafts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()

    def own_words(self, text: str, language: str, easy: bool = False) -> str | None:
        """What the town itself wrote, in another language or in easy Japanese; None where nobody has translated it yet."""
        if language != "ja":
            return self.translations.get(text, {}).get(language)
        return self.translations.get(text, {}).get(EASY, text) if easy else text

    def own_name(self, text: str, language: str, easy: bool = False) -> str:
        """A name, or a place of several (venue, floor, room), in the reader's words; as it stands where not all of it is translated."""
        names, rest = [], text.split(" ")
        while rest:
            many = next((n for n in range(len(rest), 0, -1) if self.own_words(" ".join(rest[:n]), language, easy) is not None), 0)
            if not many:
                return text
            names.append(self.own_words(" ".join(rest[:many]), language, easy) or "")
            rest = rest[many:]
        return " ".join(names)

    def named(self, text: str, language: str, easy: bool = False) -> str:
        """The same with the Japanese beside what is translated."""
        own = self.own_name(text, language, easy)
        return own if language == "ja" or own == text else with_original(own, text, language)

    def is_draft(self, text: str, language: str, easy: bool = False) -> bool:
        """Whether the words shown for a text were made by a machine and nobody has checked them."""
        return (EASY if language == "ja" and easy else language) in self.drafts.get(text, ())
