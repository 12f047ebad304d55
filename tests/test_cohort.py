"""A programme built in code: who is who, who may be named where, and what equality means."""

from __future__ import annotations

from typing import Any

import pytest

from rmatch.errors import InputError
from rmatch.programme import Programme, Settings

TWO_OF_A_NAME = [{"id": "S1", "name": "Sam Lee"}, {"id": "S2", "name": "sam  lee"}]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"mentors": [{"id": "A1"}], "mentees": [{"id": "a1"}]},
            "column id (a1): 'a1' is the id of a mentor and of a mentee; ids must differ",
        ),
        (
            {"mentors": [{"id": "A1"}, {"id": "a1"}]},
            "column id (a1): 'a1' is the id of more than one person",
        ),
        (
            {"mentors": [{"id": "M1", "line_manager": "Sam Lee"}], "mentees": TWO_OF_A_NAME},
            "column line_manager (M1): names somebody whom more than one person matches",
        ),
        (
            {"mentors": [{"id": "M1", "choices": [["Sam Lee"]]}], "mentees": TWO_OF_A_NAME},
            "column choices (M1): names somebody whom more than one person matches",
        ),
        (
            {"mentors": [{"id": "M1", "vetoes": ["M2"]}, {"id": "M2"}]},
            "column vetoes (M1): names somebody of the same side",
        ),
        (
            {"mentors": [{"id": "M1", "conflicts": ["S9"]}]},
            "column conflicts (M1): names somebody who is not in the programme",
        ),
        (
            {
                "mentors": [{"id": "M1", "choices": [["S1"], ["Rex"]]}],
                "mentees": [{"id": "S1", "name": "Rex"}],
            },
            "column choices (M1): names somebody who is chosen already",
        ),
        (
            {
                "mentors": [{"id": "M1"}],
                "mentees": TWO_OF_A_NAME,
                "conflicts": [{"mentor": "M1", "mentee": "Sam Lee"}],
            },
            "sheet Conflicts, row 1, column mentee: matches more than one person; write the id",
        ),
        (
            {
                "mentors": [{"id": "M1"}],
                "mentees": TWO_OF_A_NAME,
                "history": [{"mentor": "M1", "mentee": "Sam Lee"}],
            },
            "sheet History, row 1, column mentee: matches more than one person; write the id",
        ),
        (
            {"mentors": [{"id": "M1"}], "conflicts": [{"mentor": "M1", "mentee": "S9"}]},
            "sheet Conflicts, row 1, column mentee: is not a mentee of this programme",
        ),
        (
            {
                "mentors": [{"id": "M1"}],
                "mentees": [{"id": "S1"}],
                "conflicts": [{"mentor": "S1", "mentee": "M1"}],
            },
            "column mentor: is in the programme, but not as a mentor",
        ),
    ],
)
def test_people_who_cannot_be_told_apart_are_a_problem(
    tables: dict[str, Any], message: str
) -> None:
    """The place is named, and never the name that was written there."""
    with pytest.raises(InputError) as caught:
        Programme(**tables)
    assert message in str(caught.value)
    assert "Sam" not in str(caught.value)


def test_references_resolve_by_id_then_e_mail_then_name() -> None:
    """Whatever people write, the programme holds ids; people outside stay as written."""
    programme = Programme(
        mentors=[
            {
                "id": "M1",
                "choices": [["s1"], [" REX@nhs.example "], ["Una  Vale"]],
                "line_manager": "Dr Outside",
                "supervisors": ["una vale", "Dr Outside"],
                "prior_experience": {"before": True, "partners": ["rex@nhs.example"]},
            }
        ],
        mentees=[
            {"id": "S1", "name": "S2"},
            {"id": "S2", "email": "rex@nhs.example"},
            {"id": "S3", "name": "Una Vale"},
        ],
        history=[{"mentor": "Dr Outside", "mentee": "Una Vale"}],
    )
    mentor = programme.mentors[0]
    assert mentor.choices == (("S1",), ("S2",), ("S3",))
    assert mentor.line_manager == "Dr Outside"
    assert mentor.supervisors == ("S3", "Dr Outside")
    assert mentor.prior_experience is not None
    assert mentor.prior_experience.partners == ("S2",)
    assert (programme.history[0].mentor, programme.history[0].mentee) == ("Dr Outside", "S3")


def test_a_programme_is_equal_to_one_with_the_same_people() -> None:
    """What loading noticed is no part of it; anything else is."""
    people: dict[str, Any] = {"mentors": [{"id": "M1"}], "mentees": [{"id": "S1"}]}
    one, other = Programme(**people), Programme(**people)
    assert one == other
    assert hash(one) == hash(other)
    assert one != other.replace(settings=Settings(seed=1))
    assert one != other.replace(mentors=[{"id": "M1", "carried_over": True}])
    assert one != "a programme"


def test_nobody_at_all_is_a_programme() -> None:
    """Empty is ordinary."""
    empty = Programme()
    assert list(empty.people) == []
    assert dict(empty.by_id) == {}
    with pytest.raises(InputError, match="extra inputs are not permitted"):
        empty.replace(dinner="none")
