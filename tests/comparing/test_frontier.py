"""What blocking pairs buy, as people see it: the table, the sentence, the chart, the matchings."""

from __future__ import annotations

import re
import sys
import threading
from typing import Any

import pytest

import rmatch
from rmatch.comparing import Frontier, FrontierPoint
from rmatch.comparing.frontier_words import Figures, notes_on, summary
from rmatch.generating import CohortShape, generate
from rmatch.solution import Progress

STABLE = ("pairs", "people", "priority", "stability", "score")
SHAPE = CohortShape(
    mentors=30, mentees=15, mentee_capacity=(1.0,), specialties=8, employers=4, no_choices=0.25
)


@pytest.fixture(scope="module")
def programme() -> rmatch.Programme:
    """Fifteen pairs of thirty mentors, so that stability costs something."""
    return generate(SHAPE, seed=4)


@pytest.fixture(scope="module")
def frontier(programme: rmatch.Programme) -> Frontier:
    return rmatch.price_of_stability(programme)


def crossed() -> rmatch.Instance:
    """Two a side: liked are M0–S0 and M1–S1, at 5 each; the other way round scores 8 each."""
    return rmatch.Instance.from_rankings(
        mentors=[[[0], [1]], [[1], [0]]],
        mentees=[[[0], [1]], [[1], [0]]],
        score=[[5, 8], [8, 5]],
    )


def test_the_ends_are_those_of_solving(programme: rmatch.Programme, frontier: Frontier) -> None:
    """The most stable and the best in score are known without the curve."""
    left = rmatch.solve(programme, objectives=STABLE)
    right = rmatch.solve(programme, strategy="best_score")
    assert frontier.is_whole
    assert frontier.points[0].blocking == frontier.fewest == left.objectives["stability"]
    assert frontier.points[0].score == left.objectives["score"] / 100  # type: ignore[operator]
    assert frontier.points[-1].score == right.objectives["score"] / 100  # type: ignore[operator]
    assert frontier.points[-1].loss == 0
    assert frontier.points[-1].blocking <= len(right.blocking_pairs)


def test_every_matching_passes_the_audit_and_is_what_its_point_says(frontier: Frontier) -> None:
    """Pairs, blocking pairs and score are counted again, in code that solves nothing."""
    assert len(frontier.points) > 5
    for point in frontier.points:
        audit = point.matching.verify()
        assert audit.ok, str(audit)
        assert len(point.matching.pairs) == point.pairs
        assert len(point.matching.blocking_pairs) == point.blocking
        assert round(sum(pair.score for pair in point.matching.pairs), 2) == point.score


def test_only_the_most_stable_matching_claims_its_levels(frontier: Frontier) -> None:
    """With a blocking pair more the level of stability is not at its best, and says so."""
    first, *others = (point.matching for point in frontier.points)
    assert first.status == "optimal"
    assert {other.status for other in others} == {"feasible"}


def test_an_instance_is_told_in_its_own_units() -> None:
    """Integers stay integers; the sentence says what stability costs."""
    found = rmatch.price_of_stability(crossed())
    assert [(one.blocking, one.score, one.loss) for one in found.points] == [
        (0, 10, 0.375),
        (2, 16, 0.0),
    ]
    assert str(found).splitlines() == [
        "blocking  the same",
        "   pairs     up to  pairs  score    loss",
        "────────  ────────  ─────  ─────  ──────",
        "       0         1      2     10  37.5 %",
        "       2       any      2     16   0.0 %",
        "No pair blocks at 10; allowing 2 blocking pairs buys 6 points (37.5 %); more",
        "than 2 buys nothing.",
        "Per cent are of the best score, 16.",
    ]
    assert repr(found) == "Frontier(2 points, at least 0 blocking, whole)"


def test_stability_that_costs_nothing_is_one_point() -> None:
    """The shipped example: the best score has no blocking pair."""
    found = rmatch.price_of_stability(rmatch.examples.path("east-of-england"))
    assert [one.blocking for one in found.points] == [0]
    assert found.summary == "No pair blocks at 931.5, and nothing scores more."


def test_statements_and_kinds_of_stability_are_kept() -> None:
    """A pair that must be made leaves one matching; indifference blocks under ``super``."""
    found = rmatch.price_of_stability(crossed(), constraints=[rmatch.MustPair("M0", "S1")])
    assert [(one.blocking, one.score) for one in found.points] == [(0, 16)]
    tied = rmatch.Instance.from_rankings(mentors=[[[0]], [[0]]], mentees=[[[0, 1]]])
    assert rmatch.price_of_stability(tied).fewest == 0
    assert rmatch.price_of_stability(tied, stability="super").fewest == 1


def test_pairs_made_before_are_broken_no_more_than_must_be() -> None:
    """Where there are such pairs, they come before stability, as in solving."""
    standing = crossed().replace(standing=[True, False, False, True])
    found = rmatch.price_of_stability(standing)
    assert [(one.blocking, one.score) for one in found.points] == [(0, 10)]


def test_what_cannot_hold_names_the_statements() -> None:
    """The same error as of solving, with the minimal set."""
    both = [rmatch.MustPair("M0", "S0"), rmatch.MustPair("M1", "S0")]
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.price_of_stability(crossed(), constraints=both)
    assert len(caught.value.statements) >= 2


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"time_limit": -1}, ValueError),
        ({"stability": "solid"}, ValueError),
        ({"cancel": "now"}, TypeError),
        ({"time_limit": 0}, rmatch.TimeLimitError),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: dict[str, Any], error: type[Exception]
) -> None:
    """As by ``rmatch.solve``; no time at all leaves no curve."""
    with pytest.raises(error):
        rmatch.price_of_stability(crossed(), **options)


@pytest.fixture(scope="module")
def cut(programme: rmatch.Programme) -> Frontier:
    """Stopped at the second number of blocking pairs that is looked at."""
    cancel = threading.Event()
    levels: set[str] = set()

    def stop(now: Progress) -> None:
        levels.add(now.level)
        if len([one for one in levels if "at most" in one]) == 2:
            cancel.set()

    return rmatch.price_of_stability(programme, cancel=cancel, progress=stop)


def test_a_curve_that_was_stopped_says_what_is_not_known(cut: Frontier) -> None:
    """The open row says from where on, and how much there could be at most."""
    assert not cut.is_whole
    is_open = [one for one in cut.points if not one.is_closed]
    assert len(is_open) == 1
    assert is_open[0].bound is not None
    text = str(cut)
    assert f"from {is_open[0].blocking + 1} on: {is_open[0].bound:.1f} at most" in text
    assert f"In 1 of {len(cut.points)} rows the time was up" in text
    assert "not whole" in repr(cut)


def test_the_frame_has_a_row_per_point_and_no_matchings(frontier: Frontier) -> None:
    """Everything but the matchings, which are no data."""
    pytest.importorskip("pandas")
    frame = frontier.to_frame()
    assert frame["blocking"].tolist() == [one.blocking for one in frontier.points]
    assert frame.columns.tolist() == [
        *("at_most", "blocking", "score", "loss", "pairs", "is_proved", "bound"),
    ]


def test_a_notebook_shows_the_sentence_and_the_table(frontier: Frontier) -> None:
    """One row per point below the header, and nobody's id."""
    page = frontier._repr_html_()
    assert page.count("<tr>") == len(frontier.points) + 1
    assert "At least 1 pair blocks, at" in page
    assert not re.search(r"\b[MS]\d\d", page + str(frontier) + repr(frontier.points))


def test_the_chart_has_a_dot_per_point_and_labels_that_do_not_touch(
    frontier: Frontier, cut: Frontier
) -> None:
    """Its ends bear labels; what is open has a rule up to its bound."""
    pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[plot]'")
    chart = frontier.plot().to_dict()
    rows = chart["layer"][1]["data"]["values"] if "data" in chart["layer"][1] else None
    rows = rows or chart["data"]["values"]
    assert [row["score"] for row in rows] == [one.score for one in frontier.points]
    assert rows[-1]["label"] == "best"
    assert rows[0]["label"].startswith("\N{MINUS SIGN}")
    assert " ".join(chart["title"]["subtitle"]) == frontier.summary
    marks = [layer["mark"]["type"] for layer in cut.plot().to_dict()["layer"]]
    assert marks == ["rule", "line", "point", "text"]


def test_the_chart_is_a_picture_also_where_there_is_one_point(frontier: Frontier) -> None:
    """A span of nothing is no span that a picture could be drawn over."""
    pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[plot]'")
    convert = pytest.importorskip("vl_convert", reason="pip install 'rmatch[plot]'")
    one = Frontier(frontier.points[:1], frontier.fewest, 0.0)
    for shown in (one, frontier):
        svg = convert.vegalite_to_svg(shown.plot().to_json())
        assert svg.count('aria-roledescription="point"') == len(shown.points)


def test_a_missing_altair_names_its_pip_command(
    frontier: Frontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is the fix."""
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(rmatch.MissingExtraError, match=r"pip install 'rmatch\[plot\]'"):
        frontier.plot()


# -------------------------------------------------------------------------------------------- words


def figures(
    blocking: tuple[int, ...],
    scores: tuple[float, ...],
    *,
    closed: tuple[bool, ...] = (True, True, True),
    fewest: int = 0,
    most: float | None = None,
) -> Figures:
    top = scores[-1] if most is None else most
    losses = tuple((top - one) / top if top else 0.0 for one in scores)
    return Figures(blocking, scores, losses, closed[: len(scores)], fewest, top)


def test_the_sentence_names_where_half_is_had() -> None:
    """A coordinator wants to know what the first few blocking pairs buy."""
    assert summary(figures((0, 3, 9), (812.4, 823.6, 825.0))) == (
        "No pair blocks at 812.4; allowing 3 blocking pairs buys 11.2 points (1.4 %), "
        "allowing 9 buys 12.6 (1.5 %); more than 9 buys nothing."
    )


def test_the_sentence_claims_no_end_that_is_not_proved() -> None:
    """Where the best score is open, more blocking pairs may buy more."""
    told = summary(figures((0, 1), (10.0, 12.0), closed=(True, False)))
    assert told == "No pair blocks at 10.0; allowing 1 blocking pair buys 2.0 points (16.7 %)."
    assert summary(figures((2,), (10.0,), closed=(False,))) == "2 blocking pairs at 10.0."


def test_per_cent_are_of_no_best_score_that_is_not_proved() -> None:
    """Where it is open they are of its bound, or of the best that was found, and that is said."""
    is_open = (True, False)
    bounded = notes_on(figures((0, 1), (10.0, 12.0), closed=is_open, most=16.0))
    assert bounded[0] == "Per cent are of 16.0, which no matching exceeds."
    unknown = notes_on(figures((0, 1), (10.0, 12.0), closed=is_open))
    assert unknown[0] == "Per cent are of the best score that was found, 12.0."


def test_the_fewest_that_is_proved_is_told_from_the_fewest_found() -> None:
    """An open beginning says what is not ruled out."""
    proved, found = figures((2,), (10.0,), fewest=2), figures((5,), (10.0,), fewest=2)
    assert summary(proved) == "At least 2 pairs block, at 10.0, and nothing scores more."
    assert summary(found) == "5 blocking pairs at 10.0, and nothing scores more."
    assert notes_on(proved) == []
    assert notes_on(found) == [
        "Whether fewer than 5 can block was not settled in the time; "
        "2 is the least that is not ruled out."
    ]


def test_nothing_to_match_is_a_curve_of_one_point() -> None:
    """Nobody and no score: nothing is lost."""
    found = rmatch.price_of_stability(rmatch.Instance.from_rankings(mentors=[], mentees=[]))
    assert [(one.score, one.loss, one.pairs) for one in found.points] == [(0, 0.0, 0)]
    assert found.is_whole
    assert isinstance(found.points[0], FrontierPoint)


def test_a_curve_of_one_point_has_one_number_below_it() -> None:
    """Halves to its left and right would be labelled as whole numbers that they are not."""
    pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[plot]'")
    found = rmatch.price_of_stability(rmatch.examples.path("east-of-england"))
    assert len(found.points) == 1
    assert '"values": [0]' in found.plot().to_json(indent=None)
