"""A tiny town without a single mistake, so that each story can make exactly one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from inclusion.municipalities import Finding, check_town

TODAY = date(2026, 11, 24)

FILES = {
    "town.toml": """slug = "kosato"
name = "小里町"
reading = "こさとまち"
code = "999999"
timezone = "Asia/Tokyo"
help_contact = "desk"
other_towns = ["大里市"]

[bulky]
tickets = [{ name = "A券", yen = 200 }, { name = "B券", yen = 300 }]
max_items = 10
min_cm = 30
max_cm = 180
contact = "desk"
fee_page = "https://example.jp/fees"

[sorting]
source = "own"
checked_on = "2026-11-01"
""",
    "sources.csv": "id,title,url,reliability,licence\nown,町の料金表,https://example.jp/fees,official,CC BY 4.0\n",
    "contacts.csv": """id,name,reading,phone,hours,open_days,opens,closes,address,note,source,checked_on
desk,町の窓口,まちのまどぐち,03-0000-0000,平日 9時〜17時,mon-fri,09:00,17:00,,,own,2026-11-01
hall,町役場,まちやくば,,,,,,小里1-1,,own,2026-11
""",
    "festivals.csv": "id,name,reading,season,place,years,note,source,checked_on\nsummer,夏まつり,なつまつり,8月,広場,,,own,2026-11-01\n",
    "places.csv": "name,reading,kind\n小里,こさと,町\n",
    "waste/items.csv": """id,official_id,name,said,reading,group,condition,pieces_per_fee,counter,fee_yen,fee_as_of,checked_on,note,source
S00001,,いす,いす,いす,S00001,,1,脚,300,2026-05,,,own
S00002,,机（1m未満）,机,つくえ,desk,1m未満,1,台,300,2026-05,2026-11-01,,own
S00003,,机（1m以上）,机,つくえ,desk,1m以上,1,台,,,,,own
""",
    "waste/sorting.csv": "id,name,reading,category,note,fee_kind,remark,policy\nS00009,傘,かさ,燃やさないごみ,,無料,,b.kasa\n",
    "waste/policy.csv": """id,name,reading,category,headline,details,contacts,source,checked_on
b.kasa,傘,かさ,燃やさないごみ,傘は燃やさないごみです。,ひもで束ねます|朝8時までに出します,desk,own,2026-11-01
""",
    "waste/aliases.csv": """word,reading,target,language,slots,note
椅子,いす,S00001,ja,,
デスク,ですく,desk,ja,longest_cm=90,
chair,,S00001,en,,
""",
    "slots.yaml": """desk:
  name: 机
  question: 一番長いところは何センチですか。
  slots: [longest_cm]
  rows:
    - {item: S00002, when: {longest_cm: "<100"}, label: 1メートル未満, says: 1メートル未満です}
    - {item: S00003, when: {longest_cm: ">=100"}, label: 1メートル以上, says: 1メートル以上です}
""",
    "guard.yaml": """- id: r.emergency
  rule: fire
  patterns: [火事]
  unless: [火事のあと]
  headline: すぐに119へ電話してください。
  details: [落ち着いて住所を言います]
  contacts: [desk]
  reviewed_on: 2026-11-01
""",
    "faq/f.apply.md": """---
id: f.apply
title: 申し込みのしかた
paraphrases: [どう申し込む]
keywords: [申込]
contacts: [desk]
links: [{label: 料金表, url: "https://example.jp/fees"}]
source: own
checked_on: 2026-11-01
valid_until: ""
known: true
---
電話で申し込みます。

月曜から金曜の9時から17時までです。
""",
}


@dataclass(frozen=True)
class TinyTown:
    """The pack's folder, and the edits a clerk makes in it."""

    folder: Path

    def write(self, file: str, text: str, encoding: str = "utf-8") -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))

    def read(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        assert old in self.read(file), f"{file} no longer holds {old}"
        self.write(file, self.read(file).replace(old, new, 1))

    def add(self, file: str, line: str) -> None:
        self.write(file, f"{self.read(file)}{line}\n")

    def findings(self) -> tuple[Finding, ...]:
        return check_town(self.folder, TODAY)

    def only(self) -> Finding:
        """The one finding there should be."""
        findings = self.findings()
        assert len(findings) == 1, "\n".join(map(str, findings)) or "nothing was found"
        return findings[0]


@pytest.fixture
def town(tmp_path: Path) -> TinyTown:
    tiny = TinyTown(tmp_path / "kosato")
    for file, text in FILES.items():
        tiny.write(file, text)
    return tiny
