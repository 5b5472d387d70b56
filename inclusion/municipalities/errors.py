"""What can go wrong with a town pack, said so that the person who can mend it knows what to do.

MunicipalityError
├── TownUnknown       no bundled town has this name and no folder is there
└── TownPackBroken    the pack cannot be used; `findings` tell where and why
"""

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
