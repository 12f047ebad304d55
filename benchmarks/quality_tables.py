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
    """Who had no answer, and what was not proved."""
    total = len({row["seed"] for row in rows})
    for who in dict.fromkeys(str(row["who"]) for row in rows):
        mine = [row for row in rows if row["who"] == who]
        out = [row for row in mine if row["status"] != "answered"]
        if out:
            why = f": {out[0]['note']}" if out[0]["note"] else ""
            yield f"{who}: {out[0]['status']} at cohort {out[0]['seed']}{why}; not asked further."
        notes = dict.fromkeys(str(r["note"]) for r in mine if r["note"] and r not in out)
        yield from (f"{who}: {note}." for note in notes)
        claims = [row for row in mine if row["claim"] in ("stable", "optimal")]
        stable = "stable" in who.split(":")[-1] and not who.startswith("rmatch")
        broken = [row for row in claims if stable and row["blocking"] not in ("", 0)]
        if broken:
            yield f"{who}: claims stability and has blocking pairs in {len(broken)} of {total}."
        if who.removeprefix("rmatch ") in STRATEGIES:
            unproved = sum(row["claim"] == "feasible" for row in mine)
            if unproved:
                yield f"{who}: stopped unproved at its limit in {unproved} of {total}."
    biggest = {
        row["seed"]: max(int(str(r["pairs"])) for r in rows if _counts(r, row["seed"]))
        for row in rows
        if row["pairs"] != ""
    }
    for who in dict.fromkeys(
        str(row["who"]) for row in rows if str(row["who"]).startswith("mentor")
    ):
        mine = [row for row in rows if row["who"] == who and row["pairs"] != ""]
        short = [row for row in mine if int(str(row["pairs"])) < biggest[row["seed"]]]
        yield f"{who}: fewer pairs than possible in {len(short)} of {len(mine)}."


def _counts(row: Row, seed: object) -> bool:
    return row["seed"] == seed and row["pairs"] != ""
