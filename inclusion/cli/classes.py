"""Classes in and out of the books from a terminal; without it a town could neither publish its timetable nor bring its own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlmodel import col

from inclusion.classes.refusals import sentence
from inclusion.classes.times import class_moment
from inclusion.cli.towns import export_app
from inclusion.database import Database
from inclusion.municipalities import Town, load_town
from inclusion.settings import Settings
from inclusion.staff.audit import record
from inclusion.web.run_time import open_migrated_database
from lessons import (
    BooksNotEmpty,
    BroughtIn,
    LessonError,
    SheetWrong,
    bring_in,
    classes_of,
    read_event_list,
    read_sheets,
    write_event_list,
    write_sheets,
)
from lessons.states import UNSEEN
from lessons.tables import ScheduledSession

ANSWER_IS_NO = 1
CALL_WAS_WRONG = 2

TownOption = Annotated[str | None, typer.Option("--town", help="A bundled town's name, or a folder with a town pack.")]
ToFile = Annotated[Path | None, typer.Option("--to", help="The file to write; without it the text is printed.")]
Given = Annotated[Path, typer.Argument(exists=True, help="The file to read.")]
Folder = Annotated[Path, typer.Argument(file_okay=False, help="The folder of CSV files.")]


def register(app: typer.Typer) -> None:
    """Ours, and ours among the exports."""
    app.command(name="import-events")(import_events)
    app.command(name="import-classes")(import_classes)
    export_app.command(name="events")(export_events)
    export_app.command(name="classes")(export_classes)
    app.add_typer(export_app, name="export")


def export_events(town: TownOption = None, to: ToFile = None) -> None:
    """教室を、自治体標準「イベント一覧」の CSV で書き出します。"""
    settings, database, loaded = _opened(town)
    with database.reading() as session:
        shown = classes_of(session, col(ScheduledSession.state).not_in(UNSEEN))
        text = write_event_list(shown, loaded.code, loaded.name, settings.public_url)
    if to is None:
        typer.echo(text, nl=False)
        return
    to.write_text(text, encoding="utf-8-sig", newline="")
    typer.echo(f"{to} に書き出しました。")


def export_classes(folder: Folder, town: TownOption = None) -> None:
    """講座・会場・教室のすべての列を、フォルダーに CSV で書き出します（人の名前は入りません）。"""
    _, database, _ = _opened(town)
    with database.reading() as session:
        files = write_sheets(session, folder)
    typer.echo(f"{folder} に{len(files)}個のファイルを書き出しました。")


def import_events(
    file: Given,
    town: TownOption = None,
    check: Annotated[bool, typer.Option("--check", help="Only tell what would happen.")] = False,
) -> None:
    """イベント一覧の CSV（新旧どちらの見出しでも）から教室を取り込みます。 Bring classes in from an event list."""
    _, database, loaded = _opened(town)
    now, tz = datetime.now(UTC), str(loaded.timezone)
    try:
        events = read_event_list(_text(file), tz)
        with database.writing() as session:
            done = bring_in(session, events, tz, now)
            record(session, at=now, staff_id=None, action="lesson.import_events", subject_kind="class", subject_id="")
            if check:
                session.rollback()
    except LessonError as refused:
        _no(_sentence(loaded, refused))
    typer.echo(_told(done, loaded, check))
    raise typer.Exit(ANSWER_IS_NO if done.refused else 0)


def import_classes(folder: Folder, town: TownOption = None) -> None:
    """`export classes` で書き出したフォルダーを、教室のないところへ取り込みます。 Bring a whole programme into an empty one."""
    if not folder.is_dir():
        typer.echo(f"{folder} というフォルダーがありません。", err=True)
        raise typer.Exit(CALL_WAS_WRONG)
    _, database, loaded = _opened(town)
    try:
        with database.writing() as session:
            count = read_sheets(session, folder)
            record(session, at=datetime.now(UTC), staff_id=None, action="lesson.import_classes", subject_kind="class", subject_id="")
    except BooksNotEmpty:
        _no("すでに教室、講座か会場があります。空のデータベースに取り込むか、import-events を使ってください。")
    except SheetWrong as refused:
        _no(_sentence(loaded, refused))
    typer.echo(f"{count}行を取り込みました。")


def _opened(town: str | None) -> tuple[Settings, Database, Town]:
    settings = Settings().model_copy(update={"inclusion_town": town} if town else {})
    return settings, open_migrated_database(settings), load_town(settings.inclusion_town)


def _text(file: Path) -> str:
    """UTF-8, or CP932 as spreadsheets save it."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp932")
    except UnicodeDecodeError:
        _no("ファイルの文字を読めません。「CSV UTF-8」で保存し直してください。")


def _told(done: BroughtIn, town: Town, check: bool) -> str:
    lines = [
        f"新しい教室 {len(done.made)}、変わった教室 {len(done.changed)}、同じ教室 {len(done.same)}、取り込めない教室 {len(done.refused)}"
    ]
    lines += [f"{line}行目: {_sentence(town, refused)}" for line, refused in done.refused]
    return "\n".join([*lines, *(["確かめただけで、何も書いていません。"] if check else [])])


def _sentence(town: Town, refused: LessonError) -> str:
    def say(message_id: str, **fills: object) -> str:
        return town.messages.say(message_id, "ja", False, **fills)

    return sentence(refused, say, partial(class_moment, zone=town.timezone, language="ja"))


def _no(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(ANSWER_IS_NO)
