"""From one turn of a conversation to a Request and the talk that follows it: the pipeline, in the order it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from accessibility import Readings
from inclusion.municipalities import Town

from .agreeing import agrees
from .alongside import with_unknown_beside
from .asking import announces, plainly_asked
from .believing import DOUBTED, doubted
from .class_asked import class_asked
from .confidence import Channel, Confidence
from .deciding import Deciding
from .evidence import evidence
from .faqs import FaqFinder, Guess
from .festivals import festivals_asked
from .followups import follows_up
from .guarding import URGENT, Guard, Refusal
from .lexicon import Lexicon, folded_word
from .linking import Linked, link
from .normalising import fold_kana, is_speech
from .overhearing import overhear
from .parts import with_parts
from .phone_help import PhoneTopics, begun_again, step_said
from .pointing import pointed_out
from .request import Request
from .second_opinion import SecondOpinion
from .sentence import Sentence, read
from .sounds import Ear, by_its_sound, sound_of
from .talk import Talk, started_over
from .telephone import OTHER_OFFICE, Telephone
from .thing_ear import thing_put_right
from .things import Describing, Thing
from .topic_ear import TopicEar
from .uses import with_uses
from .whole_sets import with_sets
from .wishes import START_OVER, Wish, learnt_wish, lesson, live, setting

UNKNOWN = ("r.unknown",)
CHAT = "r.chitchat"
GO_ON = "go_on"  # the text for who only says that a question will come
CLASSES = "f.sp_signup"  # what a talk is about behind the list of classes
PLAIN = 0.97  # how sure we say we are of a question that is nothing but words of ours
SHADE_OF_DANGER = 0.08  # with so much of it in a sentence no answer is stated outright
TALK_LANGUAGES = {"zh": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Understanding:
    """Understands what residents of one town say. Built once, shared between threads."""

    town: Town
    readings: Readings
    lexicon: Lexicon
    ear: Ear
    guard: Guard
    second_opinion: SecondOpinion
    describing: Describing
    faqs: FaqFinder
    deciding: Deciding
    phone: PhoneTopics
    topic_ear: TopicEar
    telephone: Telephone
    taught: Mapping[str, str] = field(default_factory=dict)
    confidence: Confidence = field(default_factory=Confidence.bundled)

    @classmethod
    def of(cls, town: Town, readings: Readings | None = None) -> Self:
        """Everything that is built once for a town."""
        readings = readings or Readings({place.name: place.reading for place in town.places})
        lexicon = Lexicon(town)
        ear = Ear(lexicon)
        describing = Describing(town)
        faqs = FaqFinder(town, readings)
        deciding = Deciding(town, describing, faqs, ear)
        topics = PhoneTopics(town), TopicEar(town, readings), Telephone.of(town)
        readings.let_go()  # the names of a town are read here and there in the whole dictionary
        return cls(town, readings, lexicon, ear, Guard(town), SecondOpinion.of(town), describing, faqs, deciding, *topics)

    def wake(self) -> None:
        """Open the sentence encoder, so that the first who asks need not wait a second for it."""
        self.faqs.topics.meaning.of(["？"])

    def understand(self, text: str, talk: Talk, now: datetime, sure: bool = True, channel: Channel = "typed") -> tuple[Request, Talk]:
        """What this turn asks for, and the talk to keep for the next one. What was not heard for `sure` is put as a question.

        `channel` tells how the words came: what was spoken must be surer to be answered.
        """
        sentence = read(text, self.readings, self.lexicon)
        before = replace(talk.fresh_at(now), language=_language(sentence, talk))
        if named := pointed_out(sentence, before, self.town):
            sentence = read(named, self.readings, self.lexicon)
        request, talk = self._understood(sentence, before, channel)
        request, talk = (
            self._heard_again(sentence, before, channel) or (request, talk)
            if request.ids == UNKNOWN and not request.guard
            else (request, talk)
        )
        request, talk = (request, talk) if sure else doubted(request, talk, before)
        others = tuple(one for one in request.suggestions if one not in request.ids) if request.action == "confirm" else ()
        return self._said_of(request, sentence, talk), replace(talk, offered=others)

    def _said_of(self, request: Request, sentence: Sentence, talk: Talk) -> Request:
        """The request with its language, the class that was asked about, and without calling a word unknown that the town has."""
        unknown = tuple(word for word in request.unknown if folded_word(word) not in self.lexicon.entries)
        return replace(request, language=talk.language, unknown=unknown, asked_class=class_asked(sentence))

    def _understood(self, sentence: Sentence, talk: Talk, channel: Channel) -> tuple[Request, Talk]:
        if not is_speech(sentence.text):
            return Request("refuse", ("r.unknown",), guard="nothing_said", confidence=0.0), talk
        if talk.following is None and (changed := self.deciding.pointed_at_the_last(sentence, talk)):
            return changed
        if announces(sentence):
            return Request("refuse", (CHAT,), guard=GO_ON), talk
        if wish := setting(sentence):
            if START_OVER in wish.ids:
                return begun_again(talk) or started_over(talk)
            return self.phone.refined(sentence, _wished(wish), talk)
        linked, things = self._things(sentence, talk)
        first, whole = self.guard.refusal(sentence), self.faqs.best(sentence)
        if ours := self._in_our_own_words(sentence, first, talk):
            return ours
        if refusal := self._refused(first, sentence, linked, whole, talk):
            return Request("refuse", (refusal.id,), guard=refusal.rule), talk
        talk = replace(talk, following=None)
        if faq := self.taught.get(sound_of(sentence), "") if self.taught else "":
            return _asked_exactly((faq,), talk)
        if wish := live(sentence) or lesson(sentence):
            return _wished(wish), replace(talk, question=None, waiting=(), topic=self._topic_behind(wish, talk))
        free = talk.question is None and not linked.mentions
        if free and (wish := learnt_wish(whole, sentence)) and not self._means_otherwise(wish, sentence, linked, things, talk):
            return self.phone.refined(sentence, _wished(wish), replace(talk, question=None, waiting=()), whole)
        request, after = self.deciding.decide(sentence, linked, things, talk, whole)
        if not _only_named(sentence, request, things):
            request, after = self.phone.refined(sentence, request, after, whole)
        return self._believed(request, after, sentence, linked, things, whole, talk, channel)

    def _topic_behind(self, wish: Wish, talk: Talk) -> tuple[str, ...]:
        return (CLASSES,) if wish.action == "lesson" and CLASSES in self.town.faqs else talk.topic

    def _in_our_own_words(self, sentence: Sentence, first: Refusal | None, talk: Talk) -> tuple[Request, Talk] | None:
        """What needs no guess: a step of an explanation, a way of asking that is written beside an answer; never over a danger."""
        if first is None and (step := step_said(sentence, talk)):
            return step
        if first is not None and first.id in URGENT:
            return None
        if faq := self.faqs.exactly(sentence):
            return _asked_exactly((faq,), talk)
        if first is None and (festivals := festivals_asked(sentence, self.town)):
            return _asked_exactly(festivals, talk)
        if first is None and talk.question is None and (faq := follows_up(sentence, talk, self.town)):
            return _asked_exactly((faq,), talk)
        topic = self.phone.exactly(sentence)
        return self.phone.started(topic, talk) if topic else None

    def _means_otherwise(self, wish: Wish, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> bool:
        """Whether what sounds like a wish is a yes, one of our own sentences about telephones, or about the things the talk holds."""
        if agrees(sentence, talk) or (START_OVER in wish.ids and not (talk.basket or talk.waiting)):
            return True
        return self.phone.knows(sentence) or self.deciding.changes_what_is_held(sentence, linked, things, talk)

    def _refused(self, first: Refusal | None, sentence: Sentence, linked: Linked, whole: Guess, talk: Talk) -> Refusal | None:
        """What the guard and the model together refuse; a yes to our question is no chat."""
        refusal = self.second_opinion.on(first, sentence, linked, whole)
        return None if refusal and refusal.id == CHAT and agrees(sentence, talk) else refusal

    def _believed(
        self,
        request: Request,
        talk: Talk,
        sentence: Sentence,
        linked: Linked,
        things: tuple[Thing, ...],
        whole: Guess,
        before: Talk,
        channel: Channel,
    ) -> tuple[Request, Talk]:
        """The request, put as a question where this channel's words do not make it sure enough."""
        if self.telephone.of_another(sentence, request.ids[0] if request.ids else ""):
            return Request("refuse", self.telephone.refused_as, guard=OTHER_OFFICE), before
        if request.action not in DOUBTED or _asked_for(request, things, before):
            return request, talk
        signs = evidence(request, sentence, linked, things, whole, self.faqs, bool(before.last_at and (before.topic or before.basket)))
        sureness = self.confidence.of(signs, channel)
        if signs.about != "faq" and (linked.unknown or self.describing.denies_unknown(sentence, linked)):
            return doubted(replace(request, confidence=sureness), talk, before)
        if signs.about == "faq" and (whole.danger >= SHADE_OF_DANGER or self._is_about_another(request.ids[0], linked)):
            return doubted(replace(request, confidence=sureness), talk, before)
        plain = plainly_asked(sentence, things) if signs.about != "faq" else bool(signs.values["only_topic"])
        if plain or self.confidence.suffices(signs, sureness, channel):
            return replace(request, confidence=max(sureness, PLAIN) if plain else sureness), talk
        return doubted(replace(request, confidence=sureness), talk, before)

    def _is_about_another(self, faq: str, linked: Linked) -> bool:
        """杖をもらえますか: whether a thing was named that nothing is thrown away of, and this written answer does not speak of it."""
        return not linked.mentions and any(not self.faqs.speaks_of(faq, fold_kana(word)) for word in linked.unknown)

    def _heard_again(self, sentence: Sentence, before: Talk, channel: Channel) -> tuple[Request, Talk] | None:
        """What means nothing as it is written, as it sounds: without spaces, a name of ours put right, else the whole in kana; then
        put as a question. A danger is never only asked about."""
        unspaced = sentence.unspaced if sentence.unspaced != sentence.folded else None
        put_right = thing_put_right(sentence, self.ear, self.readings)
        for text in (unspaced, put_right, self.topic_ear.corrected(sentence), by_its_sound(sentence)):
            if text is None:
                continue
            again = read(text, self.readings, self.lexicon)
            request, talk = self._understood(again, before, channel)
            if text == unspaced and request.ids[0] in URGENT:
                return request, talk
            if request.action in DOUBTED or request.action == "confirm":
                return doubted(request, talk, before)
        return None

    def _things(self, sentence: Sentence, talk: Talk) -> tuple[Linked, tuple[Thing, ...]]:
        linked = overhear(sentence, with_uses(sentence, link(sentence, self.lexicon), self.lexicon), self.ear, self.readings)
        linked = with_parts(sentence, with_sets(sentence, linked, self.lexicon), self.lexicon, talk)
        linked = with_unknown_beside(sentence, linked, self.faqs.any_speaks_of)
        return linked, self.describing.things(sentence, linked)


def _only_named(sentence: Sentence, request: Request, things: tuple[Thing, ...]) -> bool:
    """アンテナ, 三脚: the name of a thing and nothing else, so no trouble with a telephone."""
    return bool(request.items or request.question) and plainly_asked(sentence, things)


def _wished(wish: Wish) -> Request:
    return Request(wish.action, wish.ids)


def _asked_exactly(faqs: tuple[str, ...], talk: Talk) -> tuple[Request, Talk]:
    """In words that are written beside these FAQ, or were taught as asking for them."""
    return Request("faq", faqs), replace(talk, topic=faqs[:1], confirming=(), question=None, waiting=(), following=None)


def _asked_for(request: Request, things: tuple[Thing, ...], before: Talk) -> bool:
    """Whether this is what somebody just said yes to, or answered our own question with."""
    named = any(one[:2] in ("f.", "h.") for one in request.ids)
    return (not things and not named) or request.ids == before.confirming


def _language(sentence: Sentence, talk: Talk) -> str:
    """The language of this turn; a number or a single sign does not change the language of the talk."""
    if talk.following is not None and len(sentence.text) < 12:
        return talk.language  # "iPhone" answers our question and is no English
    if len(sentence.text) < 4 or not any(sign.isalpha() for sign in sentence.text):
        return talk.language
    return TALK_LANGUAGES.get(sentence.language, sentence.language)
