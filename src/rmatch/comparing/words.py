"""What is to be seen in a comparison, in plain sentences, and what was left out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rmatch.comparing.cases import ALONE
from rmatch.comparing.numbers import decapitalised
from rmatch.comparing.records import Run
from rmatch.comparing.samples import MADE
from rmatch.comparing.shown import Shown
from rmatch.comparing.statistics import DIGITS, FEWEST
from rmatch.explaining.wording import counted, listed

FEW = 4
"""So many strategies have a sentence each."""
TOLD = ("by_hand", "deferred_acceptance")
"""Of more than that, those that people ask for: what was done before, and plain Gale–Shapley."""
SMALLEST = 0.1
"""Where fewer pairs block on average, it is said that there are fewer."""
MOST_NOTES = 12
"""So many notes of runs are told; the frame has them all."""


def title(shown: Shown) -> str:
    """How much is compared."""
    strategies = counted(len(shown.strategies), "strategy", "strategies")
    if len(shown.cases) == 1:
        lots = f" with {len(shown.seeds)} seeds" if len(shown.seeds) > 1 else ""
        case = "one cohort" if shown.cases[0] == ALONE else shown.cases[0]
        return f"{strategies} on {case}{lots}"
    each = len(shown.runs) // (len(shown.strategies) * len(shown.cases))
    lots = f", {each} seeds each" if each > 1 else ""
    return f"{strategies} over {len(shown.cases)} cohorts{lots}"


def how_to_read(shown: Shown) -> str:
    """What the numbers of the table are; nothing of a single run each, which needs no words."""
    if not shown.is_mean or not shown.count:
        return ""
    over = f"Means over {shown.over}"
    if len(shown.cases) == 1:
        over += " of the same cohort"
    return " ".join([_surely(shown, over), *_of_fewer(shown)])


def _surely(shown: Shown, over: str) -> str:
    """What means are over, and how sure they are."""
    if shown.has_intervals:
        alone = "; they speak of lots alone, not of other cohorts" if _is_lots(shown) else ""
        return f"{over}, with 95 % intervals{alone}."
    return (
        f"{over}. No intervals: below {FEWEST} {shown.samples.kind}s they would look surer than "
        "they are."
    )


def _of_fewer(shown: Shown) -> Iterator[str]:
    """The metrics that are shown and have no value in some of the cohorts or lots."""
    for metric in shown.first:
        found = {one.n for one in shown.estimates.values() if one.metric == metric.name}
        if found and min(found) < shown.count:
            yield f"{metric.label}: over {min(found)} of them; the others lack a value."


def findings(shown: Shown) -> list[str]:
    """A sentence each on the strategies that matter, and what blocking means."""
    told = [one for one in _told(shown) if one in shown.samples.made]
    sentences = [line for name in told if (line := _sentence(shown, name))]
    found = [" ".join(sentences)] if sentences else []
    if len(shown.strategies) > FEW:
        found += [line for line in (_most_pairs(shown), _none_blocks(shown)) if line]
    return [*found, *_terms(shown)]


def _terms(shown: Shown) -> Iterator[str]:
    """What blocking means, and why fewer pairs may seem to fare better."""
    meaning = next((one.meaning for one in shown.metrics if one.name == "blocking_pairs"), "")
    if meaning:
        yield f"Blocking pairs: {decapitalised(meaning).replace('`', '')}"
    blocking = _by_strategy(shown, "blocking_pairs")
    if blocking.get("stable") and min(blocking.values()) < blocking["stable"]:
        yield (
            "stable makes as many pairs as can be first, and of such matchings one that as few "
            "pairs as possible block."
        )
    scored = any(one.name in ("mentor_score", "mentee_score") for one in shown.first)
    if scored and len(set(_by_strategy(shown, "pairs").values())) > 1:
        yield (
            "Scores are means over the pairs that are made: whoever leaves people without a "
            "partner can have higher ones."
        )


def _told(shown: Shown) -> list[str]:
    if len(shown.strategies) <= FEW:
        return list(shown.strategies)
    asked = (shown.baseline, *(name for name in TOLD if name in shown.strategies))
    return list(dict.fromkeys(asked))


def _sentence(shown: Shown, name: str) -> str:
    """As in: stable makes 14 pairs, and no pair blocks."""
    pairs, blocking = (_mean(shown, name, metric) for metric in ("pairs", "blocking_pairs"))
    if pairs is None:
        return ""
    made = f"{name} makes {_on_average(shown)}{_many(pairs, 'pair')}"
    if blocking is None:
        return f"{made}."
    if blocking == 0:
        return f"{made}, and no pair blocks."
    verb = "pair would" if blocking == 1 else "pairs would"
    return f"{made}, and {_plain(blocking)} {verb} rather have each other."


def _most_pairs(shown: Shown) -> str:
    counts = _by_strategy(shown, "pairs")
    if not counts:
        return ""
    most = max(counts.values())
    best = [name for name, value in counts.items() if value == most]
    if len(best) == len(counts):
        return f"All make {_on_average(shown)}{_many(most, 'pair')}."
    return f"Most pairs, {_on_average(shown)}{_plain(most)}: {listed(best)}."


def _none_blocks(shown: Shown) -> str:
    counts = _by_strategy(shown, "blocking_pairs")
    none = [name for name, value in counts.items() if value == 0]
    if none and len(none) < len(counts):
        most = max(counts.values())
        worst = [name for name, value in counts.items() if value == most]
        return f"No pair blocks: {listed(none)}. Most block: {listed(worst)}, {_plain(most)}."
    return ""


def _by_strategy(shown: Shown, metric: str) -> dict[str, float]:
    found = {name: _mean(shown, name, metric) for name in shown.samples.made}
    return {name: value for name, value in found.items() if value is not None}


def _mean(shown: Shown, name: str, metric: str) -> float | None:
    found = shown.estimates.get((name, metric))
    return None if found is None else round(found.mean, DIGITS)


def _on_average(shown: Shown) -> str:
    return "on average " if shown.is_mean else ""


def _many(value: float, noun: str) -> str:
    return f"{_plain(value)} {noun if value == 1 else noun + 's'}"


def _plain(value: float) -> str:
    """To a tenth, and never 0 what is more than that."""
    if 0 < value < SMALLEST:
        return f"fewer than {SMALLEST}"
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _is_lots(shown: Shown) -> bool:
    return shown.samples.kind == "lot"


# ------------------------------------------------------------------------------------- what is not


def warnings(shown: Shown) -> list[str]:
    """What is not in the means and why, every run's note once, and notices of the whole."""
    return [*_left_out(shown), *_notes(shown), *(f"{one.rstrip('.')}." for one in shown.notices)]


def _left_out(shown: Shown) -> Iterator[str]:
    never = [name for name in shown.strategies if name not in shown.samples.made]
    if never:
        yield f"Made no matching, and not in the table: {listed(never)}."
    left = len(shown.samples.left_out)
    if left and shown.samples.made:
        kind = shown.samples.kind
        yield (
            f"{counted(left, kind)} of {left + shown.count} left out of the means, because not "
            "every strategy made a matching there."
        )


def _notes(shown: Shown) -> Iterator[str]:
    """Strategy by strategy, the same words once."""
    noted = [run for run in shown.runs if _told_of(run)]
    total = Counter(run.strategy for run in shown.runs)
    order = {name: k for k, name in enumerate(shown.strategies)}

    def key(run: Run) -> tuple[int, str]:
        return order.get(run.strategy, len(order)), _told_of(run)

    groups = [(words, list(some)) for (_, words), some in groupby(sorted(noted, key=key), key)]
    for words, some in groups[:MOST_NOTES]:
        name, of = some[0].strategy, total[some[0].strategy]
        often = f" ({len(some)} of {of} runs)" if of > 1 else ""
        yield f"{name}{often}: {words.rstrip('.')}."
    if len(groups) > MOST_NOTES:
        yield f"{counted(len(groups) - MOST_NOTES, 'more note')} in the frame of all runs."


def _told_of(run: Run) -> str:
    """What is to be said of a run; nothing of one that went as it should."""
    if run.ended in MADE:
        return run.note
    return f"{run.ended}; {run.note}" if run.note else run.ended
