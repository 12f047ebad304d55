"""Data frames of every library give the same programme, and no library is needed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
from io_cohort import problems_of, where

import rmatch.io
from rmatch.programme import Programme

MENTORS = {
    "id": ["M01", "M02"],
    "Capacity": [1, 2],
    "training_done": [date(2026, 3, 1), None],
    "carried_over": [True, False],
    "choices": ["S01; S02", None],
}
MENTEES = {"id": [1.0, 2.0], "capacity": [1.0, None], "grade": ["Consultant", None]}


@pytest.fixture
def expected() -> Programme:
    rows = [dict(zip(MENTORS, row, strict=True)) for row in zip(*MENTORS.values(), strict=True)]
    rows[0]["choices"] = "1; 2"
    mentees = [{"id": "1", "capacity": 1, "grade": "consultant"}, {"id": "2"}]
    return rmatch.io.load(mentors=rows, mentees=mentees)


def _mentors() -> dict[str, list[object]]:
    return {**MENTORS, "choices": ["1; 2", None]}


def test_pandas_and_polars_frames_give_the_same_programme(expected: Programme) -> None:
    through_pandas = rmatch.io.load(mentors=pd.DataFrame(_mentors()), mentees=pd.DataFrame(MENTEES))
    through_polars = rmatch.io.load(mentors=pl.DataFrame(_mentors()), mentees=pl.DataFrame(MENTEES))
    lazily = rmatch.io.load(mentors=pl.LazyFrame(_mentors()), mentees=pl.LazyFrame(MENTEES))
    assert through_pandas == through_polars == lazily == expected


def test_pandas_own_kinds_of_cells_are_understood(expected: Programme) -> None:
    mentors = pd.DataFrame(_mentors()).convert_dtypes()
    mentors["training_done"] = pd.to_datetime(mentors["training_done"])
    mentees = pd.DataFrame(MENTEES).astype({"id": "Int64", "capacity": "Int64"})
    assert rmatch.io.load(mentors=mentors, mentees=mentees) == expected


def test_cells_of_numpy_and_decimals_and_lists_are_understood() -> None:
    mentors = [
        {
            "id": np.int64(7),
            "capacity": Decimal(2),
            "wants": np.array(["wellbeing", "study_leave"]),
            "availability": ("mon_am", "tue_pm"),
            "grade": np.float64("nan"),
            "base": Decimal("nan"),
            "conflicts_confirmed": np.bool_(True),
        }
    ]
    (person,) = rmatch.io.load(mentors=mentors, mentees=[]).mentors
    assert (person.id, person.capacity, person.grade, person.base) == ("7", 2, None, None)
    assert person.wants == ("wellbeing", "study_leave")
    assert person.availability == ("mon_am", "tue_pm")
    assert person.conflicts_confirmed is True


def test_two_columns_of_one_name_are_a_problem() -> None:
    frame = pd.DataFrame([["M01", "ST4", "ST5"]], columns=["id", "grade", "grade"])
    (problem,) = problems_of(rmatch.io.load, mentors=frame, mentees=[])
    assert where(problem) == ("Mentors", None, "grade")


def test_rows_are_counted_from_one() -> None:
    frame = pl.DataFrame({"id": ["M01", "M02"], "grade": ["ST4", "ST99"]})
    (problem,) = problems_of(rmatch.io.load, mentors=frame, mentees=[])
    assert where(problem) == ("Mentors", 2, "grade")


class _Interchange:
    """A frame that speaks the interchange protocol and nothing else."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __dataframe__(self, **more: object) -> object:
        return self._frame.__dataframe__(**more)


@pytest.mark.parametrize("narwhals", [True, False])
def test_the_interchange_protocol_suffices(monkeypatch: pytest.MonkeyPatch, narwhals: bool) -> None:
    if not narwhals:
        monkeypatch.setitem(sys.modules, "narwhals", None)
    frame = _Interchange(pd.DataFrame({"id": ["M01"], "grade": ["ST4"]}))
    assert rmatch.io.load(mentors=frame, mentees=[]).mentors[0].grade == "st4"


def test_a_frame_that_narwhals_knows_is_read_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import narwhals

    frame = narwhals.from_native(pl.DataFrame({"id": ["M01"], "grade": ["ST4"]}))
    assert rmatch.io.load(mentors=frame, mentees=[]).mentors[0].grade == "st4"

    class Foreign:
        pass

    monkeypatch.setattr(narwhals, "from_native", lambda _, **__: frame)
    assert rmatch.io.load(mentors=Foreign(), mentees=[]).mentors[0].grade == "st4"


@pytest.mark.parametrize("given", [7, [7], ["M01"], object()])
def test_what_is_no_table_is_a_type_error(given: object) -> None:
    with pytest.raises(TypeError, match="list of dicts"):
        rmatch.io.load(mentors=given, mentees=[])


def test_importing_io_imports_no_heavy_library() -> None:
    code = (
        "import sys, rmatch.io, rmatch.io.tables, rmatch.io.template; "
        "print(sorted({'openpyxl', 'pandas', 'narwhals', 'polars'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
