"""What is different between two matchings: every pair and person once, every reason a real one."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from diff_oracle import before_and_after, is_real, partners, places
from hypothesis import given, settings
from small_runs import ERASED_ID, ERASED_NAME

import rmatch
from rmatch.rematching.diff import Cause, CauseKind, ChangeKind, Diff
from rmatch.rematching.rematch import Events


def people(*ids: str, **fields: object) -> list[dict[str, object]]:
    return [{"id": one, "conflicts_confirmed": True, **fields} for one in ids]


def ids(matching: rmatch.Matching) -> set[tuple[str, str]]:
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


@pytest.fixture(scope="module")
def trusts() -> rmatch.Matching:
    return rmatch.solve(rmatch.examples.path("two-trusts"))


# -------------------------------------------------------------------------------- as a whole


@given(before_and_after())
@settings(max_examples=25, deadline=None)
def test_kept_broken_ended_excluded_and_made_are_all_pairs_and_each_once(
    both: tuple[rmatch.Matching, rmatch.Matching],
) -> None:
    old, new = both
    found = new.diff(old)
    groups = (found.kept, found.broken, found.ended, found.excluded)
    assert Counter(pair for group in groups for pair in group) == Counter(ids(old))
    assert set(found.kept) | set(found.made) == ids(new)
    assert not set(found.made) & ids(old)
    assert set(found.scores) == ids(old) | ids(new)
    assert all(not {*pair} <= {*places(new)} for pair in found.ended)


@given(before_and_after())
@settings(max_examples=25, deadline=None)
def test_everybody_to_whom_something_happened_is_told_once_with_a_real_reason(
    both: tuple[rmatch.Matching, rmatch.Matching],
) -> None:
    old, new = both
    found, was, now = new.diff(old), partners(old), partners(new)
    told = [change.person for change in found.changes]
    assert Counter(told) == Counter(p for p in {*was, *now} if was.get(p) != now.get(p))
    for change in found.changes:
        assert is_real(change.cause, old, new)
        assert set(change.before) == was.get(change.person, set())
        assert set(change.after) == now.get(change.person, set())
    rows = re.findall(r"^(\w+)  ", str(found).partition("───")[2], re.MULTILINE)
    assert Counter(rows) == Counter(told)


@given(before_and_after())
@settings(max_examples=25, deadline=None)
def test_chains_hold_every_change_once_and_hang_together(
    both: tuple[rmatch.Matching, rmatch.Matching],
) -> None:
    old, new = both
    found = new.diff(old)
    steps = [step for chain in found.chains for step in chain.steps]
    assert Counter(steps) == Counter(
        [(False, pair) for pair in ids(old) - ids(new)]
        + [(True, pair) for pair in ids(new) - ids(old)]
    )
    for chain in found.chains:
        assert all(is_real(cause, old, new) for cause in chain.causes)
        starts = {person for cause in chain.causes for person in cause.people}
        seen: set[str] = set()
        for _, pair in chain.steps:
            assert not seen or set(pair) & (seen | starts)
            seen |= set(pair)


def test_nothing_changed(small: rmatch.Matching) -> None:
    found = small.diff(small)
    assert str(found) == "2 pairs kept.\nNobody's partner changed."
    assert (found.changes, found.chains, found.broken) == ((), (), ())


# -------------------------------------------------------------------------------- reasons


def cause_kinds(found: Diff) -> set[CauseKind]:
    return {change.cause.kind for change in found.changes}


def test_a_chain_is_told_from_the_withdrawal_on(trusts: rmatch.Matching) -> None:
    text = str(trusts.after(Events(withdrawn=["S06", "M06"])).diff(trusts))
    assert text.startswith(
        "35 pairs kept, 3 ended because somebody left, 1 new.\n"
        "\n"
        "M06 withdrew; S06 withdrew:\n"
        "  - M06 – S27 (24.4) ends: M06 withdrew.\n"
        "  - M25 – S27 is new (36.4).\n"
        "  - M25 – S06 (36.0) ends: S06 withdrew.\n"
        "  - M01 – S06 (60.6) ends: S06 withdrew.\n"
    )
    assert "M25  S06 40.0, 3rd                 S27 35.4, 3rd  S06 withdrew\n" in text


def test_somebody_withdrew_without_a_partner() -> None:
    old = rmatch.solve(rmatch.Programme(mentors=people("M1", "M2"), mentees=people("S1")))
    gone = old.unmatched[0]
    found = old.after(Events(withdrawn=[gone])).diff(old)
    (change,) = found.changes
    assert (change.person, change.kind, found.chains) == (gone, ChangeKind.WITHDREW, ())
    assert f"{gone}   nobody  left     withdrew" in str(found)


def test_a_conflict_is_the_reason_and_reads_confidential(trusts: rmatch.Matching) -> None:
    new = trusts.after(Events(conflicts=[("M04", "S26")]))
    found = new.diff(trusts)
    assert found.excluded == (("M04", "S26"),)
    assert {c.cause for c in found.changes} == {
        Cause(CauseKind.EXCLUDED, ("M04", "S26"), ("confidential",))
    }
    assert "M04 – S26 is not allowed any more (Confidential):" in str(found)


def test_vetoes_and_confidential_rules_read_alike_unless_revealed() -> None:
    mentors, mentees = people("M1"), people("S1")
    old = rmatch.solve(rmatch.Programme(mentors=mentors, mentees=mentees))
    vetoing = rmatch.Programme(mentors=people("M1", vetoes=["S1"]), mentees=mentees)
    family = {"mentor": "M1", "mentee": "S1", "rule": "family"}
    related = rmatch.Programme(mentors=mentors, mentees=mentees, conflicts=[family])
    told = {str(rmatch.solve(one).diff(old)) for one in (vetoing, related)}
    assert len(told) == 1
    assert "Confidential" in told.pop()
    assert "family" in str(rmatch.solve(related).diff(old, reveal=True))
    frame = rmatch.solve(related).diff(old).to_frame()
    assert set(frame["reason_codes"]) == {"confidential"}


def test_a_pair_that_was_forbidden_by_name_is_not_called_confidential(
    small: rmatch.Matching, pair: tuple[str, str]
) -> None:
    found = small.after(Events(forbid=[pair])).diff(small)
    assert CauseKind.EXCLUDED in cause_kinds(found)
    assert "(Stated: not to be paired: must_not_pair)" in str(found)


def test_a_stated_pair_is_the_reason_and_comes_first(trusts: rmatch.Matching) -> None:
    found = trusts.after(Events(keep=[("M01", "S10")])).diff(trusts)
    assert cause_kinds(found) == {CauseKind.STATED}
    assert found.chains[0].steps[0] == (True, ("M01", "S10"))
    assert "M01 – S10 must be paired, as stated:" in str(found)


def test_other_places_are_a_reason_only_where_they_matter(trusts: rmatch.Matching) -> None:
    found = trusts.after(Events(capacity={"S26": 0, "S06": 3})).diff(trusts)
    assert cause_kinds(found) == {CauseKind.PLACES}
    assert "S06 has 3 places instead of 2; S26 has 0 places instead of 2:" in str(found)
    assert "S26  M04 50.7, 1st; M17 45.1," in str(found)
    old = rmatch.solve(rmatch.Programme(mentors=people("M1", "M2"), mentees=people("S1")))
    gone = old.pairs[0].mentor
    untouched = old.after(Events(capacity={"S1": 5}, withdrawn=[gone])).diff(old)
    assert cause_kinds(untouched) == {CauseKind.WITHDREW}


def test_somebody_who_joins_is_told_with_and_without_a_partner() -> None:
    old = rmatch.solve(rmatch.Programme(mentors=people("M1"), mentees=people("S1")))
    come = {"mentors": [{"id": "M2"}, {"id": "M3"}], "mentees": [{"id": "S2"}]}
    found = old.after(Events(joined=come)).diff(old)
    kinds = {change.person: change.kind for change in found.changes}
    assert kinds == dict.fromkeys(("M2", "M3", "S2"), ChangeKind.JOINED)
    assert str(found).count("was not there") == 3


def test_a_waived_rule_allows_a_pair() -> None:
    same = {"employer": "North Trust"}
    programme = rmatch.Programme(
        mentors=people("M1", **same),
        mentees=people("S1", **same),
        settings=rmatch.Settings(rules={"same_employer": "hard"}),
    )
    old = rmatch.solve(programme)
    found = old.what_if(waive=["same_employer"]).diff(old)
    assert cause_kinds(found) == {CauseKind.ALLOWED}
    assert "M1 – S1 is allowed now, and was not (Same employer" in str(found)


def test_other_settings_are_named_with_their_values(trusts: rmatch.Matching) -> None:
    found = trusts.what_if(weights={"topics": 90}, settings={"indifference": 0}).diff(trusts)
    assert cause_kinds(found) == {CauseKind.REBALANCED}
    assert "Weighed again: weight of topics 90 instead of 33; indifference 0" in str(found)
    waived = trusts.what_if(waive=["same_employer"]).diff(trusts)
    assert "Weighed again: rule same_employer off instead of warn:" in str(waived)


def test_other_answers_are_named_by_field_and_never_told() -> None:
    def cohort(topic: str) -> rmatch.Programme:
        wishes = ("M1", topic), ("M2", "Wellbeing")
        return rmatch.Programme(
            mentors=[{"id": one, "wants": [wish]} for one, wish in wishes],
            mentees=people("S1", offers=["Career progression"]),
        )

    old, new = rmatch.solve(cohort("Wellbeing")), rmatch.solve(cohort("Career progression"))
    if old.pairs[0].mentor == "M1":  # the draw between equals
        pytest.fail("choose another seed")
    text = str(new.diff(old))
    assert "Weighed again: other wants of M1:" in text
    assert "Career" not in text


def test_pairs_that_nothing_touched_are_told_apart(trusts: rmatch.Matching) -> None:
    text = str(trusts.what_if(keep=[("M01", "S10")]).diff(trusts))
    assert "M01 – S10 must be paired, as stated:" in text
    assert "Weighed again: other pairs must be made:" in text
    assert "M15  S22 39.1, 6th   S25 34.0, 7th              as above" in text


def test_whoever_left_takes_every_mention_along(small: rmatch.Matching) -> None:
    waived = small.what_if(waive=[rmatch.Waiver("M1", ERASED_ID, "same_employer")])
    programme = waived.after(Events(withdrawn=[ERASED_ID])).programme
    assert programme is not None
    assert programme.settings.waivers == ()
    assert programme.by_id["M3"].conflicts == ()
    assert small.programme is not None
    assert small.programme.by_id["M3"].conflicts == (ERASED_ID,)


def test_instances_without_people_are_told_too() -> None:
    old = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[[0]], [[0]]], mentees=[[[0], [1]]]))
    new = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[], [[0]]], mentees=[[[1]]]))
    text = str(new.diff(old, names=True))
    assert "M0 – S0 is not allowed any more (not in the list of acceptable pairs):" in text
    assert new.diff(old).to_frame("pair").columns.tolist() == [
        *("mentor", "mentee", "score", "change")
    ]


def test_matchings_of_different_programmes_and_sides() -> None:
    old = rmatch.solve(rmatch.Programme(mentors=people("A"), mentees=people("B")))
    turned = rmatch.solve(rmatch.Programme(mentors=people("B"), mentees=people("A")))
    found = turned.diff(old)
    assert (found.excluded, found.made) == ((("A", "B"),), (("B", "A"),))
    assert "one of them is on the other side now" in str(found)
    other = rmatch.solve(rmatch.Programme(mentors=people("X"), mentees=people("Y")))
    assert other.diff(old).ended == (("A", "B"),)


def test_ranks_say_which_were_stated(trusts: rmatch.Matching) -> None:
    text = str(trusts.after(Events(withdrawn=["S06"])).diff(trusts))
    assert "M01  S06 79.5, 1st* " in text
    assert "* is a choice they stated" in text


# -------------------------------------------------------------------------------- shown


def test_names_stand_beside_ids_only_where_asked(small: rmatch.Matching) -> None:
    new = small.after(Events(withdrawn=[ERASED_ID]))
    assert ERASED_NAME not in str(new.diff(small)) + new.diff(small)._repr_html_()
    assert f"{ERASED_ID} {ERASED_NAME}  nobody" in str(new.diff(small, names=True))
    assert ERASED_NAME not in repr(new.diff(small, names=True))


def test_html_is_escaped_and_brings_no_script() -> None:
    programme = rmatch.Programme(
        mentors=[{"id": "M1", "name": "<script>alert(1)</script>"}], mentees=people("S1")
    )
    old = rmatch.solve(programme)
    found = old.after(Events(withdrawn=["S1"])).diff(old, names=True)
    html = found._repr_html_()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert html.count("<tr>") == 1 + len(found.changes)


def test_frames_by_person_and_by_pair(small: rmatch.Matching, pair: tuple[str, str]) -> None:
    found = small.after(Events(withdrawn=[pair[1]])).diff(small)
    frame = found.to_frame()
    assert frame["person"].tolist() == [change.person for change in found.changes]
    gone = frame[frame["person"] == pair[1]].iloc[0]
    assert (gone["change"], gone["before"], gone["reason"]) == ("withdrew", pair[0], "withdrew")
    pairs = found.to_frame("pair")
    assert dict(
        zip(zip(pairs["mentor"], pairs["mentee"], strict=True), pairs["change"], strict=True)
    ) == (dict(found.fates))
    assert small.diff(small).to_frame().columns.tolist() == frame.columns.tolist()
    with pytest.raises(ValueError, match="it can be 'person' or 'pair'"):
        found.to_frame("side")  # type: ignore[arg-type]


def test_lines_fit_a_page(trusts: rmatch.Matching) -> None:
    text = str(trusts.what_if(weights={"topics": 90}).diff(trusts, names=True))
    assert max(map(len, text.splitlines())) <= 80
