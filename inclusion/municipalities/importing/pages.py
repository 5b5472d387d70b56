"""The written pages and sentences every new pack starts with, worded for what the town knows and does not know yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

UNIT = {"区": "区", "市": "市", "町": "町", "村": "村"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the pages may speak of: its name, its word for bulky waste, the numbers for that and for all else, an area, things."""

    name: str
    bulky_word: str = "粗大ごみ"
    phone: str = ""
    desk_phone: str = ""
    area: str = ""
    things: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        return UNIT.get(self.name[-1:], "町")


def faq_pages(known: Known) -> Mapping[str, str]:
    """File name -> text of the three pages that any town is asked for first."""
    return {f"faq/{page['id']}.md": _page(page) for page in (_days(known), _bulky(known), _person(known))}


def _page(page: Mapping[str, object]) -> str:
    head = {key: value for key, value in page.items() if key != "body"}
    written = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000)
    return f"---\n{written}---\n\n{page['body']}\n"


def _head(page_id: str, title: str, paraphrases: list[str], keywords: list[str], known: bool, contacts: list[str]) -> dict[str, object]:
    facts = {"contacts": contacts, "links": [], "source": "imported" if known else "platform", "checked_on": "", "valid_until": ""}
    return {"id": page_id, "title": title, "paraphrases": paraphrases, "keywords": keywords, **facts, "known": known}


def _days(known: Known) -> dict[str, object]:
    title = "ごみの収集は何曜日ですか"
    ways = [
        "今日は何ごみの日ですか",
        "燃えるごみはいつ",
        "明日は何を出す日",
        "収集日を知りたい",
        "ごみの日を教えて",
        "ごみカレンダーがほしい",
    ]
    words = ["曜日", "何曜日", "ごみの日", "収集日", "カレンダー"]
    if known.area:
        body = f"収集日は、お住まいの地区で違います。地区の名前を教えてください。\n\n「{known.area}の収集日は？」のように聞いてください"
    else:
        body = "収集日は、まだこちらでは分かりません。役所の窓口にお尋ねください。"
    return _head("f.normal_sched", title, ways, words, bool(known.area), ["help_desk"]) | {"body": body}


def _bulky(known: Known) -> dict[str, object]:
    word = known.bulky_word
    title = f"{word}はどう申し込みますか"
    ways = [
        f"{word}の申し込み方",
        f"{word}を出したい",
        "粗大ごみはどこに電話する",
        "大きいごみを捨てたい",
        f"{word}の料金",
        "申し込みの電話番号",
    ]
    words = [word, "申し込み", "手数料"]
    if known.phone:
        body = f"{word}の申し込みと手数料は、{known.phone} にお電話ください。\n\n番号は取り込んだ資料にあったもので、まだ確かめていません"
    else:
        body = f"{word}の申し込み先は、まだこちらでは分かりません。役所の窓口にお尋ねください。"
    return _head("f.apply", title, ways, words, bool(known.phone), ["bulky_center"] if known.phone else ["help_desk"]) | {"body": body}


def _person(known: Known) -> dict[str, object]:
    ways = ["どこに聞いたらいいかわからない", "役所の電話番号", "担当の人と話したい", "窓口はどこですか", "人に聞きたい"]
    body = f"{known.name}の窓口で、係の人がお話をうかがいます。"
    return _head("f.call_center", "役所の窓口に聞きたい", ways, ["窓口", "電話番号", "どこに聞く", "役所"], False, ["help_desk"]) | {
        "body": body
    }


def messages(known: Known) -> list[dict[str, str]]:
    """Sentences of the platform reworded for this town: its unit, its word for bulky waste, and no phone where none is known."""
    unit, word = known.unit, known.bulky_word
    ask = "電話でお尋ねください" if known.phone else "役所の窓口でお尋ねください"
    rows = {
        "waste.fee_unknown": f"「{{said}}」は{word}です。手数料はまだ分からないので、{ask}。",
        "waste.line_unknown": f"{{said}} {{pieces}} … 手数料は{ask}",
        "waste.official_name": f"「{{said}}」は、{unit}の品目では「{{official}}」です。",
        "waste.not_known": f"「{{said}}」は、こちらの一覧で見つかりませんでした。{ask}。",
        "waste.ask_fee": ask,
        "refuse.chitchat": f"こんにちは。{known.name}のごみの出し方について、何でも聞いてください。",
        "refuse.next_step": f"言い方を変えてみるか、{ask}。",
        "live.none_now": "いま生中継はありません。",
        "source.unverified": f"出典：{{title}}（{{day}} 時点・{unit}とは未照合）",
    }
    samples = (
        [f"{thing}は何ごみ？" for thing in known.things] + [f"{known.area}の収集日は？"] * bool(known.area) + [f"{word}の申し込み方は？"]
    )
    samples += ["収集日を知りたい", "窓口に聞きたい", "燃えるごみはいつ？", "ごみの日はいつ？"]
    rows |= {f"web.sample.{number}": sample for number, sample in enumerate(samples[:4], start=1)}
    empty = {"ja-easy": "", "en": "", "zh-Hans": "", "ko": "", "note": "取り込みで作成"}
    return [{"id": message_id, "ja": text, **empty} for message_id, text in rows.items()]
