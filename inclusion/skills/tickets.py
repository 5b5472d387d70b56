"""Which tickets to buy for a fee; a resident who buys the wrong ones cannot give them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from accessibility import Fee, Tickets
from inclusion.municipalities import TicketKind


def tickets_for(fees: Iterable[Fee], kinds: tuple[TicketKind, ...]) -> tuple[Tickets, ...]:
    """Tickets per collected item, then summed: two items of 1,600 yen are 4 A and 8 B, not the total's cheaper mix.

    Returns () when a fee is unknown or cannot be made from the town's tickets.
    """
    bought: Counter[TicketKind] = Counter()
    for fee in fees:
        one = fewest_tickets(fee.unit_yen, kinds) if fee.unit_yen is not None else None
        if one is None:
            return ()
        for kind, count in one.items():
            bought[kind] += count * fee.units
    return tuple(Tickets(kind.name, kind.yen, bought[kind]) for kind in kinds if bought[kind])


def fewest_tickets(yen: int, kinds: tuple[TicketKind, ...]) -> Counter[TicketKind] | None:
    """The smallest number of tickets that make exactly `yen`; None when they cannot."""
    best: list[Counter[TicketKind] | None] = [Counter(), *[None] * yen]
    for amount in range(1, yen + 1):
        for kind in sorted(kinds, key=lambda kind: -kind.yen):
            rest = best[amount - kind.yen] if amount >= kind.yen else None
            here = best[amount]
            if rest is not None and (here is None or rest.total() + 1 < here.total()):
                best[amount] = rest + Counter({kind: 1})
    return best[yen]
