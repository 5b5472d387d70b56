"""What people say of a class in their own words, as a step of 満足度; without it only the five buttons would be an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from accessibility import LANGUAGES, Messages

STEPS: Final = (5, 4, 3, 2, 1)
END: Final = r"(?:です|でした|だ|だった)?(?:ね|よ|よね|と思います)?"
VERY: Final = r"(?:とても|大変|たいへん|すごく|本当に|大)"
GOOD: Final = r"(?:よかった|良かった|よい|良い|楽しかった|分かりやすかった|わかりやすかった|勉強になりました|ためになりました)"
BAD: Final = r"(?:よくなかった|良くなかった|よくない|良くない|つまらなかった|分かりにくかった|わかりにくかった)"
# Whole sentences only: 「あまりよくなかった」 is milder than 「よくなかった」, 「まあまあ」 than 「まあまあよかった」.
SAID: Final[Mapping[int, str]] = {
    2: rf"(?:やや|少し|ちょっと)(?:不満|{BAD}){END}|(?:あまり|それほど)(?:{BAD}|満足(?:していない|できなかった|できませんでした)){END}"
    r"|not (?:so|very) good|(?:a bit|somewhat) (?:poor|disappointing)|不太(?:满意|好)|별로(?:였어요|예요)?|조금 불만(?:이에요)?",
    1: rf"(?:とても|大変|すごく)?(?:不満|{BAD}|だめ|最悪){END}|満足(?:していません|していない|できなかった|できませんでした)"
    r"|(?:it was )?(?:very )?(?:bad|terrible)|不满意?|很?不好|不行|안 ?좋았어요|나빴어요|불만(?:이에요)?",
    4: rf"(?:やや|まあまあ|だいたい|まあ|わりと|けっこう|結構)(?:満足(?:しました|しています)?|{GOOD}){END}|{GOOD}{END}"
    r"|(?:it was )?(?:quite )?(?:good|nice)|比较满意|(?:还|挺)?不错|挺好的?|좋았어요|조금 만족(?:해요)?",
    3: rf"(?:ふつう|普通|まあまあ|まずまず|どちらでもない|どちらとも(?:言|い)えない|そこそこ){END}"
    r"|(?:it was )?(?:so-?so|ok(?:ay)?|fair|average)|一般(?:般|吧)?|还行|还可以|马马虎虎|보통(?:이에요|이었어요)?|그저 그랬어요",
    5: rf"{VERY}?満足(?:しました|しています)?{END}|{VERY}(?:{GOOD}|いい){END}|最高{END}"
    r"|(?:it was )?(?:very good|great|excellent|wonderful)|(?:i am |i'm )?(?:very )?satisfied"
    r"|很?满意|非常(?:满意|好)|很好|아주 좋았어요|(?:매우 )?만족(?:해요|합니다|했어요)?",
}
MORE: Final[Mapping[str, str]] = {  # the second and the third question
    "slow": rf"(?:少し|ちょっと)?(?:遅|おそ)(?:い|かった|すぎた){END}|too slow",
    "right": rf"ちょうど(?:よ|い|良)(?:い|かった){END}|just right",
    "fast": rf"(?:少し|ちょっと)?(?:速|早|はや)(?:い|かった|すぎた){END}|too fast",
    "yes": rf"また(?:来|き|行き|参加し)たい{END}|また(?:来|き|行き)ます|yes",
    "no": rf"もう(?:いい|結構){END}|no",
}


def more_of_it(text: str) -> str:
    """The pace (slow, right, fast) or whether they would come again (yes, no); "" for anything else."""
    return next((kind for kind, pattern in MORE.items() if re.fullmatch(pattern, text.strip(), re.IGNORECASE)), "")


def satisfaction(text: str, messages: Messages) -> int | None:
    """5 (満足) to 1 (不満), from a button's words in any language or from one's own; None for anything else."""
    said = text.strip().casefold()
    if step := satisfaction_pressed(said, messages):
        return step
    ways = {re.sub(r"[、,]", "", said), re.sub(r"[、,\s]", "", said)}  # easy Japanese puts spaces between its words
    return next((step for step, pattern in SAID.items() if any(re.fullmatch(pattern, one, re.IGNORECASE) for one in ways)), None)


def satisfaction_pressed(text: str, messages: Messages) -> int | None:
    """The same for a button only."""
    said = text.strip().casefold()
    labels = {messages.say(f"lesson.opinion.{step}", language).casefold(): step for language in reversed(LANGUAGES) for step in STEPS}
    says = {messages.say(f"lesson.opinion.{step}.says").casefold(): step for step in STEPS}
    return {**labels, **says}.get(said)
