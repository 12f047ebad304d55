"""How docstrings and annotations are read: what Sphinx would otherwise take for something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.domains.python import PyObject
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VALUES = ("attribute", "data", "property")
BEFORE_NAPOLEON, AFTER_NAPOLEON = 400, 600
ARRAY = re.compile(
    r"(?:~?numpy\.)?ndarray\[tuple\[(?:~?typing\.)?Any, \.\.\.\], "
    r"(?:~?numpy\.)?dtype\[(?:~?numpy\.|~?typing\.)?(\w+)\]\]"
)
"""How Python spells out an ``NDArray`` of integers, say."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", keep_first_line, priority=BEFORE_NAPOLEON)
    app.connect("autodoc-process-docstring", shorten_arrays, priority=AFTER_NAPOLEON)
    app.connect("autodoc-process-signature", show_defaults_and_arrays)
    app.connect("doctree-read", put_dashes)
    app.connect("missing-reference", find_bare_name)
    for kind in PyObject.doc_field_types:
        if kind.name == "variable":
            kind.label = "Attributes"  # as the docstrings call them
    return {"parallel_read_safe": True}


def keep_first_line(
    _app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Keep words before a colon, which napoleon takes for a type on the first line of a value."""
    if what in VALUES:
        lines[:0] = ["..", ""]  # a comment without words, which is not shown


def shorten_arrays(
    _app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """An array of numpy by the name that the code has for it."""
    lines[:] = [_with_short_arrays(line) for line in lines]


def show_defaults_and_arrays(
    _app: Sphinx,
    _what: str,
    _name: str,
    _thing: object,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str, str | None] | None:
    """Arrays in short; a default that is made anew as ``...``: ``<factory>`` is no Python."""
    if signature is None:
        return None
    shown = _with_short_arrays(signature.replace("<factory>", "..."))
    return shown, None if returned is None else _with_short_arrays(returned)


def _with_short_arrays(text: str) -> str:
    return ARRAY.sub(lambda found: f"NDArray[{found[1].rstrip('_')}]", text)


def put_dashes(_app: Sphinx, document: nodes.document) -> None:
    """Sphinx sets two hyphens between an argument and what it is."""
    for words in list(document.findall(nodes.Text)):
        if words == " -- ":
            words.parent.replace(words, nodes.Text(" – "))


def find_bare_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element
) -> nodes.reference | None:
    """The one thing of that name, where an annotation or a ``Raises`` names no module.

    Nothing is guessed: of two things of the same name, neither is linked, and the build fails.
    """
    target = node.get("reftarget", "")
    if node.get("refdomain") != "py" or "." in target:
        return None
    domain = env.domains.python_domain
    ends = [
        entry
        for name, entry in domain.objects.items()
        if not entry.aliased and name.rpartition(".")[2] == target
    ]
    if len(ends) != 1:
        return None
    [entry] = ends
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, target)
