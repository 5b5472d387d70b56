"""What the town's rules and things are called and say, in the reader's words; without it an umbrella would be 傘 in an English answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inclusion.understanding import Request

from .scene import Scene

NOTED = "（注釈）"  # how the open-data sorting table names a second way: 燃やすごみ（注釈） ストックヤード
SENTENCE = re.compile(r"(?:ません|ます|ない|できる|ください|下さい)。?$")  # 市では収集しません, as some towns write for a category


def headline_of(one: str, scene: Scene) -> str:
    """How a policy or a row of the sorting table says what to do."""
    if one in scene.town.policies:
        return scene.own(scene.town.policies[one].headline)
    row = scene.town.sorting[one]
    category, _, also = row.category.partition(NOTED)
    said = "waste.row_said" if SENTENCE.search(category) else "waste.row_sorted"
    headline = scene.say(said, name=name_of(one, row.name, scene), category=scene.named(category.rstrip("。")))
    return headline + scene.say("waste.row_also", place=also.strip()) if also else headline


def details_of(one: str, scene: Scene) -> tuple[str, ...]:
    """What else the town writes about it."""
    return tuple(map(scene.own, _lines_of(one, scene)))


def other_line(one: str, scene: Scene) -> str:
    """One line about a rule beside things with fees."""
    if one in scene.town.policies:
        policy = scene.town.policies[one]
        return scene.say("waste.other_line", name=name_of(one, policy.name, scene), headline=scene.own(policy.headline))
    row = scene.town.sorting[one]
    category = scene.say("waste.sorted", category=scene.named(row.category))
    return scene.say("waste.other_line", name=name_of(one, row.name, scene), headline=category)


def notes(known: Sequence[str], scene: Scene) -> tuple[str, ...]:
    """That some of it is there in Japanese only, or translated by a machine; a row of the table needs no more than its category."""
    texts = [text for one in known for text in _written(one, scene)]
    return (*scene.only_japanese_where(texts), *scene.drafted(texts))


def said(request: Request, scene: Scene) -> str:
    """What we heard, by the town's own names, since the resident's word is just what is in doubt; two sizes of one thing by their rows."""
    town = scene.town
    things = [(item.id, town.items[item.id].said, town.items[item.id].name) for item in request.items]
    alike = {name for _, name, _ in things if [other for _, other, _ in things].count(name) > 1}
    names = [name_of(one, row if name in alike else name, scene) for one, name, row in things]
    names += [name_of(one, town.policies[one].name, scene) for one in request.ids if one in town.policies]
    names += [name_of(one, town.sorting[one].name, scene) for one in request.ids if one in town.sorting and one not in town.items]
    return scene.say("waste.and").join(names)


def name_of(one: str, name: str, scene: Scene) -> str:
    """The town's name for a thing; in another language with the first word that the town's list has for it there."""
    if scene.language == "ja":
        return name
    item = scene.town.items.get(one)
    targets = (one, item.group) if item else (one,)
    words = (alias.word for alias in scene.town.aliases if alias.target in targets and scene.language.startswith(alias.language))
    word = next(words, "")
    return f"{word} ({name})" if word else name


def _lines_of(one: str, scene: Scene) -> tuple[str, ...]:
    if one in scene.town.policies:
        return scene.town.policies[one].details
    row = scene.town.sorting[one]
    return tuple(text for text in (row.note, row.remark) if text)


def _written(one: str, scene: Scene) -> tuple[str, ...]:
    policy = scene.town.policies.get(one)
    return (policy.headline, *policy.details) if policy else _lines_of(one, scene)
