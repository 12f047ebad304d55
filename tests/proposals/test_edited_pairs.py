"""Pairs that a coordinator moved: what each move breaks and costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from goldens import assert_golden
from rmatch.errors import InputError
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.proposals.records import EditedPairs
from rmatch.rematching.decisions import (
    Approve,
    Capacity,
    Declared,
    Decline,
    End,
    Forbid,
    Keep,
    Offer,
    Withdraw,
)
from rmatch.testing import programmes

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(rmatch.examples.path("east-of-england"))


def pairs_of(matching: Matching) -> list[tuple[str, str]]:
    """The pairs by id."""
    return [(pair.mentor, pair.mentee) for pair in matching.pairs]


def moved(matching: Matching, **partners: str | None) -> list[tuple[str, str]]:
    """The pairs with some mentors given another partner, or none."""
    pairs = [pair for pair in pairs_of(matching) if pair[0] not in partners]
    return [*pairs, *((mentor, mentee) for mentor, mentee in partners.items() if mentee)]


def swapped(matching: Matching, one: str, other: str) -> list[tuple[str, str]]:
    """The pairs with the partners of two mentors exchanged."""
    partners = dict(pairs_of(matching))
    return moved(matching, **{one: partners[other], other: partners[one]})


# ------------------------------------------------------------------------------------- what is told


def test_moves_read_as_agreed(east: Matching) -> None:
    """Two swaps, one of which breaks rules, and a pair undone; nothing is wider than a page."""
    pairs = swapped(east, "M01", "M02")
    partners = dict(pairs) | {"M08": dict(pairs)["M09"], "M09": dict(pairs)["M08"]}
    del partners["M05"]
    text = str(east.check_pairs(partners.items()))
    assert max(map(len, text.splitlines())) <= 80
    assert_golden("edited_east-of-england", f"{text}\n")


def test_nothing_moved_is_said(east: Matching) -> None:
    """The matching itself comes back."""
    told = east.check_pairs(reversed(pairs_of(east)))
    assert str(told) == "Nothing was moved: the same 14 pairs."
    assert (told.moves, told.legal, told.matching) == ((), True, east)


def test_a_legal_move_is_a_matching_that_claims_nothing_it_cannot(
    east: Matching, tmp_path: Path
) -> None:
    """It passes the audit, is saved, and goes on with what was decided."""
    run = east.save(tmp_path / "run")
    east.record(run, Approve("M03", "S06", acknowledged=True), who="AB", when=NOW)
    told = east.check_pairs(swapped(east, "M01", "M02"))
    assert told.legal
    assert told.matching is not None
    assert told.matching.status == "feasible"
    assert not next(x for x in told.matching.solution.levels if x.name == "stability").proved
    assert told.matching.verify().ok
    saved = told.matching.save(tmp_path / "edited", after=run)
    again = Matching.load(saved)
    assert sorted(pairs_of(again)) == sorted(told.pairs)
    assert ("M03", "S06") in again.decided.pairs
    assert "M01 is matched with S07" in str(again.explain("M01"))


def test_a_swap_is_one_move_and_others_stand_apart(east: Matching) -> None:
    """Moves are changes that have people in common; one alone has nothing to be undone beside."""
    (only,) = east.check_pairs(swapped(east, "M01", "M02")).moves
    assert (len(only.taken_out), len(only.put_in), only.undone) == (2, 2, None)
    partners = dict(swapped(east, "M01", "M02")) | {"M05": None}
    told = east.check_pairs((m, s) for m, s in partners.items() if s)
    assert len(told.moves) == 2
    assert told.left == ("M05", "S12")
    assert all(move.undone is not None for move in told.moves)


def test_more_partners_than_places_is_told_with_whom(east: Matching) -> None:
    """Nothing is counted until that is put right."""
    told = east.check_pairs(moved(east, M01="S07"))
    (overrun,) = told.overruns
    assert (overrun.person, overrun.partners, overrun.places) == ("S07", ("M01", "M02"), 1)
    assert (told.legal, told.matching) == (False, None)
    assert {level.after for level in told.levels} == {None}
    assert "NOT ALLOWED: S07 has 1 place and 2 partners: M01, M02." in str(told)


def test_undoing_a_move_beside_one_that_takes_too_many_places(east: Matching) -> None:
    """Undoing that one gives places enough; undoing the other does not help."""
    told = east.check_pairs(moved(east, M01="S07", M05=None))
    words = [str(told).split("Move ")[k].split("Undone alone: ")[1] for k in (1, 2)]
    assert words[0].startswith("the rest would be allowed; everybody would have places enough")
    assert words[1].startswith("somebody would still have too many partners")
    assert [move.undone and move.undone.legal for move in told.moves] == [True, False]


def test_pairs_that_are_just_as_good_are_called_so() -> None:
    """The draw between equals is no level; vectors are told in words."""
    people = [[{"id": f"{side}{k}"} for k in (1, 2)] for side in "MS"]
    programme = Programme(mentors=people[0], mentees=people[1])
    matching = rmatch.solve(programme, objectives=["pairs", "leximin", "tie_break"])
    one, other = pairs_of(matching)
    told = matching.check_pairs([(one[0], other[1]), (other[0], one[1])])
    assert "Allowed. 1 move: 2 pairs out, 2 in.\nJust as good" in str(told)
    assert "(4 people)" in str(told)


def test_statements_that_must_hold_are_told_by_name() -> None:
    """Pairs that must be made, pairs that must not, quotas; a price is told with how far off."""
    people = [[{"id": f"{side}{k}"} for k in (1, 2, 3)] for side in "MS"]
    matching = rmatch.solve(
        Programme(mentors=people[0], mentees=people[1]),
        constraints=[
            rmatch.MustPair("M1", "S1"),
            rmatch.MustNotPair("M2", "S1"),
            rmatch.Load("M3", minimum=1, price=5),
        ],
    )
    told = matching.check_pairs([("M1", "S2"), ("M2", "S1")])
    assert told.broken == ("must_pair M1 S1",)
    assert next(p for p in told.put_in if p.mentee == "S1").broken == ("must_not_pair",)
    assert list(told.unkept.values()) == [(0, 1)]
    assert "Stated, and does not hold: must_pair M1 S1." in str(told)
    assert "off by 1 instead of 0" in str(told)


def test_confidential_reasons_stay_confidential() -> None:
    """A veto and a conflict read alike, unless the coordinator asks."""
    programme = Programme(
        mentors=[{"id": "M1", "vetoes": ["S2"]}, {"id": "M2"}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
        conflicts=[{"mentor": "M2", "mentee": "S1", "rule": "family"}],
    )
    matching = rmatch.solve(programme)
    swap = [("M1", "S2"), ("M2", "S1")]
    told = matching.check_pairs(swap)
    assert [pair.broken for pair in told.put_in] == [("confidential",), ("confidential",)]
    html = re.sub(r"<style>.*?</style>", "", told._repr_html_(), flags=re.DOTALL)
    for text in (str(told), html, repr(told)):
        assert "veto" not in text
        assert "family" not in text.casefold()
    revealed = matching.check_pairs(swap, reveal=True)
    assert {code for pair in revealed.put_in for code in pair.broken} == {"veto", "family"}


def test_names_stand_beside_ids_only_where_asked(east: Matching) -> None:
    """And a notebook gets no markup from a name."""
    assert east.programme is not None
    mentors = [p.replace(name="<b>Jo</b>") if p.id == "M05" else p for p in east.programme.mentors]
    matching = rmatch.solve(east.programme.replace(mentors=tuple(mentors)))
    pairs = moved(matching, M05=None)
    assert "Jo" not in str(matching.check_pairs(pairs))
    told = matching.check_pairs(pairs, names=True)
    assert "M05 <b>Jo</b>" in str(told)
    assert "<b>" not in told._repr_html_()
    assert "&lt;b&gt;Jo" in told._repr_html_()


# --------------------------------------------------------------------------------------- the ledger


def test_what_was_decided_counts(east: Matching, tmp_path: Path) -> None:
    """Who withdrew, what is forbidden or kept, places; and what was approved is told."""
    run = east.save(tmp_path / "run")
    decisions = [
        Approve("M05", "S12", acknowledged=True),
        Keep("M10", "S13"),
        Forbid("M01", "S07"),
        Withdraw("S04"),
        Capacity("M11", 0),
    ]
    for decision in decisions:
        east.record(run, decision, who="AB", when=NOW)
    partners = dict(swapped(east, "M01", "M02"))
    partners["M05"], partners["M11"] = partners["M11"], partners["M05"]
    del partners["M10"]
    told = east.check_pairs(partners.items())
    broken = {(p.mentor, p.mentee): p.broken for p in told.put_in}
    assert "forbidden" in broken["M01", "S07"]
    assert "withdrew" in broken["M02", "S04"]
    assert told.broken == ("keep M10 S13",)
    assert [(one.person, one.places) for one in told.overruns] == [("M11", 0)]
    assert {p.decided for p in told.taken_out if p.mentor == "M05"} == {"approved"}
    lines = " ".join(str(told).split())
    assert "It was approved already: end it in the ledger (rmatch record RUN end M05 S12)" in lines


def test_an_approved_pair_that_was_taken_out_comes_back_in_a_rematch_unless_it_is_ended(
    east: Matching, tmp_path: Path
) -> None:
    """As the words about it say."""
    run = east.save(tmp_path / "run")
    east.record(run, Approve("M02", "S07", acknowledged=True), who="AB", when=NOW)
    edited = east.check_pairs(swapped(east, "M01", "M02")).matching
    assert edited is not None
    edited.save(tmp_path / "edited", after=run)
    assert ("M02", "S07") in pairs_of(rmatch.rematch(edited, withdrawn=["M05"]))
    edited.record(tmp_path / "edited", End("M02", "S07", "no_fault"), who="AB", when=NOW)
    assert ("M02", "S04") in pairs_of(rmatch.rematch(edited, withdrawn=["M05"]))


def test_declined_pairs_and_conflicts_that_came_out_count_too(
    east: Matching, tmp_path: Path
) -> None:
    """Put in again they are not allowed; left in they are told."""
    run = east.save(tmp_path / "run")
    for decision in [
        Approve("M05", "S12", acknowledged=True),
        Offer("M05", "S12"),
        Decline("M05", "S12", by="mentor"),
        Declared("M02", "S04", rule="line_manager"),
        Withdraw("S14"),
    ]:
        east.record(run, decision, who="AB", when=NOW)
    told = east.check_pairs(swapped(east, "M01", "M02"))
    assert ("line_manager",) in [pair.broken for pair in told.put_in]
    assert told.over == (("M05", "S12"), ("M14", "S14"))
    assert "though over or ruled out by the ledger: M05–S12, M14–S14." in str(told)
    again = Matching.load(east.check_pairs(moved(east, M05=None)).matching.save(run, force=True))
    back = again.check_pairs(pairs_of(east))
    assert [pair.broken for pair in back.put_in] == [("failed",)]
    assert "declined, or ended for good" in str(back)
    assert back.gained == ("M05", "S12")


def test_a_run_folder_that_is_gone_is_no_hindrance(east: Matching, tmp_path: Path) -> None:
    """What was decided is unknown then."""
    run = east.save(tmp_path / "run")
    matching = Matching.load(run)
    run.rename(tmp_path / "elsewhere")
    assert matching.check_pairs(swapped(matching, "M01", "M02")).legal


# ------------------------------------------------------------------------------------- any cohort


def oracle(instance: Instance, pairs: list[tuple[str, str]]) -> tuple[bool, tuple[int, ...]]:
    """Whether pairs are allowed together, from the instance alone, and their indices."""
    found = [
        instance.index_of(instance.mentor_ids.index(m), instance.mentee_ids.index(s))
        for m, s in pairs
    ]
    chosen = tuple(sorted(index for index in found if index is not None))
    legal = None not in found and is_matching(instance, chosen)
    return legal and not broken_statements(instance, chosen), chosen


def check_moves(matching: Matching, told: EditedPairs) -> None:
    """Undoing a move alone is what checking the pairs without it says."""
    for move in told.moves:
        if move.undone is None:
            continue
        into = {(p.mentor, p.mentee) for p in move.put_in}
        out = {(p.mentor, p.mentee) for p in move.taken_out}
        without = matching.check_pairs({*told.pairs, *out} - into)
        assert move.undone.legal == without.legal
        assert [x.after for x in move.undone.levels] == [x.after for x in without.levels]
        assert len(without.moves) == len(told.moves) - 1


@settings(max_examples=60)
@given(programme=programmes(max_side=4), data=st.data())
def test_any_edited_pairs_are_judged_as_a_plain_recount_does(
    programme: Programme, data: st.DataObject
) -> None:
    """Legal, levels, blocking pairs, moves, and a matching that the audit believes."""
    assume(programme.mentors and programme.mentees)
    matching = rmatch.solve(programme)
    every = [(m.id, s.id) for m in programme.mentors for s in programme.mentees]
    flips = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=5))
    made = pairs_of(matching)
    edited = [pair for pair in every if (pair in made) != (pair in flips)]
    told = matching.check_pairs(edited)
    legal, chosen = oracle(matching.instance, edited)
    assert told.legal == legal
    assert (told.matching is not None) == legal
    assert {(p.mentor, p.mentee) for p in (*told.put_in, *told.taken_out)} == set(flips)
    if told.matching is not None:
        expected = [value_of(x.name, matching.instance, chosen, 0) for x in told.levels]
        assert [level.after for level in told.levels] == expected
        assert told.matching.solution.chosen == chosen
        assert told.matching.verify().ok
        new = set(blocking_pairs(matching.instance, chosen).tolist())
        old = set(blocking_pairs(matching.instance, matching.solution.chosen).tolist())
        assert len(told.blocking_new) == len(new - old)
        assert len(told.blocking_gone) == len(old - new)
    check_moves(matching, told)


@pytest.mark.parametrize("chosen", [[(0, 1)], [(0, 0), (1, 1)]])
def test_an_instance_without_people_is_checked_too(chosen: list[tuple[int, int]]) -> None:
    """By its arrays alone, its scores as they are."""
    instance = Instance.from_scores([[5, 3], [4, 0]], [[True, True], [True, False]])
    matching = rmatch.solve(instance)
    ids = instance.mentor_ids, instance.mentee_ids
    told = matching.check_pairs([(ids[0][i], ids[1][j]) for i, j in chosen])
    assert told.legal == ((1, 1) not in chosen)
    if not told.legal:
        assert told.put_in[-1].broken == ("not_acceptable",)
        assert "not in the list of acceptable pairs" in str(told)


def test_of_very_many_blocking_pairs_the_first_are_listed() -> None:
    """The data has them all."""
    scores = [[10 - abs(i - j) for j in range(8)] for i in range(8)]
    matching = rmatch.solve(Instance.from_scores(scores), objectives=["pairs", "stability"])
    ids = matching.instance.mentor_ids, matching.instance.mentee_ids
    told = matching.check_pairs(zip(ids[0], reversed(ids[1]), strict=True))
    assert len(told.blocking_new) > 12
    assert f", and {len(told.blocking_new) - 12} more." in str(told)


def test_what_is_no_list_of_pairs_is_refused_all_at_once(east: Matching) -> None:
    """Every mistake with its entry; either way round is no mistake."""
    given = [
        ("S04", "M01"),
        *east.pairs[1:2],
        ("M01", "S04"),
        ("M1", "S04"),
        ("M01", "M02"),
        "M01S04",
        ("M01", 4),
    ]
    with pytest.raises(InputError) as caught:
        east.check_pairs(given)
    assert [problem.place.row for problem in caught.value.problems] == [3, 4, 5, 6, 7]
    with pytest.raises(TypeError, match="list of pairs"):
        east.check_pairs("M01:S04")


def test_a_dict_of_pairs_is_told_how_to_be_given(east: Matching) -> None:
    """Its keys alone would be read, each as a pair that is none."""
    with pytest.raises(TypeError, match=r"\.items\(\)"):
        east.check_pairs({"M01": "S04"})
