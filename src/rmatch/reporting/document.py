"""A matching as one document for programs: what ``Matching.to_dict`` returns, and its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.solution import Level, Status, Value


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """A level without its seconds, so that the same input gives the same document."""

    name: str
    value: Value
    bound: Value | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Document:
    """Everything about a matching that its coordinator may see, by id.

    Attributes:
        status: ``optimal`` when every level is proved, else ``feasible``.
        strategy: The strategy that gave the levels, or ``None`` where they were named.
        seed: Of the tie-break.
        stability: Which pairs block: ``weak``, ``strong`` or ``super``.
        objectives: The levels' values by name; points are hundredths (10 000 is a full score).
        levels: The same in order, with what is proved of each.
        pairs: What was made; scores 0–100.
        unmatched: Ids of the people without any partner, mentors first.
        blocking_pairs: Mentor and mentee of the pairs that would rather have each other.
        warnings: Made pairs that a rule flags.
        waived: Made pairs for which a rule was waived.
        questions: What has to be asked before pairs are approved.
        names: Id → name; left out of the document unless it was asked for.
    """

    status: Status
    strategy: str | None
    seed: int
    stability: str
    objectives: Mapping[str, Value]
    levels: tuple[LevelEntry, ...]
    pairs: tuple[Pair, ...]
    unmatched: tuple[str, ...]
    blocking_pairs: tuple[tuple[str, str], ...]
    warnings: tuple[Warned, ...]
    waived: tuple[Waived, ...]
    questions: tuple[Question, ...]
    names: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers, as ``json.dumps`` takes them."""
        content = {name: _plain(value) for name, value in asdict(self).items()}
        if self.names is None:
            del content["names"]
        return content


def level_entry(level: Level) -> LevelEntry:
    """A level of a solution, as documents show it."""
    return LevelEntry(level.name, level.value, level.bound, level.proved)


def _plain(value: Any) -> Any:
    """Tuples as lists all the way down, so that the dict equals what JSON gives back."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
