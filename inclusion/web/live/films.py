"""Recordings on pages: watched afterwards with captions and chapters, deleted by staff; without it films would be files."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from inclusion.classes.times import class_day, class_hour
from inclusion.live.events import LiveRefused, name_in
from inclusion.live.films import delete_film, film_of, films
from inclusion.live.tables import LiveFilm
from inclusion.live.tickets import TicketKeys
from inclusion.staff.accounts import ADMIN, Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from streaming.captions import Caption, as_webvtt

from .filming import FilmKeeper
from .stage import SAMPLE_ROOM

Typed = Annotated[str, Form(max_length=200)]
SHORTEST_CHAPTER_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class FilmCard:
    """One film as a page shows it. `key` opens a film of an event that asked for tickets."""

    film: LiveFilm
    name: str
    when: str
    last_day: str
    key: str


@dataclass(frozen=True, slots=True)
class Chapter:
    at: float
    clock: str
    title: str


class FilmPages:
    def __init__(self, services: StaffServices, pages: Pages, keeper: FilmKeeper, secret: str) -> None:
        self.services, self.pages, self.keeper = services, pages, keeper
        self._keys = TicketKeys(f"films {secret}")

    def cards(self, reader: Reader, also_ticketed: bool) -> list[FilmCard]:
        with self.services.database.reading() as session:
            found = films(session, self.services.clock())
        return [self.card(reader, one) for one in found if also_ticketed or not one.by_ticket]

    def card(self, reader: Reader, film: LiveFilm) -> FilmCard:
        zone, language = self.pages.zone, reader.language
        name = name_in(film.names, language) if film.names else film.room
        if film.room == SAMPLE_ROOM:
            name = self.pages.say(reader, "live.sample")
        when = f"{class_day(film.began_at, zone, language)} {class_hour(film.began_at, zone, language)}"
        key = f"?key={self._keys.key(film.number or 0)}" if film.by_ticket else ""
        return FilmCard(film, name, when, class_day(film.delete_at, zone, language), key)

    def staff_page(self, request: Request, staff: Staff, form_key: str) -> Response:
        reader = Reader.of(request)
        told: dict[str, Any] = {"staff": staff, "is_admin": staff.may(ADMIN), "form_key": form_key, "error": ""}
        told["notice"] = "staff.live.done" if "done" in request.query_params else ""
        return self.pages.render("live/staff_films.html", reader, cards=self.cards(reader, also_ticketed=True), **told)

    def delete(self, number: int, staff: Staff) -> None:
        """Raises NotFound."""
        now = self.services.clock()
        try:
            with self.services.database.writing() as session:
                delete_film(session, number, self.keeper.folder)
                record(session, at=now, staff_id=staff.id, action="live.film.delete", subject_kind="film", subject_id=str(number))
        except LiveRefused:
            raise NotFound from None

    def film(self, number: int, key: str) -> LiveFilm:
        """Raises NotFound, also for a film behind a key that is not given: nobody learns that it exists."""
        try:
            if key and self._keys.number(key) != number:
                raise NotFound
            with self.services.database.reading() as session:
                film = film_of(session, number)
        except LiveRefused:
            raise NotFound from None
        if film.ended_at is None or film.delete_at <= self.services.clock() or (film.by_ticket and not key):
            raise NotFound
        return film

    def chapters(self, reader: Reader, film: LiveFilm) -> list[Chapter]:
        """From one hand-over to the next."""
        told = {"0": self.pages.say(reader, "live.films.stage")}
        marks = [(float(one["start"]), str(one["text"])) for one in film.chapters]
        titles = [(at, told.get(seat) or self.pages.say(reader, "live.guest", seat=seat)) for at, seat in marks]
        return [Chapter(at, f"{int(at) // 60}:{int(at) % 60:02}", title) for at, title in titles]


def film_routers(services: StaffServices, pages: Pages, keeper: FilmKeeper | None, secret: str) -> tuple[APIRouter, ...]:
    """The public pages and the staff's."""
    if keeper is None:
        return ()
    return film_router(services, pages, keeper, secret), film_staff_router(services, pages, keeper, secret)


def film_router(services: StaffServices, pages: Pages, keeper: FilmKeeper, secret: str) -> APIRouter:
    shown = FilmPages(services, pages, keeper, secret)
    router = APIRouter(include_in_schema=False)
    _add_watching(router, shown)
    return router


def film_staff_router(services: StaffServices, pages: Pages, keeper: FilmKeeper, secret: str) -> APIRouter:
    """/staff/live/films: everything there is, and deleting it."""
    shown, door = FilmPages(services, pages, keeper, secret), StaffDoor.of(services)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/live/films")
    def all_films(request: Request, staff: signed_in) -> Response:
        return shown.staff_page(request, staff, door.form_key(request))

    @router.post("/staff/live/films/{number}/delete", dependencies=[Depends(OwnFormsOnly(services.public_url))])
    def delete(request: Request, staff: signed_in, number: Number, key: Typed = "") -> Response:
        door.check_form(request, key)
        shown.delete(number, staff)
        return RedirectResponse("/staff/live/films?done=1", status_code=303)

    return router


def _add_watching(router: APIRouter, shown: FilmPages) -> None:
    @router.get("/films")
    def all_films(request: Request) -> Response:
        reader = Reader.of(request)
        return shown.pages.render("live/films.html", reader, cards=shown.cards(reader, also_ticketed=False))

    @router.get("/films/{number}")
    def one(request: Request, number: Number, key: str = "") -> Response:
        film, reader = shown.film(number, key), Reader.of(request)
        chapters = shown.chapters(reader, film)
        return shown.pages.render("live/film.html", reader, card=shown.card(reader, film), chapters=chapters)

    @router.get("/films/{number}/film.mp4")
    def picture(number: Number, key: str = "") -> Response:
        file = shown.keeper.folder / shown.film(number, key).file
        if not file.is_file():
            raise NotFound
        return FileResponse(file, media_type="video/mp4")

    _add_tracks(router, shown)


def _add_tracks(router: APIRouter, shown: FilmPages) -> None:
    @router.get("/films/{number}/captions.vtt")
    def captions(number: Number, key: str = "") -> Response:
        marks = shown.film(number, key).captions
        lines = [Caption(n, max(float(one["start"]), 0.0), float(one["end"]), str(one["text"])) for n, one in enumerate(marks)]
        return Response(as_webvtt(lines, 0.0), media_type="text/vtt")

    @router.get("/films/{number}/chapters.vtt")
    def chapters(request: Request, number: Number, key: str = "") -> Response:
        film = shown.film(number, key)
        found = shown.chapters(Reader.of(request), film)
        whole = (film.ended_at - film.began_at).total_seconds() if film.ended_at else 0.0
        ends = [*(one.at for one in found[1:]), max(whole, found[-1].at + SHORTEST_CHAPTER_S if found else 0.0)]
        lines = [Caption(n, one.at, end, one.title) for n, (one, end) in enumerate(zip(found, ends, strict=True))]
        return Response(as_webvtt(lines, 0.0), media_type="text/vtt")
