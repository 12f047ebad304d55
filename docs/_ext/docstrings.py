"""How docstrings and annotations are read: what Sphinx would otherwise take for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VALUES = ("attribute", "data", "property")
BEFORE_NAPOLEON = 400


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", keep_first_line, priority=BEFORE_NAPOLEON)
    app.connect("autodoc-process-signature", show_made_defaults)
    app.connect("missing-reference", find_bare_name)
    return {"parallel_read_safe": True}


def keep_first_line(
    _app: Sphinx, what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Keep words before a colon, which napoleon takes for a type on the first line of a value."""
    if what in VALUES:
        lines[:0] = ["..", ""]  # a comment without words, which is not shown


def show_made_defaults(
    _app: Sphinx,
    _what: str,
    _name: str,
    _thing: object,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str, str | None] | None:
    """A default that a dataclass makes anew is shown as ``...``: ``<factory>`` is no Python."""
    if signature is None or "<factory>" not in signature:
        return None
    return signature.replace("<factory>", "..."), returned


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
