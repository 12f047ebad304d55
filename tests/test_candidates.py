"""Candidate lists: what is in them, what is said of pairs in none, and what users call."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rmatch
from rmatch.audit.among import sampled
from rmatch.audit.rules import world_of
from rmatch.generating import CohortShape, generate
from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS
from rmatch.programme.settings import MOST_CANDIDATES
from rmatch.scoring import candidates, choosing, listing
from rmatch.scoring.lots import mixed, person_lots
from rmatch.scoring.people import People, Side
from rmatch.scoring.pools import Pools
from rmatch.scoring.sampling import sampled_pairs
from rmatch.testing import programmes

TEN_BY_EIGHT = CohortShape(mentors=10, mentees=8, deaneries=3, vetoes=0.5, supervised=0.5)
FORTY = CohortShape(mentors=40, mentees=30, deaneries=3, vetoes=0.3)


def id_pairs(scores: rmatch.CandidateScores) -> set[tuple[str, str]]:
    """The candidates by id."""
    mentors, mentees = scores.programme.mentors, scores.programme.mentees
    ends = zip(scores.rows.tolist(), scores.columns.tolist(), strict=True)
    return {(mentors[i].id, mentees[j].id) for i, j in ends}


def chosen(programme: rmatch.Programme) -> set[tuple[str, str]]:
    """Every choice of either side."""
    found = {(m.id, s) for m in programme.mentors for group in m.choices for s in group}
    return found | {(m, s.id) for s in programme.mentees for group in s.choices for m in group}


def naive(programme: rmatch.Programme, k: int) -> set[tuple[str, str]]:
    """The lists by their definition: everybody sorted, the first k taken."""
    scores = rmatch.score(programme, candidates="all")
    allowed = scores.acceptable
    seed = programme.settings.seed
    lots = [
        person_lots(seed, [person.id for person in side])
        for side in (programme.mentors, programme.mentees)
    ]
    ties = [mixed(lots[0][:, None], lots[1]), mixed(lots[1][:, None], lots[0]).T]
    mentors, mentees = programme.mentors, programme.mentees
    found = set()
    for i, mentor in enumerate(mentors):
        free = [j for j in range(len(mentees)) if allowed[i, j]]
        free.sort(key=lambda j, i=i: (-scores.mentor_points[i, j], ties[0][i, j]))  # type: ignore[misc]
        found |= {(mentor.id, mentees[j].id) for j in free[:k]}
        free.sort(key=lambda j, i=i: (-scores.points[i, j], ties[0][i, j]))  # type: ignore[misc]
        found |= {(mentor.id, mentees[j].id) for j in free[: listing.by_pair(k)]}
    for j, mentee in enumerate(mentees):
        free = [i for i in range(len(mentors)) if allowed[i, j]]
        free.sort(key=lambda i, j=j: (-scores.mentee_points[i, j], ties[1][i, j]))  # type: ignore[misc]
        found |= {(mentors[i].id, mentee.id) for i in free[:k]}
        free.sort(key=lambda i, j=j: (-scores.points[i, j], ties[1][i, j]))  # type: ignore[misc]
        found |= {(mentors[i].id, mentee.id) for i in free[: listing.by_pair(k)]}
    named = chosen(programme) | set(programme.settings.must_pair)
    named |= {(mentor, mentee) for mentor, mentee, _ in programme.settings.waivers}
    return found | {pair for pair in named if not scores.why_excluded(*pair)}


# What is in the lists -----------------------------------------------------------------------------


@given(programme=programmes())
def test_with_places_for_everybody_the_instance_is_that_of_all_pairs(
    programme: rmatch.Programme,
) -> None:
    """Lists as long as the other side are the dense scores, array by array."""
    every = rmatch.score(programme, candidates="all").instance
    listed = rmatch.score(programme, candidates=10).instance
    for name in (*PAIR_ARRAYS, *PERSON_ARRAYS):
        assert np.array_equal(getattr(every, name), getattr(listed, name)), name
    assert (every.mentor_ids, every.mentee_ids) == (listed.mentor_ids, listed.mentee_ids)


@given(programme=programmes(), k=st.integers(1, 4), pool=st.sampled_from([1, 2, 200]))
def test_lists_hold_the_best_of_each_side_and_every_choice(
    programme: rmatch.Programme, k: int, pool: int
) -> None:
    """The lists are those of their definition where a pool holds everybody.

    From smaller pools come other lists, as long, with every choice and without a forbidden pair.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "LEAST_POOL", pool)
        patch.setattr(listing, "POOL", 1)
        patch.setattr(listing, "LEAST_BY_PAIR", 1)
        scores = rmatch.score(programme, candidates=k)
        expected = naive(programme, k)
    found = id_pairs(scores)
    if pool == 200:
        assert found == expected
    assert chosen(programme) & expected <= found
    assert not [pair for pair in found if scores.why_excluded(*pair)]
    for person in programme.people:
        wanted = sum(person.id in pair for pair in naive(programme, 99))
        assert sum(person.id in pair for pair in found) >= min(k, wanted)


@given(programme=programmes(), k=st.integers(1, 3), shuffle=st.randoms())
def test_the_order_of_people_is_no_matter(
    programme: rmatch.Programme, k: int, shuffle: random.Random
) -> None:
    """The same pairs are candidates, and score the same, whatever the order in the file."""
    sides = [list(programme.mentors), list(programme.mentees)]
    for side in sides:
        shuffle.shuffle(side)
    other = programme.replace(mentors=sides[0], mentees=sides[1])
    one, two = (rmatch.score(p, candidates=k) for p in (programme, other))
    assert id_pairs(one) == id_pairs(two)
    assert all(one.points_of(*pair) == two.points_of(*pair) for pair in id_pairs(one))


def test_pools_do_not_hang_on_the_order_of_people() -> None:
    """A pool holds the same people when both sides are turned round."""
    programme = generate(FORTY, 3)
    turned = programme.replace(mentors=programme.mentors[::-1], mentees=programme.mentees[::-1])
    found = []
    for one in (programme, turned):
        pools = _pools(one, "mentor")
        persons = pools.by_wants(np.arange(40)).tolist()
        taken = pools.take(persons, 0, 7)
        found.append(
            {
                one.mentors[p].id: {one.mentees[j].id for j in own.tolist()}
                for p, own in zip(persons, taken, strict=True)
            }
        )
    assert found[0] == found[1]


def _pools(programme: rmatch.Programme, side: Side) -> Pools:
    people = People(programme)
    lots = [person_lots(1, [p.id for p in s]) for s in (people.mentors, people.mentees)]
    return Pools(people, side, (lots[0], lots[1]))


@given(programme=programmes(), cut=st.integers(0, 6))
def test_pools_come_to_everybody_once(programme: rmatch.Programme, cut: int) -> None:
    """Slices of somebody's order, one after another, hold everybody opposite exactly once."""
    sides: tuple[Side, Side] = ("mentor", "mentee")
    for side in sides:
        pools = _pools(programme, side)
        for person in range(len(People(programme).side(side))):
            parts = [
                part
                for start, stop in ((0, cut), (cut, 99))
                for part in pools.take([person], start, stop)
            ]
            assert sorted(np.concatenate(parts).tolist()) == list(range(pools.partners))


def test_partners_who_look_alike_are_spread() -> None:
    """Where the index cannot tell partners apart, people have different ones in their pools."""
    people = [rmatch.Participant(id=f"M{i}") for i in range(60)]
    others = [rmatch.Participant(id=f"S{j}") for j in range(60)]
    pools = _pools(rmatch.Programme(mentors=people, mentees=others), "mentor")
    load = np.bincount(np.concatenate(list(pools.take(range(60), 0, 10))), minlength=60)
    assert 2 <= load.min() <= load.max() <= 25


def test_most_of_the_best_partners_are_found_in_a_pool() -> None:
    """From pools of an eighth of everybody, nine in ten places of the lists are as good as best."""
    programme = generate(CohortShape(mentors=400, mentees=400, deaneries=4, specialties=20), 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "LEAST_POOL", 50)
        scores = rmatch.score(programme, candidates=10)
    every = rmatch.score(programme, candidates="all")
    best = np.sort(np.where(every.acceptable, every.mentor_points, -1), axis=1)[:, -10]
    good = every.acceptable & (every.mentor_points >= best[:, None])
    listed = np.zeros_like(good)
    listed[scores.rows, scores.columns] = True
    assert np.minimum(10, (good & listed).sum(axis=1)).mean() >= 9


# The sample ---------------------------------------------------------------------------------------


def test_the_audit_draws_the_same_pairs_by_its_own_code() -> None:
    """Both draw the documented sample: pairs with replacement, by people's lots."""
    programme = generate(TEN_BY_EIGHT, 2)
    rows, columns = sampled_pairs(People(programme), 5, size=50)
    mentors, mentees = programme.mentors, programme.mentees
    ours = [(mentors[i].id, mentees[j].id) for i, j in zip(rows, columns, strict=True)]
    places = sampled(world_of(programme), 5, size=50)
    theirs = [(mentors[i].id, mentees[j].id) for i, j in zip(*places, strict=True)]
    assert ours == theirs
    assert len(set(ours)) > 30


def test_a_small_programme_is_sampled_whole() -> None:
    """Where there are no more pairs than the sample has, each counts once."""
    rows, columns = sampled_pairs(People(generate(TEN_BY_EIGHT, 2)), 5, size=80)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [
        (i, j) for i in range(10) for j in range(8)
    ]


# Questions about one pair -------------------------------------------------------------------------


@given(programme=programmes(), k=st.integers(1, 2))
def test_every_pair_can_be_asked_about(programme: rmatch.Programme, k: int) -> None:
    """What is said of a pair, candidate or not, is what is said where every pair is scored."""
    every, scores = (
        rmatch.score(programme, candidates="all"),
        rmatch.score(programme, candidates=k),
    )
    listed = id_pairs(scores)
    for i, mentor in enumerate(programme.mentors):
        for j, mentee in enumerate(programme.mentees):
            pair = mentor.id, mentee.id
            assert scores.found(i, j) == every.found(i, j)
            assert scores.breakdown(*pair) == every.breakdown(*pair)
            assert scores.contributions(*pair) == every.contributions(*pair)
            assert scores.unknown(*pair) == every.unknown(*pair)
            assert scores.is_candidate(*pair) == (pair in listed)
    for person in programme.people:
        assert dict(scores.excluding(person.id)) == dict(every.excluding(person.id))


def test_the_frame_has_a_row_for_each_candidate() -> None:
    """It is that of all scores, without the pairs in no list."""
    programme = generate(TEN_BY_EIGHT, 1)
    scores = rmatch.score(programme, candidates=2)
    frame = scores.to_frame()
    every = rmatch.score(programme, candidates="all").to_frame()
    assert set(zip(frame.mentor, frame.mentee, strict=True)) == id_pairs(scores)
    assert len(frame.merge(every)) == len(frame)


def test_what_needs_every_pair_says_so() -> None:
    """There is no cost matrix of candidates, nor are weights moved that made the lists."""
    scores = rmatch.score(generate(TEN_BY_EIGHT, 1), candidates=2)
    with pytest.raises(ValueError, match="a cost matrix needs every pair"):
        _ = scores.cost
    with pytest.raises(ValueError, match="needs every pair"):
        _ = scores.acceptable
    with pytest.raises(ValueError, match="robustness needs every pair"):
        rmatch.solve(scores).robustness()


# Matchings ----------------------------------------------------------------------------------------


@given(programme=programmes(), k=st.integers(1, 3))
def test_a_matching_among_candidates_passes_its_audit(programme: rmatch.Programme, k: int) -> None:
    """Every claim holds among the candidates, by code that shares nothing with what made it."""
    try:
        matching = rmatch.solve(programme, candidates=k)
    except rmatch.InfeasibleError:
        return
    audit = matching.verify()
    assert audit.ok, audit.findings
    assert f"Optimal among the candidate lists: {k} for each person" in str(matching)


def test_of_very_many_candidates_the_pairs_made_are_audited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A false score is still found, and the notes say what was not checked, and what was."""
    monkeypatch.setattr("rmatch.matching.proved.MOST_AUDITED", 10)
    objectives = ("pairs", "stability", "score", "tie_break")
    matching = rmatch.solve(generate(FORTY, 4), candidates=3, objectives=objectives)
    audit = matching.verify()
    assert audit.ok, audit.findings
    assert "candidate pairs with their scores and ranks are taken as given" in audit.notes[0]
    assert audit.notes[1].endswith("without a solver: pairs")
    assert audit.notes[2:] == (
        "counted again and not checked to be best: stability, score",
        "neither counted again nor checked to be best: tie_break",
    )
    instance = matching.instance
    wrong = dataclasses.replace(matching, instance=instance.replace(score=instance.score + 1))
    assert not wrong.verify().ok


def test_a_run_among_candidates_comes_back(tmp_path: Path) -> None:
    """The lists are made again from the programme: the same pairs, levels and ranks."""
    programme = generate(FORTY, 4)
    made = rmatch.solve(programme, candidates=3, seed=9)
    back = rmatch.Matching.load(made.save(tmp_path / "run"))
    assert back.candidates == made.candidates == 3
    assert back.pairs == made.pairs
    assert back.verify().ok
    for name in PAIR_ARRAYS:
        assert np.array_equal(getattr(back.instance, name), getattr(made.instance, name)), name


def test_pairs_that_are_stated_are_candidates(tmp_path: Path) -> None:
    """A pair that must be made is made though it is in no list, also after saving."""
    programme = generate(FORTY, 4)
    scores = rmatch.score(programme, candidates=1)
    pair = next(
        (m.id, s.id)
        for m in programme.mentors
        for s in programme.mentees
        if not scores.is_candidate(m.id, s.id) and not scores.why_excluded(m.id, s.id)
    )
    made = rmatch.solve(scores, constraints=[rmatch.MustPair(*pair)])
    assert pair in {(one.mentor, one.mentee) for one in made.pairs}
    back = rmatch.Matching.load(made.save(tmp_path / "run"))
    assert back.pairs == made.pairs
    assert back.instance.n_pairs == made.instance.n_pairs == scores.instance.n_pairs + 1


def in_no_list(matching: rmatch.Matching) -> tuple[str, str]:
    """The first pair that nothing excludes and that is no candidate."""
    scores = matching.scores
    assert scores is not None
    return next(
        (m.id, s.id)
        for m in scores.programme.mentors
        for s in scores.programme.mentees
        if not scores.is_candidate(m.id, s.id) and not scores.why_excluded(m.id, s.id)
    )


def test_why_not_names_a_pair_in_no_list() -> None:
    """Nothing excludes the pair, and it is told that it was not looked at."""
    matching = rmatch.solve(generate(FORTY, 4), candidates=1)
    pair = in_no_list(matching)
    facts = matching.why_not(*pair)
    assert facts.excluded_by == ("no_candidate",)
    assert "were not looked at: nothing excludes the pair" in str(facts)
    assert "list of candidates" in str(facts)
    assert "may not be paired" not in str(facts)


def test_a_pair_in_no_list_that_is_stated_not_to_be_made_is_not_called_allowed() -> None:
    """What the coordinator stated is the reason, and the only one."""
    programme = generate(FORTY, 4)
    pair = in_no_list(rmatch.solve(programme, candidates=1))
    stated = programme.settings.replace(must_not_pair=(pair,))
    matching = rmatch.solve(programme.model_copy(update={"settings": stated}), candidates=1)
    assert matching.why_not(*pair).excluded_by == ("must_not_pair",)


def test_a_person_is_told_who_was_looked_at_and_who_is_allowed_besides() -> None:
    """The counts are those of all pairs; ranks are called ranks among candidates."""
    programme = generate(FORTY, 4)
    matching = rmatch.solve(programme, candidates=1)
    every = rmatch.solve(programme, strategy="best_score")
    for person in ("M0001", "S0001"):
        facts, whole = matching.explain(person, time_limit=0), every.explain(person, time_limit=0)
        assert facts.facts is not None
        assert whole.facts is not None
        others, of_all = facts.facts.others, whole.facts.others
        assert others.unlisted is not None
        assert others.unlisted > 0
        assert of_all.unlisted is None
        assert others.acceptable + others.unlisted == of_all.acceptable
        assert others.excluded == of_all.excluded
        assert f"{others.unlisted} allowed and not looked at" in str(facts).replace("\n", " ")
        assert "partners allowed" not in str(facts)
    one = matching.pairs[0]
    why = matching.why(one.mentor, one.mentee)
    assert all(side.are_candidates for side in why.sides)
    assert "partners allowed" not in str(why)
    assert " candidates)." in str(why)


def test_a_pair_in_no_list_can_be_made_by_hand(tmp_path: Path) -> None:
    """Nothing forbids it: it is weighed, kept and audited, and no bound is claimed beside it."""
    matching = rmatch.solve(generate(FORTY, 4), candidates=1)
    pair = in_no_list(matching)
    kept = [(one.mentor, one.mentee) for one in matching.pairs]
    told = matching.check_pairs([*(one for one in kept if not {*one} & {*pair}), pair])
    assert told.legal, str(told)
    edited = told.matching
    assert edited is not None
    assert pair in {(one.mentor, one.mentee) for one in edited.pairs}
    assert all(level.bound is None for level in edited.solution.levels)
    assert edited.verify().ok, edited.verify().findings
    back = rmatch.Matching.load(edited.save(tmp_path / "run"))
    assert back.pairs == edited.pairs
    assert back.verify().ok


def test_a_matching_among_candidates_can_be_explained_and_rematched(tmp_path: Path) -> None:
    """Explanations, documents and a rematch work without the tables of all pairs."""
    matching = rmatch.solve(generate(FORTY, 4), candidates=3)
    for person in (matching.pairs[0].mentor, *matching.unmatched[:1]):
        assert str(matching.explain(person))
    first = matching.pairs[0]
    assert str(matching.why(first.mentor, first.mentee))
    page = matching.to_html(tmp_path / "page.html", "coordinator", time_limit=1)
    assert "candidates" in page.read_text(encoding="utf-8")
    matching.to_excel(tmp_path / "book.xlsx", "coordinator", time_limit=1)
    again = rmatch.rematch(matching, withdrawn=[first.mentor], frozen="all")
    assert again.candidates == 3
    assert again.verify().ok
    kept = {(pair.mentor, pair.mentee) for pair in again.pairs}
    assert {(pair.mentor, pair.mentee) for pair in matching.pairs[1:]} <= kept


# Which programmes have candidates -----------------------------------------------------------------


def test_large_programmes_have_candidates_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many pairs there are fifty candidates each, unless every pair is asked for."""
    programme = generate(TEN_BY_EIGHT, 1)
    assert rmatch.solve(programme).candidates is None
    monkeypatch.setattr(choosing, "EVERY_PAIR", 79)
    assert rmatch.solve(programme).candidates == 50
    assert rmatch.solve(programme, candidates="all").candidates is None
    assert rmatch.solve(programme, candidates=2).candidates == 2


def test_settings_say_how_many_candidates_there_are() -> None:
    """A programme's settings decide, and an argument overrides them."""
    programme = generate(TEN_BY_EIGHT, 1)
    settings = programme.settings.replace(candidates=4)
    stated = programme.replace(settings=settings)
    assert rmatch.solve(stated).candidates == 4
    assert rmatch.solve(stated, candidates=2).candidates == 2
    assert isinstance(rmatch.score(stated, candidates="all"), rmatch.Scores)


@pytest.mark.parametrize(
    "candidates", [0, -1, MOST_CANDIDATES + 1, "some", "ALL", True, 2.5, float("nan"), "9" * 5000]
)
def test_no_other_number_of_candidates_is_taken(candidates: int) -> None:
    """A list has places, and is not everybody by another name; what may be given is said once."""
    with pytest.raises(rmatch.InputError) as refused:
        rmatch.score(generate(TEN_BY_EIGHT, 1), candidates=candidates)
    (problem,) = refused.value.problems
    assert "must be a number from 1 to 10000, or all" in problem.message


@pytest.mark.parametrize(("given", "kept"), [(3.0, 3), ("3", 3), ("all", "all"), (None, None)])
def test_a_spreadsheets_way_to_write_a_number_of_candidates_is_read(
    given: object, kept: object
) -> None:
    """Cells hold floats and texts."""
    settings = generate(TEN_BY_EIGHT, 1).settings
    assert settings.replace(candidates=given).candidates == kept


class _Even:
    """Mentees of an even row are worth all, others nothing."""

    name, weight, side = "even", 50, "mentor"

    def values(self, people: rmatch.scoring.People, side: str) -> np.ndarray:  # type: ignore[type-arg]
        """(n, m) values."""
        del side
        values = np.where(np.arange(people.shape[1]) % 2, 0, 10_000)
        return np.broadcast_to(values, people.shape)


def test_criteria_of_ones_own_count_among_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """They see every pair; where there are too many, that is said and nothing is scored."""
    programme = generate(TEN_BY_EIGHT, 1)
    scores = rmatch.score(programme, candidates=3, criteria=[_Even()])  # type: ignore[list-item]
    every = rmatch.score(programme, candidates="all", criteria=[_Even()])  # type: ignore[list-item]
    assert np.array_equal(scores.points, every.points[scores.rows, scores.columns])
    assert rmatch.solve(scores).verify().ok
    monkeypatch.setattr(candidates, "EVERY_PAIR", 79)
    with pytest.raises(ValueError, match="see every pair at once, and this programme has 80 pairs"):
        rmatch.score(programme, candidates=3, criteria=[_Even()])  # type: ignore[list-item]
