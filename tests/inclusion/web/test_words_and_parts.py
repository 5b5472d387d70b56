"""The sentences, the colours and the page parts, each held to its promise."""

from __future__ import annotations

import html
import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from accessibility import Furigana, Readings
from accessibility.plain_japanese import findings
from inclusion.web import errors
from inclusion.web.assets import Assets
from inclusion.web.pages import page_environment
from inclusion.web.shown_answer import Seal, ShownAnswer
from inclusion.web.town_readings import numbers_together, with_ruby

from .fakes import FakeAsker, message_rows

LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")
KINDS = ("good", "warning", "tel")
COMPONENTS = sorted(folder.name for folder in (files("accessibility") / "components").iterdir() if folder.is_dir())
COLOUR = re.compile(r"(--[\w-]+): (#[0-9a-f]{6}|var\(--color[\w-]+\));")
ON_GROUND = ("--ink", "--ink-quiet", "--link", "--accent")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("row", message_rows(), ids=lambda row: row["id"])
def test_every_sentence_is_there_in_every_language_with_the_same_values(row):
    assert row["id"].startswith("web.")
    assert all(row[language].strip() for language in LANGUAGES)
    assert all(placeholders(row[language]) <= placeholders(row["ja"]) for language in LANGUAGES)
    assert "未確認" in row["note"]


def test_easy_japanese_keeps_the_strict_rules():
    hard = {row["id"]: [str(found) for found in findings(row["ja-easy"]) if found.strict] for row in message_rows()}
    assert {name: found for name, found in hard.items() if found} == {}


def test_every_error_has_its_two_sentences():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.WebError)]
    ids = {row["id"] for row in message_rows()}
    for kind in kinds:
        assert {f"web.error.{kind.code}", f"web.error.{kind.code}.next"} <= ids


def test_every_sentence_a_template_says_exists():
    folder = files("inclusion.web") / "templates"
    said = {
        found
        for file in folder.iterdir()
        if file.name.endswith(".html")
        for found in re.findall(r"(?:say|show)\(.(web\.[\w.]+)", file.read_text())
    }
    ids = {row["id"] for row in message_rows()}
    assert len(said) > 20 and not {name for name in said if name.count(".") > 1 and not name.endswith(".")} - ids


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> list[dict[str, str]]:
    """The light colours, and the dark ones laid over them."""
    static = files("accessibility") / "static"
    theirs = dict(COLOUR.findall((static / "vendor" / "digital-go-jp-design-tokens" / "tokens.css").read_text()))
    light, dark = (static / "tokens.css").read_text().split("@media screen and (prefers-color-scheme: dark)")
    day = dict(COLOUR.findall(light))
    return [{name: theirs.get(value[4:-1], value) for name, value in chosen.items()} for chosen in (day, day | dict(COLOUR.findall(dark)))]


@pytest.mark.parametrize("colours", palettes(), ids=["light", "dark"])
def test_text_stands_out_seven_to_one_in_light_and_dark(colours):
    grounds = ("--ground", "--surface", "--surface-said", "--surface-quiet")
    pairs = [(ink, ground) for ink in ON_GROUND for ground in grounds]
    pairs += [
        ("--on-accent", "--accent"),
        ("--on-accent", "--accent-pressed"),
        ("--warn-ink", "--warn-ground"),
        ("--good-ink", "--good-ground"),
        ("--ground", "--ink"),
    ]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("colours", palettes(), ids=["light", "dark"])
def test_edges_of_controls_stand_out_three_to_one(colours):
    assert min(contrast(colours["--line"], colours[ground]) for ground in ("--ground", "--surface")) >= 3


def test_the_contrast_measure_notices_a_weak_pair():
    assert contrast("#000000", "#ffffff") == pytest.approx(21) and contrast("#777777", "#ffffff") < 7


def coloured_by_language(styles: str) -> list[str]:
    """Rules for one language, letter size or for kana that say anything about colour."""
    rules = re.findall(r"([^{}]*(?::lang\(|\[lang|\[data-(?:furigana|letters))[^{}]*)\{([^{}]*)\}", styles)
    colour = re.compile(r"(?:^|[;\s])(?:color|background|border|fill|stroke|opacity|filter|--(?!font))[\w-]*\s*:")
    return [selector.strip() for selector, said in rules if colour.search(said)]


def test_no_colour_depends_on_how_one_reads():
    """So that the 7:1 measured on every page in Japanese holds in easy Japanese, English, Chinese and Korean as well."""
    styles = [asset.content.decode("utf-8") for name, asset in Assets.gather().by_name.items() if name.endswith(".css")]
    assert sum(":lang(" in one for one in styles) and [coloured_by_language(one) for one in styles] == [[]] * len(styles)
    templates = [one.read_text(encoding="utf-8") for one in Path(str(files("inclusion") / "web" / "templates")).rglob("*.html")]
    assert len(templates) > 40 and not any(re.search(r"style=\"[^\"]*(?:color|background)", one) for one in templates)


@pytest.mark.parametrize(
    "rule", [":lang(ko) p { color: #777 }", "[data-furigana='on'] rt { opacity: .5 }", ":root:lang(en) { --ink: #999 }"]
)
def test_a_colour_for_one_language_is_noticed(rule: str):
    assert coloured_by_language(f"p {{ color: #000 }} {rule}") and not coloured_by_language(":lang(ko) { word-break: keep-all }")


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_shows_all_its_examples(name):
    folder = files("accessibility") / "components" / name
    assert (folder / "style.css").is_file()
    plan = tomllib.loads((folder / "examples.toml").read_text(encoding="utf-8"))
    macro = getattr(page_environment().get_template(f"components/{name}/macro.html").module, plan["macro"])
    for example in plan["example"]:
        shown = macro(**example)
        assert all(str(value) in shown for value in example.values() if isinstance(value, str) and value not in KINDS)


def test_every_component_is_used_by_a_page():
    """A part that only its own example uses has a twin somewhere that is not looked after."""
    pages = "".join(file.read_text() for file in (Path(str(files("inclusion.web"))) / "templates").rglob("*.html"))
    assert [name for name in (*COMPONENTS, "nobody") if f'"components/{name}/macro.html"' not in pages] == ["nobody"]


def test_a_sealed_answer_opens_as_it_was_and_only_with_our_secret():
    shown = ShownAnswer.of("2人掛け", FakeAsker().ask("2人掛け", None, {}, None))
    assert Seal("a").open(Seal("a").close(shown)) == shown
    assert Seal("b").open(Seal("a").close(shown)) is None and Seal("a").open("") is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("午後8時29分から", ["午後8時29分"]),
        ("2026年12月28日（月）", ["12月28日"]),
        ("1,600円で2枚", ["1,600円", "2枚"]),
        ("電話 03-1234-5678 へ", ["03-1234-5678"]),
        ("例：K7M2-4QXA", ["K7M2-4QXA"]),
        ("iPhone 15 Pro", []),
        ("<b>3つ</b>", ["3つ"]),
    ],
)
def test_a_number_stays_beside_what_it_counts(text: str, kept: list[str]):
    shown = str(numbers_together(text))
    assert re.findall('<span class="together[^>]*>(.*?)</span>', shown) == kept
    assert html.unescape(re.sub("</?span[^>]*>", "", shown)) == text and "<b>" not in (shown if kept else "")


def test_with_kana_above_too_as_long_as_a_line_has_room():
    furigana = Furigana({}, Readings(), lambda: None)
    assert held("8時29分に", furigana) == ["8時29分"]
    assert held("午後10時から", furigana) == ["午後10時から"]
    assert held("12月28日に", furigana) == ["12月", "28日に"]  # with its kana the whole day is wider than a line of large letters


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("神田明神の祭り", ["神田明神の", "祭り"]),
        ("ゆっくり練習します。", ["ゆっくり", "練習します。"]),
        ("待つ人の1番目です。", ["待つ", "人の", "1番目です。"]),  # a line began with the full stop
        ("捨てるお金は", ["捨てる", "お金は"]),  # お stood alone on its line
        ("電話していただけますでしょうか", ["電話して"]),
        ("電話は03-1234-5678です", ["電話は", "03-1234-5678", "です"]),
        ("午後2時59分から", ["午後2時", "59分から"]),  # 5 and 9分 stood on two lines
        ("早めに取り消してください。", ["早めに", "取り消して", "ください。"]),
        ("車いす用トイレ、エレベーター", ["車いす", "用", "トイレ", "エレベーター"]),
        ("だまされないための練習", ["だまされない", "ための", "練習"]),
        ("インターネットバンキングの話", ["話"]),  # wider than a line of large letters
    ],
)
def test_a_word_with_kana_above_stays_beside_its_ending(text: str, kept: list[str]):
    assert held(text, Furigana({"神田明神": "かんだみょうじん"}, Readings(), lambda: None)) == kept


def test_nothing_to_say_stays_nothing_with_kana_too():
    """Control: a form asks whether there is something wrong; an empty span is not nothing."""
    assert not with_ruby("", Furigana({}, Readings(), lambda: None))


def held(text: str, furigana: Furigana) -> list[str]:
    """What a line may not tear, without the kana above."""
    shown = re.sub("<rp>.*?</rp>|<rt>.*?</rt>|</?ruby[^>]*>", "", str(with_ruby(text, furigana)))
    return re.findall('<span class="together[^>]*>(.*?)</span>', shown)
