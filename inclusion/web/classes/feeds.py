"""Calendars behind secret addresses, and the press that makes one's own; without it a class would be copied onto paper by hand."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from inclusion.web.errors import NotFound
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from lessons import calendar_feed, entries_with, feed_with
from lessons.errors import FeedUnknown

from .own_classes import Holder, StoredClasses
from .pages import LessonServices
from .volunteers import feed_response


def feed_router(services: LessonServices, pages: Pages) -> APIRouter:
    """/lessons/calendars/{secret}.ics for anybody who has the address, /mine/calendar for whoever may see the classes."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(services.limit)])

    def feed(request: Request, secret: str) -> Response:
        """Unchanged calendars are not sent again."""
        reader, now = Reader.of(request), services.clock()
        with services.database.reading() as session:
            try:
                found = feed_with(session, secret)
            except FeedUnknown:
                raise NotFound from None
            entries = entries_with(session, found, now)
        name = pages.say(reader, "lesson.title" if found.kind == "venue" else "lesson.feed.name")
        if found.kind == "venue" and entries:
            name = entries[0].of.venue.name
        return feed_response(request, calendar_feed(entries, name, pages.say(reader, "lesson.sample_mark")))

    def own(request: Request) -> Response:
        """A new address for one's own classes; the former ones open nothing any more."""
        now = services.clock()
        secret = StoredClasses(services.database).new_calendar(Holder.of(request), now)
        if not secret:
            raise NotFound
        address = f"{services.public_url.rstrip('/')}/lessons/calendars/{secret}.ics"
        return pages.render("lessons/calendar.html", Reader.of(request), address=address)

    router.add_api_route("/lessons/calendars/{secret}.ics", feed, methods=["GET"])
    router.add_api_route("/mine/calendar", own, methods=["POST"], dependencies=[Depends(OwnFormsOnly(services.public_url))])
    return router
