"""How the reference shows a record: a table of its fields, in place of a call with all of them.

The types are those of the JSON schema in words, so that one table serves Python and JSON; the
labels of a participant's fields are those of the forms.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sphinx.pycode import ModuleAnalyzer

import rmatch
from rmatch.programme import Participant
from rmatch.programme.records import Record
from rmatch.programme.reference.tables import form_fields

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NOT_SHOWN = ("shown_fields", "model_config")

BEFORE_OTHERS = 400
"""The first that gives a signature is heard, and no other."""

WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("autodoc-process-signature", drop_call, priority=BEFORE_OTHERS)
    app.connect("autodoc-process-docstring", add_fields)
    app.connect("autodoc-skip-member", skip_machinery)
    return {"parallel_read_safe": True}


def is_record(thing: object) -> bool:
    """Whether this is one of rmatch's frozen pydantic records."""
    return inspect.isclass(thing) and issubclass(thing, Record)


def drop_call(
    _app: Sphinx, _what: str, _name: str, thing: object, *_rest: object
) -> tuple[str, None] | None:
    """A call with forty keywords says less than the table of fields."""
    return ("", None) if is_record(thing) else None


def skip_machinery(_app: Sphinx, _what: str, name: str, *_rest: object) -> bool | None:
    """What makes a record work is not what it says."""
    return True if name in NOT_SHOWN else None


def add_fields(
    _app: Sphinx, _what: str, _name: str, thing: Any, _options: object, lines: list[str]
) -> None:
    """Append the table of fields to the docstring of a record that has any."""
    if not is_record(thing) or not thing.model_fields:
        return
    schema = thing.model_json_schema(mode="serialization")
    labels = _labels() if thing is Participant else {}
    told = _told(thing)
    lines += ["", ".. list-table::", "   :header-rows: 1", "   :class: fields", ""]
    heading = ["field", "holds", "unless given"]
    rows = [
        [f"``{name}``", in_words(schema["properties"][name]) + told.get(name, ""), _default(field)]
        for name, field in thing.model_fields.items()
        if name in schema["properties"]
    ]
    if labels:
        heading.insert(1, "asked as")
        for row in rows:
            row.insert(1, labels.get(row[0].strip("`"), ""))
    for row in [heading, *rows]:
        for number, cell in enumerate(row):
            lines.append(f"   {'  ' if number else '* '}- {cell}")
    lines.append("")


def _told(kind: type) -> dict[str, str]:
    """What the code says below a field, to stand behind the type."""
    found = ModuleAnalyzer.for_module(kind.__module__).find_attr_docs()
    return {
        name: f". {' '.join(lines).strip()}"
        for (holder, name), lines in found.items()
        if holder == kind.__qualname__
    }


def _labels() -> dict[str, str]:
    """What forms call a participant's fields."""
    return {row["id"]: row["label"] for row in form_fields()}


def _default(field: Any) -> str:
    """What stands there when nothing is given, as JSON would have it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", (), {}) or isinstance(value, Record):
        return "blank"
    return f"``{str(value).lower() if isinstance(value, bool) else value}``"


def in_words(schema: Mapping[str, Any]) -> str:
    """A JSON schema as a few words of reStructuredText."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f":py:class:`~rmatch.{name}`" if name in rmatch.__all__ else f":py:class:`{name}`"
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
        return " or ".join(in_words(kind) for kind in kinds)
    if "enum" in schema:
        return " or ".join(f"``{value}``" for value in schema["enum"])
    if schema["type"] == "array":
        return _list_in_words(schema)
    if schema["type"] == "object":
        return _table_in_words(schema)
    return schema.get("format") or WORDS[schema["type"]] + _limits(schema)


def _table_in_words(schema: Mapping[str, Any]) -> str:
    values = schema.get("additionalProperties")
    return f"{in_words(values)}, by name" if isinstance(values, Mapping) else "values by name"


def _list_in_words(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        return " and ".join(in_words(item) for item in schema["prefixItems"])
    least_most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
    return f"list of {in_words(schema['items'])}{least_most}"


def _limits(schema: Mapping[str, Any]) -> str:
    """The least and the largest number that are taken."""
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        return f" above {schema['exclusiveMinimum']}"
    if most is not None:
        return f", {least} to {most}".replace("-", "−")
    return "" if least is None else f", {least} or more"
