"""The table of the benchmark of scale, in Markdown: sizes, growth, and the bad news below."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from growth import growth
from scale_tasks import TASKS
from speed_tables import shown

Row = dict[str, object]

FROM = 300
"""Growth is fitted from this size on: below it what every run costs is most of it."""

LEAST = 2.0
"""MiB below which a peak is the noise of another one."""


def tables(rows: Sequence[Row]) -> list[str]:
    """Seconds and memory, then counts, then what stands below them."""
    names = [name for name in TASKS if any(row["task"] == name for row in rows)]
    sizes = sorted({size(row) for row in rows})
    notes = [note for name in names for note in _notes(name, of(rows, name))]
    return [
        "",
        f"| CPU s, MiB | {' | '.join(map(str, sizes))} | time grows | memory grows |",
        "|---" * (len(sizes) + 3) + "|",
        *(_line(name, of(rows, name), sizes) for name in names),
        "",
        *(f"- {note}" for note in notes),
        "",
        f"| counted work | {' | '.join(map(str, sizes))} | grows |",
        "|---" * (len(sizes) + 2) + "|",
        *(line for name in names for line in _counts(name, of(rows, name), sizes)),
    ]


def of(rows: Sequence[Row], name: str) -> list[Row]:
    """The rows of one task, from the smallest size up."""
    return sorted((row for row in rows if row["task"] == name), key=size)


def size(row: Row) -> int:
    """People a side."""
    return int(str(row["n"]))


def figure(row: Row, column: str) -> float:
    """A number of a row, never below 0."""
    return max(0.0, float(str(row[column])))


def counted(row: Row) -> dict[str, int]:
    """The counts of a row."""
    found: dict[str, int] = json.loads(str(row["work"]))
    return found


def ended(row: Row) -> bool:
    """Whether no limit ended it."""
    return "bound" not in str(row["outcome"]) and "open" not in str(row["outcome"])


def grown(rows: Sequence[Row], column: str, least: float = 0.0) -> str:
    """The exponent of what is not below a least, over runs that ended by themselves."""
    known = [r for r in rows if size(r) >= FROM and ended(r) and figure(r, column) > least]
    found = growth([size(row) for row in known], [figure(row, column) for row in known])
    return "–" if found is None else str(found)


def _line(name: str, rows: Sequence[Row], sizes: Sequence[int]) -> str:
    cells = {size(row): _cell(row) for row in rows}
    told = " | ".join(cells.get(n, "–") for n in sizes)
    time, memory = grown(rows, "seconds"), grown(rows, "peak_mib", LEAST)
    return f"| {TASKS[name].title} | {told} | {time} | {memory} |"


def _cell(row: Row) -> str:
    peak = figure(row, "peak_mib")
    memory = f"{peak:.0f}" if peak >= LEAST else f"< {LEAST:g}"
    return f"{shown(figure(row, 'seconds'))}, {memory}{'' if ended(row) else ' *'}"


def _counts(name: str, rows: Sequence[Row], sizes: Sequence[int]) -> Iterator[str]:
    works = {size(row): counted(row) for row in rows if ended(row)}
    for kind in dict.fromkeys(kind for work in works.values() for kind in work):
        if not any(work.get(kind) for work in works.values()):
            continue
        cells = " | ".join(f"{works[n].get(kind, 0):,}" if n in works else "–" for n in sizes)
        known = [n for n in works if n >= FROM and works[n].get(kind)]
        counts = [works[n][kind] for n in known]
        found = growth(known, counts) if len(set(counts)) > 1 else None
        yield f"| {TASKS[name].title}: {kind} | {cells} | {found or '–'} |"


def _notes(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """What was not done, and what grows more than in proportion to the pairs."""
    title = TASKS[name].title
    for row in rows:
        if not ended(row):
            yield f"\\* {title}, {size(row)} a side: not proved; {row['outcome']}."
    known = [row for row in rows if size(row) >= FROM and ended(row)]
    found = growth(
        [int(str(row["pairs"])) for row in known], [figure(row, "seconds") for row in known]
    )
    if found is not None and found.exponent > 1.15:
        yield f"{title}: more than in proportion to the pairs, pairs^{found.exponent:.2f}."
    if max(map(size, rows)) >= TASKS[name].most < 100_000:
        yield f"{title}: not run beyond {TASKS[name].most} a side."
