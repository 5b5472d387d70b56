"""The kana above the kanji, the same that the voice speaks; without this file eye and ear would be told different names.

Three layers, the first that knows wins: the town's own list of names, the rules for what engines get wrong, the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Final

import jaconv

from .number_readings import COUNTED, PLAIN, counted_reading, number_in_kana, number_of
from .open_jtalk import Engine, Pair
from .readings import KANJI, Readings, Ruby

WEEKDAYS: Final = {"月": "げつ", "火": "か", "水": "すい", "木": "もく", "金": "きん", "土": "ど", "日": "にち", "祝": "しゅく"}
_DAY: Final = "[月火水木金土日祝]"
WEEKDAY: Final = re.compile(
    rf"(?<=[（(]){_DAY}(?=[）)])|(?<![一-鿿]){_DAY}(?=[〜～・、]{_DAY}(?![一-鿿]))|(?<={_DAY}[〜～・、]){_DAY}(?![一-鿿])"
)
ORDINAL: Final = re.compile(r"第(?P<number>[0-9０-９]{1,3})(?=[月火水木金土日]曜|、|・|$)")
# Sentences that engines read wrong, each with what decides it; the group "kanji" is what gets the reading.
PHRASES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"(?<=を)(?P<kanji>行)(?=っ|い|わ|う|え)"), "おこな"),
    (re.compile(r"(?P<kanji>行)(?=われ|いま|うこと)(?<!に行)(?<!へ行)"), "おこな"),
    (re.compile(r"(?:(?<=に)|(?<=へ)|(?<=まで))(?P<kanji>行)(?=っ)"), "い"),
    (re.compile(r"(?:(?<=この)|(?<=その)|(?<=あの)|(?<=どちらの))(?P<kanji>方)(?=が)"), "ほう"),
    (re.compile(r"(?:(?<=きい)|(?<=さい)|(?<=良い)|(?<=よい)|(?<=安い)|(?<=早い)|(?<=た)|(?<=る))(?P<kanji>方)(?=が(?!た))"), "ほう"),
    (re.compile(r"(?<=[うくすつむるいた])(?P<kanji>方)(?=[はもへにでとや、。）)」]|$)(?<!い方)"), "かた"),
    (re.compile(r"(?<=ない)(?P<kanji>方)(?=[はもへにでと、。]|$)"), "かた"),
    (re.compile(r"(?<=きい|さい|多い)(?P<kanji>方)"), "ほう"),
    (re.compile(r"(?<=(?:お|ご)[一-鿿]{2}の)(?P<kanji>方)"), "かた"),
    (re.compile(r"(?<=の)(?P<kanji>方)(?=は|も|へ|に限|のみ|で、|、|。|$)"), "かた"),
    (re.compile(r"(?<=した)(?P<kanji>方)(?=の(?:ため|お|名|電話|席))"), "かた"),
    (re.compile(r"何階"), "なんがい"),
    (re.compile(r"何(?=か(?!月|国|所|年))"), "なに"),
    (re.compile(r"(?<![一-鿿々])私(?![一-鿿々])"), "わたし"),
    (re.compile(r"重(?=な[りるっ])"), "かさ"),
    (re.compile(r"何日(?!分)"), "なんにち"),
    (re.compile(r"(?:(?<=この|その|あの|どの)|(?<=この |その |あの |どの ))日(?=[はがもにのをで、。]|から|まで|だけ|$)"), "ひ"),
    (re.compile(r"何(?=[円枚回個人本台度番日年月点歳秒])"), "なん"),
    (re.compile(r"何(?=曜日)"), "なん"),
    (re.compile(r"何時(?!か|も|の間)"), "なんじ"),
    (re.compile(r"(?:(?<=[はがも])|(?<=から)|(?<=まで))(?P<kanji>開)(?=い[てた])"), "あ"),
    (re.compile(r"市場(?=[でにへ](?:買|行|出))"), "いちば"),
    (re.compile(r"(?P<kanji>辛)(?=い(?:料理|物|もの|味|カレー|スープ))"), "から"),
    (re.compile(r"診療所"), "しんりょうじょ"),
    (re.compile(r"生物(?![学多教的])"), "なまもの"),
    (re.compile(r"(?<=[習務袖])(?P<kanji>机)"), "づくえ"),
    (re.compile(r"(?P<kanji>古)(?=本(?!来))"), "ふる"),
    (re.compile(r"分別"), "ぶんべつ"),
    (re.compile(r"明後日"), "あさって"),
    (re.compile(r"表計算"), "ひょうけいさん"),
    (re.compile(r"(?<=いちばん)下|(?<=一番)下"), "した"),
    (re.compile(r"差し込み口"), "さしこみぐち"),
)
# 1,600円 and 2026年: everybody reads the digits, and kana above them would be longer than the line.
LONG_NUMBER: Final = re.compile(r"(?P<number>[0-9０-９,，]{3,})(?P<counter>\D+)")
WORD_INSIDE: Final = re.compile("(?<=[一-鿿々])([ぁ-ゖァ-ヺー]{2,})(?=[一-鿿々])")
ALL_KANJI: Final = re.compile(rf"(?:{KANJI.pattern})+")
SILENT: Final = re.compile(r"[^ぁ-ゖー0-9０-９A-Za-z]")
PARTICLE: Final = re.compile(r"[はへをにのがもとやで]|[^ぁ-ゖァ-ヺー一-鿿々]")
DIGIT: Final = re.compile(r"[0-9０-９A-Za-z]")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word that two engines read differently: staff decide, and their word goes into the town's list.

    It is given with the kanji around it (収集日, not 日): what goes into the list holds wherever it is written. So one kanji that stands
    alone (方, 表) is nobody's to decide: it would be read so inside every word, and with the kana before it (た方, の表) it is no word.
    """

    written: str
    shown: str
    other: str


class Furigana:
    """Readings of whole sentences. `names` (written form -> hiragana) is the town's own list and wins over everything.

    `engine` is asked for what no list or rule knows; where it cannot answer, and while it is not open, Sudachi reads.
    Safe to share between threads.
    """

    def __init__(self, names: Mapping[str, str], sudachi: Readings, engine: Callable[[], Engine | None]) -> None:
        self.sudachi, self._engine, self._given = sudachi, engine, dict(names)
        self._list = _listed(self._given)
        self._one_at_a_time = RLock()

    @property
    def names(self) -> Mapping[str, str]:
        """The whole list that wins over everything."""
        return self._list[0]

    def correct(self, readings: Mapping[str, str]) -> None:
        """From now on these readings (written -> hiragana), decided by staff, win over the list too; those of the last call are let go."""
        self._list = _listed({**self._given, **readings})

    def ruby(self, text: str) -> tuple[Ruby, ...]:
        """The text in pieces, kana above every piece that holds kanji or a counted number."""
        pieces: list[Ruby] = []
        for written, kana in self._pairs(text):
            pieces += above(written, kana)
        return tuple(pieces)

    def kana(self, text: str) -> str:
        """What a voice says for this text, in hiragana; digits that count nothing and signs stay."""
        return "".join(jaconv.kata2hira(kana) for _, kana in self._pairs(text))

    def voiced(self, text: str) -> str:
        """The text to hand to the voice: its kanji are kept (they carry the melody) unless the engine alone would read them otherwise."""
        engine = self._engine()
        if engine is None:
            return self.named(text)
        with self._one_at_a_time:
            pairs = self._pairs(text)
            said = [_as_a_word(written, kana, after) for (written, kana), (after, _) in zip(pairs, [*pairs[1:], ("", "")], strict=True)]
            kept = "".join(
                written if _same(engine.sounds(written), kana) else word for (written, kana), word in zip(pairs, said, strict=True)
            )
            kana = self.kana(text)
            return kept if DIGIT.search(kana) or _same(engine.sounds(kept), kana) else "".join(said)

    def named(self, text: str) -> str:
        """The text for a voice that is not ours (the browser's): the town's names and what rules know in kana, the rest as written."""
        said, at = "", 0
        for begin, end, kana in self._settled(text):
            said, at = said + text[at:begin] + kana, end
        return said + text[at:]

    def doubts(self, text: str) -> tuple[Doubt, ...]:
        """Words of `text` that Sudachi reads otherwise in the same place. Names on the town's list are settled and left out."""
        other = {(word.start, word.end): word.reading for word in self.sudachi.words(text)}
        pairs, at, found = self._pairs(text), 0, []
        for number, (written, kana) in enumerate(pairs):
            span, at = (at, at + len(written)), at + len(written)
            doubtful = KANJI.search(written) and written not in self.names and not COUNTED.search(written)
            doubtful = doubtful and kana != WEEKDAYS.get(written)
            if doubtful and other.get(span, kana) != jaconv.kata2hira(kana):
                found.append(_with_its_neighbours(pairs, number, other[span]))
        return tuple(dict.fromkeys(one for one in found if len(one.written) > 1))

    def _pairs(self, text: str) -> list[Pair]:
        pairs: list[Pair] = []
        at = 0
        for begin, end, kana in self._settled(text):
            pairs += self._read(text[at:begin])
            pairs.append((text[begin:end], kana))
            at = end
        return pairs + self._read(text[at:])

    def _settled(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Places that the list and the rules read, in order, never overlapping; the list is asked first."""
        names, named = self._list
        found = [(m.start(), m.end(), names[m.group()]) for m in named.finditer(text)] if named else []
        found += list(_by_rule(text))
        taken = 0
        free: list[tuple[int, int, str]] = []
        for begin, end, kana in found:
            if all(end <= other[0] or begin >= other[1] for other in free):
                free.append((begin, end, kana))
        for begin, end, kana in sorted(free):
            if begin >= taken:
                yield begin, end, kana
                taken = end

    def _read(self, text: str) -> list[Pair]:
        """What is left, by the engine. Text without kanji needs nobody."""
        if not KANJI.search(text):
            return [(text, text)] if text else []
        pairs = self._heard_pairs(text)
        if pairs is None:
            return [(ruby.text, ruby.above or ruby.text) for ruby in self.sudachi.ruby(text)]
        return list(pairs)

    def _heard_pairs(self, text: str) -> Sequence[Pair] | None:
        engine = self._engine()
        if engine is None:
            return None
        with self._one_at_a_time:
            return engine.read(text)


def _listed(names: Mapping[str, str]) -> tuple[Mapping[str, str], re.Pattern[str] | None]:
    longest_first = sorted(names, key=len, reverse=True)
    return names, re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _with_its_neighbours(pairs: Sequence[Pair], number: int, other: str) -> Doubt:
    first = last = number
    while first > 0 and ALL_KANJI.fullmatch(pairs[first - 1][0]):
        first -= 1
    while last + 1 < len(pairs) and ALL_KANJI.fullmatch(pairs[last + 1][0]):
        last += 1
    before, after = pairs[first:number], pairs[number + 1 : last + 1]
    written, shown = ("".join(part[one] for part in pairs[first : last + 1]) for one in (0, 1))
    read_otherwise = "".join(kana for _, kana in before) + other + "".join(kana for _, kana in after)
    return Doubt(written, jaconv.kata2hira(shown), jaconv.kata2hira(read_otherwise))


def above(written: str, kana: str) -> list[Ruby]:
    """Kana stands only above the kanji: what the written word and its reading share at both ends is left bare."""
    if counted := LONG_NUMBER.fullmatch(written):
        counter = PLAIN.get(counted["counter"], "")
        if counter and kana.endswith(counter):
            return [Ruby(counted["number"]), Ruby(counted["counter"], counter)]
    if written == kana or (not KANJI.search(written) and not COUNTED.fullmatch(written)):
        return [Ruby(written)]
    plain = jaconv.kata2hira(written)
    head = 0
    while head < min(len(plain), len(kana)) and plain[head] == kana[head] and not KANJI.match(plain[head]):
        head += 1
    tail = 0
    while tail < min(len(plain), len(kana)) - head - 1 and plain[-1 - tail] == kana[-1 - tail]:
        tail += 1
    ends = len(plain) - tail
    middle = Ruby(written[head:ends], kana[head : len(kana) - tail])
    return [ruby for ruby in (Ruby(written[:head]), *_apart(middle), Ruby(written[ends:])) if ruby.text]


def _apart(word: Ruby) -> list[Ruby]:
    """粗大ごみ受付 as 粗大, ごみ and 受付, where the kana inside leave no doubt: a line may end between them."""
    inside = WORD_INSIDE.split(word.text)
    if len(inside) == 1:
        return [word]
    shape = "".join(f"({jaconv.kata2hira(part)})" if number % 2 else "(.+{0})" for number, part in enumerate(inside))
    short, long = (re.fullmatch(shape.format(greed), word.above) for greed in ("?", ""))
    if short is None or long is None or short.groups() != long.groups():
        return [word]
    return [Ruby(part, "" if number % 2 else kana) for number, (part, kana) in enumerate(zip(inside, short.groups(), strict=True))]


def _by_rule(text: str) -> Iterator[tuple[int, int, str]]:
    for match in ORDINAL.finditer(text):
        number = number_of(match["number"])
        if number is not None and (spoken := number_in_kana(number)):
            yield match.start(), match.end(), f"だい{spoken}"
    for match in WEEKDAY.finditer(text):
        yield match.start(), match.end(), WEEKDAYS[match.group()]
    after_month = -1
    for match in COUNTED.finditer(text):
        kana = counted_reading(match, day_of_month=after_month == match.start())
        if kana is not None:
            yield match.start(), match.end(), kana
        after_month = match.end() if match["counter"] == "月" else -1
    for pattern, kana in PHRASES:
        for match in pattern.finditer(text):
            group = "kanji" if "kanji" in pattern.groupindex else 0
            yield match.start(group), match.end(group), kana


def _as_a_word(written: str, kana: str, after: str) -> str:
    """`kana` as an engine takes it for a noun, where one can end: behind かた in hiragana it says は as ha, behind カタ as wa."""
    ends = not after or PARTICLE.match(after) is not None
    return jaconv.hira2kata(kana) if ends and KANJI.search(written) else kana


def _same(one: str, other: str) -> bool:
    """Equal in all that sounds: spaces, brackets and stops do not."""
    return SILENT.sub("", one) == SILENT.sub("", jaconv.kata2hira(other))
