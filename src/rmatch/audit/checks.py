"""What can be wrong with a claim; each check yields its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from rmatch.audit.case import Case, Check
from rmatch.audit.claim import Claim, ClaimedPair
from rmatch.audit.declared import IdPair
from rmatch.audit.kept import forbidden_pairs, forced_pairs, hard_quotas
from rmatch.audit.objectives import OBJECTIVES, TIE_BREAK, tie_break
from rmatch.audit.optimum import required_stability, size
from rmatch.audit.proofs import false_cut, false_prices
from rmatch.audit.recompute import PairFacts
from rmatch.audit.report import (
    Finding,
    FindingKind,
    counted,
    shown_code,
    shown_codes,
    shown_pair,
)
from rmatch.audit.stated import MUST_NOT_PAIR


def unknown_ids(case: Case) -> Iterator[Finding]:
    """Ids that are no mentor or no mentee of this programme, wherever they are claimed."""
    roster, claim = case.outcome.roster, case.claim
    mentors = {person.id for person in roster.mentors}
    mentees = {person.id for person in roster.mentees}
    lists = [(pair.mentor, pair.mentee) for pair in claim.pairs]
    lists += claim.blocking_pairs or ()
    lists += [item[1:] for item in _listed_codes(claim)]
    wrong = {f"{m} is not a mentor of this programme": m for m, _ in lists if m not in mentors}
    wrong |= {f"{s} is not a mentee of this programme": s for _, s in lists if s not in mentees}
    wrong |= {
        f"{person} is not in this programme": person
        for person in claim.unmatched
        if person not in mentors | mentees
    }
    for message, person in wrong.items():
        yield Finding(FindingKind.UNKNOWN_ID, (person,), person, None, message)


def _listed_codes(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """Every (rule, mentor, mentee) that is claimed."""
    for listed in (claim.questions, claim.warnings, claim.waived):
        yield from listed or ()


def repeated(case: Case) -> Iterator[Finding]:
    """Pairs, blocking pairs and unmatched people listed more than once."""
    claim = case.claim
    for pair, times in _repeated((p.mentor, p.mentee) for p in claim.pairs):
        message = f"{shown_pair(pair)} is made {times} times"
        yield Finding(FindingKind.REPEATED, pair, times, 1, message)
    for pair, times in _repeated(claim.blocking_pairs or ()):
        message = f"{shown_pair(pair)} is listed {times} times as blocking"
        yield Finding(FindingKind.REPEATED, pair, times, 1, message)
    for person, times in Counter(claim.unmatched).items():
        if times > 1:
            message = f"{person} is listed {times} times as unmatched"
            yield Finding(FindingKind.REPEATED, (person,), times, 1, message)


def _repeated(pairs: Iterable[IdPair]) -> Iterator[tuple[IdPair, int]]:
    return ((pair, times) for pair, times in Counter(pairs).items() if times > 1)


def illegal_pairs(case: Case) -> Iterator[Finding]:
    """Pairs made that a hard rule, a veto or the minimum score excludes."""
    for pair in case.outcome.made.pairs:
        excluded = case.outcome.pairs[pair].excluded
        codes = tuple(code for code in excluded if code != MUST_NOT_PAIR)
        if codes:
            message = f"{shown_pair(pair)} is excluded by {shown_codes(codes)}"
            yield Finding(FindingKind.ILLEGAL_PAIR, pair, (), codes, message)


def capacities(case: Case) -> Iterator[Finding]:
    """People with more partners than they have places."""
    made = case.outcome.made
    for person in case.outcome.roster.people:
        count = len(made.partners[person.id])
        if made.room[person.id] < 0:
            places = counted(person.capacity, "place")
            message = f"{person.id} has {counted(count, 'partner')} and {places}"
            yield Finding(FindingKind.OVER_CAPACITY, (person.id,), count, person.capacity, message)


def unmatched(case: Case) -> Iterator[Finding]:
    """People wrongly listed as unmatched, or left out of that list."""
    claimed, made = set(case.claim.unmatched), case.outcome.made
    for person in (person.id for person in case.outcome.roster.people):
        listed, alone = person in claimed, not made.matched(person)
        if listed != alone:
            says = "is listed as unmatched" if listed else "is not listed as unmatched"
            fact = "has no partner" if alone else "has a partner"
            message = f"{person} {says} and {fact}"
            yield Finding(FindingKind.WRONG_UNMATCHED, (person,), listed, alone, message)


def scores(case: Case) -> Iterator[Finding]:
    """Pair scores and side scores that differ from those recomputed."""
    for claimed, facts in case.known_pairs:
        for kind, what, value, true in (
            (FindingKind.WRONG_SCORE, "score", claimed.score, facts.score),
            (
                FindingKind.WRONG_SIDE_SCORE,
                "mentor score",
                claimed.mentor_score,
                facts.mentor_score,
            ),
            (
                FindingKind.WRONG_SIDE_SCORE,
                "mentee score",
                claimed.mentee_score,
                facts.mentee_score,
            ),
        ):
            yield from _differing(kind, claimed, what, value, true)


def ranks(case: Case) -> Iterator[Finding]:
    """Ranks that differ from those recomputed; 0 is unacceptable."""
    for claimed, facts in case.known_pairs:
        for what, value, true in (
            ("mentor's rank", claimed.mentor_rank, facts.mentor_rank),
            ("mentee's rank", claimed.mentee_rank, facts.mentee_rank),
        ):
            yield from _differing(FindingKind.WRONG_RANK, claimed, what, value, true)


def _differing(
    kind: FindingKind, pair: ClaimedPair, what: str, claimed: int | None, found: int
) -> Iterator[Finding]:
    if claimed is not None and claimed != found:
        ids = (pair.mentor, pair.mentee)
        message = f"{shown_pair(ids)}: {what} is claimed {claimed} and is {found}"
        yield Finding(kind, ids, claimed, found, message)


def breakdowns(case: Case) -> Iterator[Finding]:
    """Points by criterion that are wrong, left out, or of a criterion nobody knows."""
    for pair, _ in case.known_pairs:
        if pair.breakdown is None:
            continue
        ids = (pair.mentor, pair.mentee)
        known = [name for name in pair.breakdown if case.points.knows(name)]
        expected = dict.fromkeys([*case.points.criteria, *known])
        found = case.points.breakdown(*ids, criteria=expected)
        for name in dict.fromkeys([*found, *pair.breakdown]):
            claimed, true = pair.breakdown.get(name), found.get(name)
            if claimed != true:
                message = (
                    f"{shown_pair(ids)}: {name} is claimed {_points(claimed)}"
                    f" and is {_points(true)} (mentor / mentee)"
                )
                yield Finding(FindingKind.WRONG_BREAKDOWN, ids, claimed, true, message)


def _points(points: tuple[int | None, int | None] | None) -> str:
    if points is None:
        return "nothing"
    return " / ".join("–" if value is None else str(value) for value in points)


def blocking(case: Case) -> Iterator[Finding]:
    """Blocking pairs that are missing from the claim, or are none."""
    if case.claim.blocking_pairs is None:
        return
    claimed, true = set(case.claim.blocking_pairs), set(case.outcome.blocking)
    for pair in sorted(true - claimed):
        message = f"{shown_pair(pair)} blocks and is not listed"
        yield Finding(FindingKind.MISSED_BLOCKING_PAIR, pair, False, True, message)
    for pair in sorted(claimed - true):
        message = f"{shown_pair(pair)} is listed as blocking and does not block"
        yield Finding(FindingKind.FALSE_BLOCKING_PAIR, pair, True, False, message)


def objectives(case: Case) -> Iterator[Finding]:
    """Claimed levels whose value the pairs do not have."""
    seed = case.claim.tie_break_seed
    for level, claimed in case.claim.objectives.items():
        if level in OBJECTIVES:
            found = OBJECTIVES[level](case.outcome)
        elif level == TIE_BREAK and seed is not None:
            found = tie_break(case.outcome, seed)
        else:
            continue
        if claimed != found:
            message = f"{level} is claimed {claimed} and is {found}"
            yield Finding(FindingKind.WRONG_OBJECTIVE, (), claimed, found, message)


def warnings(case: Case) -> Iterator[Finding]:
    """Warnings of the pairs made that are missing from the claim, or untrue."""
    missed, untrue = FindingKind.MISSED_WARNING, FindingKind.FALSE_WARNING
    yield from _codes(case, case.claim.warnings, missed, untrue, lambda facts: facts.warned)


def questions(case: Case) -> Iterator[Finding]:
    """Unchecked hard rules of the pairs made that are missing from the claim, or untrue."""
    missed, untrue = FindingKind.MISSED_QUESTION, FindingKind.FALSE_QUESTION
    yield from _codes(case, case.claim.questions, missed, untrue, lambda facts: facts.questions)


def waivers(case: Case) -> Iterator[Finding]:
    """Waivers that mattered to the pairs made and are missing from the claim, or did not."""
    missed, untrue = FindingKind.MISSED_WAIVER, FindingKind.FALSE_WAIVER
    yield from _codes(case, case.claim.waived, missed, untrue, lambda facts: facts.waived)


def _codes(
    case: Case,
    listed: tuple[tuple[str, str, str], ...] | None,
    missed: FindingKind,
    untrue: FindingKind,
    codes: Callable[[PairFacts], tuple[str, ...]],
) -> Iterator[Finding]:
    if listed is None:
        return
    pairs = case.outcome.pairs
    true = {(code, *pair) for pair in case.outcome.made.pairs for code in codes(pairs[pair])}
    for kind, differing, says in (
        (missed, true - set(listed), "is not listed"),
        (untrue, set(listed) - true, "is listed and is not so"),
    ):
        for code, *ids in sorted(differing):
            message = f"{shown_pair((ids[0], ids[1]))}: {shown_code(code)} {says}"
            item = (code, *ids)
            yield Finding(
                kind,
                tuple(ids),
                None if kind is missed else item,
                item if kind is missed else None,
                message,
            )


CHECKS: tuple[Check, ...] = (
    unknown_ids,
    repeated,
    illegal_pairs,
    forbidden_pairs,
    forced_pairs,
    hard_quotas,
    capacities,
    unmatched,
    scores,
    breakdowns,
    ranks,
    blocking,
    objectives,
    warnings,
    questions,
    waivers,
    size,
    required_stability,
    false_cut,
    false_prices,
)
"""Every check, in the order of the report."""
