"""Looks where a thing should be named but no word fitted, and tries its sound; without it speech and typing slips would be refused."""

from __future__ import annotations

import re
from dataclasses import replace

from accessibility import Readings, Word

from .grammar import HAN, NAME_OF_EVENT
from .linking import Linked, Mention
from .normalising import fold_kana
from .sentence import Sentence
from .sounds import Ear, Heard, sign_by_sign, spellings

OBJECT_CUE = re.compile(
    r"^(?:$|[をはもが、。,.!?\s\d]|って|の(?:捨|す|処|料|手|値|回|引|出|高|幅|大)|いくら|なんぼ|捨|すて|ほか|なげ|"
    r"うっちゃ|処分|料金|手数料|出し|だし|回収|引|と|や|です|だ|なん|に|高|幅|直径|古)"
)
LEADING = re.compile(
    r"^(?:この|その|あの|うちの|古い|ふるい|大きい|大きな|小さい|小さな|壊れた|いらない|使わない|要らない|赤ちゃんの|"
    r"孫の|子供の|家の|昔の|もう|あと|それと|じゃあ|えっと|また)+"
)
KANA_SEGMENT = re.compile(r"[ぁ-ゖー]{3,14}")
CUT = re.compile(
    r"[をはがも、。,.!?\s\d]|って|とか|いくら|なんぼ|すて(?:たい|る|かた)|しょぶん|りょうきん|てすうりょう|です|"
    r"ください|(?<=.)の(?=.)|(?<=..)と(?=..)|だした?い|ひきとっ|かいしゅう"
)
LONGEST_CHUNK = 7
MIN_LETTERS = 3
NOT_THINGS = re.compile(
    r"^(?:いくら|なんぼ|ください|おねがい|ください|すてたい|しょぶん|ごみ|そだいごみ|これ|それ|あれ|どれ|なに|なん|"
    r"いつ|どこ|だれ|ほしい|すてかた|かた|もの|こと|とき|ところ|ひと|いえ|うち|わたし|もうしこみ|でんわ|りょうきん|"
    r"てすうりょう|"
    r"しーる|しょりけん|すまほ|きょうしつ|よやく|でんわばんごう|くやくしょ|ねだん|きょう|あした|きのう|いま|ぜんぶ|"
    r"ふたつ|みっつ|ひとつ|おかね|かいしゅう|そだい|せんち|めーとる|ばんごう|しゅうしゅう|ゆうりょう|むりょう|らいん|"
    r"ねっと|"
    r"いんたーねっと|こんびに|けいたい|おしえて|できますか|ありますか|いいですか|どうすれば|どうしたら|じゅうしょ|まんしょん|あぱーと)$"
)


def overhear(sentence: Sentence, linked: Linked, ear: Ear, readings: Readings) -> Linked:
    """The same links, with things added (or unknown words explained) that were only recognised by their sound."""
    if sentence.language != "ja":
        return linked
    mentions, unknown, near = list(linked.mentions), [], []
    for word, target in zip(linked.unknown, linked.near, strict=True):
        start = sentence.text.find(word)
        heard = _hear(sentence, start, start + len(word), ear, readings) if start >= 0 else None
        if heard and heard.entry.target != target:
            mentions.append(_mention(sentence, start, start + len(word), heard))
        else:
            unknown.append(word)
            near.append(target)
    taken = [*((m.start, m.end) for m in mentions), *linked.aside]
    for start, end in _chunks(sentence):
        if longer := _longer(sentence, start, end, mentions, ear, readings):
            mentions = [m for m in mentions if m.end <= start or end <= m.start] + [longer]
            taken.append((start, end))
        elif not any(start < e and s < end for s, e in taken):
            heard = _hear(sentence, start, end, ear, readings)
            if heard and not NAME_OF_EVENT.match(sentence.folded[end:]):
                mentions.append(_mention(sentence, start, end, heard))
                taken.append((start, end))
    mentions.sort(key=lambda m: m.start)
    return replace(linked, mentions=tuple(mentions), unknown=tuple(unknown), near=tuple(near))


def _longer(sentence: Sentence, start: int, end: int, mentions: list[Mention], ear: Ear, readings: Readings) -> Mention | None:
    """解雇ベッド, 半ガラック: what these words spell together, where only the last of them was found to name something."""
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    if len(inside) != 1 or inside[0].start == start or inside[0].end != end:
        return None
    words = tuple(word for word in sentence.words if start <= word.start and word.end <= end)
    heard = ear.spells(spellings(words, readings))
    if heard is None or heard.entry.target == inside[0].target or len(heard.entry.reading) <= len(fold_kana(inside[0].said)):
        return None
    return _mention(sentence, start, end, heard)


def _mention(sentence: Sentence, start: int, end: int, heard: Heard) -> Mention:
    said = sentence.text[start:end]
    return Mention(start, end, said, heard.entry.target, heard.entry.slots, heard.how, heard.score)


def _chunks(sentence: Sentence) -> list[tuple[int, int]]:
    """Places where a thing could be named: runs of nouns before an object cue, and kana segments of kana-only text."""
    runs = noun_runs(sentence.words)
    found = [(run[0].start, run[-1].end) for run in runs if OBJECT_CUE.match(sentence.folded[run[-1].end :])]
    segments = _kana_segments(sentence)
    if HAN.search(sentence.text):
        segments = [(start, end) for start, end in segments if _may_name(sentence, start, end)]
    return found + segments


def _may_name(sentence: Sentence, start: int, end: int) -> bool:
    """Among kanji, kana of nothing but known verbs and particles (していい, ほかせる) name no thing."""
    inside = [word for word in sentence.words if start <= word.start and word.end <= end]
    return not inside or any(word.is_noun or not word.known for word in inside)


def noun_runs(words: tuple[Word, ...]) -> list[list[Word]]:
    """Runs of nouns with their prefixes and suffixes, none longer than a name may be."""
    runs: list[list[Word]] = [[]]
    previous = ""
    for word in words:
        after_digit, previous = previous.isdigit(), word.surface[-1:]
        if after_digit:
            runs.append([])
        elif word.kind[0] in ("名詞", "接頭辞", "接尾辞", "形状詞") and not word.surface.isdigit():
            runs[-1].append(word)
        else:
            runs.append([])
    return [run for run in runs if run and len(run) <= LONGEST_CHUNK]


def _kana_segments(sentence: Sentence) -> list[tuple[int, int]]:
    found = []
    for match in KANA_SEGMENT.finditer(sentence.folded):
        at = match.start()
        for cut in (*CUT.finditer(sentence.folded, match.start(), match.end()), None):
            stop = cut.start() if cut else match.end()
            lead = LEADING.match(sentence.folded[at:stop])
            begin = at + lead.end() if lead else at
            if stop - begin >= MIN_LETTERS:
                found.append((begin, stop))
            at = cut.end() if cut else stop
    return found


def _hear(sentence: Sentence, start: int, end: int, ear: Ear, readings: Readings) -> Heard | None:
    words = tuple(word for word in sentence.words if start <= word.start and word.end <= end)
    if len(words) > 1 and words[0].kind[0] == "接頭辞" and words[0].surface in ("お", "ご", "御"):
        words, start = words[1:], words[1].start
    plain = fold_kana(sentence.text[start:end])
    kana_only = bool(re.fullmatch(r"[ぁ-ゖー]+", plain))
    usual = "".join(word.reading for word in words)
    ways = (plain,) if kana_only else spellings(words, readings) if len(words) > 1 else (usual,)
    ways = tuple(way for way in ways if not NOT_THINGS.match(way))
    if not ways or (kana_only and len(plain) < MIN_LETTERS):
        return None
    heard = ear.hear(ways, shortest=2 if len(words) > 1 else MIN_LETTERS)
    if heard is None and len(words) > 2 and not kana_only:
        heard = ear.hear(spellings(words[1:], readings))
    if heard is None and not kana_only and len(words) > 1:
        heard = ear.looks_like(plain, ways[-1])
    if heard is None and not kana_only and len(words) > 1 and len(plain) <= LONGEST_CHUNK:
        return ear.reads(sign_by_sign(sentence.text[start:end], readings))
    return heard if heard and _believable(heard, words, ways[0], kana_only) else None


def _believable(heard: Heard, words: tuple[Word, ...], kana: str, kana_only: bool) -> bool:
    """A word correctly written in the dictionary is not another word that only sounds a little like it: 人生 is no シンセ."""
    if heard.how == "folded" and len(words) == 1 and words[0].known and HAN.search(words[0].surface):
        return False
    if heard.how == "heard" and len(words) == 1 and words[0].known and len(words[0].surface) > 1:
        return False
    if heard.how == "heard" and kana_only and all(word.known and len(word.surface) > 2 for word in words):
        return False
    return not (heard.how == "read" and len(kana) <= 2 and len(words) == 1)
