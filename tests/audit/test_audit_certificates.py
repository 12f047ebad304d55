"""Certificates: there where they are promised, right, and faulted where they prove nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from audit_instances import SEED, audited, claim_for, some_matching
from hypothesis import assume, given
from hypothesis import strategies as st

import brute_force
import rmatch
from brute_force import WANTED, Problem
from fuzzing import fuzzed
from rmatch.audit import Claim, ClaimedPrices, FindingKind
from rmatch.certificate import Certificate
from rmatch.errors import InfeasibleError
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.testing import instances

Kind = FindingKind
FALSE = {Kind.FALSE_CUT, Kind.FALSE_PRICES}
BEST_SCORE = ("pairs", "people", "priority", "score", "tie_break")
SUMS = (
    *(("score",), ("score", "pairs"), ("pairs", "score"), ("priority", "pairs"), BEST_SCORE),
    *(("people", "score"), ("warnings", "pairs", "egalitarian"), ("egalitarian", "tie_break")),
    *(("priority", "people", "warnings", "score"), ("tie_break", "pairs")),
    *(("pairs", "people", "priority", "changes", "score"), ("changes", "pairs", "tie_break")),
)
ORDERS = (
    *SUMS,
    ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break"),
    ("stability", "pairs", "people", "score"),
    ("pairs", "min_regret", "score"),
    ("rank_maximal", "pairs"),
)
PLAIN = st.one_of(
    instances(max_side=4, max_capacity=3), instances(max_side=5, max_capacity=1, max_score=5)
)


def stated(*, quotas: bool) -> st.SearchStrategy[Instance]:
    """With pairs that must be made, mostly few enough to fit."""
    constrained = instances(max_side=4, constrained=True)
    return constrained if quotas else constrained.map(lambda instance: instance.replace(quotas=()))


def solved(instance: Instance, order: tuple[str, ...], seed: int = 0) -> Matching:
    """The matching, where there is one; prices that are stated are looked at last."""
    if any(quota.price is not None for quota in instance.quotas):
        order = (*order, "prices")
    try:
        return rmatch.solve(instance, objectives=order, seed=seed)
    except InfeasibleError:
        assume(False)
        raise


def with_certificate(matching: Matching, certificate: Certificate) -> Matching:
    return replace(matching, solution=replace(matching.solution, certificate=certificate))


def faults(matching: Matching) -> set[FindingKind]:
    return {finding.kind for finding in matching.verify().findings}


# -------------------------------------------------------------------------------- right and there


@fuzzed
@given(
    instance=st.one_of(PLAIN, stated(quotas=False)),
    order=st.sampled_from(SUMS),
    seed=st.integers(0, 3),
)
def test_orders_of_sums_are_proved_to_their_end(
    instance: Instance, order: tuple[str, ...], seed: int
) -> None:
    """Prices for every level, and none is left for anybody to believe."""
    matching = solved(instance, order, seed)
    prices = matching.solution.certificate.prices
    assert prices is not None
    assert prices.levels == order
    verdict = matching.verify()
    assert verdict.ok
    assert not any("reported, not checked" in note for note in verdict.notes)
    assert {level.proof for level in matching.solution.levels} <= {"cut", "prices", "floor"}


@fuzzed
@given(
    instance=st.one_of(PLAIN, stated(quotas=True)),
    order=st.sampled_from(ORDERS),
    seed=st.integers(0, 3),
)
def test_every_certificate_holds(instance: Instance, order: tuple[str, ...], seed: int) -> None:
    """Whatever is stated and however the levels were settled; a level has the proof it names."""
    matching = solved(instance, order, seed)
    solution, order = matching.solution, matching.order
    verdict = matching.verify()
    assert verdict.ok, verdict
    priced = () if solution.certificate.prices is None else solution.certificate.prices.levels
    hard = any(quota.price is None for quota in instance.quotas)
    if order[0] == "pairs" and not hard:
        assert solution.levels[0].proof == "cut"
    if not hard:
        leading = itertools.takewhile(lambda name: name in BEST_SCORE, order)
        assert priced[: len(names := tuple(leading))] == names
    told = "".join(note for note in verdict.notes if note.startswith("checked to be best"))
    for level in solution.levels:
        checked = level.proof in ("cut", "prices", "counted", "floor")
        assert checked is (f"{level.name} (" in told), (level, told)
        if level.proof == "prices":
            assert level.name in priced


@given(instance=PLAIN, order=st.sampled_from(ORDERS))
def test_a_missing_certificate_is_no_fault(instance: Instance, order: tuple[str, ...]) -> None:
    """It claims nothing."""
    assert with_certificate(solved(instance, order), Certificate()).verify().ok


# ------------------------------------------------------------------------------ none that is false


def changed(claim: Claim, person: str, at: int, by: int) -> Claim:
    """The claim with one price changed."""
    assert claim.prices is not None
    vector = list(claim.prices.of[person])
    vector[at] += by
    of = {**claim.prices.of, person: tuple(vector)}
    return replace(claim, prices=ClaimedPrices(claim.prices.levels, of))


def claim_of(matching: Matching, problem: Problem, made: brute_force.Matching) -> Claim:
    """The claim of some pairs, with the certificate of a matching that was solved."""
    solution, instance = matching.solution, matching.instance
    cut, prices = solution.certificate.cut, solution.certificate.prices
    people = (*instance.mentor_ids, *instance.mentee_ids)
    covered = cut and (
        *(instance.mentor_ids[i] for i in cut.mentors),
        *(instance.mentee_ids[j] for j in cut.mentees),
    )
    of = prices and dict(zip(people, (*prices.mentors, *prices.mentees), strict=True))
    return replace(
        claim_for(problem, made),
        order=matching.order,
        cut=covered,
        prices=None if prices is None or of is None else ClaimedPrices(prices.levels, of),
    )


def pairs_of(matching: Matching) -> brute_force.Matching:
    instance = matching.instance
    chosen = list(matching.solution.chosen)
    return tuple(
        zip(instance.mentor[chosen].tolist(), instance.mentee[chosen].tolist(), strict=True)
    )


@fuzzed
@given(
    instance=st.one_of(PLAIN, stated(quotas=False)),
    order=st.sampled_from(SUMS),
    number=st.integers(0, 999),
    own=st.booleans(),
    change=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(-3, 3)),
)
def test_prices_that_are_not_faulted_prove_what_they_say(
    instance: Instance,
    order: tuple[str, ...],
    number: int,
    own: bool,
    change: tuple[int, int, int],
) -> None:
    """Any matching with any prices: either they are faulted, or no matching is better."""
    problem = Problem(instance, SEED)
    matching = solved(instance, order, SEED)
    made = pairs_of(matching) if own else some_matching(problem, number)
    claim = claim_of(matching, problem, made)
    people = (*instance.mentor_ids, *instance.mentee_ids)
    if people:
        claim = changed(claim, people[change[0] % len(people)], change[1] % len(order), change[2])
    found = {finding.kind for finding in audited(instance, claim).findings}
    if found & {Kind.FALSE_PRICES, Kind.FORCED_PAIR_MISSING}:
        return
    answer = brute_force.best(instance, order, SEED)
    assert answer is not None
    assert answer.levels == {name: WANTED[name][0](problem, made) for name in order}


@fuzzed
@given(
    instance=st.one_of(PLAIN, stated(quotas=False)),
    number=st.integers(0, 999),
    own=st.booleans(),
    flipped=st.sets(st.integers(0, 9), max_size=1),
)
def test_a_cut_that_is_not_faulted_proves_that_no_more_pairs_are_possible(
    instance: Instance, number: int, own: bool, flipped: set[int]
) -> None:
    """Any matching, and any people covered."""
    problem = Problem(instance, SEED)
    matching = solved(instance, ("pairs",), SEED)
    made = pairs_of(matching) if own else some_matching(problem, number)
    claim = claim_of(matching, problem, made)
    assert claim.cut is not None
    people = (*instance.mentor_ids, *instance.mentee_ids)
    other = {people[k % len(people)] for k in flipped if people}
    claim = replace(claim, cut=tuple(set(claim.cut) ^ other))
    found = {finding.kind for finding in audited(instance, claim).findings}
    if found & {Kind.FALSE_CUT, Kind.FORCED_PAIR_MISSING}:
        return
    assert len(made) == max(map(len, brute_force.matchings(problem)))


@fuzzed
@given(instance=PLAIN, order=st.sampled_from(SUMS), number=st.integers(0, 999))
def test_the_certificate_of_the_better_faults_the_worse(
    instance: Instance, order: tuple[str, ...], number: int
) -> None:
    """A matching that is worse at some level cannot borrow the proof, even if it claims its own."""
    problem = Problem(instance, SEED)
    matching = solved(instance, order, SEED)
    made = some_matching(problem, number)
    worse = {name: WANTED[name][0](problem, made) for name in order} != dict(
        matching.solution.objectives
    )
    kinds = {f.kind for f in audited(instance, claim_of(matching, problem, made)).findings}
    assert (Kind.FALSE_PRICES in kinds) is worse
    if "pairs" in order and matching.solution.certificate.cut is not None:
        fewer = len(made) < len(matching.solution.chosen)
        assert (Kind.FALSE_CUT in kinds) is fewer


# ---------------------------------------------------------------------------------------- by hand

# M0 and M1 want S0 alone, M2 anybody: two pairs at most, through S0 and M2. The best is 7 + 5.
THREE = Instance.from_scores([[4, 0, 0], [7, 0, 0], [9, 5, 2]], [[1, 0, 0], [1, 0, 0], [1, 1, 1]])


@pytest.fixture
def three() -> Matching:
    return rmatch.solve(THREE, objectives=("pairs", "score"))


def test_the_certificates_by_hand(three: Matching) -> None:
    cut = three.solution.certificate.cut
    assert cut is not None
    assert (cut.mentors, cut.mentees) == ((2,), (0,))
    assert three.verify().notes[1:] == (
        "checked to be best, without a solver: pairs (minimum cut), score (prices)",
    )
    by_hand = ClaimedPrices(
        ("pairs", "score"),
        {"M0": (0, 0), "M1": (0, 0), "M2": (1, 5)} | {"S0": (1, 7), "S1": (0, 0), "S2": (0, 0)},
    )
    problem = Problem(THREE, 0)
    claim = claim_of(three, problem, ((1, 0), (2, 1)))
    assert audited(THREE, replace(claim, prices=by_hand)).ok


def faulted(claim: Claim) -> Iterator[str]:
    return (str(finding) for finding in audited(THREE, claim).findings)


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (("S0",), "it allows 3 pairs and 2 are made, so it proves nothing"),
        (("M2", "S0", "S1"), "it allows 3 pairs and 2 are made, so it proves nothing"),
        ((), "it allows 5 pairs and 2 are made, so it proves nothing"),
        (("M2", "S0", "S9"), "it proves nothing: S9 is not in this programme"),
    ],
)
def test_a_false_cut_is_named(three: Matching, cut: tuple[str, ...], says: str) -> None:
    """A covered person taken away, one too many, a stranger."""
    claim = replace(claim_of(three, Problem(THREE, 0), pairs_of(three)), cut=cut)
    assert list(faulted(claim)) == [f"false cut: {says}"]


@pytest.mark.parametrize(
    ("person", "vector", "says"),
    [
        ("M2", (1, 1), "at score they leave 1 between them and the pairs made"),
        ("M2", (1, 6), "at score they leave 1 between them and the pairs made"),
        ("S0", (0, 7), "at pairs they leave 1 between them and the pairs made"),
        ("S2", (0, 3), "at score they leave 3 between them and the pairs made"),
        ("M2", (1,), "not everybody has one for every level"),
        ("S9", (0, 0), "not everybody has one, or somebody who is not in this programme has"),
    ],
)
def test_false_prices_are_named(
    three: Matching, person: str, vector: tuple[int, ...], says: str
) -> None:
    of = {"M0": (0, 0), "M1": (0, 0), "M2": (1, 5), "S0": (1, 7), "S1": (0, 0), "S2": (0, 0)}
    prices = ClaimedPrices(("pairs", "score"), {**of, person: vector})
    claim = replace(claim_of(three, Problem(THREE, 0), pairs_of(three)), prices=prices)
    assert list(faulted(claim)) == [f"false prices: they prove nothing: {says}"]


@pytest.mark.parametrize("levels", [("score", "pairs"), ("pairs", "pairs"), ("joy", "score"), ()])
def test_prices_of_other_levels_are_named(three: Matching, levels: tuple[str, ...]) -> None:
    claim = claim_of(three, Problem(THREE, 0), pairs_of(three))
    assert claim.prices is not None
    claim = replace(claim, prices=replace(claim.prices, levels=levels))
    says = "they prove nothing: the levels are not those claimed, in their order"
    assert list(faulted(claim)) == [f"false prices: {says}"]


def test_prices_cannot_prove_a_level_that_is_no_sum() -> None:
    matching = rmatch.solve(THREE, objectives=("pairs", "min_regret"))
    claim = claim_of(matching, Problem(THREE, 0), pairs_of(matching))
    assert claim.prices is not None
    of = {person: (*vector, 0) for person, vector in claim.prices.of.items()}
    claim = replace(claim, prices=ClaimedPrices(("pairs", "min_regret"), of))
    says = "they prove nothing: prices cannot prove all of these levels"
    assert list(faulted(claim)) == [f"false prices: {says}"]


def test_prices_of_a_draw_without_its_seed_are_not_checked() -> None:
    matching = rmatch.solve(THREE, objectives=("pairs", "tie_break"))
    claim = claim_of(matching, Problem(THREE, 0), pairs_of(matching))
    verdict = audited(THREE, replace(claim, tie_break_seed=None, optimal=True))
    assert verdict.ok
    assert verdict.notes[-1] == "that these levels are optimal is reported, not checked: tie_break"
