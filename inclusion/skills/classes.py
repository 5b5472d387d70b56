"""Smartphone classes in the talk: what the town knows of them, and whom to call while no timetable is published here."""

from __future__ import annotations

from accessibility import Answer
from inclusion.knowledge import fact_source, phones
from inclusion.understanding import Request

from .scene import Scene

FACTS = "f.sp_signup"  # The FAQ entry that says how one signs up in this town.


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `lesson` request, from the town's own entry on signing up."""
    faq = scene.town.faqs.get(FACTS)
    return Answer(
        action="lesson",
        headline=faq.headline if faq else scene.say("lesson.none"),
        ids=request.ids,
        details=faq.details if faq else (),
        phones=phones(scene.town, faq.contacts if faq else (scene.town.help_contact,)),
        sources=(fact_source(scene.town, faq.source, faq.checked_on),) if faq else (),
        confidence=request.confidence,
        language=scene.language,
    )
