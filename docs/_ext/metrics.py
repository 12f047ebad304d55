"""The directive ``metrics``: every metric of a comparison, from the registry itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from rmatch.comparing import METRICS

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

IN = {
    "count": "a count",
    "share": "a share, 0 to 1; shown as per cent",
    "score": "points; hundredths of them in `values` where people were scored",
    "rank": "ranks, 1 is best",
    "index": "0 to 1",
    "seconds": "seconds",
}
"""What each unit is, in words."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_directive("metrics", Metrics)
    return {"parallel_read_safe": True}


class Metrics(SphinxDirective):
    """A table: the name, what exactly is counted, in what, and which way is better."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        return self.parse_text_to_nodes(metrics_text())


def metrics_text() -> str:
    """The table in Markdown."""
    lines = ["| name | called | what exactly | in | better |", "|---|---|---|---|---|"]
    for name, metric in METRICS.items():
        cells = (f"`{name}`", metric.label, metric.meaning, IN[metric.unit], metric.better)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
