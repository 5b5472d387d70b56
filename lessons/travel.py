"""How long it takes from one venue to another; without it a helper would be asked to be at two ends of the town in ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final

from .tables import Venue

EARTH_KM: Final = 6371.0
UNKNOWN_MINUTES: Final = 30  # between venues whose place on the map nobody has entered
START_MINUTES: Final = 10  # finding the way out and in
MINUTES_PER_KM: Final = 12  # on foot at 5 km/h, which in a small town is about what bus and waiting take
SET_UP_MINUTES: Final = 10  # tables and telephones, before and between classes at different venues


def travel_minutes(one: Venue | None, other: Venue | None) -> int:
    """Whole minutes, 0 within one venue."""
    if one is None or other is None:
        return UNKNOWN_MINUTES
    if one.id == other.id:
        return 0
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return UNKNOWN_MINUTES
    return START_MINUTES + ceil(MINUTES_PER_KM * _kilometres(one.lat, one.lon, other.lat, other.lon))


def travel_table(venues: Mapping[str, Venue]) -> Mapping[tuple[str, str], int]:
    """The minutes between all venues, and from nowhere in particular ("")."""
    names = [*venues, ""]
    return {(a, b): 0 if "" in (a, b) else travel_minutes(venues[a], venues[b]) for a in names for b in names}


def _kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great circle (haversine)."""
    a, b = radians(lat), radians(other_lat)
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
