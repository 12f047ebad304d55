"""Every strategy that is registered, on every kind of instance; each algorithm against a twin."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import Problem, matchings
from rmatch import added_strategies
from rmatch.errors import InfeasibleError, StrategyError
from rmatch.instance import Instance, IntArray, Quota
from rmatch.properties.feasibility import is_matching, loads
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.solving import STRATEGIES, strategy_names
from rmatch.solving.algorithms.by_hand import ByHand
from rmatch.solving.algorithms.lots import mentor_lots, pair_lots
from rmatch.solving.by_algorithm import solve_by
from rmatch.solving.clock import Clock
from rmatch.solving.strategies import ALGORITHMS, BY_HAND, COUNTED_AT, is_algorithm
from rmatch.testing import instances, programmes
from shown import in_full

FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=25, deadline=None)
PLAIN = in_full(instances(max_side=5, max_capacity=3))
STRICT = st.integers(1, 4).flatmap(
    lambda n: st.tuples(*(st.permutations(range(n)) for _ in range(2 * n)))
)

EACH = pytest.mark.parametrize("name", strategy_names())
EACH_ALGORITHM = pytest.mark.parametrize("name", [n for n in strategy_names() if is_algorithm(n)])


def by(name: str, instance: Instance, seed: int = 0) -> IntArray:
    """What an algorithm chooses."""
    return np.asarray(ALGORITHMS[name](instance, seed, Clock()), dtype=np.int64)


# ------------------------------------------------------------------- every strategy, every instance


@EACH
@FEW
@given(
    instance=in_full(
        st.one_of(
            instances(max_side=4),
            instances(max_side=3, max_capacity=3),
            instances(max_side=3, constrained=True),
            instances(max_side=3, max_capacity=1, constrained=True),
        )
    ),
    seed=st.integers(0, 3),
)
def test_every_strategy_is_legal_on_every_instance(
    name: str, instance: Instance, seed: int
) -> None:
    """Within capacity, everything stated kept if it can be, audited, and the same again."""
    try:
        matching = rmatch.solve(instance, strategy=name, seed=seed)
    except InfeasibleError:
        assert not any(True for _ in matchings(Problem(instance)))
        return
    chosen = matching.solution.chosen
    assert is_matching(instance, chosen)
    assert not broken_statements(instance, chosen)
    assert matching.verify().ok
    assert matching.strategy == name
    for level in matching.solution.levels:
        assert level.value == value_of(level.name, instance, chosen, seed)
    again = rmatch.solve(instance, strategy=name, seed=seed)
    assert (again.solution.chosen, again.status) == (chosen, matching.status)


@EACH_ALGORITHM
@FEW
@given(programme=programmes(max_side=4))
def test_every_algorithm_takes_any_programme(name: str, programme: rmatch.Programme) -> None:
    """Rules, vetoes, capacities: legal by the audit from the raw facts, and nothing claimed."""
    matching = rmatch.solve(programme, strategy=name)
    assert matching.verify().ok
    assert matching.status == "feasible"
    assert matching.order == ("pairs", "people", "priority", "score", "tie_break")
    assert matching.solution.method == name


@EACH_ALGORITHM
@SOME
@given(instance=PLAIN, seed=st.integers(0, 3))
def test_what_an_algorithm_claims_is_true(name: str, instance: Instance, seed: int) -> None:
    """A bound is claimed only where the levels solved to the end come to it as well."""
    found = rmatch.solve(instance, strategy=name, seed=seed)
    best = rmatch.solve(instance, strategy="best_score", seed=seed)
    for mine, level in zip(found.solution.levels, best.solution.levels, strict=True):
        if mine.bound is None:
            break
        assert mine.bound == level.value == mine.value


@EACH_ALGORITHM
@SOME
@given(instance=PLAIN, seed=st.integers(0, 3))
def test_no_algorithm_leaves_two_people_who_could_be_paired(
    name: str, instance: Instance, seed: int
) -> None:
    """Every matching is maximal: whoever still has a place has nobody left who has one too."""
    chosen = by(name, instance, seed)
    taken = loads(instance, chosen)
    free = (taken[0] < instance.mentor_capacity, taken[1] < instance.mentee_capacity)
    spare = free[0][instance.mentor] & free[1][instance.mentee]
    spare[chosen] = False
    assert not spare.any()


@EACH_ALGORITHM
def test_the_seed_alone_decides_what_is_drawn(name: str) -> None:
    """Rows in another order give the same pairs, and other seeds other pairs somewhere."""
    n = 6
    ids = [f"A{k}" for k in range(n)], [f"B{k}" for k in range(n)]

    def pairs(order: list[int], seed: int) -> set[tuple[str, str]]:
        everyone: list[list[Any]] = [[list(range(n))] for _ in range(n)]
        instance = Instance.from_rankings(
            everyone, everyone, mentor_ids=[ids[0][k] for k in order], mentee_ids=ids[1]
        )
        found = rmatch.solve(instance, strategy=name, seed=seed)
        return {(pair.mentor, pair.mentee) for pair in found.pairs}

    drawn = [pairs(list(range(n)), seed) for seed in range(3)]
    assert drawn == [pairs(list(range(n))[::-1], seed) for seed in range(3)]
    assert drawn[0] != drawn[1] or drawn[1] != drawn[2]


@EACH_ALGORITHM
def test_without_time_an_algorithm_gives_what_it_has(name: str) -> None:
    """Legal, perhaps empty, and the method says that the time was up."""
    found = rmatch.solve(Instance.from_scores([[3, 2], [2, 1]]), strategy=name, time_limit=0)
    assert found.verify().ok
    assert found.solution.method == f"{name}, stopped when the time was up"


# ------------------------------------------------------------------------------------------- repair


@EACH_ALGORITHM
@FEW
@given(instance=in_full(instances(max_side=3, constrained=True)), seed=st.integers(0, 1))
def test_a_repair_keeps_as_much_as_can_be(name: str, instance: Instance, seed: int) -> None:
    """Of all legal matchings: fewest broken standing pairs, most of its pairs, best score."""
    free = instance.replace(quotas=(), standing=np.zeros(instance.n_pairs, dtype=bool))
    problem = Problem(instance)
    legal = list(matchings(problem))
    if not legal:
        return
    wanted = {_ends(instance, pair) for pair in rmatch.solve(
        free, strategy=name, seed=seed
    ).solution.chosen}  # fmt: skip
    standing = {_ends(instance, k) for k in np.flatnonzero(instance.standing).tolist()}

    def worth(pairs: set[tuple[int, int]]) -> tuple[int, int, int]:
        return (
            len(standing & pairs),
            len(wanted & pairs),
            sum(problem.pairs[pair].score for pair in pairs),
        )

    found = rmatch.solve(instance, strategy=name, seed=seed)
    made = {_ends(instance, pair) for pair in found.solution.chosen}
    if "repaired" in found.solution.method:
        assert worth(made) == max(worth(set(pairs)) for pairs in legal)
    else:
        assert made == wanted


def _ends(instance: Instance, pair: int) -> tuple[int, int]:
    return int(instance.mentor[pair]), int(instance.mentee[pair])


def test_a_repair_is_said() -> None:
    """Its other pair is kept, though without it two would score more; the method says so."""
    instance = Instance.from_scores([[9, 8], [8, 1]])
    quota = Quota("no_first", np.array([1, 0, 0, 0]), np.zeros(2, int), np.zeros(2, int), maximum=0)
    plain = rmatch.solve(instance, strategy="greedy")
    kept = rmatch.solve(instance.replace(quotas=(quota,)), strategy="greedy")
    assert (plain.solution.chosen, plain.solution.method) == ((0, 3), "greedy")
    assert kept.solution.chosen == (3,)
    assert kept.solution.method == "greedy, repaired to keep what is stated"


def test_what_must_be_made_is_made_before_the_algorithm_begins() -> None:
    """The rest is decided as if those places were not there, and needs no repair."""
    forced = Instance.from_scores([[9, 8], [8, 1]]).replace(forced=[False, True, False, False])
    found = rmatch.solve(forced, strategy="greedy")
    assert (found.solution.chosen, found.solution.method) == ((1, 2), "greedy")


# ----------------------------------------------------------------------------------------- by hand


@st.composite
def by_hand_cases(draw: st.DrawFn) -> tuple[Instance, ByHand]:
    """Any instance, with any pairs that somebody might have made, allowed or not."""
    instance = draw(in_full(instances(max_side=3, max_capacity=2, constrained=True)))
    everybody = [(m, s) for m in instance.mentor_ids for s in instance.mentee_ids]
    picked = st.lists(st.sampled_from(everybody), unique=True) if everybody else st.just([])
    return instance, ByHand(tuple(draw(picked)))


@SOME
@given(case=by_hand_cases(), seed=st.integers(0, 1))
def test_pairs_made_by_hand_are_legal_and_everything_stated_holds(
    case: tuple[Instance, ByHand], seed: int
) -> None:
    """Whatever is handed in; what needs no repair is no pair that was not."""
    instance, hand = case
    order = STRATEGIES[COUNTED_AT]
    try:
        found = solve_by(BY_HAND, instance, order, seed=seed, clock=Clock(), strategy=hand)
    except InfeasibleError:
        assert not any(True for _ in matchings(Problem(instance)))
        return
    assert is_matching(instance, found.chosen)
    assert not broken_statements(instance, found.chosen)
    assert [level.value for level in found.levels] == [
        value_of(name, instance, found.chosen, seed) for name in order
    ]
    ids = instance.mentor_ids, instance.mentee_ids
    made = {
        (ids[0][instance.mentor[k]], ids[1][instance.mentee[k]])
        for k in found.chosen
        if not instance.forced[k]
    }
    assert made <= set(hand.pairs) or found.method == "by_hand, repaired to keep what is stated"


def test_a_pair_by_hand_keeps_its_place_against_those_after_it() -> None:
    """Two for one place: the first is made, and nothing is put in the other's stead."""
    instance = Instance.from_scores([[9, 8], [8, 1]])
    hand = ByHand((("M1", "S0"), ("M0", "S0")))
    assert hand(instance, 0, Clock()).tolist() == [2]


def test_by_hand_is_no_strategy_without_pairs() -> None:
    """It is in no list, and says where the pairs go."""
    assert BY_HAND not in strategy_names()
    with pytest.raises(StrategyError, match=r"hand them in, as in rmatch.compare\(cohort, by_hand"):
        rmatch.solve(Instance.from_scores([[1]]), strategy=BY_HAND)


def test_no_package_adds_a_strategy_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is taken, though it is in no list."""
    _add(monkeypatch, by_hand=f"{__name__}:first_pair")
    assert BY_HAND not in strategy_names()
    with pytest.raises(StrategyError, match="hand them in"):
        rmatch.solve(Instance.from_scores([[1]]), strategy=BY_HAND)


# ----------------------------------------------------------------------------------- each algorithm


@pytest.mark.parametrize("name", ["deferred_acceptance", "deferred_acceptance_mentees"])
@SOME
@given(instance=PLAIN, seed=st.integers(0, 3))
def test_deferred_acceptance_is_weakly_stable(name: str, instance: Instance, seed: int) -> None:
    """With ties and several places on both sides, by the audit's own count."""
    found = rmatch.solve(instance, strategy=name, seed=seed)
    assert found.blocking_pairs == ()
    assert found.verify().ok


@pytest.mark.parametrize(("name", "side"), [
    ("deferred_acceptance", 0), ("deferred_acceptance_mentees", 1)
])  # fmt: skip
@SOME
@given(lists=STRICT)
def test_deferred_acceptance_is_best_for_the_side_that_proposes(
    name: str, side: int, lists: tuple[list[int], ...]
) -> None:
    """One place each, strict: of all stable matchings nobody of that side does better elsewhere."""
    n = len(lists) // 2
    groups = [[[other] for other in order] for order in lists]
    instance = Instance.from_rankings(groups[:n], groups[n:])
    found = [_ends(instance, pair) for pair in by(name, instance).tolist()]
    ranks = [{pair[side]: lists[side * n + pair[side]].index(pair[1 - side]) for pair in matched}
             for matched in _stable(lists, n)]  # fmt: skip
    mine = {pair[side]: lists[side * n + pair[side]].index(pair[1 - side]) for pair in found}
    assert mine in ranks
    assert all(mine[person] <= other[person] for other in ranks for person in mine)


def _stable(lists: tuple[list[int], ...], n: int) -> list[list[tuple[int, int]]]:
    """Every stable matching, by looking at all permutations."""
    found = []
    for partner in itertools.permutations(range(n)):
        back = {j: i for i, j in enumerate(partner)}
        if not any(
            lists[i].index(j) < lists[i].index(partner[i])
            and lists[n + j].index(i) < lists[n + j].index(back[j])
            for i in range(n)
            for j in range(n)
        ):
            found.append(list(enumerate(partner)))
    return found


def _rounds(instance: Instance, key: Callable[[int], tuple[int, ...]]) -> list[int]:
    """Again and again the possible pair of the least key: a slow twin of going in turn."""
    made: list[int] = []
    while True:
        taken = loads(instance, made)
        open_ = [
            pair
            for pair in range(instance.n_pairs)
            if pair not in made
            and taken[0][instance.mentor[pair]] < instance.mentor_capacity[instance.mentor[pair]]
            and taken[1][instance.mentee[pair]] < instance.mentee_capacity[instance.mentee[pair]]
        ]
        if not open_:
            return sorted(made)
        made.append(min(open_, key=key))


@SOME
@given(instance=PLAIN, seed=st.integers(0, 3))
def test_greedy_takes_the_best_pair_left_again_and_again(instance: Instance, seed: int) -> None:
    """As a naive search over what is still possible does; lots decide between equal scores."""
    lots = pair_lots(instance, seed, "greedy")
    twin = _rounds(instance, lambda pair: (-int(instance.score[pair]), int(lots[pair])))
    assert by("greedy", instance, seed).tolist() == twin


def test_greedy_is_stable_where_everybody_ranks_by_the_score() -> None:
    """The best pair left never blocks."""
    score = np.random.default_rng(4).permutation(36).reshape(6, 6)
    found = rmatch.solve(Instance.from_scores(score), strategy="greedy")
    assert found.blocking_pairs == ()


@SOME
@given(instance=PLAIN, seed=st.integers(0, 3))
def test_a_dictator_gets_the_best_ranked_places_still_open(instance: Instance, seed: int) -> None:
    """Mentor after mentor, in the order of their lots, until their places are full."""
    lots = pair_lots(instance, seed, "serial_dictatorship")
    room = instance.mentee_capacity.tolist()
    made = []
    for mentor in np.argsort(mentor_lots(instance, seed, "serial_dictatorship")).tolist():
        own = np.flatnonzero(instance.mentor == mentor).tolist()
        own.sort(key=lambda k: (instance.mentor_rank[k], -instance.score[k], lots[k]))
        possible = [pair for pair in own if room[instance.mentee[pair]] > 0]
        for pair in possible[: instance.mentor_capacity[mentor]]:
            room[instance.mentee[pair]] -= 1
            made.append(pair)
    assert by("serial_dictatorship", instance, seed).tolist() == sorted(made)


@SOME
@given(lists=STRICT)
def test_boston_serves_first_choices_first_and_for_good(lists: tuple[list[int], ...]) -> None:
    """Round by round, as the mechanism is told: those left ask, and the best who ask stay."""
    n = len(lists) // 2
    groups = [[[other] for other in order] for order in lists]
    partner: dict[int, int] = {}
    for choice in range(n):
        left = [i for i in range(n) if i not in partner]
        taken = set(partner.values())
        for j in sorted({lists[i][choice] for i in left} - taken):
            partner[min((i for i in left if lists[i][choice] == j), key=lists[n + j].index)] = j
    instance = Instance.from_rankings(groups[:n], groups[n:])
    made = dict(_ends(instance, pair) for pair in by("boston", instance).tolist())
    assert made == partner


# --------------------------------------------------------------------------- what others can bring


def _add(monkeypatch: pytest.MonkeyPatch, **targets: str) -> None:
    """Packages that add these strategies, as far as rmatch can see."""
    entries = [EntryPoint(name, value, added_strategies.GROUP) for name, value in targets.items()]

    def found(**wanted: str) -> EntryPoints:
        return EntryPoints(entries).select(**wanted)

    monkeypatch.setattr("importlib.metadata.entry_points", found)


def first_pair(instance: Instance, seed: int, clock: Clock) -> list[int]:
    """A strategy of somebody else's: the first pair alone."""
    del seed, clock
    return [0] if instance.n_pairs else []


def every_pair(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """No matching."""
    del seed, clock
    return np.arange(instance.n_pairs)


def fails(instance: Instance, seed: int, clock: Clock) -> list[int]:
    """A strategy with a fault of its own."""
    raise KeyError(instance, seed, clock)


def ends(instance: Instance, seed: int, clock: Clock) -> list[int]:
    """A strategy that ends the whole program, as if all were well."""
    del instance, seed, clock
    raise SystemExit(0)


def gives_up(instance: Instance, seed: int, clock: Clock) -> list[int]:
    """A strategy whose own time is up, and not the time it was given."""
    del instance, seed, clock
    Clock(0.0).check()
    return []


def durations(instance: Instance, seed: int, clock: Clock) -> Any:
    """What NumPy calls integers as well."""
    del instance, seed, clock
    return np.zeros(1, dtype="m8[s]")


def halves(instance: Instance, seed: int, clock: Clock) -> list[float]:
    """No indices."""
    del instance, seed, clock
    return [0.5]


def test_a_strategy_of_another_package_is_found_by_its_entry_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is listed, may be named in the settings, and makes the matching."""
    _add(monkeypatch, one=f"{__name__}:first_pair")
    assert strategy_names()[-1] == "one"
    assert rmatch.Settings(strategy="one").strategy == "one"
    found = rmatch.solve(Instance.from_scores([[1, 2], [3, 4]]), strategy="one")
    assert (found.solution.chosen, found.solution.method) == ((0,), "one")
    assert found.verify().ok


def test_a_strategy_may_have_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a comma in it, its matching is still known to be its own."""
    _add(monkeypatch, **{"first, come": f"{__name__}:first_pair"})
    assert rmatch.solve(Instance.from_scores([[1]]), strategy="first, come").algorithm is not None


def test_no_package_takes_the_name_of_a_strategy_of_rmatch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is called greedy is greedy, whatever is installed."""
    _add(monkeypatch, greedy=f"{__name__}:first_pair")
    assert strategy_names().count("greedy") == 1
    found = rmatch.solve(Instance.from_scores([[1, 2], [3, 9]]), strategy="greedy")
    assert found.solution.chosen == (0, 3)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no_such_package:f", r"'bad' cannot be loaded: no_such_package:f gives ModuleNotFound"),
        (f"{__name__}:PLAIN", r"'bad' is no function but "),
        (f"{__name__}:fails", r"'bad' failed: KeyError"),
        (f"{__name__}:ends", r"'bad' failed: SystemExit"),
        (f"{__name__}:gives_up", r"'bad' failed: OutOfTimeError"),
        ("ends_on_import:f", r"'bad' cannot be loaded: ends_on_import:f gives SystemExit"),
        (f"{__name__}:every_pair", r"'bad' returned no matching"),
        (f"{__name__}:durations", r"'bad' returned no list of pairs"),
        (f"{__name__}:halves", r"'bad' returned no list of pairs"),
    ],
)
def test_a_broken_strategy_of_another_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, target: str, message: str
) -> None:
    """Whatever is wrong with it, and it is loaded only when it is used."""
    (tmp_path / "ends_on_import.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    _add(monkeypatch, bad=target)
    assert "bad" in strategy_names()
    with pytest.raises(StrategyError, match=message):
        rmatch.solve(Instance.from_scores([[1, 2], [3, 4]]), strategy="bad")


@pytest.mark.parametrize("name", ["stable", "boston"])
def test_no_package_is_asked_for_a_strategy_of_our_own(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Reading every installed package's entry points takes longer than a small cohort."""

    def asked(**wanted: str) -> EntryPoints:
        raise AssertionError(wanted)

    monkeypatch.setattr("importlib.metadata.entry_points", asked)
    assert rmatch.solve(Instance.from_scores([[1, 2], [3, 4]]), strategy=name).pairs


def test_a_name_that_two_packages_add_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them was meant, nobody can know."""
    entries = [EntryPoint("one", value, added_strategies.GROUP) for value in ("a:f", "b:f")]
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda **wanted: EntryPoints(entries).select(**wanted)
    )
    with pytest.raises(StrategyError, match="added twice: a:f and b:f; uninstall one"):
        rmatch.solve(Instance.from_scores([[1]]), strategy="one")


def test_a_strategy_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matching made by it can be read and asked, and not be made again."""
    _add(monkeypatch, one=f"{__name__}:first_pair")
    programme = rmatch.load(rmatch.examples.path("east-of-england"))
    found = rmatch.solve(programme, strategy="one")
    _add(monkeypatch)
    assert found.verify().ok
    with pytest.raises(StrategyError, match="'one' is not installed here; install the package"):
        found.what_if(settings={"indifference": 0})
    with pytest.raises(ValueError, match="unknown strategy 'one'"):
        rmatch.solve(programme, strategy="one")


def test_a_run_whose_settings_name_a_strategy_that_is_gone_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is no damaged folder: it can be asked, and matched again by another strategy."""
    _add(monkeypatch, one=f"{__name__}:first_pair")
    programme = rmatch.load(rmatch.examples.path("east-of-england"))
    settings = programme.settings.replace(strategy="one")
    rmatch.solve(programme.replace(settings=settings)).save(tmp_path / "run")
    _add(monkeypatch)
    found = rmatch.Matching.load(tmp_path / "run")
    assert (found.algorithm, len(found.pairs)) == ("one", 1)
    assert "made by one" in str(found.explain("M02"))
    assert found.what_if(settings={"strategy": "greedy"}).algorithm == "greedy"
    with pytest.raises(rmatch.InputError, match="is not a strategy"):
        rmatch.rematch(found, withdrawn=["M02"])
