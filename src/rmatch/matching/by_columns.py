"""A matching among very many candidates, audited: pairs made from raw answers, the rest by columns.

The audit's plain loops take a minute for half a million pairs. Of more it recomputes the pairs
made; that these are the best of the candidates is checked by ``rmatch.properties``, which shares no
code with what solves, from the candidates' scores and ranks as they were scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rmatch.audit import Audit, Finding, FindingKind
from rmatch.properties.evidence import Checked, check
from rmatch.properties.stability import blocking_pairs

if TYPE_CHECKING:
    from rmatch.instance import Instance
    from rmatch.solution import Solution

STABILITY = "stability"


def with_columns(made: Audit, instance: Instance, solution: Solution) -> Audit:
    """The audit of the pairs made, with what a look at all candidate pairs finds besides.

    Args:
        made: What the audit found of the pairs made.
        instance: The candidate pairs, as they were solved.
        solution: What is claimed of them.
    """
    checked = check(instance, solution)
    faults = [*checked.faults]
    counted = [*checked.counted]
    values = solution.objectives
    if STABILITY in values:
        found = len(blocking_pairs(instance, solution.chosen))
        counted.append(STABILITY)
        if found != values[STABILITY]:
            faults.append(f"{found} pairs block, not {values[STABILITY]}")
    findings = [
        *made.findings,
        *(Finding(FindingKind.FALSE_BY_COLUMNS, (), None, None, fault) for fault in faults),
    ]
    return Audit(not findings, tuple(findings), (*_notes(instance, solution, checked, counted),))


def _notes(
    instance: Instance, solution: Solution, checked: Checked, counted: list[str]
) -> Iterator[str]:
    """What was looked at and by what, and what was not."""
    yield (
        f"{instance.n_pairs} candidate pairs with their scores and ranks are taken as given: only "
        f"the {len(solution.chosen)} pairs made were recomputed from the answers"
    )
    if checked.best:
        yield (
            "checked to be best among the candidate pairs as scored, without a solver: "
            f"{', '.join(checked.best)}"
        )
    levels = [level.name for level in solution.levels]
    open_ = [name for name in levels if name in counted and name not in checked.best]
    if open_:
        yield f"counted again and not checked to be best: {', '.join(open_)}"
    unknown = [name for name in levels if name not in counted]
    if unknown:
        yield f"neither counted again nor checked to be best: {', '.join(unknown)}"
