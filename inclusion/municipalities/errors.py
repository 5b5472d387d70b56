"""What can go wrong with a town pack, said so that the person who can mend it knows what to do.

MunicipalityError
├── TownUnknown       no bundled town has this name and no folder is there
├── TownPackBroken    the pack cannot be used; `findings` tell where and why
├── AreaUnknown       collections.csv has no such area; `near` are areas written alike
└── ImportRefused     another municipality's file is not taken in; the message says why and what to do
"""

from difflib import get_close_matches

from .findings import Finding


class MunicipalityError(Exception):
    """Base of every error this package raises."""


class TownUnknown(MunicipalityError, FileNotFoundError):
    def __init__(self, asked: str, bundled: tuple[str, ...]) -> None:
        towns = "、".join(bundled) or "（なし）"
        super().__init__(f"自治体『{asked}』が見つかりません。使えるのは {towns}、または town.toml のあるフォルダーの場所です。")
        self.asked, self.bundled = asked, bundled


class TownPackBroken(MunicipalityError):
    """The pack has errors that keep it from being read. The message lists them, one a line."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        lines = [f"自治体データに直すところが{len(findings)}件あります。"]
        super().__init__("\n".join([*lines, *(finding.sentence() for finding in findings)]))
        self.findings = findings


class AreaUnknown(MunicipalityError, LookupError):
    def __init__(self, area: str, known: tuple[str, ...]) -> None:
        self.area = area
        self.near = tuple(name for name in known if area and area in name)[:5] or tuple(get_close_matches(area, known, n=5, cutoff=0.5))
        some = "、".join(known[:8]) or "（収集日がまだありません）"
        hint = f"もしかして: {'、'.join(self.near)}" if self.near else f"使えるのは {some} などです。"
        super().__init__(f"地区『{area}』の収集日は collections.csv にありません。{hint}")


class ImportRefused(MunicipalityError):
    """Nothing was written. The message is for a clerk: why, and what to do next."""
