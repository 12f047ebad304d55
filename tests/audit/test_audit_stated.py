"""What a coordinator stated about a programme: kept or named, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from audit_claims import claim_for
from audit_cohort import mentee, mentor, programme, role

from rmatch.audit import (
    Claim,
    ClaimedPair,
    FindingKind,
    QuotaRow,
    Stated,
    audit,
    recompute,
    stated_by,
)
from rmatch.audit.roster import roster_of
from rmatch.audit.stated import within_loads, without_forbidden
from rmatch.audit.statements import held
from rmatch.programme.text import fold

Kind = FindingKind
COHORT = programme(
    [mentor("M1", choices=[["S1"], ["S2"], ["S3"]]), mentor("M2", choices=[["S1"]])],
    [mentee("S1", choices=[["M1"], ["M2"]]), mentee("S2"), mentee("S3", capacity=2)],
)
IdPairs = tuple[tuple[str, str], ...]


def bare(pairs: IdPairs, **changes: Any) -> Claim:
    """A claim of these pairs and of who is left, and of what else is given."""
    matched = {person for pair in pairs for person in pair}
    nothing = Claim(
        tuple(ClaimedPair(*pair, *(None,) * 5) for pair in pairs),
        tuple(person.id for person in COHORT.people if person.id not in matched),
        None,
        {},
        optimal=False,
        order=(),
    )
    return replace(nothing, **changes)


def found(stated: Stated, pairs: IdPairs, **changes: Any) -> list[str]:
    return [str(f) for f in audit(COHORT, bare(pairs, **changes), stated=stated).findings]


def test_nothing_is_stated_where_the_settings_say_nothing() -> None:
    assert stated_by(COHORT) == Stated()


def stating(**settings: Any) -> Stated:
    """What is read of the cohort with these settings."""
    given: Any = SimpleNamespace(
        mentors=MIXED.mentors, mentees=MIXED.mentees, settings=SimpleNamespace(**settings)
    )
    return stated_by(given)


MIXED = programme(
    [
        mentor("M1", employer="Trust A", modes=("virtual",), carried_over=True),
        mentor("M2", employer="TRUST  a", specialty="general_surgery"),
        mentor("M3", employer=None, modes=()),
    ],
    [
        mentee("S1", employer="Trust A", leadership_roles=(role("dean"), role("tpd"))),
        mentee("S2", employer="Trust B", leadership_roles=(role("tpd"),)),
    ],
)


def test_pairs_and_stability_are_read() -> None:
    stated = stating(must_pair=[("M1", "S1")], must_not_pair=(["M2", "S2"],), stability="strong")
    assert stated.forced == {("M1", "S1")}
    assert stated.forbidden == {("M2", "S2")}
    assert stated.stability == "strong"
    assert stated.quotas == ()


def test_loads_are_read() -> None:
    """A maximum lowers the places, a minimum counts pairs; with a price both only cost."""
    stated = stating(
        minimum_load={"S1": 1, "S2": 1, "M2": 0},
        maximum_load={"S1": 2, "S2": 3, "M3": 0},
        load_price={"S2": 5},
    )
    assert stated.at_most == {"S1": 2, "M3": 0}
    of_first = {(f"M{k}", "S1"): 1 for k in (1, 2, 3)}
    of_second = {(f"M{k}", "S2"): 1 for k in (1, 2, 3)}
    assert stated.quotas == (
        QuotaRow("load S1", of_first, minimum=1),
        QuotaRow("load S2", of_second, minimum=1, maximum=3, price=5),
    )


def quota(**fields: Any) -> dict[str, Any]:
    """The settings with one quota, as its record has it."""
    blank = dict.fromkeys(("price", "attribute", "value", "per", "same", "different", "whose"))
    limits = {"minimum": 0, "maximum": 2}
    return {"quotas": {"q": SimpleNamespace(name="q", **{**blank, **limits, **fields})}}


EVERY = [(m, s) for m in ("M1", "M2", "M3") for s in ("S1", "S2")]


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"count": "mentees"}, [["S1", "S2"]]),
        ({"count": "mentors", "attribute": "employer", "value": "trust a"}, [["M1", "M2"]]),
        ({"count": "mentors", "attribute": "specialty_group", "value": "surgery"}, [["M2"]]),
        ({"count": "mentors", "attribute": "carried_over", "value": "no"}, [["M2", "M3"]]),
        ({"count": "mentors", "attribute": "modes", "value": "in_person"}, [["M2"]]),
        ({"count": "mentees", "per": "leadership_roles"}, [["S1"], ["S1", "S2"]]),
        ({"count": "mentors", "per": "employer"}, [["M1", "M2"]]),
        ({"count": "mentors", "per": "deanery"}, [["M1", "M2", "M3"]]),
        ({"count": "pairs"}, [EVERY]),
        (
            {"count": "pairs", "attribute": "employer", "value": "Trust B", "whose": "mentee"},
            [[("M1", "S2"), ("M2", "S2"), ("M3", "S2")]],
        ),
        (
            {"count": "pairs", "per": "employer", "whose": "mentor"},
            [[("M1", "S1"), ("M1", "S2"), ("M2", "S1"), ("M2", "S2")]],
        ),
        ({"count": "pairs", "same": "employer"}, [[("M1", "S1"), ("M2", "S1")]]),
        ({"count": "pairs", "different": "employer"}, [[("M1", "S2"), ("M2", "S2")]]),
        ({"count": "pairs", "same": "leadership_roles"}, [[]]),
    ],
)
def test_quotas_are_counted_out(fields: dict[str, Any], counted: list[list[Any]]) -> None:
    """One row, or one for each value; blanks count nowhere, not even as different."""
    rows = stating(**quota(price=4, minimum=1, **fields)).quotas
    assert [[*row.pairs, *row.mentors, *row.mentees] for row in rows] == counted
    assert all(set({**row.pairs, **row.mentors, **row.mentees}.values()) <= {1} for row in rows)
    assert {(r.statement, r.minimum, r.maximum, r.price) for r in rows} == {("quota q", 1, 2, 4)}


def test_every_attribute_of_quotas_is_known() -> None:
    """What a quota may be over, the audit reads by itself."""
    attributes = pytest.importorskip("rmatch.programme.attributes").ATTRIBUTES
    for person in MIXED.people:
        for name, attribute in attributes.items():
            assert held(person, name) == {fold(value) for value in attribute.held(person)}, name


def test_a_forbidden_pair_that_is_made_is_named() -> None:
    stated = Stated(forbidden=frozenset({("M1", "S1")}))
    assert found(stated, (("M1", "S1"),)) == [
        f"{Kind.FORBIDDEN_PAIR.value}: M1 – S1 must not be made and is"
    ]
    assert found(stated, (("M1", "S2"),)) == []


def test_a_forced_pair_that_is_not_made_is_named() -> None:
    stated = Stated(forced=frozenset({("M1", "S1")}))
    assert found(stated, (("M1", "S2"),)) == [
        f"{Kind.FORCED_PAIR_MISSING.value}: M1 – S1 must be made and is not"
    ]
    assert found(stated, (("M1", "S1"),)) == []


def test_a_hard_quota_off_its_limits_is_named_and_a_priced_one_is_not() -> None:
    quota = QuotaRow("first_choices", {("M1", "S1"): 1}, {"M2": 2}, {"S3": 1}, minimum=2)
    pairs = (("M1", "S3"),)
    assert found(Stated(quotas=(quota,)), pairs) == [
        f"{Kind.QUOTA_BROKEN.value}: first_choices: the count is 1 and must be at least 2"
    ]
    assert found(Stated(quotas=(replace(quota, price=3),)), pairs, objectives={"prices": 3}) == []
    assert found(Stated(quotas=(quota,)), (("M2", "S3"),)) == []


def test_a_maximum_load_lowers_the_places() -> None:
    """Both pairs fit S3, who has two places, until no more than one is wanted."""
    pairs = (("M1", "S3"), ("M2", "S3"))
    assert found(Stated(), pairs) == []
    assert found(Stated(at_most={"S3": 1}), pairs) == [
        "capacity exceeded: S3 has 2 partners and 1 place"
    ]
    assert found(Stated(at_most={"S3": 5}), pairs) == []


def test_loads_leave_everybody_elses_places_alone() -> None:
    roster = roster_of(COHORT)
    assert within_loads(roster, Stated()) == roster
    places = [p.capacity for p in within_loads(roster, Stated(at_most={"M2": 0})).people]
    assert places == [1, 0, 1, 1, 2]


def test_ranks_close_up_without_forbidden_pairs() -> None:
    """With M1's first choice forbidden, the second is the first."""
    pairs = recompute(COHORT).pairs
    left = without_forbidden(pairs, frozenset({("M1", "S1")}))
    assert [pairs["M1", s].mentor_rank for s in ("S1", "S2", "S3")] == [1, 2, 3]
    assert [left["M1", s].mentor_rank for s in ("S1", "S2", "S3")] == [0, 1, 2]
    assert (pairs["M2", "S1"].mentee_rank, left["M2", "S1"].mentee_rank) == (2, 1)
    assert left["M1", "S1"].excluded == ("must_not_pair",)
    assert left["M2", "S2"] == pairs["M2", "S2"]


def test_a_forbidden_pair_never_blocks() -> None:
    pairs = (("M1", "S2"), ("M2", "S1"))
    (blocking,) = claim_for(COHORT, pairs).blocking_pairs or ()
    assert blocking == ("M1", "S1")
    assert found(Stated(), pairs, blocking_pairs=(blocking,)) == []
    assert found(Stated(forbidden=frozenset({blocking})), pairs, blocking_pairs=()) == []


def test_a_place_held_by_a_forced_pair_never_blocks() -> None:
    pairs = (("M1", "S2"), ("M2", "S1"))
    stated = Stated(forced=frozenset({("M2", "S1")}))
    assert found(stated, pairs, blocking_pairs=()) == []


@pytest.mark.parametrize(
    ("mentees", "blocks"),
    [
        (("S1",), {"weak": 0, "strong": 1, "super": 1}),
        (("S1", "S2"), {"weak": 0, "strong": 0, "super": 2}),
    ],
)
@pytest.mark.parametrize("kind", ["weak", "strong", "super"])
def test_the_kind_of_stability_is_heeded(
    kind: str, mentees: tuple[str, ...], blocks: dict[str, int]
) -> None:
    """All are alike: whoever is left would gain, and those with a partner would not lose."""
    cohort = programme([mentor("M1"), mentor("M2")], [mentee(person) for person in mentees])
    pairs = tuple(zip(("M1", "M2"), mentees, strict=False))
    claim = replace(claim_for(cohort, pairs), blocking_pairs=None)
    for count in range(3):
        claimed = replace(claim, objectives={"stability": count})
        assert audit(cohort, claimed, stated=Stated(stability=kind)).ok is (count == blocks[kind])


def test_a_larger_matching_keeps_the_forced_pairs() -> None:
    """M1 – S1 keeps M2 out of S1; M2 finds S2, and nobody else has to move."""
    stated = Stated(forced=frozenset({("M1", "S1")}))
    claimed = {"optimal": True, "order": ("pairs",)}
    assert found(stated, (("M1", "S1"),), **claimed) == [
        "larger matching: 2 pairs can be made and not 1: add M2 – S2"
    ]
    quota = QuotaRow("at_most_one", {("M2", "S2"): 1}, maximum=0)
    verdict = audit(
        COHORT, bare((("M1", "S1"),), **claimed), stated=replace(stated, quotas=(quota,))
    )
    assert verdict.ok
    assert verdict.notes == (
        "quotas must hold, so no larger matching was looked for",
        "that these levels are optimal is reported, not checked: pairs",
    )


def test_blocking_pairs_of_a_stronger_kind_may_be_the_fewest() -> None:
    """No matching need be without them, so their number is noted and not faulted."""
    pairs = (("M1", "S2"), ("M2", "S1"))
    claimed = {"optimal": True, "order": ("stability", "pairs")}
    assert found(Stated(), pairs, **claimed)[0].startswith(Kind.NOT_STABLE.value)
    verdict = audit(COHORT, bare(pairs, **claimed), stated=Stated(stability="super"))
    assert verdict.ok
    assert verdict.notes[0].startswith("stability is super, so there may be no matching without")


# --- pairs that were made before

STOOD = frozenset({("M1", "S1"), ("M2", "S2")})


def test_standing_pairs_are_read_and_a_limit_without_any_is_none() -> None:
    stated = stating(standing_pairs=[["M1", "S1"]], max_changes=0)
    assert (stated.standing, stated.max_changes) == ({("M1", "S1")}, 0)
    assert stating(max_changes=0).max_changes is None


def test_a_forged_number_of_changes_is_faulted() -> None:
    """One of the two pairs that stood is missing."""
    pairs = (("M1", "S1"), ("M2", "S3"))
    for claimed in (0, 2):
        (finding,) = found(Stated(standing=STOOD), pairs, objectives={"changes": claimed})
        assert finding.startswith(Kind.WRONG_OBJECTIVE.value)
        assert "changes" in finding
    assert found(Stated(standing=STOOD), pairs, objectives={"changes": 1}) == []


def test_a_pair_that_is_not_allowed_any_more_is_no_change() -> None:
    pairs = (("M1", "S1"),)
    gone = Stated(standing=STOOD, forbidden=frozenset({("M2", "S2")}))
    assert found(gone, pairs, objectives={"changes": 0}) == []
    assert found(gone, pairs, objectives={"changes": 1}) != []


def test_more_broken_pairs_than_allowed_are_named() -> None:
    pairs = (("M1", "S2"), ("M2", "S1"))
    assert found(Stated(standing=STOOD, max_changes=1), pairs) == [
        f"{Kind.QUOTA_BROKEN.value}: max_changes: the count is 0 and must be at least 1"
    ]
    assert found(Stated(standing=STOOD, max_changes=2), pairs) == []
    assert found(Stated(standing=STOOD), pairs) == []
