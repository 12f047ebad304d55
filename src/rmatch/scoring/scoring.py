"""From people to points: apply every rule and criterion, keep what each said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rmatch.errors import InputError
from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Programme
from rmatch.programme.reference import RULES
from rmatch.programme.settings import DEFAULT_WEIGHTS, Settings, default_severities
from rmatch.scoring.criteria import BONUS, Weighed, built_in, experience
from rmatch.scoring.custom import checked_criteria, checked_rules
from rmatch.scoring.people import SIDES, People, Side
from rmatch.scoring.protocol import MISSING, TOP, Criterion, Rule, Values
from rmatch.scoring.roles import scope_rules
from rmatch.scoring.rules import COMPUTED, BuiltInRule, Check, declared
from rmatch.scoring.scores import CriterionValues, RuleMarks, Scores
from rmatch.scoring.unknown import unknown_names
from rmatch.scoring.verdict import Verdict
from rmatch.scoring.waiving import with_waivers

MAX_RULES = 63
"""A bit each in an int64."""


def score(
    programme: Programme, *, criteria: Iterable[Criterion] = (), rules: Iterable[Rule] = ()
) -> Scores:
    """Score every pair of a programme, with what excludes it and where each point came from.

    Args:
        programme: The people and settings.
        criteria: Criteria of your own, beside the built-in ones.
        rules: Rules of your own.

    Raises:
        InputError: the settings weigh a criterion, or waive a rule, that does not exist.
        ValueError: a custom criterion or rule with a taken name or values out of range.
    """
    criteria = checked_criteria(criteria, DEFAULT_WEIGHTS)
    rules = checked_rules(rules, default_severities())
    people = People(programme)
    settings = programme.settings
    if problems := tuple(unknown_names(settings, criteria, rules)):
        raise InputError(problems)
    valued = [_values(people, criterion) for criterion in _criteria(settings, criteria)]
    mentor_points, mentee_points = (side_points(people.shape, valued, side) for side in SIDES)
    bonus_weight = settings.all_weights[BONUS]
    if bonus_weight:
        bonus, mentee_points = with_bonus(people, mentee_points, bonus_weight)
        valued.append(bonus)
    points = pair_points(mentor_points, mentee_points, settings.side_weights)
    marks = with_waivers(_marks(people, _rules(settings, rules)), people)
    return Scores(
        programme=programme,
        points=points,
        mentor_points=mentor_points,
        mentee_points=mentee_points,
        acceptable=(marks.hard == 0) & (points >= 100 * settings.minimum_score),
        rules=marks,
        criteria=tuple(valued),
        custom=(tuple(criteria), tuple(rules)),
    )


def _criteria(settings: Settings, custom: Sequence[Criterion]) -> list[Weighed]:
    """Every criterion that counts, with its weight: the settings', else a custom one's own."""
    weights = settings.all_weights
    own = [
        Weighed(criterion.name, weight, criterion.side, criterion.values)
        for criterion in custom
        if (weight := weights.get(criterion.name, criterion.weight)) > 0
    ]
    return [*built_in(weights), *own]


def _values(people: People, criterion: Weighed) -> CriterionValues:
    sides: tuple[Side, ...] = SIDES if criterion.side == "both" else (criterion.side,)
    values: dict[Side, Values] = {}
    known: dict[Side, BoolArray] = {}
    for side in sides:
        raw = _checked(people, criterion, criterion.values(people, side))
        known[side] = raw != MISSING
        values[side] = _filled(raw, known[side])
    return CriterionValues(criterion.name, criterion.weight, values, known)


def _checked(people: People, criterion: Weighed, values: Values) -> Values:
    table = np.asarray(values)
    if table.shape != people.shape or table.dtype.kind not in "iu":
        raise ValueError(
            f"criterion {criterion.name!r} must give integers of shape {people.shape}, "
            f"not {table.dtype} of shape {table.shape}"
        )
    if table.size and (table.min() < MISSING or table.max() > TOP):
        raise ValueError(f"criterion {criterion.name!r} must give values 0–{TOP}, or {MISSING}")
    return table.astype(np.int16)


def _filled(raw: Values, known: BoolArray) -> Values:
    """Missing values replaced by the mean of the known ones, half the scale where there is none."""
    count = int(np.count_nonzero(known))
    if count == raw.size:
        return raw
    total = int(raw.sum(dtype=np.int64)) + raw.size - count
    mean = (2 * total + count) // (2 * count) if count else TOP // 2
    return np.where(known, raw, raw.dtype.type(mean))


def side_points(shape: tuple[int, ...], valued: Sequence[CriterionValues], side: Side) -> IntArray:
    """(n, m) the weighted mean of the criteria that serve a side: the same for any unit of weight.

    Args:
        shape: (n, m).
        valued: Criteria with their weights; the bonus is not among them.
        side: Whose.
    """
    whole = 0
    total = np.zeros(shape, dtype=np.int64)
    for criterion in valued:
        if side in criterion.values:
            whole += criterion.weight
            total += criterion.weight * criterion.values[side].astype(np.int64)
    return (2 * total + whole) // (2 * whole) if whole else total


def with_bonus(
    people: People, points: IntArray, weight: int, unit: int = 1
) -> tuple[CriterionValues, IntArray]:
    """The bonus, and (n, m) the mentees' points with it; its weight counts points of a ``unit``."""
    shared, wanted = experience(people)
    whole = unit * np.maximum(1, wanted)[None, :]
    bonus = (2 * 100 * weight * shared + whole) // (2 * whole)
    everywhere = np.ones(people.shape, dtype=bool)
    values = CriterionValues(
        BONUS, weight, {"mentee": bonus}, {"mentee": everywhere}, is_bonus=True
    )
    return values, np.minimum(TOP, points + bonus)


def pair_points(mentor: IntArray, mentee: IntArray, weights: tuple[int, int]) -> IntArray:
    """(n, m) the two sides' points as one."""
    a, b = weights
    return (2 * (a * mentor + b * mentee) + a + b) // (2 * (a + b))


def _rules(settings: Settings, custom: Sequence[Rule]) -> list[Rule]:
    severities = settings.severities
    computed: dict[str, Check] = {**COMPUTED, **scope_rules()}
    codes = dict.fromkeys([*(rule.id for rule in RULES), *computed])
    active = [
        BuiltInRule(code, severities[code], _declared_or(code, computed.get(code)))
        for code in codes
        if severities[code] != "off"
    ]
    every = [*active, *(rule for rule in custom if rule.severity != "off")]
    if len(every) > MAX_RULES:
        raise ValueError(f"at most {MAX_RULES} rules can be on at once, not {len(every)}")
    return every


def _declared_or(code: str, check: Check | None) -> Check:
    """A rule is broken by what is computed and, for codes of the table, by what is declared."""

    def function(people: People) -> Verdict:
        known = declared(people, code) if code in RULES else np.zeros(people.shape, dtype=bool)
        verdict = Verdict.where(known)
        return verdict if check is None else verdict | check(people)

    return function


def _marks(people: People, rules: Sequence[Rule]) -> RuleMarks:
    hard, warn, unknown = (np.zeros(people.shape, dtype=np.int64) for _ in range(3))
    for bit, rule in enumerate(rules):
        verdict = _verdict(people, rule)
        mark = np.int64(1 << bit)
        if rule.severity == "hard":
            hard |= np.where(verdict.true, mark, 0)
            unknown |= np.where(verdict.unknown & ~verdict.true, mark, 0)
        else:
            warn |= np.where(verdict.true, mark, 0)
    return RuleMarks(tuple(rule.code for rule in rules), hard, warn, unknown)


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
