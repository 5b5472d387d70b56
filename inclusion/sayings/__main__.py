"""`python -m inclusion.sayings [TOWN]`: what residents say, and the words of every day, as JSON, for `make ears`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from inclusion.municipalities import load_town
from inclusion.settings import Settings

from . import sayings_of
from .everyday import endings, everyday_words

if __name__ == "__main__":
    told = asdict(sayings_of(load_town(sys.argv[1] if len(sys.argv) > 1 else Settings().inclusion_town)))
    told["everyday"] = [written for _, written in everyday_words()]
    told["endings"] = [written for _, written in endings()]
    json.dump(told, sys.stdout, ensure_ascii=False)
