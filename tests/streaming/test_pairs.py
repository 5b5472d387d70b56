"""One person helps another from afar, in two real browsers: each hears and sees the other, and the learner's screen is shown.

The class mode is really used as well: the teacher sees only the learner who agreed.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from inclusion.database import open_database
from inclusion.live.events import EventPlan, plan_event
from inclusion.live.tickets import TicketKeys, make_tickets
from inclusion.staff.accounts import create_staff
from inclusion.web.live.keeping import EVERY_S
from lessons.tables import Learner
from lessons.tutoring import Need, ask_for_help
from streaming import Gate

from .chromium import in_chromium, shown, watch

pytestmark = in_chromium
PATIENT_MS = 60_000
PASSWORD = "correct horse battery"
KEPT_IN_SIGHT = (
    "window.all = []; const Real = RTCPeerConnection; window.RTCPeerConnection = class extends Real "
    "{ constructor(...given) { super(...given); window.all.push(this); } };"
)
# The three seconds before somebody is live are waited out in test_together; here three people would wait for them.
HURRIED = (
    "const later = window.setTimeout; window.setTimeout = (what, after, ...more) => later(what, after === 1000 ? 50 : after, ...more);"
)
HEARD = (
    "async () => { let most = 0; for (const one of window.all) (await one.getStats()).forEach(row => "
    "{ if (row.type === 'inbound-rtp' && row.kind === 'audio') most = Math.max(most, row.totalAudioEnergy || 0); }); return most; }"
)


def heard(page: Page, patience_s: float = 60) -> float:
    until = time.monotonic() + patience_s
    while (energy := page.evaluate(HEARD)) < 1e-4 and time.monotonic() < until:
        time.sleep(0.2)
    return energy


def ticket_of_hanako(var) -> str:
    with open_database(f"sqlite:///{var}/inclusion.sqlite3").writing() as session:
        now = datetime.now(UTC)
        learner = Learner(name="花子", name_key=f"pair {now.timestamp()}", phone="", consented_at=now)
        session.add(learner)
        session.flush()
        return ask_for_help(session, Need(learner.id, mode="room"), now).id


def signed_in(open_page, address: str, var, login: str) -> Page:
    create_staff(open_database(f"sqlite:///{var}/inclusion.sqlite3"), login, "係", PASSWORD, ["clerk"], datetime.now(UTC))
    desk = open_page(f"{address}/staff/sign-in")
    desk.locator("[name=login]").fill(login)
    desk.locator("[name=password]").fill(PASSWORD)
    desk.locator("main button[type=submit]").click()
    return desk


def test_a_learner_and_a_helper_hear_see_and_share_a_screen_until_the_help_is_over(open_page, served, tmp_path):
    address, var = served
    ticket_of_hanako(var)
    desk = signed_in(open_page, address, var, "tutor")
    desk.goto(f"{address}/staff/tutoring")
    desk.locator("#name").fill("甲")
    desk.get_by_role("button", name="教え始める").click()
    desk.get_by_role("button", name="始める", exact=False).first.click()
    here = lambda link: link.replace("http://127.0.0.1:8000", address)  # noqa: E731
    helper = open_page(here(desk.get_by_role("link", name="部屋に入る").get_attribute("href")), KEPT_IN_SIGHT + HURRIED)
    learner = open_page(here(desk.locator("input[readonly]").input_value()), KEPT_IN_SIGHT + HURRIED)
    for page in (helper, learner):
        page.locator("#face").click(timeout=PATIENT_MS)
    for page in (helper, learner):
        page.locator(".guest video").wait_for(timeout=PATIENT_MS)
        assert shown(page, 10, patience_s=60, what=".guest video") >= 10
        assert heard(page) > 1e-4
    learner.locator("#share").click()
    helper.locator(".guest--screen video").wait_for(timeout=PATIENT_MS)
    assert shown(helper, 5, patience_s=60, what=".guest--screen video") >= 5
    for name, page in (("helper", helper), ("learner", learner)):
        page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
    desk.get_by_role("button", name="終わった").click()
    for page in (helper, learner):
        page.get_by_text("終わりました").first.wait_for(timeout=PATIENT_MS)
        page.locator(".guest").first.wait_for(state="detached", timeout=PATIENT_MS)


def is_unknown(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=10).close()
    except urllib.error.HTTPError as refused:
        return refused.code == 404
    return False


def planned(address: str, var, room: str, mode: str, seats: int = 0) -> list[str]:
    """An event that is on now, and the links of its `seats`. Returns when the rooms, which look every few seconds, know of it."""
    now = datetime.now(UTC)
    plan = EventPlan({"ja": "スマホ教室"}, now - timedelta(minutes=1), now + timedelta(hours=1), mode=mode, room=room)
    with open_database(f"sqlite:///{var}/inclusion.sqlite3").writing() as session:
        event = plan_event(session, plan, now)
        keys, tickets = TicketKeys((var / "secret.key").read_text()), make_tickets(session, event.number, seats, now) if seats else ()
        links = [f"{address}/live/{room}?key={keys.key(one.number)}" for one in tickets]
    until = time.monotonic() + 5 * EVERY_S
    while is_unknown(f"{address}/live/{room}") and time.monotonic() < until:
        time.sleep(0.2)
    return links


# A telephone's browser: no screen to be shared, and it says which camera it was asked for.
TELEPHONE = """
MediaDevices.prototype.getDisplayMedia = undefined;
const asked = MediaDevices.prototype.getUserMedia;
window.cameras = [];
MediaDevices.prototype.getUserMedia = async function (wanted) {
  window.facing = wanted.video && wanted.video.facingMode;
  const stream = await asked.call(this, wanted);
  window.cameras.push(...stream.getVideoTracks());
  return stream;
};
"""
OPEN_CAMERAS = "window.cameras.filter((track) => track.readyState === 'live').length"
PICTURE = Path(__file__).parents[2] / "inclusion/web/static/staff.png"
COLOURS = """what => {
  const video = document.querySelector(what), canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height), sums = [0, 0, 0];
  data.forEach((value, at) => { if (at % 4 < 3) sums[at % 4] += value; });
  return sums.map((sum) => sum / (data.length / 4));
}"""


def test_a_telephone_that_cannot_share_its_screen_shows_a_picture_or_what_its_back_camera_sees(browsers, served, tmp_path):
    address, var = served
    links = planned(address, var, "futari", "pair", seats=2)
    helper, learner = browsers()(links[0]), browsers()(links[1], TELEPHONE + HURRIED)
    learner.locator("#turn").wait_for(timeout=PATIENT_MS)
    assert not learner.locator("#share").is_visible() and not learner.locator("#watch").is_visible()  # there is no stage
    learner.locator("#still").set_input_files(str(PICTURE))
    helper.locator(".guest--screen video").wait_for(timeout=PATIENT_MS)
    assert shown(helper, 3, patience_s=60, what=".guest--screen video") >= 3
    mine, theirs = learner.evaluate(COLOURS, "#shown"), helper.evaluate(COLOURS, ".guest--screen video")
    assert max(abs(one - other) for one, other in zip(mine, theirs, strict=True)) < 12, (mine, theirs)  # the very picture
    assert max(mine) - min(mine) > 3 or min(mine) > 30  # and not a black one
    for name, page in (("helper", helper), ("learner", learner)):
        page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
    learner.locator("#unshare").click()
    helper.locator(".guest--screen").wait_for(state="detached", timeout=PATIENT_MS)
    learner.locator("#back-camera").click()
    helper.locator(".guest--screen video").wait_for(timeout=PATIENT_MS)
    assert shown(helper, 5, patience_s=60, what=".guest--screen video") >= 5
    assert learner.evaluate("window.facing") == "environment"
    learner.locator("#unshare").click()
    learner.locator("#still").set_input_files({"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"})
    learner.get_by_text("この画像は開けませんでした").wait_for(timeout=PATIENT_MS)
    assert not learner.locator("#shown").is_visible()


def test_a_camera_pressed_twice_is_one_camera_and_goes_off_with_the_room(browsers, served):
    address, var = served
    helper, learner = (browsers()(link, TELEPHONE) for link in planned(address, var, "owari", "pair", seats=2))
    learner.locator("#back-camera").wait_for(timeout=PATIENT_MS)
    learner.evaluate("() => { const button = document.querySelector('#back-camera'); button.click(); button.click(); }")
    helper.locator(".guest--screen video").wait_for(timeout=PATIENT_MS)
    assert learner.evaluate(OPEN_CAMERAS) == 1
    ticket = Gate((var / "secret.key").read_text()).issue("owari", "host", datetime.now(UTC), timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {ticket}", "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{address}/live/owari/deeds", b'{"act": "close"}', headers), timeout=10).close()
    learner.get_by_text("終わりました").first.wait_for(timeout=PATIENT_MS)
    assert learner.evaluate(OPEN_CAMERAS) == 0
    assert not learner.locator("#shown").is_visible()


def test_in_a_class_the_teacher_sees_who_agreed_and_everybody_sees_who_has_the_floor(open_page, browsers, served, tmp_path):
    address, var = served
    planned(address, var, "kyoshitsu", "class")
    ticket = Gate((var / "secret.key").read_text()).issue("kyoshitsu", "host", datetime.now(UTC), timedelta(minutes=5))
    teacher = open_page(f"{address}/live/kyoshitsu/host?ticket={ticket}")
    teacher.locator("#publish").click()
    agrees, shy = (browsers()(f"{address}/live/kyoshitsu", HURRIED) for _ in range(2))
    for learner in (agrees, shy):
        watch(learner)
        assert shown(learner, 10, patience_s=60) >= 10
    agrees.locator("#agree").click()
    agrees.locator("#face").click(timeout=PATIENT_MS)
    teacher.locator(".guest video").wait_for(timeout=PATIENT_MS)
    assert shown(teacher, 5, patience_s=60, what=".guest video") >= 5
    assert teacher.locator(".guest").count() == 1
    assert shy.locator(".guest").count() == 0  # what one shows the teacher is not for the class
    teacher.screenshot(path=str(tmp_path / "teacher.png"), full_page=True)
    shy.locator("#hand").click()
    teacher.get_by_role("button", name="どうぞ").click(timeout=PATIENT_MS)
    shy.locator("#face").click(timeout=PATIENT_MS)
    agrees.locator(".guest video").wait_for(timeout=PATIENT_MS)
    assert shown(agrees, 5, patience_s=60, what=".guest video") >= 5
    agrees.screenshot(path=str(tmp_path / "agrees.png"), full_page=True)
    teacher.get_by_role("button", name="お礼を言って終える").click(timeout=PATIENT_MS)
    agrees.locator(".guest").wait_for(state="detached", timeout=PATIENT_MS)
    expect(teacher.locator(".guest")).to_have_count(1, timeout=PATIENT_MS)
