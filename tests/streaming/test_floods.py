"""Floods of POST, PATCH, STUN and RTP: each is refused cheaply, nothing grows, and the room goes on. Every test has its control."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.web.wiring import build_app
from streaming import stun
from tests.platforms import demo_platform

from .browsers import DELTA_FRAME, SDP, Browser, World, on_the_air
from .test_conformance import fragment, patch

FLOOD = 2_000


@pytest.fixture
def world() -> World:
    return World()


def cpu_each(times: int, deed: Callable[[int], object]) -> float:
    """CPU seconds for one, on average."""
    began = time.process_time()
    for number in range(times):
        deed(number)
    return (time.process_time() - began) / times


def goes_on(world: World, publisher: Browser, viewer: Browser) -> bool:
    viewer.check()
    publisher.publish(DELTA_FRAME)
    viewer.listen()
    return viewer.payloads()[-1] == DELTA_FRAME


def test_posts_with_one_ticket_are_one_seat_however_many(world):
    publisher, viewer = on_the_air(world), Browser(world).join()
    token, offer = world.ticket("watch"), viewer.offer()
    assert cpu_each(200, lambda _: world.call("whep", "POST", token, offer)) < 20e-3
    assert len(world.house.sessions) == 3
    assert goes_on(world, publisher, viewer)


@pytest.mark.parametrize("kind", ["forged", "run out", "another room's"])
def test_posts_without_a_right_to_cost_microseconds_and_leave_nothing(world, kind):
    publisher, viewer = on_the_air(world), Browser(world).join()
    fresh = world.ticket("watch")
    gone, elsewhere = world.ticket("watch", lives=timedelta(seconds=-1)), world.ticket("watch", room="b")
    token = {"forged": fresh[:-4] + "AAAA", "run out": gone, "another room's": elsewhere}
    offer = viewer.offer()
    assert cpu_each(FLOOD, lambda _: world.call("whep", "POST", token[kind], offer)) < 500e-6
    assert len(world.house.sessions) == 2
    assert goes_on(world, publisher, viewer)


def test_patches_change_credentials_but_nothing_grows(world):
    publisher, viewer = on_the_air(world), Browser(world).join()
    before = len(world.house._by_ufrag)
    restarts = cpu_each(FLOOD, lambda number: patch(viewer, fragment(f"ufrag{number}", "n" * 24), if_match="*"))
    refused = cpu_each(FLOOD, lambda _: patch(viewer, fragment("u", "n" * 24), if_match='"old"'))
    assert max(restarts, refused) < 1e-3
    assert len(world.house._by_ufrag) <= before + 1
    again = patch(viewer, fragment("last", "n" * 24), if_match="*")
    assert again.status == 200  # control: an honest restart still works
    assert goes_on(world, publisher, Browser(world, address=("192.0.2.8", 8)).join())


def test_checks_without_the_password_are_unanswered_and_move_nobody(world):
    publisher, viewer = on_the_air(world), Browser(world).join()
    seat, sent = world.house.sessions[viewer.resource].peer, world.sent
    forged = [
        stun.request(secrets.token_bytes(12), f"{viewer.answer.ufrag}:{viewer.ufrag}", "w" * 32),
        stun.request(secrets.token_bytes(12), "nobody:knows", "w" * 32),
        stun.request(secrets.token_bytes(12), f"{viewer.answer.ufrag}:{viewer.ufrag}", viewer.answer.password)[:-40],
    ]
    each = cpu_each(FLOOD, lambda number: world.house.take(forged[number % 3], ("192.0.2.66", 1 + number)))
    assert each < 100e-6
    assert (world.sent, seat.address) == (sent, viewer.address)
    viewer.moved_to(("198.51.100.88", 7000))  # control: who knows the password is followed
    assert seat.address == ("198.51.100.88", 7000)
    assert goes_on(world, publisher, viewer)


def test_forged_media_from_the_very_addresses_of_the_room_change_nothing(world):
    publisher, viewer = on_the_air(world), Browser(world).join()
    viewer.listen()
    seen, forged = len(viewer.got), b"\x80\x60" + bytes(1200)
    for address in (publisher.address, viewer.address):
        assert cpu_each(FLOOD, lambda _, address=address: world.house.take(forged, address)) < 100e-6
        assert cpu_each(FLOOD, lambda _, address=address: world.house.take(b"\x80\xc8" + bytes(60), address)) < 100e-6
    world.house.flush()
    viewer.listen()
    assert len(viewer.got) == seen
    assert goes_on(world, publisher, viewer)


def test_a_packet_recorded_on_the_way_and_sent_again_is_not_shown_again(world):
    publisher, viewer = on_the_air(world), Browser(world).join()
    recorded: list[bytes] = []
    send, publisher.send = publisher.send, lambda *datagrams: (recorded.extend(datagrams), Browser.send(publisher, *datagrams))
    publisher.publish(DELTA_FRAME)
    publisher.send = send
    viewer.listen()
    seen, sent = len(viewer.order), world.sent
    for _ in range(FLOOD):
        world.house.take(recorded[0], publisher.address)
    world.house.flush()
    viewer.listen()
    assert (len(viewer.order), world.sent) == (seen, sent)
    assert goes_on(world, publisher, viewer)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    var = tmp_path_factory.mktemp("floods") / "var"
    quiet = {"database_url": "", "voice": "off", "whisper_model": "off", "engines_at_start": False}
    settings = Settings(inclusion_var=var, trusted_proxies="testclient", _env_file=None, **quiet)
    platform = demo_platform(settings)
    with TestClient(build_app(platform), base_url="http://127.0.0.1:8000") as client:
        yield client


def from_(visitor: str, kind: str = SDP) -> dict[str, str]:
    return {"X-Forwarded-For": visitor, "Content-Type": kind, "Authorization": "Bearer forged"}


@pytest.mark.parametrize(("method", "path"), [("POST", "/whep/hall"), ("PATCH", "/whip/hall/x"), ("DELETE", "/whep/hall/x")])
def test_one_visitor_is_told_to_wait_while_another_is_served(app, method, path):
    flooder, neighbour = f"203.0.113.{len(method)}", f"198.51.100.{len(method)}"
    statuses = [app.request(method, path, headers=from_(flooder), content=b"v=0").status_code for _ in range(80)]
    assert set(statuses) == {401, 429}
    assert app.request(method, path, headers=from_(neighbour), content=b"v=0").status_code == 401


def test_a_megabyte_is_not_taken_in_over_http_either(app):
    began = time.process_time()
    reply = app.post("/whip/hall", headers=from_("203.0.113.77"), content=b"v=0\r\n" + b"a=x\r\n" * 200_000)
    assert reply.status_code in (401, 413)
    assert time.process_time() - began < 0.5


def test_a_slash_too_many_is_redirected_without_losing_the_method(app):
    """RFC 9725, section 4.5: 301 and 302 would make a GET of it."""
    reply = app.post("/whip/hall/", headers=from_("203.0.113.78"), content=b"v=0", follow_redirects=False)
    assert reply.status_code not in (301, 302)


def test_nothing_that_is_logged_names_an_address_a_ticket_or_a_room(app, caplog):
    caplog.set_level(logging.DEBUG)
    visitor, ticket = "203.0.113.99", "secret-ticket"
    for path in ("/whep/hall-of-hana", "/whip/hall-of-hana/x", f"/live/sample/together?ticket={ticket}", "/live/hall-of-hana/index.m3u8"):
        app.post(path, headers=from_(visitor), content=b"v=0")
        app.get(path, headers=from_(visitor))
    ours = [one for one in caplog.records if one.name.partition(".")[0] in ("inclusion", "streaming")]
    said = "\n".join(f"{one.getMessage()} {vars(one)}" for one in ours)
    assert "was answered" in said
    assert not any(word in said for word in (visitor, ticket, "hall-of-hana"))
