"""A conversation in a terminal: the same answers without any phone; without it the platform could not be tried by typing.

What is asked and how it is answered comes from outside, so this file knows only lines in and lines out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from accessibility import Choice, Rendered

PROMPT = "> "
QUIT = "q"


def converse(read_line: Callable[[str], str], write: Callable[[str], object], answer: Callable[[str], Rendered]) -> None:
    """Talk until "q" or the end of input. A number picks the choice that stands beside it; everything else is said as typed."""
    choices: tuple[Choice, ...] = ()
    while True:
        try:
            typed = read_line(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if typed.casefold() == QUIT:
            return
        if not typed:
            continue
        rendered = answer(said_by(typed, choices))
        choices = rendered.choices
        write(shown(rendered))


def said_by(typed: str, choices: tuple[Choice, ...]) -> str:
    """What the resident says by typing: a choice's words for its number (full-width too), otherwise the text itself."""
    number = unicodedata.normalize("NFKC", typed)
    if number.isdecimal() and len(number) < 4 and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1].says
    return typed


def shown(rendered: Rendered) -> str:
    """The whole answer with its choices numbered; help by a person stands among them like everywhere."""
    numbered = [f"  {number}. {choice.label}" for number, choice in enumerate(rendered.choices, start=1)]
    return "\n".join([rendered.text, *numbered, ""])
