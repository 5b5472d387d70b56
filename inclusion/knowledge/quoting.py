"""Every answer names its source and the day it was checked; this file is the only place that words them as values."""

from __future__ import annotations

from collections.abc import Iterable

from accessibility import Phone, Source
from inclusion.municipalities import Item, Town


def item_source(town: Town, item: Item) -> Source:
    """Where an item's fee comes from. Until a clerk recorded the day of her check, it is not verified (未照合)."""
    return _source(town, item.source, item.checked_on or item.fee_as_of, verified=bool(item.checked_on))


def fact_source(town: Town, source_id: str, checked_on: str) -> Source:
    """Where a policy, FAQ or other fact comes from. Third-party facts stay unverified whatever day they were read."""
    note = town.sources.get(source_id)
    return _source(town, source_id, checked_on, verified=note is not None and note.reliability in ("official", "via_official"))


def phones(town: Town, contact_ids: Iterable[str]) -> tuple[Phone, ...]:
    """The numbers of these contacts, in order, leaving out offices whose number is not confirmed."""
    contacts = (town.contacts[contact_id] for contact_id in contact_ids if contact_id in town.contacts)
    return tuple(Phone(contact.name, contact.phone, contact.hours) for contact in contacts if contact.phone)


def _source(town: Town, source_id: str, checked_on: str, verified: bool) -> Source:
    note = town.sources.get(source_id)
    if note is None:
        return Source(title=town.name, checked_on=checked_on, verified=False)
    return Source(title=note.title, url=note.url, checked_on=checked_on, verified=verified)
