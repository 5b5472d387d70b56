"""Answers what a bulky item costs, which tickets to buy, and how anything else is thrown away."""

from __future__ import annotations

from dataclasses import replace

from accessibility import Answer, Choice, Fee, Phone, Source, Tickets
from inclusion.knowledge import fact_source, item_source
from inclusion.municipalities import Group, SizeRow, Span, Town, parse_condition
from inclusion.understanding import AskedItem, Request

from . import waste_words
from .scene import Scene
from .tickets import tickets_for
from .waste_class import with_yes_or_no

TABLE_ROUND = 3  # After two questions the whole price table is shown instead of a third.


def answer(request: Request, scene: Scene) -> Answer:
    """The reply to an `answer`, `confirm`, `clarify` or `policy` request about waste."""
    request = _without_stopgaps(request, scene.town)
    if request.action == "clarify":
        return with_yes_or_no(_ask_back(request, scene), request, scene)
    if request.items:
        return with_yes_or_no(_bill(request, scene), request, scene)
    return with_yes_or_no(_how_to_throw_away(request, scene), request, scene)


def _without_stopgaps(request: Request, town: Town) -> Request:
    """What the platform says where a town has no facts yet gives way to the town's own facts."""
    ids, others = (tuple(one for one in named if not _is_stopgap(one, town)) for named in (request.ids, request.others))
    return replace(request, ids=ids, others=others) if ids else request


def _is_stopgap(one: str, town: Town) -> bool:
    return one in town.policies and town.policies[one].source == "platform"


def _bill(request: Request, scene: Scene) -> Answer:
    fees = tuple(_fee(item, scene) for item in request.items)
    tickets = tickets_for(fees, scene.town.bulky.tickets)
    total = _total(fees, request)
    return Answer(
        action=request.action,
        headline=_question_first(request, scene, _bill_headline(fees, scene)),
        ids=request.ids,
        details=_without_repeats(
            [*_bill_lines(fees, scene), _ticket_line(tickets, scene), *_other_lines(request, scene), *_limits(fees, scene)]
        ),
        fees=fees,
        tickets=tickets,
        total_yen=total,
        counts={fee.item_id: fee.units for fee in fees},
        choices=_yes_or_no(request, scene),
        phones=scene.phones((scene.town.bulky.contact,)),
        sources=_sources(request, scene),
        confidence=request.confidence,
        language=scene.language,
    )


def _fee(asked: AskedItem, scene: Scene) -> Fee:
    item = scene.town.items[asked.id]
    return Fee(item.id, asked.said or item.said, item.name, asked.pieces, asked.units, item.fee_yen)


def _total(fees: tuple[Fee, ...], request: Request) -> int | None:
    amounts = [fee.yen for fee in fees]
    return None if None in amounts else sum(amount for amount in amounts if amount is not None)


def _bill_headline(fees: tuple[Fee, ...], scene: Scene) -> str:
    known = [fee.yen for fee in fees if fee.yen is not None]
    if not known:
        return scene.say("waste.fee_unknown", said=scene.say("waste.and").join(fee.said for fee in fees))
    if len(fees) == 1:
        return _one_fee(fees[0], scene)
    key = "waste.total" if len(known) == len(fees) else "waste.total_partly"
    return scene.say(key, yen=scene.yen(sum(known)))


def _one_fee(fee: Fee, scene: Scene) -> str:
    yen = scene.yen(fee.yen or 0)
    if fee.pieces == 1:
        return scene.say("waste.fee_one", said=fee.said, yen=yen)
    return scene.say("waste.fee_many", said=fee.said, pieces=_pieces(fee, scene), yen=yen)


def _bill_lines(fees: tuple[Fee, ...], scene: Scene) -> list[str]:
    lines = [_fee_line(fee, scene) for fee in fees] if len(fees) > 1 else []
    lines += [line for fee in fees for line in (_class_line(fee, scene), *_otherwise(fee, scene))]
    return lines


def _fee_line(fee: Fee, scene: Scene) -> str:
    if fee.yen is None:
        return scene.say("waste.line_unknown", said=fee.said, pieces=_pieces(fee, scene))
    return scene.say("waste.line", said=fee.said, pieces=_pieces(fee, scene), yen=scene.yen(fee.yen))


def _class_line(fee: Fee, scene: Scene) -> str:
    """Names the ward's own row when it is not what the resident said, so that the phone desk and she mean the same thing."""
    item = scene.town.items[fee.item_id]
    parts = []
    if fee.said not in fee.official_name or item.condition:
        parts.append(scene.say("waste.official_name", said=fee.said, official=fee.official_name))
    if item.pieces_per_fee > 1:
        parts.append(scene.say("waste.per_fee", pieces=f"{item.pieces_per_fee}{item.counter}", yen=scene.yen(item.fee_yen or 0)))
    return " ".join(parts)


def _otherwise(fee: Fee, scene: Scene) -> list[str]:
    """The fees of what was not said and would change the fee: a table of 90 cm costs more when its top is of glass."""
    group = scene.town.groups.get(scene.town.items[fee.item_id].group)
    chosen = next((row for row in group.rows if row.item == fee.item_id), None) if group else None
    if group is None or chosen is None:
        return []
    special = [row for row in group.rows if set(row.when) > set(chosen.when) and _may_be_both(row, chosen)]
    known = [(row, scene.town.items[row.item].fee_yen) for row in special]
    return [scene.say("waste.otherwise", label=scene.own(row.label), yen=scene.yen(yen)) for row, yen in known if yen is not None]


def _may_be_both(special: SizeRow, chosen: SizeRow) -> bool:
    """Whether one thing can meet what both rows ask of the sizes they share."""
    for slot, text in chosen.when.items():
        one, other = parse_condition(slot, text), parse_condition(slot, special.when[slot])
        together = one.overlaps(other) if isinstance(one, Span) and isinstance(other, Span) else one == other
        if not together:
            return False
    return True


def _pieces(fee: Fee, scene: Scene) -> str:
    counter = scene.town.items[fee.item_id].counter if scene.language == "ja" else ""
    return f"{fee.pieces}{counter or scene.say('waste.piece')}"


def _ticket_line(tickets: tuple[Tickets, ...], scene: Scene) -> str:
    if not tickets:
        return ""
    each = [scene.say("waste.ticket", name=kind.name, yen=scene.yen(kind.yen), count=kind.count) for kind in tickets]
    return scene.say("waste.buy", tickets=scene.say("waste.and").join(each))


def _limits(fees: tuple[Fee, ...], scene: Scene) -> list[str]:
    limit = scene.town.bulky.max_items
    return [scene.say("waste.too_many", limit=limit)] if sum(fee.units for fee in fees) > limit else []


def _other_lines(request: Request, scene: Scene) -> list[str]:
    named = request.others if request.items else ()  # without items the others are the answer itself
    policies = [other for other in named if other in scene.town.policies]
    rows = [other for other in named if other in scene.town.sorting]
    lines = [waste_words.other_line(other, scene) for other in (*policies, *rows)]
    unknown = [scene.say("waste.not_known", said=word) for word in request.unknown]
    return [*lines, *waste_words.notes(policies, scene), *unknown]


def _question_first(request: Request, scene: Scene, headline: str) -> str:
    if request.action != "confirm":
        return headline
    return scene.say("waste.is_it", said=waste_words.said(request, scene)) + headline


def _yes_or_no(request: Request, scene: Scene) -> tuple[Choice, ...]:
    if request.action != "confirm":
        return ()
    return tuple(Choice(words, words) for words in (scene.say("waste.yes"), scene.say("waste.no")))


def _ask_back(request: Request, scene: Scene) -> Answer:
    question = request.question
    group = scene.town.groups[question.group if question else request.ids[0]]
    said = question.said if question and question.said else group.name
    settled = tuple(_fee(item, scene) for item in request.items)
    round_no = question.round if question else 1
    return Answer(
        action="clarify",
        headline=scene.say(
            "waste.which_table" if round_no >= TABLE_ROUND else "waste.which", said=said, question=scene.own(group.question)
        ),
        ids=request.ids,
        details=_without_repeats(
            [
                *scene.only_japanese_where([group.question, *(row.label for row in group.rows)]),
                *(_table(group, scene) if round_no >= TABLE_ROUND else ()),
                *(_fee_line(fee, scene) for fee in settled),
            ]
        ),
        fees=settled,
        counts={fee.item_id: fee.units for fee in settled},
        choices=_size_choices(group, scene),
        phones=scene.phones((scene.town.bulky.contact,)) if round_no >= TABLE_ROUND else (),
        sources=_sources(request, scene),
        confidence=request.confidence,
        language=scene.language,
    )


def _table(group: Group, scene: Scene) -> tuple[str, ...]:
    return tuple(_table_line(row, scene) for row in group.rows)


def _table_line(row: SizeRow, scene: Scene) -> str:
    fee = scene.town.items[row.item].fee_yen
    return f"{scene.own(row.label)} … {scene.yen(fee) if fee is not None else scene.say('waste.ask_fee')}"


def _size_choices(group: Group, scene: Scene) -> tuple[Choice, ...]:
    return (*(Choice(scene.own(row.label), row.says) for row in group.rows), Choice(scene.say("waste.dont_know"), "わからない"))


def _how_to_throw_away(request: Request, scene: Scene) -> Answer:
    """One thing that is not bulky or not collected; several are answered line by line."""
    known = [one for one in request.ids if one in scene.town.policies or one in scene.town.sorting]
    headlines = [waste_words.headline_of(one, scene) for one in known]
    more = [line for one in known for line in waste_words.details_of(one, scene)]
    first_phones = scene.phones([contact for one in known for contact in _contacts_of(one, scene)])
    return Answer(
        action=request.action,
        headline=_question_first(request, scene, headlines[0]),
        ids=request.ids,
        details=_without_repeats([*headlines[1:], *more, *_other_lines(request, scene), *waste_words.notes(known, scene)]),
        choices=_yes_or_no(request, scene),
        phones=_distinct(first_phones),
        sources=_sources(request, scene),
        confidence=request.confidence,
        language=scene.language,
    )


def _contacts_of(one: str, scene: Scene) -> tuple[str, ...]:
    return scene.town.policies[one].contacts if one in scene.town.policies else ()


def _sources(request: Request, scene: Scene) -> tuple[Source, ...]:
    town = scene.town
    found = [item_source(town, town.items[item.id]) for item in request.items]
    if request.action == "clarify" and request.question:
        found += [item_source(town, town.items[row.item]) for row in town.groups[request.question.group].rows]
    for one in (*request.ids, *request.others):
        if one in town.policies:
            found.append(fact_source(town, town.policies[one].source, town.policies[one].checked_on))
        elif one in town.sorting and one not in town.items:
            found.append(fact_source(town, town.sorting_source, town.sorting_checked_on))
    return tuple(dict.fromkeys(found))


def _distinct(numbers: tuple[Phone, ...]) -> tuple[Phone, ...]:
    return tuple(dict.fromkeys(numbers))


def _without_repeats(lines: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in lines if line))
