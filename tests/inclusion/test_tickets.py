"""Tickets are counted per collected item, then summed."""

import pytest

from accessibility import Fee
from inclusion.municipalities import TicketKind
from inclusion.skills.tickets import fewest_tickets, tickets_for

A, B = TicketKind("A券", 200), TicketKind("B券", 300)


def fee(unit_yen: int | None, units: int = 1) -> Fee:
    return Fee("S1", "もの", "もの", units, units, unit_yen)


@pytest.mark.parametrize(("yen", "a", "b"), [(300, 0, 1), (600, 0, 2), (900, 0, 3), (1200, 0, 4), (1600, 2, 4), (1800, 0, 6), (2200, 2, 6)])
def test_every_fee_class_of_the_ward_is_made_from_the_fewest_tickets(yen: int, a: int, b: int) -> None:
    """The combinations in the ward's notes (rules.md section 1.3)."""
    bought = fewest_tickets(yen, (A, B))
    assert bought is not None
    assert (bought[A], bought[B]) == (a, b)


def test_two_items_of_1600_yen_are_four_a_and_eight_b_not_the_cheaper_mix_of_the_total() -> None:
    tickets = tickets_for([fee(1600, units=2)], (A, B))
    assert [(one.name, one.count) for one in tickets] == [("A券", 4), ("B券", 8)]
    together = fewest_tickets(3200, (A, B))
    assert together is not None
    assert together.total() < 12  # control: the total alone would need fewer


def test_an_unknown_fee_buys_no_tickets() -> None:
    assert tickets_for([fee(300), fee(None)], (A, B)) == ()


def test_a_fee_the_tickets_cannot_make_buys_none() -> None:
    assert tickets_for([fee(250)], (A, B)) == ()
