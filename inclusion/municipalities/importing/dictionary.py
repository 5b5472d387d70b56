"""A draft's rows as the rows of waste/*.csv; words that mean several things get one answer that shows them all, never just the first."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accessibility import Readings

from .draft import DraftRow, Note, doubt
from .numbering import BULKY, OFFICIAL, Numbered, distinct, numbered, plain
from .reading_words import bare, made_reading
from .shared_words import by_word, shared_words

Cells = Mapping[str, str]
ONLY_FEES = re.compile(r"[^。]*(?:手数料|料金|電話|申し?込み?|処理券|シール)[^。]*(?:。|$)")
PHONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}|(?:0120|0570|0800)-\d{2,4}-\d{3,4}")
TOO_GENERAL = frozenset(("回収", "リサイクル", "収集", "処分", "ごみ", "資源", "広告", "箱", "袋", "紙", "酒", "水", "物", "もの"))


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Rows ready for the four waste files, each row's generated reading marked, and the number for bulky waste if the notes hold one."""

    sorting: tuple[Cells, ...]
    items: tuple[Cells, ...]
    policies: tuple[Cells, ...]
    aliases: tuple[Cells, ...]
    generated: tuple[tuple[str, str, str], ...]
    bulky_word: str
    bulky_phone: str
    notes: tuple[Note, ...]


def build_dictionary(rows: Sequence[DraftRow], readings: Readings, month: str) -> Dictionary:
    """`month` stands as `fee_as_of` where a fee came without a day."""
    notes: list[Note] = []
    ready = numbered(distinct(rows, notes), readings, notes)
    phone = _bulky_phone(ready, notes)
    words = by_word(ready)
    shared = shared_words(words, readings, bool(phone))
    aliases = [alias for word, row in shared.items() for alias in _aliases_of(word, row["id"], readings)]
    aliases += _keywords(ready, words, shared, readings, notes)
    if shared:
        told = f"素材や大きさで分け方が変わる名前が{len(shared)}つあります。まとめて案内する文を作りました。"
        notes.append(doubt("waste/policy.csv", 0, told))
    items = tuple(_item_cells(one, month) for one in ready if _is_item(one))
    if any(cells["fee_as_of"] for cells in items):
        told = f"手数料がいつの金額か書いてないので、取り込んだ月（{month}）を入れました。確かめてください。"
        notes.append(doubt("waste/items.csv", 0, told))
    return Dictionary(
        sorting=tuple(_sorting_cells(one) for one in ready),
        items=items,
        policies=tuple(shared.values()),
        aliases=tuple(aliases),
        generated=tuple((one.id, one.row.name, one.reading) for one in ready if one.made),
        bulky_word=_bulky_word(ready),
        bulky_phone=phone,
        notes=tuple(notes),
    )


def _aliases_of(word: str, target: str, readings: Readings) -> list[Cells]:
    reading = made_reading(word, readings)
    return [_alias(word, reading, target)] if reading else []


def _alias(word: str, reading: str, target: str) -> Cells:
    return {"word": word, "reading": reading, "target": target, "language": "ja", "slots": "", "note": "取り込みで作成"}


def _keywords(
    ready: Sequence[Numbered],
    words: Mapping[str, Sequence[Numbered]],
    shared: Mapping[str, Cells],
    readings: Readings,
    notes: list[Note],
) -> list[Cells]:
    """Other names a file lists for its rows, unless they are too general or the row's own note contradicts them."""
    found: list[Cells] = []
    dropped: list[str] = []
    for one in ready:
        for word in one.row.words:
            if plain(bare(word)) in shared or len(words[plain(bare(word))]) > 1:
                continue
            if word in TOO_GENERAL or word[-1:] == "い" or _denied(word, one.row.note):
                dropped.append(word)
            elif reading := made_reading(bare(word), readings):
                found.append(_alias(bare(word), reading, one.id))
    if dropped:
        notes.append(doubt("waste/aliases.csv", 0, f"広すぎるか、注意書きと合わないことばは入れていません: {'、'.join(dropped)}"))
    return found


def _denied(word: str, note: str) -> bool:
    """冷蔵庫 among the words of a row whose note says that 冷蔵庫 is not collected."""
    return any(word in sentence and re.search(r"できません|出せません|対象外", sentence) for sentence in note.split("。"))


def _is_item(one: Numbered) -> bool:
    """Bulky with a fee, or with nothing more to say than whom to ask: then it is counted and priced like any bulky item."""
    return one.bulky and not one.row.words and (one.row.fee_yen is not None or not ONLY_FEES.sub("", one.row.note).strip())


def _item_cells(one: Numbered, month: str) -> Cells:
    fee = one.row.fee_yen
    official = one.row.official_id if OFFICIAL.match(one.row.official_id) else ""
    known = fee is not None
    return {
        "id": one.id,
        "official_id": official,
        "name": one.row.name,
        "said": bare(one.row.name),
        "reading": one.reading,
        "group": one.id,
        "condition": "",
        "pieces_per_fee": "1",
        "counter": "点",
        "fee_yen": str(fee) if known else "",
        "fee_as_of": month if known else "",
        "checked_on": "",
        "note": one.row.note,
        "source": "imported",
    }


def _sorting_cells(one: Numbered) -> Cells:
    row = one.row
    cells = {"id": one.id, "name": row.name, "reading": one.reading, "category": row.category, "note": row.note}
    return {**cells, "fee_kind": row.fee_kind, "remark": row.remark, "policy": ""}


def _bulky_word(ready: Sequence[Numbered]) -> str:
    """What this town calls bulky waste."""
    found = Counter(match.group() for one in ready if one.bulky and (match := re.search(r"[一-龥]{2}ごみ", one.row.category)))
    return found.most_common(1)[0][0].removeprefix("有料") if found else "粗大ごみ"


def _bulky_phone(ready: Sequence[Numbered], notes: list[Note]) -> str:
    """The number that the notes on bulky things name most often."""
    about = [f"{one.row.note} {one.row.remark}" for one in ready if BULKY.search(one.row.note + one.row.category)]
    counted = Counter(found for text in about for found in PHONE.findall(unicodedata.normalize("NFKC", text)))
    if not counted:
        return ""
    phone, times = str(counted.most_common(1)[0][0]), counted.most_common(1)[0][1]
    told = f"注意書きに{times}回出てきた {phone} を、申し込みの電話番号にしました。正しいか確かめてください。"
    notes.append(doubt("contacts.csv", 0, told))
    return phone
