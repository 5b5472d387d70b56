"""The remaining MUSTs of RFC 9725 (WHIP) and draft-ietf-wish-whep-03 for a server, each test named after its section in both documents.

MUSTs for clients are in test_conformance_clients; those for extensions we do not offer (4.9) and for IANA have nothing to test here.
"""

from dataclasses import replace

import pytest

from streaming.offers import read_fragment

from .browsers import FRAGMENT, SDP, Browser, World, on_the_air
from .test_conformance import BOTH, fragment, header, opened, patch, tag_of, world

__all__ = ["world"]
UNREACHABLE = (
    "a=candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active\r\n",
    "a=candidate:2 1 udp 2122260223 2001:db8::1 5000 typ host\r\n",
    "a=candidate:3 1 udp 2122260223 0e0f5a7c-1b2c-4e2d-9c57-5d1f8e7b2d11.local 5000 typ host\r\n",
    "a=candidate:4 1 sctp 1 198.51.100.9 1 typ host\r\n",
)


def protocol_of(act: str) -> str:
    return "whep" if act == "watch" else "whip"


def offered(world: World, act: str, old: str, new: str):
    """The reply to an ordinary offer in which `old` was written otherwise."""
    if act == "watch":
        on_the_air(world)
    text = Browser(world, act=act).offer()
    assert old in text
    return world.call(protocol_of(act), "POST", world.ticket(act), text.replace(old, new))


@BOTH
def test_4_1_get_is_answered_2xx_without_content(world, act):
    browser = opened(world, act)
    for session in ("", browser.resource):
        reply = world.call(browser.protocol, "GET", browser.token, session=session, kind="")
        assert (reply.status // 100, reply.body) == (2, b"")


@BOTH
def test_4_1_errors_explain_themselves_as_problem_documents(world, act):
    reply = world.call(protocol_of(act), "POST", world.ticket(act), "x", kind="text/plain")
    assert header(reply, "Content-Type") == ["application/problem+json"]


@pytest.mark.parametrize(("act", "answered"), [("publish", "a=recvonly"), ("watch", "a=sendonly")])
def test_4_2_an_offer_that_could_go_both_ways_is_answered_one_way(world, act, answered):
    direction = "a=sendonly" if act == "publish" else "a=recvonly"
    reply = offered(world, act, direction, "a=sendrecv")
    assert reply.status == 201
    assert reply.body.decode().count(answered) == 2
    assert b"a=sendrecv" not in reply.body


@pytest.mark.parametrize(("act", "wrong"), [("publish", "recvonly"), ("publish", "inactive"), ("watch", "sendonly"), ("watch", "inactive")])
def test_4_2_an_offer_in_the_wrong_direction_is_refused(world, act, wrong):
    direction = "a=sendonly" if act == "publish" else "a=recvonly"
    assert offered(world, act, direction, f"a={wrong}").status in (400, 406, 422)


@BOTH
@pytest.mark.parametrize("malformed", ["", "v=0", "v=0\r\n" * 50, "m=video\r\n", "\x00\xff", "{}"])
def test_4_2_a_malformed_offer_is_4xx(world, act, malformed):
    on_the_air(world) if act == "watch" else None
    assert world.call(protocol_of(act), "POST", world.ticket(act), malformed).status // 100 == 4


@BOTH
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/trickle-ice-sdpfrag", ""])
def test_4_2_another_content_type_is_4xx_however_good_the_offer(world, act, kind):
    if act == "watch":
        on_the_air(world)
    assert world.call(protocol_of(act), "POST", world.ticket(act), Browser(world, act=act).offer(), kind=kind).status // 100 == 4


@BOTH
def test_4_2_parameters_of_the_content_type_do_not_matter(world, act):
    on_the_air(world) if act == "watch" else None
    offer = Browser(world, act=act).offer()
    assert world.call(protocol_of(act), "POST", world.ticket(act), offer, kind=f"{SDP}; charset=utf-8").status == 201


@BOTH
def test_4_2_the_answer_repeats_the_sections_of_the_offer_in_their_order(world, act):
    """JSEP (RFC 9429, section 5.3.1): as many sections, in their order, under their names. A data channel is refused and nothing else."""
    if act == "watch":
        on_the_air(world)
    head, picture, sound = Browser(world, act=act).offer().split("m=")
    channel = "application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:data\r\na=sctp-port:5000\r\n"
    text = "m=".join([head, sound, channel, picture])
    answer = world.call(protocol_of(act), "POST", world.ticket(act), text)
    assert answer.status == 201
    first_lines = [section.split("\r\n")[0].split()[:2] for section in answer.body.decode().split("\r\nm=")[1:]]
    assert [kind for kind, _ in first_lines] == ["audio", "application", "video"]
    assert [port == "0" for _, port in first_lines] == [False, True, False]
    mids = [line for line in answer.body.decode().splitlines() if line.startswith("a=mid:")]
    assert mids == ["a=mid:1", "a=mid:data", "a=mid:0"]


@BOTH
def test_4_2_a_client_that_ends_the_handshake_ends_the_session(world, act):
    browser = opened(world, act)
    browser.send(*browser.handshake.close())
    world.pass_time(1, step=0.5)
    assert browser.delete().status == 404


@BOTH
def test_4_2_a_session_that_the_server_ends_is_ended_for_the_client_too(world, act):
    browser = opened(world, act)
    assert not browser.handshake.closed_by_peer
    browser.delete()
    browser.listen()
    assert browser.handshake.closed_by_peer


@BOTH
def test_4_2_locations_cannot_be_guessed_and_never_repeat(world, act):
    on_the_air(world, room="hall") if act == "watch" else None
    places = {header(Browser(world, act=act, token=world.ticket("host")).ask(), "Location")[0] for _ in range(5)}
    assert len(places) == 5
    assert all(len(place.rpartition("/")[2]) >= 16 for place in places)


@BOTH
def test_4_2_options_works_for_other_origins_at_the_session_too(world, act):
    browser = opened(world, act)
    reply = world.call(browser.protocol, "OPTIONS", session=browser.resource, kind="", access_control_request_method="PATCH")
    assert reply.status == 200
    assert header(reply, "Access-Control-Allow-Origin") == ["*"]
    assert {"PATCH", "DELETE"} <= set(header(reply, "Access-Control-Allow-Methods")[0].split(", "))


@BOTH
def test_4_2_every_reply_may_be_read_by_other_origins(world, act):
    replies = [world.call(protocol_of(act), method) for method in ("POST", "GET", "PATCH", "DELETE", "HEAD", "PUT")]
    assert all(header(reply, "Access-Control-Allow-Origin") == ["*"] for reply in replies)


@BOTH
def test_4_3_1_every_session_has_a_tag_of_its_own(world, act):
    on_the_air(world) if act == "watch" else None
    tags = {header(Browser(world, act=act, token=world.ticket("host")).ask(), "ETag")[0] for _ in range(5)}
    assert len(tags) == 5
    assert not any(tag.startswith("W/") for tag in tags)


@BOTH
def test_4_3_1_without_a_tag_428_with_an_old_one_412_on_both_protocols(world, act):
    browser = opened(world, act)
    body = fragment(browser.ufrag, browser.password)
    assert [patch(browser, body).status, patch(browser, body, if_match='"old"').status] == [428, 412]


@BOTH
@pytest.mark.parametrize("candidate", UNREACHABLE)
def test_4_3_2_a_candidate_we_cannot_use_is_left_out_in_silence(world, act, candidate):
    browser = opened(world, act)
    body = fragment(browser.ufrag, browser.password) + candidate
    reply = patch(browser, body, if_match=tag_of(browser))
    assert (reply.status, reply.body, header(reply, "ETag")) == (204, b"", [])


@BOTH
def test_4_3_2_the_answer_holds_every_candidate_because_no_more_may_follow(world, act):
    world.house.addresses = [("203.0.113.1", 9000), ("198.51.100.77", 9000)]
    text = opened(world, act).reply.body.decode()
    assert "203.0.113.1 9000 typ host" in text
    assert "198.51.100.77 9000 typ host" in text
    assert "a=end-of-candidates" in text


@BOTH
@pytest.mark.parametrize(("ufrag", "star", "status"), [(None, "{}", 204), ("ysXw", '"*"', 200)])
def test_4_3_2_fragments_are_read_as_the_documents_write_them(world, act, ufrag, star, status):
    """RFC 9725, figures 3 and 4: a group, one section, credentials within it, candidates of every kind, and an end."""
    browser = opened(world, act)
    body = (
        "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
        f"a=ice-ufrag:{ufrag or browser.ufrag}\r\na=ice-pwd:{'vw5LmwG4y/e6dPP/zAP9Gp5k' if ufrag else browser.password}\r\n"
        "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
        "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw network-id 1\r\n"
        "a=end-of-candidates\r\n"
    )
    assert patch(browser, body, if_match=star.format(tag_of(browser))).status == status


@BOTH
def test_4_3_3_a_restart_repeats_the_ice_attributes_of_the_answer(world, act):
    browser = opened(world, act)
    answer = {line for line in browser.reply.body.decode().splitlines() if line.startswith(("a=ice-options", "a=ice-lite", "a=ice-pacing"))}
    reply = patch(browser, fragment("newufrag", "n" * 24), if_match="*")
    again = {line for line in reply.body.decode().splitlines() if line.startswith(("a=ice-options", "a=ice-lite", "a=ice-pacing"))}
    assert answer == again
    assert "203.0.113.1 9000 typ host" in reply.body.decode()


@BOTH
def test_4_3_3_new_credentials_are_a_restart_whichever_way_the_session_is_named(world, act):
    """Clients must send `*`, which both documents' examples write as `"*"`; servers must take every new ufrag and password as a restart
    ("MUST consider the request as performing an ICE restart", WHEP draft 03, 4.4.3), and the tag of now names the session, too.
    """
    browser = opened(world, act)
    last = tag_of(browser)
    for number, form in enumerate(("{}", "*", '"*"', '"older", {}')):
        reply = patch(browser, fragment(f"ufrag{number}", "n" * 24), if_match=form.format(last))
        assert reply.status == 200
        last = header(reply, "ETag")[0]
    assert patch(browser, fragment("ufrag9", "n" * 24), if_match=f"W/{last}").status == 412


@BOTH
def test_4_3_3_once_the_new_credentials_are_used_the_ones_before_open_nothing(world, act):
    browser = opened(world, act)
    before = browser.answer
    reply = patch(browser, fragment("newufrag", "n" * 24), if_match="*")
    lines = dict(line[2:].split(":", 1) for line in reply.body.decode().splitlines() if line.startswith(("a=ice-ufrag:", "a=ice-pwd:")))
    browser.ufrag, browser.answer = "newufrag", replace(before, ufrag=lines["ice-ufrag"], password=lines["ice-pwd"])
    new, old = ("198.51.100.99", 6000), ("198.51.100.66", 7000)
    browser.moved_to(new)
    assert world.inboxes.get(new)
    browser.answer = before
    browser.moved_to(old)
    assert not world.inboxes.get(old)


@BOTH
def test_4_3_3_the_last_of_several_restarts_counts(world, act):
    browser = opened(world, act)
    first, last = (patch(browser, fragment(f"ufrag{n}", "n" * 24), if_match="*") for n in (1, 2))
    assert header(first, "ETag") != header(last, "ETag")
    assert read_fragment(first.body)[0] != read_fragment(last.body)[0]
    trickle = fragment("ufrag2", "n" * 24)
    assert patch(browser, trickle, if_match=header(first, "ETag")[0]).status == 412
    assert patch(browser, trickle, if_match=header(last, "ETag")[0]).status == 204


@BOTH
def test_4_3_3_a_session_whose_consent_runs_out_ends(world, act):
    browser = opened(world, act)
    patch(browser, fragment("newufrag", "n" * 24), if_match="*")
    world.pass_time(32, step=0.5)
    assert browser.delete().status == 404


@BOTH
def test_4_3_3_control_one_that_renews_its_consent_goes_on(world, act):
    browser = opened(world, act)
    for _ in range(4):
        world.pass_time(8, step=0.5)
        browser.check()
    assert browser.delete().status == 200


def test_4_4_2_two_sounds_in_one_offer_are_refused_when_watching_too(world):
    on_the_air(world)
    offer = Browser(world).offer().replace("m=video", "m=audio").replace("a=mid:0", "a=mid:7")
    assert world.call("whep", "POST", world.ticket("watch"), offer).status in (400, 422)


@BOTH
def test_4_4_2_an_offer_without_any_track_is_refused(world, act):
    """At least one: neither no section at all nor a data channel alone is a stream."""
    on_the_air(world) if act == "watch" else None
    head, *sections = Browser(world, act=act).offer().split("m=")
    channel = "".join(line + "\r\n" for line in sections[0].split("\r\n")[1:-1] if not line.startswith("a=rtpmap"))
    for text in (head, f"{head}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n{channel}"):
        assert world.call(protocol_of(act), "POST", world.ticket(act), text).status in (400, 406, 422)


@BOTH
def test_4_4_4_an_offer_that_leaves_us_no_passive_part_is_refused(world, act):
    assert offered(world, act, "a=setup:actpass", "a=setup:passive").status == 422


@BOTH
def test_4_5_no_reply_ever_redirects_by_301_or_302(world, act):
    browser = opened(world, act)
    methods = ("POST", "GET", "HEAD", "PATCH", "DELETE", "PUT", "OPTIONS")
    found = {world.call(browser.protocol, method, browser.token, session=session).status for method in methods for session in ("", "x")}
    assert found.isdisjoint({301, 302})


@BOTH
def test_4_7_a_bearer_ticket_opens_every_method(world, act):
    browser = opened(world, act)
    assert world.call(browser.protocol, "GET", browser.token, kind="").status // 100 == 2
    assert world.call(browser.protocol, "GET", browser.token, session=browser.resource, kind="").status // 100 == 2
    assert patch(browser, fragment("u", "n" * 24), kind=FRAGMENT, if_match="*").status in (200, 400)
    assert browser.delete().status == 200


@BOTH
def test_4_9_no_extension_is_advertised_or_required(world, act):
    links = header(opened(world, act).reply, "Link")
    assert all('rel="ice-server"' in link for link in links)


def test_5_a_session_belongs_to_the_ticket_that_made_it(world):
    """Whoever learns a session's address (5, insecure direct object references) can neither change nor end it with another ticket."""
    browser = opened(world, "watch")
    other = world.ticket("watch")
    assert world.call("whep", "DELETE", other, session=browser.resource).status == 404
    assert browser.delete().status == 200
