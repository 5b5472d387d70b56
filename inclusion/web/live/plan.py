"""What the settings say about live events; without it the stage would have to know where settings, voices and ears come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from accessibility import Furigana
from inclusion.settings import Settings
from inclusion.web.platform import Platform, clock
from inclusion.web.town_voice import OFF, caption_desk, ears_on, town_speaker
from streaming import Relays

from .filming import FilmKeeper
from .settings import LivePlan


def live_plan(settings: Settings, platform: Platform) -> LivePlan:
    relays = Relays(_parts(settings.live_relays), settings.live_relay_secret.get_secret_value())
    return LivePlan(
        settings.live_port,
        _parts(settings.live_address),
        relays,
        settings.live_sample,
        settings.inclusion_var / "live",
        town_speaker(platform.town) if settings.voice != "off" else None,
        caption_desk(settings, platform.town) if ears_on(settings) else None,
        free_speech=settings.whisper_model not in ("", OFF),
        workers=settings.live_workers,
    )


def film_keeper(platform: Platform) -> FilmKeeper:
    settings = platform.settings
    return FilmKeeper(platform.database, settings.inclusion_var / "live" / "films", timedelta(days=settings.live_films_days), clock)


def kana_above(furigana: Furigana, text: str) -> Sequence[tuple[str, str]]:
    """The text in pieces, with the kana that stands above each ("" for none)."""
    return [(piece.text, piece.above or "") for piece in furigana.ruby(text)]


def _parts(text: str) -> tuple[str, ...]:
    """A comma-separated setting as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
