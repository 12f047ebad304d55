"""The benchmarks work, draw the same instances everywhere, and catch a peer that disagrees."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import cohorts
import formulation
import generators
import peers
import protocol
import rmatch
import run_all
import tables
from rmatch import Instance, Solution
from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS
from rmatch.properties.stability import blocking_pairs
from rmatch.solving import solve

# ------------------------------------------------------------------------------------------ scripts


@pytest.mark.parametrize("name", run_all.REGISTRY)
def test_smoke(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every benchmark runs at tiny sizes, agrees with its peers and keeps nothing."""
    before = {path: path.stat().st_mtime_ns for path in protocol.RESULTS.iterdir()}
    run_all.main([name, "--smoke"])
    assert "nothing kept" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in protocol.RESULTS.iterdir()}


def test_every_script_is_registered() -> None:
    """A new script is run by ``make bench`` and tested by being registered."""
    scripts = {
        path.stem
        for path in Path(run_all.__file__).parent.glob("*.py")
        if "options_of(" in (text := path.read_text("utf-8")) or "Benchmark(\n" in text
    }
    assert scripts - {"protocol", "comparison"} == set(run_all.REGISTRY)


def test_an_unknown_name_says_which_are_known() -> None:
    """A slip of the pen runs nothing."""
    with pytest.raises(SystemExit, match="known are default_solve"):
        run_all.main(["smtp"])


def test_the_protocol_is_ten_seeds_by_default() -> None:
    """Without arguments every class runs on ten seeds, three of them by the peers."""
    options = protocol.options_of([], "", ("100",), ("14",))
    assert options == protocol.Options(("100",), 10, 3, 60.0, 120.0, smoke=False)
    few = protocol.options_of(["50", "--seeds", "2"], "", ("100",), ("14",))
    assert (few.labels, few.seeds, few.cap) == (("50",), 2, 60.0)


# --------------------------------------------------------------------------------------- generators

DIGESTS: dict[str, tuple[Callable[[], Instance], str]] = {
    "smti": (lambda: generators.smti(30, 0.5, 0.5, 3), "6e81f1efb1e811b4"),
    "sparse": (lambda: generators.sparse(200, 1_000, 0.5, 3), "9d6818f11dcb97da"),
    "strict": (lambda: generators.strict(20, 3), "2298ddf312b91682"),
    "hrt": (lambda: generators.hrt(60, 8, 0.2, 3), "52a80ed11a2b9a30"),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_instances_are_the_same_on_every_machine(name: str) -> None:
    """What a seed draws never changes, or figures of two versions would not compare."""
    make, expected = DIGESTS[name]
    instance = make()
    state = hashlib.sha256()
    for array in (*PAIR_ARRAYS, *PERSON_ARRAYS):
        if array in ("forced", "standing"):
            continue  # nothing is: a statement is no part of what is drawn
        state.update(np.ascontiguousarray(getattr(instance, array), dtype="<i8").tobytes())
    assert state.hexdigest()[:16] == expected


def test_smti_leaves_nobody_without_a_list() -> None:
    """Gent and Prosser draw again where somebody's list is empty."""
    for seed in generators.SEEDS:
        instance = generators.smti(8, 0.7, 0.5, seed)
        assert set(instance.mentor) == set(instance.mentee) == set(range(8))


def test_tie_density_runs_from_strict_to_indifferent() -> None:
    """Without ties ranks count up; with nothing but ties everybody is first."""
    strict = generators.smti(12, 0.2, 0.0, 0)
    for person in range(12):
        ranks = strict.mentor_rank[strict.mentor == person]
        assert sorted(ranks) == list(range(1, len(ranks) + 1))
    assert set(generators.smti(12, 0.2, 1.0, 0).mentee_rank) == {1}


def test_hospitals_have_as_many_places_as_there_are_residents() -> None:
    """Nobody is left out for want of places."""
    instance = generators.hrt(seed=0)
    assert (instance.n_mentors, instance.n_mentees) == (760, 53)
    assert instance.mentee_capacity.sum() == 760
    assert set(np.bincount(instance.mentor)) == {generators.LIST_LENGTH}


# -------------------------------------------------------------------------------------------- peers


@pytest.fixture
def solved() -> tuple[Instance, Solution]:
    """A cohort whose best-score stable matching is proved."""
    instance = rmatch.score(cohorts.mentoring_like(8, 0)).instance
    return instance, solve(instance, ("pairs", "stability", "score"))


def lying(solution: Solution, value: int) -> Solution:
    """The solution with another value and bound at its last level."""
    *before, last = solution.levels
    lie = dataclasses.replace(last, value=value, bound=value)
    return dataclasses.replace(solution, levels=(*before, lie))


@pytest.mark.parametrize("peer", peers.PEERS)
@pytest.mark.parametrize("change", [-1, 1])
def test_a_peer_that_disagrees_stops_the_run(
    solved: tuple[Instance, Solution], peer: str, change: int
) -> None:
    """A value that is one off is caught, whichever of the two is better."""
    instance, solution = solved
    question = formulation.question_of(instance, solution)
    answer = peers.ask(peer, question, 10.0)
    assert answer.status == "optimal"
    peers.check(peer, question, answer, solution)
    with pytest.raises(peers.DisagreementError, match=peer):
        peers.check(peer, question, answer, lying(solution, solution.levels[-1].value + change))


def test_a_matching_that_breaks_what_is_held_stops_the_run(
    solved: tuple[Instance, Solution],
) -> None:
    """The empty matching is stable for nobody."""
    instance, solution = solved
    question = formulation.question_of(instance, solution)
    with pytest.raises(peers.DisagreementError, match="breaks what is held"):
        peers.check("nobody", question, peers.PeerAnswer("feasible", [], 0.1), solution)


def test_an_optimum_that_rmatch_left_open_is_no_contradiction(
    solved: tuple[Instance, Solution],
) -> None:
    """At its time limit rmatch may hold less than a peer proves, within its own bound."""
    instance, solution = solved
    question = formulation.question_of(instance, solution)
    *before, last = solution.levels
    short = dataclasses.replace(last, value=last.value - 1, bound=last.value + 1)
    stopped = dataclasses.replace(solution, levels=(*before, short))
    peers.check("cpsat", question, peers.ask("cpsat", question, 10.0), stopped)


def test_a_model_that_would_not_fit_is_not_built(
    solved: tuple[Instance, Solution], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table says so instead of a machine out of memory."""
    monkeypatch.setattr(peers, "MAX_TERMS", 10)
    assert peers.ask("cpsat", formulation.question_of(*solved), 1.0).status == "too large"


def test_blocking_pairs_are_counted_alike() -> None:
    """The benchmarks' own count is that of rmatch, with ties and several places."""
    instance = generators.hrt(40, 6, 0.3, 0)
    draw = np.random.RandomState(0)
    for _ in range(50):
        order = draw.permutation(instance.n_pairs)
        chosen = np.array([e for k, e in enumerate(order) if k % 9 == 0], dtype=np.int64)
        _, first = np.unique(instance.mentor[chosen], return_index=True)
        chosen = chosen[first]
        assert np.array_equal(
            formulation.blocking(instance, chosen), blocking_pairs(instance, chosen)
        )


def test_free_places_count_one_after_the_last_rank() -> None:
    """The least sum of ranks: two people alone with one choice each cost 2 + 2, together 1 + 1."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    assert formulation.value("egalitarian", instance, np.zeros(0, dtype=np.int64)) == 4
    assert formulation.value("egalitarian", instance, np.zeros(1, dtype=np.int64)) == 2


def test_the_peers_agree_on_the_least_sum_of_ranks() -> None:
    """Given the largest size and stability, with unequal places and people left over."""
    instance = generators.hrt(20, 4, 0.3, 0)
    largest = solve(instance, ("stability", "pairs")).objectives
    question = formulation.Question(instance, "egalitarian", largest)
    answers = [peers.ask(peer, question, 10.0) for peer in peers.PEERS]
    assert [answer.status for answer in answers] == ["optimal", "optimal"]
    assert len({answer.value(question) for answer in answers}) == 1


# -------------------------------------------------------------------------------------------- table


def row(seconds: float, status: str, peer_seconds: float, peer_status: str) -> tables.Row:
    """A row of a class with one peer that was asked."""
    return {
        "class": "tiny",
        "level": "score",
        "value": 90,
        "bound": 90 if status == "optimal" else 100,
        "status": status,
        "seconds": seconds,
        "cpsat_status": peer_status,
        "cpsat_value": 90 if peer_status == "optimal" else 95,
        "cpsat_seconds": peer_seconds,
        "highs_status": "",
        "highs_value": "",
        "highs_seconds": "",
    }


def shown(*rows: tables.Row) -> str:
    """The table of some rows."""
    return "\n".join(tables.table(rows, protocol.Options(("tiny",), cap=60.0)))


def test_a_capped_peer_is_shown_as_longer_than_the_cap() -> None:
    """Its ratio is a lower bound, and says so."""
    text = shown(row(0.5, "optimal", 60.0, "feasible"))
    assert ">60" in text
    assert ">120.0" in text
    assert "cpsat is capped on 1 of 1" in text


def test_what_rmatch_leaves_open_is_in_a_footnote() -> None:
    """With the gap, with whoever did better, and without a ratio that flatters."""
    text = shown(row(120.0, "feasible", 10.0, "optimal"), row(1.0, "optimal", 2.0, "optimal"))
    assert "90 (bound 100, gap 11.11 %)" in text
    assert "cpsat proves what rmatch leaves open" in text
    assert "cpsat is faster on 1 of 2" in text
    assert "1/2" in text
    assert "has a better matching" in shown(row(120.0, "feasible", 60.0, "feasible"))


def test_a_seed_far_worse_than_the_median_is_in_a_footnote() -> None:
    """The median alone would hide it."""
    rows = [row(seconds, "optimal", 9.0, "optimal") for seconds in (1.0, 1.0, 8.0)]
    assert "the worst seed takes 8 times the median" in shown(*rows)
