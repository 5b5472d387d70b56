"""What RFC 9725 (WHIP) and draft-ietf-wish-whep demand of a server, each test named after its section."""

import json

import pytest

from streaming import Relays
from streaming.offers import read_fragment

from .browsers import FRAGMENT, NOW, SDP, Browser, IceServer, World, on_the_air

BOTH = pytest.mark.parametrize("act", ["publish", "watch"])


@pytest.fixture
def world():
    return World(relays=Relays(("stun:stun.example", "turn:turn.example:3478?transport=tcp"), "coturn's secret"))


def opened(world: World, act: str) -> Browser:
    if act == "watch":
        on_the_air(world)
    return Browser(world, act=act).join()


def header(reply, name: str) -> list[str]:
    return [value for given, value in reply.headers if given == name]


def fragment(ufrag: str, password: str) -> str:
    candidate = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
    return f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n{candidate}"


def patch(browser: Browser, body: str, kind=FRAGMENT, **headers):
    return browser.world.call(browser.protocol, "PATCH", browser.token, body, session=browser.resource, kind=kind, **headers)


def tag_of(browser: Browser) -> str:
    return header(browser.reply, "ETag")[0]


@BOTH
def test_4_2_a_created_session_has_an_answer_a_location_and_a_strong_tag(world, act):
    browser = opened(world, act)
    assert browser.reply.status == 201
    assert header(browser.reply, "Content-Type") == [SDP]
    assert header(browser.reply, "Location")[0].startswith(f"/{browser.protocol}/hall/")
    assert tag_of(browser).startswith('"')


@BOTH
def test_4_2_another_kind_of_body_is_415_and_no_offer_at_all_is_400(world, act):
    on_the_air(world, room="other")
    token, protocol = world.ticket(act), "whep" if act == "watch" else "whip"
    assert world.call(protocol, "POST", token, "{}", kind="application/json").status == 415
    assert Browser(world, act="publish").world.call("whip", "POST", world.ticket("publish"), "hello").status == 400


@BOTH
def test_4_2_delete_ends_the_session_and_takes_consent_back_at_once(world, act):
    browser = opened(world, act)
    sent = world.sent
    assert browser.delete().status == 200
    browser.check()
    assert world.sent - sent <= 1  # a goodbye, and no answer to checks any more
    assert browser.delete().status == 404


@BOTH
def test_4_2_delete_ignores_entity_tags(world, act):
    browser = opened(world, act)
    assert world.call(browser.protocol, "DELETE", browser.token, session=browser.resource, if_match='"old"').status == 200


def test_4_2_options_allows_other_origins_and_names_what_may_be_posted(world):
    reply = world.call("whip", "OPTIONS", kind="", access_control_request_method="POST")
    assert reply.status == 200
    assert header(reply, "Accept-Post") == [SDP]
    assert header(reply, "Access-Control-Allow-Origin") == ["*"]
    assert {"Location", "Link", "ETag"} <= set(header(reply, "Access-Control-Expose-Headers")[0].split(", "))


def test_4_3_1_the_tag_is_demanded_428_must_match_412_and_a_trickle_is_204_without_a_tag(world):
    browser = opened(world, "watch")
    body = fragment(browser.ufrag, browser.password)
    assert patch(browser, body).status == 428
    assert patch(browser, body, if_match='"older"').status == 412
    taken = patch(browser, body, if_match=tag_of(browser))
    assert (taken.status, taken.body, header(taken, "ETag")) == (204, b"", [])


@BOTH
def test_4_3_1_a_patch_of_another_kind_is_415_and_a_malformed_one_400(world, act):
    browser = opened(world, act)
    assert patch(browser, "{}", kind="application/json", if_match="*").status == 415
    assert patch(browser, "nothing of use", if_match="*").status == 400


@BOTH
def test_4_3_3_a_restart_gives_new_credentials_and_a_new_tag_and_the_session_goes_on(world, act):
    browser = opened(world, act)
    reply = patch(browser, fragment("newufrag", "n" * 24), if_match="*")
    assert reply.status == 200
    assert header(reply, "Content-Type") == [FRAGMENT]
    assert header(reply, "ETag")[0] != tag_of(browser)
    assert b"a=ice-lite" in reply.body
    assert read_fragment(reply.body)[0] != browser.answer.ufrag


def test_4_3_3_a_restart_that_is_never_used_does_not_end_the_session(world):
    publisher = on_the_air(world)
    viewer = Browser(world).join()
    patch(viewer, fragment("newufrag", "n" * 24), if_match="*")
    world.pass_time(1)
    viewer.check()  # still with the old credentials
    publisher.publish(b"\x10\x01more")
    viewer.listen()
    assert viewer.payloads()[-1] == b"\x10\x01more"


def test_4_3_3_a_restart_with_a_stale_tag_is_refused(world):
    browser = opened(world, "watch")
    stale = tag_of(browser)
    patch(browser, fragment("newufrag", "n" * 24), if_match="*")
    assert patch(browser, fragment("newest", "n" * 24), if_match=stale).status == 412


@BOTH
def test_4_4_1_the_answer_bundles_everything_over_one_multiplexed_port(world, act):
    text = opened(world, act).reply.body.decode()
    assert "a=group:BUNDLE 0 1" in text
    assert text.count("a=rtcp-mux\r\n") == text.count("a=rtcp-mux-only") == text.count("\r\nm=") == 2
    assert ("a=sendonly" if act == "watch" else "a=recvonly") in text


def test_4_4_2_all_media_of_the_answer_belong_to_one_stream(world):
    text = opened(world, "watch").reply.body.decode()
    assert {line.split()[0] for line in text.splitlines() if line.startswith("a=msid:")} == {"a=msid:live"}


def test_4_4_2_two_pictures_in_one_offer_are_refused(world):
    offer = Browser(world, act="publish").offer().replace("m=audio", "m=video").replace("a=mid:1", "a=mid:2")
    assert world.call("whip", "POST", world.ticket("publish"), offer).status == 422


@BOTH
def test_4_4_4_we_are_passive_with_one_sha_256_fingerprint_and_ice_lite(world, act):
    text = opened(world, act).reply.body.decode()
    assert text.count("a=setup:passive") == text.count("a=fingerprint:sha-256") == 2
    assert "sha-384" not in text
    assert "a=ice-lite" in text
    assert "a=end-of-candidates" in text


@BOTH
def test_4_6_relays_come_as_links_with_passwords_that_run_out(world, act):
    links = header(opened(world, act).reply, "Link")
    assert links[0] == '<stun:stun.example>; rel="ice-server"'
    until = int(links[1].split('username="')[1].split('"')[0])
    assert NOW.timestamp() < until < NOW.timestamp() + 24 * 3600


def test_4_6_a_preflight_gets_no_relays_and_a_client_that_asks_does(world):
    asked = world.call("whip", "OPTIONS", world.ticket("publish"), kind="")
    preflight = world.call("whip", "OPTIONS", world.ticket("publish"), kind="", access_control_request_method="POST")
    assert (len(header(asked, "Link")), len(header(preflight, "Link"))) == (2, 0)


@BOTH
def test_4_7_without_a_bearer_ticket_nothing_but_options_is_answered(world, act):
    browser = opened(world, act)
    for method, session in (("POST", ""), ("GET", ""), ("PATCH", browser.resource), ("DELETE", browser.resource)):
        reply = world.call(browser.protocol, method, session=session)
        assert (reply.status, header(reply, "WWW-Authenticate")) == (401, ["Bearer"])


def test_whep_without_a_publisher_is_409_with_a_time_to_come_back(world):
    reply = Browser(world).ask()
    assert reply.status == 409
    assert int(header(reply, "Retry-After")[0]) > 0
    assert json.loads(reply.body)["status"] == 409


def test_whep_head_tells_what_the_address_speaks(world):
    reply = world.call("whep", "HEAD", world.ticket("watch"), kind="")
    assert (reply.status, header(reply, "Content-Type"), reply.body) == (200, [SDP], b"")


def test_whep_406_carries_an_offer_and_a_place_to_answer_it(world):
    on_the_air(world)
    reply = Browser(world, video="a=rtpmap:98 VP9/90000\r\n").ask()
    assert reply.status == 406
    assert header(reply, "Location")
    assert b"a=setup:actpass" in reply.body


def test_a_turn_password_is_the_one_coturn_computes():
    """Computed apart with `openssl dgst -sha1 -hmac` over coturn's use-auth-secret rule."""
    import base64
    import hashlib
    import hmac

    _, turn = Relays(("stun:s", "turn:t"), "north").for_now(NOW)
    expected = base64.b64encode(hmac.new(b"north", turn.username.encode(), hashlib.sha1).digest()).decode()
    assert turn == IceServer("turn:t", turn.username, expected)
