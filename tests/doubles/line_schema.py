"""LINE's own API description as validators; without it the double would accept bodies the real LINE refuses.

The description names concrete types with `discriminator`, which validators ignore: a text message without text would pass. Here each
such schema becomes if/then per type, and fields nobody described are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]  # it comes without types

API = Path(__file__).parent / "line_api" / "messaging-api.yml"
PREFIX = "#/components/schemas/"
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with a body, in the form of LINE's error details."""

    message: str
    property: str


@cache
def described(path: Path = API) -> dict[str, Any]:
    """The whole description, read once, with the fast loader where PyYAML has one."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


class Bodies:
    """Checks request bodies by the name of their schema ("ReplyMessageRequest")."""

    def __init__(self) -> None:
        self._root = {"components": {"schemas": _strict_lines_own()}}
        self._validators: dict[str, Draft202012Validator] = {}

    def complaints(self, schema_name: str, body: Any) -> list[Complaint]:
        """Everything wrong with `body`, the most telling error of each place; empty when it is right."""
        if schema_name not in self._validators:
            self._validators[schema_name] = Draft202012Validator({**self._root, "$ref": PREFIX + schema_name})
        found = (leaf for error in self._validators[schema_name].iter_errors(body) for leaf in _leaves(error))
        return [Complaint(_sentence(error), _place(error)) for error in found]


@cache
def _strict_lines_own() -> dict[str, Schema]:
    return strict(described()["components"]["schemas"])


def strict(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The same schemas with every `discriminator` turned into if/then and undescribed fields refused."""
    pinned = _pinned_types(schemas)
    return {
        name: _by_type(schema["discriminator"]) if "discriminator" in schema else _closed(name, schemas, pinned)
        for name, schema in schemas.items()
    }


def _by_type(discriminator: Mapping[str, Any]) -> Schema:
    """An object whose type is one of the described ones, and which then fits that type's schema."""
    field, mapping = discriminator["propertyName"], discriminator["mapping"]
    return {
        "type": "object",
        "required": [field],
        "properties": {field: {"enum": list(mapping)}},
        "allOf": [
            {"if": {"properties": {field: {"const": value}}, "required": [field]}, "then": {"$ref": reference}}
            for value, reference in mapping.items()
        ],
    }


def _pinned_types(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """Concrete type -> what its type field must say: a place that asks for a box directly must get a box."""
    pinned: dict[str, Schema] = {}
    for schema in schemas.values():
        discriminator = schema.get("discriminator", {"mapping": {}})
        for value, reference in discriminator["mapping"].items():
            said = pinned.setdefault(reference.removeprefix(PREFIX), {discriminator["propertyName"]: {"enum": []}})
            said[discriminator["propertyName"]]["enum"].append(value)
    return pinned


def _closed(name: str, schemas: Mapping[str, Schema], pinned: Mapping[str, Schema]) -> Schema:
    """One flat object with its parents' fields and no others; what is not an object with fields stays as it is."""
    flat = _flat(schemas[name], schemas)
    if "properties" not in flat:
        return schemas[name]
    pins = pinned.get(name, {})
    required = sorted({*flat["required"], *pins})
    return {"type": "object", "required": required, "properties": {**flat["properties"], **pins}, "additionalProperties": False}


def _flat(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """`schema` with everything its allOf parents say, gathered in one place."""
    properties = dict(schema.get("properties", {}))
    required = list(schema.get("required", []))
    for part in schema.get("allOf", []):
        parent = schemas[part["$ref"].removeprefix(PREFIX)] if "$ref" in part else part
        flat = _flat(parent, schemas)
        properties = {**flat.get("properties", {}), **properties}
        required += flat.get("required", [])
    return {"properties": properties, "required": required} if properties else schema


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
        return
    for inner in error.context:
        yield from _leaves(inner)


def _sentence(error: ValidationError) -> str:
    """What is wrong, naming fields and rules but, like LINE, never repeating the value."""
    if error.validator in ("required", "additionalProperties"):
        return str(error.message)
    return f"breaks the rule {error.validator} {error.validator_value}"


def _place(error: ValidationError) -> str:
    """messages[0].text, as LINE writes it."""
    place = ""
    for step in error.absolute_path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.lstrip(".")
