"""The pairs of a matching as rows, a frame and a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from rmatch.explaining.forcing import ForcingCells
    from rmatch.explaining.records import Pair

Names = Mapping[str, str]
"""Id → name, for those who asked for names."""

HEADER = (
    "mentor",
    "mentee",
    "score",
    "mentor\nside",
    "mentee\nside",
    "mentor's\nrank",
    "mentee's\nrank",
)
"""On two lines, so that names have room in 80 columns."""
RANKS = "Ranks: 1 is best; * is a choice they stated, the others follow from scores."


def rank_text(rank: int, *, stated: bool) -> str:
    """A rank, marked where the person stated it as a choice."""
    return f"{rank} *" if stated else f"{rank}  "


def pair_rows(pairs: Sequence[Pair], names: Names) -> list[tuple[str, ...]]:
    """One row per pair, under ``HEADER``."""
    return [
        (
            label(pair.mentor, names),
            label(pair.mentee, names),
            number(pair.score),
            number(pair.mentor_score),
            number(pair.mentee_score),
            rank_text(pair.mentor_rank, stated=pair.mentor_stated),
            rank_text(pair.mentee_rank, stated=pair.mentee_stated),
        )
        for pair in pairs
    ]


def label(person: str, names: Names) -> str:
    """An id, with the name where names are wanted."""
    return f"{person} {names[person]}" if names.get(person) else person


def number(value: float) -> str:
    """A score: one decimal for people, as it is for an instance's integers."""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def pairs_frame(pairs: Sequence[Pair], names: Names) -> pd.DataFrame:
    """One row per pair, with a column ``points_…`` per criterion."""
    import pandas as pd

    return pd.DataFrame(pair_records(pairs, names), columns=_columns(pairs, names))


def pair_records(pairs: Sequence[Pair], names: Names) -> list[dict[str, object]]:
    """One flat record per pair."""
    return [_record(pair, names) for pair in pairs]


def _record(pair: Pair, names: Names) -> dict[str, object]:
    record: dict[str, object] = {"mentor": pair.mentor, "mentee": pair.mentee}
    if names:
        record["mentor_name"] = names.get(pair.mentor, "")
        record["mentee_name"] = names.get(pair.mentee, "")
    record |= {
        "score": pair.score,
        "mentor_score": pair.mentor_score,
        "mentee_score": pair.mentee_score,
        "mentor_rank": pair.mentor_rank,
        "mentee_rank": pair.mentee_rank,
        "mentor_stated": pair.mentor_stated,
        "mentee_stated": pair.mentee_stated,
    }
    return record | {f"points_{name}": points for name, points in pair.breakdown.items()}


def _columns(pairs: Sequence[Pair], names: Names) -> list[str]:
    from rmatch.explaining.records import Pair

    return list(_record(pairs[0] if pairs else Pair("", "", 0, 0, 0, 0, 0), names))


def pairs_csv(pairs: Sequence[Pair], unmatched: Sequence[str]) -> str:
    """The pairs as CSV by id, those without a partner last, cells safe in a spreadsheet."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    columns = _columns(pairs, {})
    writer.writerow([safe_cell(column) for column in columns])
    for record in pair_records(pairs, {}):
        writer.writerow([safe_cell(record[column]) for column in columns])
    for person in unmatched:
        writer.writerow([safe_cell(person), "unmatched"])
    return buffer.getvalue()


def safe_cell(value: object) -> object:
    """Text that a spreadsheet could run as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def forcing_frame(cells: ForcingCells) -> pd.DataFrame:
    """One row per mentor and mentee, mentors first; what is not known is missing, not 0."""
    import pandas as pd

    n, m = cells.state.shape
    from rmatch.explaining.forced import CellState

    names = np.array([state.name.lower() for state in CellState], dtype=object)
    levels = np.array([*cells.levels, ""], dtype=object)  # −1, no level, is the last
    columns: dict[str, object] = {
        "mentor": np.repeat(np.array(cells.mentor_ids, dtype=object), m),
        "mentee": np.tile(np.array(cells.mentee_ids, dtype=object), n),
        "state": names[cells.state.ravel()],
        "decides": levels[cells.decides.ravel()],
        "entry": pd.arrays.IntegerArray(cells.entry.ravel(), cells.entry.ravel() < 0),
    }
    for at, name in enumerate(cells.levels):
        cost = cells.cost[:, :, at].ravel()
        columns[f"cost_{name}"] = pd.arrays.IntegerArray(cost, cells.known.ravel() <= at)
    return pd.DataFrame(columns)
