"""The `inclusion` command: everything a town's staff start from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from accessibility import LANGUAGES, AccessibilityError, Answer, Preferences, Rendered
from accessibility.hearing import Heard
from bots import DeliveryError
from bots.console import converse
from inclusion import cli_evaluation, cli_roster, cli_texts, cli_towns, cli_voice
from inclusion.audit import record
from inclusion.many_towns import SameName, each_town, settings_for
from inclusion.municipalities import Finding, Town, TownPackBroken, check_town, count_fee_checks, load_town
from inclusion.settings import Settings
from inclusion.staff_accounts import ROLES, StaffError, create_staff
from inclusion.turn import Memory, Turn, not_heard, take_turn
from inclusion.understanding import Understanding
from inclusion.web.live_publishing import publish_forever, ticket_for
from inclusion.web.polling import poll_forever
from inclusion.web.serving import deliver_forever, open_migrated_database, port_is_free, serve_forever
from streaming import StreamingError
from streaming.admission import Act

CALL_WAS_WRONG = 2
ANSWER_IS_NO = 1

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
cli_towns.register(app)
cli_texts.register(app)
cli_roster.register(app)
cli_evaluation.register(app)

TownOption = Annotated[str | None, typer.Option("--town", help="A bundled town's name, or a folder with a town pack.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
    town: Annotated[list[str] | None, typer.Option("--town", help="A town; given several times, all of them on this server.")] = None,
    deliver: Annotated[bool, typer.Option(help="Also send what is waiting in the outbox.")] = True,
) -> None:
    """Serve the web page, the API and the webhooks."""
    if not port_is_free(host, port):
        _stop(f"Port {port} on {host} is in use or not allowed. Stop what runs there, or choose another: --port {port + 1}")
    first, *more = town or [""]
    settings = _settings(first, more)
    for one in _each_town(settings):
        _town(one)
    serve_forever(settings, host, port, workers, deliver)


@app.command()
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
        _stop(f"--language must be one of {', '.join(LANGUAGES)}; '{language}' is not.")
    talker = _talker(town, Preferences(language=language, easy=plain))
    try:
        said = cli_voice.said(texts or [], audio, speak, _settings(town), talker.town, language)
    except (AccessibilityError, ValueError) as refused:
        _stop(str(refused))
    turn = [talker.say(text) for text in said][-1]
    typer.echo(json.dumps(_as_json(turn), ensure_ascii=False) if as_json else turn.rendered.text)
    try:
        cli_voice.speak_to(speak, turn, talker.town)
    except (AccessibilityError, OSError) as refused:
        _stop(f"The spoken answer was not written: {refused}")
    raise typer.Exit(ANSWER_IS_NO if turn.answer.action == "refuse" else 0)


@app.command()
def chat(town: TownOption = None) -> None:
    """Talk with the bot in this terminal."""
    talker = _talker(town, Preferences())
    converse(input, typer.echo, lambda text: talker.say(text).rendered)


@app.command(name="check-town")
def check_town_command(town: Annotated[str, typer.Argument(help="A bundled town's name, or a folder.")]) -> None:
    """町のデータの間違いを、ファイル・行・列と直し方で知らせます。 Report every mistake in a town's data."""
    try:
        findings = check_town(town, datetime.now(UTC).date())
        fees = count_fee_checks(town)
    except FileNotFoundError as missing:
        _stop(str(missing))
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(_verdict(findings))
    typer.echo(fees.sentence())
    for line in cli_towns.told_changes(town):
        typer.echo(line)
    raise typer.Exit(ANSWER_IS_NO if any(finding.severity == "error" for finding in findings) else 0)


@app.command()
def migrate() -> None:
    """Bring the database to the newest form."""
    for one in _each_town(_settings(None)):
        open_migrated_database(one)
    typer.echo("The database is up to date.")


@app.command()
def deliver(town: TownOption = None) -> None:
    """Send what waits in the outbox, until stopped."""
    deliver_forever(_settings(town))


@app.command(name="rich-menu")
def rich_menu(
    town: TownOption = None,
    font: Annotated[Path | None, typer.Option(help="A Japanese font file; otherwise one of this machine's is taken.")] = None,
) -> None:
    """Draw the menus under the LINE chat in every language and put them in place; run it again after changing their words."""
    from inclusion.menu_pictures import NoFont, set_up_menus  # optional heavy engine: the drawing library, for this command only

    settings = _settings(town)
    if not settings.line_on:
        _stop("LINE is off. Set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN (or LINE_CHANNEL_ID) first.")
    try:
        made = set_up_menus(settings, open_migrated_database(settings), _town(settings).messages, font, datetime.now(UTC))
    except (NoFont, DeliveryError) as refused:
        _stop(str(refused))
    typer.echo(f"Menus are in place: {', '.join(made)}.")


@app.command(name="telegram-poll")
def telegram_poll(town: TownOption = None) -> None:
    """Answer on Telegram from a machine without a public address (for development); takes the webhook away."""
    settings = _settings(town)
    if not settings.telegram_on:
        _stop("Telegram is off. Set TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET first.")
    poll_forever(settings)


@app.command(name="add-staff")
def add_staff(
    login: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(prompt="Name shown to colleagues")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(sorted(ROLES)))] = "admin",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    town: TownOption = None,
) -> None:
    """Let a member of staff sign in at /staff. The first one should be an administrator."""
    try:
        create_staff(open_migrated_database(_settings(town)), login, name, password, (role,), datetime.now(UTC), witness=record)
    except StaffError as refused:
        _stop(str(refused))
    typer.echo(f"'{login}' can now sign in at /staff.")


@app.command()
def publish(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A film to play over and over.")] = None,
    room: Annotated[str, typer.Option(help="The room viewers open at /live/ROOM.")] = "rehearsal",
    sample: Annotated[bool, typer.Option("--sample", help="Publish the sample festival instead of a file.")] = False,
    to: Annotated[str, typer.Option(help="The server; empty means PUBLIC_URL.")] = "",
) -> None:
    """Publish a film or the sample festival into a live room, until Ctrl-C."""
    if (file is None) != sample:
        _stop("Name a film to publish, or write --sample; one of the two.")
    settings = _settings(None)
    try:
        publish_forever(settings, room, file, to or settings.public_url, typer.echo)
    except (OSError, StreamingError) as refused:
        _stop(f"The room '{room}' could not be published: {refused}")


@app.command(name="live-ticket")
def live_ticket(
    room: Annotated[str, typer.Argument(help="The room the ticket is for.")],
    act: Annotated[Act, typer.Option(help="watch, publish, or host (may also take over).")] = "publish",
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="How long it is good for.")] = 12,
) -> None:
    """Print a signed ticket, for OBS's Bearer Token field for example."""
    try:
        typer.echo(ticket_for(_settings(None), room, act, hours))
    except StreamingError:
        _stop(f"'{room}' cannot be a room's name: small letters, digits and hyphens, at most 40.")


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
            return not_heard("not_heard", self.memory, self.town, self.now())
        turn = take_turn(words.text, self.memory, self.town, self.understanding, self.now(), sure=words.sure)
        self.memory = turn.memory
        return turn


def main() -> None:
    app()


def _talker(town: str | None, preferences: Preferences) -> Talker:
    loaded = _town(_settings(town))
    return Talker(loaded, Understanding.of(loaded), Memory(preferences=preferences), lambda: datetime.now(UTC))


def _settings(town: str | None, more: Sequence[str] = ()) -> Settings:
    """As the environment says, for the town the command line names; `more` towns on the same server replace INCLUSION_MORE_TOWNS."""
    try:
        settings = Settings()
        if more:
            return settings.model_copy(update={"inclusion_town": town, "inclusion_more_towns": ",".join(more)})
        return settings_for(settings, town) if town else settings
    except ValidationError as wrong:
        _stop("; ".join(f"{'.'.join(map(str, one['loc'])).upper()} {one['msg']}".strip() for one in wrong.errors()))
    except SameName as twice:
        _stop(str(twice))


def _each_town(settings: Settings) -> Sequence[Settings]:
    try:
        return each_town(settings)
    except (ValidationError, SameName) as wrong:
        _stop(f"The towns cannot be served side by side. {wrong}")


def _town(settings: Settings) -> Town:
    try:
        return load_town(settings.inclusion_town)
    except (TownPackBroken, FileNotFoundError) as broken:
        _stop(f"{broken}\nRun `inclusion check-town {settings.inclusion_town}` to see every mistake.")


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


def _verdict(findings: tuple[Finding, ...]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    return f"間違い {errors} 件、注意 {warnings} 件。" if errors or warnings else "間違いはありません。"


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(CALL_WAS_WRONG)
