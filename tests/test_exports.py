"""What `import rmatch` offers, what it loads, what its objects show of themselves."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date

import pytest

import rmatch
from rmatch import errors, rematching

PUBLIC = [
    "Alternatives",
    "Assignment",
    "Audit",
    "CandidateScores",
    "CellState",
    "Comparison",
    "Conflict",
    "Criterion",
    "DecisionError",
    "Equity",
    "Explanation",
    "ForcingCost",
    "InfeasibleError",
    "InputError",
    "Instance",
    "LeadershipRole",
    "Load",
    "LostWorkerError",
    "Matching",
    "Metric",
    "MissingExtraError",
    "MustNotPair",
    "MustPair",
    "Pair",
    "Participant",
    "PastPair",
    "Problem",
    "Programme",
    "Progress",
    "Question",
    "Quota",
    "Reason",
    "RmatchError",
    "Rule",
    "RunFolderError",
    "Scores",
    "Settings",
    "Solution",
    "Strategy",
    "StrategyError",
    "TimeLimitError",
    "UnknownPersonError",
    "Waiver",
    "Why",
    "WhyNot",
    "__version__",
    "assign",
    "compare",
    "examples",
    "load",
    "load_pairs",
    "price_of_stability",
    "rematch",
    "score",
    "solve",
]

HEAVY = [
    *("ortools", "pandas", "scipy", "jinja2", "openpyxl", "typer", "rich", "polars", "narwhals"),
    *("hypothesis", "altair", "matplotlib", "IPython"),
]


def test_the_public_names_are_these() -> None:
    """A name more or less is a decision, so it is made here too."""
    assert rmatch.__all__ == PUBLIC


def test_what_a_rematch_gives_can_be_annotated() -> None:
    """From its own room: the three are results, and nobody makes one."""
    assert rematching.__all__ == ["Diff", "Scenarios", "TradeOff"]
    matching = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[[0]]], mentees=[[[0]]]))
    assert isinstance(matching.diff(matching), rematching.Diff)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """What the list promises can be imported."""
    assert getattr(rmatch, name) is not None


def test_a_star_import_brings_the_public_names_and_no_other() -> None:
    """``from rmatch import *`` works and litters nothing."""
    space: dict[str, object] = {}
    exec("from rmatch import *", space)  # noqa: S102 - a star import is module-level syntax
    space.pop("__builtins__")
    assert sorted(space) == sorted(PUBLIC)


def test_a_name_that_is_not_there_is_said() -> None:
    """As of any module, also before anything was used."""
    with pytest.raises(AttributeError, match="module 'rmatch' has no attribute 'matchmaker'"):
        _ = rmatch.matchmaker
    assert set(PUBLIC) <= set(dir(rmatch))


def test_public_classes_have_their_docstrings() -> None:
    """``help(rmatch.X)`` says something for every name."""
    for name in PUBLIC:
        if name != "__version__":
            assert getattr(rmatch, name).__doc__, name


def test_importing_rmatch_loads_nothing_heavy() -> None:
    """The import is cheap: no solver, no frames, no spreadsheets, no command line."""
    code = f"import sys, rmatch; print([m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_scoring_and_auditing_need_no_solver_and_no_frames() -> None:
    """A cohort is loaded from CSVs and scored without ortools or pandas."""
    code = (
        "import sys, rmatch;"
        "rmatch.score(rmatch.examples.path('east-of-england')).cost;"
        "print([m for m in ('ortools', 'pandas', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# ------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "error", ["InputError", "InfeasibleError", "MissingExtraError", "RunFolderError"]
)
def test_every_error_is_an_rmatch_error(error: str) -> None:
    """One ``except rmatch.RmatchError`` catches them all, and the tree is drawn."""
    kind = getattr(rmatch, error)
    assert issubclass(kind, rmatch.RmatchError)
    assert error in (errors.__doc__ or "")


def test_errors_keep_their_python_kin() -> None:
    """A missing extra is an ImportError, a broken folder an OSError, wrong input neither."""
    assert issubclass(rmatch.MissingExtraError, ImportError)
    assert issubclass(rmatch.RunFolderError, OSError)
    assert not issubclass(rmatch.InputError, ValueError)
    assert rmatch.RmatchError.__bases__ == (Exception,)


def test_an_infeasible_error_lists_what_clashes() -> None:
    """The statements are kept as data and said in one line."""
    error = rmatch.InfeasibleError(["M01 with S01", "S01 takes nobody"])
    assert error.statements == ("M01 with S01", "S01 takes nobody")
    assert str(error) == "these cannot all hold: M01 with S01; S01 takes nobody"


def test_a_missing_extra_names_its_pip_command() -> None:
    """The message is the fix."""
    error = rmatch.MissingExtraError("openpyxl", "coordinator", "reading a workbook")
    assert str(error) == "reading a workbook needs openpyxl: pip install 'rmatch[coordinator]'"


@pytest.mark.parametrize(
    "error",
    [
        rmatch.InputError([rmatch.Problem("is odd", value="x")]),
        rmatch.InfeasibleError(["a", "b"]),
        rmatch.MissingExtraError("openpyxl", "coordinator", "reading a workbook"),
        rmatch.RunFolderError("run is damaged"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_another_process(error: rmatch.RmatchError) -> None:
    """A worker's error reaches its caller with its words and its data."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


# -------------------------------------------------------------------------------------------- reprs

SECRETS = {
    "name": "Zelda Quill",
    "email": "zelda.quill@nhs.example",
    "employer": "Hidden Vale Trust",
    "department": "Hidden Ward",
    "line_manager": "Dr Overseer",
    "interests": "bell ringing",
}


@pytest.fixture(scope="module")
def programme() -> rmatch.Programme:
    """Two mentors and two mentees who have told us things."""
    return rmatch.Programme(
        mentors=[
            {
                "id": "M1",
                **SECRETS,
                "interests": [SECRETS["interests"]],
                "choices": [["S2"], ["S1"]],
                "grade": "st5",
            },
            {"id": "M2", "vetoes": ["S2"]},
        ],
        mentees=[{"id": "S1", "name": "Rex Umber"}, {"id": "S2", "email": "s2@nhs.example"}],
        conflicts=[{"mentor": "M2", "mentee": "S2", "rule": "family"}],
        history=[{"mentor": "M1", "mentee": "S1", "ended": "concern"}],
        settings=rmatch.Settings(seed=3, coordinators=("Zelda Quill",), starts=date(2026, 9, 1)),
    )


@pytest.fixture(scope="module")
def matching(programme: rmatch.Programme) -> rmatch.Matching:
    """Solved once."""
    return rmatch.solve(programme)


def test_exact_reprs_of_what_a_programme_is_made_of(programme: rmatch.Programme) -> None:
    """Records show ids and settings, and nothing that somebody told us."""
    assert repr(programme) == "Programme(2 mentors, 2 mentees, 1 conflicts, 1 earlier pairs)"
    assert str(programme).splitlines()[0] == repr(programme)
    assert repr(programme.mentors[0]) == "Participant(id='M1')"
    assert str(programme.mentors[0]) == "id='M1'"
    assert repr(programme.settings) == "Settings(strategy=None, objectives=None, seed=3)"
    assert repr(programme.conflicts[0]) == "Conflict()"
    assert repr(programme.history[0]) == "PastPair()"
    role = rmatch.LeadershipRole(role="TPD", scope="gs_eoe")
    assert repr(role) == "LeadershipRole(role='tpd', scope='gs_eoe')"


def test_exact_reprs_of_results(matching: rmatch.Matching) -> None:
    """Results count, and name nobody."""
    assert matching.scores is not None
    assert repr(matching) == "Matching(2 pairs, 0 unmatched, 0 blocking pairs, optimal)"
    assert repr(matching.scores) == "Scores(2 × 2, 2 acceptable pairs)"
    assert repr(matching.instance) == "Instance(2 mentors, 2 mentees, 2 acceptable pairs)"
    assert repr(matching.verify()) == "Audit(ok, 2 notes)"
    assert repr(rmatch.solve(matching.instance)) == repr(matching)


def test_exact_reprs_of_problems() -> None:
    """An error counts its problems; a problem's value is kept, and not shown."""
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.Participant(id="M1", name="Zelda Quill", grade="kapitan", email=7)
    assert repr(caught.value) == "InputError(2 problems)"
    assert str(caught.value) == (
        "2 problems in the input\n"
        "  column email (M1): input should be a valid string\n"
        "  column grade (M1): 'kapitan' is not a known grade"
    )
    problem = rmatch.Problem("is odd", value="Zelda Quill", suggestions=("Zelda Quin",))
    assert "Zelda" not in repr(problem)
    problem = rmatch.Problem("is odd", value="Zelda Quill")
    assert str(problem) == "is odd"
    assert problem.text(show_values=True) == "'Zelda Quill' is odd"


def test_no_repr_tells_what_people_told_us(
    programme: rmatch.Programme, matching: rmatch.Matching
) -> None:
    """Whatever ends up in a log or a traceback, no name, address or answer is in it."""
    assert matching.scores is not None
    shown = [
        *(programme, programme.people, programme.mentors, programme.mentees, programme.settings),
        *(programme.conflicts, programme.by_id, matching, matching.scores, matching.instance),
        *(matching.solution, matching.verify(), matching.scores.custom, matching.pairs),
    ]
    for value in shown:
        for text in (repr(value), str(value), f"{value}"):
            for secret in (*SECRETS.values(), "Rex Umber", "s2@nhs.example", "concern", "family"):
                assert secret not in text


def test_no_pydantic_error_is_chained_to_ours() -> None:
    """A traceback shows our problems and not the row they stood in."""
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.Programme(mentors=[{"id": "M1", "name": "Zelda Quill", "capacity": "many"}])
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "Zelda" not in str(caught.value)
    assert caught.value.problems[0].value == "many"
