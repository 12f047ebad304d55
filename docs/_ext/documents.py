"""The shape of what ``rmatch solve --json`` prints, for its JSON schema.

tests/test_site.py holds real output against it, with nothing missing and nothing beyond it.
"""

from __future__ import annotations

from typing import Any, NotRequired

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.reporting.document import Document, LevelEntry

EXACT = ConfigDict(extra="forbid")
RECORDS = (LevelEntry, Pair, Question, Waived, Warned)
"""What a document is made of."""


@with_config(EXACT)
class AuditDocument(TypedDict):
    """The verdict of the separate audit."""

    ok: bool
    notes: list[str]


@with_config(EXACT)
class NoticeDocument(TypedDict):
    """Something that loading noticed and did not refuse."""

    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    person: str | None
    message: str
    suggestions: list[str]
    value: NotRequired[str]


class Around(TypedDict):
    """What the command says beside the matching."""

    schema_version: int
    audit: AuditDocument
    stopped: bool
    documents: list[str]
    notices: list[NoticeDocument]
    run: str


def solve_schema() -> dict[str, Any]:
    """The JSON schema: what ``Matching.to_dict`` returns, and what the command says beside it."""
    schema, around = (TypeAdapter(kind).json_schema() for kind in (Document, Around))
    schema["$defs"] |= around["$defs"]
    for record in (schema, *(schema["$defs"][kind.__name__] for kind in RECORDS)):
        # Written whole, defaults included.
        record |= {"required": list(record["properties"]), "additionalProperties": False}
    schema["properties"] |= around["properties"]
    schema["required"] += around["required"]
    schema["required"].remove("names")
    return schema
