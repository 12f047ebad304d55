"""The tables of the quality benchmark, in Markdown: means with intervals, never bare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from intervals import Mean, mean_of
from rmatch.solving.objectives import STRATEGIES

Row = dict[str, object]

METRICS = {
    "pairs": ("pairs", 1, 1.0),
    "unmatched": ("unmatched people", 1, 1.0),
    "blocking": ("blocking pairs", 1, 1.0),
    "loss": ("loss of score, %", 1, 100.0),
}
"""Column → heading, digits, factor."""
DEFAULT = "rmatch stable"


def tables(rows: Sequence[Row], titles: Mapping[str, str]) -> list[str]:
    """A table for each kind of cohort, with its footnotes."""
    lines: list[str] = []
    for label in dict.fromkeys(str(row["cohort"]) for row in rows):
        mine = [row for row in rows if row["cohort"] == label]
        count = len({row["seed"] for row in mine})
        lines += ["", f"**{titles[label]}**: {count} cohorts", "", *_table(mine), ""]
        lines += [f"- {note}" for note in _notes(mine)]
    return lines


def _table(rows: Sequence[Row]) -> list[str]:
    shown = [metric for metric in METRICS if any(row[metric] != "" for row in rows)]
    headings = [METRICS[metric][0] for metric in shown]
    difference = "more blocking pairs than the default, paired"
    lines = [
        f"| mean (95 % interval) | {' | '.join(headings)} | {difference} |",
        "|---" * (len(headings) + 2) + "|",
    ]
    for who in dict.fromkeys(str(row["who"]) for row in rows):
        mine = [row for row in rows if row["who"] == who]
        cells = [_cell(mean(mine, metric), metric) for metric in shown]
        lines.append(f"| {who} | {' | '.join(cells)} | {_paired(rows, who)} |")
    return lines


def mean(rows: Sequence[Row], metric: str) -> Mean | None:
    """The mean of a metric over cohorts; ``None`` where nothing was counted."""
    values = [float(str(row[metric])) for row in rows if row[metric] != ""]
    return mean_of(values) if values else None


def _cell(found: Mean | None, metric: str) -> str:
    _, digits, factor = METRICS[metric]
    return "–" if found is None else found.shown(digits, factor)


def _paired(rows: Sequence[Row], who: str) -> str:
    """The difference of blocking pairs, cohort by cohort."""
    of = {
        (row["who"], row["seed"]): float(str(row["blocking"]))
        for row in rows
        if row["blocking"] != ""
    }
    seeds = [seed for name, seed in of if name == who and (DEFAULT, seed) in of]
    if who == DEFAULT or not seeds:
        return "–"
    return mean_of([of[who, seed] - of[DEFAULT, seed] for seed in seeds]).shown()


def _notes(rows: Sequence[Row]) -> Iterator[str]:
    """Who had no answer, what was not proved, and what was claimed and is not so."""
    biggest: dict[object, int] = {}
    for row in rows:
        if row["pairs"] != "":
            biggest[row["seed"]] = max(biggest.get(row["seed"], 0), int(str(row["pairs"])))
    for who in dict.fromkeys(str(row["who"]) for row in rows):
        mine = [row for row in rows if row["who"] == who]
        yield from (f"{who}: {said}." for said in _notes_of_one(who, mine, biggest))


def _notes_of_one(who: str, rows: Sequence[Row], biggest: Mapping[object, int]) -> Iterator[str]:
    answered = [row for row in rows if row["status"] == "answered"]
    if len(answered) < len(rows):
        first = next(row for row in rows if row["status"] != "answered")
        why = f" ({first['note']})" if first["note"] else ""
        yield f"{first['status']} at cohort {first['seed']}{why}, not asked further"
    yield from dict.fromkeys(str(row["note"]) for row in answered if row["note"])
    if ": stable" in who and (broken := sum(row["blocking"] != 0 for row in answered)):
        yield f"claims stability and has blocking pairs in {broken} of {len(answered)}"
    if who.removeprefix("rmatch ") in STRATEGIES:
        unproved = sum(row["claim"] == "feasible" for row in answered)
        if unproved:
            yield f"stopped unproved at its limit in {unproved} of {len(answered)}"
    short = sum(int(str(row["pairs"])) < biggest[row["seed"]] for row in answered)
    if "own rules" in who and short:
        yield f"fewer pairs than possible in {short} of {len(answered)}"
