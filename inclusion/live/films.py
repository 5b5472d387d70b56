"""Recordings: begun only with the host's word that everybody was told, kept for a term, then deleted; without it films would pile up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from inclusion.live.events import LiveRefused
from inclusion.live.tables import LiveFilm

Marks = list[dict[str, float | str]]


class NotAgreed(LiveRefused):
    """Nobody may be filmed who was not told first."""

    message_id = "live.record.ask"


class FilmUnknown(LiveRefused):
    message_id = "live.films.gone"


def begin_film(session: Session, film: LiveFilm, agreed: bool) -> LiveFilm:
    """Raises NotAgreed."""
    if not agreed:
        raise NotAgreed
    session.add(film)
    session.flush()
    return film


def end_film(session: Session, number: int, chapters: Marks, captions: Marks, now: datetime) -> None:
    film = film_of(session, number)
    film.ended_at, film.chapters, film.captions = now, chapters, captions
    session.add(film)


def film_of(session: Session, number: int) -> LiveFilm:
    film = session.get(LiveFilm, number)
    if film is None:
        raise FilmUnknown
    return film


def films(session: Session, now: datetime) -> Sequence[LiveFilm]:
    """Every finished film, the newest first."""
    whole = select(LiveFilm).where(col(LiveFilm.ended_at).is_not(None), col(LiveFilm.delete_at) > now)
    return session.exec(whole.order_by(col(LiveFilm.began_at).desc())).all()


def delete_film(session: Session, number: int, folder: Path) -> None:
    """The row and the file. A file that is gone already is no reason to keep the row."""
    film = film_of(session, number)
    (folder / film.file).unlink(missing_ok=True)
    session.delete(film)


def delete_old(session: Session, folder: Path, now: datetime) -> int:
    """Films whose last day has come; returns how many."""
    old = session.exec(select(LiveFilm.number).where(col(LiveFilm.delete_at) <= now)).all()
    for number in old:
        delete_film(session, number or 0, folder)
    return len(old)


def close_unfinished(session: Session, folder: Path, now: datetime) -> None:
    """After a crash: what was written so far can be watched; what has no file is forgotten."""
    for film in session.exec(select(LiveFilm).where(col(LiveFilm.ended_at).is_(None))).all():
        if (folder / film.file).is_file():
            film.ended_at = now
            session.add(film)
        else:
            session.delete(film)


def new_film(room: str, names: Mapping[str, str], by_ticket: bool, now: datetime, keep: timedelta) -> LiveFilm:
    file = f"{room}-{now:%Y%m%d-%H%M%S}.mp4"
    return LiveFilm(room=room, names=dict(names), file=file, by_ticket=by_ticket, agreed_at=now, began_at=now, delete_at=now + keep)
