"""Every metric against a slow twin written from its sentence, and by a case worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzing import fuzzed
from rmatch.comparing.choices import choices_of
from rmatch.comparing.metrics import METRICS
from rmatch.comparing.records import Outcome
from rmatch.instance import Instance
from rmatch.programme import Programme
from rmatch.scoring import score
from rmatch.scoring.ranks import stated_choice
from rmatch.testing import instances, programmes
from shown import in_full


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    """Any matching of any instance, also one that could be larger, with any choices."""
    instance = draw(in_full(instances(max_side=4, max_capacity=3, constrained=True)))
    room = [instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist()]
    chosen = []
    for pair in draw(st.permutations(range(instance.n_pairs))):
        ends = int(instance.mentor[pair]), int(instance.mentee[pair])
        if all(room[side][ends[side]] > 0 for side in (0, 1)) and draw(st.booleans()):
            for side in (0, 1):
                room[side][ends[side]] -= 1
            chosen.append(pair)
    numbers = st.lists(st.integers(0, 3), min_size=instance.n_pairs, max_size=instance.n_pairs).map(
        lambda found: np.array(found, dtype=np.int64)
    )
    best = draw(st.none() | st.integers(0, 50_000))
    total = int(instance.score[sorted(chosen)].sum())
    return Outcome(
        instance=instance,
        chosen=np.array(sorted(chosen), dtype=np.int64),
        mentor_choice=draw(numbers),
        mentee_choice=draw(numbers),
        best_score=None if best is None else total + best,
    )


# --------------------------------------------------------------------------------------- slow twins


@dataclass
class Person:
    """Somebody with a place or without, as plain facts by partner."""

    places: int
    rank: dict[int, int] = field(default_factory=dict)
    score: dict[int, int] = field(default_factory=dict)
    choice: dict[int, int] = field(default_factory=dict)
    partners: list[int] = field(default_factory=list)

    def rather(self, other: int, *, indifferent: bool = False, held: frozenset[int]) -> bool:
        """Whether they have a place for this one, or a partner they like less."""
        if len(self.partners) < self.places:
            return True
        mine = [self.rank[p] for p in self.partners if p not in held]
        return any(r > self.rank[other] or (indifferent and r == self.rank[other]) for r in mine)


Twin = Callable[["World"], float | None]


class World:
    """An outcome as people."""

    def __init__(self, outcome: Outcome) -> None:
        one = outcome.instance
        self.outcome = outcome
        self.sides = (
            [Person(places) for places in one.mentor_capacity.tolist()],
            [Person(places) for places in one.mentee_capacity.tolist()],
        )
        self.acceptable = list(zip(one.mentor.tolist(), one.mentee.tolist(), strict=True))
        self.made = [self.acceptable[k] for k in outcome.chosen]
        self.forced = [self.acceptable[k] for k in np.flatnonzero(one.forced)]
        facts = (
            (one.mentor_rank, one.mentor_score, outcome.mentor_choice),
            (one.mentee_rank, one.mentee_score, outcome.mentee_choice),
        )
        for k, ends in enumerate(self.acceptable):
            for side in (0, 1):
                person, other = self.sides[side][ends[side]], ends[1 - side]
                person.rank[other] = int(facts[side][0][k])
                person.score[other] = int(facts[side][1][k])
                person.choice[other] = int(facts[side][2][k])
                if ends in self.made:
                    person.partners.append(other)

    @property
    def with_place(self) -> list[Person]:
        """Everybody with a place."""
        return [p for side in self.sides for p in side if p.places > 0]

    def blocking(self) -> list[tuple[int, int]]:
        """Pairs that are not made and that both would rather have."""
        found = []
        for i, j in self.acceptable:
            if (i, j) in self.made:
                continue
            m, s = self.sides[0][i], self.sides[1][j]
            held = (
                frozenset(b for a, b in self.forced if a == i),
                frozenset(a for a, b in self.forced if b == j),
            )
            strict = m.rather(j, held=held[0]), s.rather(i, held=held[1])
            may = (
                m.rather(j, indifferent=True, held=held[0]),
                s.rather(i, indifferent=True, held=held[1]),
            )
            kind = self.outcome.instance.stability
            if (
                (kind == "weak" and all(strict))
                or (kind == "super" and all(may))
                or (kind == "strong" and all(may) and any(strict))
            ):
                found.append((i, j))
        return found

    def own_scores(self, side: int) -> list[int]:
        """What each pair scores on a side."""
        return [self.sides[side][ends[side]].score[ends[1 - side]] for ends in self.made]

    def met(self, side: int) -> list[int]:
        """The number of the choice that each pair meets on a side, of those that meet one."""
        numbers = [self.sides[side][ends[side]].choice[ends[1 - side]] for ends in self.made]
        return [number for number in numbers if number > 0]


def _mean(values: list[float] | list[int]) -> float | None:
    return mean(values) if values else None


def _in_blocking(world: World) -> float | None:
    blocking = world.blocking()
    found = {(side, ends[side]) for ends in blocking for side in (0, 1)}
    return len(found) / len(world.with_place) if world.with_place else None


def _worst_off(world: World) -> float | None:
    worst = [min(p.score[o] for o in p.partners) for p in world.with_place if p.partners]
    return min(worst) if worst else None


def _gini(world: World) -> float | None:
    got = [mean([p.score[o] for o in p.partners] or [0]) for p in world.with_place]
    if not any(got):
        return None
    return mean(abs(x - y) for x, y in product(got, got)) / (2 * mean(got))


def _got(world: World, most: int) -> float | None:
    named = [p for p in world.with_place if any(p.choice.values())]
    return _mean([any(1 <= p.choice[o] <= most for o in p.partners) for p in named])


def _envy(world: World) -> float | None:
    def envies(side: int, who: int) -> bool:
        person = world.sides[side][who]
        return any(
            world.sides[1 - side][other].partners
            and other not in person.partners
            and person.rather(other, held=frozenset())
            for other in person.rank
        )

    found = [
        envies(side, who)
        for side in (0, 1)
        for who, person in enumerate(world.sides[side])
        if person.places > 0
    ]
    return _mean(found)


def _total(world: World) -> int:
    return sum(int(world.outcome.instance.score[k]) for k in world.outcome.chosen)


def _loss(world: World) -> float | None:
    best = world.outcome.best_score
    return (best - _total(world)) / best if best else None


TWINS: dict[str, Twin] = {
    "pairs": lambda world: len(world.made),
    "unmatched": lambda world: sum(not p.partners for p in world.with_place),
    "blocking_pairs": lambda world: len(world.blocking()),
    "in_blocking": _in_blocking,
    "total_score": _total,
    "mentor_score": lambda world: _mean(world.own_scores(0)),
    "mentee_score": lambda world: _mean(world.own_scores(1)),
    "mentor_total": lambda world: sum(world.own_scores(0)),
    "mentee_total": lambda world: sum(world.own_scores(1)),
    "worst_off": _worst_off,
    "gini": _gini,
    "first_choice": lambda world: _got(world, 1),
    "any_choice": lambda world: _got(world, 99),
    "mentor_choice_rank": lambda world: _mean(world.met(0)),
    "mentee_choice_rank": lambda world: _mean(world.met(1)),
    "loss": _loss,
    "envy": _envy,
}


@pytest.mark.parametrize("name", METRICS)
@fuzzed
@given(outcome=outcomes())
def test_a_metric_is_what_its_sentence_says(name: str, outcome: Outcome) -> None:
    """As its slow twin counts it, person by person, and ``None`` where that has no meaning."""
    found, expected = METRICS[name].measure(outcome), TWINS[name](World(outcome))
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=1e-12)


@fuzzed
@given(outcome=outcomes())
def test_a_metric_keeps_to_its_unit(outcome: Outcome) -> None:
    """Shares are from 0 to 1, counts and scores not below 0, ranks from 1; plain numbers all."""
    for metric in METRICS.values():
        value = metric.measure(outcome)
        if value is None:
            continue
        assert type(value) in (int, float)
        assert value >= (1 if metric.unit == "rank" else 0)
        assert value <= (1 if metric.unit in ("share", "index") else np.inf)


# ------------------------------------------------------------------------------------------ by hand


def worked() -> Outcome:
    """Three mentors and two mentees; M0 has S0 (third choice), M1 has S1, M2 nobody.

    M0 and S1 block: M0 named S1 first and has S0, S1 likes M0 more than M1.
    """
    instance = Instance.from_pairs(
        [0, 0, 1, 2],
        [0, 1, 1, 1],
        [2, 1, 1, 1],
        [1, 1, 2, 3],
        score=[40, 90, 60, 50],
        mentor_score=[30, 100, 60, 50],
        mentee_score=[50, 80, 60, 50],
        mentor_capacity=[1, 1, 1],
        mentee_capacity=[1, 1],
    )
    return Outcome(
        instance=instance,
        chosen=np.array([0, 2]),
        mentor_choice=np.array([3, 1, 0, 1]),
        mentee_choice=np.array([0, 1, 2, 0]),
        best_score=130,
    )


BY_HAND = {
    "pairs": 2,
    "unmatched": 1,  # M2
    "blocking_pairs": 1,
    "in_blocking": 2 / 5,
    "total_score": 100,
    "mentor_score": 45,
    "mentee_score": 55,
    "mentor_total": 90,
    "mentee_total": 110,
    "worst_off": 30,  # M0
    "gini": 0.3,  # of 0, 30, 50, 60, 60: (−4·0 − 2·30 + 0·50 + 2·60 + 4·60) / (5 · 200)
    "first_choice": 0,
    "any_choice": 2 / 3,  # M0 and S1 of M0, M2 and S1
    "mentor_choice_rank": 3,
    "mentee_choice_rank": 2,
    "loss": 3 / 13,
    "envy": 3 / 5,  # M0 and M2 would have S1, and S1 M0
}


def test_every_metric_has_a_case_worked_by_hand() -> None:
    """A metric that is added is worked out here, and has a twin."""
    assert list(METRICS) == list(BY_HAND) == list(TWINS)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_on_paper(name: str) -> None:
    """Three mentors, two mentees, two pairs: the value found by hand."""
    assert METRICS[name].measure(worked()) == pytest.approx(BY_HAND[name])


def test_nothing_is_made_of_nobody() -> None:
    """Without people, counts are 0 and all means and shares have no meaning."""
    nothing = np.zeros(0, dtype=np.int64)
    empty = Instance.from_pairs(
        nothing, nothing, nothing, nothing, mentor_capacity=[], mentee_capacity=[]
    )
    outcome = Outcome(empty, nothing, nothing, nothing, 0)
    counted = {name for name, metric in METRICS.items() if metric.measure(outcome) == 0}
    assert counted == {
        *("pairs", "unmatched", "blocking_pairs"),
        *("total_score", "mentor_total", "mentee_total"),
    }
    assert all(METRICS[name].measure(outcome) is None for name in METRICS.keys() - counted)


def test_a_meaning_is_one_sentence() -> None:
    """Each ends as a sentence does, and each label and name is there once."""
    metrics = METRICS.values()
    assert all(metric.meaning.endswith(".") for metric in metrics)
    assert all(name == metric.name for name, metric in METRICS.items())
    assert len({metric.label for metric in metrics}) == len(METRICS)


# ------------------------------------------------------------------------------------------ choices


@fuzzed
@given(programme=in_full(programmes(max_side=4)))
def test_choices_are_numbered_as_written(programme: Programme) -> None:
    """For every acceptable pair, the tie group in which the one named the other."""
    instance = score(programme).instance
    found = choices_of(instance, programme)
    for k, (i, j) in enumerate(zip(instance.mentor, instance.mentee, strict=True)):
        mentor, mentee = instance.mentor_ids[i], instance.mentee_ids[j]
        assert found[0][k] == (stated_choice(programme, mentor, mentee) or 0)
        assert found[1][k] == (stated_choice(programme, mentee, mentor) or 0)


def test_stated_ranks_are_choices_and_inferred_ones_are_not() -> None:
    """Lists are what people said; ranks by score are nobody's word."""
    lists = Instance.from_rankings([[[1], [0]]], [[[0]], [[0]]])
    scored = Instance.from_scores([[1, 2]])
    assert [numbers.tolist() for numbers in choices_of(lists, None)] == [[2, 1], [1, 1]]
    assert [numbers.tolist() for numbers in choices_of(scored, None)] == [[0, 0], [0, 0]]
