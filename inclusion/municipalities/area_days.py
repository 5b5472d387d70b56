"""What residents hear of the days in collections.csv; without it days a clerk wrote by hand would be known and never told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from accessibility import Readings

from .collection_rules import write_rule
from .importing.area_answers import area_answers, place_of
from .importing.draft import DraftCollection
from .importing.numbering import plain
from .town import Alias, Policy, Town

DAYS = re.compile(r"b\.days(\d+)")


def with_area_days(town: Town) -> Town:
    """The town, with an answer for every area of collections.csv that has none in waste/policy.csv.

    A list of dates is told with its first and last day whether or not it is over: a town knows no today.
    """
    told = {policy.name for policy in town.policies.values()}
    rows = [row for row in town.collections if f"{place_of(row.area)}の収集日" not in told]
    if not rows:
        return town
    drafts = [DraftCollection(row.area, row.category, write_rule(row.rule), row.note) for row in rows]
    policies, aliases = area_answers(drafts, _names(town), Readings(), date.min, [])
    first = max((int(found[1]) for one in town.policies if (found := DAYS.fullmatch(one))), default=0)
    ids = {cells["id"]: f"b.days{first + number:03}" for number, cells in enumerate(policies, 1)}
    made = (
        Policy(
            ids[cells["id"]],
            cells["name"],
            cells["reading"],
            cells["category"],
            cells["headline"],
            tuple(cells["details"].split("|")),
            (),
            town.sorting_source,
            town.sorting_checked_on,
        )
        for cells in policies
    )
    more = tuple(Alias(cells["word"], cells["reading"], ids[cells["target"]], cells["language"]) for cells in aliases)
    return replace(town, policies={**town.policies, **{one.id: one for one in made}}, aliases=(*town.aliases, *more))


def _names(town: Town) -> set[str]:
    """What already means something else: a place of that name is not answered with its days."""
    names: Iterable[str] = (
        *(item.said for item in town.items.values()),
        *(row.name for row in town.sorting.values()),
        *(alias.word for alias in town.aliases),
    )
    return {plain(name) for name in names}
