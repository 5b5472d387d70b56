"""How far a clerk has come with comparing fees: the figure that keeps 未照合 from being forgotten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeeChecks:
    """Items by state: fee compared (`checked`), fee not yet compared (`unchecked`), no fee known (`without_fee`)."""

    checked: int
    unchecked: int
    without_fee: int

    def sentence(self) -> str:
        if not self.checked + self.unchecked:
            return f"手数料は、まだ1件も入っていません（手数料のない品目 {self.without_fee}件）。"
        if not self.unchecked:
            return f"手数料 {self.checked}件は、すべて照合済みです（手数料のない品目 {self.without_fee}件）。"
        return (
            f"手数料 {self.checked + self.unchecked}件のうち {self.unchecked}件が未照合です（手数料のない品目 {self.without_fee}件）。"
            "→ 自治体の料金表と照らし合わせたら、waste/items.csv の checked_on にその日を書いてください。"
        )
