"""How time grows with size: the exponent b of seconds ≈ a · n**b, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Growth:
    """A fitted exponent with its 95 % interval, which is open where two sizes are all there is."""

    exponent: float
    low: float | None
    high: float | None

    def __str__(self) -> str:
        """For a table."""
        if self.low is None or self.high is None:
            return f"n^{self.exponent:.1f}"
        return f"n^{self.exponent:.1f} ({self.low:.1f} to {self.high:.1f})"


def growth(sizes: Sequence[int], seconds: Sequence[float]) -> Growth | None:
    """Least squares of log seconds on log n; ``None`` with fewer than two sizes."""
    from scipy import stats  # noqa: PLC0415 - loads in 0.8 s

    if len(set(sizes)) < 2:
        return None
    fit = stats.linregress(np.log(sizes), np.log(np.maximum(seconds, 1e-6)))
    free = len(sizes) - 2
    if free < 1:
        return Growth(float(fit.slope), None, None)
    reach = float(stats.t.ppf(0.975, free)) * float(fit.stderr)
    return Growth(float(fit.slope), float(fit.slope) - reach, float(fit.slope) + reach)
