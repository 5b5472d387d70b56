"""What a skill may look at while it answers: the town, the person's preferences, the clock. Skills get it instead of globals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from accessibility import Answer, Phone, Preferences
from inclusion import written
from inclusion.classes.upcoming import Upcoming, nothing_planned
from inclusion.knowledge import phones
from inclusion.live.upcoming import LiveOnNow, no_programme
from inclusion.municipalities import Town


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn's surroundings. `last` is the answer given before, for "once more"."""

    town: Town
    preferences: Preferences
    language: str
    now: datetime
    last: Answer | None = None
    upcoming: Upcoming = nothing_planned
    live: LiveOnNow = no_programme

    def say(self, message_id: str, **values: object) -> str:
        """A fixed sentence in the person's language. Raises accessibility.MessageMissing or MessageBroken."""
        return self.town.messages.say(message_id, self.language, self.preferences.easy, **values)

    def only_japanese(self) -> tuple[str, ...]:
        """Until staff translate what the town wrote, someone who does not read Japanese is told so in their own language."""
        return () if self.language == "ja" else (self.say("faq.only_japanese"),)

    def own(self, text: str) -> str:
        """A sentence or a name of the town's own, translated where somebody has translated it."""
        return self.town.own_name(text, self.language, self.preferences.easy)

    def named(self, text: str) -> str:
        """A name of the town's own, translated, with the Japanese beside it that stands at the door."""
        return self.town.named(text, self.language, self.preferences.easy)

    def phones(self, contact_ids: Iterable[str]) -> tuple[Phone, ...]:
        """Whom to call and when, in the person's language. Not for danger: its texts are said as they were reviewed."""
        return tuple(replace(one, label=self.named(one.label), hours=self.own(one.hours)) for one in phones(self.town, contact_ids))

    def drafted(self, texts: Iterable[str]) -> tuple[str, ...]:
        """A note where words of the town are shown that a machine translated and nobody has checked."""
        draft = any(self.town.is_draft(text, self.language, self.preferences.easy) for text in texts)
        return (self.say("faq.draft"),) if draft else ()

    def only_japanese_where(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The same note, only where one of these sentences of the town is not translated."""
        return self.only_japanese() if any(self.town.own_words(text, self.language) is None for text in texts) else ()

    def yen(self, amount: int) -> str:
        """An amount as people write it: 1,600円, ¥1,600."""
        return self.say("waste.yen", amount=written.amount(amount, self.language))
