"""HTML for a notebook: cards of text, lists and tables, every text escaped, no script.

A card is readable where its ``<style>`` is taken away, as JupyterLab does with a notebook that is
not trusted. Its colours follow the theme of JupyterLab, of VS Code or of a Furo page (JupyterLab's
is not the browser's); where there is none, they follow the browser, on a ground of the card's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NewType

Html = NewType("Html", str)
"""Markup made here, in which every text is escaped."""

Row = Sequence[str]

_ITEM = 2
"""So many spaces in, a line of a plain text is an item of a list."""

MOST_ROWS = 200
"""So many rows a table shows; a notebook is no place for thousands."""

_STYLE = """
.rmatch-card{--rmatch-ink0:#1f1f1f;--rmatch-page0:#fff;
--rmatch-ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,
var(--color-foreground-primary,var(--rmatch-ink0))));
--rmatch-page:var(--jp-layout-color0,var(--vscode-editor-background,
var(--color-background-primary,var(--rmatch-page0))));
--rmatch-line:rgba(128,128,128,.45);--rmatch-stripe:rgba(128,128,128,.1);
color:var(--rmatch-ink);background:var(--rmatch-page);box-sizing:border-box;width:fit-content;
padding:.7em 1em;border:1px solid var(--rmatch-line);border-radius:4px;
font-family:var(--jp-content-font-family,var(--vscode-font-family,system-ui,sans-serif));
font-size:var(--jp-content-font-size1,14px);line-height:1.45}
@media (prefers-color-scheme:dark){.rmatch-card{--rmatch-ink0:#e4e4e4;--rmatch-page0:#181818}}
.rmatch-card.rmatch-card p,.rmatch-card.rmatch-card ul,
.rmatch-card details{margin:.5em 0;max-width:58em;color:inherit}
.rmatch-card.rmatch-card .rmatch-title{margin:0 0 .3em;font-size:1.1em}
.rmatch-card .rmatch-note{font-size:.92em;opacity:.8}
.rmatch-card.rmatch-card ul{padding-left:1.4em}
.rmatch-card summary{cursor:pointer}
.rmatch-card .rmatch-table{border-collapse:collapse;margin:.9em 0 .5em;table-layout:auto;
font-size:inherit;color:inherit;font-variant-numeric:tabular-nums}
.rmatch-card .rmatch-table caption{caption-side:top;text-align:left;color:inherit;
padding:0 0 .35em;font-weight:600;white-space:nowrap}
.rmatch-card .rmatch-table th,.rmatch-card .rmatch-table td{padding:.2em .9em .2em .4em;
text-align:left;vertical-align:top;color:inherit;background:none;border:0;max-width:34em}
.rmatch-card .rmatch-table thead th,.rmatch-card .rmatch-table thead td{vertical-align:bottom;
font-weight:600;
border-bottom:1px solid var(--rmatch-line)}
.rmatch-card .rmatch-table tbody th{font-weight:inherit}
.rmatch-card .rmatch-table tbody tr:nth-child(n){background:none}
.rmatch-card .rmatch-table tbody tr:nth-child(even){background:var(--rmatch-stripe)}
.rmatch-card .rmatch-table .rmatch-number{text-align:right}
.rmatch-card .rmatch-table tbody .rmatch-number{white-space:pre}
"""
STYLE = "<style>" + _STYLE.strip().replace("\n", "") + "</style>"


def card(title: str, *blocks: Html) -> str:
    """A whole output: a title and what is below it."""
    # A paragraph, not a heading: JupyterLab's table of contents would list every output.
    heading = f'<p class="rmatch-title"><strong>{_safe(title)}</strong></p>'
    return f'<div class="rmatch-card">{STYLE}{heading}{"".join(blocks)}</div>'


def paragraph(text: str) -> Html:
    """One paragraph."""
    return Html(f"<p>{_safe(text)}</p>")


def note(text: str) -> Html:
    """A quieter paragraph: how to read what is above."""
    return Html(f'<p class="rmatch-note">{_safe(text)}</p>')


def items(texts: Iterable[str]) -> Html:
    """A list; nothing where there is none."""
    listed = "".join(f"<li>{_safe(text)}</li>" for text in texts)
    return Html(f"<ul>{listed}</ul>" if listed else "")


def folded(summary: str, *blocks: Html) -> Html:
    """Blocks that a click on the summary shows."""
    return Html(f"<details><summary>{_safe(summary)}</summary>{''.join(blocks)}</details>")


def joined(blocks: Iterable[Html]) -> Html:
    """Blocks one after another."""
    return Html("".join(blocks))


def table(
    caption: str, header: Row, rows: Sequence[Row], *, right: Iterable[int] = (), more: str = ""
) -> Html:
    """A table whose first column heads its rows.

    Args:
        caption: What the table is of.
        header: One cell a column; the lines of a cell are put on one.
        rows: As many cells each.
        right: Columns of numbers.
        more: Where all rows can be found, if there are more than ``MOST_ROWS``.
    """
    numbers = frozenset(right)
    head = "".join(_heading(k, cell, numbers) for k, cell in enumerate(header))
    body = "".join(f"<tr>{_cells(row, numbers)}</tr>" for row in rows[:MOST_ROWS])
    whole = (
        f'<table class="rmatch-table"><caption>{_safe(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    left = len(rows) - MOST_ROWS
    return Html(whole if left <= 0 else f"{whole}{note(f'{left} rows more. {more}'.strip())}")


def _heading(column: int, text: str, numbers: frozenset[int]) -> str:
    """A heading; an empty one would be read out as a heading of nothing, so it is none."""
    return _cell("th", column, text, numbers, scope="col") if text else "<td></td>"


def _cells(row: Row, numbers: frozenset[int]) -> str:
    first = (_cell("th", 0, cell, numbers, scope="row") for cell in row[:1])
    rest = (_cell("td", k, cell, numbers) for k, cell in enumerate(row[1:], start=1))
    return "".join((*first, *rest))


def _cell(tag: str, column: int, text: str, numbers: frozenset[int], scope: str = "") -> str:
    kind = ' class="rmatch-number"' if column in numbers else ""
    scoped = f' scope="{scope}"' if scope else ""
    return f"<{tag}{kind}{scoped}>{_safe(text.replace(chr(10), ' '))}</{tag}>"


def prose(text: str) -> Html:
    """A plain text of ours: lines at the margin are paragraphs, those further in are lists.

    A line two spaces in is an item, with a dash or without; one still further in goes on with the
    item before it.
    """
    blocks: list[str | list[str]] = []
    for line in text.splitlines():
        words, depth = line.strip(), len(line) - len(line.lstrip(" "))
        if not words:
            continue
        if not depth:
            blocks.append(words)
        elif not blocks or isinstance(blocks[-1], str):
            blocks.append([words])
        elif depth > _ITEM:
            blocks[-1][-1] += f" {words}"
        else:
            blocks[-1].append(words)
    return joined(
        paragraph(block)
        if isinstance(block, str)
        else items(words.removeprefix("- ") for words in block)
        for block in blocks
    )


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """A text whose every character is seen where it stands.

    Control characters, which XML cannot hold and HTML does not show, become U+FFFD; so do those
    that turn the direction of what follows, with which one person's id could rewrite the line it
    stands in. Letters that are written from the right are as they were.
    """
    return _UNSEEN.sub("\ufffd", text)


def _safe(text: str) -> str:
    import html

    return html.escape(visible(text))
