"""Comparing: every strategy on every case with every seed, wherever it runs."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rmatch
from rmatch.audit import Audit, Finding, FindingKind
from rmatch.comparing import METRICS, Metric, Outcome, Run
from rmatch.comparing.cases import opened
from rmatch.errors import InputError, StrategyError
from rmatch.generating import cohorts, smti, smti_instances
from rmatch.instance import Instance, Quota
from rmatch.solving import strategy_names
from rmatch.testing import instances
from shown import in_full

SQUARE = Instance.from_scores([[90, 80], [80, 10]])
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = ("best_score", "greedy", "random")


@pytest.fixture
def example() -> Path:
    """A shipped cohort."""
    return rmatch.examples.path("east-of-england")


def keys(comparison: rmatch.Comparison) -> list[tuple[str, int, str]]:
    """Which runs there are."""
    return [(run.case, run.seed, run.strategy) for run in comparison.runs]


def by_name(comparison: rmatch.Comparison) -> dict[str, Run]:
    """The runs of one case with one seed."""
    return {run.strategy: run for run in comparison.runs}


# --------------------------------------------------------------------------------- what is compared


def test_every_strategy_is_compared_unless_some_are_named(example: Path) -> None:
    """Those of other packages too, by all metrics, and every matching is there to be looked at."""
    found = rmatch.compare(example)
    assert found.strategies == strategy_names()
    assert found.metrics == tuple(METRICS.values())
    assert (found.cases, found.seeds) == (("cohort",), (0,))
    assert list(found.matchings) == list(strategy_names())
    assert all(set(run.values) == set(METRICS) and run.points for run in found.runs)


def test_a_row_is_what_solving_gives(example: Path) -> None:
    """The same pairs as ``rmatch.solve``, and the values of its matching."""
    found = rmatch.compare(example, QUICK, seeds=(3,))
    for name in QUICK:
        alone = rmatch.solve(example, strategy=name, seed=3)
        run = by_name(found)[name]
        assert found.matchings[name].solution.chosen == alone.solution.chosen
        assert found.matchings[name].order == alone.order
        assert run.ended == alone.status
        assert run.values["pairs"] == len(alone.pairs)
        assert run.values["blocking_pairs"] == len(alone.blocking_pairs)
        assert run.values["total_score"] == alone.objectives["score"]


@pytest.mark.parametrize("kind", ["path", "text", "programme", "scores", "function"])
def test_a_cohort_may_be_given_as_anything(example: Path, kind: str) -> None:
    """A path, a programme, scores, or what makes one: the result is the same."""
    given: dict[str, Any] = {
        "path": example,
        "text": str(example),
        "programme": rmatch.load(example),
        "scores": rmatch.score(example),
        "function": partial(rmatch.load, example),
    }
    assert rmatch.compare(given[kind], QUICK) == rmatch.compare(example, QUICK)


def test_many_cases_keep_their_names_and_their_order() -> None:
    """A dict names them, a list counts them; matchings are kept for one case alone."""
    named = rmatch.compare({"b": SQUARE, "a": partial(smti, 3, 0.2, 0.2)}, QUICK[1:], seeds=(2, 1))
    assert keys(named) == [
        (case, seed, name) for case in ("b", "a") for seed in (2, 1) for name in QUICK[1:]
    ]
    assert (named.cases, named.seeds, dict(named.matchings)) == (("b", "a"), (2, 1), {})
    assert rmatch.compare([SQUARE, SQUARE], ["greedy"]).cases == ("1", "2")
    assert not any(run.points for run in named.runs)


def test_labels_stand_for_strategies_and_for_orders_of_objectives() -> None:
    """One strategy may be there under another name, beside an order of one's own."""
    found = rmatch.compare(SQUARE, {"plain": "greedy", "score first": ("score", "pairs")})
    assert found.strategies == ("plain", "score first")
    assert found.matchings["score first"].order == ("score", "pairs")
    assert by_name(found)["score first"].values["total_score"] == 160
    assert by_name(found)["plain"].values["total_score"] == 100


def test_the_settings_seed_is_used_where_none_is_named() -> None:
    """Generated cohorts have their own."""
    found = rmatch.compare(cohorts("pairs_14", 2, first_seed=5), ["greedy"], seeds=None)
    assert (found.seeds, [run.seed for run in found.runs]) == ((5, 6), [5, 6])


def test_metrics_can_be_chosen_and_brought() -> None:
    """By name, or a function of an outcome; what is not a number has no meaning."""
    mine = Metric("places", "Places", "All places.", "neither", "count", places)
    none = Metric("none", "None", "Nothing.", "neither", "index", lambda _: float("nan"))
    found = rmatch.compare(SQUARE, ["greedy"], metrics=["pairs", mine, none])
    assert found.runs[0].values == {"pairs": 2, "places": 4, "none": None}
    assert type(found.runs[0].values["places"]) is int


def places(outcome: Outcome) -> int:
    """A metric of somebody's own, which gives numpy's number."""
    value: int = outcome.instance.mentor_capacity.sum() + outcome.instance.mentee_capacity.sum()
    return value


@FEW
@given(instance=in_full(instances(max_side=3, max_capacity=2, constrained=True)))
def test_no_run_is_worth_more_than_the_best(instance: Instance) -> None:
    """Nothing is lost below 0; and either everybody finds a matching, or nobody does."""
    found = rmatch.compare(instance, ("best_score", "greedy", "random", "boston"))
    losses = [run.values["loss"] for run in found.runs if run.values]
    assert all(loss is None or 0 <= loss <= 1 for loss in losses)
    assert len({run.ended == "infeasible" for run in found.runs}) == 1


def test_the_best_score_may_have_fewer_pairs() -> None:
    """One pair of 90 beats two of 40 and 40, and that is what is lost."""
    instance = Instance.from_pairs(
        *([0, 0, 1], [0, 1, 0], [1, 2, 1], [1, 1, 2]),
        score=[90, 40, 40],
        mentor_capacity=[1, 1],
        mentee_capacity=[1, 1],
    )
    found = by_name(rmatch.compare(instance, ["best_score", "greedy"]))
    assert found["best_score"].values["loss"] == pytest.approx(1 / 9)
    assert found["greedy"].values["loss"] == 0


def test_without_time_the_best_score_is_not_known() -> None:
    """Where a quota has to be kept, and no matching that keeps it was found: nothing is claimed."""
    nobody = np.zeros(2, dtype=np.int64)
    quota = Quota("first", np.array([1, 0, 0, 0]), nobody, nobody, minimum=1)
    case = opened("it", SQUARE.replace(quotas=(quota,)))
    assert (case.best_score(0), case.best_score(None)) == (None, 100)


# --------------------------------------------------------------------------------- what goes wrong


def test_a_run_that_cannot_be_is_told_and_the_others_go_on() -> None:
    """Clashing statements: in the words that solving raises them with."""
    stated = SQUARE.replace(forced=[True, True, False, False])
    found = rmatch.compare({"clash": stated, "fine": SQUARE}, ["greedy"])
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.solve(stated, strategy="greedy")
    assert [(run.ended, run.note) for run in found.runs] == [
        ("infeasible", str(caught.value)),
        ("feasible", ""),
    ]
    assert found.runs[0].values == {}


def test_an_order_without_prices_fails_where_a_statement_has_one() -> None:
    """As ``rmatch.solve`` refuses it; a strategy looks at the price by itself."""
    nobody = np.zeros(2, dtype=np.int64)
    quota = Quota("no_first", np.array([1, 0, 0, 0]), nobody, nobody, maximum=0, price=5)
    stated = SQUARE.replace(quotas=(quota,))
    found = rmatch.compare(stated, {"mine": ("pairs", "score"), "best_score": "best_score"})
    runs = by_name(found)
    assert runs["mine"].ended == "failed"
    assert "do not name the level prices" in runs["mine"].note
    assert runs["best_score"].ended == "optimal"
    assert "prices" in found.matchings["best_score"].order


def test_a_solve_that_hits_the_limit_says_so(example: Path) -> None:
    """An order tells its open level, an algorithm that it was stopped; nothing claims a proof."""
    found = by_name(rmatch.compare(example, ["stable", "greedy"], time_limit=0))
    assert (found["stable"].ended, found["greedy"].ended) == ("feasible", "feasible")
    assert found["stable"].note == "the time was up before the level pairs was proved"
    assert found["greedy"].note == "stopped when the time was up"


def test_what_the_audit_contradicts_is_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong matching stops the comparison, and names strategy, case and seed."""
    finding = Finding(FindingKind.WRONG_SCORE, ("M0", "S0"), 1, 2, "M0 – S0 scores otherwise")
    monkeypatch.setattr(rmatch.Matching, "verify", lambda _: Audit(False, (finding,), ()))
    with pytest.raises(RuntimeError, match=r"greedy on cohort with seed 0 is wrong.*\n.*\n.*M0"):
        rmatch.compare(SQUARE, ["greedy"])


def test_a_broken_cohort_is_an_error_of_its_own(tmp_path: Path) -> None:
    """What cannot be loaded can be compared by nobody."""
    with pytest.raises(InputError):
        rmatch.compare(tmp_path / "nowhere.xlsx", ["greedy"])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"source": []}, ValueError, "nothing to compare on"),
        ({"source": 7}, TypeError, "or a function that makes one, not int"),
        ({"source": {"x": 7}}, TypeError, "case x: give a programme"),
        ({"source": {1: SQUARE}}, TypeError, "name of a case must be text"),
        ({"source": dict}, TypeError, "case cohort: give a programme"),
        ({"strategies": "greedy"}, TypeError, "must be a list of names or a dict"),
        ({"strategies": []}, ValueError, "no strategy was given"),
        ({"strategies": ["magic"]}, ValueError, "unknown strategy 'magic'"),
        ({"strategies": ["greedy", "greedy"]}, ValueError, "named twice: greedy"),
        ({"strategies": {"": "greedy"}}, TypeError, "name of a strategy must be text"),
        ({"strategies": {"mine": ("love",)}}, ValueError, "unknown objective 'love'"),
        ({"strategies": ["by_hand"]}, StrategyError, r"rmatch.compare\(cohort, by_hand=pairs\)"),
        ({"strategies": {"stable": ("score",)}}, ValueError, "'stable' is the name of a strategy"),
        ({"strategies": {"by_hand": "greedy"}}, ValueError, "'by_hand' is the name of a strategy"),
        ({"by_hand": 5}, TypeError, "pairs is a list of pairs"),
        ({"by_hand": {"M0": "S0"}}, TypeError, "of a dict give its .items"),
        ({"metrics": [replace(METRICS["pairs"], name="note")]}, ValueError, "note"),
        ({"seeds": 3}, TypeError, r"write \(3,\)"),
        ({"seeds": ()}, ValueError, "at least one seed"),
        ({"seeds": (1, 1)}, ValueError, "each once"),
        ({"seeds": (-1,)}, ValueError, "integers from 0"),
        ({"seeds": (True,)}, ValueError, "integers from 0"),
        ({"metrics": "pairs"}, TypeError, "must be a list"),
        ({"metrics": ["joy"]}, ValueError, "unknown metric 'joy'; known are pairs, unmatched"),
        ({"metrics": ["pairs", "pairs"]}, ValueError, "each once"),
        ({"metrics": [7]}, TypeError, "not int"),
        ({"time_limit": -1}, ValueError, "time_limit"),
        ({"source": [SQUARE, SQUARE], "by_hand": []}, ValueError, "those of one cohort"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    """Before anything is solved, and it is said what would."""
    given: dict[str, Any] = {"source": SQUARE, "strategies": ["greedy"], **arguments}
    with pytest.raises(error, match=message):
        rmatch.compare(given.pop("source"), given.pop("strategies"), **given)


# -------------------------------------------------------------------------------------- wherever


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Two processes."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


def written(comparison: rmatch.Comparison) -> bytes:
    """A comparison to the byte, its seconds apart."""
    runs = [replace(run, seconds=None) for run in comparison.runs]
    return b"\n".join(pickle.dumps(pickle.loads(pickle.dumps(run))) for run in runs)  # noqa: S301


def test_processes_give_the_same_to_the_byte(processes: ProcessPoolExecutor) -> None:
    """Workers make their own cohorts, and nothing but time differs; so do threads."""
    sources = {**cohorts("pairs_14", 3), **smti_instances(8, 0.4, 0.3, 2)}
    names = ("stable", "greedy", "random", "boston")
    alone = rmatch.compare(sources, names, seeds=(0, 4))
    spread = rmatch.compare(sources, names, seeds=(0, 4), executor=processes)
    with ThreadPoolExecutor(2) as threads:
        threaded = rmatch.compare(sources, names, seeds=(0, 4), executor=threads)
    assert written(spread) == written(alone) == written(threaded)
    assert spread == alone == threaded


def test_matchings_come_back_from_another_process(
    example: Path, processes: ProcessPoolExecutor
) -> None:
    """Whole, so that they can be explained and saved."""
    found = rmatch.compare(example, ["greedy"], executor=processes).matchings["greedy"]
    alone = rmatch.solve(example, strategy="greedy")
    assert (found.pairs, found.programme) == (alone.pairs, alone.programme)


def die() -> Instance:
    """A cohort that ends whoever opens it."""
    os._exit(3)


def test_a_cohort_that_ends_its_worker_is_told_and_the_others_go_on() -> None:
    """Its runs failed, and say so; what was lost with it is done again."""
    sources: dict[str, Any] = {"fine": SQUARE, "deadly": die, "also fine": SQUARE}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = rmatch.compare(sources, ["greedy"], executor=pool)
    assert [run.ended for run in found.runs] == ["feasible", "failed", "feasible"]
    assert found.runs[0].values == found.runs[2].values
    assert "process" in found.runs[1].note


def test_progress_counts_runs() -> None:
    """Run by run here, case by case elsewhere, up to all of them."""
    seen: list[Any] = []
    names = ("greedy", "boston")
    rmatch.compare([SQUARE, SQUARE], names, seeds=(0, 1), progress=seen.append)
    done = [step.done for step in seen]
    assert done == sorted(done)
    assert set(done) == set(range(1, 9))
    assert {(step.task, step.of) for step in seen} == {("runs", 8)}
    seen.clear()
    with ThreadPoolExecutor(1) as threads:
        rmatch.compare([SQUARE, SQUARE], names, executor=threads, progress=seen.append)
    assert seen[-1].done == seen[-1].of == 4


def test_whoever_stops_it_gets_what_is_done() -> None:
    """The rest is not run, also in the middle of a case, and a notice counts it."""
    cancel = threading.Event()

    def stop(step: Any) -> None:
        if step.done >= 3:
            cancel.set()

    found = rmatch.compare(
        [SQUARE, SQUARE, SQUARE], ("greedy", "boston"), progress=stop, cancel=cancel
    )
    assert [run.ended for run in found.runs] == ["feasible"] * 3 + ["not run"] * 3
    assert {run.note for run in found.runs[3:]} == {"stopped before it began"}
    assert found.notices == ("3 of 6 runs were not begun: it was stopped",)


# ------------------------------------------------------------------------------------------ by hand


def test_pairs_made_by_hand_are_a_strategy(example: Path) -> None:
    """The same pairs as handed in, audited and measured like any other, after the others."""
    pairs = [(pair.mentor, pair.mentee) for pair in rmatch.solve(example).pairs]
    found = rmatch.compare(example, ["stable", "greedy"], by_hand=iter(pairs))
    runs = by_name(found)
    assert found.strategies == ("stable", "greedy", "by_hand")
    assert runs["by_hand"].values == runs["stable"].values
    assert (runs["by_hand"].ended, runs["by_hand"].note) == ("feasible", "")
    assert found.matchings["by_hand"].verify().ok


def test_pairs_made_by_hand_are_read_from_a_table(example: Path, tmp_path: Path) -> None:
    """By the reader of edited pairs, and wherever ``by_hand`` is named it stands there."""
    table = tmp_path / "pairs.csv"
    pair = rmatch.solve(example).pairs[0]
    table.write_text(f"Mentor,Mentee\n{pair.mentor},{pair.mentee}\n", encoding="utf-8")
    found = rmatch.compare(example, ["by_hand", "greedy"], by_hand=table)
    assert found.strategies == ("by_hand", "greedy")
    made = found.matchings["by_hand"].pairs
    assert [(one.mentor, one.mentee) for one in made] == [(pair.mentor, pair.mentee)]


def test_pairs_that_cannot_be_are_left_out_and_named() -> None:
    """By id: not allowed, masked where it is confidential, or no place left."""
    programme = rmatch.Programme(
        mentors=[{"id": "M1", "vetoes": ["S2"]}, {"id": "M2"}, {"id": "M3"}],
        mentees=[{"id": "S1"}, {"id": "S2"}, {"id": "S3"}],
        conflicts=[{"mentor": "M3", "mentee": "S3", "rule": "line_manager"}],
        settings=rmatch.Settings(must_not_pair=[("M2", "S3")]),
    )
    made = [("M1", "S1"), ("M1", "S2"), ("M2", "S1"), ("M2", "S3"), ("M3", "S3")]
    found = by_name(rmatch.compare(programme, ["greedy"], by_hand=made))["by_hand"]
    assert found.values["pairs"] == 1
    assert found.note.startswith("left out: M1 S2 (confidential), M2 S1 (no place left), ")
    assert "M2 S3 (stated: not to be paired)" in found.note
    assert "veto" not in found.note


def test_what_is_stated_is_kept_though_the_hand_did_not() -> None:
    """A pair that must be made is made, and the note says that the hand did not make it."""
    stated = SQUARE.replace(forced=[False, True, False, False])
    run = rmatch.compare(stated, ["by_hand"], by_hand=[("M0", "S0"), ("M1", "S1")]).runs[0]
    assert run.values["pairs"] == 1
    assert run.note == (
        "left out: M0 S0 (no place left), M1 S1 (no place left); "
        "added to keep what is stated: M0 S1"
    )


def test_a_pair_that_an_instance_does_not_have_is_not_acceptable() -> None:
    """Where there are no people, nothing else can be said of it."""
    instance = Instance.from_scores([[1, 2]], acceptable=[[True, False]])
    run = rmatch.compare(instance, ["by_hand"], by_hand=[("M0", "S1")]).runs[0]
    assert (run.values["pairs"], run.note) == (0, "left out: M0 S1 (not acceptable)")


def test_a_repair_of_what_the_hand_made_is_said() -> None:
    """A quota that the hand did not keep costs a pair, by id."""
    nobody = np.zeros(2, dtype=np.int64)
    quota = Quota("no_first", np.array([1, 0, 0, 0]), nobody, nobody, maximum=0)
    run = rmatch.compare(
        SQUARE.replace(quotas=(quota,)), ["by_hand"], by_hand=[("M0", "S0"), ("M1", "S1")]
    ).runs[0]
    assert run.values["pairs"] == 1
    assert run.note == "repaired to keep what is stated; left out: M0 S0 (to keep what is stated)"


def test_pairs_for_which_there_was_no_time_are_not_said_to_lack_a_place() -> None:
    """Stopped before the first pair, everybody has a place still."""
    run = rmatch.compare(SQUARE, ["by_hand"], by_hand=[("M0", "S0")], time_limit=0).runs[0]
    assert run.values["pairs"] == 0
    assert run.note == ("stopped when the time was up; left out: M0 S0 (no place or no time left)")


def test_pairs_of_nobody_are_refused() -> None:
    """Every mistake at once, as for edited pairs."""
    with pytest.raises(InputError) as caught:
        rmatch.compare(SQUARE, ["greedy"], by_hand=[("M0", "S9"), ("M0", "M1")])
    assert len(caught.value.problems) == 2


@FEW
@given(
    instance=in_full(instances(max_side=3, max_capacity=2)),
    picked=st.sets(st.integers(0, 8)),
)
def test_allowed_pairs_stay_as_the_hand_made_them(instance: Instance, picked: set[int]) -> None:
    """Nothing is added, nobody is over their places, and what fits is all kept."""
    ids = instance.mentor_ids, instance.mentee_ids
    ends = [
        (ids[0][instance.mentor[k]], ids[1][instance.mentee[k]])
        for k in sorted(picked)
        if k < instance.n_pairs
    ]
    found = rmatch.compare(instance, ["by_hand"], by_hand=ends)
    made = [(pair.mentor, pair.mentee) for pair in found.matchings["by_hand"].pairs]
    assert set(made) <= set(ends)
    kept = found.runs[0].note == ""
    assert kept == (len(made) == len(ends))
