"""The door to pandas: rows as a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """A DataFrame with a row for each of ``rows``, columns in the order of their keys."""
    import pandas as pd

    return pd.DataFrame(list(rows))
