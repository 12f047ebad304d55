"""Names in the settings that nothing goes by: criteria that are weighed, rules that are waived."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from rmatch.errors import Place, Problem
from rmatch.programme.settings import DEFAULT_WEIGHTS, WAIVERS, Settings
from rmatch.scoring.protocol import Criterion, Rule


def unknown_names(
    settings: Settings, criteria: Iterable[Criterion], rules: Iterable[Rule]
) -> Iterator[Problem]:
    """Each such name, and the nearest that there are.

    Args:
        settings: The programme's.
        criteria: Criteria beside the built-in ones.
        rules: Rules likewise.
    """
    codes = [*settings.severities, *(rule.code for rule in rules)]
    for code in dict.fromkeys(code for _, _, code in settings.waivers):
        if code not in codes:
            yield Problem(
                "waives a rule that does not exist",
                Place(sheet="Settings", column=WAIVERS),
                value=code,
                shown=True,
                suggestions=_nearest(code, codes),
            )
    known = [*DEFAULT_WEIGHTS, *(criterion.name for criterion in criteria)]
    for name in settings.all_weights:
        if name not in known:
            yield Problem(
                "weighs a criterion that does not exist",
                Place(sheet="Settings", column=f"weights.{name}"),
                suggestions=_nearest(name, known),
            )


def _nearest(name: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(name, known, n=2))
