"""How many more classes would seat everybody who was left over, of draws and of queues; without it a council would see only who came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from .fairness import extra_sessions_needed
from .tables import Application, ScheduledSession

SEATED = ("confirmed", "won")
LEFT_OVER = ("waitlisted", "reserve", "lost")  # a queue that still stands, and draws that are over


@dataclass(frozen=True, slots=True)
class Demand:
    """`left_over` people of one topic have no seat in any of its classes; `extra` classes of its usual size would seat them."""

    course_code: str
    left_over: int
    extra: int


def unmet_demand(places: Sequence[ScheduledSession], applied: Sequence[Application]) -> Sequence[Demand]:
    """One line for each topic that left somebody over, the greatest need first. Somebody who waits twice is one person."""
    course_of = {one.id: one.course_code for one in places}
    seated, left = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for one in applied:
        if one.state in SEATED:
            seated[course_of[one.session_id]].add(one.learner_id)
        elif one.state in LEFT_OVER:
            left[course_of[one.session_id]].add(one.learner_id)
    beyond, size = _beyond_the_seats(places, applied), _usual_size(places)
    found = []
    for course in sorted(set(left) | set(beyond)):
        people = len(left[course] - seated[course]) + beyond.get(course, 0)
        found.append(Demand(course, people, extra_sessions_needed(people + size.get(course, 0), size.get(course, 0))))
    return sorted((one for one in found if one.left_over), key=lambda one: (-one.extra, one.course_code))


def _beyond_the_seats(places: Sequence[ScheduledSession], applied: Sequence[Application]) -> Mapping[str, int]:
    """Draws that are still to be held: however they end, so many will lose."""
    entered, beyond = defaultdict[str, int](int), defaultdict[str, int](int)
    for one in applied:
        entered[one.session_id] += one.state == "in_draw"
    for place in places:
        beyond[place.course_code] += max(0, entered[place.id] - place.seats_free)
    return {course: count for course, count in beyond.items() if count}


def _usual_size(places: Sequence[ScheduledSession]) -> Mapping[str, int]:
    """Seats of a usual class of each topic that takes place; those of the room where no helper has agreed yet."""
    sizes = defaultdict[str, list[int]](list)
    for place in places:
        if place.state != "cancelled":
            sizes[place.course_code].append(place.seats_offered or place.maximum_attendee_capacity)
    return {course: median_low(seats) for course, seats in sizes.items()}


__all__ = ["Demand", "unmet_demand"]
