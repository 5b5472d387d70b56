"""The browser for stories that look at pages only: Chromium without windows where it is installed, which draws no frame around a page that
nobody sees (a third less of a processor for each page), else the whole one. Rooms with cameras and sound are tried in the whole one."""

from pathlib import Path
from typing import Final

WHOLE: Final = Path("/usr/bin/chromium")
WINDOWLESS: Final = Path("/usr/bin/chromium-headless-shell")
CHROMIUM: Final = WINDOWLESS if WINDOWLESS.exists() else WHOLE
