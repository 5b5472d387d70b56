"""A town folder becomes a Town, or says why it cannot."""

from pathlib import Path

import pytest

from inclusion.municipalities import TownPackBroken, TownUnknown, bundled_towns, load_town, town_folder

from .conftest import TinyTown


def test_a_town_without_a_mistake_loads_and_checks_clean(town: TinyTown) -> None:
    loaded = load_town(town.folder)
    assert town.findings() == ()
    assert (loaded.name, loaded.items["S00002"].fee_yen, loaded.items["S00003"].fee_yen) == ("小里町", 300, None)
    assert loaded.policies["b.kasa"].details == ("ひもで束ねます", "朝8時までに出します")


def test_a_path_works_wherever_a_slug_does(town: TinyTown) -> None:
    assert load_town(str(town.folder)).slug == "kosato"
    assert town_folder("chiyoda").name == "chiyoda"
    assert bundled_towns() == ("chiyoda",)


def test_an_unknown_town_is_answered_with_the_towns_there_are() -> None:
    with pytest.raises(TownUnknown, match=r"『mars』が見つかりません。使えるのは chiyoda"):
        load_town("mars")


def test_a_faq_page_gives_its_first_paragraph_as_the_headline(town: TinyTown) -> None:
    page = load_town(town.folder).faqs["f.apply"]
    assert page.headline == "電話で申し込みます。"
    assert page.details == ("月曜から金曜の9時から17時までです。",)
    assert page.links == (("料金表", "https://example.jp/fees"),)
    assert (page.checked_on, page.known) == ("2026-11-01", True)


def test_the_size_classes_keep_their_conditions_as_written(town: TinyTown) -> None:
    group = load_town(town.folder).groups["desk"]
    assert [dict(row.when) for row in group.rows] == [{"longest_cm": "<100"}, {"longest_cm": ">=100"}]


def test_a_guard_rule_is_read_whole(town: TinyTown) -> None:
    rule = load_town(town.folder).guard[0]
    assert (rule.id, rule.name, rule.patterns, rule.unless, rule.contacts) == (
        "r.emergency",
        "fire",
        ("火事",),
        ("火事のあと",),
        ("desk",),
    )
    assert rule.reviewed_on == "2026-11-01"


def test_a_byte_order_mark_from_a_spreadsheet_is_accepted(town: TinyTown) -> None:
    for file in ("waste/items.csv", "contacts.csv", "slots.yaml", "town.toml", "faq/f.apply.md"):
        town.write(file, "\ufeff" + town.read(file))
    assert town.findings() == ()
    assert load_town(town.folder).items["S00001"].said == "いす"


def test_windows_line_ends_are_accepted(town: TinyTown) -> None:
    for file in ("waste/items.csv", "slots.yaml", "faq/f.apply.md"):
        town.write(file, town.read(file).replace("\n", "\r\n"))
    assert town.findings() == ()


def test_a_broken_pack_is_refused_with_every_error_at_once(town: TinyTown) -> None:
    town.change("waste/items.csv", ",1,脚,300,", ",0,脚,-300,")
    town.change("town.toml", 'code = "999999"\n', "")
    with pytest.raises(TownPackBroken) as refused:
        load_town(town.folder)
    assert {finding.column for finding in refused.value.findings} == {"pieces_per_fee", "fee_yen", "code"}
    assert "自治体データに直すところが3件あります。" in str(refused.value)


def test_a_town_may_reword_what_the_platform_says(town: TinyTown) -> None:
    town.write("messages.csv", "id,ja,ja-easy,en,zh-Hans,ko,note\nhello,こんにちは、小里町です。,,,,,\n")
    assert load_town(town.folder).messages.say("hello") == "こんにちは、小里町です。"


def test_a_folder_without_a_town_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TownPackBroken, match=r"town\.toml: ファイルがありません。"):
        load_town(tmp_path)
