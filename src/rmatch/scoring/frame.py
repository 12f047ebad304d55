"""The door to pandas: rows as a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """A DataFrame with a row for each of ``rows`` and these columns, also where there is none."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
