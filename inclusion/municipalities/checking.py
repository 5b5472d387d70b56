"""Every mistake in a town pack at once, in the order of its files; without it a clerk would meet them one crash at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .check_answers import answer_findings
from .check_cells import cell_findings
from .check_days import day_findings
from .check_guard import guard_findings
from .check_messages import message_findings
from .check_slots import slot_findings
from .check_waste import waste_findings
from .columns import ITEMS
from .fee_checks import FeeChecks
from .findings import Finding
from .loading import platform_messages, town_folder
from .pack import Pack, read_pack
from .values import value_findings


def check_town(folder_or_slug: str | Path, today: date) -> tuple[Finding, ...]:
    """Errors and warnings of the whole pack. Raises only TownUnknown: whatever a file holds becomes a finding."""
    pack = read_pack(town_folder(folder_or_slug))
    if _unreadable(pack):
        return _in_order([*pack.findings, *value_findings(pack)])
    findings = [
        *pack.findings,
        *value_findings(pack),
        *cell_findings(pack, today),
        *waste_findings(pack),
        *slot_findings(pack),
        *guard_findings(pack),
        *answer_findings(pack, today),
        *day_findings(pack, today),
        *message_findings(pack, platform_messages()),
    ]
    return _in_order(findings)


def _unreadable(pack: Pack) -> bool:
    """Whether a whole file could not be read. Everything that points into it would be called unknown, a thousand times over."""
    return any(finding.severity == "error" and finding.line == 0 for finding in pack.findings)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.file, finding.line)))


def count_fee_checks(folder_or_slug: str | Path) -> FeeChecks:
    """How many fees a clerk has compared with the town's own table, however broken the rest of the pack is."""
    return _fee_checks(read_pack(town_folder(folder_or_slug)))


def _fee_checks(pack: Pack) -> FeeChecks:
    with_fee = [row for row in pack.rows(ITEMS) if row["fee_yen"]]
    checked = sum(bool(row["checked_on"]) for row in with_fee)
    return FeeChecks(checked, len(with_fee) - checked, len(pack.rows(ITEMS)) - len(with_fee))
