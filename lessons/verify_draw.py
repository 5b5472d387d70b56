"""Recomputes a published draw from its JSON with nothing but Python: without it people would have to believe that a draw was fair.

    python verify_draw.py draw.json        prints the verdict; exit status 0 when everything agrees, 1 when anything does not

The rule, "hmac-sha256-weighted-1". Before the draw a list of entries, its hash and the hash of a secret seed are published; afterwards
the seed and a public number nobody could know before. digest = HMAC-SHA256(seed, a 0 byte, public value; draw id | receipt).
u = (first 53 bits of digest + 1/2) / 2^53; key = -ln(u) / weight; smaller keys come first. The tier "guaranteed" comes before
everybody; then `first_timer_seats` seats go to "first" entries; then all others by key. The first `seats` win, the rest are reserves.
"""

import hashlib
import hmac
import json
import math
import sys
from typing import Any

FIXED = ("rule", "draw", "class", "seats", "first_timer_seats", "public_source", "seed_commitment", "entries")
VOID = "中止のため、抽選は行われません。 Void: the class was called off, nothing is drawn."
NOT_YET = "まだ抽選されていません。 Not drawn yet: check again after the draw."


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def faults(text: str) -> list[str]:
    """Everything that does not agree; an empty list means that the draw is what it claims to be."""
    try:
        record = json.loads(text)
        if "void" in record:
            agrees = hashlib.sha256(bytes.fromhex(record["seed"])).hexdigest() == record["seed_commitment"] and "results" not in record
            return [VOID if agrees else "the seed is not the promised one"]
        if "seed_commitment" in record and not {"seed", "results"} & set(record):
            return [NOT_YET]
        seed, entries = bytes.fromhex(record["seed"]), record["entries"]
        checks = {
            "the file was changed": canonical(record) == text.rstrip("\n"),
            "the record has other fields": set(record) == {*FIXED, "list_hash", "seed", "public_value", "results", "record_hash"},
            "the rule is another one": record["rule"] == "hmac-sha256-weighted-1",
            "the list was changed after sealing": sha({name: record[name] for name in FIXED}) == record["list_hash"],
            "the seed is not the promised one": hashlib.sha256(seed).hexdigest() == record["seed_commitment"],
            "a receipt stands twice": len({entry["receipt"] for entry in entries}) == len(entries),
            "the order is not what the rule gives": ranked(record, seed) == record["results"],
            "the record hash differs": sha({k: v for k, v in record.items() if k != "record_hash"}) == record["record_hash"],
        }
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as broken:
        return [f"the file cannot be read ({type(broken).__name__})"]
    return [fault for fault, holds in checks.items() if not holds]


def ranked(record: dict[str, Any], seed: bytes) -> list[list[Any]]:
    """The results list, worked out again."""
    secret, drawn = seed + b"\0" + record["public_value"].encode(), list[tuple[float, str, dict[str, Any]]]()
    for entry in record["entries"]:
        digest = hmac.digest(secret, f"{record['draw']}|{entry['receipt']}".encode(), "sha256")
        u = ((int.from_bytes(digest[:8], "big") >> 11) + 0.5) / 2**53
        drawn.append((-math.log(u) / entry["weight"], digest.hex(), entry))
    drawn.sort(key=lambda one: one[:2])
    guaranteed = [one for one in drawn if one[2]["tier"] == "guaranteed"]
    firsts = [one for one in drawn if one[2]["tier"] == "first"][: record["first_timer_seats"]]
    chosen = {one[1] for one in guaranteed + firsts}
    order = guaranteed + firsts + [one for one in drawn if one[1] not in chosen]
    outcome = ["won" if rank <= record["seats"] else "reserve" for rank in range(1, len(order) + 1)]
    return [[rank, one[2]["receipt"], won, one[1]] for rank, (one, won) in enumerate(zip(order, outcome, strict=True), 1)]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8", newline="") as file:  # noqa: PTH123
        found = faults(file.read())
    wrong = found[0] if found in ([NOT_YET], [VOID]) else "合いません。 Not correct: " + "; ".join(found)
    print(wrong if found else "正しい抽選です。 The draw is correct.")
    sys.exit(1 if found else 0)
