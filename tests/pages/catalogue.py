"""Every page there is, in every state one meets; without this table a new page would be looked at by nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from .busy_town import BusyTown
from .live_states import (
    asks_the_host,
    begins_to_speak,
    closed_by_the_host,
    hand_raised,
    kiosk_answers,
    kiosk_listens,
    kiosk_without_a_microphone,
    my_turn,
    reads_captions,
    waits_for_the_picture,
    watches,
    watches_files,
)

Deed = Callable[[Page], None]
Staging = Callable[[Page, BusyTown], None]


@dataclass(frozen=True)
class Place:
    """One page in one state. `path` is an address or the name of one in `BusyTown.paths`; `deed` is what somebody does there first,
    `stages` the same for what needs somebody else too: a host, a room of its own.

    `main` says how many main actions the page has: one, or none on lists and records. No page has more.
    """

    name: str
    path: str
    staff: bool = False
    deed: Deed | None = field(default=None, repr=False)
    main: int = 1
    script: bool = True
    stages: Staging | None = field(default=None, repr=False)

    def address(self, town: BusyTown) -> str:
        return town.address + town.paths.get(self.path, self.path)


def submits(*fields: tuple[str, str], button: str = "main form .button--main, main form .main-action") -> Deed:
    """Fill in fields by their id, whatever the browser itself would object to, and send the form."""

    def deed(page: Page) -> None:
        for name, value in fields:
            page.locator(f"#{name}").fill(value)
        page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
        page.locator(button).first.click()
        page.wait_for_load_state()

    return deed


def asks(text: str) -> Deed:
    def deed(page: Page) -> None:
        page.locator("#text").fill(text)
        page.locator(".question .main-action").click()
        page.locator(".reply__headline").last.wait_for()

    return deed


def empty_question(page: Page) -> None:
    page.locator(".question .main-action").click()
    page.locator("#problem").wait_for()


def opens(selector: str) -> Deed:
    return lambda page: page.locator(selector).first.click()


def unfolds(selector: str) -> Deed:
    """Every folded part at once."""

    def deed(page: Page) -> None:
        assert page.locator(selector).count()
        for part in page.locator(f"{selector}:not([open]) > summary").all()[::-1]:
            part.click()

    return deed


def waits_for(selector: str) -> Deed:
    """Opens the page again until it is ready, as it asks one to."""

    def deed(page: Page) -> None:
        for _ in range(60):
            if page.locator(selector).count():
                return
            page.reload()
        raise AssertionError(f"{selector} never came")

    return deed


def hears_the_answer(page: Page) -> None:
    asks("扇風機はいくら？")(page)
    page.locator("[data-listen]:visible").last.click()


def speaks_without_a_microphone(page: Page) -> None:
    page.locator("#record").click()
    page.locator(".recorder__state:not(:empty)").wait_for()


RESIDENTS = (
    Place("talk", "/"),
    Place("talk, no microphone", "/", deed=speaks_without_a_microphone),
    Place("talk, heard", "/", deed=hears_the_answer),
    Place("kiosk", "/kiosk"),
    Place("talk, settings open", "/", deed=opens(".settings > summary")),
    Place("talk, asked back", "/", deed=asks("長いす捨てたいんだけど、いくら？")),
    Place("talk, a fee", "/", deed=asks("扇風機はいくら？")),
    Place("talk, danger", "/", deed=asks("父が倒れて意識がありません")),
    Place("talk, not understood", "/", deed=asks("ぽぽりんのほげほげ")),
    Place("talk, classes", "/", deed=asks("スマホ教室はいつですか")),
    Place("talk, nothing typed", "/", deed=empty_question),
    Place("talk without script, a fee", "/", deed=asks("扇風機はいくら？"), script=False),
    Place("settings", "/settings"),
    Place("classes", "/lessons", main=0),
    Place("classes, settings open", "/lessons", deed=opens(".settings > summary"), main=0),
    Place("class", "class"),
    Place("class, form with gaps", "class", deed=submits()),
    Place("class, full", "full"),
    Place("class, drawn", "drawn_class", main=0),
    Place("application, a seat", "seat", main=0),
    Place("application, waiting", "waiting", main=0),
    Place("application, seat offered", "offered"),
    Place("application, given up", "cancelled", main=0),
    Place("application, no luck", "drawn", main=0),
    Place("application, after the class", "was_there", main=0),
    Place("I am here", "here"),
    Place("I am here, wrong number", "here", deed=submits(("receipt", "AAAA-AAAA"))),
    Place("live", "/live"),
    Place("live, sample", "/live/sample"),
    Place("live, planned", "event"),
    Place("live, ticket needed", "event_by_ticket", main=0),
    Place("live, called off", "event_gone", main=0),
    Place("live, waiting", "/live", stages=waits_for_the_picture),
    Place("live, watching", "/live/sample", stages=watches),
    Place("live, captions shown", "/live", stages=reads_captions),
    Place("live, hand up", "/live", stages=hand_raised),
    Place("live, asking", "/live", stages=asks_the_host, main=2),
    Place("live, my turn", "/live", stages=my_turn),
    Place("live, my turn, no microphone", "/live", stages=begins_to_speak),
    Place("live, ended", "/live", stages=closed_by_the_host, main=0),
    Place("live, by files", "/live/sample?files=1", stages=watches_files),
    Place("kiosk, no microphone", "/kiosk", stages=kiosk_without_a_microphone),
    Place("kiosk, listening", "/kiosk", stages=kiosk_listens, main=0),
    Place("kiosk, answer", "/kiosk", stages=kiosk_answers, main=0),
    Place("films", "/films", main=0),
    Place("film", "film", main=0),
    Place("live, unknown room", "/live/nobody-is-here"),
    Place("host", "host"),
    Place("my record", "/mine"),
    Place("my record, erase?", "/mine/erase"),
    Place("call me back", "call_back"),
    Place("call me back, no number", "call_back", deed=submits(("phone", "でんわ"), button="button[type=submit]")),
    Place("volunteer", "volunteer"),
    Place("volunteer's week", "volunteer_week"),
    Place("volunteer plans", "volunteer_plan"),
    Place("volunteer plans, clash", "volunteer_plan", deed=submits(("day", "2027-01-01"), button="main form button")),
    Place("volunteer's profile", "volunteer_profile"),
    Place("no such page", "/no-such-page"),
    Place("sign in", "/staff/sign-in"),
    Place("sign in, wrong", "/staff/sign-in", deed=submits(("login", "hanako"), ("password", "wrong"))),
)
STAFF = (
    Place("today", "/staff", main=0),
    Place("people to help", "/staff/help", main=0),
    Place("person to help", "ticket"),
    Place("person to help, empty reply", "ticket", deed=submits()),
    Place("questions", "/staff/questions", main=0),
    Place("question, draft", "question_draft"),
    Place("question, draft with gaps", "question_draft", deed=submits()),
    Place("readings to check", "/staff/readings", deed=waits_for("#doubt-1")),
    Place("readings to check, one letter", "/staff/readings", deed=submits(("any-word", "日"), ("any-reading", "ひ"))),
    Place("staff classes", "/staff/lessons", main=0),
    Place("staff class", "staff_class"),
    Place("staff class, decisions unfolded", "staff_class", deed=unfolds("main details:not([class])")),
    Place("staff class, drawn", "staff_drawn", main=0),
    Place("day of a class", "day"),
    Place("new class", "/staff/lessons/plan"),
    Place("new class, form with gaps", "/staff/lessons/plan", deed=submits(("day", ""), ("minutes", "0"))),
    Place("draft of a class", "draft_class"),
    Place("draft of a class, unfolded", "draft_class", deed=unfolds("main details:not([class])")),
    Place("roster", "/staff/roster"),
    Place("team of a class", "team", main=0),
    Place("volunteers", "/staff/volunteers"),
    Place("one volunteer", "staff_volunteer"),
    Place("new volunteer", "staff_new_volunteer"),
    Place("tutoring", "/staff/tutoring"),
    Place("tutoring, a talk in the chat", "tutoring_talk"),
    Place("tutoring, an empty line", "tutoring_talk", deed=submits()),
    Place("report", "/staff/report", main=0),
    Place("live for staff", "/staff/live"),
    Place("live for staff, links", "/staff/live", deed=submits(("room", "matsuri"), button="main form.part button")),
    Place("events for staff", "/staff/live/events"),
    Place("events for staff, times wrong", "/staff/live/events", deed=submits(("name_ja", "祭り"), button="main form.part button")),
    Place("one event for staff", "staff_event"),
    Place("one festival for staff", "staff_festival"),
    Place("films for staff", "/staff/live/films", main=0),
    Place("places", "/staff/places"),
    Place("password", "/staff/password"),
    Place("password, wrong", "/staff/password", deed=submits(("present", "x"), ("new", "short"))),
    Place("accounts", "/staff/people"),
    Place("accounts, form with gaps", "/staff/people", deed=submits()),
)
EVERY_PLACE = (*RESIDENTS, *(Place(one.name, one.path, True, one.deed, one.main, one.script) for one in STAFF))
