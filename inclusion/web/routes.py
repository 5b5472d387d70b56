"""Which addresses anybody may open; without this list a page meant for staff could be left unlocked and nobody would notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

PUBLIC_ROUTES: Final = frozenset(
    {
        "/",
        "/api/v1/ask",
        "/spoken",
        "/api/v1/ask/audio",
        "/api/v1/speech/{speech_id}.m4a",
        "/api/v1/speech/{speech_id}.ogg",
        "/call-back/{token}",
        "/pictures/{name}",
        "/api/v1/lessons/applications/{application_id}",
        "/api/v1/lessons/applications/{application_id}/acceptance",
        "/api/v1/lessons/sessions",
        "/api/v1/lessons/sessions/{session_id}/applications",
        "/films",
        "/films/{number}",
        "/films/{number}/captions.vtt",
        "/films/{number}/chapters.vtt",
        "/films/{number}/film.mp4",
        "/healthz",
        "/kiosk",
        "/kiosk/talks",
        "/kiosk/talks/{room}",
        "/live",
        "/live/{room}",
        "/live/events.ics",
        "/live/{room}/event.ics",
        "/live/{room}/captions",
        "/live/{room}/captions.vtt",
        "/live/{room}/deeds",
        "/live/{room}/host",
        "/live/{room}/index.m3u8",
        "/live/{room}/paper",
        "/live/{room}/questions",
        "/live/{room}/questions/{number}",
        "/live/{room}/spoken",
        "/live/{room}/spoken/{number}",
        "/live/{room}/together",
        "/live/{room}/{part}.m4s",
        "/live/{room}/{part}.mp4",
        "/lessons",
        "/lessons/applications/{application_id}",
        "/lessons/applications/{application_id}/after",
        "/lessons/applications/{application_id}/certificate",
        "/lessons/calendar.ics",
        "/lessons/calendars/{secret}.ics",
        "/lessons/draws/{draw_id}",
        "/lessons/here/{session_id}/{code}",
        "/lessons/verify_draw.py",
        "/lessons/{session_id}",
        "/lessons/{session_id}/paper",
        "/metrics",
        "/mine",
        "/mine/calendar",
        "/mine/enter/{key}",
        "/mine/erase",
        "/mine/family",
        "/mine/record",
        "/mine/recordings",
        "/mine/recordings/{name}",
        "/openapi.json",
        "/paper/{sealed}",
        "/readyz",
        "/settings",
        "/static/{name}",
        "/webhooks/line",
        "/webhooks/telegram",
        # Guarded by a secret in the address (inclusion/web/classes/volunteers.py).
        "/volunteers/calendars/{secret}.ics",
        "/volunteers/{key}",
        "/volunteers/{key}/away",
        "/volunteers/{key}/back",
        "/volunteers/{key}/calendar",
        "/volunteers/{key}/link",
        "/volunteers/{key}/plan",
        "/volunteers/{key}/profile",
        "/volunteers/{key}/week",
        # Guarded by signed Bearer tickets inside (streaming/negotiation.py).
        "/whep/{room}",
        "/whep/{room}/{session}",
        "/whip/{room}",
        "/whip/{room}/{session}",
    }
)
Guard = TypeVar("Guard", bound=Callable[..., Any])
STAFF_MARK: Final = "asks_for_staff"


def asks_for_staff(guard: Guard) -> Guard:
    """Marks a dependency (or a router's own check) as one that lets only signed-in staff pass."""
    setattr(guard, STAFF_MARK, True)
    return guard


def unguarded_routes(app: FastAPI, public: frozenset[str] = PUBLIC_ROUTES) -> list[str]:
    """Every route that is neither on the public list nor behind a dependency marked by `asks_for_staff`."""
    return sorted(path for path, dependant in _routes(app) if path not in public and not _guarded(dependant))


def _routes(app: FastAPI) -> Iterator[tuple[str, Dependant | None]]:
    for route in iter_route_contexts(app.routes):
        yield route.path or "", getattr(route, "dependant", None)


def _guarded(dependant: Dependant | None) -> bool:
    if dependant is None:
        return False
    return getattr(dependant.call, STAFF_MARK, False) or any(_guarded(inner) for inner in dependant.dependencies)
