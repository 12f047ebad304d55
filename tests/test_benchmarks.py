"""The benchmarks work, draw the same instances everywhere, and catch a peer that disagrees."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import checks
import cohorts
import contenders
import environments
import formulation
import generators
import growth
import intervals
import peers
import problems
import protocol
import quality
import quality_plots
import quality_tables
import rmatch
import run_all
import scale
import scale_plots
import scale_tables
import sessions
import speed
import speed_plots
import speed_tables
import speed_tasks
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


def test_the_quick_run_is_of_registered_benchmarks() -> None:
    """``make bench-quick`` compares with peers in one seed and short caps."""
    assert set(run_all.QUICK) <= set(run_all.REGISTRY)
    quick = protocol.options_of(["--quick"], "", ("100",), ("14",))
    assert (quick.seeds, quick.peer_seeds, quick.cap) == (1, 1, protocol.QUICK_CAP)


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


# ------------------------------------------------------------------------- peers in other processes


def smallest(kind: str) -> problems.Posed:
    """A tiny problem of a kind."""
    programme = cohorts.mentoring_like(5, 0)
    instance = rmatch.score(programme).instance
    return {
        "assignment": lambda: problems.assignment(instance),
        "marriage": lambda: problems.marriage(generators.strict(5, 0)),
        "ties": lambda: problems.ties(generators.smti(5, 0.2, 0.3, 0)),
        "hospital": lambda: problems.hospital(instance),
        "people": lambda: problems.people(programme, instance),
    }[kind]()


def asked(
    contender: contenders.Contender, posed: problems.Posed, cap: float = 20.0
) -> sessions.Reply:
    """The answer of a contender in its own process."""
    with sessions.Session(contender, posed.problem, cap, make=False) as session:
        return session.run()


@functools.cache
def ours(kind: str) -> sessions.Reply:
    """What rmatch answers to the tiny problem of a kind."""
    return asked(contenders.OURS, smallest(kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [(one.name, kind) for one in contenders.CONTENDERS.values() for kind in one.tasks],
)
def test_every_peer_answers_every_kind_of_problem(name: str, kind: str) -> None:
    """Its answer is legal and what it claims; without its environment it is skipped, with why."""
    contender = contenders.CONTENDERS[name]
    reason = contender.environment(make=False).reason
    if reason:
        pytest.skip(f"{name}: {reason}")
    posed = smallest(kind)
    reply = asked(contender, posed)
    assert (reply.status, reply.note) == ("answered", "")
    if kind == "hospital":
        assert checks.counted(posed, reply)[2] == 0
    else:
        assert checks.findings(posed, name, reply, ours(kind)) == []


def test_every_peer_has_a_runner_and_every_pin_a_peer() -> None:
    """No requirements file and no runner is left over, and none is missing."""
    everybody = {contenders.OURS.name, *contenders.CONTENDERS}
    assert {path.stem for path in contenders.RUNNERS.glob("with_*.py")} == {
        f"with_{name}" for name in everybody
    }
    apart = {one.name for one in contenders.CONTENDERS.values() if one.own_environment}
    assert set(environments.names()) == apart


def test_every_requirement_is_pinned_exactly() -> None:
    """The same versions are compared on every machine."""
    for name in environments.names():
        lines = (environments.REQUIREMENTS / f"{name}.txt").read_text("utf-8").split()
        assert lines
        assert all(line.count("==") == 1 for line in lines)


def test_every_task_has_a_peer() -> None:
    """A task that nobody else does would compare rmatch with itself."""
    assert all(task.contenders for task in speed_tasks.TASKS.values())
    assert {task.kind for task in speed_tasks.TASKS.values()} <= set(contenders.OURS.tasks)


def test_an_environment_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer is absent, and the reason is the last line of what the installer said."""

    def fail(*_: object) -> None:
        raise subprocess.CalledProcessError(1, "pip", stderr="trying\nno such version\n")

    monkeypatch.setattr(environments, "_install", fail)
    found = environments.made("lapx", tmp_path)
    assert found.python is None
    assert found.reason == "its environment could not be made: no such version"
    assert environments.existing("lapx", tmp_path).python is None


def test_an_environment_is_made_again_when_its_pins_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old one would be measured under a new version's name."""
    monkeypatch.setattr(environments, "_install", lambda *_: None)
    monkeypatch.setattr(environments.venv, "create", lambda place, **_: place.mkdir(parents=True))
    assert environments.made("lapx", tmp_path).python is not None
    assert environments.existing("lapx", tmp_path).python is not None
    (tmp_path / "lapx" / environments.STAMP).write_text("lapx==0.0.1\n", "utf-8")
    assert environments.existing("lapx", tmp_path).python is None


def test_a_run_over_the_cap_is_ended() -> None:
    """The process stops, and says nothing more."""
    posed = problems.ties(generators.smti(60, 0.2, 0.5, 0))
    reply = asked(contenders.OURS, posed, cap=0.001)
    assert (reply.status, reply.pairs) == ("capped", ())


def test_a_runner_that_fails_is_told_and_not_believed() -> None:
    """The last line of its error is the note."""
    posed = problems.Posed({"task": "unheard of"}, smallest("ties").instance)
    reply = asked(contenders.OURS, posed)
    assert (reply.status, reply.note) == ("failed", "KeyError: 'unheard of'")


def test_another_problem_is_answered_by_the_same_process() -> None:
    """Hundreds of cohorts need one start."""
    first, second = (problems.ties(generators.smti(6, 0.2, 0.3, seed)) for seed in (0, 1))
    with sessions.Session(contenders.OURS, first.problem, 20.0, make=False) as session:
        replies = session.run(), session.run(second.problem)
    found = [checks.counted(*one) for one in zip((first, second), replies, strict=True)]
    assert found == [(6, 0, 0), (6, 0, 0)]
    assert replies[0].pairs != replies[1].pairs


# ------------------------------------------------------------------------------------------- checks


def said(pairs: list[tuple[int, int]], claim: str = "optimal") -> sessions.Reply:
    """An answer with these pairs."""
    return sessions.Reply("answered", tuple(pairs), claim, 0.1, 0.1, 50.0)


SQUARE = problems.assignment(Instance.from_scores([[9, 1], [5, 2]], [[True, True], [True, False]]))
"""The diagonal is excluded at its end: two pairs score 6, the one of 9 stands alone."""


@pytest.mark.parametrize(
    ("pairs", "finding"),
    [
        ([(0, 0)], "lapx claims an optimum and has (1, 9) where (2, 6) is possible (pairs, score)"),
        ([(0, 0), (1, 1)], "lapx is illegal: 1 pairs that are not acceptable"),
        ([(0, 0), (0, 1)], "lapx is illegal: more partners than places, or a pair twice"),
        ([(0, 1), (0, 1)], "lapx is illegal: more partners than places, or a pair twice"),
    ],
)
def test_a_lying_peer_is_found_out(pairs: list[tuple[int, int]], finding: str) -> None:
    """What it claims is counted again from its pairs."""
    best = said([(0, 1), (1, 0)])
    assert checks.findings(SQUARE, "lapx", best, best) == []
    assert checks.findings(SQUARE, "lapx", said(pairs), best) == [finding]


def test_a_peer_that_beats_a_proved_optimum_stops_the_run() -> None:
    """Then it is rmatch that is wrong."""
    with pytest.raises(peers.DisagreementError, match=r"lapx has \(2, 6\), rmatch \(1, 9\)"):
        checks.findings(SQUARE, "lapx", said([(0, 1), (1, 0)]), said([(0, 0)]))


def test_claimed_stability_is_counted() -> None:
    """Blocking pairs, and another matching than the only mentor-optimal one, are findings."""
    posed = problems.marriage(Instance.from_rankings([[[0], [1]], [[0], [1]]], [[[0], [1]]] * 2))
    stable = said([(0, 0), (1, 1)], "stable")
    found = checks.findings(posed, "algmatch", said([(0, 1), (1, 0)], "stable"), stable)
    assert found == [
        "algmatch claims stability with 1 blocking pairs",
        "algmatch has another mentor-optimal matching",
    ]
    with pytest.raises(peers.DisagreementError, match="rmatch claims stability"):
        checks.findings(posed, "algmatch", stable, said([(0, 1), (1, 0)], "stable"))


def test_pairs_that_a_peer_dropped_are_told() -> None:
    """mentor-match drops excluded pairs after it has matched, where others were possible."""
    posed, best = smallest("people"), ours("people")
    found = checks.findings(posed, "mentor_match", said(list(best.pairs)[1:], "answered"), best)
    assert found == ["mentor_match makes 4 pairs of 5 possible"]


# -------------------------------------------------------------------------------- speed and quality


def timed(n: int, contender: str, seconds: float, ratio: str = "", **more: object) -> speed.Row:
    """A row of the speed benchmark."""
    row = {"task": "marriage", "n": n, "seed": 0, "contender": contender, "status": "answered"}
    figures = {
        "solve_seconds": seconds,
        "build_seconds": seconds,
        "peak_mib": 70,
        "ratio": ratio,
        "note": "",
    }
    return row | figures | more


def test_the_speed_table_shows_ratios_caps_and_where_rmatch_loses() -> None:
    """Good and bad news stand in the same table."""
    rows = [timed(n, "rmatch", n / 1000) for n in (50, 100)]
    rows += [timed(50, "algmatch", 0.02, "0.4"), timed(100, "algmatch", 4, status="capped")]
    text = "\n".join(speed_tables.tables(rows, [], protocol.Options((), cap=4)))
    assert "| algmatch | 0.02 (0.4 ×) | > 4 (> 20 ×) | – |" in text
    assert "| rmatch | 0.05 | 0.1 | n^1.0 |" in text
    assert "rmatch is slower than algmatch at 50." in text


def test_a_finding_is_a_footnote() -> None:
    """With the size and the seed, so that anybody can look."""
    found = [{"task": "marriage", "n": 50, "seed": 2, "contender": "x", "finding": "x is illegal"}]
    text = "\n".join(speed_tables.tables([timed(50, "rmatch", 1)], found, protocol.Options(())))
    assert "x is illegal, at 50 (seed 2)." in text


def test_a_peer_that_was_capped_is_not_asked_for_more() -> None:
    """The reason stands in the table's footnotes."""
    rows = [timed(50, "algmatch", 4, status="capped"), timed(50, "matching", 1)]
    assert speed._beyond(rows, "marriage", 50, {}) == {"algmatch": "capped at 50"}


def test_a_task_ends_where_rmatch_is_over_its_limit() -> None:
    """The table says so, and the other tasks go on."""
    options = protocol.Options((), peer_seeds=1, cap=5.0, limit=0.0001, smoke=True)
    rows: list[speed.Row] = []
    speed._run_task("ties", options, rows, [])
    ours = [row for row in rows if row["contender"] == "rmatch"]
    assert [row["status"] for row in ours] == ["capped"]
    assert {row["status"] for row in rows} == {"capped"}


def test_growth_is_the_slope_on_logarithms() -> None:
    """Seconds that grow with the square of n, with and without room for an interval."""
    fitted = growth.growth([10, 100, 1000], [0.01, 1.0, 100.0])
    assert fitted is not None
    assert fitted.exponent == pytest.approx(2)
    assert fitted.low == pytest.approx(2)
    assert str(growth.growth([10, 100], [0.01, 1.0])) == "n^2.0"
    assert growth.growth([10], [1.0]) is None


def test_a_mean_never_stands_alone() -> None:
    """An interval, or how few values there are."""
    assert intervals.mean_of([1.0, 2.0]).shown() == "1.5 (of 2)"
    assert intervals.mean_of([3.0] * 10).shown() == "3.0 (always)"
    some = intervals.mean_of([0.0, 1.0, 2.0, 3.0, 10.0] * 2)
    assert some.low is not None
    assert some.high is not None
    assert 0 < some.low < 3.2 < some.high < 10


def test_an_interval_covers_the_mean_as_often_as_it_says() -> None:
    """Of 200 samples of thirty normal values, 88 to 99 % of the intervals hold the mean."""
    draw = np.random.RandomState(0)
    found = [intervals.mean_of(draw.normal(5, 2, 30).tolist()) for _ in range(200)]
    held = sum(
        one.low <= 5 <= one.high for one in found if one.low is not None and one.high is not None
    )
    assert 176 <= held <= 198


def test_the_quality_table_tells_what_was_claimed_and_is_not_so() -> None:
    """Broken stability, dropped pairs and unproved runs stand below the table."""

    def row(who: str, claim: str, pairs: int, blocking: int) -> quality.Row:
        figures = {"pairs": pairs, "blocking": blocking, "unmatched": 0, "loss": "", "note": ""}
        return {
            "cohort": "smti",
            "who": who,
            "seed": 0,
            "status": "answered",
            "claim": claim,
        } | figures

    rows = [
        row("rmatch leximin", "feasible", 9, 0),
        row("matching: stable, ties broken by score", "stable", 9, 1),
        row("mentor_match: by its own rules", "answered", 8, 5),
    ]
    absent = row("lapx: assignment", "", 0, 0) | {"status": "absent", "pairs": "", "blocking": ""}
    rows.append(absent | {"note": "no environment"})
    text = "\n".join(quality_tables.tables(rows, {"smti": "tiny"}))
    assert "leximin: stopped unproved at its limit in 1 of 1." in text
    assert "claims stability and has blocking pairs in 1 of 1." in text
    assert "mentor_match: by its own rules: fewer pairs than possible in 1 of 1." in text
    assert "lapx: assignment: absent at cohort 0 (no environment), not asked further." in text


def test_the_greatest_total_score_may_leave_people_out() -> None:
    """What loss is measured against has no respect for the number of pairs."""
    instance = Instance.from_scores([[9, 1], [5, 2]], [[True, True], [True, False]])
    assert quality.best_total(instance) == 9


def test_places_of_a_mentee_are_columns_of_their_own() -> None:
    """An assignment solver gives a mentee of two places two mentors."""
    instance = Instance.from_scores([[3], [2]], mentee_capacity=[2])
    posed = problems.assignment(instance)
    assert posed.problem["score"] == [[3, 3], [2, 2]]
    assert checks.counted(posed, said([(0, 0), (1, 1)])) == (2, 5, 0)


def test_the_plots_name_everybody(tmp_path: Path) -> None:
    """Every line and dot has its name beside it; a line that ended early says where."""
    pytest.importorskip("vl_convert")
    rows = [timed(n, "rmatch", n / 1000) for n in (50, 1000)] + [timed(50, "algmatch", 0.02, "0.4")]
    text = speed_plots.save_plot(rows, tmp_path / "speed.svg").read_text("utf-8")
    assert ">rmatch<" in text
    assert ">algmatch (to 50)<" in text
    given = {"cohort": "smti", "pairs": 9, "blocking": 2, "unmatched": 2, "loss": ""}
    rows = [
        given | {"who": who, "seed": seed} for who in ("rmatch stable", "cpsat") for seed in (0, 1)
    ]
    text = quality_plots.save_plot(rows, tmp_path / "quality.svg").read_text("utf-8")
    assert ">rmatch stable<" in text
    assert ">cpsat<" in text
    assert "loss" not in text


def test_every_contender_has_a_colour() -> None:
    """A line without one would be drawn in black, which is that of rmatch."""
    assert set(speed_plots.COLOURS) == {contenders.OURS.name, *contenders.CONTENDERS}
    for task in speed_tasks.TASKS.values():
        names = [contenders.OURS.name, *(one.name for one in task.contenders)]
        assert len({speed_plots.COLOURS[name] for name in names}) == len(names)


# ------------------------------------------------------------------------------------------- scale


def scale_row(n: int, seconds: float, outcome: str = "optimal") -> dict[str, object]:
    """A run of one task, whose memory and counts grow with the people."""
    work = f'{{"arcs": {50 * n}}}'
    told = {"seconds": seconds, "peak_mib": n / 100, "outcome": outcome, "work": work}
    return {"task": "best_score", "n": n, "pairs": 50 * n, **told}


SCALE_ROWS = [scale_row(300, 0.1), scale_row(3_000, 10.0), scale_row(30_000, 30.0, "score open")]


def test_the_scale_table_says_how_it_grows() -> None:
    """Exponents of seconds, memory and counts are fitted to runs that ended by themselves."""
    lines = scale_tables.tables(SCALE_ROWS)
    (line,) = (line for line in lines if line.startswith("| pairs, then score, lists of 50 |"))
    assert line.endswith("| 0.1, 3 | 10, 30 | 30, 300 * | n^2.0 | n^1.0 |")
    assert any("arcs | 15,000 | 150,000 | – | n^1.0 |" in line for line in lines)


def test_the_scale_table_has_the_bad_news_below_it() -> None:
    """What a limit ended, and what grows more than in proportion to the pairs, is told."""
    text = "\n".join(scale_tables.tables(SCALE_ROWS))
    assert "30000 a side: not proved; score open" in text
    assert "more than in proportion to the pairs, pairs^2.00" in text


def test_a_later_run_of_scale_replaces_its_rows_alone() -> None:
    """The largest sizes are run once; each row is the latest of its task and size."""
    rows = scale.joined(SCALE_ROWS, [scale_row(300, 0.2), scale_row(100, 0.1)])
    assert [(row["n"], row["seconds"]) for row in rows] == [
        (100, 0.1),
        (300, 0.2),
        (3_000, 10.0),
        (30_000, 30.0),
    ]


def test_rows_of_another_machine_are_not_kept(tmp_path: Path) -> None:
    """Seconds of two machines never stand in one table."""
    path = protocol.write_results("scale", SCALE_ROWS, tmp_path)
    assert [row["n"] for row in scale.earlier(path)] == ["300", "3000", "30000"]
    path.write_text(path.read_text("utf-8").replace("cores ", "cores 9"), "utf-8")
    assert scale.earlier(path) == []
    assert scale.earlier(tmp_path / "none.csv") == []


def test_the_scale_plot_names_every_task(tmp_path: Path) -> None:
    """Two panels, seconds and memory."""
    text = scale_plots.save_plot(SCALE_ROWS, tmp_path / "scale.svg").read_text("utf-8")
    assert "seconds of the processor" in text
    assert "MiB beyond what is loaded" in text
    assert "best_score" in text
