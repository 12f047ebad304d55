"""Tables from data frames of any library, and from lists of dicts; none is imported to do so."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from rmatch.io.sources import RawTable, clean_cell, rows_of


def frame_table(frame: Any, sheet: str) -> RawTable:
    """A data frame, or a list of dicts, as a table; row 1 is its first row.

    Raises:
        TypeError: it is neither.
    """
    headings, lines = _contents(frame)
    cleaned = tuple(
        clean_cell(heading if heading is None else str(heading)) for heading in headings
    )
    return RawTable(None, sheet, None, cleaned, rows_of(lines))


def _contents(frame: Any) -> tuple[list[object], list[Sequence[object]]]:
    if isinstance(frame, Sequence) and not isinstance(frame, str | bytes):
        return _from_dicts(frame)
    if hasattr(frame, "itertuples"):  # pandas
        return list(frame.columns), list(frame.itertuples(index=False, name=None))
    if hasattr(frame, "collect") and not hasattr(frame, "iter_rows"):  # polars, lazy
        frame = frame.collect()
    if hasattr(frame, "iter_rows") and not hasattr(frame, "to_native"):  # polars
        return list(frame.columns), list(frame.iter_rows())
    through = _through_narwhals(frame) or _through_interchange(frame)
    if through is None:
        kind = type(frame).__name__
        raise TypeError(f"expected a path, a data frame or a list of dicts, not {kind}")
    return through


def _from_dicts(records: Sequence[Any]) -> tuple[list[object], list[Sequence[object]]]:
    if not all(isinstance(record, Mapping) for record in records):
        raise TypeError("expected a list of dicts, one for each row")
    headings = list(dict.fromkeys(key for record in records for key in record))
    return headings, [[record.get(heading) for heading in headings] for record in records]


def _through_narwhals(frame: Any) -> tuple[list[object], list[Sequence[object]]] | None:
    """Whatever else narwhals knows (pyarrow, Modin, cuDF), if it is installed."""
    try:
        import narwhals
    except ImportError:
        return None
    known = narwhals.from_native(frame, eager_only=True, pass_through=True)
    if not isinstance(known, narwhals.DataFrame):
        return None
    return list(known.columns), list(known.rows())


def _through_interchange(frame: Any) -> tuple[list[object], list[Sequence[object]]] | None:
    """Anything that speaks the data frame interchange protocol, by way of pandas."""
    if not hasattr(frame, "__dataframe__"):
        return None
    from pandas.api.interchange import from_dataframe

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas would rather have Arrow, which not all speak
        return _contents(from_dataframe(frame))
