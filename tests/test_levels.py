"""Levels in words: short and readable, also where a value is a vector or a bound is open."""

from __future__ import annotations

import pytest

from made_by_hand import EVERY_LEVEL, matching_of
from rmatch.explaining.level_words import BLOCKING, LEVELS, limit, meaning, number, vector
from rmatch.instance import STABILITIES, Instance
from rmatch.programme.settings import OBJECTIVES
from rmatch.reporting.levels import levels_block
from rmatch.reporting.summary import headline
from rmatch.solution import Level, Value
from rmatch.solving.objectives import REGISTRY


def test_every_objective_has_its_words() -> None:
    """A new one without would be shown by its name alone."""
    assert set(LEVELS) == set(OBJECTIVES) == set(EVERY_LEVEL)
    assert set(BLOCKING) == set(STABILITIES)


@pytest.mark.parametrize("name", REGISTRY)
def test_the_words_know_which_way_is_better(name: str) -> None:
    """As the solver has it."""
    assert LEVELS[name].fewest is (REGISTRY[name].sense == "min")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("rank_maximal", (5, 3, 1, 0), "5 first, 3 second, 1 third"),
        ("rank_maximal", (0, 0, 2, 1), "0 first, 2 third, 1 of rank 4"),
        ("rank_maximal", (1, 1, 1, 1, 1, 0), "1 first, 1 second, 1 third, 1 of rank 4, …"),
        ("rank_maximal", (), "nobody has a place"),
        ("generous", (0, 2, 4, 0, 1), "0 × rank 5, 2 × rank 4, 4 × rank 3, 1 × rank 1"),
        ("generous", (2, 0, 1), "2 × rank 3, 1 × rank 1"),
        ("generous", (1,) * 6, "1 × rank 6, 1 × rank 5, 1 × rank 4, 1 × rank 3, …"),
        ("leximin", (4_200, 4_200, 5_150), "42.0 (2 people), then 51.5 (1)"),
        ("leximin", (-1, 5_150), "no partner (1 person), then 51.5 (1)"),
        ("leximin", (-1, -1), "no partner (2 people)"),
        ("leximin", (), "nobody has a place"),
    ],
)
def test_a_vector_is_shown_by_its_first_entries(
    name: str, value: tuple[int, ...], words: str
) -> None:
    assert vector(name, value, for_people=True) == words


def test_scores_of_an_instance_are_shown_as_they_are() -> None:
    assert vector("leximin", (7, 9, 9), for_people=False) == "7 (1 person), then 9 (2)"
    assert number("score", 1_234, for_people=False) == "1234"
    assert number("score", 1_234, for_people=True) == "12.3"


@pytest.mark.parametrize(
    ("name", "value", "bound", "words"),
    [
        ("score", 12_345, 13_000, "not proved; at most 130.0"),
        ("egalitarian", 30, 28, "not proved; at least 28"),
        ("prices", 3, 0, "not proved; at least 0"),
        ("pairs", 3, None, "not proved"),
        ("tie_break", 3, 4, "not proved"),
        ("joy", 3, 4, "not proved"),
        ("leximin", (4_200, 5_000), (4_500,), "not proved; the worst-off at most 45.0"),
        ("leximin", (4_200, 5_000), (4_200,), "proved for the worst-off"),
        (
            "leximin",
            (4_200, 4_300, 5_000),
            (4_200, 4_300, 5_150),
            "proved for the 2 worst-off; the next at most 51.5",
        ),
        ("rank_maximal", (5, 3, 1), (6,), "not proved; at most 6 of rank 1"),
        ("rank_maximal", (5, 3, 1), (5, 4), "proved to rank 1; at most 4 of rank 2"),
        ("rank_maximal", (5, 3, 1), (5, 3), "proved to rank 2"),
        ("generous", (2, 3, 4), (1,), "not proved; at least 1 of rank 3"),
        ("generous", (0, 3, 4), (0, 2), "proved down to rank 3; at least 2 of rank 2"),
        ("generous", (0, 3, 4), (0, 3), "proved down to rank 2"),
        ("generous", (0, 3, 4), (), "not proved"),
        ("generous", (1, 3, 4), (0, 3), "not proved"),
        ("generous", (1, 3, 4), 5, "not proved"),
        ("pairs", 3, (3,), "not proved"),
        ("leximin", None, (3,), "not proved"),
    ],
)
def test_an_open_level_says_how_far_it_was_proved(
    name: str, value: Value | None, bound: Value | None, words: str
) -> None:
    assert limit(name, value, bound, for_people=True) == words


def test_the_block_reads_as_agreed() -> None:
    levels = [
        Level("pairs", 12, 12, 0.1),
        Level("stability", 2, 2, 0.1),
        Level("leximin", (4_200, 4_200, 5_150), (4_200, 4_200, 5_150), 0.1),
        Level("rank_maximal", (5, 3, 1), (5, 4), 0.1),
        Level("min_regret", 4, None, 0.1),
        Level("tie_break", 123, None, 0.0),
    ]
    assert levels_block(levels, stability="strong").splitlines() == [
        "Decided in this order, and not proved to the end:",
        "  pairs         12  pairs made: proved",
        "  stability      2  strongly blocking pairs: proved",
        "  leximin           worst-off 42.0 (2 people), then 51.5 (1): proved",
        "  rank_maximal      ranks got: 5 first, 3 second, 1 third: proved to rank 1; at",
        "    most 4 of rank 2",
        "  min_regret     4  worst rank of anybody: not reached",
        "  tie_break         drawn from the seed and the ids: not reached",
        "  A free place counts as one rank worse than the last acceptable partner.",
    ]


def test_a_level_that_is_not_known_is_shown_by_name_and_value() -> None:
    lines = levels_block([Level("joy", 3, 3, 0.0)]).splitlines()
    assert lines[1:] == ["  joy  3"]


@pytest.mark.parametrize(
    ("stability", "one", "several"),
    [
        ("weak", "1 blocking pair,", "blocking pairs"),
        ("strong", "1 strongly blocking pair,", "strongly blocking pairs"),
        ("super", "1 super-blocking pair,", "super-blocking pairs"),
    ],
)
def test_the_kind_of_stability_is_said(stability: str, one: str, several: str) -> None:
    assert one in headline(3, 0, 1, "optimal", stability=stability)
    assert meaning("stability", stability) == several


def test_a_matching_shows_all_its_levels() -> None:
    """Text, repr and objectives, with vectors as tuples and the tie-break left out."""
    ranks = [[[0], [1]], [[0], [1]]]
    instance = Instance.from_rankings(ranks, ranks, score=[[9, 5], [4, 2]])
    matching = matching_of(instance.replace(stability="super"), ((0, 1), (1, 0)))
    assert repr(matching) == "Matching(2 pairs, 0 unmatched, 1 super-blocking pair, optimal)"
    assert matching.objectives["leximin"] == (4, 4, 5, 5)
    assert matching.objectives["rank_maximal"] == (2, 2, 0)
    assert "tie_break" not in matching.objectives
    text = matching.to_text()
    assert "worst-off 4 (2 people), then 5 (2)" in text
    assert "ranks got: 2 first, 2 second" in text
    assert max(map(len, text.splitlines())) <= 80
    assert matching.verify().ok
