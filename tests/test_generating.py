"""Generated cohorts: the same for a seed, of the shape that was asked for, and ordinary input."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pickle
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rmatch
from rmatch.errors import InputError
from rmatch.generating import (
    PRESETS,
    CohortShape,
    choosing,
    cohorts,
    generate,
    generate_instance,
    marginals,
    smti,
    smti_instances,
)
from rmatch.generating.choosing import NOBODY, Market, choose
from rmatch.generating.drawing import Stream
from rmatch.instance import PAIR_ARRAYS, Instance
from rmatch.io.tables import write_folder
from rmatch.programme import Participant, Programme
from rmatch.programme.reference import GRADES
from rmatch.scoring import score

MIDDLE = CohortShape(mentors=600, mentees=500, deaneries=4, specialties=30)
WIDE = CohortShape(mentors=6_000, mentees=500, correlation=0.9)
"""Large enough for choices to be drawn by proposals."""


def digest(what: Programme | Instance) -> str:
    if isinstance(what, Programme):
        text = what.model_dump_json(exclude={"settings"})
    else:
        names = (*PAIR_ARRAYS, "mentor_capacity", "mentee_capacity")
        text = json.dumps({name: getattr(what, name).tolist() for name in names})
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def varied(**knobs: object) -> Programme:
    return generate(dataclasses.replace(MIDDLE, **knobs), seed=3)  # type: ignore[arg-type]


def named(people: Iterable[Participant]) -> list[tuple[str, str]]:
    return [(p.id, other) for p in people for group in p.choices for other in group]


def gini(counts: list[int]) -> float:
    values = np.sort(np.array(counts, dtype=float))
    n = len(values)
    return float((2 * np.arange(1, n + 1) - n - 1) @ values / (n * values.sum()))


def wanted(programme: Programme) -> list[int]:
    """How often each mentee is named."""
    times = Counter(other for _, other in named(programme.mentors))
    return [times[person.id] for person in programme.mentees]


def mutual(programme: Programme) -> int:
    back = {(other, person) for person, other in named(programme.mentees)}
    return len(back & set(named(programme.mentors)))


# ------------------------------------------------------------------------------------------- seeds


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (lambda: generate("pairs_14", seed=7), "dc6cef7614ec8b04"),
        (lambda: generate_instance(WIDE, seed=7), "92beb328614e7b9a"),
        (lambda: generate_instance("pairs_75", seed=7), "c6730187a953a7b0"),
        (lambda: smti(20, 0.5, 0.3, seed=7), "2e90c9db9fdf6f52"),
    ],
    ids=["small", "by proposals", "instance", "smti"],
)
def test_a_seed_gives_the_same_everywhere(what: object, expected: str) -> None:
    """What a seed makes is pinned: it depends on no machine and no version."""
    assert callable(what)
    assert digest(what()) == expected


def test_another_seed_gives_another_cohort() -> None:
    """Seeds are not ignored."""
    assert len({digest(generate("pairs_14", seed)) for seed in range(20)}) == 20


def test_a_knob_leaves_what_others_govern() -> None:
    """Each purpose has draws of its own: more conflicts change nobody's specialty or choices."""
    plain, more = varied(), varied(conflicts=2.0)
    assert plain.mentors == more.mentors
    assert len(more.conflicts) > 3 * len(plain.conflicts)


def test_nobody_has_a_name() -> None:
    """People are numbers of a side, so that none can be taken for somebody real."""
    programme = generate("pairs_14", seed=1)
    assert {(p.name, p.email) for p in programme.people} == {(None, None)}
    assert [p.id for p in programme.mentees][:2] == ["S0001", "S0002"]


# ----------------------------------------------------------------------------------------- presets


def test_the_smallest_preset_is_solved_and_verified(tmp_path: Path) -> None:
    """A generated cohort is ordinary: written, loaded, solved to proof and found right."""
    programme = generate("pairs_14", seed=1)
    write_folder(programme, tmp_path / "cohort")
    loaded = rmatch.load(tmp_path / "cohort")
    assert loaded == programme
    matching = rmatch.solve(loaded)
    assert (len(matching.pairs), matching.status) == (14, "optimal")
    assert matching.verify().ok


def test_forty_one_of_eighty_one_have_a_partner() -> None:
    """Every senior of the preset takes one junior, and the other juniors go without."""
    matching = rmatch.solve(generate("pairs_41_of_81", seed=1), objectives=("pairs", "score"))
    assert len(matching.pairs) == 41
    assert sum(person.startswith("M") for person in matching.unmatched) == 40
    assert matching.verify().ok


def test_seventy_five_pairs_can_be_made() -> None:
    """In the yearly preset everybody of the smaller side can have a partner."""
    matching = rmatch.solve(generate("pairs_75", seed=1), objectives=("pairs", "people"))
    assert len({pair.mentee for pair in matching.pairs}) == 75
    assert matching.verify().ok


@pytest.mark.parametrize("name", ["side_500", "side_1000"])
def test_large_presets_are_mostly_acceptable(name: str) -> None:
    """Rules exclude some pairs of a large cohort and leave everybody several."""
    programme = generate(name, seed=1)
    acceptable = score(programme).acceptable
    assert 0.7 < acceptable.mean() < 1.0
    assert min(acceptable.sum(axis=0).min(), acceptable.sum(axis=1).min()) > 10


def test_everybody_of_a_large_cohort_gets_their_choices() -> None:
    """Proposals, and the rest drawn from weights, give everybody as many choices as they make."""
    shape = CohortShape(
        mentors=1_600, mentees=1_400, mentor_choices=(3, 3), no_choices=0, mentee_popularity=2.0
    )
    programme = generate(shape, seed=1)
    assert {sum(map(len, person.choices)) for person in programme.mentors} == {3}


def test_the_national_size_is_an_instance_at_once() -> None:
    """A hundred thousand people fit in a sparse instance, and each mentor has somebody in it."""
    instance = generate_instance("national", seed=1)
    assert (instance.n_mentors, instance.n_mentees) == (50_000, 50_000)
    assert 450_000 < instance.n_pairs < 1_000_000
    assert (np.diff(instance.mentor_start) > 0).all()


# ------------------------------------------------------------------------------------------- knobs


def test_grades_are_as_common_as_assumed() -> None:
    """Marginals follow their table: each share within four standard errors."""
    programme = generate(dataclasses.replace(MIDDLE, mentors=4_000), seed=5)
    total = sum(marginals.MENTOR_GRADES.values())
    counts = Counter(person.grade for person in programme.mentors)
    for grade, weight in marginals.MENTOR_GRADES.items():
        share = weight / total
        assert abs(counts[grade] / 4_000 - share) < 4 * (share * (1 - share) / 4_000) ** 0.5


def test_sizes_are_skewed_as_asked() -> None:
    """A larger skew makes the largest specialty larger, and none makes all alike."""
    largest = [
        Counter(p.specialty for p in varied(specialty_skew=s).mentors).most_common(1)[0][1]
        for s in (0.0, 1.0, 2.0)
    ]
    assert largest[0] < 60 < largest[1] < 250 < largest[2]


def test_popularity_makes_few_wanted_by_many() -> None:
    """The Gini coefficient of how often people are named rises with the exponent."""
    values = [gini(wanted(varied(mentee_popularity=s, correlation=0))) for s in (0.0, 0.8, 1.6)]
    limits = ((0.2, 0.45), (0.45, 0.7), (0.75, 1.0))
    for value, (low, high) in zip(values, limits, strict=True):
        assert low < value < high


def test_correlation_makes_choices_mutual() -> None:
    """The more the sides' latent values count, the more of those named name the other."""
    counts = [mutual(varied(correlation=c)) for c in (0.0, 0.5, 1.0)]
    assert counts[0] < counts[1] < counts[2]
    assert counts[2] > 4 * counts[0]


def test_correlation_makes_topics_shared() -> None:
    """People who name each other also want what the other offers, so that scores agree."""

    def shared(programme: Programme) -> float:
        by_id = programme.by_id
        hits = [set(by_id[a].wants) & set(by_id[b].offers) for a, b in named(programme.mentors)]
        return sum(map(bool, hits)) / len(hits)

    assert shared(varied(correlation=1.0)) > shared(varied(correlation=0.0)) + 0.2


def test_lists_are_as_long_as_asked() -> None:
    """Every length within the limits occurs, none outside, and the silent are as many as asked."""
    programme = varied(mentor_choices=(2, 4), no_choices=0.25)
    lengths = Counter(sum(map(len, person.choices)) for person in programme.mentors)
    assert set(lengths) == {0, 2, 3, 4}
    assert abs(lengths[0] / 600 - 0.25) < 0.07


@pytest.mark.parametrize("density", [0.0, 0.3, 1.0])
def test_ties_are_as_dense_as_asked(density: float) -> None:
    """The share of later choices that share the place before them is the tie density."""
    people = varied(tie_density=density).mentors
    later = sum(sum(map(len, p.choices)) - 1 for p in people if p.choices)
    tied = sum(sum(len(group) - 1 for group in p.choices) for p in people)
    assert abs(tied / later - density) < 0.04 * (0 < density < 1) + 1e-12


def test_capacity_follows_its_shares() -> None:
    """Places come in the proportions given, and in no other number."""
    counts = Counter(person.capacity for person in varied(mentee_capacity=(3, 0, 1)).mentees)
    assert set(counts) == {1, 3}
    assert abs(counts[3] / 500 - 0.25) < 0.07


def test_conflicts_are_rules_that_exclude() -> None:
    """Declared, supervised, managed, vetoed and same-department pairs are found by the rules."""
    programme = varied(conflicts=1.0, supervised=1.0, managed=0.5, vetoes=0.5)
    scores = score(programme)
    codes = {
        code
        for mentor in programme.mentors[:60]
        for mentee in programme.mentees
        for code in scores.why_excluded(mentor.id, mentee.id, reveal=True)
    }
    wished = {"arcp_panel", "clinical_supervisor", "educational_supervisor", "line_manager"}
    assert codes >= wished | {"veto", "same_department", "tpd_own_programme"}


def test_nobody_declares_a_conflict_with_a_choice() -> None:
    """Whom somebody names, or is named by, is never declared, vetoed or their supervisor."""
    programme = varied(conflicts=5.0, supervised=1.0, managed=1.0, vetoes=5.0)
    wished = set(named(programme.mentors)) | {(b, a) for a, b in named(programme.mentees)}
    barred = {(c.mentor, c.mentee) for c in programme.conflicts}
    for mentor in programme.mentors:
        above = (*(mentor.supervisors or ()), mentor.line_manager, *mentor.vetoes)
        barred |= {(mentor.id, other) for other in above if other}
    barred |= {(other, mentee.id) for mentee in programme.mentees for other in mentee.vetoes}
    assert len(barred) > 3_000
    assert not barred & wished


def test_what_is_unsaid_becomes_a_question() -> None:
    """Blanks are as frequent as asked, and with none of them nothing is left to ask."""
    known, blank = (
        rmatch.solve(generate(CohortShape(unsaid=share), seed=2)).questions for share in (0.0, 0.8)
    )
    assert not known
    assert blank


def test_mentees_are_senior_to_mentors() -> None:
    """No pair fails the seniority rule: that is settled by who may sign up."""
    programme = varied()
    low = min(int(GRADES[p.grade or ""]["level"]) for p in programme.mentees)
    assert max(int(GRADES[p.grade or ""]["level"]) for p in programme.mentors) + 2 <= low


# ---------------------------------------------------------------------------------------- choosing


@pytest.mark.parametrize("few", [0, 256], ids=["proposals", "written out"])
def test_choices_are_plackett_luce(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of drawing give each ordered pair of choices its probability, likeness included."""
    monkeypatch.setattr(choosing, "_FEW", few)
    monkeypatch.setattr(choosing, "_CELLS", 400)  # at most a hundred people in the second way
    n = 20_000
    weights, there = np.array([4.0, 2.0, 1.0, 1.0]), np.array([0.0, 0.05, 0.5, 0.9])
    market = Market(weights, np.zeros(n), there, correlation=0.5)
    chosen = choose(Stream(1, "test"), np.full(n, 2), market)
    each = weights * choosing.likeness(np.zeros(4), there, 0.5)
    found = Counter(map(tuple, chosen.tolist()))
    for a in range(4):
        for b in set(range(4)) - {a}:
            expected = each[a] / each.sum() * each[b] / (each.sum() - each[a])
            error = (expected * (1 - expected) / n) ** 0.5
            assert abs(found[a, b] / n - expected) < 4.5 * error


def test_a_list_ends_when_everybody_is_named() -> None:
    """Who wants more choices than there are people names all of them, once."""
    chosen = choose(
        Stream(1, "test"), np.array([5, 1, 0]), Market(np.ones(3), np.zeros(3), np.zeros(3), 0.0)
    )
    assert sorted(chosen[0]) == [0, 1, 2]
    assert (chosen[1:] != NOBODY).sum(axis=1).tolist() == [1, 0]


# --------------------------------------------------------------------------------------- instances


def test_an_instance_holds_the_people_of_the_programme() -> None:
    """The sparse route draws the same choices, places and exclusions as the programme."""
    programme, instance = generate("side_500", seed=4), generate_instance("side_500", seed=4)
    assert instance.mentor_ids == tuple(person.id for person in programme.mentors)
    assert instance.mentee_capacity.tolist() == [person.capacity for person in programme.mentees]
    row = {person: k for k, person in enumerate((*instance.mentor_ids,))}
    column = {person: k for k, person in enumerate((*instance.mentee_ids,))}
    for conflict in programme.conflicts:
        pair = instance.index_of(row[conflict.mentor], column[conflict.mentee])
        assert pair is None or (instance.warned[pair] and conflict.rule == "prior_relationship")
    for mentor in programme.mentors:
        ranks = [
            {
                instance.mentor_rank[pair]
                for other in group
                if (pair := instance.index_of(row[mentor.id], column[other])) is not None
            }
            for group in mentor.choices
        ]
        kept = [group for group in ranks if group]
        assert all(len(group) == 1 for group in kept)
        assert all(max(better) < min(worse) for better, worse in pairwise(kept))
    assert instance.score.max() <= 10_000


def test_an_instance_leaves_out_nobody_whom_the_rules_allow() -> None:
    """With everybody shortlisted what lacks is excluded by a rule, and a warning only warns."""
    shape = CohortShape(
        mentors=60, mentees=50, specialties=6, conflicts=2.0, supervised=0.5, vetoes=0.5, unsaid=0
    )
    scores, instance = score(generate(shape, seed=1)), generate_instance(shape, 1, candidates=50)
    there = np.zeros((60, 50), dtype=bool)
    there[instance.mentor, instance.mentee] = True
    assert not (scores.acceptable & ~there).any()
    assert 0 < instance.warned.sum() < instance.n_pairs / 10


def test_a_sparse_instance_is_solved() -> None:
    """The sparse route gives an instance that solves like any other."""
    instance = generate_instance(CohortShape(mentors=60, mentees=60), seed=1, candidates=4)
    matching = rmatch.solve(instance, objectives=("pairs", "score"))
    assert matching.status == "optimal"
    assert 50 <= len(matching.pairs) <= 66


# -------------------------------------------------------------------------------------------- smti


def test_smti_has_its_moments() -> None:
    """Over seeds the share of pairs is 1 − p1 and the share of tied neighbours p2."""
    pairs = ties = neighbours = 0
    for seed in range(40):
        instance = smti(30, 0.6, 0.25, seed)
        pairs += instance.n_pairs
        for owner, ranks, size in (
            (instance.mentor, instance.mentor_rank, 30),
            (instance.mentee, instance.mentee_rank, 30),
        ):
            neighbours += len(owner) - size
            groups = np.array([ranks[owner == k].max() for k in range(size)])
            ties += len(owner) - int(groups.sum())
    assert abs(pairs / (40 * 900) - 0.4) < 0.012
    assert abs(ties / neighbours - 0.25) < 0.012


def test_smti_reaches_its_ends() -> None:
    """Nothing deleted and nothing tied is a complete strict instance; all tied, one rank."""
    strict, tied = smti(8, 0.0, 0.0, seed=1), smti(8, 0.0, 1.0, seed=1)
    assert strict.n_pairs == tied.n_pairs == 64
    assert sorted(strict.mentor_rank[:8]) == list(range(1, 9))
    assert tied.mentor_rank.max() == tied.mentee_rank.max() == 1


def test_smti_leaves_nobody_an_empty_list() -> None:
    """Deletions that leave somebody nothing are drawn again, and given up where it is hopeless."""
    for seed in range(30):
        instance = smti(6, 0.7, 0.0, seed)
        assert len(set(instance.mentor.tolist())) == len(set(instance.mentee.tolist())) == 6
    with pytest.raises(rmatch.InputError, match="an empty list in each of 1000 draws"):
        smti(10, 0.99, 0.0, seed=1)


def test_smti_does_not_draw_what_is_hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thousand draws could do, none is made: for 5 000 a side they take minutes."""
    monkeypatch.setattr(Stream, "chance", None)
    with pytest.raises(rmatch.InputError, match="among 5000 a side an empty list"):
        smti(5_000, 0.9999, 0.0, seed=1)


# ------------------------------------------------------------------------------------------ errors


def test_every_wrong_knob_is_said_at_once() -> None:
    """A shape that cannot be lists each knob with its limits."""
    with pytest.raises(rmatch.InputError) as caught:
        CohortShape(
            mentors=0,
            tie_density=1.5,
            mentee_popularity=float("nan"),
            wants=(4, 2),
            offers=[1, 2],  # type: ignore[arg-type]
            mentee_capacity=(0.0,),
            conflicts=-1,
            employers=True,
        )
    columns = [problem.place.column for problem in caught.value.problems]
    assert sorted(filter(None, columns)) == [
        *("conflicts", "employers", "mentee_capacity", "mentee_popularity"),
        *("mentors", "offers", "tie_density", "wants"),
    ]
    assert "'1.5' must be a number from 0 to 1" in str(caught.value)


def test_more_than_a_hundred_thousand_people_a_side_are_refused() -> None:
    """The limit is on each side, and is said."""
    assert CohortShape(mentors=100_000, mentees=100_000).mentees == 100_000
    with pytest.raises(rmatch.InputError, match="1 to 100000"):
        CohortShape(mentors=60_000, mentees=100_001)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: generate("pairs_15"), "there are pairs_14, pairs_41_of_81"),
        (lambda: generate("pairs_14", seed=-1), "seed: '-1' must be a whole number"),
        (lambda: generate_instance("pairs_14", seed=0.5), "seed: '0.5' must be a whole number"),  # type: ignore[arg-type]
        (lambda: generate_instance("pairs_14", candidates=-1), "candidates: '-1' must be"),
        (lambda: generate_instance("pairs_14", candidates=True), "candidates: 'True' must be"),
        (lambda: smti(0, 1.0, 2.0, seed=1), "3 problems"),
        (lambda: smti(5, 10**400, 0, seed=1), "must be 0 or more and below 1"),
        (lambda: CohortShape(conflicts=10**400), "must be a number from 0 to 10"),
    ],
    ids=["preset", "seed", "fraction", "candidates", "bool", "smti", "huge", "huge knob"],
)
def test_wrong_arguments_are_said(call: object, message: str) -> None:
    """Each wrong argument is named with what it may be."""
    assert callable(call)
    with pytest.raises(rmatch.InputError, match=message):
        call()


def test_presets_are_read_only() -> None:
    """Nobody changes a preset for everybody else."""
    with pytest.raises(TypeError):
        PRESETS["pairs_14"] = MIDDLE  # type: ignore[index]


def test_importing_the_generator_loads_no_solver() -> None:
    """Cohorts are made without ortools, scoring or a table library."""
    code = (
        "import sys, rmatch.generating\n"
        "heavy = ('ortools', 'pandas', 'rmatch.scoring', 'rmatch.solving')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_page_lists_every_knob_and_preset() -> None:
    """The tables of docs/generator.md are the shape's fields and the presets' sizes."""
    text = (Path(__file__).parent.parent / "docs" / "generator.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", text, re.MULTILINE)
    assert rows == [(field.name, repr(field.default)) for field in dataclasses.fields(CohortShape)]
    sizes = re.findall(r"^\| `(\w+)` \| ([\d ]+) \| ([\d ]+) \|", text, re.MULTILINE)
    found = {name: tuple(int(n.replace(" ", "")) for n in both) for name, *both in sizes}
    assert found == {name: (shape.mentors, shape.mentees) for name, shape in PRESETS.items()}


# --------------------------------------------------------------------------------------------- many


def test_many_cohorts_are_made_when_they_are_asked_for() -> None:
    """Named by preset and seed; each is the cohort of its seed, and can be sent elsewhere."""
    found = cohorts("pairs_14", 3, first_seed=4)
    assert list(found) == ["pairs_14/4", "pairs_14/5", "pairs_14/6"]
    sent = pickle.loads(pickle.dumps(found["pairs_14/5"]))  # noqa: S301 - our own bytes
    assert sent() == generate("pairs_14", 5)
    assert list(cohorts(CohortShape(mentors=2, mentees=2), 1)) == ["cohort/0"]


def test_many_instances_are_made_when_they_are_asked_for() -> None:
    """Named by what they are like."""
    found = smti_instances(6, 0.5, 0.25, 2)
    assert list(found) == ["smti_6_0.5_0.25/0", "smti_6_0.5_0.25/1"]
    made, alone = found["smti_6_0.5_0.25/1"](), smti(6, 0.5, 0.25, seed=1)
    for name in PAIR_ARRAYS:
        assert np.array_equal(getattr(made, name), getattr(alone, name))


@pytest.mark.parametrize(
    ("count", "first_seed", "message"),
    [(0, 0, "count"), (True, 0, "count"), (2.0, 0, "count"), (1, -1, "seed")],
)
def test_no_cohorts_are_refused(count: Any, first_seed: int, message: str) -> None:
    """None, half of one, or from no seed on."""
    with pytest.raises(InputError, match=message):
        cohorts("pairs_14", count, first_seed)


def test_many_cohorts_of_no_preset_are_refused_at_once() -> None:
    """Not only in the worker that makes the first."""
    with pytest.raises(InputError, match="is not a preset"):
        cohorts("pairs_13", 2)
