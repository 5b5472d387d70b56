"""A town folder into a frozen Town; without it no other part of the platform would know a single fact."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from accessibility import Messages

from .area_days import with_area_days
from .collection_rules import parse_rule
from .columns import ALIASES, ASKED, COLLECTIONS, CONTACTS, FESTIVALS, ITEMS, MESSAGES, PLACES, POLICIES, SORTING, SOURCES, TRANSLATIONS
from .errors import TownPackBroken, TownUnknown
from .faq_pages import FaqPage
from .findings import errors_in
from .outline import Node
from .pack import TOWN, Pack, read_pack
from .sheets import Row
from .town import (
    Alias,
    Asked,
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
from .values import value_findings

HERE = Path(__file__).parent
UNCHECKED = "未確認"


def bundled_towns() -> tuple[str, ...]:
    """The slugs of the towns that come with the platform."""
    return tuple(sorted(path.parent.name for path in HERE.glob(f"*/{TOWN}")))


def town_folder(slug: str | Path) -> Path:
    """The folder of a bundled town, or of any folder given as a path that holds a town.toml."""
    if str(slug) in bundled_towns():
        return HERE / slug
    folder = Path(slug)
    if str(slug).strip() and folder.is_dir():
        return folder
    raise TownUnknown(str(slug), bundled_towns())


def platform_messages() -> Messages:
    """The sentences every town says unless it rewords them."""
    return Messages.from_files(_platform_files())


def load_town(folder_or_slug: str | Path) -> Town:
    """The whole town. Raises TownUnknown, or TownPackBroken with every error that keeps the pack from being read."""
    pack = read_pack(town_folder(folder_or_slug))
    broken = errors_in((*pack.findings, *value_findings(pack)))
    if broken:
        raise TownPackBroken(broken)
    return with_area_days(_town(pack))


def _town(pack: Pack) -> Town:
    settings = pack.settings
    return Town(
        slug=settings["slug"],
        name=settings["name"],
        reading=settings["reading"],
        code=settings["code"],
        timezone=ZoneInfo(settings["timezone"]),
        other_towns=tuple(settings["other_towns"]),
        help_contact=settings["help_contact"],
        bulky=_bulky(settings["bulky"]),
        sources={row["id"]: _source(row) for row in pack.rows(SOURCES)},
        items={row["id"]: _item(row) for row in pack.rows(ITEMS)},
        groups={name: _group(name, node) for name, node in pack.groups.entries.items()},
        aliases=tuple(_alias(row) for row in pack.rows(ALIASES)),
        sorting={row["id"]: SortingRow(**_cells(row, SORTING.names)) for row in pack.rows(SORTING)},
        policies={row["id"]: _policy(row) for row in pack.rows(POLICIES)},
        faqs={page.id: _faq(page) for page in pack.faqs},
        contacts={row["id"]: Contact(**_cells(row, CONTACTS.names)) for row in pack.rows(CONTACTS)},
        places=tuple(Place(**_cells(row, PLACES.names)) for row in pack.rows(PLACES)),
        festivals={row["id"]: Festival(**_cells(row, FESTIVALS.names)) for row in pack.rows(FESTIVALS)},
        guard=tuple(_guard_rule(node) for node in pack.guard.parts),
        messages=_messages(pack),
        sorting_source=settings.get("sorting", {}).get("source", ""),
        sorting_checked_on=settings.get("sorting", {}).get("checked_on", ""),
        collections=tuple(row for sheet_row in pack.rows(COLLECTIONS) if (row := _collection(sheet_row))),
        folder=str(pack.folder),
        **_sentences(pack),
    )


def _sentences(pack: Pack) -> dict[str, Any]:
    """The town's own words in other languages, and what its residents say."""
    return {
        "translations": {row["ja"]: {one: row[one] for one in TRANSLATIONS.names[1:-1] if row[one]} for row in pack.rows(TRANSLATIONS)},
        "drafts": {row["ja"]: _unchecked(row["note"]) for row in pack.rows(TRANSLATIONS)},
        "asked": tuple(Asked(row["id"], row["sentence"]) for row in pack.rows(ASKED)),
    }


def _unchecked(note: str) -> frozenset[str]:
    """未確認: en, ko - the languages in which nobody has checked a text yet."""
    _, found, languages = note.partition(UNCHECKED)
    return frozenset(one for one in TRANSLATIONS.names if one in re.split(r"[\s,、:：。]+", languages)) if found else frozenset()


def _cells(row: Row, names: tuple[str, ...]) -> dict[str, str]:
    return {name: row[name] for name in names}


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _source(row: Row) -> SourceNote:
    return SourceNote(**_cells(row, SOURCES.names))


def _collection(row: Row) -> Collection | None:
    """None for a rule nobody can read: check-town names it, and no day is told rather than a wrong one."""
    rule = parse_rule(row["rule"])
    return Collection(row["area"], row["category"], rule, row["note"]) if rule else None


def _item(row: Row) -> Item:
    cells: dict[str, Any] = _cells(row, ITEMS.names)
    fee = int(row["fee_yen"]) if row["fee_yen"] else None
    return Item(**cells | {"pieces_per_fee": int(row["pieces_per_fee"]), "fee_yen": fee})


def _alias(row: Row) -> Alias:
    return Alias(**_cells(row, ALIASES.names))


def _policy(row: Row) -> Policy:
    cells: dict[str, Any] = _cells(row, POLICIES.names)
    return Policy(**cells | {"details": _split(row["details"]), "contacts": _split(row["contacts"])})


def _group(name: str, node: Node) -> Group:
    rows = tuple(_size_row(part) for part in node.get("rows").parts)
    return Group(name, node.get("name").text, node.get("question").text, node.get("slots").texts, rows)


def _size_row(node: Node) -> SizeRow:
    when = {slot: condition.text for slot, condition in node.get("when").entries.items()}
    return SizeRow(node.get("item").text, when, node.get("label").text, node.get("says").text)


def _guard_rule(node: Node) -> GuardRule:
    return GuardRule(
        id=node.get("id").text,
        name=node.get("rule").text,
        patterns=node.get("patterns").texts,
        unless=node.get("unless").texts,
        headline=node.get("headline").text,
        details=node.get("details").texts,
        contacts=node.get("contacts").texts,
        reviewed_on=node.get("reviewed_on").text,
    )


def _faq(page: FaqPage) -> Faq:
    head = page.head
    return Faq(
        id=page.id,
        title=head.get("title").text,
        paraphrases=head.get("paraphrases").texts,
        keywords=head.get("keywords").texts,
        headline=page.headline,
        details=page.details,
        contacts=head.get("contacts").texts,
        links=tuple((link.get("label").text, link.get("url").text) for link in head.get("links").parts),
        source=head.get("source").text,
        checked_on=head.get("checked_on").text,
        valid_until=head.get("valid_until").text,
        known=head.get("known").text == "true",
    )


def _bulky(rules: dict[str, Any]) -> BulkyRules:
    tickets = tuple(TicketKind(ticket["name"], ticket["yen"]) for ticket in rules["tickets"])
    return BulkyRules(tickets, rules["max_items"], rules["min_cm"], rules["max_cm"], rules["contact"], rules["fee_page"])


def _messages(pack: Pack) -> Messages:
    """The platform's sentences, then the town's own rewordings of them."""
    own = pack.folder / MESSAGES.file
    return Messages.from_files([*_platform_files(), *([own] if own.is_file() else [])])


def _platform_files() -> list[Path]:
    return sorted((HERE / "messages").glob("*.csv"))
