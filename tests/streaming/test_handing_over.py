"""A room goes on to a second engine, undecoded: two instances of ours, real sockets, real encryption."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest

from streaming import Call, Gate, MediaPort, Negotiation, Relays, StreamingError
from streaming.doors import Door, post
from streaming.errors import NotPublishing, OfferUnusable
from streaming.handing_over import fetch, hand_over
from streaming.playing import ClipPlayer
from tests.benchmarks.streaming_server import one_megabit
from tests.servers import python

HALL = Door("https://live.example/hall", "")


class Engine:
    """One instance: its port, its rooms, and its door for others."""

    def __init__(self) -> None:
        self.port = MediaPort.open(0, ["127.0.0.1"])
        self.house, self.gate = self.port.house, Gate("a secret")
        self.negotiation = Negotiation(self.house, self.gate, Relays(), lambda: datetime.now(UTC))

    async def whip(self, door: Door, offer: str) -> tuple[str, str]:
        return self.answer("whip", "publish", offer)

    async def whip_elsewhere(self, door: Door, offer: str) -> tuple[str, str]:
        return self.answer("whip", "publish", offer, "elsewhere")

    async def whep(self, door: Door, offer: str) -> tuple[str, str]:
        return self.answer("whep", "watch", offer)

    def answer(self, protocol, act, offer: str, room="hall") -> tuple[str, str]:
        token = self.gate.issue(room, act, datetime.now(UTC), timedelta(minutes=5))
        headers = {"authorization": f"Bearer {token}", "content-type": "application/sdp"}
        reply = self.negotiation.answer(Call(protocol, "POST", room, "", headers, offer.encode()))
        if reply.status != 201:
            raise OSError(f"refused with {reply.status}")
        return dict(reply.headers)["Location"], reply.body.decode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request over HTTP."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        (method, path, _), body = first.split(), await reader.readexactly(int(headers.get("content-length", 0)))
        _, protocol, room, *session = path.split("/")
        reply = self.negotiation.answer(Call(protocol, method, room, "".join(session), headers, body))
        told = "".join(f"{name}: {value}\r\n" for name, value in [*reply.headers, ("Content-Length", len(reply.body))])
        writer.write(f"HTTP/1.1 {reply.status} -\r\n{told}Connection: close\r\n\r\n".encode() + reply.body)
        await writer.drain()
        writer.close()


async def heard_in(engine: Engine, seconds: float) -> dict[str, list[bytes]]:
    heard: dict[str, list[bytes]] = {"video": [], "audio": []}
    engine.house.rooms["hall"].listeners.add(lambda kind, out: heard[kind].append(out.payload))
    await asyncio.sleep(seconds)
    return heard


@pytest.fixture
async def two():
    first, second = Engine(), Engine()
    playing = asyncio.create_task(ClipPlayer(first.house, "hall", one_megabit()).run())
    await asyncio.sleep(0.1)
    yield first, second
    playing.cancel()
    await first.port.close()
    await second.port.close()


async def test_a_room_is_handed_over_to_another_engine_as_a_whip_client(two):
    first, second = two
    await hand_over(first.house, "hall", HALL, second.whip)
    heard = await heard_in(second, 1.0)
    assert len(heard["video"]) > 60
    assert len(heard["audio"]) > 20
    assert heard["video"][0][0] == 0x65  # the opening came along: it begins with a whole picture


async def test_a_room_is_fetched_from_another_engine_as_a_whep_client(two):
    first, second = two
    await fetch(second.house, "hall", HALL, first.whep)
    heard = await heard_in(second, 1.0)
    assert len(heard["video"]) > 60
    assert len(heard["audio"]) > 20


@pytest.mark.xdist_group("chromium")  # where the one service of this folder runs
async def test_the_command_carries_a_room_of_a_running_service_to_another_engine(two, served):
    """Our room goes to the service over HTTP, and the command carries it from there to a second engine's WHIP door."""
    (first, second), (address, var) = two, served
    gate, now, lives = Gate((var / "secret.key").read_text()), datetime.now(UTC), timedelta(minutes=5)
    await hand_over(first.house, "hall", Door(f"{address}/whip/carried", gate.issue("carried", "publish", now, lives)), post)
    door = await asyncio.start_server(second.serve, "127.0.0.1", 0)
    target = f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}/whip/hall"
    environment = {**os.environ, "INCLUSION_VAR": str(var), "LIVE_HANDOVER_TOKEN": second.gate.issue("hall", "publish", now, lives)}
    command = python("-m", "inclusion", "live-handover", "carried", target, "--from", address)
    running = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        assert await asyncio.wait_for(running.stdout.readline(), 60) == b"Handed over.\n"
        assert len((await heard_in(second, 2.0))["video"]) > 60
    finally:
        running.terminate()
        await asyncio.wait_for(running.wait(), 30)
    await asyncio.sleep(0.1)
    assert not second.house.sessions  # it said goodbye
    door.close()


async def test_an_engine_whose_address_is_its_only_secret_is_sent_no_authorization():
    """RFC 9725, section 4.7.1: a client that has no token MUST NOT send the header. Some ingests give an address and nothing else."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).lower())
        writer.write(b"HTTP/1.1 201 -\r\nLocation: /whip/1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nv=0")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/stage"
        for token in ("", "north"):
            assert await post(Door(address, token), "v=0") == (address.replace("/stage", "/whip/1"), "v=0")
    assert [b"authorization" in one for one in asked] == [False, True]  # control: with a token it is sent


async def test_two_calls_to_one_server_do_not_disturb_each_other(two):
    first, second = two
    await hand_over(first.house, "hall", HALL, second.whip)
    await asyncio.sleep(0.3)
    await fetch(first.house, "again", HALL, second.whep)
    await asyncio.sleep(0.7)
    assert first.house.rooms["again"].octets > 10_000
    assert len((await heard_in(second, 0.5))["video"]) > 30
    with pytest.raises(OfferUnusable):  # both would leave by the common port
        await hand_over(first.house, "again", HALL, second.whip_elsewhere)


async def test_what_the_other_engine_lost_it_gets_again(two):
    first, second = two
    await hand_over(first.house, "hall", HALL, second.whip)
    await heard_in(second, 0.5)
    take, thrown = second.house.take, []

    def lossy(datagram: bytes, address: tuple[str, int]) -> None:
        if datagram[0] >= 128 and len(datagram) > 1000 and len(thrown) < 5 and int.from_bytes(datagram[2:4], "big") % 3 == 0:
            thrown.append(datagram)
            return
        take(datagram, address)

    second.house.take = lossy
    await asyncio.sleep(0.8)
    stream = second.house.rooms["hall"]._streams["video", 0]
    assert len(thrown) == 5
    assert set(range(min(stream._kept), max(stream._kept) - 20)) <= set(stream._kept)


async def test_what_is_not_on_the_air_is_not_handed_over_and_a_refusal_leaves_nothing_behind(two):
    first, second = two
    with pytest.raises(NotPublishing):
        await hand_over(second.house, "hall", HALL, first.whip)
    await hand_over(first.house, "hall", HALL, second.whip)
    sessions = len(first.house.sessions)
    with pytest.raises((OSError, StreamingError)):
        await hand_over(first.house, "hall", HALL, second.whip)  # the room is taken
    assert len(first.house.sessions) == sessions


async def test_the_end_of_the_call_is_noticed_by_both(two):
    first, second = two
    session, _ = await hand_over(first.house, "hall", HALL, second.whip)
    await asyncio.sleep(0.5)
    first.house.end(session)
    await asyncio.sleep(1.3)
    assert not second.house.rooms["hall"].live
    assert (len(first.house.sessions), len(second.house.sessions)) == (0, 0)
    assert first.house._by_address == {}
