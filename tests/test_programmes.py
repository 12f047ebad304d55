"""Whole programmes: scoring against the audit, cell by cell; solved ones legal and audited."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from fuzzing import fuzzed
from rmatch.audit import recompute
from rmatch.matching import Matching
from rmatch.programme import Participant, Programme
from rmatch.scoring import score
from rmatch.testing import FACETS, programmes
from shown import in_full

PROGRAMMES = in_full(programmes())
# Roles meet the people they are about only where training and work are told as well.
PROGRAMMES_WITH_ROLES = in_full(
    programmes(max_side=3, filled=("roles", "training", "work", "confirmations"))
)
PROGRAMMES_WITH_CONFLICTS = in_full(
    programmes(max_side=4, filled=("conflicts", "managers", "history", "next post"))
)
IN_FULL = in_full(programmes(max_side=4, filled=FACETS))
KINDS = {
    "any": PROGRAMMES,
    "with roles": PROGRAMMES_WITH_ROLES,
    "with conflicts": PROGRAMMES_WITH_CONFLICTS,
    "in full": IN_FULL,
}

STABLE_FIRST = ("stability", "pairs", "people", "priority", "warnings", "score", "tie_break")
HOW: tuple[dict[str, Any], ...] = (
    {},
    {"strategy": "stable"},
    {"strategy": "best_score"},
    {"objectives": STABLE_FIRST},
)
EVERY_WAY = st.sampled_from(HOW)


def every_pair(programme: Programme) -> list[tuple[str, str]]:
    return [(m.id, s.id) for m in programme.mentors for s in programme.mentees]


# ---------------------------------------------------------------------------- scoring and the audit


@fuzzed
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_rules_are_those_the_audit_finds(kind: str, data: st.DataObject) -> None:
    """Arrays and plain loops name the same exclusions, warnings, questions and waivers."""
    programme = data.draw(KINDS[kind])
    scores, truth = score(programme), recompute(programme)
    for pair in every_pair(programme):
        facts = truth.pairs[pair]
        assert tuple(sorted(scores.why_excluded(*pair, reveal=True))) == facts.excluded
        assert tuple(sorted(scores.warned(*pair, reveal=True))) == facts.warned
        assert tuple(sorted(scores.unknown(*pair, reveal=True))) == facts.questions
        assert tuple(sorted(scores.waived(*pair))) == facts.waived
        assert scores.acceptable[scores.locate(*pair)] == facts.acceptable


@fuzzed
@given(programme=PROGRAMMES)
def test_points_are_those_the_audit_finds(programme: Programme) -> None:
    """Side scores, pair scores and every criterion's points agree for every pair."""
    scores, truth = score(programme), recompute(programme)
    for pair in every_pair(programme):
        facts, place = truth.pairs[pair], scores.locate(*pair)
        assert scores.mentor_points[place] == facts.mentor_score
        assert scores.mentee_points[place] == facts.mentee_score
        assert scores.points[place] == facts.score
        assert scores.breakdown(*pair) == truth.breakdown(*pair)


@fuzzed
@given(programme=PROGRAMMES)
def test_what_is_not_stated_is_what_the_audit_finds_missing(programme: Programme) -> None:
    """A value that was filled in with the mean is never passed off as stated, nor the reverse."""
    scores, truth = score(programme), recompute(programme)
    for pair in every_pair(programme):
        filled_in = {
            (criterion, side)
            for criterion, points in scores.breakdown(*pair).items()
            for side, value in zip(("mentor", "mentee"), points, strict=True)
            if value is not None and not scores.is_stated(criterion, side, *pair)
        }
        assert filled_in == truth.not_stated(*pair)


@fuzzed
@given(programme=PROGRAMMES)
def test_the_instance_holds_what_the_audit_finds(programme: Programme) -> None:
    """The solver is handed the acceptable pairs with the ranks and scores that the audit finds."""
    instance, truth = score(programme).instance, recompute(programme)
    pairs = [
        (instance.mentor_ids[i], instance.mentee_ids[j])
        for i, j in zip(instance.mentor, instance.mentee, strict=True)
    ]
    assert set(pairs) == {pair for pair, facts in truth.pairs.items() if facts.acceptable}
    for at, pair in enumerate(pairs):
        facts = truth.pairs[pair]
        assert instance.mentor_rank[at] == facts.mentor_rank
        assert instance.mentee_rank[at] == facts.mentee_rank
        assert instance.score[at] == facts.score
        assert instance.mentor_score[at] == facts.mentor_score
        assert instance.mentee_score[at] == facts.mentee_score
        assert instance.warned[at] == bool(facts.warned)
    assert instance.mentor_capacity.tolist() == [m.capacity for m in programme.mentors]
    assert instance.mentee_capacity.tolist() == [s.capacity for s in programme.mentees]
    carried_over = [person.id for person in programme.people if person.carried_over]
    weights = [*instance.mentor_priority.tolist(), *instance.mentee_priority.tolist()]
    ids = [*instance.mentor_ids, *instance.mentee_ids]
    assert [name for name, weight in zip(ids, weights, strict=True) if weight] == carried_over


@fuzzed
@given(programme=PROGRAMMES)
def test_the_cost_matrix_is_infinite_exactly_where_a_pair_is_excluded(
    programme: Programme,
) -> None:
    """Whoever solves the cost matrix elsewhere cannot choose an excluded pair by mistake."""
    scores = score(programme)
    assert scores.cost.shape == (len(programme.mentors), len(programme.mentees))
    assert np.array_equal(np.isfinite(scores.cost), scores.acceptable)


# --------------------------------------------------------------------------------- solved and legal


def made(matching: Matching) -> set[tuple[str, str]]:
    """Who is paired with whom, by id."""
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


def levels(matching: Matching) -> dict[str, int]:
    """Every level's value, the tie-break's included."""
    return dict(matching.solution.objectives)


@fuzzed
@given(programme=PROGRAMMES, how=EVERY_WAY)
def test_no_hard_rule_is_ever_broken_and_every_claim_holds(
    programme: Programme, how: dict[str, Any]
) -> None:
    """The audit, which shares no code with scoring and solving, finds nothing wrong."""
    matching = rmatch.solve(programme, **how)
    truth = recompute(programme)
    for pair in made(matching):
        assert truth.pairs[pair].excluded == ()
    verdict = matching.verify()
    assert verdict.ok, [(f.message, f.claimed, f.found) for f in verdict.findings]
    assert matching.status == "optimal"


@fuzzed
@given(programme=PROGRAMMES, how=EVERY_WAY)
def test_everybody_is_paired_within_capacity_or_listed_as_unmatched(
    programme: Programme, how: dict[str, Any]
) -> None:
    """Nobody is silently dropped, nobody has more partners than places."""
    matching = rmatch.solve(programme, **how)
    partners = [person for pair in matching.pairs for person in (pair.mentor, pair.mentee)]
    for person in programme.people:
        assert partners.count(person.id) <= person.capacity
    alone = [person.id for person in programme.people if person.id not in partners]
    assert list(matching.unmatched) == alone


@fuzzed
@given(programme=PROGRAMMES, how=EVERY_WAY, data=st.data())
def test_reordering_rows_changes_nothing(
    programme: Programme, how: dict[str, Any], data: st.DataObject
) -> None:
    """Sheets sorted otherwise give the same pairs, with the same scores, at the same levels."""
    shuffled = programme.replace(
        **{
            table: data.draw(st.permutations(getattr(programme, table)))
            for table in ("mentors", "mentees", "conflicts", "history")
        }
    )
    first, second = rmatch.solve(programme, **how), rmatch.solve(shuffled, **how)
    assert sorted(first.pairs, key=_ids) == sorted(second.pairs, key=_ids)
    assert levels(first) == levels(second)
    assert set(first.unmatched) == set(second.unmatched)
    assert set(first.blocking_pairs) == set(second.blocking_pairs)


def _ids(pair: rmatch.Pair) -> tuple[str, str]:
    return pair.mentor, pair.mentee


@fuzzed
@given(programme=PROGRAMMES, how=EVERY_WAY)
def test_renaming_people_changes_the_tie_break_only(
    programme: Programme, how: dict[str, Any]
) -> None:
    """Nobody is helped by a name: with other ids every other level is the same."""
    before = levels(rmatch.solve(programme, **how))
    after = levels(rmatch.solve(renamed(programme), **how))
    before.pop("tie_break")
    after.pop("tie_break")
    assert before == after


def renamed(programme: Programme) -> Programme:
    """The programme with another id for everybody, wherever it stands."""
    new = {person.id: f"Zoë {person.id}" for person in programme.people}
    return programme.replace(
        mentors=[_renamed_person(person, new) for person in programme.mentors],
        mentees=[_renamed_person(person, new) for person in programme.mentees],
        conflicts=[_renamed_ends(conflict, new) for conflict in programme.conflicts],
        history=[_renamed_ends(pair, new) for pair in programme.history],
        settings=programme.settings.model_copy(
            update={
                "coordinators": _renamed(programme.settings.coordinators, new),
                "waivers": tuple(_renamed(one, new) for one in programme.settings.waivers),
            }
        ),
    )


def _renamed(texts: tuple[str, ...], new: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(new.get(text, text) for text in texts)


def _renamed_ends(record: Any, new: Mapping[str, str]) -> Any:
    ends = {side: new.get(getattr(record, side), getattr(record, side)) for side in _ENDS}
    return record.model_copy(update=ends)


_ENDS = ("mentor", "mentee")


def _renamed_person(person: Participant, new: Mapping[str, str]) -> Participant:
    manager, before = person.line_manager, person.prior_experience
    return person.model_copy(
        update={
            "id": new[person.id],
            "choices": tuple(_renamed(group, new) for group in person.choices),
            "vetoes": _renamed(person.vetoes, new),
            "conflicts": _renamed(person.conflicts, new),
            "line_manager": None if manager is None else new.get(manager, manager),
            "supervisors": (
                None if person.supervisors is None else _renamed(person.supervisors, new)
            ),
            "prior_experience": before
            and before.model_copy(update={"partners": _renamed(before.partners, new)}),
            "leadership_roles": tuple(
                role.model_copy(update={"scope": new.get(role.scope, role.scope)})
                for role in person.leadership_roles
            ),
        }
    )


def vetoing(programme: Programme, vetoer: str, vetoed: str) -> Programme:
    """The programme with one veto more."""

    def person(one: Participant) -> Participant:
        return one.model_copy(update={"vetoes": (*one.vetoes, vetoed)}) if one.id == vetoer else one

    return programme.replace(
        mentors=[person(mentor) for mentor in programme.mentors],
        mentees=[person(mentee) for mentee in programme.mentees],
    )


@fuzzed
@given(programme=PROGRAMMES, data=st.data())
def test_a_veto_of_a_pair_that_was_not_made_leaves_best_score(
    programme: Programme, data: st.DataObject
) -> None:
    """Whoever vetoes a partner they did not get changes no level, and nobody's partner."""
    first = rmatch.solve(programme, strategy="best_score")
    spare = [pair for pair in every_pair(programme) if pair not in made(first)]
    assume(spare)
    pair = data.draw(st.sampled_from(spare))
    vetoer, vetoed = data.draw(st.permutations(pair))
    second = rmatch.solve(vetoing(programme, vetoer, vetoed), strategy="best_score")
    assert levels(first) == levels(second)
    assert made(first) == made(second)


@fuzzed
@given(programme=PROGRAMMES, how=EVERY_WAY, data=st.data())
def test_a_vetoed_pair_is_never_made(
    programme: Programme, how: dict[str, Any], data: st.DataObject
) -> None:
    """A veto holds whatever it costs, and reads as confidential unless it is to be revealed."""
    wanted = sorted(made(rmatch.solve(programme, **how)))
    assume(wanted)
    pair = data.draw(st.sampled_from(wanted))
    vetoer, vetoed = data.draw(st.permutations(pair))
    vetoed_programme = vetoing(programme, vetoer, vetoed)
    matching = rmatch.solve(vetoed_programme, **how)
    assert pair not in made(matching)
    assert matching.verify().ok
    assert rmatch.score(vetoed_programme).why_excluded(*pair) == ("confidential",)


@fuzzed
@given(programme=PROGRAMMES)
def test_the_same_programme_and_seed_give_the_same_answer(programme: Programme) -> None:
    """Twice the same pairs, in the same words."""
    first, second = rmatch.solve(programme), rmatch.solve(programme)
    assert first.pairs == second.pairs
    assert levels(first) == levels(second)
    assert str(first) == str(second)


@settings(max_examples=100)
@given(programme=PROGRAMMES)
def test_a_programme_is_solved_in_a_worker_thread(programme: Programme) -> None:
    """A web view or a notebook's thread gets what the main thread gets."""
    found: list[Matching] = []
    thread = threading.Thread(target=lambda: found.append(rmatch.solve(programme)))
    thread.start()
    thread.join()
    assert found[0].pairs == rmatch.solve(programme).pairs


@fuzzed
@given(programme=PROGRAMMES)
def test_who_is_in_no_pair_and_no_words_for_them(programme: Programme) -> None:
    """Everybody can be explained to the coordinator and to the panel, matched or not."""
    matching = rmatch.solve(programme)
    for person in programme.people:
        for audience in ("coordinator", "panel", "participant", "auditor"):
            assert str(matching.explain(person.id, audience, time_limit=0))
