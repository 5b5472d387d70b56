"""The commented files a new town starts from; a clerk fills them in, so every comment says what belongs there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .draft import Draft
from .pages import Known

SLUG_SIGNS = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class TownSettings:
    slug: str
    name: str = ""
    reading: str = ""
    code: str = ""
    checked_on: str = ""
    help_contact: str = "help_desk"


TOWN_TOML = """# 町の基本の値です。直したら `inclusion check-town` で確かめてください。
# slug は町を表す英字の名前、name は住民が知っている町の名前、reading はそのひらがなです。
slug = {slug}
name = {name}
reading = {reading}
# 全国地方公共団体コード（6桁）。分からなければ "" のままでかまいません。
code = {code}
timezone = "Asia/Tokyo"
# 困ったときの窓口。contacts.csv の id です。そこに電話番号を書いてください。
help_contact = "{help_contact}"
# 住民が口にしそうな、ほかの自治体の名前。例: ["となり市", "むこう町"]
other_towns = []

[bulky]
# 粗大ごみ処理券。例: [{{ name = "A券", yen = 200 }}, {{ name = "B券", yen = 300 }}]。券がないか分からなければ [] のままに。
tickets = []
# 1回に申し込める点数。分かるまでは、何も言わないように大きな数にしてあります。
max_items = 999
# この長さ（cm）から粗大ごみ。分かるまでは 1。
min_cm = 1
# これより長い物は確認してもらう長さ（cm）。分かるまでは 9999。
max_cm = 9999
# 粗大ごみの申し込み先。contacts.csv の id です。
contact = "bulky_center"
# 自治体の料金のページの番地（https://…）。
fee_page = ""

[sorting]
# waste/sorting.csv の出典（sources.csv の id）と、自治体の表と照らし合わせた日。
source = "imported"
checked_on = {checked_on}
"""


def town_toml(settings: TownSettings) -> str:
    """The basic values, each with what belongs there. Limits nobody knows are set so wide that nothing wrong is said."""
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in _words(settings).items()}
    return TOWN_TOML.format(help_contact=settings.help_contact, **quoted)


def _words(settings: TownSettings) -> dict[str, str]:
    slug = SLUG_SIGNS.sub("-", settings.slug.lower()).strip("-") or "town"
    return {"slug": slug, "name": settings.name, "reading": settings.reading, "code": settings.code, "checked_on": settings.checked_on}


def source_rows(name: str, draft: Draft | None) -> list[Mapping[str, str]]:
    if draft is None:
        return [{"id": "imported", "title": f"{name}のページ", "url": "", "reliability": "unconfirmed", "licence": ""}]
    title = draft.source_title if draft.name else draft.source_title.replace("この自治体", name)
    return [{"id": "imported", "title": title, "url": draft.source_url, "reliability": draft.reliability, "licence": ""}]


def desk_rows(known: Known) -> list[Mapping[str, str]]:
    desks = (
        ("help_desk", f"{known.name}の窓口", "やくしょのまどぐち", "電話番号と受付時間を書いてください"),
        ("bulky_center", f"{known.bulky_word}の申し込み先", "もうしこみさき", "電話番号と受付時間を書いてください"),
    )
    phones = {"help_desk": known.desk_phone, "bulky_center": known.phone}
    return [
        {"id": desk, "name": name, "reading": reading, "phone": phones[desk], "note": _checked(phones[desk], note), "source": "imported"}
        for desk, name, reading, note in desks
    ]


def _checked(phone: str, note: str) -> str:
    return "未照合。番号を確かめ、受付時間を書いてください" if phone else note


def slots_yaml() -> str:
    return """# 大きさを聞いて手数料を決める品目の「まとまり」です。手数料が分かったら、次の見本の # を取って直してください。
# desk:
#   name: 机
#   question: 一番長いところは何センチですか。
#   slots: [longest_cm]
#   rows:
#     - {item: S00002, when: {longest_cm: "<100"}, label: 1メートル未満, says: 1メートル未満です}
#     - {item: S00003, when: {longest_cm: ">=100"}, label: 1メートル以上, says: 1メートル以上です}
"""


def sources_page(name: str, draft: Draft | None) -> str:
    if draft is None:
        return f"# {name}のデータの出どころ\n\nどこから取った事実か、使ってよい条件、まだ確かめていないことを、ここに書いてください。\n"
    origin = f"{draft.source_title}{f'（{draft.source_url}）' if draft.source_url else ''}"
    return f"""# {name}のデータの出どころ

| ファイル | 出どころ | 確かさ |
|---|---|---|
| waste/sorting.csv・waste/items.csv・collections.csv | {origin} | 未照合。使ってよい条件を sources.csv の licence に書く |
| 読み（reading） | 元のデータにあるもの以外は、このサービスで作ったもの（import-report.md に一覧） | 職員が直してよい |
| waste/policy.csv の b.kind… と b.days… | 上の表から、このサービスで作った案内 | 未照合 |
| guard.yaml と全国共通の番号 | このサービスの最小の決まり | 担当者が確かめ、reviewed_on を書く |
"""


def first_policies() -> list[Mapping[str, str]]:
    """The one answer a town without a sorting table can give about sorting."""
    headline = "ごみの分け方は、まだこちらでは分かりません。役所の窓口にお尋ねください。"
    row = {"id": "b.sorting", "name": "ごみの分け方", "reading": "ごみのわけかた", "category": "案内", "headline": headline}
    return [{**row, "contacts": "help_desk", "source": "platform"}]


def first_aliases() -> list[Mapping[str, str]]:
    words = {"分別": "ぶんべつ", "分別のしかた": "ぶんべつのしかた", "何ごみ": "なにごみ"}
    return [{"word": word, "reading": reading, "target": "b.sorting", "language": "ja"} for word, reading in words.items()]


def examples() -> Mapping[str, str]:
    """For a town that starts from nothing: how to go on."""
    return {
        "README.md": """# 新しい町のデータ

1. town.toml に町の名前（name）と読み（reading）を書きます。
2. contacts.csv の help_desk と bulky_center に電話番号を書きます。
3. `inclusion check-town このフォルダー` で確かめます。
4. `inclusion ask --town このフォルダー "電池は何ごみ？"` で試します。
5. waste/sorting.csv に品目を足します。1行はこう書きます（id は S00001 から順に）:
   `S00001,アイロン,あいろん,燃やさないごみ,コードを束ねる,,,`
   粗大ごみは waste/items.csv に: `S00002,,布団,布団,ふとん,S00002,,1,枚,300,2026-11,,,imported`
   分別の CSV があれば、`inclusion import-town standard ファイル --to 別のフォルダー` が早道です。

列の意味は docs/town-packs.md にあります。
""",
    }
