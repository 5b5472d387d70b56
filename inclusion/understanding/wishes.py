"""Recognises wishes to do something rather than know something: larger letters, a class, the live picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accessibility import Action

from .faqs import Guess
from .sentence import Sentence

SETTINGS: Mapping[str, str] = {
    "s.larger": (
        r"(?:字|文字|画面|表示)(?:を|が|は|も)?(?:もっと|もう少し|もうちょっと|少し)?(?:大き[くい]|でか[くい]).{0,10}|"
        r"(?:もっと|もう少し|もうちょっと|少し)(?:大き[くいな]|でか[くい])(?:字|文字|し(?:て|たい)|見せ|見たい|表示|に|"
        r"お願い|$).{0,8}|大き[いな](?:字|文字)(?:で|に|が|を).{0,10}|大きく(?:して|できる|見せて).{0,6}|字が(?:小さ|"
        r"ちいさ)(?:い|く|すぎ).{0,14}|(?:文字|字)(?:が|は)?(?:見え|読め)(?:な|ませ|にく|づら).{0,6}|(?:larger|"
        r"bigger) ?(?:text|letters|please)?|字(?:大|再大)一?点|放大"
    ),
    "s.smaller": r"(?:字|文字)(?:を|が)?(?:もっと|もう少し|少し)?(?:小さ|ちいさ)く.{0,8}|もっと小さく.{0,6}|(?:smaller)(?: text| please)?",
    "s.slower": (
        r"(?:もっと|もう少し|もうちょっと)?ゆっくり(?:と)?(?:話|はな|言|しゃべ|お願い|して|読|め|$|でお願い|、(?:話|言|"
        r"お願い)).{0,14}|(?:話す|しゃべる|読む|声の)(?:の|速さ|スピード|すぴーど)?(?:が|を)?(?:速|早|はや)(?:い|"
        r"すぎ).{0,10}|(?:早口|はやくち).{0,10}|(?:slower|slow down|more slowly|speak slowly)(?: please)?|慢一?点.{0,2}|"
        r"说慢.{0,3}|천천히.{0,6}"
    ),
    "s.faster": r"(?:もっと|もう少し)?(?:速|早|はや)く(?:話|しゃべ|読ん|言|して).{0,8}|faster(?: please)?",
    "s.repeat": (
        r"(?:もう(?:1|一)[度回かい]|もっかい|もういっぺん|もういっかい|もういちど|もう1遍|繰り返し|くりかえし|今の|いまの|"
        r"さっきの)(?:、)?(?:ゆっくり)?(?:お?(?:言|いっ|話|聞|読|説明|お願い|おねが|頼|たの|教|見せ|して)|を|$|、|"
        r"$).{0,14}|(?:聞こえ|きこえ)(?:な|ませんでし).{0,8}|(?:え|は|ん|なに|何)(?:って|て)?(?:言|いっ|おっしゃ).{0,10}|"
        r"(?:repeat|say (?:it|that) again|once more|pardon|again please|one more time)(?: please)?.{0,8}|再说一(?:遍|次)|"
        r"다시.{0,8}"
    ),
    "s.shorter": (
        r"(?:もっと|もう少し|もうちょっと)?(?:短く|みじかく|簡単に|かんたんに|手短に|要点だけ|簡潔に|一言で|ひとことで|"
        r"やさしく|易しく|わかりやすく|分かりやすく)(?:して|言|いっ|話|説明|教|お願い|頼|$|、).{0,12}|(?:長い|長すぎ|"
        r"ながい|ながすぎ)(?:て|る|よ|わ|です|。|$).{0,10}|(?:難し|むずかし)(?:い|く|すぎ)(?:て|よ|わ|です|。|$|"
        r"です).{0,8}|(?:shorter|simpler|make it short)(?: please)?"
    ),
    "s.furigana": (
        r"(?:ふりがな|振り?仮名|るび|読み仮名|よみがな)(?:を|が|は)?.{0,14}|漢字(?:が|は)(?:読め|よめ|わから|難し).{0,10}|"
        r"ひらがな(?:で|に).{0,10}"
    ),
    "s.english": (
        r"(?:(?:in )?english(?: please| only)?|(?:please )?(?:speak|use|switch to|answer in|reply in|"
        r"talk in)(?: in)? english(?: please)?|do you (?:speak|have|understand) english|can (?:you|i) (?:speak|use|have|"
        r"ask in)(?: in)? english|英語(?:で|に|は|が).{0,14}|英語|えいごで.{0,10})"
    ),
    "s.chinese": (
        r"(?:(?:请)?(?:说|用|讲)?中文(?:可以)?(?:吗)?|中国語(?:で|に|は|が).{0,14}|chinese(?: please)?|in chinese|"
        r"请说中文|会说中文吗|能说中文吗)"
    ),
    "s.korean": r"(?:한국어(?:로|가|는)?.{0,10}|韓国語(?:で|に|は|が).{0,14}|korean(?: please)?|in korean)",
    "s.japanese": r"(?:日本語(?:で|に|へ).{0,12}|(?:in )?japanese(?: please)?|日语|일본어.{0,6})",
    "s.easy_off": (
        r"(?:ふつう|普通|いつも|元|もと)の(?:日本語|にほんご|言葉|ことば|話し方)(?:で|に|へ).{0,12}|"
        r"(?:やさしい|易しい|優しい)(?:日本語|にほんご)(?:を|は|じゃなく)(?:やめ|止め|終わ|外|いら|ない|て).{0,12}|"
        r"(?:normal|standard) japanese"
    ),
    "s.easy": r"(?:やさしい|易しい|優しい)(?:日本語|にほんご).{0,12}|子ども?にもわかる.{0,10}",
    "s.voice_off": (
        r"(?:音声|声|音|読み上げ|しゃべり|しゃべる|話す)(?:の)?(?:を|は|が)?(?:いら|いり|要ら|要り|消|止|とめ|切|やめ|"
        r"なし|無し|おふ|うるさ|ださ|出さ|不要|けし).{0,14}|(?:静かに|しずかに|黙って|しゃべらない|読み上げ(?:ない|"
        r"なく)).{0,8}|(?:mute|voice off|no voice|be quiet|stop (?:talking|speaking|reading)).{0,8}"
    ),
    "s.voice_on": (
        r"(?:音声|声|読み上げ)(?:を|も|で)?(?:出|だ|つけ|付け|聞|おん|お願い|読|教え|答え|話).{0,14}|(?:読み上げ|読んで|"
        r"よんで)(?:て|で|ください|ほしい|ちょうだい|聞かせて|もらえ)?.{0,8}|(?:voice on|read (?:it |this )?(?:aloud|out)|"
        r"speak to me).{0,8}"
    ),
    "s.louder": (
        r"(?:音|声|音量)(?:を|が)?(?:もっと|もう少し)?(?:大き|おおき|上げ|あげ).{0,10}|"
        r"(?:もっと|もう少し|もうちょっと|もう一度)?(?:大き[いな]|おおき[いな]|でかい)(?:音|声|こえ|おと)(?:で|に|$).{0,10}|"
        r"louder(?: please)?"
    ),
    "s.softer": (
        r"(?:音|声|音量)(?:を|が)?(?:もっと|もう少し)?(?:小さ|ちいさ|下げ|さげ).{0,10}|"
        r"小さ[いな](?:音|声)(?:で|に|$).{0,10}|softer(?: please)?"
    ),
}  # fmt: skip
LIVE = re.compile(
    r"(?:中継|生中継|(?<!ど)らいぶ|配信|生放送|live ?stream|livestream|直播)(?:を|が|は|も|で|の|って)?.{0,10}(?:見|"
    r"観|み(?:たい|れ|せ|る|られ)|やって|つな|繋|開|ある|あり|視聴|始ま|どこ|参加|watch|$)|"
    r"(?:祭|まつり|踊り|おどり|神輿|みこし|花火|行列|桜|さくら|教室|講座)(?:を|が|は|の(?:様子|映像|中継)(?:を|"
    r"が)?)?.{0,6}(?:家|うち|自宅|ここ|すまほ|画面|てれび|おんらいん|ねっと|離れた)(?:で|から|に居ながら).{0,6}(?:見|"
    r"観|みたい|みれ|参加)|"
    r"(?:家|うち|自宅|すまほ|ねっと|おんらいん)(?:で|から).{0,8}(?:祭|まつり|踊り|神輿|行列).{0,8}(?:見|観|みたい|"
    r"みれ|参加)|watch .{0,20}(?:live|festival)|(?:live|stream).{0,12}(?:watch|see)|"
    r"(?:^|[、。\s])(?:お|御)?(?:祭り?|まつり)(?:の(?:様子|映像|放送))?(?:を|が|も|は)?(?:見(?:たい|れる|られ)|観(?:たい|れる|られ)|"
    r"みたい(?![なにでだ])|みれる|みられ)|看.{0,4}(?:直播|祭典|庙会|节日)|(?:축제|중계|생중계).{0,6}(?:보고|볼|봐|시청)"
)
SIGN_UP = re.compile(
    r"(?:スマホ|すまほ|スマートフォン|すまーとふぉん|教室|講座|くらす|れっすん|class|"
    r"lesson).{0,16}(?:申し?込(?:み(?:たい|ます|をしたい|をお願い|を?して|お願い)|む$|んで|ませ)|もうしこみたい|"
    r"参加(?:したい|します|させて|希望|を希望)|予約(?:したい|を?お願い|して(?:ください|ほしい|くれ)|を(?:したい|"
    r"取りたい|とりたい))|(?:に|へ)(?:出たい|通いたい|行きたい|入りたい|出席したい)|受けたい|受講(?:したい|します|"
    r"希望)|入れて(?:ください|ほしい)|席を(?:取|とっ)|sign me up|book|enroll|join|register me)"
)
SIGN_UP_ASKED = re.compile(r"(?:方法|やり方|どう|どこ|には|いつ|何|いくら|か(?:\?|$)|できますか|how|where|when|必要|電話番号|先は|誰)")
MY_LESSON = re.compile(
    r"(?:申し?込んだ|予約(?:した|している)|私の|わたしの|自分の)(?:.{0,6})(?:教室|講座|くらす)(?:.{0,6})(?:いつ|確認|見|どれ|一覧)"
)
WISHED = 0.32
CLEARLY = 0.1
ACTIONS: Mapping[str, Action] = {"s": "settings", "l": "lesson", "v": "live"}
ENDING = r"[。、!?\s]*(?:お願い(?:します|できますか)?|ください|ね|よ)?[。!?\s]*"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to do: the action and the ids that say what."""

    action: Action
    ids: tuple[str, ...]


def setting(sentence: Sentence) -> Wish | None:
    """A wish about how we talk; only when the whole sentence is one."""
    plain = re.sub(
        r"^(?:すみません|ごめん(?:なさい)?|悪い(?:けど|んだけど)|あの|ええと|ちょっと|できれば|お願い(?:です|だから)?)[、\s]*",
        "",
        re.sub(r"(?<=[^a-z0-9]) (?=[^a-z0-9])", "", sentence.folded),
    )
    found = tuple(name for name, pattern in SETTINGS.items() if re.fullmatch(pattern + ENDING, plain))
    return Wish("settings", _most_wanted(found)) if found else None


def live(sentence: Sentence) -> Wish | None:
    """A wish to watch something live."""
    return Wish("live", ("v.watch",)) if LIVE.search(sentence.folded) else None


def lesson(sentence: Sentence) -> Wish | None:
    """A clear wish to join a class now; questions about classes are FAQ."""
    if SIGN_UP.search(sentence.folded) and not SIGN_UP_ASKED.search(sentence.folded):
        return Wish("lesson", ("l.signup",))
    return Wish("lesson", ("l.mine",)) if MY_LESSON.search(sentence.folded) else None


def learnt_wish(guess: Guess) -> Wish | None:
    """A wish in words no pattern knows, where the learnt model is sure of it and of nothing else."""
    others = max(guess.score, guess.thing, guess.elsewhere, guess.refused)
    if not guess.wish or guess.wished < WISHED or guess.wished < others + CLEARLY:
        return None
    return Wish(ACTIONS[guess.wish[0]], (guess.wish,))


def _most_wanted(found: tuple[str, ...]) -> tuple[str, ...]:
    """もう一度ゆっくり is both; otherwise the first that fits is enough."""
    both = tuple(name for name in found if name in ("s.repeat", "s.slower"))
    return both if len(both) > 1 else found[:1]
