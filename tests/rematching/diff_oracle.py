"""Two programmes that differ at random, and a second opinion on what became of their pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

import rmatch
from rmatch.rematching.diff import Cause, CauseKind
from rmatch.rematching.rematch import Events
from rmatch.testing import programmes


@st.composite
def events(draw: st.DrawFn, matching: rmatch.Matching) -> Events:
    """What may have happened to a matching's programme."""
    programme = matching.programme
    assert programme is not None
    ids = [person.id for person in programme.people]
    gone = draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else set()
    left = [person for person in ids if person not in gone]
    places = (
        draw(st.dictionaries(st.sampled_from(left), st.integers(0, 3), max_size=2)) if left else {}
    )
    pairs = [(p.mentor, p.mentee) for p in matching.pairs if not gone & {p.mentor, p.mentee}]
    forbidden = draw(st.sets(st.sampled_from(pairs), max_size=2)) if pairs else set()
    come: dict[str, list[dict[str, Any]]] = {
        side: [{"id": f"New{side}"}] if draw(st.booleans()) else [] for side in SIDES
    }
    return Events(
        withdrawn=sorted(gone), joined=come, forbid=sorted(forbidden), capacity=dict(places)
    )


SIDES = ("mentors", "mentees")


@st.composite
def before_and_after(draw: st.DrawFn) -> tuple[rmatch.Matching, rmatch.Matching]:
    """A matching, and the one after something happened to its programme."""
    try:
        old = rmatch.solve(draw(programmes(max_side=4)))
        return old, old.after(draw(events(old)))
    except rmatch.InfeasibleError:
        nothing = rmatch.solve(rmatch.Programme(mentors=[], mentees=[]))
        return nothing, nothing


def partners(matching: rmatch.Matching) -> Mapping[str, set[str]]:
    """Id → partners, for everybody who is there."""
    found: dict[str, set[str]] = {person: set() for person in places(matching)}
    for pair in matching.pairs:
        found[pair.mentor].add(pair.mentee)
        found[pair.mentee].add(pair.mentor)
    return found


def places(matching: rmatch.Matching) -> Mapping[str, int]:
    """Id → places, mentors first, from the arrays that were solved."""
    arrays = matching.instance
    ids = (*arrays.mentor_ids, *arrays.mentee_ids)
    return dict(
        zip(ids, [*arrays.mentor_capacity, *arrays.mentee_capacity], strict=True),
    )


def allowed(matching: rmatch.Matching, mentor: str, mentee: str) -> bool:
    """Whether two people are a pair of the arrays that were solved."""
    arrays = matching.instance
    listed = zip(arrays.mentor.tolist(), arrays.mentee.tolist(), strict=True)
    return (mentor, mentee) in {(arrays.mentor_ids[i], arrays.mentee_ids[j]) for i, j in listed}


def is_real(cause: Cause, old: rmatch.Matching, new: rmatch.Matching) -> bool:
    """Whether what is given as the reason did happen, told from the two matchings alone."""
    if len(cause.people) == 2:
        return _is_real_of_a_pair(cause, old, new)
    if not cause.people:
        return cause.kind is CauseKind.REBALANCED
    was, now = (places(one).get(cause.people[0]) for one in (old, new))
    if cause.kind is CauseKind.PLACES:
        return was != now and cause.places == (was, now)
    joined = cause.kind is CauseKind.JOINED
    return (was is None, now is None) == (joined, not joined)


def _is_real_of_a_pair(cause: Cause, old: rmatch.Matching, new: rmatch.Matching) -> bool:
    mentor, mentee = cause.people
    made = mentee in partners(new).get(mentor, ())
    if cause.kind is CauseKind.EXCLUDED:
        return mentee in partners(old)[mentor] and not allowed(new, mentor, mentee)
    if cause.kind is CauseKind.ALLOWED:
        return made and not allowed(old, mentor, mentee)
    assert new.programme is not None
    return made and cause.people in new.programme.settings.must_pair
