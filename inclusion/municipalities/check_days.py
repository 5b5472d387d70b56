"""Whether residents hear the days of collections.csv as they are; without it an answer made at the import would outlive the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .columns import COLLECTIONS, POLICIES
from .findings import Finding, warning
from .importing.area_answers import days_told
from .importing.draft import DraftCollection
from .pack import Pack

WHEN = "f.normal_sched"


def day_findings(pack: Pack, today: date) -> Iterator[Finding]:
    rows = [DraftCollection(row["area"], row["category"], row["rule"], row["note"]) for row in pack.rows(COLLECTIONS)]
    if not rows:
        return
    told = days_told(rows, today)
    for row in pack.rows(POLICIES):
        right = told.get(row["name"].removesuffix("の収集日")) if row["name"].endswith("の収集日") else None
        if right is not None and right != (row["headline"], row["details"]):
            what = f"『{row['name']}』の案内が collections.csv と違います。住民にはこの行の案内が伝わります。"
            yield warning(POLICIES.file, row.line, "details", what, "この行を消すと、collections.csv のとおりに案内します。")
    for page in pack.faqs:
        if page.id == WHEN and page.head.get("known").text == "false":
            what = "collections.csv に収集日があるのに、このページは「まだ分かりません」と答えます。"
            fix = "「地区の名前を教えてください」のように書き直し、known を true にしてください。"
            yield warning(page.file, page.head.get("known").line, "known", what, fix)
