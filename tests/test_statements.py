"""What a coordinator states: the records, quotas as sentences, statements in the settings."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmatch.errors import InputError
from rmatch.programme import (
    Load,
    MustNotPair,
    MustPair,
    Participant,
    Programme,
    Quota,
    Settings,
)
from rmatch.programme.attributes import ATTRIBUTES
from rmatch.programme.quota_text import FORMS
from rmatch.programme.reference import form_fields
from rmatch.programme.statements import MOST
from rmatch.programme.stating import stating

WORDS = {
    "grade": ["st4", "consultant"],
    "leadership_roles": ["dean", "tpd"],
    "specialty": ["general_surgery", "urology"],
    "specialty_group": ["dental", "surgery"],
    "deanery": ["EOE", "SW"],
    "modes": ["virtual", "in_person"],
    "carried_over": ["yes", "no"],
}
LIMITS = st.integers(0, MOST)


@st.composite
def quotas(draw: st.DrawFn, name: str = "q") -> Quota:
    """Any quota at all."""
    limits = sorted([draw(LIMITS), draw(LIMITS)])
    least, most = draw(st.sampled_from([(limits[0] or 1, None), (0, limits[1]), limits]))
    attribute = draw(st.sampled_from(sorted(ATTRIBUTES)))
    kind = draw(st.sampled_from(["none", "attribute", "per", "same", "different"]))
    count = draw(st.sampled_from(["pairs", "mentors", "mentees"]))
    fields: dict[str, Any] = {} if kind == "none" else {kind: attribute}
    if kind == "attribute":
        text = st.text(min_size=1).filter(lambda text: text.strip("\x1c\x1d\x1e\x1f \n") != "")
        values = st.sampled_from(WORDS[attribute]) if attribute in WORDS else text
        fields["value"] = draw(values.filter(lambda value: value.strip() != ""))
    if kind in ("same", "different"):
        count = "pairs"
    if kind in ("attribute", "per") and count == "pairs":
        fields["whose"] = draw(st.sampled_from(["mentor", "mentee"]))
    price = draw(st.none() | st.integers(1, MOST))
    return Quota(name=name, count=count, minimum=least, maximum=most, price=price, **fields)


@given(quotas())
def test_a_quota_reads_back_from_its_sentence(quota: Quota) -> None:
    """Whatever it counts and whatever its value is."""
    again = Quota.parse("q", str(quota))
    assert again == quota, (again.__dict__, quota.__dict__)
    assert Quota.parse("q", str(quota).upper().replace(" ", "  ", 3)).count == quota.count


@pytest.mark.parametrize("sentence", FORMS)
def test_every_form_that_is_offered_can_be_read(sentence: str) -> None:
    """What an error tells people to write is right, with a price and without."""
    assert str(Quota.parse("q", sentence)) == sentence
    assert Quota.parse("q", f"{sentence}, price 10").price == 10


@pytest.mark.parametrize(
    ("sentence", "meaning"),
    [
        (
            "At Least 2 mentors with specialty group Dental",
            {"count": "mentors", "minimum": 2, "attribute": "specialty_group", "value": "dental"},
        ),
        (
            "at most 1 pair with mentee role Training Programme Director",
            {"maximum": 1, "attribute": "leadership_roles", "value": "tpd", "whose": "mentee"},
        ),
        ("exactly 2 pairs with the same base", {"minimum": 2, "maximum": 2, "same": "base"}),
        ("at most 1 mentee per Training Programme", {"per": "training_programme"}),
        ("at most 3 mentees with deanery East of England", {"value": "EOE"}),
        ("at most 3 mentees with modes in person", {"value": "in_person"}),
        ("at most 3 mentees with employer Trust A, B ,price 2", {"value": "Trust A, B"}),
        ('at most 3 mentees with employer "A, price 2"', {"value": "A, price 2", "price": None}),
    ],
)
def test_a_sentence_means_what_it_says(sentence: str, meaning: dict[str, Any]) -> None:
    """In any case and spacing, by aliases and labels."""
    quota = Quota.parse("q", sentence)
    assert {name: getattr(quota, name) for name in meaning} == meaning


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("three mentors", "is not a quota; write for example: at least 4 pairs"),
        ("at most 3 mentees per emploer", "no quota can be over (did you mean employer?)"),
        ("at most 3 mentees per email", "no quota can be over; quotas can be over base, "),
        ("at least 1 mentor with ethnicity x", "no quota can be over"),
        ("at least 1 mentor with speciality_group dental", "did you mean specialty_group?"),
        ("at most 3 mentees of one employer", "neither per … nor with …"),
        ("at most 3 mentees with grade consultnt", "(did you mean Consultant"),
        ("at most 3 mentees with specialty dental", "write specialty_group dental"),
        ("at most 3 mentees with modes zoom", "write virtual or in_person"),
        ("at most 3 mentees with employer", "names no value of employer"),
        ("at most 3 mentees per employer, price ten", "a price that is not a whole number"),
        ("at most 3 pairs per employer", "write per mentor employer or per mentee employer"),
        ("at most 3 pairs with grade st4", "write with mentor grade or with mentee grade"),
        ("at most 3 mentors per mentee employer", "is only for pairs"),
        ("at most 3 mentors with same base", "can only be pairs"),
        ("between 5 and 2 pairs", "is above the maximum: 5 is more than 2"),
        ("at least 0 pairs", "states no limit"),
        (f"at least {MOST + 1} pairs", "less than or equal to"),
        ("at most 3 pairs, price 0", "greater than or equal to 1"),
    ],
)
def test_a_sentence_that_says_no_quota_is_told_why(sentence: str, message: str) -> None:
    """With the nearest legal value, or every form."""
    with pytest.raises(InputError) as caught:
        Quota.parse("q", sentence)
    assert message in caught.value.problems[0].message
    assert caught.value.__context__ is None


def test_no_private_or_special_category_field_can_be_counted() -> None:
    """The form's own list says which those are."""
    rows = {row["id"]: row for row in form_fields()}
    for name in set(ATTRIBUTES) - {"specialty_group"}:
        assert rows[name]["special_category"] == "0", name
        assert name in Participant.model_fields
    never = {"id", "name", "email", "choices", "vetoes", "conflicts", "supervisors", "offers"}
    assert not never & set(ATTRIBUTES)


def test_statements_have_ids_and_show_nobody() -> None:
    """The id is what an infeasibility names; a repr may stand in a log."""
    statements = [
        MustPair("Asha Bell", "S02"),
        MustNotPair(mentor="M01", mentee="S02"),
        Load("S05", maximum=2, price=3),
        Quota.parse("spread", "at most 3 mentees with employer Hidden Vale"),
    ]
    assert [one.id for one in statements] == [
        "must_pair Asha Bell S02",
        "must_not_pair M01 S02",
        "load S05",
        "quota spread",
    ]
    assert [repr(one) for one in statements] == [
        "MustPair()",
        "MustNotPair()",
        "Load(minimum=0, maximum=2, price=3)",
        "Quota(name='spread')",
    ]
    assert pickle.loads(pickle.dumps(statements)) == statements  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "make",
    [
        lambda: MustPair("", "S01"),
        lambda: MustNotPair("M01", " "),
        lambda: Load("S01", minimum=2, maximum=1),
        lambda: Load("S01", maximum=-1),
        lambda: Load("S01", maximum=1, price=0),
        lambda: Quota(name="q", attribute="grade", maximum=1, whose="mentor"),
        lambda: Quota(name="q", value="x", maximum=1),
        lambda: Quota(name="q", same="base", different="deanery", maximum=1),
        lambda: Settings(minimum_load={"S01": 2}, maximum_load={"s01": 1}),
        lambda: Settings(quotas={"a": "nonsense"}),
        lambda: Settings(quotas={"a": 3}),
        lambda: Settings(quotas={"a": Quota(name="b", maximum=1)}),
        lambda: Settings(must_pair=[("M01", "S01", "S02")]),
        lambda: Settings(stability="stable"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make: Any) -> None:
    """As an input error, without a pydantic error behind it."""
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.__context__ is None


# ---------------------------------------------------------------------------------- in a programme


def programme(**settings: Any) -> Programme:
    """Two a side, called by name too."""
    return Programme(
        mentors=[{"id": "M1", "name": "Asha Bell"}, {"id": "M2", "name": "Bo Carr"}],
        mentees=[{"id": "S1", "name": "Dean Dee", "email": "d@x.example"}, {"id": "S2"}],
        settings=Settings(**settings),
    )


def test_people_of_statements_become_ids() -> None:
    """By id, e-mail or exact name; a pair said twice is said once."""
    made = programme(
        must_pair=[("Asha Bell", "d@x.example"), ("m1", "S1")],
        must_not_pair=[MustNotPair("M2", "dean dee")],
        minimum_load={"Bo Carr": 1},
        quotas={"all": "at least 2 pairs"},
    )
    assert made.settings.must_pair == (("M1", "S1"),)
    assert [one.id for one in made.settings.statements] == [
        "must_pair M1 S1",
        "must_not_pair M2 S1",
        "load M2",
        "quota all",
    ]
    assert Programme.model_validate(made.model_dump(mode="json")) == made


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"must_pair": [("Cy Dunn", "S1")]}, "who is not a mentor of this programme"),
        ({"must_not_pair": [("M1", "Cy Dunn")]}, "who is not a mentee of this programme"),
        ({"must_pair": [("S1", "M1")]}, "but not as a mentor; the mentor comes first"),
        ({"maximum_load": {"Cy Dunn": 1}}, "who is not a person of this programme"),
        ({"minimum_load": {"M1": 1, "Asha Bell": 2}}, "names somebody a second time"),
        ({"load_price": {"Asha Bell": 2}}, "is a price without a limit"),
        ({"minimum_load": {"M1": 2}, "maximum_load": {"Asha Bell": 1}}, "is above the maximum"),
    ],
)
def test_people_who_are_not_there_are_a_problem_without_their_name(
    settings: dict[str, Any], message: str
) -> None:
    """The name is in the problem's value only."""
    with pytest.raises(InputError) as caught:
        programme(**settings)
    assert message in str(caught.value)
    assert "Cy Dunn" not in str(caught.value)
    assert "Asha" not in str(caught.value)
    assert caught.value.problems[0].value is not None


def test_statements_in_code_go_before_those_of_the_settings() -> None:
    """Pairs join, loads of one person and quotas of one name replace."""
    made = programme(
        must_pair=[("M1", "S1")],
        minimum_load={"S1": 1, "S2": 1},
        load_price={"S1": 3},
        quotas={"all": "at least 2 pairs"},
    )
    more = stating(
        made,
        [
            MustPair("Bo Carr", "S2"),
            Load("Dean Dee", maximum=0),
            Quota(name="all", minimum=1),
            Quota(name="more", maximum=9),
        ],
        "super",
    )
    settings = more.settings
    assert settings.must_pair == (("M1", "S1"), ("M2", "S2"))
    assert (settings.minimum_load, settings.maximum_load) == ({"S2": 1}, {"S1": 0})
    assert settings.load_price == {}
    assert {name: str(quota) for name, quota in settings.quotas.items()} == {
        "all": "at least 1 pair",
        "more": "at most 9 pairs",
    }
    assert settings.stability == "super"
    assert stating(made, []) is made


@pytest.mark.parametrize(
    ("constraints", "error"),
    [
        (MustPair("M1", "S1"), TypeError),
        (["M1 with S1"], TypeError),
        ([Load("M1", 1), Load("Asha Bell", maximum=1)], ValueError),
        ([Quota(name="q", minimum=1), Quota(name="q", minimum=2)], ValueError),
        ([MustPair("M9", "S1")], InputError),
    ],
)
def test_constraints_that_make_no_sense_are_refused(
    constraints: Any, error: type[Exception]
) -> None:
    """A call that makes no sense, or somebody who is not there."""
    with pytest.raises(error):
        stating(programme(), constraints)
