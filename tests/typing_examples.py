"""What a type checker sees of the public API; `make types` checks this file, nothing runs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, assert_type

import numpy as np
import numpy.typing as npt

import rmatch
from rmatch.comparing import Frontier
from rmatch.rematching import Diff, Scenarios, TradeOff


def coordinator() -> None:
    """Load, score, solve, ask, keep."""
    programme = rmatch.load("cohort.xlsx")
    assert_type(programme, rmatch.Programme)
    scores = rmatch.score(programme)
    assert_type(scores, rmatch.Scores | rmatch.CandidateScores)
    assert_type(scores.cost, npt.NDArray[np.float64])
    assert_type(rmatch.score(programme, candidates="all"), rmatch.Scores)
    assert_type(rmatch.score(programme, candidates=50), rmatch.CandidateScores)
    assert_type(scores.why_excluded("M01", "S01"), tuple[str, ...])
    matching = rmatch.solve(programme, strategy="best_score", seed=7, time_limit=30)
    assert_type(matching, rmatch.Matching)
    assert_type(matching.pairs, tuple[rmatch.Pair, ...])
    assert_type(matching.objectives, Mapping[str, int | tuple[int, ...]])
    assert_type(matching.explain("M01"), rmatch.Explanation)
    edited = rmatch.load_pairs("pairs.csv", programme)
    assert_type(edited, tuple[tuple[str, str], ...])
    assert_type(matching.check_pairs(edited).matching, rmatch.Matching | None)
    assert_type(matching.to_html("page.html", "coordinator", names=True), Path)
    assert_type(matching.to_excel("book.xlsx", "panel", time_limit=None), Path)
    assert_type(matching.to_dict(names=True), dict[str, Any])
    assert_type(matching.equity([{"id": "M01", "sex": "Female"}]), rmatch.Equity)
    assert_type(matching.forcing_cost(), rmatch.ForcingCost)
    assert_type(matching.forcing_cost().of("M01", "S01").state, rmatch.CellState)
    assert_type(matching.alternatives("M01", k=2), rmatch.Alternatives)
    assert_type(matching.alternatives("M01")[0].price, Mapping[str, int])
    assert_type(matching.verify(), rmatch.Audit)
    assert_type(matching.score_bound(time_limit=60).gap, int)
    assert_type(rmatch.rematch(matching, withdrawn=["M01"]), rmatch.Matching)
    assert_type(rmatch.price_of_stability(programme, time_limit=60), Frontier)
    assert_type(matching.diff(matching), Diff)
    assert_type(matching.scenarios({"fewer": {"forbid": [("M01", "S01")]}}), Scenarios)
    assert_type(matching.trade_off(withdrawn=["M01"]), TradeOff)
    assert_type(rmatch.Matching.load(matching.save("run")), rmatch.Matching)


def researcher() -> None:
    """An instance, an order of objectives, a solution."""
    instance = rmatch.Instance.from_rankings(mentors=[[[0]]], mentees=[[[0]]])
    assert_type(instance, rmatch.Instance)
    solution = rmatch.solve(instance, objectives=("stability", "pairs", "score")).solution
    assert_type(solution, rmatch.Solution)
    assert_type(solution.chosen, tuple[int, ...])


class LongerCommute:
    """A criterion of one's own needs no base class."""

    name = "commute"
    weight = 5
    side: Literal["both"] = "both"

    def values(self, people: object, side: str) -> npt.NDArray[np.int64]:
        """Half the scale for everybody."""
        del people, side
        return np.full((1, 1), 5_000)


OWN: rmatch.Criterion = LongerCommute()
