"""A clerk's whole loop without a browser: unanswered, taught, answered, told; masked, undone, and never about dangers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from accessibility import Readings, Rendered
from bots import Message, Sender
from bots.accounts import Account
from inclusion.answering import Answering, Door
from inclusion.database import Database
from inclusion.inbox import Inbox, IncomingEvent
from inclusion.learning import learned, unanswered
from inclusion.learning.growing import Growing
from inclusion.learning.learned import AdditionGone
from inclusion.learning.teaching import Teaching, addition
from inclusion.learning.unanswered import UnansweredQuestion
from inclusion.masking import masked_words
from inclusion.outbox import OutboxRow
from inclusion.staff.audit import last_entries
from inclusion.understanding import Talk, Understanding
from tests.towns import town_understood

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ASKED = "ポポリンを捨てたい"


def read(raw: Mapping[str, Any]) -> Message:
    return Message(raw["id"], Sender("line", raw["chat"], raw["chat"]), "text", NOW, raw["text"], message_id=raw["id"])


def write(rendered: Rendered) -> tuple[dict[str, Any], ...]:
    doubt = rendered.doubt.says if rendered.doubt else ""
    return ({"type": "text", "text": rendered.text, "buttons": [choice.label for choice in rendered.choices], "doubt": doubt},)


@dataclass
class Office:
    """A town with one LINE channel and one clerk."""

    database: Database
    answering: Answering
    teaching: Teaching
    said: int = 0

    def say(self, text: str, chat: str = "U1", at: datetime = NOW) -> dict[str, Any]:
        """What the bot answers on LINE."""
        self.said += 1
        event = {"id": f"e{self.said}", "text": text, "chat": chat}
        asyncio.run(self._save(event))
        (leased,) = Inbox(self.database).lease_waiting(at)
        prepared = self.answering.prepare(leased, at)
        with self.database.writing() as session:
            self.answering.write_down(session, prepared, at)
        return self.sent()[-1]

    async def _save(self, event: dict[str, Any]) -> None:
        inbox = Inbox(self.database)
        await inbox.save([IncomingEvent("line", event["id"], event, NOW, event["chat"])])
        await inbox.close()

    def sent(self) -> list[dict[str, Any]]:
        with self.database.reading() as session:
            return [row.payload[0] for row in session.exec(select(OutboxRow).order_by(OutboxRow.number)).all() if row.state == "waiting"]

    def questions(self) -> list[UnansweredQuestion]:
        with self.database.reading() as session:
            return list(session.exec(select(UnansweredQuestion)).all())

    def teach(self, kind: str, word: str, target: str = "") -> learned.TownAddition:
        (cluster,) = self.teaching.work_list()
        return self.teaching.teach(addition(kind, word, target, self.teaching.growing.renew(), 1, NOW), cluster.numbers)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return town_understood()


@pytest.fixture
def office(database: Database, understanding: Understanding) -> Office:
    growing = Growing(database, understanding)
    answering = Answering(database, understanding.town, understanding, {"line": Door(read, write)}, grown=growing.renew)
    return Office(database, answering, Teaching(database, growing, answering.telling, lambda: NOW))


def test_what_nobody_understood_waits_for_a_clerk(office: Office) -> None:
    assert "わかったら知らせて" in office.say(ASKED)["buttons"]
    office.say("ポポリンはいくら", chat="U2")
    (cluster,) = office.teaching.work_list()
    assert len(cluster.questions) == 2 and len(cluster.nearest) == 3 and cluster.word == "ポポリン"


def test_a_taught_word_answers_at_once_and_whoever_waited_is_told(office: Office) -> None:
    office.say(ASKED)
    assert "お知らせします" in office.say("わかったら知らせて")["text"]
    made = office.teach("alias", "ポポリン", "S00246")
    told = office.sent()[-1]
    assert "お答えできるようになりました" in told["text"] and "扇風機" in told["text"] and "ポポリン" not in told["text"]
    assert "300円" in office.say(ASKED)["text"] and made.outcome["ids"] == ["S00246"]


def test_who_did_not_ask_to_be_told_is_not(office: Office) -> None:
    office.say(ASKED)
    before = len(office.sent())
    office.teach("alias", "ポポリン", "S00246")
    assert len(office.sent()) == before


def test_undoing_brings_the_question_back_and_takes_back_what_was_not_sent(office: Office) -> None:
    office.say(ASKED)
    office.say("わかったら知らせて")
    made = office.teach("alias", "ポポリン", "S00246")
    office.teaching.undo(made.number or 0, 1)
    assert "300円" not in office.say(ASKED)["text"] and len(office.teaching.work_list()[0].questions) == 2
    assert not [one for one in office.sent() if "お答えできるようになりました" in one["text"]]
    with pytest.raises(AdditionGone):
        office.teaching.undo(made.number or 0, 1)


def test_a_new_answer_is_a_draft_until_it_is_published(office: Office) -> None:
    office.say("ポポリン")
    draft = office.teach("draft", "ポポリン")
    assert draft.target not in office.teaching.growing.renew().town.faqs
    office.teaching.publish(draft.number or 0, "ポポリンとは", "窓口で受け付けます。\n平日だけです", "none", 1)
    assert "窓口で受け付けます。" in office.say("ポポリン")["text"]


def test_what_is_not_ours_is_refused_and_leaves_the_list(office: Office) -> None:
    office.say("ポポリン")
    made = office.teach("out_of_scope", "ポポリン")
    assert office.teaching.work_list() == () and made.outcome["ids"] == ["r.other"]
    assert "お答えできません" in office.say("ポポリン")["text"]
    assert office.teaching.work_list() == ()


def test_an_answer_called_wrong_is_kept_with_its_question(office: Office) -> None:
    office.say("扇風機を捨てたい")
    assert "お役に立てず" in office.say("役に立たなかった")["text"]
    assert [(one.text, one.why) for one in office.questions()] == [("扇風機を捨てたい", "corrected")]


def test_one_press_under_an_answer_says_it_was_not_it_and_offers_what_is_near_and_a_person(office: Office) -> None:
    office.say("領収書はもらえますか")
    assert office.sent()[-1]["doubt"] == "ちがう答えだった"
    buttons = office.say("ちがう答えだった")["buttons"]
    assert buttons[-2:] == ["人に聞く", "わかったら知らせて"] and len(buttons) >= 3 and "領収書はもらえますか" not in buttons
    assert [(one.text, one.why) for one in office.questions()] == [("領収書はもらえますか", "corrected")]


@pytest.mark.parametrize("said", ["ポポリンを捨てたい", "ソファを捨てたい", "胸が苦しい", "写真が送れない"])
def test_nothing_but_a_stated_answer_is_open_to_doubt(office: Office, said: str) -> None:
    assert "ちがう答えだった" not in str(office.say(said))


@pytest.mark.parametrize("danger", ["もう死にたい", "料理の作り方を教えて"])
def test_dangers_and_what_is_merely_not_ours_are_not_kept(office: Office, danger: str) -> None:
    """Control: the same chat keeps an ordinary unknown word."""
    office.say(danger)
    assert office.questions() == []
    office.say(ASKED)
    assert [one.text for one in office.questions()] == [ASKED]


def test_an_unsent_message_leaves_no_question(office: Office) -> None:
    office.say(ASKED)
    with office.database.writing() as session:
        writer = session.exec(select(Account)).one()
        unanswered.forget(session, "somebody else", "e1")
        assert len(session.exec(select(UnansweredQuestion)).all()) == 1
        unanswered.forget(session, writer.id, "e1")
    assert office.questions() == []


def test_after_a_day_nothing_tells_whose_question_it_was(office: Office) -> None:
    office.say(ASKED)
    with office.database.writing() as session:
        unanswered.purge(session, NOW + timedelta(days=2))
    assert [(one.asker, one.origin) for one in office.questions()] == [("", "")]
    with office.database.writing() as session:
        assert unanswered.purge(session, NOW + timedelta(days=91)) == 1


def test_every_deed_is_written_down_without_words(office: Office) -> None:
    office.say(ASKED)
    made = office.teach("alias", "ポポリン", "S00246")
    office.teaching.undo(made.number or 0, 1)
    with office.database.reading() as session:
        assert [(one.action, one.subject_id) for one in last_entries(session)] == [("learned_undone", "1"), ("learned_alias", "1")]


def test_a_lesson_that_changes_another_answer_shows_it(office: Office) -> None:
    office.say(ASKED)
    made = office.teach("alias", "ソファ", "S00246")
    assert "ソファを捨てたい" in [one["q"] for one in made.changes]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("田中花子のいすを捨てたい", "＊＊＊のいすを捨てたい"),
        ("神田1丁目2番3号のマンションです", "＊＊＊のマンションです"),
        ("03-1234-5678に電話して", "＊＊＊に電話して"),
        ("私は鈴木といいます", "私は＊＊＊といいます"),
        ("いすを3脚捨てたい", "いすを3脚捨てたい"),
    ],
)
def test_names_addresses_and_numbers_are_not_kept(said: str, kept: str) -> None:
    assert masked_words(said, Readings()) == kept


def test_another_workers_lesson_is_taken_in(office: Office, understanding: Understanding) -> None:
    other = Growing(office.database, understanding)
    office.say(ASKED)
    office.teach("alias", "ポポリン", "S00246")
    request, _ = other.renew().understand(ASKED, Talk(), NOW)
    assert (request.action, request.ids) == ("answer", ("S00246",))
