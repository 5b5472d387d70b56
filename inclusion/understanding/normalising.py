"""Makes every way of typing or saying the same words the same text; without it half-width, fillers and signs would hide what is asked."""

from __future__ import annotations

import re
import unicodedata

from .numerals import with_digits

LONGEST_READ = 500
ENOUGH_TO_CUT_FROM = 3000
DROPPED_CATEGORIES = ("Cc", "Cf", "Co", "Cs", "Cn", "Sk", "Mn", "Me")
KEPT_SIGNS = frozenset("゙゚")

DASHES = re.compile(r"(?<=[ぁ-ゖァ-ヺ])[‐‑‒–—―−─━ｰ-](?=[ぁ-ゖァ-ヺ一-鿿]|$|[をのはがもにで、。\s])")
STRETCHED = re.compile(r"([ー〜~])[ー〜~]+")
SPACES = re.compile(r"\s+")
REPEATED_SIGNS = re.compile(r"([!?。、,.…・])\1+")

FILLERS = re.compile(
    r"(?:(?:^|(?<=[、。,.!?…\s]))(?:"
    r"え[ーえ〜~]+っ?と?ー?ね?ぇ?|ええと[ねですー]*|えっ?とー?(?:ですね|ね)?|えーっと(?:ですね|ね)?|ええ|えー|うーん|んー+と?|ん[ーっ]と|"
    r"あの[うぅーおぉ〜]*(?:ですね[えぇー]?|ね[えぇー]?|さ[あぁー]?)?(?=[、,…\s])|あの[うー〜]+|あのですね[えぇー]?|"
    r"あのね[えぇー]?|あのさ[あぁー]?|"
    r"その[うー〜]+(?!ち)(?:ですね)?|その(?=、)|まあ|まぁ|ほら|そうですね[えぇー]?|そうね[えぇー]?|そうだねえ?|はいはい|はい(?=[、,])|"
    r"(?<![、。,…])いやあ?(?=[、,])|もしもし|すみません(?:が|けど)?|すいません(?:が|けど)?|ちょっと(?:すみません|"
    r"お?聞き?たい(?:ん(?:です|だ))?(?:けど|が))|"
    r"お願いします(?=[、,])|なんか(?=[、,])|um+\b|uh+\b|er+m*\b|well(?=,)|请问|那个(?=[，,])|嗯+"
    r")[、,。…\s]*)+",
)
SPOKEN_NE = re.compile(r"(?<=[をにはがもでとのてんけ])(?:ですね[えぇー]?|ね[えぇー]?|さ[あぁー]?|よ)(?=[、,])")
WITHIN = re.compile(r"(?<=[ぁ-ゖ])(?:ね[ーえぇ]?)?(?:えー+っ?と|うーん+と?|んー+と?|あのー+)(?:ですね|ね)?[、,]?")
SPOKEN_NANKA = re.compile(r"(?:なんか|何か)(?=[、,])|(?<=[、,])(?:ほら|まあ|まぁ|その|あの|えーと|ええと|えっと|なんか)[、,]")


def normalise(text: str) -> str:
    """The text as the rest of the pipeline reads it: one width, no control signs, no fillers, digits before counters; at most 500 signs."""
    shown = unicodedata.normalize("NFKC", text[:ENOUGH_TO_CUT_FROM]).lower()
    shown = "".join(_kept(sign) for sign in shown)
    shown = DASHES.sub("ー", shown)
    shown = STRETCHED.sub(r"\1", REPEATED_SIGNS.sub(r"\1", SPACES.sub(" ", shown))).strip()
    return with_digits(without_fillers(shown)[:LONGEST_READ]).strip()


def without_fillers(text: str) -> str:
    """The text without えーと, あのですね and the like; a text made of nothing else stays as it is."""
    plain = SPOKEN_NANKA.sub("、", SPOKEN_NE.sub("", WITHIN.sub("", FILLERS.sub("", text))))
    return plain if plain.strip(" 、。,.!?…") else text


def fold_kana(text: str) -> str:
    """Katakana as hiragana, sign by sign, so that positions stay the same."""
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in text)


def is_speech(text: str) -> bool:
    """Whether there is any letter or digit at all."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def _kept(sign: str) -> str:
    if sign in "\t\n\r\v\f" or unicodedata.category(sign) == "So":
        return " "
    if sign in KEPT_SIGNS or unicodedata.category(sign) not in DROPPED_CATEGORIES:
        return sign
    return ""
