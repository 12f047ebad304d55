"""What keeps two people apart, read off a programme by plain loops: the tests' own definition."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import strategies as st

from rmatch.programme import Participant, Programme
from rmatch.testing import programmes

Pair: TypeAlias = tuple[str, str]


def kept_apart(programme: Programme) -> set[tuple[str, str, str]]:
    """(mentor, mentee, code) of everything that somebody declared or stated between two people."""
    found = {(c.mentor, c.mentee, c.rule) for c in programme.conflicts}
    for mentor in programme.mentors:
        found |= {(mentor.id, other, "veto") for other in mentor.vetoes}
        found |= {(mentor.id, other, "confidential") for other in mentor.conflicts}
    for mentee in programme.mentees:
        found |= {(other, mentee.id, "veto") for other in mentee.vetoes}
        found |= {(other, mentee.id, "confidential") for other in mentee.conflicts}
    return found | {(m, s, "confidential") for m, s in programme.settings.must_not_pair}


def called(programme: Programme) -> set[str]:
    """Everybody's id."""
    return {person.id for person in programme.people}


def bare(programme: Programme, people: set[str]) -> dict[str, list[Participant]]:
    """Late forms of these people that say nothing but who they are."""
    return {
        "mentors": [Participant(id=one.id) for one in programme.mentors if one.id in people],
        "mentees": [Participant(id=one.id) for one in programme.mentees if one.id in people],
    }


@st.composite
def some_leave(draw: st.DrawFn) -> tuple[Programme, set[str]]:
    """A programme, and who of it leaves; now and then a pair of it must not be made."""
    programme = draw(programmes(max_side=4, filled=("aversions", "conflicts", "choices")))
    pairs = [(m.id, s.id) for m in programme.mentors for s in programme.mentees]
    if pairs and draw(st.booleans()):
        settings = programme.settings.model_copy(
            update={"must_not_pair": tuple(draw(st.lists(st.sampled_from(pairs), max_size=2)))}
        )
        programme = programme.replace(settings=settings)
    everybody = sorted(called(programme))
    gone = draw(st.sets(st.sampled_from(everybody))) if everybody else set()
    return programme, gone
