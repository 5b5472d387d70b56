"""Changes how we speak when someone says so ("もっと大きく"), and says the last answer again, slower or shorter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from accessibility import Answer, Preferences
from inclusion.understanding import Request

from .scene import Scene

SLOWEST, FASTEST, SPEED_STEP = 0.5, 1.5, 0.15
ALONE: Final = ("start_over",)  # nothing of the last answer belongs after these
LARGER: Final = {"standard": "large", "large": "largest", "largest": "largest"}
SMALLER: Final = {"largest": "large", "large": "standard", "standard": "standard"}


def changes(request: Request, preferences: Preferences) -> Mapping[str, Any]:
    """What this request changes in the person's preferences; empty when it only asks to hear something again."""
    wish = next((one for one in request.ids if one.startswith("s.")), "")
    if wish in ("s.slower", "s.faster"):
        step = -SPEED_STEP if wish == "s.slower" else SPEED_STEP
        return {"speed": round(min(FASTEST, max(SLOWEST, preferences.speed + step)), 2)}
    by_wish: dict[str, Mapping[str, Any]] = {
        "s.larger": {"letter_size": LARGER[preferences.letter_size]},
        "s.smaller": {"letter_size": SMALLER[preferences.letter_size]},
        "s.furigana": {"furigana": True},
        "s.furigana_off": {"furigana": False},
        "s.easy": {"easy": True, "language": "ja"},
        "s.louder": {"loud": True, "voice": True},
        "s.softer": {"loud": False},
        "s.easy_off": {"easy": False, "language": "ja"},
        "s.voice_on": {"voice": True},
        "s.voice_off": {"voice": False},
        "s.iphone": {"phone": "iphone"},
        "s.android": {"phone": "android"},
        "s.japanese": {"language": "ja", "easy": False},
        "s.english": {"language": "en"},
        "s.chinese": {"language": "zh-Hans"},
        "s.korean": {"language": "ko"},
    }
    return by_wish.get(wish, {})


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to a `settings` request: what changed, followed by the last answer so that nobody has to ask again."""
    wish = request.ids[0].removeprefix("s.") if request.ids else "unknown"
    if wish in ("repeat", "shorter"):
        return _again(wish, request, scene)
    key = f"settings.{wish}"
    headline = scene.say(key if key in scene.town.messages.texts else "settings.unknown")
    if scene.last is None or wish in ALONE:
        return Answer(action="settings", headline=headline, ids=request.ids, language=scene.language)
    return replace(
        scene.last, action="settings", headline=headline, ids=request.ids, details=(scene.last.headline, *scene.last.details), counts={}
    )


def _again(wish: str, request: Request, scene: Scene) -> Answer:
    if scene.last is None:
        return Answer(action="settings", headline=scene.say("settings.nothing_yet"), ids=request.ids, language=scene.language)
    details = () if wish == "shorter" else scene.last.details
    return replace(scene.last, action="settings", ids=request.ids, details=details)
