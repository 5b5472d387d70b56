"""Who comes to a class, recognised by name and telephone number; without it one person would stand twice in a draw."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import Session, select

from .columns import new_id
from .errors import ContactIncomplete
from .fields import Field
from .rows import put_unless_there
from .tables import Learner

LONGEST_NAME: Final = 60
OLDEST, YOUNGEST = 1900, 2100  # years of birth that are no slips of the pen
LEARNER: Final = select(Learner).where(Learner.phone == bindparam("phone"), Learner.name_key == bindparam("name_key"))
PHONE: Final = re.compile(r"0\d{9,10}|\+\d{8,14}")


@dataclass(frozen=True, slots=True)
class Contact:
    """What an application asks for: a name, a number to call, and the consent to keep both. The rest only where a class needs it."""

    name: str
    phone: str
    consent: bool = False
    access_needs: str = ""
    in_language: str = "ja"
    account_id: str = ""
    birth_year: int | None = None
    residency: str = ""


NOBODY: Final = Contact("", "")


def check_contact(contact: Contact) -> Contact:
    """The contact with a clean name and number. Raises ContactIncomplete for the first field that cannot be used."""
    wrong = wrong_fields(contact)
    if wrong:
        raise ContactIncomplete(wrong[0])
    return replace(contact, name=clean_name(contact.name), phone=clean_phone(contact.phone), consent=True)


def wrong_fields(contact: Contact) -> tuple[Field, ...]:
    """Every field that cannot be used, in the order of the form."""
    bad: Mapping[Field, bool] = {
        "name": not 1 <= len(clean_name(contact.name)) <= LONGEST_NAME,
        "phone": PHONE.fullmatch(clean_phone(contact.phone)) is None,
        "birth_year": contact.birth_year is not None and not OLDEST <= contact.birth_year <= YOUNGEST,
        "consent": not contact.consent,
    }
    return tuple(field for field, wrong in bad.items() if wrong)


def learner_for(session: Session, contact: Contact, now: datetime) -> Learner:
    """The learner with this name and number; somebody new is written down. What is said of age and home replaces what was said before."""
    found = _find(session, contact)
    if found is None:
        return _written_down(session, contact, now)
    for name in ("birth_year", "residency", "access_needs"):
        said = getattr(contact, name)
        if said and said != getattr(found, name):
            setattr(found, name, said)
    return found


def erase_learner(session: Session, learner_id: str) -> bool:
    """Forget name, number and needs. What happened stays countable, but no longer tells of whom."""
    learner = session.get(Learner, learner_id)
    if learner is None:
        return False
    learner.name = learner.phone = learner.access_needs = learner.account_id = ""
    learner.name_key, learner.birth_year, learner.residency = f"erased {new_id()}", None, ""
    session.add(learner)
    return True


def clean_name(name: str) -> str:
    """In normal form, with single spaces and without control characters (PostgreSQL refuses some of them)."""
    words = " ".join(unicodedata.normalize("NFKC", name).split())
    return "".join(char for char in words if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def clean_phone(phone: str) -> str:
    """Digits only, as typed with full-width signs, hyphens, brackets or spaces."""
    plain = unicodedata.normalize("NFKC", phone).translate({ord(dash): None for dash in "-‐‑‒–—−ーｰ() .　"})
    return "0" + plain[3:] if plain.startswith("+81") else plain


def name_key(name: str) -> str:
    """The same for 山田 花子 and 山田花子."""
    return clean_name(name).replace(" ", "").casefold()


def _written_down(session: Session, contact: Contact, now: datetime) -> Learner:
    """Where the same person applies for another class at this very moment, theirs stands and is found."""
    put_unless_there(
        session,
        Learner,
        name=contact.name,
        name_key=name_key(contact.name),
        phone=contact.phone,
        account_id=contact.account_id,
        in_language=contact.in_language,
        access_needs=contact.access_needs,
        birth_year=contact.birth_year,
        residency=contact.residency,
        consented_at=now,
    )
    return session.scalars(LEARNER, _key(contact)).one()


def _find(session: Session, contact: Contact) -> Learner | None:
    return session.scalars(LEARNER, _key(contact)).one_or_none()


def _key(contact: Contact) -> dict[str, str]:
    return {"phone": contact.phone, "name_key": name_key(contact.name)}
