"""A comparison as a card for a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from rmatch.comparing.records import Metric
from rmatch.comparing.shown import Shown, heading
from rmatch.comparing.words import findings, how_to_read, title, warnings
from rmatch.markup import Html, card, folded, items, note, paragraph, table


def comparison_html(shown: Shown) -> str:
    """The table at first sight, what is to be seen in it, and the rest folded."""
    blocks: list[Html] = []
    if shown.count:
        blocks = [_means(shown), *_notes([how_to_read(shown)])]
    blocks += [paragraph(line) for line in findings(shown)]
    blocks += _notes(warnings(shown))
    if shown.count:
        blocks += [*_beside(shown), folded("Everything measured", _everything(shown))]
    glossary = [f"{one.label}: {one.meaning}" for one in (*shown.metrics, shown.rest[-1])]
    return card("Strategies side by side", *blocks, folded("What is counted", items(glossary)))


def _notes(lines: Sequence[str]) -> list[Html]:
    return [note(line) for line in lines if line]


def _means(shown: Shown) -> Html:
    header = ["strategy", *(heading(metric) for metric in shown.first)]
    rows = [
        [name, *(_cell(shown, name, metric) for metric in shown.first)]
        for name in shown.samples.made
    ]
    return table(title(shown), header, rows, right=range(1, len(header)))


def _cell(shown: Shown, name: str, metric: Metric) -> str:
    interval = shown.interval(name, metric)
    value = shown.value(name, metric)
    return f"{value} ({interval})" if interval else value


def _everything(shown: Shown) -> Html:
    """A row a metric, for there are more of these than strategies."""
    metrics = (*shown.metrics, shown.rest[-1])
    rows = [
        [metric.label, *(_cell(shown, name, metric) for name in shown.samples.made)]
        for metric in metrics
    ]
    header = ["", *shown.samples.made]
    return table(title(shown), header, rows, right=range(1, len(header)))


def _beside(shown: Shown) -> list[Html]:
    """Differences to the baseline, where there are several cohorts or lots."""
    others = [name for name in shown.samples.made if name != shown.baseline]
    if shown.count < 2 or shown.baseline not in shown.samples.made or not others:
        return []
    header = ["strategy", *(heading(metric) for metric in shown.set_beside)]
    rows = [[name, *(_difference(shown, name, one) for one in shown.set_beside)] for name in others]
    unit = shown.samples.kind
    caption = f"Less {shown.baseline}, {unit} by {unit}: difference; better / equal / worse"
    right = range(1, len(header))
    return [folded(f"Beside {shown.baseline}", table(caption, header, rows, right=right))]


def _difference(shown: Shown, name: str, metric: Metric) -> str:
    found = shown.beside(name, metric)
    if found is None:
        return "–"
    mean, interval, counts = found
    return f"{mean} ({interval}); {counts}" if interval else f"{mean}; {counts}"
