"""The shape of what ``rmatch solve --json`` prints, for its JSON schema.

tests/test_site.py holds real output against it, with nothing missing and nothing beyond it.
"""

from __future__ import annotations

from typing import Any, NotRequired

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.instance import Stability
from rmatch.solution import Status, Value

EXACT = ConfigDict(extra="forbid")


@with_config(EXACT)
class LevelDocument(TypedDict):
    """A level: its value, and the bound that proves it."""

    name: str
    value: Value
    bound: Value | None
    proved: bool


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


@with_config(EXACT)
class SolveDocument(TypedDict):
    """A matching, people by id; with names only where they were asked for."""

    schema_version: int
    status: Status
    strategy: str | None
    seed: int
    stability: Stability
    objectives: dict[str, Value]
    levels: list[LevelDocument]
    pairs: list[Pair]
    unmatched: list[str]
    blocking_pairs: list[tuple[str, str]]
    warnings: list[Warned]
    waived: list[Waived]
    questions: list[Question]
    names: NotRequired[dict[str, str]]
    audit: AuditDocument
    stopped: bool
    notices: list[NoticeDocument]
    run: str


def solve_schema() -> dict[str, Any]:
    """The JSON schema; rmatch's own records in it are written whole, defaults included."""
    schema = TypeAdapter(SolveDocument).json_schema()
    for record in (Pair, Question, Waived, Warned):
        written = schema["$defs"][record.__name__]
        written |= {"required": list(written["properties"]), "additionalProperties": False}
    return schema
