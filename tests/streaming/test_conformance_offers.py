"""What RFC 9725 (WHIP) and draft-ietf-wish-whep-03 demand of offers, counter-offers and refusals, each test named after its section."""

from __future__ import annotations

import re

from streaming import Limits
from streaming.answers import Medium
from streaming.house import COUNTER_OFFER_S
from streaming.offers import Codec, read_offer
from tests.servers import ROOT

from .browsers import DELTA_FRAME, FRAGMENT, H264, SDP, VP8, Browser, World, on_the_air
from .test_conformance import BOTH, fragment, header, opened, patch, world
from .test_conformance_musts import offered, protocol_of

__all__ = ["world"]
VP9 = "a=rtpmap:98 VP9/90000\r\n"


class Playing:
    """What fills a room from inside the program."""

    live = True

    def ask_picture(self, now: float, layer: int = 0) -> None:
        """It has one every second."""


def countered(world: World) -> Browser:
    """A player that can decode nothing the publisher sends, and was offered what there is."""
    on_the_air(world)
    player = Browser(world, video=VP9)
    player.ask()
    player.resource = header(player.reply, "Location")[0].rpartition("/")[2]
    return player


def taken(player: Browser, text: str = "", kind: str = SDP):
    """The player's answer to the counter-offer, which after all decodes VP8."""
    player.video = VP8
    answer = text or player.offer().replace("a=setup:actpass", "a=setup:active")
    return player.world.call("whep", "PATCH", player.token, answer, session=player.resource, kind=kind)


def test_whep_4_2_2_a_counter_offer_is_406_with_sdp_and_the_place_of_the_session(world):
    reply = countered(world).reply
    assert reply.status == 406
    assert header(reply, "Content-Type") == [SDP]
    assert header(reply, "Location")[0].startswith("/whep/hall/")
    assert read_offer(reply.body).setup == "actpass"


def test_whep_4_2_2_a_counter_offer_numbers_what_the_program_itself_plays(world):
    """A room without a publisher's own numbers (the sample festival): 0 would be another codec, and the same for picture and sound."""
    sent = {"video": Medium(Codec(0, "h264", 90_000, {"packetization-mode": "1"})), "audio": Medium(Codec(0, "opus", 48_000, {}))}
    world.house.play("hall", Playing(), sent)
    offer = read_offer(Browser(world, video=VP9).ask().body)
    numbers = [codec.number for section in offer.sections for codec in section.codecs]
    assert len(set(numbers)) == 2
    assert all(96 <= number <= 127 for number in numbers)


def test_whep_4_2_2_the_answer_to_a_counter_offer_is_204_and_a_malformed_one_4xx(world):
    player = countered(world)
    assert taken(player, "hello").status // 100 == 4
    assert taken(player, kind="application/json").status == 415
    reply = taken(player)
    assert (reply.status, reply.body) == (204, b"")


def test_whep_4_2_2_a_counter_offer_stays_valid_for_30_seconds(world):
    player = countered(world)
    world.pass_time(COUNTER_OFFER_S - 1, step=0.5)
    assert taken(player).status == 204
    world.pass_time(10, step=0.5)  # and there is time left to connect
    assert player.delete().status == 200


def test_whep_4_2_2_control_later_it_is_gone(world):
    player = countered(world)
    world.pass_time(COUNTER_OFFER_S + 2, step=0.5)
    assert taken(player).status == 404


def test_whep_4_2_5_a_counter_offer_only_sends(world):
    text = countered(world).reply.body.decode()
    assert text.count("a=sendonly") == text.count("\r\nm=") == 2
    assert not any(f"a={one}" in text for one in ("inactive", "recvonly"))


def test_whep_4_5_2_a_counter_offer_is_one_stream_bundled_and_multiplexed(world):
    text = countered(world).reply.body.decode()
    assert {line.split()[0] for line in text.splitlines() if line.startswith("a=msid:")} == {"a=msid:live"}
    assert "a=group:BUNDLE 0 1" in text
    assert text.count("a=rtcp-mux-only") == 2


def test_4_2_a_whep_endpoint_answers_options_for_other_origins_too(world):
    reply = world.call("whep", "OPTIONS", kind="", access_control_request_method="POST")
    assert (reply.status, header(reply, "Accept-Post"), header(reply, "Access-Control-Allow-Origin")) == (200, [SDP], ["*"])


@BOTH
def test_4_3_1_a_patch_at_the_endpoint_or_a_post_at_the_session_is_no_session_of_ours(world, act):
    browser = opened(world, act)
    assert world.call(browser.protocol, "POST", browser.token, browser.offer(), session=browser.resource).status == 405
    assert world.call(browser.protocol, "PATCH", browser.token, fragment("u", "n" * 24), kind=FRAGMENT).status == 405


@BOTH
def test_4_3_3_a_restart_that_cannot_be_read_is_refused_and_the_session_goes_on(world, act):
    browser = opened(world, act)
    for malformed in ("a=ice-ufrag:x\r\n", fragment("newufrag", "short"), "a=ice-pwd:" + "n" * 24):
        assert patch(browser, malformed, if_match="*").status == 400
    browser.check()
    assert browser.delete().status == 200


def test_4_3_3_what_was_agreed_before_a_restart_still_holds_after_it(world):
    publisher = on_the_air(world)
    viewer = Browser(world).join()
    reply = patch(viewer, fragment("newufrag", "n" * 24), if_match="*")
    viewer.ufrag, viewer.answer = "newufrag", type(viewer.answer)(**{**_fields(viewer.answer), **_credentials(reply.body)})
    viewer.moved_to(("198.51.100.99", 6000))
    publisher.publish(DELTA_FRAME)
    viewer.listen()
    assert viewer.payloads()[-1] == DELTA_FRAME


def _fields(answer) -> dict:
    return {name: getattr(answer, name) for name in answer.__slots__}


def _credentials(body: bytes) -> dict:
    lines = dict(line[2:].split(":", 1) for line in body.decode().splitlines() if line.startswith(("a=ice-ufrag:", "a=ice-pwd:")))
    return {"ufrag": lines["ice-ufrag"], "password": lines["ice-pwd"]}


@BOTH
def test_4_4_1_media_outside_the_bundle_are_refused(world, act):
    assert offered(world, act, "a=group:BUNDLE 0 1\r\n", "").status == 422
    assert offered(World(), act, "a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 0\r\n").status == 422


@BOTH
def test_4_4_1_rtcp_on_a_port_of_its_own_is_refused(world, act):
    assert offered(world, act, "a=rtcp-mux\r\n", "").status == 422


def test_4_4_2_two_streams_in_one_offer_are_refused_and_one_is_taken(world):
    def reply(second: str):
        text = Browser(world, act="publish").offer().replace("a=mid:0\r\n", "a=mid:0\r\na=msid:one t0\r\n")
        return world.call("whip", "POST", world.ticket("host"), text.replace("a=mid:1\r\n", f"a=mid:1\r\na=msid:{second} t1\r\n"))

    assert reply("other").status == 422
    assert reply("one").status == 201


def test_4_4_3_a_picture_nobody_could_forward_refuses_the_whole_offer(world):
    """No partly successful session: the sound alone would pass, but the publisher would believe to be seen."""
    assert Browser(world, act="publish", video=VP9).ask().status == 422
    assert not world.house.sessions
    assert Browser(world, act="publish", video=H264).ask().status == 201


@BOTH
def test_4_4_4_a_client_that_can_only_be_active_is_served(world, act):
    assert offered(world, act, "a=setup:actpass", "a=setup:active").status == 201


@BOTH
def test_4_5_a_full_server_says_503_and_when_to_come_back(act):
    world = World(limits=Limits(sessions=1))
    on_the_air(world)
    reply = Browser(world, act=act, token=world.ticket("host")).ask()
    assert reply.status == 503
    assert int(header(reply, "Retry-After")[0]) > 0


@BOTH
def test_4_7_the_scheme_is_read_as_http_reads_it_and_others_are_not_taken(world, act):
    token = opened(world, act).token
    assert world.call(protocol_of(act), "GET", authorization=f"bearer {token}", kind="").status // 100 == 2
    assert world.call(protocol_of(act), "GET", authorization=f"Basic {token}", kind="").status == 401


def test_4_8_simulcast_that_is_not_served_is_not_promised(world):
    lines = "a=rid:h send\r\na=rid:l send\r\na=simulcast:send h;l\r\n"
    text = Browser(world, act="publish").offer().replace("a=mid:0\r\n", f"a=mid:0\r\n{lines}")
    answer = world.call("whip", "POST", world.ticket("publish"), text).body.decode()
    assert "a=simulcast:send" not in answer
    assert ("a=simulcast:recv" in answer) == ("a=rid:" in answer)


def test_the_table_of_the_documents_names_every_test_and_no_other():
    table = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    files = sorted((ROOT / "tests" / "streaming").glob("test_conformance*.py"))
    ours = {name for file in files for name in re.findall(r"^(?:async )?def test_(\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)}
    named = set(re.findall(r"`([a-z0-9_]+)`", "\n".join(line for line in table.splitlines() if line.startswith("|"))))
    assert ours - {"the_table_of_the_documents_names_every_test_and_no_other"} == named
