"""Which menu stands under a LINE chat in which language; without it someone who reads Chinese would press Japanese buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, select

from accessibility import LANGUAGES, Messages, Preferences
from bots.line import Button, Tab
from inclusion.database import moment

BUTTONS: Mapping[str, tuple[int, ...]] = {"ask": (1, 2, 3, 4), "change": (5, 6, 7, 8)}
TONGUES = ("ja", "ja-easy", *(language for language in LANGUAGES if language != "ja"))
DEFAULT_TONGUE = "ja"


class RichMenu(SQLModel, table=True):
    """The menu LINE holds for one tongue (its first tab): the command `inclusion rich-menu` writes it, the answering reads it."""

    __tablename__ = "rich_menu"

    tongue: str = Field(primary_key=True)
    menu_id: str
    made_at: datetime = Field(sa_column=moment())


def tongue_of(preferences: Preferences) -> str:
    """Easy Japanese has a menu of its own."""
    return "ja-easy" if preferences.easy and preferences.language == "ja" else preferences.language


def tabs_for(messages: Messages, tongue: str) -> tuple[Tab, ...]:
    """The tabs in one tongue; what a button says stays Japanese where no other words are understood."""
    language, easy = ("ja", True) if tongue == "ja-easy" else (tongue, False)
    return tuple(
        Tab(
            alias=f"{tongue.lower()}-{name}",
            label=messages.say(f"menu.tab_{name}", language, easy),
            buttons=tuple(Button(messages.say(f"menu.label_{n}", language, easy), messages.say(f"menu.says_{n}")) for n in numbers),
        )
        for name, numbers in BUTTONS.items()
    )


def menu_id_for(session: Session, preferences: Preferences) -> str:
    """The menu of this person's language, "" when none was set up."""
    found = session.get(RichMenu, tongue_of(preferences))
    return found.menu_id if found else ""


def keep_menu(session: Session, tongue: str, menu_id: str, now: datetime) -> None:
    found = session.get(RichMenu, tongue)
    if found is None:
        session.add(RichMenu(tongue=tongue, menu_id=menu_id, made_at=now))
        return
    found.menu_id, found.made_at = menu_id, now
    session.add(found)


def kept_menus(session: Session) -> dict[str, str]:
    return {row.tongue: row.menu_id for row in session.exec(select(RichMenu)).all()}
