"""Viewers spread over processes: served there, found again by their session, and served elsewhere when one is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from streaming import Call, Gate, MediaPort, Meter, Relays
from streaming.crew import MARK, Crew
from streaming.doors import Door, post
from streaming.handing_over import hand_over
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

    async def join(self, token: str) -> tuple[LightViewer, str]:
        viewer = self.audience.newcomer()
        reply = await self.call("POST", token, viewer.description())
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
