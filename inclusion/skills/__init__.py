"""What the platform can do for a resident: one file per skill, each a plain function from Request and Scene to Answer."""

from . import classes, human_help, learning, link_talk, live_events, phone_help, settings_talk, town_office, waste
from .scene import Scene

__all__ = ["Scene", "classes", "human_help", "learning", "link_talk", "live_events", "phone_help", "settings_talk", "town_office", "waste"]
