"""What a live room and the talk kiosk look like while somebody uses them; without it only their first moment would be looked at.

Every state is the real one: the page's own buttons, the server's own answers, a host who does what hosts do. Only sound is missing: a
browser here has no microphone (`QUIET_MICROPHONE` gives it a silent one), and what ears would hear is told in the wire's own form.
"""

from __future__ import annotations

import json
import re
from itertools import count

from playwright.sync_api import Page, Route

from inclusion.web.kiosk import with_kana

from .busy_town import BusyTown

PATIENT_MS = 15_000
NUMBERS = count(1)
QUIET_MICROPHONE = "navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream; 0"
LINES = """async () => {
  const { Captions } = await import("/static/live-captions.js");
  const parts = ["captions", "captions-now", "captions-log", "captions-note"].map((id) => document.getElementById(id));
  const captions = new Captions("sample", "", ...parts);
  captions.stateIs({ on: true, trial: true });
  captions.add({ number: 1, text: "皆さん、こんにちは。", final: true });
  captions.add({ number: 2, text: "太鼓が始まります。", final: true });
  const pieces = [["神田明神", "かんだみょうじん"], ["の前です。", ""]];
  const note = [["「", ""], ["神田明神", "かんだみょうじん"], ["」は、", ""], ["神社", "じんじゃ"], ["です。", ""]];
  captions.add({ number: 3, pieces, notes: ["「神田明神」は、神社です。"], note_pieces: [note] });
}"""
HEARD = (
    {"heard": "扇風機はいくら"},
    {"state": "thinking"},
    {"answer": "「扇風機」の手数料は300円です。", "lines": ["電話で申し込みます。"], "notes": []},
    {"state": "speaking"},
)
READ_SO = {"扇風機": "せんぷうき", "手数料": "てすうりょう", "円": "えん", "電話": "でんわ", "申": "もう", "込": "こ"}


def kana(text: str) -> list[tuple[str, str]]:
    return [(piece, READ_SO.get(piece, "")) for piece in re.split(f"({'|'.join(READ_SO)})", text) if piece]


def does(page: Page, town: BusyTown, room: str, act: str, **more: object) -> None:
    """What a host's page does with one press."""
    headers = {"Authorization": f"Bearer {town.host_ticket(room)}"}
    reply = page.context.request.post(f"{town.address}/live/{room}/deeds", headers=headers, data={"act": act, **more})
    assert reply.status == 204, reply.text()


def enters(page: Page, town: BusyTown) -> str:
    """A room of its own, whose host is already there; somebody has pressed 見る. Returns its name."""
    room = f"shashin-{next(NUMBERS)}"
    does(page, town, room, "lower")
    page.goto(f"{town.address}/live/{room}")
    page.locator("#watch").click()
    page.locator("#part").wait_for(timeout=PATIENT_MS)
    return room


def says(page: Page, state: str) -> None:
    """Waits until the page says its sentence for `state`, in whatever language."""
    said = "(state) => Words.now(document.getElementById('status')) === document.getElementById('main').getAttribute(`data-${state}`)"
    page.wait_for_function(said, arg=state, timeout=PATIENT_MS)


def waits_for_the_picture(page: Page, town: BusyTown) -> None:
    enters(page, town)
    says(page, "waiting")


def watches(page: Page, town: BusyTown) -> None:
    page.locator("#watch").click()
    says(page, "playing")


def watches_files(page: Page, town: BusyTown) -> None:
    page.locator("#watch").click()
    page.locator("#during").wait_for(timeout=PATIENT_MS)
    page.locator("#status:not(:empty)").wait_for(timeout=PATIENT_MS)


def reads_captions(page: Page, town: BusyTown) -> None:
    enters(page, town)
    page.evaluate(LINES)


def hand_raised(page: Page, town: BusyTown) -> str:
    room = enters(page, town)
    page.locator("#hand").click()
    page.locator("#hand-words:not(:empty)").wait_for(timeout=PATIENT_MS)
    return room


def asks_the_host(page: Page, town: BusyTown) -> None:
    """The recorder and the box to type in; beside them what the page shows once something was heard."""
    enters(page, town)
    page.locator("#asking summary").click()
    page.locator("#heard").wait_for(state="attached")
    page.evaluate("document.querySelector('#heard-send').textContent = '声のまま送る'; document.querySelector('#heard').hidden = false")


def my_turn(page: Page, town: BusyTown) -> None:
    room = hand_raised(page, town)
    seat = page.evaluate(
        """([room, ticket]) => new Promise((done) => {
      const events = new EventSource(`/live/${room}/together?ticket=${encodeURIComponent(ticket)}`);
      events.onmessage = (event) => { events.close(); done(JSON.parse(event.data).seat); };
    })""",
        [room, page.locator("#main").get_attribute("data-ticket")],
    )
    does(page, town, room, "give", seat=seat)
    page.locator("#turn").wait_for(timeout=PATIENT_MS)


def begins_to_speak(page: Page, town: BusyTown) -> None:
    my_turn(page, town)
    page.locator("#voice").click()
    page.locator("#turn-words:not(:empty)").wait_for(timeout=PATIENT_MS)


def closed_by_the_host(page: Page, town: BusyTown) -> None:
    room = enters(page, town)
    does(page, town, room, "close")
    page.locator("#before").wait_for(state="hidden")
    page.locator("#part").wait_for(state="hidden", timeout=PATIENT_MS)


def kiosk_without_a_microphone(page: Page, town: BusyTown) -> None:
    page.locator("#begin").click()
    says(page, "nomic")


def kiosk_listens(page: Page, town: BusyTown) -> None:
    page.evaluate(QUIET_MICROPHONE)
    page.locator("#begin").click()
    page.locator("#end").wait_for(timeout=PATIENT_MS)


def kiosk_answers(page: Page, town: BusyTown) -> None:
    """The talk is begun at the real server; what ears would have heard is told as its events tell it."""

    def tell(route: Route) -> None:
        told = [with_kana(one, kana) if page.locator("html[data-furigana=on]").count() else one for one in HEARD]
        events = "".join(f"id: {number}\ndata: {json.dumps(one)}\n\n" for number, one in enumerate(told))
        route.fulfill(body=events, content_type="text/event-stream")

    page.route("**/kiosk/talks/*", tell)
    kiosk_listens(page, town)
    page.locator("#answer:not(:empty)").wait_for(timeout=PATIENT_MS)
    page.unroute("**/kiosk/talks/*")
