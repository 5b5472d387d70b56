"""What the town offers as schema.org JSON-LD, so that search engines and other services can read it."""

from __future__ import annotations

import json
from typing import Any

from inclusion.municipalities.town import Contact, Faq, Festival, Town


def schema_org(town: Town) -> str:
    """The office with its desks, the waste service, the questions that have an answer, and the yearly events."""
    graph: list[dict[str, Any]] = [_office(town), _waste(town)]
    if known := [faq for faq in town.faqs.values() if faq.known]:
        graph.append({"@type": "FAQPage", "inLanguage": "ja", "mainEntity": [_question(faq) for faq in known]})
    graph += [_event(festival, town) for festival in town.festivals.values()]
    return json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, indent=2) + "\n"


def _office(town: Town) -> dict[str, Any]:
    desks = [_desk(contact) for contact in town.contacts.values() if contact.phone]
    return {"@type": "GovernmentOffice", "@id": f"#{town.slug}", "name": town.name, "contactPoint": desks}


def _desk(contact: Contact) -> dict[str, Any]:
    facts = {"@type": "ContactPoint", "name": contact.name, "telephone": contact.phone, "description": contact.hours}
    return {key: value for key, value in facts.items() if value}


def _waste(town: Town) -> dict[str, Any]:
    contact = town.contacts.get(town.bulky.contact)
    channel: dict[str, Any] = {}
    if contact and contact.phone:
        channel = {"@type": "ServiceChannel", "servicePhone": {"@type": "ContactPoint", "telephone": contact.phone}}
    if channel and town.bulky.fee_page:
        channel["serviceUrl"] = town.bulky.fee_page
    facts: dict[str, Any] = {
        "@type": "GovernmentService",
        "name": "粗大ごみの申し込み",
        "serviceType": "ごみの収集",
        "provider": {"@id": f"#{town.slug}"},
        "areaServed": {"@type": "AdministrativeArea", "name": town.name},
        "availableChannel": channel,
    }
    return {key: value for key, value in facts.items() if value}


def _question(faq: Faq) -> dict[str, Any]:
    text = "\n".join((faq.headline, *faq.details))
    return {"@type": "Question", "name": faq.title, "acceptedAnswer": {"@type": "Answer", "text": text}}


def _event(festival: Festival, town: Town) -> dict[str, Any]:
    """A yearly event: our facts tell its season, not its day, so no startDate is made up."""
    facts: dict[str, Any] = {
        "@type": "EventSeries",
        "name": festival.name,
        "description": "。".join(filter(None, (festival.season, festival.note))),
    }
    place = {"@type": "Place", "name": festival.place, "address": town.name} if festival.place else None
    return facts | ({"location": place} if place else {})
