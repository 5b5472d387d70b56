"""The words with which people book, give up, wait and arrive, typed, pressed or spoken; without it only buttons would work.

What a button says is Japanese on every screen; what people say by themselves is understood in all our languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

from accessibility import Answer, Choice
from inclusion.spoken_codes import code_said

Deed = Literal["choose", "apply", "for_family", "apply_meets", "for_family_meets", "cancel", "really_cancel", "accept", "decline", "leave"]
Wish = Literal[
    "mine", "cancel_some", "leave_some", "accept_some", "decline_some", "record",
    "family_code", "family_see", "family_book", "family_cancel", "family_end",
]  # fmt: skip

# The end of what a button says, after day, hour and name of the class.
ENDINGS: Final[Mapping[Deed, str]] = {
    "apply": " に申し込む",
    "for_family": " に家族が申し込む",
    "apply_meets": " の条件に合うので申し込む",
    "for_family_meets": " の条件に家族が合うので申し込む",
    "really_cancel": " を本当に取り消す",
    "cancel": " を取り消す",
    "accept": " の席に決める",
    "decline": " の席をやめておく",
    "leave": " を待つのをやめる",
    "choose": "",
}
NOT_BY_YES: Final = (ENDINGS["cancel"], ENDINGS["decline"], ENDINGS["leave"])  # a late "yes" must not take a seat away
CLASS: Final = re.compile(r"\d{1,2}/\d{1,2}（.）\d{2}:\d{2} .{1,60}")
WISHES: Final[Mapping[Wish, str]] = {
        "mine": r"(?:私の|わたしの|自分の)?(?:申し?込み|予約)(?:を|の)?(?:見せて|見る|見たい|確認|状況|ようす|様子).{0,8}"
        r"|申し?込んだ(?:教室|クラス).{0,8}"
        r"|(?:私の|わたしの|自分の)(?:教室|クラス).{0,10}|(?:show )?my (?:classes|bookings?|applications?)|我的(?:报名|课程)|내 신청",
        "leave_some": r"(?:空き|順番|キャンセル)?(?:を)?待(?:つ|ち)(?:の)?(?:を)?(?:やめる|やめます|やめたい|取り消す).{0,4}"
        r"|stop waiting|不再等候|대기 취소",
        "cancel_some": r"(?:スマホ)?(?:教室|クラス|申し?込み|予約)(?:の申し?込み)?(?:を|は|の)?"
        r"(?:キャンセル|取り?消|やめ(?:る|た|ます)|行けな|欠席).{0,10}"
        r"|cancel (?:my )?(?:class|booking|seat|application)|取消(?:报名|课程)|(?:신청|교실) 취소",
        "accept_some": r"(?:その|この|空いた)?席(?:に|を)?(?:決める|決めます|お願いします|ください|取ります).{0,4}"
        r"|take (?:the|this) seat|接受座位|자리 받을게요",
        "decline_some": r"(?:その|この|空いた)?席(?:を|は)(?:やめておく|やめておきます|いりません|結構です).{0,4}|not this time|这次不参加",
        "record": r"(?:私の|わたしの|自分の)(?:記録|情報|データ)(?:を|が)?(?:見(?:せて|たい|る)|消し(?:て|たい)|消す)?.{0,6}"
        r"|my (?:record|data)|我的记录|내 기록",
        "family_code": r"家族(?:に|が)?(?:頼む|頼みたい|まかせる|任せる|任せたい|の番号|申し?込んで(?:もらう|もらいたい)).{0,6}"
        r"|(?:let )?(?:my )?family (?:code|book for me)|让家人代办|가족에게 맡기기",
        "family_see": r"家族は見るだけ",
        "family_book": r"家族は申し?込みまで",
        "family_cancel": r"家族は全部できる",
        "family_end": r"家族(?:の|を|に)?(?:やめる|やめます|取り?消し?(?:す|ます)?|外す|任せない|まかせない)"
        r"|stop family|取消家人代办|가족 해제",
}  # fmt: skip
SCOPE_OF: Final[Mapping[str, str]] = {
    "cancel": "cancel", "really_cancel": "cancel", "leave": "cancel", "decline": "cancel", "accept": "book",
}  # fmt: skip
MEANS: Final[Mapping[Wish, tuple[Deed, tuple[str, ...]]]] = {
    "cancel_some": ("cancel", ()),
    "leave_some": ("leave", ("waitlisted", "reserve")),
    "accept_some": ("accept", ("offered", "invited")),
    "decline_some": ("decline", ("offered", "invited")),
}
YES: Final = re.compile(
    r"(?:はい|うん|ええ|お願いします|おねがいします|そうします|申し?込み?ます|それで(?:お願いします)?|yes|ok|好的?|是|네)", re.IGNORECASE
)
NO: Final = re.compile(r"(?:いいえ|いや|結構です|no|不用?|아니요)", re.IGNORECASE)
BARE_CANCEL: Final = re.compile(r"(?:キャンセル|取り?消し?(?:て|ます|たい)?|やめます|やめる|cancel)", re.IGNORECASE)
COUNTED: Final = re.compile(
    r"(?:では)?(?:([1-9一二三四五]|(?:いち|に|さん|よん|ご)(?=ばん|番))(?:番目?|番め|つ目|つめ|ばんめ?|ばん)?|(最初|一番上|1番上)|(最後|一番下|1番下))"
    r"(?:の(?:教室|やつ|もの|ほう)?)?(?:で|に|を|が)?(?:します|お願いします|いいです|して)?"
)
NUMBERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "いち": 1, "に": 2, "さん": 3, "よん": 4, "ご": 5}
CODE: Final = re.compile(r"(\d{4})")
JUST_HERE: Final = re.compile(
    r"(?:教室に|今)?(?:着きました|到着しました|つきました|来ました)(?:よ|。)?|i(?:'m| am) here|arrived", re.IGNORECASE
)
HERE: Final = re.compile(r"着き|到着|つき(?:まし)?た|来ました|きました|受付|チェックイン|here|arrived|check ?in|到了|왔", re.IGNORECASE)
AROUND_HERE: Final = re.compile(
    r"(?:今|教室に|受付の?)*(?:着きました|到着しました|つ?きました|つ?来ました)(?:よ)?|(?:番号|ばんごう|コード)(?:は|が)"
    r"|です|で[うつ]$",  # as ears write it
    re.IGNORECASE,
)
BOARD_DIGITS: Final = 4
END: Final = "。.、!！?？ 　"


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).strip(END).split())


def pressed(text: str) -> tuple[Deed, str] | None:
    """What a class button says: what to do, and the class in its own words."""
    said = text.strip()
    for deed, ending in ENDINGS.items():
        if said.endswith(ending) and CLASS.fullmatch(said.removesuffix(ending)):
            return deed, said.removesuffix(ending)
    return None


def meant(text: str, last: Answer | None) -> str:
    """What was said, as if the button had been pressed: 「2番目」「はい」 or a few of its words choose from the answer before."""
    said = plain(text)
    if last is None or not offers_classes(last):
        return text
    if counted := COUNTED.fullmatch(said):
        number = 1 if counted[2] else len(last.choices) if counted[3] else NUMBERS.get(counted[1]) or int(counted[1])
        return last.choices[number - 1].says if number <= len(last.choices) else text
    if YES.fullmatch(said):
        return last.choices[0].says if not last.choices[0].says.endswith(NOT_BY_YES) else text
    if NO.fullmatch(said) and len(last.choices) == 2:
        return last.choices[1].says
    named = [one.says for one in last.choices if len(said) >= 2 and _names(said, one)]
    return named[0] if len(named) == 1 else text


def offers_classes(last: Answer) -> bool:
    """Whether its buttons are about classes; the timetable that answers a question about the town has such buttons too."""
    return bool(last.choices) and (last.action == "lesson" or any(pressed(one.says) for one in last.choices))


def wish(text: str, last: Answer | None) -> Wish | None:
    """A wish about one's own applications. A bare キャンセル means a class only right after an answer about classes."""
    said = plain(text)
    found = next((name for name, pattern in WISHES.items() if re.fullmatch(pattern, said, re.IGNORECASE)), None)
    if found is None and BARE_CANCEL.fullmatch(said) and last is not None and (last.action == "lesson" or offers_classes(last)):
        return "cancel_some"
    return found


def board_code(text: str) -> str:
    """The four digits of "着きました 4821" or, spoken, 「着きました。よんはちにいち」; "" for anything else."""
    said = plain(text)
    if HERE.search(said) and (spoken := code_said(AROUND_HERE.sub("", said), BOARD_DIGITS)):
        return spoken
    code = CODE.search(said)
    alone = re.fullmatch(r"[\d\s\-]{4,7}", said) is not None and len(re.sub(r"\D", "", said)) == 4
    if alone:
        return re.sub(r"\D", "", said)
    return code[1] if code and HERE.search(said) and len(said) <= 30 else ""


def arrives(text: str) -> bool:
    """着きました without a number."""
    said = plain(text)
    return (
        len(said) <= 20
        and re.fullmatch(r"(?:教室に|今)?(?:着きました|到着しました|つきました|来ました)(?:よ|。)?|i(?:'m| am) here|arrived", said, re.I)
        is not None
    )


def _names(said: str, choice: Choice) -> bool:
    flat, label = said.replace(" ", ""), plain(choice.label).replace(" ", "")
    return flat == label or (len(flat) >= 2 and flat in plain(choice.says).replace(" ", "") and not flat.isdigit())
