"""Smartphone classes: seats, waiting lists, draws, calendars. A library of its own: give it a database session and the present time."""

from accessibility import Person as _Person

from . import place_keeping, team
from .acting_for import (
    check_may,
    end_grant,
    find_own,
    grants_given,
    grants_received,
    is_consent_code,
    may_act_for,
    new_consent_code,
    no_longer_trusted,
    one_to_act_for,
    own_learner,
    revoke_all,
    scopes_of,
    use_consent_code,
)
from .arriving import join_from_home
from .attendance import check_in, close_class, complete, excuse
from .booking import Outcome, Wish, apply, cancel, check_open, invite, outcome_of, seat_by_staff
from .bringing_in import BroughtIn, bring_in
from .catalogue import (
    Alternative,
    ClassOnOffer,
    alternatives,
    can_apply,
    classes_of,
    held_between,
    lots_to_draw,
    not_closed,
    one_class,
    upcoming,
)
from .class_sheets import BooksNotEmpty, read_sheets, write_sheets
from .days import FIRST_DAY, LAST_DAY, is_ours, our_day, our_moment
from .desk import Person, ToTell, notices_to_tell, people_of, tell
from .eligibility import RESIDENCIES, wanted_of
from .errors import LessonError
from .event_list import read_event_list, write_event_list
from .fairness import extra_sessions_needed
from .feeds import Feed, duties_feed, end_feed, entries_with, feed_with, has_feed, new_feed
from .helper_errors import SheetWrong
from .learners import Contact, erase_learner, wrong_fields
from .learning_tables import LEARNING_TABLES
from .leaving_no_trace import forget_applications, forget_learner, learners_of, record_of
from .lottery import announce, draw_lots, draw_of, public_json, seal
from .place_tables import Closure, LoanDevice, Room, SessionSeries
from .reminders_due import Reminder, reminders_due
from .samples import Timetable, begin_sample, close_sample, read_timetable, seed_samples
from .staffing import OFF_REASONS, call_off, call_off_by_staff, change_places, off_reason
from .tables import Application, Booking, Course, Draw, DrawEntry, Learner, Notice, ScheduledSession, Venue, WaitlistEntry
from .timetable import Entry, calendar_feed, entry_of, etag_of, shown_in_feed
from .topics import Topic, course_of, national_topics, topic_of
from .volunteer_tables import Assignment, Availability, CoverAsk, CoverRequest, RosterRun, Volunteer, VolunteerNotice
from .waiting_list import Offer, accept_offer, decline_offer, end_queues, expire_due_offers, noted, position_of, put_back_in_queue

HELPING = (Volunteer, Availability, Assignment, RosterRun, CoverRequest, CoverAsk, VolunteerNotice)
PLACES = (Room, LoanDevice, Closure, SessionSeries, Feed)
SIGNING_UP = (_Person, Course, Venue, ScheduledSession, Learner, Application, Booking, WaitlistEntry, Notice, Draw, DrawEntry)
TABLES = (*SIGNING_UP, *LEARNING_TABLES, *HELPING, *PLACES)

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "OFF_REASONS",
    "RESIDENCIES",
    "TABLES",
    "Alternative",
    "Application",
    "Assignment",
    "Availability",
    "Booking",
    "BooksNotEmpty",
    "BroughtIn",
    "ClassOnOffer",
    "Closure",
    "Contact",
    "Course",
    "CoverAsk",
    "CoverRequest",
    "Draw",
    "DrawEntry",
    "Entry",
    "Feed",
    "Learner",
    "LessonError",
    "LoanDevice",
    "Notice",
    "Offer",
    "Outcome",
    "Person",
    "Reminder",
    "Room",
    "RosterRun",
    "ScheduledSession",
    "SessionSeries",
    "SheetWrong",
    "Timetable",
    "ToTell",
    "Topic",
    "Venue",
    "Volunteer",
    "VolunteerNotice",
    "WaitlistEntry",
    "Wish",
    "accept_offer",
    "alternatives",
    "announce",
    "apply",
    "begin_sample",
    "bring_in",
    "calendar_feed",
    "call_off",
    "call_off_by_staff",
    "can_apply",
    "cancel",
    "change_places",
    "check_in",
    "check_may",
    "check_open",
    "classes_of",
    "close_class",
    "close_sample",
    "complete",
    "course_of",
    "decline_offer",
    "draw_lots",
    "draw_of",
    "duties_feed",
    "end_feed",
    "end_grant",
    "end_queues",
    "entries_with",
    "entry_of",
    "erase_learner",
    "etag_of",
    "excuse",
    "expire_due_offers",
    "extra_sessions_needed",
    "feed_with",
    "find_own",
    "forget_applications",
    "forget_learner",
    "grants_given",
    "grants_received",
    "has_feed",
    "held_between",
    "invite",
    "is_consent_code",
    "is_ours",
    "join_from_home",
    "learners_of",
    "lots_to_draw",
    "may_act_for",
    "national_topics",
    "new_consent_code",
    "new_feed",
    "no_longer_trusted",
    "not_closed",
    "noted",
    "notices_to_tell",
    "off_reason",
    "one_class",
    "one_to_act_for",
    "our_day",
    "our_moment",
    "outcome_of",
    "own_learner",
    "people_of",
    "place_keeping",
    "position_of",
    "public_json",
    "put_back_in_queue",
    "read_event_list",
    "read_sheets",
    "read_timetable",
    "record_of",
    "reminders_due",
    "revoke_all",
    "scopes_of",
    "seal",
    "seat_by_staff",
    "seed_samples",
    "shown_in_feed",
    "team",
    "tell",
    "topic_of",
    "upcoming",
    "use_consent_code",
    "wanted_of",
    "write_event_list",
    "write_sheets",
    "wrong_fields",
]
