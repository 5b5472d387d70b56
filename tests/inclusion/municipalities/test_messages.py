"""The tables of messages, all of them: every language, the same values, easy Japanese, the limits of the channels, no drafts in danger."""

from __future__ import annotations

import csv
import string
from importlib.resources import files

import pytest

from accessibility.plain_japanese import findings
from bots.line.answers import MOST_LABEL  # noqa
