"""Worked examples of the literature and of other packages, by name.

Each says where it was read. Where the source itself could not be read, it says through whom it
comes; what was made by hand says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from test_against_brute_force import DEFAULT, STABLE_FIRST, assert_best, made

from brute_force import WANTED, Matching, Problem, blocking, stable_matchings
from rmatch.instance import Instance, Stability
from rmatch.solution import Value
from rmatch.solving import solve

# --------------------------------------------------------------------------- Gale, Shapley, Manlove


def ranked(table: str) -> tuple[list[list[list[int]]], list[list[list[int]]]]:
    """Both sides' lists from a ranking matrix as Gale and Shapley print it: "1,3 2,2 3,1 / …"."""
    cells = [[tuple(map(int, cell.split(","))) for cell in row.split()] for row in table.split("/")]
    size = range(len(cells))
    rows = [[[j] for j in sorted(size, key=lambda j: cells[i][j][0])] for i in size]
    columns = [[[i] for i in sorted(size, key=lambda i: cells[i][j][1])] for j in size]
    return rows, columns


EXAMPLE_1 = "1,3 2,2 3,1 / 3,1 1,3 2,2 / 2,2 3,1 1,3"
EXAMPLE_2 = "1,3 2,3 3,2 4,3 / 1,4 4,1 3,3 2,2 / 2,2 1,4 3,4 4,1 / 4,1 2,2 3,1 1,4"


def test_gale_shapley_1962_example_1() -> None:
    """Three of the six sets of marriages are stable: the men's, the women's, the second choices."""
    men, women = ranked(EXAMPLE_1)
    assert set(stable_matchings(Instance.from_rankings(men, women))) == {
        ((0, 0), (1, 1), (2, 2)),
        ((0, 2), (1, 0), (2, 1)),
        ((0, 1), (1, 2), (2, 0)),
    }


@pytest.mark.parametrize(
    "wanted",
    [((0, 0), (1, 1), (2, 2)), ((0, 2), (1, 0), (2, 1)), ((0, 1), (1, 2), (2, 0))],
    ids=["men first", "women first", "second choices"],
)
def test_the_score_picks_among_the_stable_matchings_of_gale_shapley(wanted: Matching) -> None:
    """Each of the three is reached when its pairs score most: no side is favoured by the solver."""
    men, women = ranked(EXAMPLE_1)
    score = [[int((i, j) in wanted) for j in range(3)] for i in range(3)]
    instance = Instance.from_rankings(men, women, score=score)
    assert made(instance, solve(instance)) == wanted


def test_gale_shapley_1962_example_2() -> None:
    """One stable set of marriages, in which nobody gets a first choice, whatever the score says."""
    men, women = ranked(EXAMPLE_2)
    only = ((0, 2), (1, 3), (2, 0), (3, 1))
    first_choices = [[int(women_list[0] == [j]) for j in range(4)] for women_list in men]
    instance = Instance.from_rankings(men, women, score=first_choices)
    assert stable_matchings(instance) == [only]
    assert made(instance, solve(instance)) == only
    assert {int(instance.mentor_rank[e]) for e in solve(instance).chosen} == {2, 3}


def test_stable_matchings_of_different_sizes_with_ties() -> None:
    """With a tie and a short list stable matchings differ in size; the larger one is found.

    The situation that makes the largest stable matching hard to find (Manlove, Irving, Iwama,
    Miyazaki and Morita, *Hard variants of stable marriage*, 2002).
    """
    instance = Instance.from_rankings(mentors=[[[0], [1]], [[0]]], mentees=[[[0, 1]], [[0]]])
    assert set(stable_matchings(instance)) == {((0, 0),), ((0, 1), (1, 0))}
    for objectives in (DEFAULT, STABLE_FIRST):
        solution = solve(instance, objectives)
        assert made(instance, solution) == ((0, 1), (1, 0))
        assert solution.objectives["stability"] == 0


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_the_largest_size_may_force_blocking_pairs(copies: int) -> None:
    """Size against stability (Biró, Manlove and Mittal, 2010): each copy costs one blocking pair.

    Mentor a ranks x over y, mentor b accepts x only, x ranks a over b: x–a blocks the only matching
    of two pairs, and the only stable matching has one.
    """
    mentors: list[list[list[int]]] = []
    mentees: list[list[list[int]]] = []
    for k in range(0, 2 * copies, 2):
        mentors += [[[k], [k + 1]], [[k]]]
        mentees += [[[k], [k + 1]], [[k]]]
    instance = Instance.from_rankings(mentors, mentees)
    largest, stable = solve(instance), solve(instance, STABLE_FIRST)
    assert (largest.objectives["pairs"], largest.objectives["stability"]) == (2 * copies, copies)
    assert (stable.objectives["pairs"], stable.objectives["stability"]) == (copies, 0)
    assert largest.status == stable.status == "optimal"


def test_blocking_pairs_are_forced_where_places_are_shared() -> None:
    """The same with one mentee of capacity 2: the largest size leaves one pair blocking."""
    instance = Instance.from_rankings(
        mentors=[[[0], [1]], [[0]], [[0]]],
        mentees=[[[0], [1], [2]], [[0]]],
        mentee_capacity=[2, 1],
    )
    solution = solve(instance)
    assert made(instance, solution) == ((0, 1), (1, 0), (2, 0))
    assert solution.objectives["stability"] == 1
    assert_best(instance, DEFAULT, solution)
    assert solve(instance, STABLE_FIRST).objectives["pairs"] == 2


# --------------------------------------------------------------------------------- Gusfield, Irving

# "Two examples from Gusfield and Irving" (The Stable Marriage Problem, 1989), as the entry
# Gale_Shapley of the Archive of Formal Proofs (Nipkow, 2021) evaluates them; indices from 0. What
# is expected is the place on each man's list of the woman whom he gets when the men propose.
AFP_4 = (
    ["3012", "1203", "1320", "2031"],
    ["3021", "0213", "0123", "3021"],
    [0, 1, 0, 1],
)
AFP_8 = (
    [
        "46015732",
        "12643075",
        "74035126",
        "21630574",
        "61402573",
        "05647312",
        "14652370",
        "27346150",
    ],
    [
        "42650173",
        "75246103",
        "04513762",
        "76213045",
        "53627014",
        "17423560",
        "64107532",
        "63041257",
    ],
    [0, 1, 0, 5, 0, 0, 0, 2],
)
FAIR = ("egalitarian", "min_regret", "balanced", "side_equal", "rank_maximal", "generous")


def _lists(rows: Sequence[Sequence[object]]) -> list[list[list[int]]]:
    return [[[int(str(other))] for other in row] for row in rows]


def _favouring(instance: Instance, side: int) -> Instance:
    """Scored so that the better a side's ranks are, the more."""
    ranks = (instance.mentor_rank, instance.mentee_rank)[side]
    return instance.replace(score=100 - ranks)


@pytest.mark.parametrize("example", [AFP_4, AFP_8], ids=["of 4", "of 8"])
def test_gusfield_irving_1989_men_first(example: tuple[list[str], list[str], list[int]]) -> None:
    """Among stable matchings the men's best is the one that the men's proposals give."""
    men, women, places = example
    instance = _favouring(Instance.from_rankings(_lists(men), _lists(women)), 0)
    wanted = tuple((i, int(men[i][place])) for i, place in enumerate(places))
    assert made(instance, solve(instance, ("stability", "score"))) == wanted


def _stable_permutations(instance: Instance) -> list[Matching]:
    """With complete strict lists: every stable matching, each of all marriages of everybody."""
    n = instance.n_mentors
    men, women = instance.dense(instance.mentor_rank), instance.dense(instance.mentee_rank)
    found = []
    for wives in itertools.permutations(range(n)):
        husband = {wife: man for man, wife in enumerate(wives)}
        if not any(
            men[m, w] < men[m, wives[m]] and women[m, w] < women[husband[w], w]
            for m in range(n)
            for w in range(n)
        ):
            found.append(tuple(enumerate(wives)))
    return found


@pytest.fixture(scope="module")
def of_eight() -> tuple[Instance, list[Matching]]:
    """The example of 8 with its stable matchings."""
    instance = Instance.from_rankings(_lists(AFP_8[0]), _lists(AFP_8[1]))
    return instance, _stable_permutations(instance)


@pytest.mark.parametrize("name", FAIR)
def test_gusfield_irving_1989_fairest(of_eight: tuple[Instance, list[Matching]], name: str) -> None:
    """Of all stable matchings of the example of 8, listed one by one, the fairest is found."""
    instance, stable = of_eight
    problem = Problem(instance)
    measure, choose = WANTED[name]
    wanted = choose([measure(problem, matching) for matching in stable])
    solution = solve(instance, ("stability", name))
    assert (solution.objectives[name], solution.status) == (wanted, "optimal")
    assert made(instance, solution) in stable


def test_gusfield_irving_1989_colleges() -> None:
    """Section 1.6.5: eleven students and five colleges; the students' best is found.

    As in the tests of QuantEcon's deferred acceptance, which give it that source. (They call it the
    only stable matching; the colleges' best, which the oracle finds stable too, is another.)
    """
    students = "2043 02314 34201 2304 031 32104 1402 02143 304 20413 43021"
    colleges = [
        [2, 6, 8, 10, 4, 3, 9, 7, 5, 0, 1],
        [4, 6, 9, 5, 7, 1, 2, 10],
        [10, 5, 7, 2, 1, 3, 6, 0, 9],
        [9, 0, 1, 10, 3, 8, 4, 2, 5, 7],
        [1, 3, 9, 6, 5, 0, 7, 2, 10, 8],
    ]
    instance = Instance.from_rankings(
        _lists(students.split()), _lists(colleges), mentee_capacity=[4, 1, 3, 2, 1]
    )
    wanted = tuple(enumerate([2, 0, 3, 2, 0, 2, 1, 0, 3, 0, 4]))
    solution = solve(_favouring(instance, 0), ("stability", "score"))
    assert made(instance, solution) == wanted
    others = made(instance, solve(_favouring(instance, 1), ("stability", "score")))
    assert others != wanted
    assert not blocking(Problem(instance), others)


# ---------------------------------------------------------------------------------- Cooper, Manlove

# The evaluation files S10 (10-10-10-0_1) and S20 (20-20-20-0_0) of fmcooper/stable-SM, the software
# of "Two-sided profile-based optimality in the stable marriage problem" (Cooper and Manlove, 2019),
# with the results stored beside them: profiles, costs of both sides, and which stable matching is
# best in which sense. The least of the larger costs and the least degree are read off its list.
S10 = (
    """1 2 3 9 10 4 6 5 7 8
    4 7 2 10 5 6 1 9 8 3
    3 7 8 10 2 4 1 6 5 9
    6 5 1 7 9 4 2 3 8 10
    4 5 6 9 8 10 7 2 1 3
    7 4 8 9 1 3 5 6 10 2
    7 10 3 4 6 1 2 8 9 5
    4 3 1 6 5 2 7 8 9 10
    3 1 8 7 9 10 2 6 4 5
    9 4 1 10 5 6 8 2 3 7""",
    """7 6 4 2 3 9 5 1 10 8
    10 6 2 7 1 4 3 8 5 9
    7 5 1 9 10 2 6 4 8 3
    6 7 4 3 2 5 8 10 1 9
    8 9 3 5 7 10 2 4 1 6
    6 2 10 7 4 3 8 9 5 1
    3 6 10 9 4 5 1 2 7 8
    9 10 1 6 4 5 2 3 8 7
    9 2 10 1 5 6 8 4 7 3
    5 6 4 7 3 9 1 2 8 10""",
)
S20 = (
    """13 3 15 6 11 10 2 4 17 20 1 18 19 7 5 8 12 16 14 9
    11 1 13 16 9 15 3 2 7 4 19 14 18 5 10 12 6 17 20 8
    12 1 20 13 15 10 3 4 5 9 16 6 17 19 11 14 2 8 18 7
    6 16 19 14 4 20 17 18 7 5 13 8 10 12 11 15 3 9 2 1
    15 20 18 16 2 14 17 12 8 9 3 10 7 11 19 5 1 4 13 6
    9 18 11 19 13 3 17 4 16 8 5 15 14 12 7 20 1 2 6 10
    16 12 9 4 2 17 6 20 8 11 19 3 15 13 18 5 1 7 10 14
    8 6 2 14 1 18 20 10 11 13 15 7 3 4 5 9 17 19 16 12
    15 19 6 12 7 14 4 2 3 18 8 17 5 11 1 9 16 20 13 10
    3 13 16 11 10 5 6 15 1 9 2 18 4 12 20 14 8 19 7 17
    18 1 10 12 2 4 16 17 9 15 5 14 11 7 13 3 19 6 8 20
    7 10 3 15 18 2 8 14 17 4 16 1 11 20 9 19 5 6 13 12
    9 13 10 11 17 14 15 12 16 1 8 6 5 3 19 4 20 18 7 2
    14 9 15 17 4 12 3 13 19 7 6 1 10 8 16 11 5 2 20 18
    13 4 11 8 16 3 15 12 9 18 2 20 19 10 7 1 5 6 14 17
    8 6 13 1 3 4 12 18 19 17 15 5 11 7 2 10 20 16 14 9
    10 1 9 18 8 17 16 4 12 7 14 2 5 11 3 13 20 19 15 6
    4 2 10 14 11 19 1 17 6 13 16 12 18 3 5 9 8 20 7 15
    16 4 7 2 6 10 12 19 8 5 20 13 17 14 11 15 3 18 9 1
    13 18 19 8 2 5 9 16 12 6 11 7 15 1 10 17 3 20 14 4""",
    """5 7 20 14 13 11 10 1 12 8 15 6 17 3 16 4 19 2 9 18
    6 16 13 19 17 20 12 11 15 2 4 5 1 3 10 9 14 7 8 18
    4 12 16 3 11 14 9 10 6 5 19 8 18 15 2 17 1 13 7 20
    5 11 6 12 1 10 2 16 20 3 4 8 14 15 17 7 18 13 19 9
    9 15 8 18 1 7 6 11 2 14 16 10 4 12 17 20 13 3 19 5
    13 19 3 9 15 1 18 8 11 17 6 5 20 7 2 4 16 12 10 14
    17 20 13 11 19 14 12 18 9 7 16 10 4 15 5 8 6 2 1 3
    15 5 8 17 3 7 18 6 2 20 10 12 16 1 14 11 9 13 19 4
    13 10 7 6 2 3 14 8 12 15 4 5 9 1 11 16 18 20 19 17
    15 17 8 9 13 14 20 6 1 5 10 4 18 19 3 11 16 12 2 7
    11 6 3 17 9 4 2 7 19 13 5 20 1 16 12 10 14 18 8 15
    3 13 9 18 1 16 10 2 6 4 14 5 7 12 15 8 19 17 11 20
    3 13 20 6 19 9 10 11 4 7 15 16 14 18 1 8 12 5 2 17
    10 16 11 18 4 12 7 6 19 2 1 15 20 5 8 17 13 3 14 9
    3 20 9 6 16 5 12 10 18 1 17 11 15 7 19 14 13 8 2 4
    13 14 19 20 3 7 1 12 16 4 2 9 11 18 10 6 15 17 8 5
    13 6 7 11 19 15 4 8 18 2 5 10 12 20 17 14 1 9 16 3
    3 12 16 8 4 2 15 10 13 1 5 20 7 6 19 9 14 11 17 18
    9 15 18 14 17 1 19 13 16 4 6 3 2 11 8 20 12 7 10 5
    2 17 19 14 12 15 10 1 20 18 8 6 11 4 5 9 3 7 13 16""",
)
RESULTS: dict[str, tuple[tuple[str, str], dict[str, Value]]] = {
    "S10": (
        S10,
        {
            "rank_maximal": (7, 3, 5, 0, 2, 2, 0, 0, 0, 1),
            "generous": (5, 4, 5, 1, 3, 2, 0, 0, 0, 0),
            "side_equal": 7,
            "egalitarian": 59,
            "balanced": 33,
            "min_regret": 6,
        },
    ),
    "S20": (
        S20,
        {
            "rank_maximal": (13, 5, 7, 2, 1, 5, 0, 0, 0, 1, 0, 0, 0, 0, 2, 1, 2, 0, 1, 0),
            "generous": (10, 4, 6, 6, 2, 5, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0),
            "side_equal": 3,
            "egalitarian": 172,
            "balanced": 92,
            "min_regret": 15,
        },
    ),
}


@pytest.mark.parametrize("name", FAIR)
@pytest.mark.parametrize("file", RESULTS)
def test_cooper_manlove_2019(file: str, name: str) -> None:
    """The fairest stable matchings are as fair as those of their software."""
    tables, wanted = RESULTS[file]
    men, women = (
        [[[int(other) - 1] for other in line.split()] for line in table.splitlines()]
        for table in tables
    )
    solution = solve(Instance.from_rankings(men, women), ("stability", name))
    value = solution.objectives[name]
    if name == "rank_maximal":  # with a last entry: nobody is alone
        assert isinstance(value, tuple)
        assert value[-1] == 0
        value = value[:-1]
    if name == "generous":
        assert isinstance(value, tuple)
        assert value[0] == 0
        value = value[:0:-1]
    assert value == wanted[name]
    assert solution.status == "optimal"
    assert solution.objectives["stability"] == 0


# ----------------------------------------------------------------------------------- other packages


def test_sage_letters() -> None:
    """SageMath, ``MatchingGame``: the first example of its page, solved for the suitors."""
    instance = Instance.from_rankings(
        _lists(["0321", "0123", "1320", "2013"]), _lists(["2013", "0321", "1320", "3102"])
    )
    solution = solve(_favouring(instance, 0), ("stability", "score"))
    assert made(instance, solution) == ((0, 0), (1, 2), (2, 3), (3, 1))


@pytest.mark.parametrize(
    ("side", "wanted"),
    [(0, ((0, 0), (1, 2), (2, 1))), (1, ((0, 1), (1, 2), (2, 0)))],
    ids=["suitors", "reviewers"],
)
def test_sage_inverted(side: int, wanted: Matching) -> None:
    """SageMath, ``MatchingGame``: three and three, best for one side and for the other."""
    instance = Instance.from_rankings(_lists(["012", "120", "102"]), _lists(["120", "021", "012"]))
    assert made(instance, solve(_favouring(instance, side), ("stability", "score"))) == wanted


def test_matchingr_by_hand() -> None:
    """The R package matchingR, ``GALESHAPLEY.md``: three men and three women, in five rounds."""
    instance = Instance.from_rankings(_lists(["012", "201", "210"]), _lists(["210", "012", "210"]))
    solution = solve(_favouring(instance, 0), ("stability", "score"))
    assert made(instance, solution) == ((0, 1), (1, 0), (2, 2))


@pytest.mark.parametrize(
    ("third", "of_third", "size"), [("012", "012", 3), ("0", "01", 2)], ids=["simple", "nocomplete"]
)
def test_pyhrtc_largest(third: str, of_third: str, size: int) -> None:
    """pyhrtc, ``tests/test_solve.py``: the sizes of the largest stable matchings of its files."""
    instance = Instance.from_rankings(
        _lists(["012", "102", third]), _lists(["102", "102", of_third])
    )
    assert solve(instance, ("stability", "pairs")).objectives == {"stability": 0, "pairs": size}


# ------------------------------------------------------------------------------------------ by hand


@pytest.mark.parametrize(
    ("mentors", "weak", "strong", "super_"),
    [
        ([[[0], [1]], [[1], [0]]], 2, 1, 1),
        ([[[0, 1]], [[0, 1]]], 2, 2, 0),
        ([[[0], [1]], [[0], [1]]], 2, 0, 0),
    ],
    ids=["super", "strong", "weak"],
)
def test_kinds_of_stability(
    mentors: list[list[list[int]]], weak: int, strong: int, super_: int
) -> None:
    """How many of the matchings of two and two are stable, where both mentees are indifferent.

    Made by hand after the definitions of Irving (*Stable marriage and indifference*, 1994): what is
    super-stable is strongly stable, what is so is weakly stable, and there may be none of either.
    """
    kinds: tuple[tuple[Stability, int], ...] = (
        ("weak", weak),
        ("strong", strong),
        ("super", super_),
    )
    for stability, count in kinds:
        instance = Instance.from_rankings(mentors, [[[0, 1]], [[0, 1]]]).replace(
            stability=stability
        )
        assert len(stable_matchings(instance)) == count
        solution = solve(instance, ("stability", "pairs"))
        assert (solution.objectives["stability"] == 0) == (count > 0)
        assert_best(instance, ("stability", "pairs"), solution)


def test_leximin_is_not_the_best_sum() -> None:
    """Made by hand: 9 and 1 come to more than 4 and 4, and leave somebody with 1."""
    instance = Instance.from_scores([[9, 4], [4, 1]])
    assert solve(instance, ("pairs", "score")).objectives["score"] == 10
    solution = solve(instance, ("leximin",))
    assert made(instance, solution) == ((0, 1), (1, 0))
    assert solution.objectives["leximin"] == (4, 4, 4, 4)


def test_leximin_goes_on_after_the_worst_off() -> None:
    """Made by hand: one person can have no more than 2; the others are not left at that."""
    instance = Instance.from_scores([[2, 0, 0], [0, 3, 8], [0, 7, 5]])
    solution = solve(instance, ("pairs", "leximin"))
    assert solution.objectives["leximin"] == (2, 2, 7, 7, 8, 8)
