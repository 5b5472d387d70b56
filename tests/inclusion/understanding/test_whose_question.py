"""One's own case and another town's papers go to who knows them; the same words asked in general, or of us, are answered."""

from __future__ import annotations

import pytest

from .conftest import Conversation

OWN_CASE = [
    "わたしの住民税はいくら",
    "うちの国保料いくらになる？",
    "私の介護認定どうなった",
    "うちの介護保険料はいくら",
    "わたしのマイナンバーカードはもうできた？",
    "私の申請はどうなりましたか",
    "母の介護認定はまだですか",
    "how much is my residence tax",
    "我的住民税多少",
    "내 주민세 얼마예요",
]
IN_GENERAL = {
    "住民税はいくら": "f.tax",
    "国保料はいくら": "f.hoken",
    "介護認定の申請のしかた": "f.kaigo",
    "母の介護認定はどこに申請すればいい": "f.kaigo",
    "父の介護認定を受けたい": "f.kaigo",
    "私の住民税の証明書がほしい": "f.tax",
    "介護保険の申請は": "f.kaigo",
}
OF_ANOTHER_TOWN = [
    "渋谷区の住民票はどこで取れる",
    "渋谷の住民票はどこ",
    "横浜市で住民票を取りたい",
    "鎌倉市の住民票の取り方",
    "港区のマイナンバーカードはどこで作れる",
    "新宿区の粗大ごみ",
    "市川市の印鑑証明",
]
OF_OURS = {
    "住民票はどこで取れる": "f.juminhyo",
    "千代田区の住民票はどこで取れる": "f.juminhyo",
    "渋谷区の住民票をこちらで取れますか": "f.juminhyo",
    "渋谷区から来たので住民票を移したい": "f.juminhyo",
    "実家が横浜市で、住民票はどこで取るの": "f.juminhyo",
    "新宿区の戸籍を取りたい": "f.koseki",
    "渋谷から引っ越してきた": "f.tennyu",
    "新宿区に引っ越す": "f.tennyu",
    "新宿区のシールがあまっている": "f.moved_ticket",
}


@pytest.mark.parametrize("said", OWN_CASE)
def test_ones_own_case_is_known_only_at_the_counter(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids == ("r.personal",)


@pytest.mark.parametrize("said", OF_ANOTHER_TOWN)
def test_another_towns_paper_is_not_ours(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).ids == ("r.other_city",)


@pytest.mark.parametrize(("said", "faq"), [*IN_GENERAL.items(), *OF_OURS.items()])
def test_the_same_words_in_general_or_of_us_are_answered(conversation: Conversation, said: str, faq: str) -> None:
    assert conversation.say(said).ids == (faq,)


def test_a_thing_of_ones_own_keeps_its_fee(conversation: Conversation) -> None:
    assert conversation.say("うちの椅子いくら").ids == ("S00088",)
