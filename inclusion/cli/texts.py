"""The commands that look at what we write: without them hard words and wrong readings are found only by whoever stumbles over them."""

from __future__ import annotations

import csv
import re
import sys
from typing import Annotated, Final

import typer

from accessibility.plain_japanese import findings
from inclusion.cli.common import ANSWER_IS_NO, CALL_WAS_WRONG, TownOption, settings_of, town_of
from inclusion.web.staff.reading_review import ReadingReview

JAPANESE: Final = re.compile(r"[ぁ-ヺ一-鿿]")
HEADER: Final = ("written", "shown", "other", "where", "sentence")


def register(app: typer.Typer) -> None:
    """Add these commands to the `inclusion` command."""
    app.command(name="plain")(plain)
    app.command(name="review-readings")(review_readings)


def plain(text: Annotated[str, typer.Argument(help="A Japanese text, in quotation marks.")]) -> None:
    """やさしい日本語かどうかを調べ、難しい所と言い換えを知らせます。 Say what makes a Japanese text hard."""
    if not JAPANESE.search(text):
        typer.echo('日本語の文がありません。調べる文を " で囲んで書いてください。例: inclusion plain "ごみは 朝8時までに 出します。"')
        raise typer.Exit(CALL_WAS_WRONG)
    found = findings(text)
    for finding in found:
        typer.echo(str(finding))
    hard = sum(finding.strict for finding in found)
    typer.echo(f"直す所が {hard} あります。" if hard else "やさしい日本語の規則に合っています。")
    if hard < len(found):
        typer.echo(f"もっとやさしくできる所が {len(found) - hard} あります（・の行。直さなくても出せます）。")
    raise typer.Exit(ANSWER_IS_NO if hard else 0)


def review_readings(town: TownOption = None) -> None:
    """読み方が分かれた言葉を表（CSV）で出します。 List the words of the town's own texts that two engines read differently."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(HEADER)
    for one in ReadingReview(town_of(settings_of(town))).of_the_pack():
        rows.writerow((one.written, one.shown, one.other, one.where, one.sentence))
