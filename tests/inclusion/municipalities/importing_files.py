"""Small files of made-up towns in other people's formats, with the quirks that real ones have."""

import json
from pathlib import Path

STANDARD = """全国地方公共団体コード,ID,地方公共団体名,ゴミの品目,分別区分,注意点,料金種別,料金,料金備考,備考
999997,999997S00001,小里町,アイロン,燃やさないごみ,,無料,,,
999997,999997S00002,小里町,たんす,粗大ごみ,,有料,"1,200",,
999997,999997S00003,小里町,植木鉢（陶器）,燃やさないごみ,,無料,,,
999997,999997S00004,小里町,植木鉢（プラスチック）,燃やすごみ,"土を
出してください",無料,,,
999997,999997S00005,小里町,ソファ,粗大ごみ,,有料,400〜800,,
999997,999997S00006,小里町,謎の物,,,,,,
"""
OLDER = """都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,品名,種別,説明,料金
92011,1,栃木県,大里市,乾電池,有害ごみ,テープを巻く,
92011,2,栃木県,大里市,傘,燃やさないごみ,,
"""
SWAPPED = """全国地方公共団体コード,ごみの分別方法_品目,ごみの分別方法_分別区分,ごみの分別方法_注意点
131016,可燃ごみ,紙くず,
131016,可燃ごみ,生花,
131016,不燃ごみ,鍋,
131016,不燃ごみ,皿,
131016,粗大ごみ,机,
131016,資源,新聞,
"""
GIS = """ごみの品目,インデックス(ひらがな),種別,説明,GIS搭載用住所,経度,緯度,分類
スプレー缶,すぷれーかん,資源,使い切って,,,,缶
"""
FIVE = {
    "target.csv": """燃やすごみ,アイスノン,{},あ
燃やさないごみ,アイロン,コードは切らない,あ
大型ごみ,本棚,手数料は専用電話（000-000-0000 ではなく 047-000-1234）へ。,ほ
燃やすこみ,生ごみ,,な
燃やすごみ,,,
""",
    "area_days.csv": """地名,センター,燃やすごみ,燃やさないごみ,資源,びん
東町１〜３丁目,東部,月 木,水2,火1 火3 *1,隔金20260102
東町四丁目,東部,火 金,水4:4 6,20260105 20260119 曇,隔金20260103
""",
    "center.csv": "名称,休止開始日,休止終了日\n東部,2027/1/1,20270103\n西部,未定,\n",
    "remarks.csv": "ID,注意事項\n1,収集がない日 2026/12/01\n2,だれも使わない備考\n",
    "description.csv": "label,sublabel,description,styles,bgcolor\n燃やすごみ,,長い説明,,\n燃やさないごみ,,,,\n資源,,,,\nびん,,,,\n",
}
SEPARATION = {
    "city_id": "ken/kosato",
    "categories": [
        {"category_id": "burnable", "name_ja": "燃やすごみ", "items": [
            {"name_ja": "紙くず", "keywords": ["ちり紙", "箱"], "notes_ja": "小さく"}]},
        {"category_id": "res", "name_ja": "資源", "subcategories": [
            {"subcategory_id": "pet", "name_ja": "ペット", "preparation_ja": "洗う", "items": [
                {"name_ja": "ペットボトル", "keywords": ["PETボトル"]}]}]},
    ],
}  # fmt: skip
SCHEDULE = {
    "city_id": "ken/kosato",
    "city_name_ja": "小里町",
    "source_url": "https://example.jp/gomi",
    "areas": [
        {"area_id": "a", "area_name_ja": "西町1丁目", "categories": [
            {"category_id": "burnable", "name_ja": "燃やすごみ", "collection_days": {"type": "weekly", "days": ["monday", "thursday"]}},
            {"category_id": "res", "name_ja": "資源", "collection_days": {"type": "monthly", "pattern": [{"week": 2, "day": "friday"}]}},
            {"category_id": "big", "name_ja": "粗大ごみ", "collection_days": {"type": "appointment"}}]},
    ],
}  # fmt: skip
GOMIDATA = {
    "municipality": "小里町",
    "articles": [
        {"name": "鍋", "nameKana": "ナベ", "categoryId": "unburnable", "note": ""},
        {"name": "たんす", "nameKana": "たんす", "categoryId": "oversized"},
    ],
}


def five(folder: Path, **changes: str) -> Path:
    """The five files of a 5374 application in folder/data; a change replaces a file, "" leaves it out."""
    (folder / "data").mkdir(parents=True)
    for file, text in {**FIVE, **{f"{name}.csv": text for name, text in changes.items()}}.items():
        if text:
            (folder / "data" / file).write_text(text, encoding="utf-8")
    return folder


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def json_folder(folder: Path) -> Path:
    folder.mkdir()
    written(folder / "separation.json", json.dumps(SEPARATION, ensure_ascii=False))
    written(folder / "schedule.json", json.dumps(SCHEDULE, ensure_ascii=False))
    return folder


# A clerk's own spreadsheet, saved as CSV.
OWN_TABLE = """品目,分別,出し方・注意,手数料
アルミ缶,資源,中をすすぐ,
布団,粗大ごみ,2枚まで,500円
冷蔵庫,市では収集しません,家電リサイクルです,
"""
# The same with its title above, column names centred by spaces, and fees written as people write them.
TITLED = """小里町　ごみの分け方（令和8年度）,,,
,,,
2026年4月,,,
品　名,分け方,注　意,手 数 料
油,燃えるごみ,固める,
布団,粗大ごみ,,1枚300円
自転車,粗大ごみ,,500円／台
机,粗大ごみ,,"￥1,200"
鏡,粗大ごみ,,300円から500円
"""
