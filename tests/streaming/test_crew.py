"""Viewers spread over processes: served there, found again by their session, and served elsewhere when one is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from streaming import Call, Gate, MediaPort, Meter, Relays
from streaming.answers import Medium
from streaming.crew import MARK, Crew
from streaming.doors import Door, post
from streaming.handing_over import hand_over
from streaming.matching import PREFERRED, SOUND
from streaming.packets import Arrived
from streaming.playing import ClipPlayer
from tests.benchmarks.streaming_server import one_megabit
from tests.benchmarks.streaming_viewers import Audience, LightViewer
from tests.servers import free_port, python, running

LIVES = timedelta(minutes=5)


class Event:
    """A house with a crew, and viewers that speak to it as pages do."""

    def __init__(self) -> None:
        self.port = MediaPort.open(0, ["127.0.0.1"])
        self.gate, self.audience = Gate("a secret"), Audience(bundled=False)
        self.meter = Meter(self.port.house)
        self.crew = Crew(self.port.house, self.gate, Relays(), lambda: datetime.now(UTC), "a secret", lambda room: room != "small")

    def ticket(self, act="watch", room="hall") -> str:
        return self.gate.issue(room, act, datetime.now(UTC), LIVES)

    async def call(self, method, token, body="", session="", room="hall"):
        headers = {"authorization": f"Bearer {token}", "content-type": "application/sdp"}
        return await self.crew.answer(Call("whep", method, room, session, headers, body.encode()))

    async def join(self, token: str, room: str = "hall") -> tuple[LightViewer, str]:
        viewer = self.audience.newcomer()
        reply = await self.call("POST", token, viewer.description(), room=room)
        assert reply.status == 201, reply
        viewer.connect(reply.body.decode())
        return viewer, dict(reply.headers)["Location"].rpartition("/")[2]

    async def listen(self, seconds: float) -> None:
        await asyncio.to_thread(self.audience.listen, seconds)

    def watching(self) -> list[str]:
        """Who watches by the figures that staff see."""
        return [one.person for room in self.crew.rooms(self.meter.read()) for one in room.viewers]

    async def counted(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.watching()) != count:
                await self.listen(0.2)

    async def ready(self, count: int) -> None:
        async with asyncio.timeout(40):
            while sum(hand.ready for hand in self.crew.hands) < count:  # noqa: ASYNC110 - other processes start
                await asyncio.sleep(0.05)


@pytest.fixture
async def event():
    opened = Event()
    playing = asyncio.create_task(ClipPlayer(opened.port.house, "hall", one_megabit()).run())
    crew = asyncio.create_task(opened.crew.run(2))
    await opened.ready(2)
    yield opened
    playing.cancel()
    crew.cancel()
    await asyncio.gather(crew, return_exceptions=True)
    await opened.port.close()
    opened.audience.close()


async def test_viewers_are_served_by_the_workers_and_the_house_sends_each_room_once_to_each(event):
    joined = [await event.join(event.ticket()) for _ in range(8)]
    await event.listen(2.0)
    assert min(viewer.packets for viewer, _ in joined) > 60
    assert {session.partition(MARK)[0] for _, session in joined} == {"0", "1"}
    assert len(event.port.house.sessions) == 2
    await event.counted(8)
    assert not any(person.startswith(MARK) for person in event.watching())
    assert {name: event.crew.counts()[name] for name in ("sessions", "viewers_so_far", "workers")} == {
        "sessions": 8,
        "viewers_so_far": 8,
        "workers": 2,
    }


async def test_a_session_is_found_again_where_it_is(event):
    token = event.ticket()
    _, session = await event.join(token)
    assert (await event.call("GET", token, session=session)).status == 204
    assert (await event.call("DELETE", event.ticket(), session=session)).status == 404
    assert (await event.call("DELETE", token, session=session)).status == 200
    assert (await event.call("DELETE", token, session=session)).status == 404


async def test_the_viewers_of_a_killed_worker_are_served_by_another_and_it_is_replaced(event):
    token = event.ticket()
    viewer, session = await event.join(token)
    await event.listen(1.0)
    await event.counted(1)
    hand = event.crew.hands[int(session.partition(MARK)[0])]
    os.kill(hand.process.pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    before = viewer.packets
    again, elsewhere = await event.join(token)
    await event.listen(1.5)
    assert viewer.packets - before < 10
    assert again.packets > 60
    assert elsewhere.partition(MARK)[0] != session.partition(MARK)[0]
    await event.counted(1)
    assert event.crew.counts()["viewers_so_far"] == 2  # nobody who came is forgotten with the worker
    await event.ready(2)


async def test_what_the_house_says_of_a_person_holds_in_the_workers(event):
    token = event.ticket()
    _, session = await event.join(token)
    event.gate.revoke_token(token)
    event.port.house.send_away(event.gate._opened(token).person)
    async with asyncio.timeout(5):
        while (await event.call("GET", token, session=session)).status != 404:  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(0.05)
    assert (await event.call("POST", token, event.audience.newcomer().description())).status == 401


class Camera:
    """Fills a room with three sizes of a picture, ten a second: 40, 240 and 800 kbit/s. Each begins whole when that is asked for."""

    PARTS = (1, 3, 10)
    live = True

    def __init__(self, house, room: str) -> None:
        self._asked, self._numbers, self._pictures = {0, 1, 2}, Counter(), 0
        self._house, self._room = (
            house,
            house.play(room, self, {"video": Medium(PREFERRED, layers=("a", "b", "c")), "audio": Medium(SOUND)}),
        )

    async def run(self) -> None:
        while True:
            now = self._house.clock()
            for layer, parts in enumerate(self.PARTS):
                for part in range(parts):
                    head = b"\x65" if layer in self._asked else b"\x61"
                    packet = Arrived(
                        self._numbers[layer] & 0xFFFF, 9_000 * self._pictures, int(part + 1 == parts), head + bytes(500 * (1 + (layer > 0)))
                    )
                    self._room.pass_on("video", packet, now, layer)
                    self._numbers[layer] += 1
                self._asked.discard(layer)
            self._room.flush(now)
            self._pictures += 1
            await asyncio.sleep(0.1)

    def ask_picture(self, now, layer=0):
        self._asked.add(layer)

    def ask_missing(self, now): ...
    def report(self, now): ...
    def close(self): ...
    def clock_of(self, kind, layer=0): ...


async def test_everybody_served_by_workers_gets_the_size_that_their_own_connection_carries(event):
    filming = asyncio.create_task(Camera(event.port.house, "sizes").run())
    await asyncio.sleep(2.5)  # what the sizes weigh is known
    wide, _ = await event.join(event.ticket(room="sizes"), "sizes")
    narrow, _ = await event.join(event.ticket(room="sizes"), "sizes")
    narrow.believes = 60_000
    async with asyncio.timeout(40):
        while True:
            before = wide.octets, narrow.octets
            await event.listen(1.0)
            rates = [8 * (viewer.octets - one) for viewer, one in zip((wide, narrow), before, strict=True)]
            if rates[0] > 600_000 and 20_000 < rates[1] < 100_000:
                break
    assert rates[0] > 6 * rates[1] > 0  # bits a second; who never gets there has run into the time limit
    filming.cancel()
    playing = asyncio.create_task(ClipPlayer(event.port.house, "sizes", one_megabit()).run())  # who takes over sends one size
    async with asyncio.timeout(40):
        packets = wide.packets
        while wide.packets - packets < 120:
            packets = wide.packets
            await event.listen(1.0)
    assert wide.packets - packets >= 120  # in one second
    playing.cancel()


async def test_a_room_that_is_not_on_the_air_is_answered_by_the_house(event):
    reply = await event.call("POST", event.ticket(room="empty"), event.audience.newcomer().description(), room="empty")
    assert reply.status == 409


async def test_a_service_told_so_serves_its_viewers_by_workers(event, tmp_path):
    """The service itself, by HTTP: our room goes up to it, and who watches there is given a worker's session."""
    port = free_port()
    environment = {
        "INCLUSION_VAR": str(tmp_path),
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": "",
        "LIVE_WORKERS": "1",
        "ENGINES_AT_START": "false",
    }
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", environment):
        gate, address = Gate((tmp_path / "secret.key").read_text()), f"http://127.0.0.1:{port}"

        def door(protocol, act) -> Door:
            return Door(f"{address}/{protocol}/hall", gate.issue("hall", act, datetime.now(UTC), LIVES))

        await hand_over(event.port.house, "hall", door("whip", "publish"), post)
        viewer, place = event.audience.newcomer(), ""
        async with asyncio.timeout(40):
            while MARK not in place:  # until the worker has started
                place, answer = await post(door("whep", "watch"), viewer.description())
                await asyncio.sleep(0.2)
        viewer.connect(answer)
        async with asyncio.timeout(40):
            while viewer.packets <= 60:
                await event.listen(0.5)
        assert MARK in place and viewer.packets > 60
