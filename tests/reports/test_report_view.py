"""What each audience sees of a matching in a report: decided once, before any page or sheet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

import rmatch
from other_answers import same_pairs
from rmatch.errors import RmatchError
from rmatch.explaining.level_words import LEVELS, goal
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.reports.view import ReportView
from rmatch.reports.viewing import report_view
from rmatch.solution import TOO_LARGE, status_of
from rmatch.testing import programmes
from shown import in_full

EAST, TWO = "east-of-england", "two-trusts"
AUDIENCES = ("panel", "coordinator", "auditor")


def texts(value: Any) -> Iterator[str]:
    """Every text in a record, at whatever depth."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from texts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)


def all_text(view: ReportView) -> str:
    """Everything that a view says."""
    return "\n".join(texts(view))


# ------------------------------------------------------------------------------- who sees what


def test_a_panel_is_the_reader_unless_somebody_says_otherwise(east: Matching) -> None:
    """A Dean may be a participant."""
    assert report_view(east, time_limit=0) == report_view(east, "panel", time_limit=0)


def test_a_panel_sees_no_scores_ranks_blocking_pairs_or_score_array(two: Matching) -> None:
    """They are not in the record at all."""
    view = report_view(two, "panel", time_limit=0)
    assert [pair.detail for pair in view.pairs] == [None] * 38
    assert view.blocking is None
    assert view.scores is None
    assert {row.name: row.value for row in view.levels}["score"] == ""
    assert [person.fixes for person in view.unmatched] == [(), ()]
    assert "rank" not in "".join(text for pair in view.pairs for text in texts(pair)).casefold()


def test_the_coordinator_sees_points_of_both_sides_and_every_score(two: Matching) -> None:
    """As matching.pairs and matching.why have them."""
    view = report_view(two, "coordinator", time_limit=0)
    assert view.scores is not None
    for pair, shown in zip(two.pairs, view.pairs, strict=True):
        assert shown.detail is not None
        assert shown.detail.score == pair.score
        assert (shown.detail.mentor.rank, shown.detail.mentee.rank) == (
            pair.mentor_rank,
            pair.mentee_rank,
        )
        assert sum(points for _, points in shown.detail.points) == pytest.approx(pair.score, abs=1)
        row, column = view.scores.mentors.index(pair.mentor), view.scores.mentees.index(pair.mentee)
        assert view.scores.scores[row][column] == pair.score
    allowed = sum(score is not None for row in view.scores.scores for score in row)
    assert allowed == two.instance.n_pairs


def test_an_auditor_meets_pseudonyms_codes_and_the_hash(two: Matching) -> None:
    """No id, no name and nobody's own words; in an order that tells nobody's place."""
    view = report_view(two, "auditor", names=True, time_limit=0)
    told = all_text(view)
    assert two.programme is not None
    for person in two.programme.people:
        assert two.pseudonyms.names[person.id] in told
        assert person.id not in told.replace(two.pseudonyms.names[person.id], "").split()
        assert str(person.name) not in told
        assert str(person.employer) not in told
    assert view.input_hash == two.input_hash
    assert [pair.mentor.id for pair in view.pairs] == sorted(p.mentor.id for p in view.pairs)


def test_an_auditor_cannot_tell_places_from_whom_a_question_is_about(two: Matching) -> None:
    """The partners' pseudonyms stand in their own order, not in that of the programme."""
    asked = [one.partners for one in report_view(two, "auditor", time_limit=0).questions]
    assert any(len(partners) > 1 for partners in asked)
    assert asked == [tuple(sorted(partners)) for partners in asked]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_names_stand_there_only_when_asked_for(audience: str, two: Matching) -> None:
    """By default ids alone."""
    assert two.programme is not None
    told = all_text(report_view(two, audience, time_limit=0))
    named = all_text(report_view(two, audience, names=True, time_limit=0))
    for person in two.programme.people:
        assert str(person.name) not in told
        assert (str(person.name) in named) is (audience != "auditor")
        assert str(person.email) not in named


def test_vetoes_and_confidential_rules_read_confidential_unless_revealed(two: Matching) -> None:
    """To the coordinator alone are they ever revealed."""
    for audience in AUDIENCES:
        told = all_text(report_view(two, audience, time_limit=0))
        assert "veto" not in told.casefold()
    assert "(veto)" in all_text(report_view(two, "coordinator", reveal=True, time_limit=0))
    assert "veto" not in all_text(report_view(two, "panel", reveal=True, time_limit=0)).casefold()


def test_a_participant_is_pointed_to_their_letter(east: Matching) -> None:
    """No report is theirs."""
    with pytest.raises(ValueError, match=r"matching\.letters"):
        report_view(east, "participant")


def test_an_unknown_audience_and_a_time_limit_below_0_are_refused(east: Matching) -> None:
    """With what is known."""
    with pytest.raises(ValueError, match="known are"):
        report_view(east, "public")
    with pytest.raises(ValueError, match="seconds from 0"):
        report_view(east, time_limit=-1)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_instance_made_without_people_has_a_report_too(audience: str) -> None:
    """Ids alone, scores as they were given, no settings."""
    scores = np.array([[7, 3, 1], [6, 5, 2], [9, 8, 4], [1, 1, 1]])
    view = report_view(rmatch.solve(Instance.from_scores(scores)), audience, time_limit=2)
    assert len(view.pairs) == 3
    assert len(view.unmatched) == 1
    assert view.settings == ()
    assert not view.for_people


def test_what_was_stated_of_people_is_the_coordinators_to_know() -> None:
    """Others read how much was stated; of pairs that must not be made, not even that."""
    programme = Programme(
        mentors=[{"id": f"M{k}", "capacity": 2} for k in range(4)],
        mentees=[{"id": f"S{k}"} for k in range(4)],
        settings={
            "must_pair": [("M0", "S0")],
            "must_not_pair": [("M1", "S1")],
            "maximum_load": {"M2": 1},
            "waivers": [("M3", "S3", "same_employer")],
            "quotas": {"some": "at most 4 pairs"},
        },
    )
    matching = rmatch.solve(programme)
    rows = {
        audience: {
            row.name: row.value
            for row in report_view(matching, audience, time_limit=0).settings
            if row.kind in ("Stated", "Waived")
        }
        for audience in AUDIENCES
    }
    assert rows["coordinator"] == {
        "Pairs that must be made": "M0 with S0",
        "Pairs that must not be made": "M1 with S1",
        "Partners of M2": "at most 1",
        "M3 with S3": "Same employer (trust) (same_employer)",
        "Quota some": "at most 4 pairs",
    }
    counts = {"Pairs that must be made": "1", "People with a number of partners stated": "1"}
    assert rows["panel"] == {**counts, "Quota some": "at most 4 pairs"}
    assert rows["auditor"] == {**counts, "Quota": "on pairs"}


# ------------------------------------------------------------------------------------- the words


def test_every_objective_says_what_it_asks_for() -> None:
    """In words that are not its name."""
    assert all("_" not in goal(name) and len(goal(name).split()) > 3 for name in LEVELS)


def test_what_was_not_proved_is_not_called_the_best(east: Matching) -> None:
    """In the headline, the summary and the levels."""
    levels = tuple(
        dataclasses.replace(level, bound=level.value + 1, proof="open")
        if level.name == "score" and isinstance(level.value, int)
        else level
        for level in east.solution.levels
    )
    solution = dataclasses.replace(east.solution, levels=levels, status=status_of(levels))
    matching = dataclasses.replace(east, solution=solution)
    for audience in AUDIENCES:
        view = report_view(matching, audience, time_limit=0)
        assert "not proved the best" in view.headline
        assert not view.is_proved
        assert "Not proved: the highest total score of the pairs." in all_text(view)
        assert [row.is_proved for row in view.levels] == [level.proved for level in levels]
    assert "at most" not in report_view(matching, "panel", time_limit=0).levels[5].proof
    assert "at most" in report_view(matching, "coordinator", time_limit=0).levels[5].proof


def test_a_level_that_is_open_for_the_number_of_pairs_is_not_laid_to_the_time(
    east: Matching,
) -> None:
    """Whoever reads it need not try again with more time."""
    levels = tuple(
        dataclasses.replace(level, bound=None, proof="open") for level in east.solution.levels
    )
    late = dataclasses.replace(east.solution, levels=levels, status=status_of(levels))
    large = dataclasses.replace(late, method=f"flow, {TOO_LARGE}")
    for solution, words in ((late, "The time was up"), (large, "There are too many pairs")):
        view = report_view(dataclasses.replace(east, solution=solution), time_limit=0)
        assert words in all_text(view)
    assert "The time was up" not in all_text(view)


def test_the_summary_says_what_was_asked_came_out_is_proved_and_needs_an_eye(two: Matching) -> None:
    """In this order, as many aims as there are levels."""
    view = report_view(two, time_limit=0)
    assert [section.heading for section in view.summary] == [
        "What was asked",
        "What came out",
        "What is proved",
        "What needs a person's eye",
    ]
    assert len(view.summary[0].items) == len(two.order)
    assert "To pair 40 mentors and 27 mentees (38 places)." in view.summary[0].lines
    assert "38 pairs: 65 of 67 people have a partner." in view.summary[1].lines


# --------------------------------------------------------------------------------- non-interference

KEPT_FROM_A_PANEL = {
    "choices": (),
    "vetoes": (),
    "wants": (),
    "offers": (),
    "experience_offered": (),
    "experience_wanted": (),
    "interests": (),
}


def _without_what_is_kept(programme: Programme) -> Programme:
    """Hard conflicts gone too: what a panel is warned of, or was waived, it may see."""
    severities = programme.settings.severities
    seen = {rule for *_, rule in programme.settings.waivers}
    return programme.replace(
        mentors=[p.model_copy(update=KEPT_FROM_A_PANEL) for p in programme.mentors],
        mentees=[p.model_copy(update=KEPT_FROM_A_PANEL) for p in programme.mentees],
        conflicts=[
            one for one in programme.conflicts if severities[one.rule] != "hard" or one.rule in seen
        ],
    )


def _panel_view(matching: Matching) -> ReportView:
    """A panel's view without the number of blocking pairs and the audit, which a panel may see."""
    view = report_view(matching, "panel", time_limit=0)
    counted = {"blocking_count": 0, "summary": (), "audit": None}
    return dataclasses.replace(view, **counted)  # type: ignore[arg-type]


@pytest.mark.parametrize("example", [EAST, TWO])
def test_a_panel_reads_the_same_whatever_people_kept_to_themselves(
    example: str, request: pytest.FixtureRequest
) -> None:
    """Choices, vetoes, conflicts, goals and experience changed; the pairs as they were."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    after = same_pairs(matching, _without_what_is_kept(matching.programme))
    assert after is not None
    assert _panel_view(after) == _panel_view(matching)


@settings(max_examples=40)
@given(programme=in_full(programmes(max_side=3)))
def test_a_panels_view_of_any_programme_depends_on_nothing_that_is_kept(
    programme: Programme,
) -> None:
    """Whole programmes, with vetoes and conflicts gone."""
    try:
        matching = rmatch.solve(programme)
    except RmatchError:
        assume(False)
    after = same_pairs(matching, _without_what_is_kept(programme))
    assume(after is not None)
    assert after is not None
    assert _panel_view(after) == _panel_view(matching)
