"""Puts the whole platform together from its settings, in one place; without it every entry point would wire its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool

from accessibility.hearing import Rewriter
from accessibility.printing import Printer
from bots import Channel
from inclusion.answerer import Answerer
from inclusion.answering import Answering
from inclusion.courier import Courier
from inclusion.database import Database
from inclusion.group_commit import GroupCommit
from inclusion.housekeeping import Housekeeping
from inclusion.inbox import Inbox
from inclusion.language_model import LanguageModel
from inclusion.learning.growing import Growing
from inclusion.learning.teaching import Teaching
from inclusion.listening import Listening
from inclusion.live.notices import LiveNotices
from inclusion.live.pairs import PairRooms
from inclusion.municipalities import Town, load_town
from inclusion.own_recordings import OwnRecordings
from inclusion.settings import Settings
from inclusion.understanding import Understanding

from .app import create_app
from .assets import Assets
from .channel_doors import channel_doors, open_ways_out
from .classes.after import lesson_after_router
from .classes.api import lesson_api
from .classes.arrival import lesson_arrival_router
from .classes.day import lesson_day_router
from .classes.feeds import feed_router
from .classes.helper_doors import helper_routers
from .classes.own_classes import StoredClasses
from .classes.pages import LessonServices, lesson_router
from .classes.report import lesson_report_router
from .classes.staff import lesson_staff_router
from .classes.tutoring import TutoringRooms, tutoring_router
from .kiosk import kiosk_routers
from .limits import RateLimit, TokenBuckets
from .live.book import LiveBook
from .live.calendars import calendar_router
from .live.films import film_routers
from .live.keeping import LiveKeeping
from .live.pages import live_router
from .live.plan import film_keeper, kana_above, live_plan
from .live.planning import live_planning_router
from .live.spoken import LIMITS, QuestionEars
from .live.staff import live_staff_router
from .live.stage import LiveStage
from .metrics import Metrics
from .mine_pages import mine_router
from .next_door import NextDoor
from .own_record import StoredTalks
from .pages import Pages
from .paper_pages import paper_pages
from .platform import Platform, clock
from .recording_pages import recording_router
from .run_time import run_time_secret
from .services import WebServices
from .sheets import Sheets
from .staff.pages import staff_router
from .staff.people import people_router
from .staff.readings import reading_router
from .staff.session import StaffServices
from .staff.teaching import teaching_router
from .town_readings import town_furigana
from .town_voice import aloud, ears_on, hush, open_ears, open_voices
from .ways_in import webhooks

PLACES = ("/", "/lessons", "/live", "/mine")  # the pages named at the foot of every page; base.html knows their names


def build_platform(
    settings: Settings, database: Database, deliver: bool = True, town: Town | None = None, understanding: Understanding | None = None
) -> Platform:
    """Everything but the web; `town` and its `understanding` where they are read. Raises municipalities.TownPackBroken if it cannot be."""
    town = town or load_town(settings.inclusion_town)
    understanding = understanding or Understanding.of(town)
    furigana = town_furigana(town, understanding.readings)
    voices = open_voices(settings, town, run_time_secret(settings.inclusion_var))
    doors = channel_doors(town, furigana, settings)
    growing = Growing(database, understanding)
    growing.reads_with(furigana.correct, *([voices.correct] if voices else []))
    spoken = (partial(aloud, voices), growing, settings.live_sample, partial(hush, voices))
    rooms = PairRooms(run_time_secret(settings.inclusion_var), town.messages, settings.public_url)
    answering = Answering(database, town, understanding, doors, settings.public_url, *spoken, rooms, adviser_of(settings))
    commits = GroupCommit(database)
    inbox, channels = Inbox(database, commits), dict[str, Channel]()
    courier = Courier(database, channels, clock, commits)
    ears = open_ears(settings, town)
    listening = Listening(ears, channels)
    answerer = Answerer(inbox, answering, channels, commits, clock, courier.notify, listening if ears_on(settings) else None)
    housekeeping = Housekeeping(commits, clock, timedelta(days=settings.keep_events_days), (_recordings(settings).tidy,))
    own = (commits, inbox, courier, answerer, housekeeping, channels)
    next_door = NextDoor(settings, commits, clock)
    return Platform(settings, database, town, answering, *own, furigana, next_door, ears, listening, growing, voices, deliver)


def adviser_of(settings: Settings) -> LanguageModel | None:
    """The optional language model; None where none is set."""
    if not settings.language_model_url:
        return None
    return LanguageModel(settings.language_model_url, settings.language_model_name, settings.language_model_key.get_secret_value())


def build_app(platform: Platform) -> FastAPI:
    """The web application over a platform."""
    secret = run_time_secret(platform.settings.inclusion_var)
    book = LiveBook(platform.database, clock, secret, LiveNotices(platform.answering.telling, platform.settings.public_url))
    live = LiveStage(live_plan(platform.settings, platform), secret, clock, book, film_keeper(platform))
    printer = Printer(Assets.gather().by_name["paper.css"].content.decode("utf-8"))
    asked = QuestionEars(platform.ears if ears_on(platform.settings) else None, Rewriter(LIMITS))
    app = create_app(_services(platform, live, LiveKeeping(live, book), asked, secret, printer))
    app.state.say_goodbye = live.say_goodbye  # see serving: pages that listen would hold up the end
    return app


def _services(platform: Platform, live: LiveStage, keeping: LiveKeeping, asked: QuestionEars, secret: str, printer: Printer) -> WebServices:
    settings = platform.settings
    metrics = Metrics(platform.outbox_states, platform.inbox_states)
    metrics.watch("inclusion_live", "Live rooms and sessions", live.counts)
    return WebServices(
        asker=platform,
        inbox=platform,
        webhooks=webhooks(settings),
        town=platform.town,
        messages=platform.town.messages,
        clock=clock,
        public_url=settings.public_url,
        metrics=metrics,
        extra_routers=_routers(platform, live, asked, secret, printer),
        readiness=platform.readiness,
        on_start=(platform.start, live.start, keeping.start),
        on_stop=(keeping.stop, platform.stop, live.stop, asked.stop, partial(run_in_threadpool, printer.close)),
        secret=secret,
        furigana=platform.furigana,
        nav=PLACES,
        prints=printer.expect,
        voices=platform.voices,
        ears=platform.ears if ears_on(settings) else None,
        recordings=_recordings(settings),
        trusted_proxies=_parts(settings.trusted_proxies),
    )


def _routers(platform: Platform, live: LiveStage, asked: QuestionEars, secret: str, printer: Printer) -> Sequence[APIRouter]:
    """The pages and addresses that are not part of the plain web side."""
    settings, messages, assets = platform.settings, platform.town.messages, Assets.gather()
    https, proxies = settings.public_url.startswith("https://"), _parts(settings.trusted_proxies)
    staff = StaffServices(
        platform.database, messages, clock, https, settings.public_url, idle=timedelta(minutes=settings.staff_idle_minutes)
    )
    pages = Pages(platform.town, messages, assets, platform.furigana, PLACES)
    sheets = Sheets(pages, printer, settings.public_url, clock)
    live_limit = RateLimit(TokenBuckets(60, 5.0, monotonic), proxies)
    form_limit = RateLimit(TokenBuckets(60, 1.0, monotonic), proxies)
    lessons = LessonServices(platform.database, platform.commits, clock, settings.public_url, form_limit, platform.class_notices().put_new)
    return (
        lesson_arrival_router(lessons, sheets),
        lesson_after_router(lessons),
        feed_router(lessons, pages),
        lesson_router(lessons, pages),
        lesson_api(lessons, messages),
        *helper_routers(platform, staff, pages, form_limit),
        *_lesson_staff(platform, staff, pages, live),
        staff_router(staff, pages),
        people_router(staff, pages, platform.answering.desk, platform.courier.notify),
        teaching_router(staff, pages, teaching_of(platform), platform.courier.notify),
        reading_router(staff, pages, teaching_of(platform), platform.town),
        *_own_pages(platform, pages),
        paper_pages(sheets, secret, platform.database, live),
        *_live(platform, staff, pages, live, secret),
        *kiosk_routers(platform, live, pages, live_limit),
        live_router(live, pages, clock, live_limit, partial(kana_above, platform.furigana), asked, https),
    )


def _live(platform: Platform, staff: StaffServices, pages: Pages, live: LiveStage, secret: str) -> Sequence[APIRouter]:
    """What stands around live rooms: staff's pages, calendars, recordings."""
    return (
        live_staff_router(staff, pages, live),
        live_planning_router(staff, pages, live),
        calendar_router(live, pages, clock, platform.settings.public_url),
        *film_routers(staff, pages, live.films, secret),
    )


def _lesson_staff(platform: Platform, staff: StaffServices, pages: Pages, live: LiveStage) -> Sequence[APIRouter]:
    """Classes behind the staff door."""
    rooms = TutoringRooms(platform.answering.telling, platform.courier.notify, platform.answering.rooms, live.follow)
    return (
        lesson_staff_router(staff, pages, platform.class_notices().put),
        lesson_day_router(staff, pages),
        lesson_report_router(staff, pages),
        tutoring_router(staff, pages, rooms),
    )


def _own_pages(platform: Platform, pages: Pages) -> Sequence[APIRouter]:
    """What the town keeps of a person."""
    settings, recordings = platform.settings, _recordings(platform.settings)
    classes = StoredClasses(platform.database, platform.answering.telling, platform.courier.notify)
    kept = StoredTalks(platform.database), clock, settings.public_url, classes, recordings
    return mine_router(pages, *kept), recording_router(recordings, settings.public_url)


def _recordings(settings: Settings) -> OwnRecordings:
    return OwnRecordings(settings.inclusion_var / "recordings", clock)


def teaching_of(platform: Platform) -> Teaching:
    return Teaching(platform.database, platform.growing, platform.answering.telling, clock)


async def open_channels(settings: Settings) -> Mapping[str, Channel]:
    """The ways out that are on, quiet in the town's night; call it inside the running event loop."""
    town = load_town(settings.inclusion_town)
    return await open_ways_out(settings, town.timezone, open_voices(settings, town, run_time_secret(settings.inclusion_var)))


def _parts(text: str) -> tuple[str, ...]:
    """A comma-separated setting as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
