"""What people write in a cell, and what it is taken to mean."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from io_cohort import problems_of, where

import rmatch.io
from rmatch.io import lists
from rmatch.programme import Participant, Settings
from rmatch.programme.participant import SLOTS
from rmatch.programme.reference import VOCABULARIES


def read(field: str, cell: object) -> object:
    """The value of one mentor's field; S07 to S11 are mentees."""
    mentees = [{"id": f"S{number:02}"} for number in range(1, 12)]
    programme = rmatch.io.load(mentors=[{"id": "M01", field: cell}], mentees=mentees)
    return getattr(programme.mentors[0], field)


def refuse(field: str, cell: object) -> object:
    """The one problem that a cell gives."""
    problems = problems_of(read, field, cell)
    assert [where(problem) for problem in problems] == [("Mentors", 1, field)], problems
    return problems[0]


YES = ["yes", "YES", "Y", "true", "TRUE", "t", "1", "x", "X", "✓", "✔", "☑", "agree", "Confirmed"]
NO = ["no", "NO", "N", "false", "F", "0", "✗", "☐"]


@pytest.mark.parametrize("cell", [*YES, True, 1, 1.0, "Yes.", "Yes, I agree", "I confirm"])
def test_yes_in_every_spelling(cell: object) -> None:
    assert read("conflicts_confirmed", cell) is True


@pytest.mark.parametrize("cell", [*NO, False, 0, 0.0, "I do not agree"])
def test_no_in_every_spelling(cell: object) -> None:
    assert read("conflicts_confirmed", cell) is False


@pytest.mark.parametrize("cell", [None, "", "  ", "\xa0", "n/a", "-", float("nan")])
def test_nothing_is_neither(cell: object) -> None:
    assert read("conflicts_confirmed", cell) is None


@pytest.mark.parametrize("cell", ["maybe", "none", 2, "yes and no"])
def test_anything_else_is_refused(cell: object) -> None:
    assert refuse("conflicts_confirmed", cell).shown  # type: ignore[attr-defined]


def test_a_story_in_a_yes_or_no_cell_is_not_shown() -> None:
    assert not refuse("conflicts_confirmed", "no, because of my illness").shown  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "cell",
    [
        *(date(2026, 8, 1), datetime(2026, 8, 1), 46235, 46235.0),  # noqa: DTZ001
        *("2026-08-01", "2026-08-01T00:00:00", "2026-08-01 09:30", "2026/08/01", "01/08/2026"),
        *("1/8/2026", "1/8/26", "01.08.2026", "01-08-2026", "1 August 2026", "1 aug 2026"),
        *("1st August 2026", "01-Aug-26", "August 1, 2026", "1/8/2026 00:00", "1/8/2026 9:30 am"),
    ],
)
def test_dates_are_read_day_first(cell: object) -> None:
    assert read("training_done", cell) == date(2026, 8, 1)


@pytest.mark.parametrize(
    "cell", ["31/02/2026", "8/31/2026", "soon", "2026", 2026, True, "1 Foo 2026", "0/8/2026"]
)
def test_what_is_no_date_is_refused_and_shown(cell: object) -> None:
    assert refuse("training_done", cell).shown  # type: ignore[attr-defined]


@pytest.mark.parametrize("cell", [7, 7.0, "7", "7.0", " 7 "])
def test_ids_that_became_numbers_are_ids_again(cell: object) -> None:
    programme = rmatch.io.load(
        mentors=[{"id": cell, "choices": 8.0}], mentees=[{"id": "8", "choices": "7.0"}]
    )
    assert programme.mentors[0].id == "7"
    assert programme.mentors[0].choices == (("8",),)
    assert programme.mentees[0].choices == (("7",),)


def test_leading_zeros_of_an_id_stay() -> None:
    assert rmatch.io.load(mentors=[{"id": "007"}], mentees=[]).mentors[0].id == "007"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("S07; S02 = S05; S11", (("S07",), ("S02", "S05"), ("S11",))),
        ("s07;S02=S05 ;\nS11;", (("S07",), ("S02", "S05"), ("S11",))),
        ("S07\nS02", (("S07",), ("S02",))),
        (["S07", ["S02", "S05"]], (("S07",), ("S02", "S05"))),
        ("none", ()),
        ("", ()),
        ("; ;", ()),
    ],
)
def test_choices_with_ties(cell: object, expected: object) -> None:
    assert read("choices", cell) == expected


@pytest.mark.parametrize("cell", ["S07; S07", "S07 = s07", "S07, S02", "M01"])
def test_choices_that_cannot_stand_are_refused_unshown(cell: str) -> None:
    problem = refuse("choices", cell)
    assert not problem.shown  # type: ignore[attr-defined]
    assert "S0" not in str(problem)


def test_commas_between_people_are_explained() -> None:
    assert "separated by ;" in refuse("vetoes", "S07, S02").message  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("virtual", ("virtual",)),
        ("Online", ("virtual",)),
        ("In-person", ("in_person",)),
        ("face to face", ("in_person",)),
        ("either", ("virtual", "in_person")),
        ("BOTH", ("virtual", "in_person")),
        ("In person; Online;", ("virtual", "in_person")),
        ("in person, virtual", ("virtual", "in_person")),
        (["in_person"], ("in_person",)),
        ("n/a", ()),
    ],
)
def test_modes_in_every_spelling(cell: object, expected: object) -> None:
    assert read("modes", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("mon_am", ("mon_am",)),
        ("Mon AM; Tue pm", ("mon_am", "tue_pm")),
        ("Monday morning;Wed evening;", ("mon_am", "wed_eve")),
        ("Monday", ("mon_am", "mon_pm")),
        ("Fridays all day", ("fri_am", "fri_pm")),
        ("Mon a.m., Thurs p.m.", ("mon_am", "thu_pm")),
        ("Mon am and pm", ("mon_am", "mon_pm")),
        ("Mon and Tue am", ("mon_am", "tue_am")),
        ("weekday evenings", tuple(f"{d}_eve" for d in ("mon", "tue", "wed", "thu", "fri"))),
        ("any", SLOTS),
        ("Any time", SLOTS),
        (["sun_eve", "mon_am"], ("mon_am", "sun_eve")),
        ("none", ()),
    ],
)
def test_slots_in_every_spelling(cell: object, expected: object) -> None:
    assert read("availability", cell) == expected


@pytest.mark.parametrize("cell", ["evenings", "Mon 9-12", "Mon am Tue pm", "noon"])
def test_slots_that_are_guesses_are_refused_unshown(cell: str) -> None:
    assert not refuse("availability", cell).shown  # type: ignore[attr-defined]


def test_roles_with_scopes() -> None:
    cell = "tpd:general_surgery_eoe; Head of School: EOE/surgery; Dean"
    roles = read("leadership_roles", cell)
    assert [(role.role, role.scope) for role in roles] == [  # type: ignore[attr-defined]
        ("tpd", "general_surgery_eoe"),
        ("head_of_school", "EOE/surgery"),
        ("pgd", ""),
    ]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_label_of_every_vocabulary_reads_as_itself(name: str) -> None:
    fields = {
        "specialty": "specialty",
        "grade": "grade",
        "role": "leadership_roles",
        "deanery": "deanery",
        "topic": "offers",
        "characteristic": "experience_offered",
    }
    for entry in VOCABULARIES[name]:
        if name == "rule":
            loaded = rmatch.io.load(
                mentors=[{"id": "M01"}],
                mentees=[{"id": "S01"}],
                conflicts=[{"mentor": "M01", "mentee": "S01", "rule": entry.label}],
            )
            assert loaded.conflicts[0].rule == entry.id
        else:
            value = read(fields[name], f"{entry.label};" if name == "topic" else entry.label)
            found = value[0] if isinstance(value, tuple) else value
            assert getattr(found, "role", found) == entry.id


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("specialty=different; employer=same", {"specialty": "different", "employer": "same"}),
        ("Grade: Same; region = no preference;", {"level": "same", "location": "none"}),
        ({"level": "same", "employer": None}, {"level": "same"}),
        ("none", {}),
    ],
)
def test_wishes(cell: object, expected: dict[str, str]) -> None:
    found = read("pref_attrs", cell).model_dump()  # type: ignore[attr-defined]
    assert {name: wish for name, wish in found.items() if wish is not None} == expected


@pytest.mark.parametrize(
    "cell", ["sex=same", "level=perhaps", "level", "level=same; grade=different"]
)
def test_wishes_about_anything_else_are_refused_unshown(cell: str) -> None:
    assert not refuse("pref_attrs", cell).shown  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cell", "before", "partners"),
    [
        ("no", False, ()),
        ("None", False, ()),
        (0, False, ()),
        (False, False, ()),
        ("yes", True, ()),
        (True, True, ()),
        ("Yes; S07", True, ("S07",)),
        ("S07; Dr Former", True, ("S07", "Dr Former")),
        ({"before": True, "partners": ["S07"]}, True, ("S07",)),
    ],
)
def test_prior_experience(cell: object, before: bool, partners: tuple[str, ...]) -> None:
    found = read("prior_experience", cell)
    assert (found.before, found.partners) == (before, partners)  # type: ignore[attr-defined]


def test_prior_experience_that_contradicts_itself_is_refused() -> None:
    refuse("prior_experience", "no; S07")
    assert read("prior_experience", "n/a") is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-08-01 to 2026-08-14", [(date(2026, 8, 1), date(2026, 8, 14))]),
        ("1 Aug 2026 – 14/08/2026; 1/9/2026", [(date(2026, 8, 1), date(2026, 8, 14)), ()]),
        (date(2026, 9, 1), [()]),
        ("none", []),
    ],
)
def test_periods(cell: object, expected: list[tuple[date, ...]]) -> None:
    found = read("unavailable_periods", cell)
    one_day = (date(2026, 9, 1), date(2026, 9, 1))
    assert [(p.start, p.end) for p in found] == [e or one_day for e in expected]  # type: ignore[attr-defined]


@pytest.mark.parametrize("cell", ["2026-08-14 to 2026-08-01", "August to May", "August"])
def test_periods_that_are_none_are_refused(cell: str) -> None:
    refuse("unavailable_periods", cell)


@pytest.mark.parametrize("cell", ["none", "N/A", "nil", "-", "No one"])
def test_none_as_manager_or_supervisors_says_that_there_is_none(cell: str) -> None:
    assert read("line_manager", cell) == ""
    assert read("supervisors", cell) == ()


def test_a_blank_manager_or_supervisor_says_nothing() -> None:
    assert read("line_manager", " ") is None
    assert read("supervisors", None) is None


def test_managers_and_supervisors_may_be_anybody_and_resolve_if_they_are_known() -> None:
    assert read("line_manager", "Dr Who") == "Dr Who"
    assert read("supervisors", "who@x.example; s07; Dr Who") == ("who@x.example", "S07", "Dr Who")


def test_lists_of_free_texts_split_at_commas_where_no_semicolon_does() -> None:
    assert read("interests", "chess, cooking (Thai, Greek), jazz") == (
        *("chess", "cooking (Thai, Greek)", "jazz"),
    )
    assert read("language", "English; French, spoken") == ("English", "French, spoken")
    assert read("interests", "none") == ()


def test_shared_fields_are_names_of_fields() -> None:
    assert read("consent_share", "Wants; experience offered") == ("wants", "experience_offered")
    assert refuse("consent_share", "wnats").suggestions == ("wants",)  # type: ignore[attr-defined]


def test_a_guard_against_formulas_is_taken_off() -> None:
    assert read("base", "'=cmd") == "=cmd"
    assert read("base", "'plain") == "'plain"


def test_an_experience_that_is_unknown_shows_neither_value_nor_suggestion() -> None:
    problem = refuse("experience_offered", "disablity")
    assert "disab" not in str(problem).casefold()
    assert problem.suggestions  # type: ignore[attr-defined]
    assert problem.hidden_suggestions  # type: ignore[attr-defined]


def test_several_mistakes_in_one_cell_are_several_problems() -> None:
    problems = problems_of(read, "wants", "wellbeing; zzz; yyy")
    assert [problem.value for problem in problems] == ["zzz", "yyy"]


@pytest.mark.parametrize("side", ["mentor", "Both", "either", None])
def test_a_side_that_fits_is_accepted(side: object) -> None:
    rmatch.io.load(mentors=[{"id": "M01", "side": side}], mentees=[])


@given(st.lists(st.text('ab;,="() \n', min_size=1).map(str.strip).filter(bool)))
def test_any_list_of_texts_survives_one_cell(texts: list[str]) -> None:
    assert lists.items(lists.joined(texts)) == texts


@pytest.mark.parametrize(
    "ended",
    ["completed", "No fault", "moved away", "Ended early", "not-again", "Withdrew", "said no"],
)
def test_ends_of_earlier_pairs_in_every_spelling(ended: str) -> None:
    loaded = rmatch.io.load(
        mentors=[{"id": "M01"}],
        mentees=[{"id": "S01"}],
        history=[{"mentor": "M01", "mentee": "S01", "ended": ended}],
    )
    assert loaded.history[0].ended is not None


# --- settings


def settings(given: dict[str, object]) -> Settings:
    return rmatch.io.load(mentors=[], mentees=[], settings=given).settings


def test_settings_read_in_words() -> None:
    found = settings(
        {
            "Starts": "1 October 2026",
            "weights": {"Topics": 20.0},
            "weights.choice": "40",
            "rules.Same employer (trust)": "OFF",
            "lookback months.line_manager": 12,
            "side weights": "6; 4",
            "objectives": ["pairs", "Tie break"],
            "specialty": "Same",
            "time_limit": "2.5",
            "coordinators": "S01; S02",
            "ends": None,
        }
    )
    assert found.starts == date(2026, 10, 1)
    assert found.weights == {"topics": 20, "choice": 40}
    assert found.rules == {"same_employer": "off"}
    assert found.lookback_months == {"line_manager": 12}
    assert found.objectives == ("pairs", "tie_break")
    assert found.time_limit == 2.5
    assert found.coordinators == ("S01", "S02")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sead", 3),
        ("weights", 3),
        ("seed.x", 3),
        ("seed", "lots"),
        ("seed", "#N/A"),
        ("starts", "soon"),
        ("starts", True),
        ("rules.same_employr", "off"),
        ("rules.veto", "off"),
        ("rules.same_employer", "perhaps"),
        ("lookback_months.role_dme", 3),
        ("lookback_months.confidential_x", 3),
        ("weights.topics", -1),
        ("objectives", "pairs; joy"),
        ("side_weights", "0; 0"),
        ("seed", date(2026, 1, 1)),
    ],
)
def test_a_wrong_setting_is_one_problem_at_its_name(name: str, value: object) -> None:
    (problem,) = problems_of(settings, {name: value})
    assert problem.place.column == name


def test_settings_that_clash_are_one_problem() -> None:
    (problem,) = problems_of(settings, {"starts": "2026-10-01", "ends": "2026-09-01"})
    assert problem.place.column == "ends"


def test_a_setting_set_twice_is_one_problem() -> None:
    (problem,) = problems_of(settings, {"seed": 1, "Seed": 2})
    assert problem.place.column == "Seed"


def test_a_weight_of_no_built_in_criterion_is_a_notice() -> None:
    programme = rmatch.io.load(mentors=[], mentees=[], settings={"weights.topcs": 3})
    assert programme.settings.weights == {"topcs": 3}
    assert [notice.suggestions for notice in programme.notices] == [("topics",)] or [
        n.suggestions for n in programme.notices if n.suggestions
    ] == [("topics",)]


def test_readers_exist_for_every_field_and_no_other() -> None:
    from rmatch.io.fields import READERS

    assert {*READERS, "extra"} == set(Participant.model_fields)
