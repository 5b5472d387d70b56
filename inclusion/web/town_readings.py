"""Furigana with a town's own names in it; without this file 猿楽町 would be read by people who have never been there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from markupsafe import Markup, escape

from accessibility import Furigana, OpenedBeside, OpenJTalk, Readings, Ruby, originals
from accessibility.number_readings import COUNTERS
from inclusion.municipalities import Town

RUBY: Final = Markup('<ruby data-kana="{}">{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>')
TOGETHER: Final = Markup('<span class="together">{}</span>')
PHONE: Final = Markup('<span class="together phone-number">{}</span>')
SHORT_TOGETHER: Final = Markup('<span class="together together--short">{}</span>')
JAPANESE: Final = Markup('<span lang="ja">{}</span>')
NUMBER: Final = re.compile("[0-9０-９][0-9０-９,，.．]*")
_SHORT: Final = "|".join(map(re.escape, (one for one in COUNTERS if one != "年")))  # 2026年12月28日 is longer than a line of large letters
PHONES: Final = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}")
RECEIPT: Final = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
ELSEWHERE: Final = re.compile(  # in other languages
    rf"{PHONES.pattern}|{RECEIPT.pattern}|[0-9]{{1,2}}月[0-9]{{1,2}}日"
    r"|(?:上午|下午|오전 |오후 )?[0-9]{1,2}:[0-9]{2}(?:[\u202f\u00a0 ][AP]M)?"
)
COUNTED_NUMBERS: Final = re.compile(rf"{PHONES.pattern}|{RECEIPT.pattern}|(?:午前|午後)?(?:{NUMBER.pattern}(?:か月|{_SHORT}))+")
LONGEST_TOGETHER: Final = 12  # kana
LONGEST_WORD: Final = 7.2  # letters of the line; a heading's are half as large again
SHORT_WORD: Final = 5.0
KANA_SIZE: Final = 0.55  # of what stands above, beside the letters below
ENDING: Final = re.compile("[ぁ-ゖー]{1,6}?(?=[おご]?$|[^ぁ-ゖー])[。、]?")  # 練習 + します。; お and ご belong to the next word
LINK: Final = re.compile(
    "(?<=[てでく])(?=[いおくしみな])|(?<=^[のをがはに])"
)  # 取り消して + ください, 少なく + なります: a line may end there
POLITE: Final = re.compile("(?<=.)[おご]$")
BEGINNINGS: Final = frozenset(
    ["ため", "こと", "もの", "とき", "ところ", "ください", "でき", "あり", "ほか", "まだ", "また", "もう", "すぐ"]
)
BARE_WORD: Final = re.compile("[ぁ-ゖー]{2,7}[。、]?")
KATAKANA: Final = re.compile("(?<![ァ-ヺー])[ァ-ヺー]{2,7}(?![ァ-ヺー])")
HALF_OF_A_DAY: Final = ("午前", "午後")
SHORTEST_ITEM: Final = 3  # shorter item names (琴, 額, 桶) are parts of other words


def town_furigana(town: Town, sudachi: Readings | None = None) -> Furigana:
    """Readings for one town. The large engine opens beside the first sentence that needs it; nobody waits for it."""
    names = town_names(town)
    return Furigana(names, sudachi or Readings(names), OpenedBeside(OpenJTalk))


def town_names(town: Town) -> Mapping[str, str]:
    """Written form -> hiragana: things, offices, festivals and places of the town, places winning."""
    items = {item.name: item.reading for item in town.items.values() if _is_one_word(item.name) and len(item.name) >= SHORTEST_ITEM}
    offices = {contact.name: contact.reading for contact in town.contacts.values() if _is_one_word(contact.name)}
    festivals = {festival.name: festival.reading for festival in town.festivals.values() if _is_one_word(festival.name)}
    places = {place.name: place.reading for place in town.places}
    return {name: reading for name, reading in {**items, **offices, **festivals, **places}.items() if name and reading}


def with_ruby(text: str, furigana: Furigana) -> Markup:
    """The text as HTML with ruby; <rp> keeps it readable where ruby is not drawn (WCAG technique H62)."""
    if not text:
        return Markup("")  # an empty span would be something to say
    html, at = Markup(""), 0  # one span around it all: in a flex box every piece would become a box of its own
    for number in PHONES.finditer(text):
        html += _held_together(furigana.ruby(text[at : number.start()])) + PHONE.format(number.group())
        at = number.end()
    return Markup("<span>{}</span>").format(html + _held_together(furigana.ruby(text[at:])))


def numbers_together(text: str, kept: re.Pattern[str] = COUNTED_NUMBERS) -> str | Markup:
    """The text with what `kept` finds (numbers with what they count: 8時29分, telephone numbers) held on one line."""
    if not kept.search(text):
        return text
    html, at = Markup("<span>"), 0
    for found in kept.finditer(text):
        held = PHONE if PHONES.fullmatch(found.group()) else TOGETHER
        html += escape(text[at : found.start()]) + held.format(found.group())
        at = found.end()
    return html + escape(text[at:]) + Markup("</span>")


def originals_marked(text: str, language: str) -> str | Markup:
    """A line in another language: its numbers held together, and what stands in Japanese in brackets marked as Japanese."""
    html, at = Markup(""), 0
    for start, end in originals(text, language):
        html += numbers_together(text[at:start], ELSEWHERE) + JAPANESE.format(_parts_whole(text[start:end]))
        at = end
    rest = numbers_together(text[at:], ELSEWHERE)
    return Markup("<span>{}</span>").format(html + rest) if at else rest


def beside_its_japanese(own: str | Markup, japanese: str, language: str) -> Markup:
    """A translated name with its Japanese in brackets, marked as Japanese whatever its letters."""
    opened, closed = ("（", "）") if language.startswith("zh") else (" (", ")")
    return Markup("<span>{}{}{}{}</span>").format(own, opened, JAPANESE.format(_parts_whole(japanese)), closed)


def _parts_whole(japanese: str) -> Markup:
    """見本会場A and 1階 each on one line, where a line has room: outside Japanese pages the browser breaks between any two letters."""
    return Markup(" ").join(_whole(part) for part in japanese.split(" "))


def _whole(word: str) -> str | Markup:
    if len(word) > LONGEST_WORD or NUMBER.search(word):
        return numbers_together(word)
    return (SHORT_TOGETHER if len(word) <= SHORT_WORD else TOGETHER).format(word)


def _held_together(pieces: Iterable[Ruby]) -> Markup:
    html = Markup("")
    for group in _together(pieces):
        drawn = Markup("").join(RUBY.format(len(one.above), one.text, one.above) if one.above else escape(one.text) for one in group)
        width = _width(group)
        held = SHORT_TOGETHER if width <= SHORT_WORD else TOGETHER
        if len(group) > 1 or (group[0].above and width <= LONGEST_WORD) or BARE_WORD.fullmatch(group[0].text):
            html += held.format(drawn)
        else:
            html += drawn if group[0].above else _foreign_words_held(group[0].text)
    return html


def _foreign_words_held(text: str) -> Markup:
    """車いす用トイレ: behind kana the browser does not see that トイレ is a word."""
    html, at = Markup(""), 0
    for word in KATAKANA.finditer(text):
        held = SHORT_TOGETHER if len(word.group()) <= SHORT_WORD else TOGETHER
        html += escape(text[at : word.start()]) + held.format(word.group())
        at = word.end()
    return html + escape(text[at:])


def _together(pieces: Iterable[Ruby]) -> Iterator[list[Ruby]]:
    """What a line must not tear, as long as it fits on a telephone's with its kana: a number and its counter (午後8時29分), a word and its
    ending (祭り), お and ご and what they honour. The browser itself keeps words whole, but not across kana above them."""
    group: list[Ruby] = []
    for one in _with_endings_apart(pieces):
        if group and (_counts_on(group, one) or _ends(group, one) or _honours(group, one)):
            group.append(one)
            continue
        if group:
            yield group
        group = [one]
    if group:
        yield group


def _with_endings_apart(pieces: Iterable[Ruby]) -> Iterator[Ruby]:
    before: Ruby | None = None  # with kana above
    for one in _bare_text_whole(pieces):
        if one.above:
            yield one
            before = one
            continue
        parts = _apart(one.text, before)
        polite = POLITE.search(parts[-1])
        parts = [*parts[:-1], parts[-1][:-1], parts[-1][-1]] if polite else parts
        yield from (Ruby(part) for part in parts if part)
        before = None


def _apart(text: str, before: Ruby | None) -> list[str]:
    """The ending of the word before, a second verb where both are too long for one piece, and what follows."""
    if before is None:
        return [text]
    ending = ENDING.match(text)
    whole = re.match("[ぁ-ゖー]+[。、]?", text)
    if ending and _width([before, Ruby(ending.group())]) <= LONGEST_WORD:
        return [ending.group(), text[ending.end() :]]
    verbs = LINK.split(whole.group(), maxsplit=1) if whole else []
    if whole and len(verbs) == 2:
        return [*verbs, text[whole.end() :]]
    return [ending.group(), text[ending.end() :]] if ending else [text]


def _bare_text_whole(pieces: Iterable[Ruby]) -> Iterator[Ruby]:
    """The engine's words without kana above (し, ます) as one piece, up to where a new phrase begins; numbers stay apart."""
    bare = ""
    for one in pieces:
        if not one.above and not NUMBER.search(one.text):
            if bare and one.text in BEGINNINGS:
                yield Ruby(bare)
                bare = ""
            bare += one.text
            continue
        if bare:
            yield Ruby(bare)
        bare = ""
        yield one
    if bare:
        yield Ruby(bare)


def _counts_on(group: list[Ruby], one: Ruby) -> bool:
    counted = NUMBER.match(group[0].text) or group[0].text in HALF_OF_A_DAY
    follows = (NUMBER.match(one.text) and (group[-1].above or NUMBER.fullmatch(group[-1].text))) or NUMBER.fullmatch(group[-1].text)
    return bool(counted and follows) and sum(len(each.above or each.text) for each in (*group, one)) <= LONGEST_TOGETHER


def _ends(group: list[Ruby], one: Ruby) -> bool:
    return bool(group[-1].above and not one.above and ENDING.fullmatch(one.text)) and _width([*group, one]) <= LONGEST_WORD


def _honours(group: list[Ruby], one: Ruby) -> bool:
    return bool(len(group) == 1 and group[0].text in ("お", "ご") and one.above) and _width([*group, one]) <= LONGEST_WORD


def _width(group: Iterable[Ruby]) -> float:
    return sum(max(len(each.text.rstrip("。、")), KANA_SIZE * len(each.above)) for each in group)


def _is_one_word(name: str) -> bool:
    return bool(name) and not any(sign in name for sign in " 　（）()・、／/")
