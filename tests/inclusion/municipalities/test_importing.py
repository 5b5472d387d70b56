"""Other people's files become a town that answers, every repair told, and nothing false taken in."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from inclusion.municipalities import ImportRefused, Town, check_town, load_town, next_collections
from inclusion.municipalities.exporting import schema_org, standard_csv
from inclusion.municipalities.importing import ImportReport, Wishes, import_town, new_town
from inclusion.municipalities.importing.codes import check_digit, repaired_code
from inclusion.turn import Memory, take_turn
from inclusion.understanding import Understanding

from .importing_files import FIVE, GIS, OLDER, OWN_TABLE, STANDARD, SWAPPED, TITLED, five, json_folder, written

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
REAL = Path(__file__).parents[4] / "shared" / "data"


def brought(form: str, path: Path, to: Path, **wishes: object) -> tuple[Town, ImportReport]:
    report = import_town(form, path, to, TODAY, Wishes(**wishes))  # type: ignore[arg-type]  # the tests name real fields
    assert [finding for finding in check_town(to, TODAY) if finding.severity == "error"] == []
    return load_town(to), report


def said(town: Town, question: str) -> str:
    return take_turn(question, Memory(), town, Understanding.of(town), NOW).rendered.text


def told(report: ImportReport, *words: str) -> bool:
    return any(all(word in note.sentence() for word in words) for note in report.notes)


def test_a_standard_file_answers_questions_at_once(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "a.csv", STANDARD), tmp_path / "kosato")
    assert told(report, town.reading, "読みは、こちらで作りました")
    assert (town.name, town.code) == ("小里町", "999997")
    assert "「アイロン」は「燃やさないごみ」です。" in said(town, "アイロンは何ごみ？")
    assert "1,200円" in said(town, "たんすを捨てたい")


def test_a_name_with_two_answers_shows_both_and_never_just_the_first(tmp_path: Path) -> None:
    town, _ = brought("standard", written(tmp_path / "a.csv", STANDARD), tmp_path / "kosato")
    answer = said(town, "植木鉢を捨てたい")
    assert "陶器" in answer
    assert "土を出してください" in answer.replace("。", "")


def test_what_is_not_one_amount_is_not_taken_for_a_fee(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "a.csv", STANDARD), tmp_path / "kosato")
    assert town.items["S00005"].fee_yen is None
    assert told(report, "400〜800", "入れていません")
    assert told(report, "『謎の物』の分別区分が空")
    assert "役所の窓口でお尋ねください" in said(town, "ソファを捨てたい")


@pytest.mark.parametrize(
    ("encoding", "repaired"), [("utf-8-sig", "BOM"), ("cp932", "Shift_JIS"), ("utf-16", "UTF-16")], ids=["bom", "cp932", "utf-16"]
)
def test_every_way_a_spreadsheet_saves_is_read_and_told(tmp_path: Path, encoding: str, repaired: str) -> None:
    text = STANDARD.replace('"1,200"', "1200").replace(",", "\t") if encoding == "utf-16" else STANDARD
    town, report = brought("standard", written(tmp_path / "a.csv", text, encoding), tmp_path / "kosato")
    assert town.sorting["S00001"].name == "アイロン"
    assert told(report, repaired)


def test_the_older_generation_is_read_and_its_eaten_zero_given_back(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "a.csv", OLDER), tmp_path / "osato")
    assert (town.name, town.code) == ("大里市", "092011")
    assert told(report, "頭の0が落ちていた", "092011")
    assert "テープを巻く" in said(town, "乾電池はどう捨てる？")


def test_a_clerks_own_spreadsheet_is_read_too(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "own.csv", OWN_TABLE, "cp932"), tmp_path / "own", name="小里町")
    assert not told(report, "使わなかった列")
    assert "500円" in said(town, "布団を捨てたい")
    assert said(town, "冷蔵庫は？").startswith("「冷蔵庫」は、市では収集しません。\n家電リサイクルです")


def test_a_spreadsheet_with_its_title_above_the_column_names_is_read(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "own.csv", TITLED, "cp932"), tmp_path / "own", name="小里町")
    assert told(report, "own.csv の4行目", "読み飛ばしました")
    assert {item.said: item.fee_yen for item in town.items.values()} == {"布団": 300, "自転車": 500, "机": 1200, "鏡": None}
    assert report.sample == "油" and "小里町 ごみ分別表（own.csv）" in said(town, "油は何ごみ？")


def test_control_a_table_without_such_columns_is_refused_by_its_best_line(tmp_path: Path) -> None:
    source = written(tmp_path / "own.csv", TITLED.replace("分け方", "その他"))
    with pytest.raises(ImportRefused, match="分別区分の列が見つかりません（4行目: 品名"):
        import_town("standard", source, tmp_path / "own", TODAY)


def test_exchanged_columns_are_noticed(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "a.csv", SWAPPED), tmp_path / "s")
    assert {row.name: row.category for row in town.sorting.values()}["鍋"] == "不燃ごみ"
    assert told(report, "中身が逆")


def test_columns_in_order_are_left_alone(tmp_path: Path) -> None:
    """Control: the same judgement does not exchange a file that is right."""
    _, report = brought("standard", written(tmp_path / "a.csv", STANDARD), tmp_path / "s")
    assert not told(report, "中身が逆")


def test_a_map_export_is_read_and_its_other_columns_are_named(tmp_path: Path) -> None:
    town, report = brought("standard", written(tmp_path / "a.csv", GIS), tmp_path / "gis", name="中里区")
    assert next(iter(town.sorting.values())).reading == "すぷれーかん"
    assert told(report, "使わなかった列", "緯度")


@pytest.mark.parametrize(
    ("written_code", "code"), [("131016", "131016"), ("13101", "131016"), ("92011", "092011"), ("１３１０１６", "131016"), ("東京", "")]
)
def test_a_town_code_gets_its_lost_digits_back(written_code: str, code: str) -> None:
    assert repaired_code(written_code).code == code
    assert check_digit("13101") == "6"


def test_the_five_files_become_things_days_and_repairs(tmp_path: Path) -> None:
    town, report = brought("5374", five(tmp_path / "five"), tmp_path / "town", name="小里町")
    assert "コードは切らない" in said(town, "アイロンを捨てたい")
    assert told(report, "見出しの行がない")
    assert told(report, "{}", "消しました")
    assert told(report, "打ち間違いかもしれません", "燃やすこみ")
    assert told(report, "隔金20260103", "その曜日ではない")
    assert told(report, "曇", "読めない")
    assert told(report, "だれも使わない備考")
    assert told(report, "西部", "未定")


def test_the_day_cells_of_a_5374_become_days(tmp_path: Path) -> None:
    town, _ = brought("5374", five(tmp_path / "five"), tmp_path / "town", name="小里町")
    days = {one.day: one.categories for one in next_collections(town, "東町１〜３丁目", TODAY, 20)}
    assert days[date(2026, 12, 9)] == ("燃やさないごみ",)
    assert "資源" not in days.get(date(2026, 12, 1), ())  # the remark says so
    assert days[date(2026, 12, 15)] == ("資源",)
    assert "びん" in days[date(2026, 12, 4)]


def test_naming_where_one_lives_is_answered_with_the_days(tmp_path: Path) -> None:
    town, _ = brought("5374", five(tmp_path / "five"), tmp_path / "town", name="小里町")
    answer = said(town, "東町の燃やすごみはいつ？")
    assert "東町１〜３丁目: 燃やすごみ … 毎週月曜と木曜" in answer
    assert "終わっています" in answer  # the listed days of the fourth block are over
    assert "地区の名前を教えてください" in said(town, "ごみの日はいつ？")


def test_bulky_waste_without_a_fee_is_answered_with_the_number_in_the_notes(tmp_path: Path) -> None:
    notes = FIVE["target.csv"].replace("（000-000-0000 ではなく 047-000-1234）", "047-000-1234 ")
    town, report = brought("5374", five(tmp_path / "five", target=notes), tmp_path / "town", name="小里町")
    assert "047-000-1234" in said(town, "本棚を捨てたい")
    assert told(report, "047-000-1234", "正しいか確かめてください")


def test_another_towns_dictionary_is_refused_but_its_calendar_may_come_in(tmp_path: Path) -> None:
    source = five(tmp_path / "five", target="label,name,notice,furigana\n可燃物,紙,,か\n不燃物,皿,,さ\n")
    with pytest.raises(ImportRefused, match="区分名の不一致"):
        import_town("5374", source, tmp_path / "town", TODAY)
    assert not (tmp_path / "town").exists()
    town, _ = brought("5374", source, tmp_path / "town", only_calendar=True)
    assert town.collections
    assert not town.sorting


def test_separation_and_schedule_json_answer_with_their_keywords(tmp_path: Path) -> None:
    town, report = brought("json", json_folder(tmp_path / "j"), tmp_path / "town")
    assert "「紙くず」は「燃やすごみ」です。" in said(town, "ちり紙は何ごみ？")
    assert "毎週月曜と木曜" in said(town, "西町の収集日は？")
    assert told(report, "粗大ごみ", "申し込み制")
    assert told(report, "広すぎる", "箱")


@pytest.mark.parametrize(
    ("form", "content", "why"),
    [
        ("standard", "あ,い\n1,2\n", "列が見つかりません"),
        ("standard", "", "空です"),
        ("standard", "品目,分別区分\n,\n", "1つもありません"),
        ("json", "{", "JSON の書き方"),
        ("json", '{"a": 1}', "articles"),
        ("5374", "x", "area_days.csv"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_and_nothing_is_written(tmp_path: Path, form: str, content: str, why: str) -> None:
    (tmp_path / "in").mkdir()
    source = written(tmp_path / "in" / ("f.json" if form == "json" else "f.csv"), content)
    with pytest.raises(ImportRefused, match=why):
        import_town(form, source, tmp_path / "town", TODAY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_a_folder_with_a_clerks_work_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "mine.txt").write_text("work", encoding="utf-8")
    with pytest.raises(ImportRefused, match="もうファイルがあります"):
        import_town("5374", five(tmp_path / "five"), tmp_path / "town", TODAY)
    assert [path.name for path in (tmp_path / "town").iterdir()] == ["mine.txt"]


def test_danger_comes_first_in_every_new_town(tmp_path: Path) -> None:
    town, _ = brought("5374", five(tmp_path / "five"), tmp_path / "town")
    assert "119" in said(town, "火事です")
    assert "#9110" in said(town, "還付金があるのでATMへ行けと電話がありました")


def test_the_report_is_kept_in_the_pack_and_marks_the_readings_we_made(tmp_path: Path) -> None:
    _, report = brought("5374", five(tmp_path / "five"), tmp_path / "town")
    page = (tmp_path / "town" / "import-report.md").read_text(encoding="utf-8")
    assert page == report.text()
    assert "アイロン: あいろん" in page


def test_a_new_town_needs_only_its_name(tmp_path: Path) -> None:
    new_town("kosato", tmp_path / "kosato")
    assert any(finding.column == "name" for finding in check_town(tmp_path / "kosato", TODAY) if finding.severity == "error")
    settings = tmp_path / "kosato" / "town.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('name = ""', 'name = "小里町"'), encoding="utf-8")
    assert [finding for finding in check_town(tmp_path / "kosato", TODAY) if finding.severity == "error"] == []
    assert "まだこちらでは分かりません" in said(load_town(tmp_path / "kosato"), "電池は何ごみ？")


def test_the_first_row_of_a_new_town_is_answered_without_saying_that_nothing_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "kosato"
    new_town("kosato", folder, "小里町")
    assert [finding for finding in check_town(folder, TODAY) if finding.severity == "error"] == []
    page = (folder / "README.md").read_text(encoding="utf-8")
    sorted_row, bulky_row = (line.split("`")[1] for line in page.splitlines() if "`S0000" in line)
    for file, row in (("sorting.csv", sorted_row), ("items.csv", bulky_row)):
        with (folder / "waste" / file).open("a", encoding="utf-8") as sheet:
            sheet.write(row + "\n")
    assert [finding for finding in check_town(folder, TODAY) if finding.severity == "error"] == []
    answer = said(load_town(folder), "アイロンは何ごみ？")
    assert "「アイロン」は「燃やさないごみ」です。" in answer and "まだこちらでは分かりません" not in answer
    assert "300円" in said(load_town(folder), "布団を捨てたい")
    assert "まだこちらでは分かりません" in said(load_town(folder), "謎の物体は何ごみ？")  # control


def test_what_goes_out_as_standard_comes_back_the_same(tmp_path: Path) -> None:
    town, _ = brought("standard", written(tmp_path / "a.csv", STANDARD), tmp_path / "one")
    again, _ = brought("standard", written(tmp_path / "b.csv", standard_csv(town), "utf-8-sig"), tmp_path / "two")
    assert again.sorting == town.sorting
    assert {key: item.fee_yen for key, item in again.items.items()} == {key: item.fee_yen for key, item in town.items.items()}


def test_the_schema_org_form_names_the_office_and_its_questions(tmp_path: Path) -> None:
    town, _ = brought("5374", five(tmp_path / "five"), tmp_path / "town", name="小里町", phone="000-000-0000")
    text = schema_org(town)
    assert '"GovernmentOffice"' in text
    assert '"telephone": "000-000-0000"' in text
    assert "FAQPage" in text


@pytest.mark.skipif(not (REAL / "other_towns").is_dir(), reason="the collected files of other towns are not here")
@pytest.mark.parametrize(
    ("form", "folder", "things", "areas"),
    [
        ("5374", "ichikawa_5374", 790, 78),
        ("5374", "hachioji_5374", 744, 135),
        ("5374", "kodaira_5374", 565, 22),
        ("5374", "ikoma_5374", 101, 64),
        ("5374", "meguro_5374", 99, 44),
        ("5374", "template_5374_kanazawa", 4, 1),
        ("json", "shinagawa_gomi_json", 22, 137),
        ("5374", "hakodate_5374", 0, 0),
    ],
)
def test_every_collected_dataset_comes_in_or_is_refused_for_a_reason(
    tmp_path: Path, form: str, folder: str, things: int, areas: int
) -> None:
    source = REAL / "other_towns" / folder
    if not things:
        with pytest.raises(ImportRefused, match="区分名の不一致"):
            import_town(form, source, tmp_path / "town", TODAY)
        return
    town, report = brought(form, source, tmp_path / "town")
    assert (report.things, report.areas) == (things, areas)
    row = next(row for row in town.sorting.values() if "（" not in row.name and "(" not in row.name)
    assert row.category in said(town, f"{row.name}は何ごみ？")
