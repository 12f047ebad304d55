"""The example cohorts are what the README says: real-looking, legal to load, and not trivial."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

import rmatch
from build_examples import build
from rmatch import examples
from rmatch.programme import Programme
from rmatch.programme.reference import GRADES, ROLES, SPECIALTIES, TOPICS
from rmatch.properties.stability import blocking_pairs
from rmatch.scoring import Scores

EAST, TWO = "east-of-england", "two-trusts"
DEANS = {"pgd", "deputy_pgd", "apd"}
HEADS = {"head_of_school", "deputy_head_of_school"}
DIRECTORS = {"tpd", "foundation_tpd"}


@pytest.fixture(scope="module")
def east() -> Programme:
    return rmatch.load(examples.path(EAST))


@pytest.fixture(scope="module")
def two() -> Programme:
    return rmatch.load(examples.path(TWO))


def greedy(scores: Scores) -> list[int]:
    """Indices of the acceptable pairs, best score first, taken while both have a place."""
    instance = scores.instance
    mentor_free, mentee_free = instance.mentor_capacity.copy(), instance.mentee_capacity.copy()
    chosen = []
    for pair in np.argsort(-instance.score, kind="stable"):
        mentor, mentee = instance.mentor[pair], instance.mentee[pair]
        if mentor_free[mentor] and mentee_free[mentee]:
            mentor_free[mentor] -= 1
            mentee_free[mentee] -= 1
            chosen.append(int(pair))
    return chosen


def roles_of(programme: Programme) -> Counter[str]:
    return Counter(role.role for person in programme.mentees for role in person.leadership_roles)


# ------------------------------------------------------------------------------------- both of them


def test_the_examples_are_named() -> None:
    """There are two examples, and an unknown name lists them."""
    assert examples.names() == (EAST, TWO)
    with pytest.raises(ValueError, match=f"there are {EAST}, {TWO}"):
        examples.path("west-of-england")


@pytest.mark.parametrize("name", examples.names())
def test_folder_and_workbook_are_there(name: str) -> None:
    """Each example is shipped twice: a folder of CSVs and a workbook."""
    assert {file.name for file in examples.path(name).iterdir()} == {
        "mentors.csv",
        "mentees.csv",
        "conflicts.csv",
        "history.csv",
        "settings.toml",
    }
    assert examples.path(name, workbook=True).is_file()


@pytest.mark.parametrize("name", examples.names())
def test_folder_and_workbook_hold_the_same_programme(name: str) -> None:
    """A cohort is the same from its CSVs and from its workbook, and nothing in it is noticed."""
    from_folder = rmatch.load(examples.path(name))
    from_workbook = rmatch.load(examples.path(name, workbook=True))
    assert from_folder.model_dump() == from_workbook.model_dump()
    assert from_folder.notices == from_workbook.notices == ()


@pytest.mark.parametrize("name", examples.names())
def test_workbooks_are_built_from_the_folders(name: str, tmp_path: Path) -> None:
    """The shipped workbook holds what ``build_examples.py`` makes of the CSVs, cell by cell."""
    build(examples.path(name), tmp_path / "built.xlsx")
    built, shipped = (
        {sheet.title: list(sheet.values) for sheet in load_workbook(path)}
        for path in (tmp_path / "built.xlsx", examples.path(name, workbook=True))
    )
    assert list(built) == ["Mentors", "Mentees", "Conflicts", "History", "Settings"]
    assert built == shipped


@pytest.mark.parametrize("name", examples.names())
def test_everything_said_is_a_known_word(name: str) -> None:
    """Every grade, specialty, role and topic is one of the shipped vocabularies'."""
    for person in rmatch.load(examples.path(name)).people:
        assert person.grade in GRADES
        assert person.specialty is None or person.specialty in SPECIALTIES
        assert all(role.role in ROLES for role in person.leadership_roles)
        assert all(topic in TOPICS for topic in (*person.wants, *person.offers))


@pytest.mark.parametrize("name", examples.names())
def test_aliases_are_left_as_people_write_them(name: str) -> None:
    """The files keep a form's spellings; loading is what makes ids of them."""
    with (examples.path(name) / "mentors.csv").open(encoding="utf-8") as handle:
        rows = [
            {head.casefold(): cell for head, cell in row.items()} for row in csv.DictReader(handle)
        ]
    assert any(row["specialty"] not in SPECIALTIES for row in rows)
    assert {"T&O", "ENT"} <= {row["specialty"] for row in rows}
    assert any(row["grade"] == "Trust registrar" for row in rows)


@pytest.mark.parametrize("name", examples.names())
def test_nobody_can_be_written_to(name: str) -> None:
    """Every address is under a domain that is reserved for examples."""
    for person in rmatch.load(examples.path(name)).people:
        assert person.email is not None
        domain = person.email.partition("@")[2]
        assert domain == "example.org" or domain.endswith(".example.org")


@pytest.mark.parametrize("name", examples.names())
def test_settings_have_dates_and_seed(name: str) -> None:
    """Nothing in an example depends on the day it is solved."""
    text = (examples.path(name) / "settings.toml").read_text(encoding="utf-8")
    settings = rmatch.load(examples.path(name)).settings
    assert {"starts", "ends", "seed"} <= set(tomllib.loads(text))
    assert settings.starts is not None
    assert settings.ends is not None
    assert settings.starts < settings.ends


@pytest.mark.parametrize("name", examples.names())
def test_a_third_of_the_pairs_is_excluded(name: str) -> None:
    """Hard rules exclude enough pairs to matter, and few enough to leave a choice."""
    acceptable = rmatch.score(rmatch.load(examples.path(name))).acceptable
    assert 0.30 <= 1 - acceptable.mean() <= 0.45


@pytest.mark.parametrize("name", examples.names())
def test_greedy_by_score_is_unstable(name: str) -> None:
    """Taking the best-scored pair again and again leaves blocking pairs."""
    scores = rmatch.score(rmatch.load(examples.path(name)))
    assert len(blocking_pairs(scores.instance, greedy(scores))) > 0


# ---------------------------------------------------------------------------------- east-of-england


def test_east_has_fourteen_a_side(east: Programme) -> None:
    """Fourteen mentors and fourteen mentees, one place each."""
    assert [person.id for person in east.mentors] == [f"M{n:02}" for n in range(1, 15)]
    assert [person.id for person in east.mentees] == [f"S{n:02}" for n in range(1, 15)]
    assert all(person.capacity == 1 for person in east.people)


def test_east_has_deans_heads_and_directors(east: Programme) -> None:
    """The mentees are Deans, Heads of Schools and Training Programme Directors, and two others."""
    held = roles_of(east)
    assert sum(held[role] for role in DEANS) == 4
    assert sum(held[role] for role in HEADS) == 5
    assert sum(held[role] for role in DIRECTORS) == 3
    assert held["clinical_director"] == held["dme"] == 1


def test_east_has_fellows_and_trainees(east: Programme) -> None:
    """The mentors are locally employed doctors and fellows, surgical, dental and other trainees."""
    tracks = Counter(GRADES[person.grade]["track"] for person in east.mentors if person.grade)
    assert tracks["led"] == 6
    groups = {SPECIALTIES[person.specialty]["group"] for person in east.mentors if person.specialty}
    assert {"surgery", "dental", "foundation", "medicine"} <= groups


def test_east_carries_two_over(east: Programme) -> None:
    """One of each side waited since the last cohort."""
    assert [person.id for person in east.people if person.carried_over] == ["M07", "S08"]


def test_east_has_many_kinds_of_conflicts(east: Programme) -> None:
    """Conflicts are of many kinds, and one has lapsed before the programme starts."""
    assert {
        "educational_supervisor",
        "clinical_supervisor",
        "arcp_panel",
        "confidential",
        "family",
        "grievance",
        "prior_relationship",
        "business",
        "referee_sponsor",
        "recruitment_panel",
    } == {conflict.rule for conflict in east.conflicts}
    assert "educational_supervisor" not in rmatch.score(east).why_excluded("M02", "S09")


def test_east_ranks_with_ties_short_lists_and_none(east: Programme) -> None:
    """Both sides rank: some with ties, some one or two names, some nobody."""
    for side in (east.mentors, east.mentees):
        assert any(len(group) > 1 for person in side for group in person.choices)
        assert any(not person.choices for person in side)
        assert any(1 <= len(person.choices) <= 2 for person in side)
        assert any(person.vetoes for person in side)


def test_east_leaves_a_few_questions(east: Programme) -> None:
    """Two have not confirmed their conflicts, one has not said who supervises them."""
    unconfirmed = [person.id for person in east.people if not person.conflicts_confirmed]
    assert unconfirmed == ["M13", "S04"]
    assert [person.id for person in east.mentors if person.supervisors is None] == ["M02"]
    assert all(person.line_manager is not None for person in east.mentors)


def test_east_managers_and_supervisors_stand_in_and_outside(east: Programme) -> None:
    """Some supervisors and managers are mentees of the cohort, most are not."""
    mentees = {person.id for person in east.mentees}
    supervisors = {name for person in east.mentors for name in person.supervisors or ()}
    managers = {person.line_manager for person in east.mentors}
    assert supervisors & mentees == {"S10", "S11"}
    assert managers & mentees == {"S10", "S13"}
    assert supervisors - mentees
    assert managers - mentees


def test_east_defeats_greedy(east: Programme) -> None:
    """Greedy by score leaves three people a side unmatched, one of them carried over."""
    scores = rmatch.score(east)
    chosen = greedy(scores)
    matched = {east.mentors[mentor].id for mentor in scores.instance.mentor[chosen]}
    assert {person.id for person in east.mentors} - matched == {"M04", "M07", "M09"}


def test_east_has_a_stable_perfect_matching(east: Programme) -> None:
    """All fourteen pairs can be made with nobody who would rather have each other."""
    matching = rmatch.solve(east)
    assert matching.status == "optimal"
    assert len(matching.pairs) == 14
    assert matching.blocking_pairs == ()
    assert matching.unmatched == ()


# --------------------------------------------------------------------------------------- two-trusts


def test_two_trusts_has_fewer_places_than_mentors(two: Programme) -> None:
    """Forty mentors, twenty-seven mentees of whom eleven take two: not everybody can be matched."""
    assert (len(two.mentors), len(two.mentees)) == (40, 27)
    assert Counter(person.capacity for person in two.mentees) == {1: 16, 2: 11}


def test_two_trusts_are_two(two: Programme) -> None:
    """Everybody is employed by one of two trusts, in whatever case they write it."""
    assert len({person.employer.casefold() for person in two.people if person.employer}) == 2


def test_two_trusts_has_a_history(two: Programme) -> None:
    """Earlier pairs ended in every way; some of their people have left."""
    ends = {pair.ended for pair in two.history}
    assert ends >= {"completed", "moved", "no_fault", "early", "concern", "not_again", None}
    here = set(two.by_id)
    assert any(pair.mentor not in here for pair in two.history)
    assert any(pair.mentee not in here for pair in two.history)
    assert any({pair.mentor, pair.mentee} <= here for pair in two.history)


def test_two_trusts_has_its_coordinator_in_it(two: Programme) -> None:
    """A pair with the coordinator in it is warned of."""
    assert two.settings.coordinators == ("S19",)
    assert "coordinator_self" in rmatch.score(two).warned("M20", "S19")


def test_two_trusts_is_incomplete_as_forms_are(two: Programme) -> None:
    """Some departments, slots, supervisors and confirmations are blank."""
    for field in ("department", "base", "supervisors", "line_manager"):
        assert any(getattr(person, field) is None for person in two.mentors)
    assert any(not person.availability for person in two.people)
    assert any(person.conflicts_confirmed is None for person in two.people)
    assert sum(person.carried_over for person in two.people) == 5


def test_two_trusts_keeps_departments_apart(two: Programme) -> None:
    """Nobody can be paired within their own department."""
    scores = rmatch.score(two)
    excluded = Counter(
        code
        for mentor in two.mentors
        for mentee in two.mentees
        for code in scores.why_excluded(mentor.id, mentee.id)
    )
    assert excluded["same_department"] > 20
    assert excluded["previous_pair"] > 5
    assert excluded["failed_pair"] == 3
