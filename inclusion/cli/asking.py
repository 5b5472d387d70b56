"""The commands that talk with the bot in a terminal; without them an answer could only be tried with a server running."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from accessibility import LANGUAGES, AccessibilityError, Answer, Preferences, Rendered
from accessibility.hearing import Heard
from bots.console import converse, shown
from inclusion.cli import voice as cli_voice
from inclusion.cli.common import ANSWER_IS_NO, TownOption, settings_of, stop, town_of
from inclusion.municipalities import Town
from inclusion.turn import Memory, Turn, not_heard, take_turn
from inclusion.understanding import Understanding


def register(app: typer.Typer) -> None:
    """Add these commands to the `inclusion` command."""
    app.command()(ask)
    app.command()(chat)


def ask(
    texts: Annotated[list[str] | None, typer.Argument(help="What the resident says; several are the turns of one conversation.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, as the API gives it.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Answer in easy Japanese.")] = False,
    language: Annotated[str, typer.Option(help="Language of the answer: " + ", ".join(LANGUAGES))] = "ja",
    audio: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A recording to hear as the last turn.")] = None,
    speak: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the spoken answer here (.m4a, .ogg or .wav).")] = None,
    town: TownOption = None,
) -> None:
    """Ask as a resident would, and print the answer."""
    if language not in LANGUAGES:
        stop(f"--language must be one of {', '.join(LANGUAGES)}; '{language}' is not.")
    talker = _talker(town, Preferences(language=language, easy=plain))
    try:
        cli_voice.check(texts or [], audio, speak)
        turns = [talker.say(text) for text in texts or []]
        turn = turns[-1] if audio is None else talker.say(cli_voice.heard_in(audio, settings_of(town), talker.town, talker.memory))
    except (AccessibilityError, ValueError) as refused:
        stop(str(refused))
    typer.echo(json.dumps(_as_json(turn), ensure_ascii=False) if as_json else shown(turn.rendered).rstrip())
    try:
        cli_voice.speak_to(speak, turn, talker.town)
    except (AccessibilityError, OSError) as refused:
        stop(f"The spoken answer was not written: {refused}")
    raise typer.Exit(ANSWER_IS_NO if turn.answer.action == "refuse" else 0)


def chat(town: TownOption = None) -> None:
    """Talk with the bot in this terminal."""
    talker = _talker(town, Preferences())
    converse(input, typer.echo, lambda text: talker.say(text).rendered)


@dataclass
class Talker:
    """One conversation in this process, without a database."""

    town: Town
    understanding: Understanding
    memory: Memory
    now: Callable[[], datetime]

    def say(self, said: str | Heard) -> Turn:
        """One turn, typed or heard; what was heard only by half is put as a question, as on every channel."""
        talk = self.memory.talk
        words = cli_voice.believed(said, lambda text: self.understanding.understand(text, talk, self.now())[0])
        if not words.clear:
            return not_heard("too_noisy" if words.drowned else "not_heard", self.memory, self.town, self.now())
        turn = take_turn(words.text, self.memory, self.town, self.understanding, self.now(), sure=words.sure)
        self.memory = turn.memory
        return turn


def _talker(town: str | None, preferences: Preferences) -> Talker:
    loaded = town_of(settings_of(town))
    return Talker(loaded, Understanding.of(loaded), Memory(preferences=preferences), lambda: datetime.now(UTC))


def _as_json(turn: Turn) -> dict[str, object]:
    return {"action": turn.answer.action, **_contract(turn.answer), **_words(turn.rendered)}


def _contract(answer: Answer) -> dict[str, object]:
    sources = [{"title": s.title, "url": s.url, "checked_on": s.checked_on, "verified": s.verified} for s in answer.sources]
    return {
        "ids": list(answer.ids),
        "counts": dict(answer.counts),
        "total_yen": answer.total_yen,
        "choices": [{"label": choice.label, "says": choice.says} for choice in answer.choices],
        "sources": sources,
        "confidence": answer.confidence,
    }


def _words(rendered: Rendered) -> dict[str, str]:
    return {"text": rendered.text, "spoken": rendered.spoken}
