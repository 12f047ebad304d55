"""The verdict: what is wrong with a claim, in ids only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from rmatch.markup import card, items, paragraph, table
from rmatch.programme.settings import is_confidential


class FindingKind(Enum):
    """What is wrong."""

    UNKNOWN_ID = "unknown id"
    REPEATED = "listed twice"
    ILLEGAL_PAIR = "illegal pair"
    FORBIDDEN_PAIR = "forbidden pair"
    FORCED_PAIR_MISSING = "forced pair missing"
    QUOTA_BROKEN = "quota broken"
    OVER_CAPACITY = "capacity exceeded"
    WRONG_UNMATCHED = "wrong unmatched"
    WRONG_SCORE = "wrong score"
    WRONG_SIDE_SCORE = "wrong side score"
    WRONG_BREAKDOWN = "wrong breakdown"
    WRONG_RANK = "wrong rank"
    MISSED_BLOCKING_PAIR = "missed blocking pair"
    FALSE_BLOCKING_PAIR = "false blocking pair"
    WRONG_OBJECTIVE = "wrong objective"
    MISSED_WARNING = "missed warning"
    FALSE_WARNING = "false warning"
    MISSED_QUESTION = "missed question"
    FALSE_QUESTION = "false question"
    MISSED_WAIVER = "missed waiver"
    FALSE_WAIVER = "false waiver"
    LARGER_MATCHING = "larger matching"
    NOT_STABLE = "not stable"
    FALSE_CUT = "false cut"
    FALSE_PRICES = "false prices"
    FALSE_BY_COLUMNS = "false by columns"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. ``claimed`` and ``found`` are raw and stay out of every text."""

    kind: FindingKind
    ids: tuple[str, ...]
    claimed: object = field(repr=False)
    found: object = field(repr=False)
    message: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.message}"


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit's verdict; true when nothing is wrong.

    ``notes`` say what was not checked, and what was checked to be best and by what.
    """

    ok: bool
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else counted(len(self.findings), "finding")
        return f"Audit({verdict}, {counted(len(self.notes), 'note')})"

    def _heading(self) -> str:
        return "audit ok" if self.ok else f"audit: {counted(len(self.findings), 'finding')}"

    def _repr_html_(self) -> str:
        rows = [(finding.kind.value, finding.message) for finding in self.findings]
        wrong = [table("What is wrong", ("kind", "finding"), rows)] if rows else []
        notes = [paragraph("Notes:"), items(self.notes)] if self.notes else []
        return card(self._heading().capitalize(), *wrong, *notes)

    def __str__(self) -> str:
        lines = [f"  {finding}" for finding in self.findings]
        notes = [f"  note: {note}" for note in self.notes]
        return "\n".join([self._heading(), *lines, *notes])


def counted(number: int, noun: str) -> str:
    """``1 pair``, ``2 pairs``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown_code(code: str) -> str:
    """A rule's code as a message may show it."""
    return "confidential" if is_confidential(code) else code


def shown_codes(codes: Iterable[str]) -> str:
    """Rule codes as a message may show them, each once."""
    return ", ".join(dict.fromkeys(shown_code(code) for code in codes))


def shown_pair(pair: tuple[str, str]) -> str:
    """A pair in ids."""
    return f"{pair[0]} – {pair[1]}"
