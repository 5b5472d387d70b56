"""Reads the answer to our own question, and small words such as はい, やっぱり or じゃあ; without it every turn would start anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inclusion.municipalities import Group

from .counting import Count, counts_in
from .measures import measures, slots_of
from .sentence import Sentence
from .things import Describing

YES = re.compile(
    r"^(?:はい|うん|ええ|えー|そう|そうです|そうなの|そうそう|そうだ|そうね|その通り|そのとおり|あってる|合ってる|"
    r"合ってます|あってます|正しい|お願い|おねがい|いいです|いいよ|それです|それ|ok|おーけー|yes|yeah|yep|correct|"
    r"right|是|是的|对|對|네|예|うい|おう)(?:です|ます|だよ|ね|よ|よね|ー|します|お願いします|それです|合っています|"
    r"あっています|その通りです|、|。|!|\s)*$"
)
NO = re.compile(r"^(?:いいえ|いえ|いや|ううん|違|ちが|そうじゃな|そうではな|じゃな|ではな|no\b|nope|不是|不对|아니)")
CANCEL = re.compile(
    r"^(?:やっぱり?|やはり)?(?:もう)?(?:全部|ぜんぶ)?(?:いい(?:です|や|わ)?|やめ(?:ます|る|た|ました|とく|ておく|ておきます|にします|たい|"
    r"よう)?|結構です?|けっこうです?|なし(?:で|に)?|きゃんせる(?:で|します)?|取り消し(?:て|ます)?|取り消す|"
    r"忘れて(?:ください)?|"
    r"最初から(?:やり直し.*)?|やり直し.*|りせっと|never ?mind|cancel|forget it|start over|算了)[。、!\s]*(?:ください|"
    r"お願いします|です|ね|わ|よ|や)?[。!\s]*$"
)
CORRECT = re.compile(r"^(?:やっぱり?|やはり|違(?:う|い|って)|ちが(?:う|い|って)|いや|いえ|いいえ|そうじゃなく|間違え|まちがえ|ごめん|no)")
ADD = re.compile(
    r"^(?:それと|それから|あと|あとは|ほかに|他に|さらに|加えて|追加で|追加|ついでに|そして|また|"
    r"もう一?つ(?=[^、。]{2,})|ちなみに|and\b|also\b|plus\b|还有|另外|그리고)"
)
ALSO = re.compile(
    r"(?:も(?:$|[、。?!]|お願い|捨て|すて|ある|あり|あっ|出し|だし|追加|一緒|いっしょ|いい|です|だ|処分|なん|いくら)|も$|を追加|も追加)"
)
FURTHER = re.compile(r"(?:もう|あと|さらに|追加で)\s*\d")
INSTEAD = re.compile(r"^(?:じゃあ?|では|それじゃあ?|それなら|なら|そしたら|then\b|what about|how about|那)")
UNSURE = re.compile(
    r"わから|分から|解ら|知ら(?:な|ん)|しらな|測(?:れ|って(?:い)?な)|はかれ|さあ|不明|覚えて(?:い)?な|don.?t know|not sure|不知道|모르"
)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
HEAVY = re.compile(r"\d+(?:\.\d+)?(?:キロ|きろ|kg)(?:グラム|ぐらむ)?(?:の)?(?:が|を|は)?")
LENGTH_SLOTS = ("two_longest_cm", "longest_cm", "height_cm", "width_cm", "depth_cm", "thickness_cm")
LEFT_OVER = re.compile(
    r"(?:くらい|ぐらい|ほど|だい?たい|大体|約|およそ|多分|たぶん|と思(?:う|い).*|です|ます|だ|よ|ね|わ|の|が|は|も|を|"
    r"に|で|と|かな|じゃ|なら|だと|だったら|んだけど|けど|cm|センチ|せんち|、|。|\s|\?|!|うち|ちょっと|はい|ええ|うん|"
    r"えっと|サイズ|さいず|用|型|式|タイプ|たいぷ|やつ|もの|ほう|方|ふつう|普通|大きさ|か|な|ん|あり|ある)+"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn says about the thing we asked about. `only` tells that it says nothing else."""

    slots: dict[str, str | float]
    pieces: int | None
    unsure: bool


def reply_to(group: Group, describing: Describing, sentence: Sentence) -> Reply:
    """The sizes, words and counts in an answer to the question about this group."""
    found = measures(sentence.folded)
    slots: dict[str, str | float] = {**describing.words_for(group.id, sentence.folded), **slots_of(found)}
    counts = counts_in(sentence, found)
    if not found and not counts:
        slots |= _bare_numbers(group, sentence, slots)
    return Reply(slots, counts[0].amount if counts else None, bool(UNSURE.search(sentence.folded)))


def only_count(sentence: Sentence) -> Count | None:
    """The count when the sentence says nothing but a count (四枚だと？, 2つなら)."""
    counts = counts_in(sentence)
    if len(counts) != 1:
        return None
    count = counts[0]
    rest = sentence.folded[: count.start] + sentence.folded[count.end :]
    rest = HEAVY.sub("", rest)
    rest = re.sub(r"^(?:じゃあ|では|なら|やっぱり|それが|全部で|違う|いや|もし|あ(?=[、\s]))[、\s]*", "", rest)
    rest = re.sub(
        r"(?:合わせて|あわせて|まとめて|全部|ので|から|分|のが|のを|やつ|もっと|いくら|おいくら|なんぼ|どう(?:なる|なります)?|あり(?:ます)?|ある|あった(?:ら)?|捨て(?:たい|る)|にして|の場合|"
        r"になる|にな(?:り|っ)|すると|ください|お願いします|ほしい|でした|出したい|出す|料金|how much)",
        "",
        rest,
    )
    return count if not LEFT_OVER.sub("", rest).strip() else None


def _bare_numbers(group: Group, sentence: Sentence, known: dict[str, str | float]) -> dict[str, str | float]:
    """180と90 answers a question about centimetres, 26 one about inches, 2 one about people."""
    numbers = [float(m.group()) for m in NUMBER.finditer(sentence.folded)]
    if not numbers or known:
        return {}
    wanted = group.slots[0] if group.slots else ""
    if wanted in LENGTH_SLOTS:
        names = ("any_cm", "second_cm", "third_cm")
        return dict(zip(names, sorted(numbers, reverse=True), strict=False))
    return {wanted: numbers[0]} if wanted in ("inch", "jo", "persons", "dan") else {}
