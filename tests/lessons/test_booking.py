"""Applying, waiting, being offered a seat, giving it up: each as a person would live it, on both databases."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lessons import (
    Contact,
    Notice,
    Wish,
    accept_offer,
    apply,
    call_off,
    call_off_by_staff,
    cancel,
    change_places,
    decline_offer,
    end_queues,
    expire_due_offers,
    invite,
    off_reason,
    outcome_of,
    put_back_in_queue,
    seat_by_staff,
)
from lessons.catalogue import alternatives
from lessons.errors import (
    AlreadyApplied,
    CancelClosed,
    CapacityBelowTaken,
    ContactIncomplete,
    HoldOutside,
    IllegalMove,
    InvitationOnly,
    KeyReused,
    NoOffer,
    OfferExpired,
    ReasonMissing,
    RegistrationClosed,
    RegistrationNotOpen,
    SessionCalledOff,
    SessionFull,
    SessionUnknown,
)
from lessons.learners import check_contact
from lessons.tables import Application, Learner, Venue

from .programme import books, faults


def state(session, outcome):
    return outcome_of(session, session.get_one(Application, outcome.application_id))


def test_the_first_two_get_the_two_seats_and_the_third_waits_in_first_place(plan, join, session):
    room = plan()
    states = [join(room, name) for name in ("花子", "太郎", "次郎", "三郎")]
    assert [(one.state, one.position) for one in states] == [("confirmed", None), ("confirmed", None), ("waitlisted", 1), ("waitlisted", 2)]
    assert faults(session, room) == []


def test_giving_up_a_seat_holds_it_for_the_next_person_in_the_same_transaction(plan, join, session, now):
    room = plan()
    first, _, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    (offer,) = cancel(session, first.application_id, now)
    assert offer.application_id == third.application_id
    assert state(session, third).state == "offered"
    assert books(session, room).seats_taken == 2


def test_an_accepted_offer_becomes_a_seat(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    cancel(session, first.application_id, now)
    accept_offer(session, second.application_id, now)
    assert state(session, second).state == "confirmed"
    assert faults(session, room) == []


def test_an_offer_that_is_declined_goes_to_the_next_at_once(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    cancel(session, first.application_id, now)
    decline_offer(session, second.application_id, now)
    assert state(session, third).state == "offered"
    assert state(session, second).state == "withdrawn"


def test_an_offer_nobody_answers_goes_on_after_its_deadline(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    (offer,) = cancel(session, first.application_id, now)
    assert expire_due_offers(session, offer.until) == []
    expire_due_offers(session, offer.until + timedelta(seconds=1))
    assert (state(session, second).state, state(session, third).state) == ("withdrawn", "offered")
    assert faults(session, room) == []


def test_an_offer_cannot_be_accepted_after_its_deadline(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    (offer,) = cancel(session, first.application_id, now)
    with pytest.raises(OfferExpired, match="gone to the next person"):
        accept_offer(session, second.application_id, offer.until + timedelta(seconds=1))


def test_a_newcomer_does_not_overtake_those_who_wait(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    (offer,) = cancel(session, first.application_id, now)
    newcomer = join(room, "新人", at=offer.until + timedelta(minutes=1))  # the hold has run out, nobody has swept yet
    assert newcomer.state == "confirmed"  # 太郎 was the only one waiting, and did not answer
    assert state(session, second).state == "withdrawn"


def test_a_newcomer_queues_behind_those_who_wait_even_when_a_seat_has_just_run_out(plan, join, session, now):
    room = plan(room_capacity=1)
    first, _, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    (offer,) = cancel(session, first.application_id, now)
    newcomer = join(room, "新人", at=offer.until + timedelta(minutes=1))
    assert (state(session, third).state, newcomer.state) == ("offered", "waitlisted")


def test_somebody_who_could_not_be_reached_returns_to_the_old_place_once(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    (offer,) = cancel(session, first.application_id, now)
    expire_due_offers(session, offer.until + timedelta(seconds=1))
    put_back_in_queue(session, second.application_id, now)
    join(room, "四郎")
    assert state(session, second).position == 1
    decline_offer(session, third.application_id, offer.until)
    expire_due_offers(session, offer.until + timedelta(days=3))
    with pytest.raises(IllegalMove):
        put_back_in_queue(session, second.application_id, now)


def test_leaving_the_queue_moves_the_others_up(plan, join, session, now):
    room = plan(room_capacity=1)
    _, second, third = (join(room, name) for name in ("花子", "太郎", "次郎"))
    cancel(session, second.application_id, now)
    assert state(session, third).position == 1


def test_a_seat_is_given_up_by_oneself_until_the_deadline_and_by_staff_after_it(plan, join, session, now, later):
    room = plan(cancel_deadline=later(days=8))
    first, second = (join(room, name).application_id for name in ("花子", "太郎"))
    waiting = join(room, "次郎").application_id
    cancel(session, first, later(days=8))
    with pytest.raises(CancelClosed):
        cancel(session, second, later(days=8, minutes=1))
    assert books(session, room).seats_taken == 2
    cancel(session, waiting, later(days=8, minutes=1))  # an offered seat or a place in the queue can always be let go
    cancel(session, second, later(days=8, minutes=1), by="staff")
    assert books(session, room).seats_taken == 0 and faults(session, room) == []


def test_waiting_ends_and_is_told_when_no_seat_can_be_offered_any_more(plan, join, session, now, later):
    room = plan(room_capacity=1)
    join(room, "花子")
    waiting = join(room, "太郎").application_id
    assert end_queues(session, later(days=9, hours=21)) == 0
    assert end_queues(session, later(days=9, hours=22, minutes=1)) == 1 == end_queues(session, now) + 1
    told = session.exec(select(Notice.kind).where(Notice.application_id == waiting)).all()
    assert told == ["waitlisted", "lost"] and outcome_of(session, session.get_one(Application, waiting)).state == "lost"
    assert faults(session, room) == []


def test_cancelling_twice_frees_one_seat(plan, join, session, now):
    room = plan()
    first = join(room)
    cancel(session, first.application_id, now)
    assert cancel(session, first.application_id, now) == ()
    assert books(session, room).seats_taken == 0


def test_the_same_key_again_is_the_same_application(plan, join, session):
    room = plan()
    first, again = join(room, idempotency_key="k1"), join(room, idempotency_key="k1")
    assert first == again
    assert books(session, room).seats_taken == 1


def test_control_without_the_key_the_second_press_is_refused_with_the_receipt(plan, join):
    room = plan()
    first = join(room)
    with pytest.raises(AlreadyApplied, match=first.receipt_number):
        join(room)


def test_a_key_used_for_somebody_else_is_refused(plan, join):
    room = plan()
    join(room, "花子", idempotency_key="k1")
    with pytest.raises(KeyReused):
        join(room, "太郎", idempotency_key="k1")


def test_who_gave_up_may_apply_again(plan, join, session, now):
    room = plan()
    cancel(session, join(room).application_id, now)
    assert join(room).state == "confirmed"


def test_seats_are_never_more_than_the_helpers_can_mind(plan, join, session, now):
    room = plan(room_capacity=20, helper_ratio=2, confirmed_helpers=1)
    third = [join(room, name) for name in ("花子", "太郎", "次郎")][2]
    assert third.state == "waitlisted"
    (offer,) = change_places(session, room, now, confirmed_helpers=2)
    assert offer.application_id == third.application_id


def test_a_helper_who_falls_ill_takes_nobodys_seat(plan, join, session, now):
    room = plan(room_capacity=20, helper_ratio=2, confirmed_helpers=1)
    join(room)
    change_places(session, room, now, confirmed_helpers=0)
    place = books(session, room)
    assert (place.seats_taken, place.at_risk) == (1, True)
    assert join(room, "太郎").state == "waitlisted"


def test_a_room_too_small_for_those_who_come_is_refused_with_their_receipts(plan, join, session, now):
    room = plan()
    receipts = {join(room, name).receipt_number for name in ("花子", "太郎")}
    with pytest.raises(CapacityBelowTaken) as refused:
        change_places(session, room, now, room_capacity=1)
    assert set(refused.value.receipt_numbers) == receipts


def test_staff_may_seat_somebody_beyond_the_helpers_but_not_beyond_the_room(plan, session, now):
    room = plan(room_capacity=1, helper_ratio=1, confirmed_helpers=0)
    wish = Wish(room, Contact("花子", "0312345678", True), "phone", "staff 1")
    assert seat_by_staff(session, wish, "家族が付き添う", now).state == "confirmed"
    with pytest.raises(SessionFull):
        seat_by_staff(session, Wish(room, Contact("太郎", "0312345679", True), "phone", "staff 1"), "同じ", now)


def test_an_invitation_holds_a_seat_until_it_is_answered(plan, session, now):
    room = plan(allocation="staff_invite")
    wish = Wish(room, Contact("花子", "0312345678", True), "phone", "staff 1")
    with pytest.raises(InvitationOnly):
        apply(session, wish, now)
    invited = invite(session, wish, now + timedelta(days=2), now)
    assert invited.state == "offered"
    accept_offer(session, invited.application_id, now)
    assert state(session, invited).state == "confirmed"
    assert faults(session, room) == []


def test_a_seat_past_the_queue_needs_a_reason_and_an_invitation_a_moment_before_the_class(plan, session, now):
    room = plan(room_capacity=1)
    wish = Wish(room, Contact("花子", "0312345678", True), "phone", "staff 1")
    with pytest.raises(ReasonMissing):
        seat_by_staff(session, wish, " ", now)
    for until in (now, now + timedelta(days=10, minutes=1)):
        with pytest.raises(HoldOutside):
            invite(session, wish, until, now)
    assert books(session, room).seats_taken == 0
    assert invite(session, wish, now + timedelta(days=10), now).state == "offered"


def test_staff_call_a_class_off_for_one_of_the_reasons_everybody_can_be_told(plan, join, session, now):
    room = plan(room_capacity=1)
    outcome = join(room, "花子")
    with pytest.raises(ReasonMissing):
        call_off_by_staff(session, room, "雨", now)
    with pytest.raises(IllegalMove):
        call_off_by_staff(session, room, "weather", now + timedelta(days=11))
    application = session.get_one(Application, outcome.application_id)
    assert off_reason(application) == "" and books(session, room).state == "published"
    call_off_by_staff(session, room, "weather", now)
    assert off_reason(application) == "weather" and books(session, room).state == "cancelled"


def test_a_class_that_is_called_off_tells_everybody_and_keeps_nobody(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    call_off(session, room, now)
    told = session.exec(select(Notice.application_id).where(Notice.kind == "called_off")).all()
    assert set(told) == {first.application_id, second.application_id}
    assert books(session, room).sequence == 1
    assert faults(session, room) == []
    with pytest.raises(SessionCalledOff):
        join(room, "次郎")


def test_applications_are_taken_only_between_the_announced_days(plan, join, now):
    with pytest.raises(RegistrationNotOpen):
        join(plan(registration_opens=now + timedelta(days=1)))
    with pytest.raises(RegistrationClosed):
        join(plan(), at=now + timedelta(days=9, seconds=1))
    with pytest.raises(SessionUnknown):
        join("nowhere")


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact(" ", "0312345678", True), "name"),
        (Contact("\0\x07", "0312345678", True), "name"),
        (Contact("花子", "12", True), "phone"),
        (Contact("花子", "0312345678", False), "consent"),
    ],
)
def test_a_form_with_a_gap_names_the_gap(plan, session, now, contact, field):
    with pytest.raises(ContactIncomplete) as refused:
        apply(session, Wish(plan(), contact), now)
    assert refused.value.field == field


def test_full_width_digits_and_a_space_in_the_name_are_the_same_person(plan, session, now):
    room = plan()
    apply(session, Wish(room, Contact("山田　花子", "０３−１２３４−５６７８", True)), now)
    with pytest.raises(AlreadyApplied):
        apply(session, Wish(room, Contact("山田花子", "03-1234-5678", True)), now)
    assert [one.phone for one in session.exec(select(Learner)).all()] == ["0312345678"]


def test_nothing_held_means_nothing_to_accept(plan, join, session, now):
    with pytest.raises(NoOffer, match="No seat is being held"):
        accept_offer(session, join(plan()).application_id, now)


def test_a_name_is_kept_without_control_characters():
    assert check_contact(Contact("山田\0　花\x1b子\ud800", "03-1234-5678", True)).name == "山田 花子"


def test_who_needs_a_hearing_loop_is_offered_only_classes_where_there_is_one(plan, session, now):
    wanted = plan(room_capacity=0)
    session.add_all([Venue(id="loop", name="西会館", is_accessible=["step_free", "hearing_loop"]), Venue(id="stairs", name="東会館")])
    session.flush()
    here, loop, stairs = plan(), plan(venue_id="loop"), plan(venue_id="stairs")

    def offered(*needs: str) -> set[str]:
        return {one.one.id for one in alternatives(session, wanted, now, needs=needs)}

    assert offered("hearing_loop") == {loop}
    assert offered("step_free", "hearing_loop") == {loop}
    assert offered("step_free") == {here, loop}
    assert offered() == {here, loop, stairs}  # control: without a need every venue will do
