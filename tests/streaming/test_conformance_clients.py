"""What RFC 9725 (WHIP) and draft-ietf-wish-whep-03 demand of clients, proved on ours (`publish`, `live-handover`), named by section.

Our clients never trickle and never restart ICE: they offer all their candidates at once, and after a break make a new session.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

import pytest

from streaming.doors import Countered, Door, post
from streaming.errors import OfferUnusable
from streaming.handing_over import fetch, hand_over, receive
from streaming.playing import ClipPlayer
from streaming.publishing import SamplePicture, SampleSound, publish
from tests.benchmarks.streaming_server import one_megabit

from .test_handing_over import HALL, Engine, heard_in

ANSWER = "v=0\r\n"


class Desk:
    """A server's door over HTTP that notes what clients say; `reply` answers each, raw."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.replies: dict[str, bytes] = {}
        self.address = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Desk]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self

    def says(self, path: str, status: int, *headers: str, body: str = "") -> None:
        lines = [f"HTTP/1.1 {status} -", *headers, f"Content-Length: {len(body)}", "Connection: close"]
        self.replies[path] = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append((first.rpartition(" ")[0], headers, body.decode()))
        writer.write(self.replies[first.split()[1]])
        await writer.drain()
        writer.close()


class Noting(Engine):
    """An engine over HTTP that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[tuple[str, str, dict[str, str], str]] = []

    def token(self, act: str = "publish") -> str:
        return self.gate.issue("hall", act, datetime.now(UTC), timedelta(minutes=5))

    @asynccontextmanager
    async def at_the_door(self) -> AsyncIterator[str]:
        answer = self.negotiation.answer

        def noting(call):
            self.noted.append((call.method, call.session, dict(call.headers), call.body.decode()))
            return answer(call)

        self.negotiation.answer = noting
        async with await asyncio.start_server(self.serve, "127.0.0.1", 0) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await self.port.close()


def sections(description: str) -> list[str]:
    return description.split("\r\nm=")[1:]


@pytest.fixture
async def published():
    """A picture and a sound of `inclusion publish`, sent to an engine, and ended: what the engine was asked."""
    engine = Noting()
    async with engine.at_the_door() as address:
        token = engine.token()
        publication = await publish(f"{address}/whip/hall", token, [SamplePicture(), SampleSound()])
        await publication.close()
        yield engine.noted, token
    assert not engine.house.sessions


async def test_client_4_2_publishing_posts_an_sdp_offer_that_only_sends_and_ends_with_delete(published):
    noted, _ = published
    assert [method for method, *_ in noted] == ["POST", "DELETE"]
    assert noted[0][2]["content-type"] == "application/sdp"
    assert all("\r\na=sendonly" in section for section in sections(noted[0][3]))
    assert noted[1][1]  # at the session that the Location named


async def test_client_4_3_2_no_candidate_is_sent_before_the_server_named_the_session(published):
    noted, _ = published
    assert "a=candidate:" in noted[0][3]
    assert "PATCH" not in {method for method, *_ in noted}


async def test_client_4_4_1_everything_published_is_bundled_over_one_multiplexed_port(published):
    assert _unbundled(published[0][0][3]) == []


async def test_client_4_4_1_everything_handed_over_or_fetched_is_bundled_over_one_multiplexed_port():
    engine, offers = Engine(), []
    playing = asyncio.create_task(ClipPlayer(engine.house, "hall", one_megabit()).run())
    await asyncio.sleep(0.1)

    async def kept(_door: Door, offer: str) -> tuple[str, str]:
        offers.append(offer)
        raise OSError("not today")

    for way in (hand_over, fetch):
        with pytest.raises(OSError, match="not today"):
            await way(engine.house, "hall", HALL, kept)
    playing.cancel()
    await engine.port.close()
    for offer, direction in zip(offers, ("a=sendonly", "a=recvonly"), strict=True):
        assert _unbundled(offer) == []
        assert all(direction in section for section in sections(offer))
        assert "a=ice-lite" not in offer  # 4.4.5: a client checks the way itself


def _unbundled(offer: str) -> list[str]:
    """What keeps an offer from being one bundle of picture and sound on one port."""
    parts = sections(offer)
    mids = " ".join(part.split("a=mid:")[1].split("\r\n")[0] for part in parts)
    lone = [part.split("\r\n")[0] for part in parts if "a=rtcp-mux\r\na=rtcp-mux-only\r\n" not in part]
    return [*lone, *([] if len(parts) == 2 and f"a=group:BUNDLE {mids}\r\n" in offer else [f"not one bundle: {mids}"])]


async def test_client_4_4_2_picture_and_sound_published_are_one_stream(published):
    lines = [line for line in published[0][0][3].splitlines() if line.startswith("a=msid:")]
    assert len(lines) == 2
    assert len({line.split()[0] for line in lines}) == 1


async def test_client_4_4_4_both_parts_of_the_handshake_are_offered(published):
    assert all("a=setup:actpass" in section for section in sections(published[0][0][3]))


async def test_client_4_7_1_a_token_goes_with_every_request(published):
    noted, token = published
    assert {headers["authorization"] for _, _, headers, _ in noted} == {f"Bearer {token}"}


@pytest.mark.parametrize("status", [307, 308])
async def test_client_4_5_another_address_is_followed_with_method_body_and_token(status):
    async with Desk().open() as desk:
        desk.says("/stage", status, "Location: /other/stage")
        desk.says("/other/stage", 201, "Location: session/1", body=ANSWER)
        assert await post(Door(f"{desk.address}/stage", "north"), "v=0") == (f"{desk.address}/other/session/1", ANSWER)
        assert [(first, headers["authorization"], body) for first, headers, body in desk.asked] == [
            ("POST /stage", "Bearer north", "v=0"),
            ("POST /other/stage", "Bearer north", "v=0"),
        ]


async def test_client_4_5_addresses_that_only_name_each_other_end():
    async with Desk().open() as desk:
        desk.says("/stage", 307, "Location: /stage")
        with pytest.raises(OSError, match="from one address to the next"):
            await post(Door(f"{desk.address}/stage", ""), "v=0")


@pytest.mark.parametrize("status", [418, 499, 599])
async def test_client_4_1_codes_nobody_knows_are_refusals_as_their_first_figure_says(status):
    async with Desk().open() as desk:
        desk.says("/stage", status)
        with pytest.raises(HTTPError):
            await post(Door(f"{desk.address}/stage", ""), "v=0")


async def test_client_4_1_control_a_success_nobody_knows_is_one():
    async with Desk().open() as desk:
        desk.says("/stage", 299, "Location: /session/1", body=ANSWER)
        assert await post(Door(f"{desk.address}/stage", ""), "v=0") == (f"{desk.address}/session/1", ANSWER)


async def test_client_4_9_extensions_nobody_knows_are_let_be():
    async with Desk().open() as desk:
        link = 'Link: </sse>; rel="urn:ietf:params:whip:ext:example:server-sent-events"'
        desk.says("/stage", 201, "Location: /session/1", link, body=ANSWER)
        assert await post(Door(f"{desk.address}/stage", ""), "v=0") == (f"{desk.address}/session/1", ANSWER)


@pytest.fixture
async def two():
    """A room on the air, and an engine that wants it."""
    shows, wants = Noting(), Engine()
    playing = asyncio.create_task(ClipPlayer(shows.house, "hall", one_megabit()).run())
    await asyncio.sleep(0.1)
    async with shows.at_the_door() as address:
        yield shows, wants, address
        playing.cancel()
        await wants.port.close()


async def unsuited(door: Door, offer: str) -> tuple[str, str]:
    """Our offer, as if we could decode nothing of what is shown: so the server makes its own."""
    return await post(door, offer.replace("H264/90000", "VP9/90000").replace("VP8/90000", "AV1/90000"))


async def test_client_whep_4_2_2_a_counter_offer_is_answered_by_patch_and_the_picture_comes(two):
    shows, wants, address = two
    received = await receive(wants.house, "hall", Door(f"{address}/whep/hall", shows.token("watch")), unsuited)
    assert [method for method, *_ in shows.noted] == ["POST", "PATCH"]
    _, session, headers, answered = shows.noted[1]
    assert received.place.endswith(session)
    assert headers["content-type"] == "application/sdp"
    assert answered.count("a=recvonly") == answered.count("a=setup:active") == answered.count("\r\nm=") == 2
    await _connected(received.peer)
    assert [session.answered for session in shows.house.sessions.values()] == [True]


async def test_client_whep_4_2_2_a_room_fetched_over_a_counter_offer_goes_on_from_here(two):
    shows, wants, address = two
    await fetch(wants.house, "hall", Door(f"{address}/whep/hall", shows.token("watch")), unsuited)
    heard = await heard_in(wants, 1.0)
    assert len(heard["video"]) > 60
    assert len(heard["audio"]) > 20


async def test_client_whep_4_2_2_a_counter_offer_of_nothing_we_carry_leaves_nothing_behind(two):
    _, wants, _ = two

    async def strange(_door: Door, offer: str) -> tuple[str, str]:
        raise Countered(
            "http://127.0.0.1:9/session",
            offer.replace("recvonly", "sendonly").replace("H264", "VP9").replace("VP8", "AV1").replace("opus", "g722"),
        )

    with pytest.raises(OfferUnusable):
        await receive(wants.house, "hall", HALL, strange)
    assert not wants.house.sessions


async def _connected(peer) -> None:
    async with asyncio.timeout(10):
        while peer.connecting:  # noqa: ASYNC110 - peers have no bell
            await asyncio.sleep(0.05)
    assert not peer.closed
