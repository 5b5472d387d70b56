"""`python -m inclusion.sayings [TOWN]`: what residents say, as JSON, for `make ears`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from inclusion.municipalities import load_town
from inclusion.settings import Settings

from . import sayings_of

if __name__ == "__main__":
    json.dump(
        asdict(sayings_of(load_town(sys.argv[1] if len(sys.argv) > 1 else Settings().inclusion_town))), sys.stdout, ensure_ascii=False
    )
