"""The commands that make, check and hand on towns; without them only a programmer could bring a second municipality in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inclusion.cli.common import ANSWER_IS_NO, TownOption, settings_of, stop, town_of
from inclusion.learning.own_questions import AnswerChange, changed_answers, remember_answers
from inclusion.municipalities import (
    AreaUnknown,
    Finding,
    ImportRefused,
    Town,
    TownPackBroken,
    check_town,
    count_fee_checks,
    next_collections,
)
from inclusion.municipalities.exporting import area_calendar, schema_org, standard_csv
from inclusion.municipalities.importing import FORMATS, Wishes, import_town, new_town
from inclusion.understanding import learn, learn_trunk

ToFolder = Annotated[Path, typer.Option("--to", help="The folder to make (new or empty).")]
ToFile = Annotated[Path | None, typer.Option("--to", help="The file to write; without it the text is printed.")]
AreaOption = Annotated[str, typer.Option(help="The area as collections.csv writes it.")]

export_app = typer.Typer(no_args_is_help=True, help="町のデータを、ほかの形で書き出します。 Hand on what we know in forms others read.")


def register(app: typer.Typer) -> None:
    """Add these commands to the `inclusion` command."""
    app.command(name="check-town")(check_town_command)
    app.command(name="import-town")(import_town_command)
    app.command(name="new-town")(new_town_command)
    app.command(name="collections")(collections_command)
    app.command(name="remember-answers")(remember_answers_command)
    app.command(name="learn")(learn_command)


def check_town_command(town: Annotated[str, typer.Argument(help="A bundled town's name, or a folder.")]) -> None:
    """町のデータの間違いを、ファイル・行・列と直し方で知らせます。 Report every mistake in a town's data."""
    try:
        findings = check_town(town, datetime.now(UTC).date())
        fees = count_fee_checks(town)
    except FileNotFoundError as missing:
        stop(str(missing))
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(_verdict(findings))
    typer.echo(fees.sentence())
    for line in told_changes(town):
        typer.echo(line)
    raise typer.Exit(ANSWER_IS_NO if any(finding.severity == "error" for finding in findings) else 0)


def import_town_command(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="One of: " + ", ".join(FORMATS))],
    path: Annotated[Path, typer.Argument(help="The file, or the folder that holds the files.")],
    to: ToFolder,
    name: Annotated[str, typer.Option(help="The town's name, where the files do not tell it: 市川市")] = "",
    code: Annotated[str, typer.Option(help="The six-digit code of the municipality.")] = "",
    phone: Annotated[str, typer.Option(help="The number residents should call.")] = "",
    as_of: Annotated[str, typer.Option(help="Day or month of the data: 2026-11")] = "",
    swap: Annotated[bool | None, typer.Option(help="Exchange the columns of name and category (judged when not given).")] = None,
    only_calendar: Annotated[bool, typer.Option("--only-calendar", help="5374: leave the dictionary out.")] = False,
) -> None:
    """ほかの形式のデータから町を作り、直したところと確かめることを知らせます。 Make a town from published files."""
    if form not in FORMATS:
        stop(f"『{form}』という形式はありません。使えるのは {'、'.join(FORMATS)} です。")
    try:
        report = import_town(form, path, to, _now().date(), Wishes(name, code, phone, as_of, swap, only_calendar))
    except ImportRefused as refused:
        typer.echo(f"取り込みませんでした。{refused}", err=True)
        raise typer.Exit(ANSWER_IS_NO) from None
    typer.echo(report.summary())
    question = "収集日はいつ？" if report.rules else f"{report.sample}は何ごみ？"
    typer.echo(f'→ 次は: inclusion check-town {to} ／ inclusion ask --town {to} "{question}"')


def new_town_command(
    slug: Annotated[str, typer.Argument(help="The town's short name in small Latin letters: kosato")],
    to: ToFolder,
    name: Annotated[str, typer.Option(help="The town's name as residents know it.")] = "",
) -> None:
    """新しい町のフォルダーを、書き方の説明つきで作ります。 Start a folder with commented templates."""
    try:
        new_town(slug, to, name)
    except ImportRefused as refused:
        typer.echo(f"作りませんでした。{refused}", err=True)
        raise typer.Exit(ANSWER_IS_NO) from None
    typer.echo(f"{to} を作りました。まず town.toml に町の名前を書いてください。続きは {to / 'README.md'} にあります。")


def collections_command(
    area: AreaOption,
    town: TownOption = None,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many collection days to show.")] = 7,
) -> None:
    """その地区の、これからの収集日を示します。 Show the next collection days of an area."""
    loaded = _town(town)
    try:
        found = next_collections(loaded, area, _now().astimezone(loaded.timezone).date(), days)
    except AreaUnknown as unknown:
        stop(str(unknown))
    for one in found:
        typer.echo(f"{one.day.isoformat()}（{'月火水木金土日'[one.day.weekday()]}） {'、'.join(one.categories)}")
    if not found:
        typer.echo("これから先の収集日がありません。collections.csv に新しい予定を入れてください。")
        raise typer.Exit(ANSWER_IS_NO)


def remember_answers_command(town: Annotated[str, typer.Argument(help="A bundled town's name, or a folder.")]) -> None:
    """今の答えを、町の質問集 questions.jsonl の「あるべき答え」として覚えます。 Store today's answers as the expected ones."""
    number = remember_answers(town, _now())
    if not number:
        stop("questions.jsonl がないか、質問が1つもありません。")
    typer.echo(f"{number}件の答えを覚えました。")


def learn_command(
    town: Annotated[str, typer.Argument(help="A bundled town's name, or a folder.")],
    trunk: Annotated[bool, typer.Option("--trunk", help="First learn the layer that every town shares (developers).")] = False,
) -> None:
    """例文から学び直し、町の topics.npz に書きます（数分）。 Learn anew from the example sentences and store it in the pack."""
    loaded = _town(town)
    if trunk:
        typer.echo(f"{learn_trunk(loaded)}通りの言い方から、どの町にも共通の層を学びました。")
    typer.echo(f"{learn(loaded)}件の例文から学びました。")


def told_changes(town: str) -> list[str]:
    """What `check-town` adds: how the town's own questions are answered now. Nothing where there are none or the pack cannot be read."""
    try:
        asked, changes = changed_answers(town, _now())
    except (TownPackBroken, FileNotFoundError):
        return []
    if not asked:
        return []
    return [*(_told(change) for change in changes), f"町の質問集 {asked}件のうち、答えが変わったもの {len(changes)}件。"]


@export_app.command(name="ical")
def export_ical(area: AreaOption, town: TownOption = None, to: ToFile = None) -> None:
    """収集日を、カレンダーのアプリで読める形（iCalendar）で書き出します。"""
    try:
        _give(area_calendar(_town(town), area, _now()), to)
    except AreaUnknown as unknown:
        stop(str(unknown))


@export_app.command(name="standard")
def export_standard(town: TownOption = None, to: ToFile = None) -> None:
    """分別表を、自治体標準「ごみ分別」の CSV で書き出します。"""
    _give(standard_csv(_town(town)).encode("utf-8-sig"), to)


@export_app.command(name="schema")
def export_schema(town: TownOption = None, to: ToFile = None) -> None:
    """町の窓口・よくある質問・催しを、schema.org の JSON-LD で書き出します。"""
    _give(schema_org(_town(town)).encode("utf-8"), to)


def _told(change: AnswerChange) -> str:
    if change.expected is None:
        return f"【注意】questions.jsonl の{change.line}行目『{change.q}』: あるべき答えがまだありません。いまの答え: {change.got}"
    return f"【注意】questions.jsonl の{change.line}行目『{change.q}』: 答えが変わりました。前: {change.expected} → いま: {change.got}"


def _give(content: bytes, to: Path | None) -> None:
    if to is None:
        typer.echo(content.decode("utf-8-sig"), nl=False)
        return
    to.write_bytes(content)
    typer.echo(f"{to} に書き出しました。")


def _town(town: str | None) -> Town:
    return town_of(settings_of(town))


def _now() -> datetime:
    return datetime.now(UTC)


def _verdict(findings: tuple[Finding, ...]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    return f"間違い {errors} 件、注意 {warnings} 件。" if errors or warnings else "間違いはありません。"
