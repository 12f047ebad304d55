"""Rematching: what was decided, what changes when something does, and as little of it as can be.

What ``Matching.diff``, ``scenarios`` and ``trade_off`` give can be imported from here, to annotate
with.
"""

from rmatch.rematching.diff_records import Diff
from rmatch.rematching.scenarios import Scenarios
from rmatch.rematching.trade_off import TradeOff

__all__ = ["Diff", "Scenarios", "TradeOff"]
