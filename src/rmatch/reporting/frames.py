"""Records as a data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def frame(records: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """One row a record; the columns are there also where there is no record."""
    import pandas as pd

    return pd.DataFrame(records, columns=list(columns))
