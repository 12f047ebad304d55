"""From rules to marks: which rules each pair breaks, a bit a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray
from rmatch.programme.reference import RULES
from rmatch.programme.settings import Settings
from rmatch.scoring.cells import Cells
from rmatch.scoring.facts import Bits, PairValues, fact
from rmatch.scoring.people import People
from rmatch.scoring.protocol import Rule
from rmatch.scoring.roles import scope_rules
from rmatch.scoring.rules import COMPUTED, BuiltInRule, Check, declared
from rmatch.scoring.verdict import Verdict, but

MAX_RULES = 63
"""A bit each in 64."""


@dataclass(frozen=True, slots=True)
class RuleMarks:
    """Rules over pairs, a bit per rule: which break it, which cannot be checked.

    The bits are in the smallest unsigned integers that hold all rules. A rule that is waived for a
    pair is in none of ``hard``, ``warn`` and ``unknown`` there. Instead ``waived`` has the pair
    (mentor, mentee index) where it breaks the rule, ``unasked`` where that cannot be checked, with
    the bits of those rules.
    """

    codes: tuple[str, ...]
    hard: Bits
    warn: Bits
    unknown: Bits
    waived: Mapping[tuple[int, int], int] = field(default_factory=dict)
    unasked: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def codes_at(self, marks: npt.NDArray[Any], mentor: int, mentee: int) -> tuple[str, ...]:
        """The codes whose bit is set for one pair."""
        return self.codes_of(int(marks[mentor, mentee]))

    def codes_of(self, bits: int) -> tuple[str, ...]:
        """The codes whose bit is set."""
        return tuple(code for k, code in enumerate(self.codes) if bits >> k & 1)


def active_rules(
    people: People, settings: Settings, custom: Sequence[Rule]
) -> tuple[BuiltInRule, ...]:
    """Every rule that is on; a user's own is asked here, once, and checked.

    Raises:
        ValueError: too many rules, or one that gives no table of pairs.
    """
    severities = settings.severities
    computed: dict[str, Check] = {**COMPUTED, **scope_rules()}
    codes = dict.fromkeys([*(rule.id for rule in RULES), *computed])
    on = [code for code in codes if severities[code] != "off"]
    own = [rule for rule in custom if rule.severity != "off"]
    if (count := len(on) + len(own)) > MAX_RULES:
        raise ValueError(f"at most {MAX_RULES} rules can be on at once, not {count}")
    return (
        *(
            BuiltInRule(code, severities[code], _declared_or(code, computed.get(code)))
            for code in on
        ),
        *(BuiltInRule(rule.code, rule.severity, _as_told(people, rule)) for rule in own),
    )


def _declared_or(code: str, check: Check | None) -> Check:
    """A rule is broken by what is computed and, for codes of the table, by what is declared."""
    if code not in RULES and check is not None:
        return check
    return partial(_broken, code=code, check=check)


def _broken(people: People, cells: Cells, code: str, check: Check | None) -> Verdict:
    verdict = Verdict.certain(declared(people, code).named(cells))
    return verdict if check is None else verdict | check(people, cells)


def _as_told(people: People, rule: Rule) -> Check:
    """What a user's own rule says of all pairs, to be cut."""
    verdict = _verdict(people, rule)
    return lambda _, cells: Verdict(cells.cut(verdict.true), cells.cut(verdict.unknown))


def _verdict(people: People, rule: Rule) -> Verdict:
    result = rule.check(people)
    if not isinstance(result, Verdict):
        result = Verdict.where(np.asarray(result))
    verdict = Verdict(np.asarray(result.true), np.asarray(result.unknown))
    if verdict.true.dtype != bool or verdict.unknown.dtype != bool:
        raise ValueError(f"rule {rule.code!r} must give arrays of true and false")
    if verdict.true.shape != people.shape or verdict.unknown.shape != people.shape:
        raise ValueError(f"rule {rule.code!r} must give arrays of shape {people.shape}")
    return verdict


def _kind(count: int) -> np.dtype[np.unsignedinteger[Any]]:
    """Bytes in the order in which ``_Planes`` fills them, whatever the machine's."""
    size = next(size for size in (1, 2, 4, 8) if count <= 8 * size)
    return np.dtype(f"<u{size}")


class Marking:
    """The marks of pairs while they are made, block by block or all at once.

    Args:
        people: Everyone.
        rules: The rules that are on; their place is their bit.
        shape: (n, m), or the shape of the only cells.
    """

    def __init__(
        self, people: People, rules: Sequence[BuiltInRule], shape: tuple[int, ...]
    ) -> None:
        self._people = people
        self._rules = rules
        self._codes = tuple(rule.code for rule in rules)
        kind = _kind(len(rules))
        self.hard, self.warn, self.unknown = (np.zeros(shape, dtype=kind) for _ in range(3))
        self._waived: dict[tuple[int, int], int] = {}
        self._unasked: dict[tuple[int, int], int] = {}

    def add(self, cells: Cells, part: slice) -> None:
        """Mark these cells, which are this part of the tables."""
        tables = self.hard[part], self.warn[part], self.unknown[part]
        hard, warn, unknown = (_Planes(table) for table in tables)
        for bit, rule in enumerate(self._rules):
            verdict = rule.check(self._people, cells)
            if rule.severity == "hard":
                hard.add(bit, verdict.true)
                unknown.add(bit, _but(verdict.unknown, verdict.true))
            else:
                warn.add(bit, verdict.true)
        for planes in (hard, warn, unknown):
            planes.write()
        if self._people.programme.settings.waivers:
            self._waive(cells, tables)

    def _waive(self, cells: Cells, tables: tuple[Bits, Bits, Bits]) -> None:
        """Take out the marks of rules that are waived for a pair, and tell them apart."""
        hard, warn, unknown = tables
        bits = np.broadcast_to(_waived(self._people, self._codes).at(cells), cells.shape)
        at = np.nonzero(bits)
        pairs = [*zip(*(index.tolist() for index in cells.indices(at)), strict=True)]
        broken = (hard[at] | warn[at]) & bits[at]
        asked = unknown[at] & bits[at] & ~broken
        for table in tables:
            table[at] &= ~bits[at]
        self._waived |= _by_pair(pairs, broken)
        self._unasked |= _by_pair(pairs, asked)

    def done(self) -> RuleMarks:
        """What was marked."""
        return RuleMarks(
            self._codes, self.hard, self.warn, self.unknown, self._waived, self._unasked
        )


def _by_pair(pairs: Iterable[tuple[int, int]], bits: Bits) -> dict[tuple[int, int], int]:
    return {pair: own for pair, own in zip(pairs, bits.tolist(), strict=True) if own}


@fact
def _waived(people: People, codes: tuple[str, ...]) -> PairValues:
    """Of every pair with waivers the bits of the rules that are waived; none where they are off."""
    bit = {code: 1 << k for k, code in enumerate(codes)}
    found: dict[tuple[int, int], int] = {}
    for mentor, mentee, code in people.programme.settings.waivers:
        pair = people.mentor_index[mentor], people.mentee_index[mentee]
        found[pair] = found.get(pair, 0) | bit.get(code, 0)
    return PairValues.of(people, found, _kind(len(codes)))


def _but(unknown: BoolArray, true: BoolArray) -> BoolArray:
    """What is unknown and not true besides, as small as it may be."""
    if unknown.size < true.size and not unknown.any():
        return unknown
    return but(unknown, true)


class _Planes:
    """Bits of marks, eight rules to a byte, until they are written into their table."""

    def __init__(self, table: Bits) -> None:
        self._table = table
        self._planes: dict[int, npt.NDArray[np.uint8]] = {}

    def add(self, bit: int, where: BoolArray) -> None:
        """Set a rule's bit; one that nobody breaks costs next to nothing."""
        if not np.count_nonzero(where):
            return
        place, shift = divmod(bit, 8)
        if place not in self._planes:
            self._planes[place] = np.zeros(self._table.shape, dtype=np.uint8)
        plane = self._planes[place]
        # A product, for NumPy shifts bytes one at a time.
        np.bitwise_or(plane, where.view(np.uint8) * np.uint8(1 << shift), out=plane)

    def write(self) -> None:
        """Put the bytes where they belong."""
        table = self._table
        as_bytes = table.view(np.uint8).reshape(*table.shape, table.itemsize)
        for place, plane in self._planes.items():
            as_bytes[..., place] = plane
