"""A draw anybody can work out again: fair, weighted by what people lost before, and any change of one bit is noticed."""

import hashlib
import json
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from lessons import announce, call_off, cancel, draw_lots, outcome_of, public_json, seal
from lessons.errors import DrawNotPossible
from lessons.fairness import extra_sessions_needed, standing_of
from lessons.lottery import Entrant, finished, rank
from lessons.tables import Application
from lessons.verify_draw import NOT_YET, VOID, ranked
from lessons.verify_draw import faults as disagreements

from .programme import faults

CHECKER = Path(__file__).parents[2] / "lessons" / "verify_draw.py"
NAMES = ("花子", "太郎", "次郎", "三郎", "四郎", "梅子", "竹子")
AFTER_CLOSING = timedelta(days=9, seconds=1)


def enter(room, join):
    return {name: join(room, name) for name in NAMES}


def drawn(session, room, now, value="38915.87"):
    draw = announce(session, room, "抽選日の日経平均株価の終値", now)
    seal(session, draw.id, now + AFTER_CLOSING)
    return draw_lots(session, draw.id, value, now + AFTER_CLOSING)


@pytest.fixture
def record(plan, join, session, now):
    room = plan(allocation="lottery", first_timer_seats=1)
    enter(room, join)
    return public_json(drawn(session, room, now))


def test_a_draw_gives_every_seat_and_queues_the_rest_in_the_order_drawn(plan, join, session, now):
    room = plan(allocation="lottery")
    entered = enter(room, join)
    results = drawn(session, room, now).record["results"]
    states = {one.receipt_number: outcome_of(session, session.get_one(Application, one.application_id)) for one in entered.values()}
    assert [states[receipt].state for _, receipt, _, _ in results] == ["won"] * 2 + ["reserve"] * 5
    assert [states[receipt].position for _, receipt, _, _ in results[2:]] == [1, 2, 3, 4, 5]
    assert faults(session, room) == []


def test_a_winner_who_gives_up_makes_room_for_the_first_reserve(plan, join, session, now):
    room = plan(allocation="lottery")
    entered = {one.receipt_number: one for one in enter(room, join).values()}
    results = drawn(session, room, now).record["results"]
    (offer,) = cancel(session, entered[results[0][1]].application_id, now)
    assert offer.receipt_number == results[2][1]


def test_a_draw_still_to_come_is_not_called_wrong(plan, join, session, now):
    room = plan(allocation="lottery", room_capacity=6)
    enter(room, join)
    draw = announce(session, room, "公の数", now)
    assert disagreements(public_json(draw)) == [NOT_YET]
    seal(session, draw.id, now + AFTER_CLOSING)
    assert disagreements(public_json(draw)) == [NOT_YET]
    draw_lots(session, draw.id, "7", now + AFTER_CLOSING)
    robbed = {name: value for name, value in json.loads(public_json(draw)).items() if name != "seed"}
    assert disagreements(canonical(robbed)) not in ([], [NOT_YET])


def test_who_withdraws_after_sealing_takes_no_seat(plan, join, session, now):
    room = plan(allocation="lottery", room_capacity=6)
    gone = enter(room, join)["花子"]
    draw = announce(session, room, "公の数", now)
    seal(session, draw.id, now + AFTER_CLOSING)
    cancel(session, gone.application_id, now + AFTER_CLOSING)
    draw_lots(session, draw.id, "7", now + AFTER_CLOSING)
    assert outcome_of(session, session.get_one(Application, gone.application_id)).state == "withdrawn"
    assert disagreements(public_json(draw)) == []
    assert faults(session, room) == []


def test_before_the_draw_nothing_secret_is_published(plan, join, session, now):
    room = plan(allocation="lottery")
    enter(room, join)
    draw = announce(session, room, "公の数", now)
    promised = public_json(draw)
    seal(session, draw.id, now + AFTER_CLOSING)
    assert draw.seed not in promised + public_json(draw)
    assert hashlib.sha256(bytes.fromhex(draw.seed)).hexdigest() == json.loads(promised)["seed_commitment"]


def test_the_steps_of_a_draw_come_in_order(plan, session, now):
    with pytest.raises(DrawNotPossible, match="no lottery"):
        announce(session, plan(), "公の数", now)
    draw = announce(session, plan(allocation="lottery"), "公の数", now)
    with pytest.raises(DrawNotPossible, match="not sealed"):
        draw_lots(session, draw.id, "7", now)
    with pytest.raises(DrawNotPossible, match="still open"):
        seal(session, draw.id, now)
    seal(session, draw.id, now + AFTER_CLOSING)
    with pytest.raises(DrawNotPossible, match="no public value"):
        draw_lots(session, draw.id, " ", now + AFTER_CLOSING)


def test_the_stand_alone_checker_agrees_without_any_of_our_packages(record, tmp_path):
    file = tmp_path / "draw.json"
    file.write_text(record, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-S", str(CHECKER), str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, "正しい抽選" in done.stdout) == (0, True)


def test_any_one_bit_changed_is_noticed(record):
    raw = record.encode()
    changed = [bytes([*raw[:at], raw[at] ^ 1 << bit, *raw[at + 1 :]]) for at in range(len(raw)) for bit in range(8)]
    dice = random.Random(1)
    for one in dice.sample(changed, 3000):
        assert disagreements(one.decode("utf-8", errors="replace")) != []


@pytest.mark.parametrize("how", ["swapped", "another seed", "another public value", "heavier", "left out"])
def test_an_operator_who_also_mends_the_last_hash_is_noticed(record, how):
    told = json.loads(record)
    if how == "swapped":
        told["results"][0], told["results"][2] = told["results"][2], told["results"][0]
    elif how == "left out":
        told["entries"].pop()
    elif how == "heavier":
        told["entries"][0]["weight"] = 9
    else:
        told["seed" if how == "another seed" else "public_value"] = "00" * 32
    mended = {name: value for name, value in told.items() if name != "record_hash"}
    told["record_hash"] = hashlib.sha256(canonical(mended).encode()).hexdigest()
    assert disagreements(canonical(told)) != []


def test_everybody_is_equally_likely_to_be_drawn():
    entrants = [Entrant(f"R{n}", 1, "") for n in range(30)]
    wins = Counter(receipt for n in range(3000) for receipt, _ in rank(entrants, f"d{n}", b"seed", "7")[:10])
    chi_squared = sum((wins[one.receipt] - 1000) ** 2 / 1000 for one in entrants)
    assert chi_squared < 58.3  # 29 degrees of freedom, one in a thousand; fixed seeds, so it never flickers


def test_twice_the_weight_is_twice_the_chance_to_come_first():
    entrants = [Entrant("heavy", 2, ""), *(Entrant(f"R{n}", 1, "") for n in range(8))]
    firsts = sum(rank(entrants, f"d{n}", b"seed", "7")[0][0] == "heavy" for n in range(5000))
    assert 0.18 < firsts / 5000 < 0.22


def test_guaranteed_come_first_then_the_share_of_first_timers():
    entrants = [Entrant("old", 4, "guaranteed"), Entrant("new", 1, "first"), *(Entrant(f"R{n}", 5, "") for n in range(20))]
    assert [receipt for receipt, _ in rank(entrants, "d", b"seed", "7", first_timer_seats=1)[:2]] == ["old", "new"]


def test_three_losses_guarantee_the_next_seat(plan, join, session, now):
    for _ in range(3):
        room = plan(allocation="lottery", room_capacity=1)
        loser = join(room, "花子")
        join(room, "太郎", at=now)
        draw = announce(session, room, "公の数", now)
        seal(session, draw.id, now + AFTER_CLOSING)
        _until_loses(session, draw, loser, now + AFTER_CLOSING)
    learner = session.get_one(Application, loser.application_id).learner_id
    assert standing_of(session, learner, "call").tier == "guaranteed"


def test_the_drawer_and_the_checker_agree_on_a_hundred_thousand():
    entries = [{"receipt": f"R{n:06}", "weight": 1 + n % 4, "tier": ("", "first", "guaranteed")[n % 3]} for n in range(100_000)]
    sealed = {"draw": "d", "entries": entries, "seats": 20, "first_timer_seats": 10}
    record = finished(sealed, "ab" * 32, "7")
    assert ranked(record, bytes.fromhex("ab" * 32)) == record["results"]


def test_the_report_says_how_many_classes_are_missing():
    assert [extra_sessions_needed(*one) for one in ((20, 20), (21, 20), (100, 20), (5, 0))] == [0, 1, 4, 0]


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _until_loses(session, draw, loser, at):
    """Tries public values until this person is second: the test needs a loser, not luck."""
    entrants = [Entrant(one["receipt"], one["weight"], one["tier"]) for one in draw.record["entries"]]
    secret = bytes.fromhex(draw.seed)
    value = next(str(n) for n in range(1000) if rank(entrants, draw.id, secret, str(n))[0][0] != loser.receipt_number)
    draw_lots(session, draw.id, value, at)


@pytest.mark.parametrize("sealed", [False, True])
def test_the_draw_of_a_class_called_off_is_void_opens_its_seed_and_everybody_is_told(plan, join, session, now, sealed):
    room = plan(allocation="lottery")
    enter(room, join)
    draw = announce(session, room, "公の数", now)
    if sealed:
        seal(session, draw.id, now + AFTER_CLOSING)
    told = call_off(session, room, now + AFTER_CLOSING, "weather")
    record = json.loads(public_json(draw))
    assert draw.state == "void" and len(told) == len(NAMES) and disagreements(public_json(draw)) == [VOID]
    assert hashlib.sha256(bytes.fromhex(record["seed"])).hexdigest() == record["seed_commitment"] and "results" not in record
    assert ("entries" in record) == sealed and disagreements(json.dumps({**record, "seed": "00"})) != [VOID]
    with pytest.raises(DrawNotPossible):
        draw_lots(session, draw.id, "38915.87", now + AFTER_CLOSING)


def test_a_draw_that_was_held_stays_as_it_is_when_its_class_is_called_off(plan, join, session, now):
    """Control."""
    room = plan(allocation="lottery")
    enter(room, join)
    draw = drawn(session, room, now)
    call_off(session, room, now + AFTER_CLOSING)
    assert draw.state == "published" and disagreements(public_json(draw)) == []
