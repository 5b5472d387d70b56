"""A recording from the host's word to its last day: agreed to, filmed, watched with chapters, deleted."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import av
import pytest
from sqlmodel import select

from inclusion.database import Database, open_database
from inclusion.live.films import NotAgreed, begin_film, close_unfinished, delete_film, delete_old, end_film, films, new_film
from inclusion.live.tables import LiveFilm
from inclusion.web.live import filming as live_filming
from inclusion.web.live.filming import FilmKeeper
from streaming import Gate
from streaming.captions import CaptionLog
from streaming.recording import settled
from tests.databases import migrated_sqlite

from .chromium import in_chromium, shown

__all__ = ["migrated_sqlite"]

in_chromium_all = lambda test: functools.reduce(lambda one, mark: mark(one), in_chromium, test)  # noqa: E731
NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
TERM = timedelta(days=30)


@pytest.fixture
def database(migrated_sqlite, tmp_path) -> Iterator[Database]:
    (tmp_path / "town.db").write_bytes(migrated_sqlite.read_bytes())
    opened = open_database(f"sqlite:///{tmp_path / 'town.db'}")
    yield opened
    opened.close()


def made(session, folder, agreed=True, **changes) -> LiveFilm:
    film = begin_film(session, new_film("aki", {"ja": "秋まつり"}, changes.pop("by_ticket", False), NOW, TERM), agreed)
    (folder / film.file).write_bytes(b"film")
    return film


def test_nothing_is_filmed_without_agreement(database, tmp_path):
    with database.writing() as session:
        with pytest.raises(NotAgreed):
            made(session, tmp_path, agreed=False)
        assert session.exec(select(LiveFilm)).all() == []


def test_a_film_goes_with_its_file_when_its_term_is_over(database, tmp_path):
    with database.writing() as session:
        film = made(session, tmp_path)
        end_film(session, film.number, [], [], NOW)
        assert delete_old(session, tmp_path, NOW + TERM - timedelta(seconds=1)) == 0
        assert (tmp_path / film.file).exists()
        assert delete_old(session, tmp_path, NOW + TERM) == 1
        assert not (tmp_path / film.file).exists()
        assert films(session, NOW) == []


def test_staff_delete_a_film_whose_file_is_gone_already(database, tmp_path):
    with database.writing() as session:
        film = made(session, tmp_path)
        (tmp_path / film.file).unlink()
        delete_film(session, film.number, tmp_path)
        assert session.exec(select(LiveFilm)).all() == []


def test_after_a_crash_what_was_filmed_can_be_watched(database, tmp_path):
    with database.writing() as session:
        kept, empty = made(session, tmp_path), begin_film(session, new_film("b", {}, False, NOW, TERM), True)
        close_unfinished(session, tmp_path, NOW)
        assert [one.number for one in films(session, NOW)] == [kept.number]
        assert session.get(LiveFilm, empty.number) is None


async def test_hand_overs_become_chapters_and_lines_become_captions(database, tmp_path):
    now = [NOW]
    keeper, lines = FilmKeeper(database, tmp_path, TERM, lambda: now[0]), CaptionLog()
    lines.add(NOW.timestamp() - 9, NOW.timestamp() - 8, "前の話")
    file = await keeper.begin("aki", {"ja": "秋まつり"}, False, True, lines)
    file.write_bytes(b"film")
    lines.add(NOW.timestamp() + 2, NOW.timestamp() + 3, "こんにちは")
    for second, speaker in ((1, 0), (5, 4), (9, 4), (12, 0)):
        now[0] = NOW + timedelta(seconds=second)
        keeper.note("aki", speaker, lines)
    await keeper.end("aki")
    with database.reading() as session:
        (film,) = films(session, now[0])
    assert [(one["start"], one["text"]) for one in film.chapters] == [(0.0, "0"), (5.0, "4"), (12.0, "0")]
    assert [(one["start"], one["text"]) for one in film.captions] == [(2.0, "こんにちは")]
    await keeper.close()


async def _captions(database) -> list[str]:
    """Of the one film, once they are written: a busy machine takes a while."""
    for _ in range(100):
        await asyncio.sleep(0.1)
        with database.reading() as session:
            if found := [one["text"] for one in films(session, NOW)[0].captions]:
                return found
    return []


async def test_what_was_said_at_the_end_and_written_later_is_in_the_film_and_what_came_after_is_not(database, tmp_path, monkeypatch):
    monkeypatch.setattr(live_filming, "EARS_NEED_S", 0.2)
    keeper, lines, now = FilmKeeper(database, tmp_path, TERM, lambda: NOW), CaptionLog(), NOW.timestamp()
    file = await keeper.begin("aki", {"ja": "秋まつり"}, False, True, lines)
    file.write_bytes(b"film")
    keeper._clock = lambda: NOW + timedelta(seconds=10)
    await keeper.end("aki")
    lines.add(now + 8, now + 9, "おしまいです")
    lines.add(now + 12, now + 13, "片づけの話")
    assert await _captions(database) == ["おしまいです"]
    await keeper.close()


def seconds_filmed(var: Path) -> float:
    """How much picture there is on the disk so far."""
    newest = max((var / "live" / "films").glob("*.mp4"), key=lambda file: file.stat().st_mtime, default=None)
    try:
        with av.open(str(newest)) as film:
            return max((float(packet.pts * packet.time_base) for packet in film.demux(video=0) if packet.pts is not None), default=0.0)
    except (av.FFmpegError, OSError):  # nothing was written yet
        return 0.0


@pytest.fixture
def filmed(open_page, served):
    """The host films the sample for some seconds; returns the page and the server's address."""
    address, var = served
    ticket = Gate((var / "secret.key").read_text()).issue("sample", "host", datetime.now(UTC), timedelta(minutes=5))
    host = open_page(f"{address}/live/sample/host?ticket={ticket}")
    host.locator("#look").click()
    assert shown(host, 10, patience_s=60) >= 10
    host.locator("#record").click()
    host.locator("#agreed").click()
    host.locator("#filmed").wait_for(timeout=60_000)
    until = time.monotonic() + 60
    while seconds_filmed(var) < 5 and time.monotonic() < until:
        time.sleep(0.5)
    host.locator("#record").click()
    host.locator("#filmed").wait_for(state="hidden", timeout=60_000)
    return host, address, var


@in_chromium_all
def test_a_film_is_made_watched_and_jumped_in(filmed):
    page, address, var = filmed
    page.goto(f"{address}/films")
    page.locator(".live__card a").first.click()
    page.wait_for_load_state()
    page.evaluate("document.querySelector('#film').play()")
    assert shown(page, 20, patience_s=60, what="#film") >= 20
    until = time.monotonic() + 30
    while not page.evaluate("Number.isFinite(document.querySelector('#film').duration)") and time.monotonic() < until:
        time.sleep(1)
        page.reload()
    page.evaluate("document.querySelector('#film').currentTime = 4")
    until = time.monotonic() + 30
    while not page.evaluate("(film => film.currentTime >= 4 && !film.seeking)(document.querySelector('#film'))"):
        assert time.monotonic() < until, "The film cannot be jumped in."
        time.sleep(0.2)
    number = page.url.rsplit("/", 1)[1]
    assert urlopen(f"{address}/films/{number}/chapters.vtt").read().startswith(b"WEBVTT")
    (file,) = (var / "live" / "films").glob("*.mp4")
    with av.open(str(file)) as whole:
        assert {stream.type for stream in whole.streams} == {"video", "audio"}
        assert whole.duration / 1e6 > 4


def test_a_film_made_whole_keeps_every_packet(tmp_path):
    fragments = tmp_path / "film.mp4"
    with av.open(str(fragments), "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov"}) as output:
        stream = output.add_stream("libx264", rate=30, options={"g": "30"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(90):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    settled(fragments)
    with av.open(str(fragments)) as whole:
        assert sum(packet.size > 0 for packet in whole.demux(video=0)) == 90
        assert abs(whole.duration / 1e6 - 3) < 0.1
