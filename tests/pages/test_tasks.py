"""What people come for, done from beginning to end: with and without a script, with the mouse, and by keyboard alone.

By keyboard nobody sees the page here: only what a screen reader says of the focused thing, its role and name in the accessibility tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession, Page

from .browsing import CHROMIUM
from .busy_town import BusyTown

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("pages"),  # where the one town of this folder runs
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed."),
]
MOST_TABS = 120
START = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"


def test_somebody_asks_what_a_thing_costs(page: Page) -> None:
    page.get_by_label("聞きたいこと").fill("扇風機はいくら？")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.get_by_role("heading", name="300円").wait_for()
    assert "03-6743-0603" in page.locator(".turn").last.inner_text()


def test_somebody_finds_a_class_and_signs_up_and_gives_it_up_again(page: Page, town: BusyTown) -> None:
    page.get_by_role("link", name="スマホ教室").click()
    page.locator(f"a[href='{town.paths['class']}']").click()
    page.get_by_label("お名前", exact=True).fill("山田 花子")
    page.get_by_label("電話番号", exact=True).fill(f"03-9999-{next(NUMBERS)}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="申し込む").click()
    page.get_by_role("heading", name="席が取れました").wait_for()
    page.get_by_role("button", name="申し込みを取り消す").click()
    page.get_by_role("heading", name="終わっています").wait_for()


def test_a_form_with_gaps_says_what_is_missing_and_keeps_what_was_typed(page: Page, town: BusyTown) -> None:
    page.goto(town.address + town.paths["class"])
    page.get_by_label("お名前", exact=True).fill("山田 花子")
    page.get_by_role("button", name="申し込む").click()
    page.get_by_role("alert").get_by_role("link", name="電話番号").click()
    assert page.url.endswith("#phone") and page.get_by_label("お名前", exact=True).input_value() == "山田 花子"


def test_letters_made_larger_in_two_taps_stay_large_on_every_page(page: Page) -> None:
    page.locator(".settings > summary").click()
    page.get_by_role("button", name="とても大きい").click()
    page.locator("html[data-letters=largest]").wait_for()
    page.get_by_role("link", name="スマホ教室").click()
    page.locator("html[data-letters=largest] .class-list").wait_for()
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.class-list')).fontSize)") >= 30  # 20 at first


def test_letters_are_made_larger_on_the_page_one_is_on(page: Page, town: BusyTown) -> None:
    page.goto(town.address + town.paths["class"])
    page.locator(".settings > summary").click()
    page.get_by_role("button", name="とても大きい").click()
    page.locator("html[data-letters=largest]").wait_for()
    assert page.url.partition("#")[0] == town.address + town.paths["class"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("もっと大きく", "html[data-letters=largest]"),
        ("ふりがなつけて", "html[data-furigana=on] ruby"),
        ("English please", "html[lang=en]"),
    ],
)
def test_a_wish_said_to_the_bot_changes_the_page(page: Page, said: str, shown: str) -> None:
    page.get_by_label("聞きたいこと").fill(said)
    assert page.locator(shown).count() == 0  # control: not so before
    page.get_by_role("button", name="聞く", exact=True).click()
    page.locator(shown).first.wait_for()
    assert page.locator(".turn").count() == 1


class BlindHands:
    """Knows the page only by what the accessibility tree tells of the focused thing, and has only a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page, self.tree = page, page.context.new_cdp_session(page)
        self.said: list[str] = []

    def go_to(self, role: str, name: str, most: int = MOST_TABS) -> None:
        """Press Tab until that role and name are spoken."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self.said.append(focused(self.tree))
            if self.said[-1].startswith(role) and name in self.said[-1]:
                return
        raise AssertionError(f"Tab never reached {role} {name}; heard: {self.said}")

    def press(self, key: str = "Enter") -> None:
        self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def hears(self, role: str, name: str) -> bool:
        """Whether such a thing is on the page at all; waits for it a while."""
        for _ in range(100):
            nodes = self.tree.send("Accessibility.getFullAXTree")["nodes"]
            if any(of(node, "role") == role and name in of(node, "name") for node in nodes if not node.get("ignored")):
                return True
            self.page.wait_for_timeout(50)
        return False


class TreeAlone:
    """Knows and touches the page through the accessibility tree only, as a screen reader's own list of buttons and links does: no selector,
    no mouse, no Tab. What happened is read in the tree too."""

    def __init__(self, page: Page) -> None:
        self.page, self.tree = page, page.context.new_cdp_session(page)

    def nodes(self, role: str, name: str) -> list[dict]:
        told = self.tree.send("Accessibility.getFullAXTree")["nodes"]
        called = lambda node: of(node, "name").removeprefix("✓").lstrip()  # noqa: E731  a pressed button says so with a mark too
        return [node for node in told if not node.get("ignored") and of(node, "role") == role and called(node).startswith(name)]

    def node(self, role: str, name: str) -> dict:
        for _ in range(200):
            if found := self.nodes(role, name):
                return found[0]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the tree never held {role} {name}")

    def press(self, role: str, name: str) -> None:
        self.touch(self.node(role, name))

    def touch(self, node: dict) -> None:
        self._do(node, "function() { this.click(); }")
        self.page.wait_for_load_state()

    def write(self, role: str, name: str, words: str) -> None:
        self._do(self.node(role, name), "function() { this.focus(); }")
        self.tree.send("Input.insertText", {"text": words})

    def state(self, role: str, name: str, state: str) -> str:
        told = {one["name"]: one["value"].get("value") for one in self.node(role, name).get("properties", [])}
        return str(told.get(state)).lower()

    def _do(self, node: dict, deed: str) -> None:
        held = self.tree.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})["object"]["objectId"]
        self.tree.send("Runtime.callFunctionOn", {"objectId": held, "functionDeclaration": deed, "userGesture": True})


def focused(tree: CDPSession) -> str:
    """Role and name of the focused node, as a screen reader would say them."""
    nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
    is_focused = lambda node: any(one["name"] == "focused" and one["value"]["value"] for one in node.get("properties", []))  # noqa: E731
    own = [node for node in nodes if is_focused(node) and of(node, "role") != "RootWebArea"]
    return f"{of(own[-1], 'role')} {of(own[-1], 'name')}" if own else ""


def of(node: dict, part: str) -> str:
    return str(node.get(part, {}).get("value", ""))


def numbers() -> Iterator[int]:
    yield from range(1000, 9999)


NUMBERS = numbers()
Open = Callable[[Page], BlindHands]


def test_by_keyboard_alone_somebody_asks(page: Page) -> None:
    hands = BlindHands(page)
    hands.go_to("textbox", "聞きたいこと")
    page.keyboard.type("扇風機はいくら？")
    hands.go_to("button", "聞く")
    hands.press()
    assert hands.hears("heading", "300円")


def test_by_keyboard_alone_somebody_skips_to_the_question(page: Page) -> None:
    hands = BlindHands(page)
    hands.go_to("link", "質問する所へ進む")
    hands.press()
    hands.go_to("textbox", "聞きたいこと")
    assert len(hands.said) <= 4  # the recorder stands before the box: one button, without a script a file and its button


def test_by_keyboard_alone_somebody_signs_up(page: Page, town: BusyTown) -> None:
    hands = BlindHands(page)
    hands.go_to("link", "スマホ教室")
    hands.press()
    assert hands.hears("heading", "スマホ教室")
    name = page.locator(f"a[href='{town.paths['class']}']").inner_text().split("\n")[-1]
    hands.go_to("link", name)
    hands.press()
    assert hands.hears("heading", name)
    hands.go_to("textbox", "お名前")
    page.keyboard.type("山田 花子")
    hands.go_to("textbox", "電話番号")
    page.keyboard.type(f"03-9998-{next(NUMBERS)}")
    hands.go_to("checkbox", "")
    hands.press("Space")
    hands.go_to("button", "申し込む")
    hands.press()
    assert hands.hears("heading", "席が取れました")


def test_by_keyboard_alone_somebody_makes_letters_larger(page: Page) -> None:
    hands = BlindHands(page)
    hands.go_to("DisclosureTriangle", "文字・言葉")
    hands.press()
    hands.go_to("button", "とても大きい")
    hands.press()
    page.locator("html[data-letters=largest]").wait_for()
    assert hands.hears("heading", "何かお困りですか")
    assert "文字・言葉" in focused(hands.tree)  # where one was, not at the top of the page


def test_by_keyboard_alone_somebody_makes_letters_larger_elsewhere_and_goes_on_from_there(page: Page, town: BusyTown) -> None:
    page.goto(f"{town.address}/lessons")
    hands = BlindHands(page)
    hands.go_to("DisclosureTriangle", "文字・言葉")
    hands.press()
    hands.go_to("button", "とても大きい")
    hands.press()
    page.locator("html[data-letters=largest] .class-list").wait_for()
    assert "文字・言葉" in focused(hands.tree)


def test_the_first_link_of_every_page_says_that_it_skips(page: Page, town: BusyTown) -> None:
    """It bore the page's name once: on 「私の記録」 one heard "link, my record" and went nowhere."""
    for path, said in (("/", "質問する所へ進む"), ("/lessons", "このページの内容へ進む"), ("/mine", "このページの内容へ進む")):
        page.goto(town.address + path)
        hands = BlindHands(page)
        hands.go_to("link", "")
        assert hands.said == [f"link {said}"]


def test_by_keyboard_alone_somebody_finds_the_classes(page: Page) -> None:
    """By the tree alone: which class, and when; names that come twice are told apart by what describes them."""
    hands = BlindHands(page)
    hands.go_to("link", "スマホ教室")
    hands.press()
    assert hands.hears("heading", "スマホ教室")
    page.locator(".class-list").wait_for()
    nodes = hands.tree.send("Accessibility.getFullAXTree")["nodes"]
    classes = [
        (of(node, "name"), of(node, "description")) for node in nodes if of(node, "role") == "link" and "時" in of(node, "description")
    ]
    assert len(classes) > 5 and len(set(classes)) == len(classes) > len({name for name, _ in classes})


def test_by_the_tree_alone_somebody_asks_finds_the_classes_and_makes_letters_larger(page: Page) -> None:
    """The three tasks in a row, by roles and names only; `page` comes with and without a script."""
    hands = TreeAlone(page)
    hands.write("textbox", "聞きたいこと", "扇風機はいくら？")
    hands.press("button", "聞く")
    hands.node("heading", "「扇風機」の手数料は300円です。")
    hands.press("link", "スマホ教室")
    hands.node("heading", "スマホ教室")
    first = next(node for node in hands.nodes("link", "") if "時" in of(node, "description"))
    name, when = of(first, "name"), of(first, "description")
    hands.touch(first)
    hands.node("heading", name.removeprefix("見本").strip())
    assert "月" in when and "時" in when
    hands.press("DisclosureTriangle", "文字・言葉")
    assert hands.state("button", "とても大きい", "pressed") == "false"
    hands.press("button", "とても大きい")
    for _ in range(100):
        if hands.state("DisclosureTriangle", "文字・言葉", "expanded") == "false":
            hands.press("DisclosureTriangle", "文字・言葉")  # the page was loaded anew
        if hands.nodes("button", "とても大きい") and hands.state("button", "とても大きい", "pressed") == "true":
            break
        page.wait_for_timeout(50)
    assert hands.state("button", "とても大きい", "pressed") == "true"


def test_the_tree_alone_does_not_hold_what_has_no_role_or_name(page: Page) -> None:
    """Control."""
    page.set_content(
        "<main><div onclick='ask()'>聞く</div><button><span aria-hidden='true'>聞く</span></button><button>話す</button></main>"
    )
    hands = TreeAlone(page)
    assert hands.nodes("button", "聞く") == [] and len(hands.nodes("button", "話す")) == 1


def test_the_blind_hands_notice_what_the_keyboard_cannot_reach(page: Page) -> None:
    page.set_content("<main><h1>x</h1><div onclick='ask()'>聞く</div></main>")
    with pytest.raises(AssertionError, match="never reached"):
        BlindHands(page).go_to("button", "聞く", most=10)
