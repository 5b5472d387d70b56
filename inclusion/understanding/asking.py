"""Words of asking, of throwing away and of preparing; without it 余った薬の捨て方 would be about left-over tickets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .counting import COUNT
from .normalising import fold_kana
from .sentence import Sentence
from .things import Thing

DISPOSAL = re.compile(r"捨て|すて|処分|いくら|料金|手数料|何ごみ|出し方|引き?取|回収|出せ|出したい|粗大ごみに|ほかし|なげる|うっちゃ")
SAME_AGAIN = re.compile(
    r"^(?:それ(?:は|って|を)?|で|じゃあ|全部(?:で|だと)?|合計(?:で|は)?|合わせて|合わせると|みんなで|"
    r"結局)?[、\s]*(?:お?いくら|料金|手数料|値段|なんぼ|合計|金額|total|how much)(?:は|って)?(?:です|になる|"
    r"になります|なの|かかる|かかります|か|の|\?|。|total|ですか)*$"
)
PREPARING = re.compile(
    r"抜[くいき]|外[すしさ]|洗[ういわ]|空に|拭[くい]|剥が|はがす|縛[るり]|たたむ|たたんで|入ったまま|付けたまま|"
    r"つけたまま|穴を(?:開|あ)|必要(?:が|は)?あり"
)
OBJECT = re.compile(r"^(?:[をはもが]|って|なんだけど|なんです|の(?:捨て|処分|料金|手数料|出し方|回収)|捨て|処分|いくら)")
THROWN = re.compile(
    r"^(?:[をはも]|って|の)?(?:どう|どこに|どこへ|どうやって)?(?:捨て|すて|処分|廃棄|いくら|料金|手数料|何ごみ|出し方|"
    r"引き?取|回収|粗大|出した|出せ|ほか[しす]|なげ(?:た|る)|うっちゃ)|^が(?:あるんです(?:けど|が))"
)
A_PAIR = 2
LONG_COMPOUND = 3
BESIDE_THINGS = re.compile(
    r"\d+|古い|大きな?い?|小さな?い?|壊れた|いらない|使わない|不用な?|うちの|家の|新しい|捨てたい|処分したい|(?:です|ます|けど|んだ|たい)|[とやのをがはも、。?!\s・,]+"
)
PLAINLY = re.compile(
    r"お?いくら(?:です|かか(?:る|ります))?|なんぼ|(?:お)?値段|料金|手数料|費用|何の?ごみ|粗大ごみ|ごみ|(?:捨て|すて)(?:たい|る|方|かた|ます|て)|処分(?:したい|する|方法|費用?)?|"
    r"出し(?:たい|方|かた|ます)|出せ(?:る|ます)|回収(?:して)?|引き?取(?:って|り)|お願い(?:します|したい)?|教えて(?:ほしい)?|どう(?:やって|する|したら|すれば)?|いい|方法|"
    r"でき(?:る|ます)|した(?:い|ら)|ください|(?:の|ん)?(?:です|だ)?(?:けど|が)|(?:です|ます)か|って|[かよねのんえっと]"
)
ASKING = re.compile(
    r"^(?:もの|やつ|物|ごみ|ゴミ|塵|粗大|の|こと|ところ|方|シール|券|処理|電話|番号|申し?込み?|料金|手数料|お金|金|"
    r"値段|費用|時間|日|曜日|場所|人|家|区|センチ|メートル|.*cm|"
    r"足|腰|膝|体|手|耳|目|力|外|下|階段|玄関|中|上|一緒|今|当日|長さ|高さ|幅|大きさ|サイズ|教室|スマホ|予約|収集|"
    r"回収|家具|家電|荷物|品物|品|不用品|全部|回|朝|夜|雨|何|いつ|どこ|申請|手続き?|证|証明|連絡|祭り?|マンション|"
    r"アパート|業者|店|コンビニ|息子|娘|母|父|主人)$"
)
TOPIC_WORDS = {
    "f.sp_": "スマホ教室の",
    "f.fest_": "お祭りの",
    "f.ticket_": "処理券の",
    "f.kaden_": "家電リサイクルの",
    "f.juminhyo": "住民票の",
    "f.inkan": "印鑑証明の",
    "f.mynumber": "マイナンバーカードの",
    "f.koseki": "戸籍の",
    "f.small_kaden": "小型家電の",
    "f.reuse": "リユースの",
}


def thing_thrown_away(sentence: Sentence) -> str:
    """The noun somebody wants to be rid of (余った薬の捨て方), "" when there is none or it is one of the words of asking."""
    for word in sentence.words:
        if word.kind[:2] == ("名詞", "普通名詞") and THROWN.match(sentence.folded[word.end :]) and not ASKING.search(word.surface):
            return fold_kana(word.surface)
    return ""


def bare_compound(sentence: Sentence) -> tuple[str, str] | None:
    """防災頭巾, 印鑑ケース: the first and the last noun of a sentence of two nouns and nothing else; the last says what it is."""
    nouns = [word for word in sentence.words if word.kind[:3] == ("名詞", "普通名詞", "一般")]
    if not len(nouns) == len(sentence.words) == A_PAIR or nouns[0].end != nouns[1].start or ASKING.search(nouns[1].surface):
        return None
    return fold_kana(nouns[0].surface), fold_kana(nouns[1].surface)


def bare_noun(sentence: Sentence) -> str:
    """法被, 雨合羽: the sentence where it is one to three nouns and nothing else, none of them a word of asking; else ""."""
    nouns = [word for word in sentence.words if word.kind[0] in ("名詞", "接頭辞", "接尾辞", "形状詞")]
    if not sentence.words or len(nouns) != len(sentence.words) or len(nouns) > LONG_COMPOUND:
        return ""
    return "" if " " in sentence.folded or any(ASKING.search(word.surface) for word in nouns) else sentence.folded.strip("。、?!")


def only_things(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """衣装ケース10個, 小さいぬいぐるみ: nothing but known things and how many of them, so no question about rules."""
    if any(thing.mention.how == "heard" or "." in thing.target for thing in things):
        return False
    rest = sentence.folded
    for thing in reversed(things):
        rest = rest[: thing.mention.start] + rest[thing.mention.end :]
    return not BESIDE_THINGS.sub("", COUNT.sub("", rest))


def plainly_asked(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """傘は何ごみ, 枕を2つ捨てたいです: words of ours as they are written, how many, what to do with them, and nothing else."""
    if not things or any(thing.mention.how != "written" for thing in things):
        return False
    rest = sentence.folded
    for start, end in sorted({(thing.mention.start, thing.mention.end) for thing in things}, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    return not BESIDE_THINGS.sub("", PLAINLY.sub("", COUNT.sub("", rest))).strip()


def names_a_thing(sentence: Sentence) -> bool:
    """Whether some noun, not one of the words of asking, is what the sentence is about."""
    if len(sentence.words) <= 2 and all(word.is_noun and not ASKING.search(word.surface) for word in sentence.words):
        return True
    for word in sentence.words:
        if word.kind[:2] == ("名詞", "普通名詞") and OBJECT.match(sentence.folded[word.end :]) and not ASKING.search(word.surface):
            return True
    return False
