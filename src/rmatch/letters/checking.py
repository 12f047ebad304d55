"""Whether a template asks for nothing beyond a participant's view: judged from its syntax tree.

A template may say ``{{ … }}``, ``{% if %}``, ``{% for %}`` and ``{% set %}``, name what the view
has, and use a few filters. Everything else is refused before anything is filled in: calls, macros,
other files, and names or attributes that the view does not have. Nor can a template take all time
or memory: loops go over the view's own lists, so deep and no deeper, and ``{% set %}`` cannot keep
doubling a text (what filters make is limited in ``rendering``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from jinja2 import nodes

from rmatch.letters.view import ParticipantView, PartnerView, names_of

FILTERS = (
    *("capitalize", "default", "first", "join", "last", "length", "lower", "replace", "title"),
    *("trim", "truncate", "upper"),
)
_ON_LISTS = ("default", "first", "join", "last", "length")
"""Filters that take a list; of any other the words would be Python's."""
TESTS = ("defined", "divisibleby", "even", "odd")

Shape = Literal["plain", "list", "partners", "partner", "loop"]
"""What a name stands for, as far as its parts go."""

DEEPEST = 3
"""So many loops may stand in one another."""
MOST_NAMES = 50
"""So many names and texts may go into one ``{% set %}``, those of earlier ones included."""

_LISTS = ("roles", "offers", "wants", "meeting", "interests", "reasons")
_LOOP = ("first", "last", "index", "index0", "revindex", "length")
_PARTS: Mapping[Shape, tuple[str, ...]] = {"partner": names_of(PartnerView), "loop": _LOOP}

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign),
    *(nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.CondExpr, nodes.Concat),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub),
    *(nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Keyword),
)
_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a call",
    nodes.Macro: "{% macro %}",
    nodes.CallBlock: "{% call %}",
    nodes.Include: "{% include %}",
    nodes.Extends: "{% extends %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from … import %}",
    nodes.Block: "{% block %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.AssignBlock: "{% set %} around a text",
    nodes.With: "{% with %}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a template asks for and does not get."""

    line: int
    message: str


def faults_of(template: nodes.Template) -> tuple[Fault, ...]:
    """Everything that a template asks for beyond the view, from the first line to the last."""
    shapes: dict[str, Shape] = dict.fromkeys(names_of(ParticipantView), "plain")
    check = _Check({**shapes, "partners": "partners"})
    found = dict.fromkeys(check.node(template))
    return tuple(sorted(found, key=lambda fault: fault.line))


@dataclass(frozen=True)
class _Check:
    """The names that are known at one point of a template."""

    scope: dict[str, Shape] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    """Of a name that was set, how many names and texts went into it; of others 1."""
    depth: int = 0

    def node(self, node: nodes.Node) -> Iterator[Fault]:
        if not isinstance(node, _ALLOWED):
            yield _refused(node)
        elif isinstance(node, nodes.For):
            yield from self._loop(node)
        elif isinstance(node, nodes.Assign):
            yield from self._set(node)
        else:
            yield from self._own(node)
            yield from self._children(node)

    def _children(self, node: nodes.Node) -> Iterator[Fault]:
        for child in node.iter_child_nodes():
            yield from self.node(child)

    def _own(self, node: nodes.Node) -> Iterator[Fault]:
        if isinstance(node, nodes.Name):
            yield from self._name(node)
        elif isinstance(node, nodes.Getattr):
            yield from self._part(node, node.attr)
        elif isinstance(node, nodes.Getitem):
            yield from self._item(node)
        elif isinstance(node, nodes.Filter):
            yield from _filter(node)
            if node.name not in _ON_LISTS and node.node:
                yield from self._is_text(node.node)
        elif isinstance(node, nodes.Concat):
            for part in node.nodes:
                yield from self._is_text(part)
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield Fault(node.lineno, f"uses the test {node.name!r}; there are {', '.join(TESTS)}")

    def _is_text(self, node: nodes.Expr) -> Iterator[Fault]:
        if self._shape(node) != "plain":
            yield Fault(node.lineno, "makes a text of a list or a partner; name what is in it")

    def _name(self, node: nodes.Name) -> Iterator[Fault]:
        if node.name not in self.scope:
            known = ", ".join(names_of(ParticipantView))
            yield Fault(node.lineno, f"names {node.name!r}; a letter may name {known}")

    def _part(self, node: nodes.Getattr | nodes.Getitem, part: str) -> Iterator[Fault]:
        shape = self._shape(node.node)
        parts = _PARTS.get(shape, ())
        if part in parts:
            return
        known = f"a {shape} has {', '.join(parts)}" if parts else "only partners have parts"
        yield Fault(node.lineno, f"asks for the part {part!r}; {known}")

    def _item(self, node: nodes.Getitem) -> Iterator[Fault]:
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(key, str):
            yield from self._part(node, key)
        elif type(key) is not int or self._shape(node.node) not in ("list", "partners"):
            yield Fault(node.lineno, "has square brackets round what is no name and no number")

    def _loop(self, node: nodes.For) -> Iterator[Fault]:
        if node.recursive:
            yield Fault(node.lineno, "uses a recursive loop, which a letter does not need")
        if self.depth == DEEPEST:
            yield Fault(node.lineno, f"has more than {DEEPEST} loops in one another")
        yield from self.node(node.iter)
        if self._shape(node.iter) not in ("list", "partners"):
            known = ", ".join(("partners", *_LISTS))
            yield Fault(
                node.lineno, f"loops over what is no list of the letter's, which are {known}"
            )
        inner = _Check({**self.scope, "loop": "loop"}, dict(self.sizes), self.depth + 1)
        inner.bind(node.target, self._element(node.iter))
        for child in (*node.body, *([node.test] if node.test else [])):
            yield from inner.node(child)
        for child in node.else_:
            yield from self.node(child)

    def _set(self, node: nodes.Assign) -> Iterator[Fault]:
        yield from self.node(node.node)
        size = self._size(node.node)
        if size > MOST_NAMES:
            yield Fault(node.lineno, f"puts more than {MOST_NAMES} names and texts into one")
        # Once told, it is not told again of whatever is made of this one.
        self.bind(node.target, self._shape(node.node), size if size <= MOST_NAMES else 1)

    def bind(self, target: nodes.Node, shape: Shape, size: int = 1) -> None:
        """Give the names of a loop or of ``{% set %}`` what they stand for."""
        if isinstance(target, nodes.Name):
            self.scope[target.name] = shape
            self.sizes[target.name] = size
        else:
            for name in target.find_all(nodes.Name):
                self.scope[name.name] = "plain"
                self.sizes[name.name] = size

    def _size(self, node: nodes.Node) -> int:
        """How many names and texts go into an expression at most."""
        if isinstance(node, nodes.Name):
            return self.sizes.get(node.name, 1)
        return max(1, sum(map(self._size, node.iter_child_nodes())))

    def _shape(self, node: nodes.Node) -> Shape:
        if isinstance(node, nodes.Name):
            return self.scope.get(node.name, "plain")
        if isinstance(node, nodes.Getattr):
            return "list" if node.attr in _LISTS else "plain"
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return "list" if node.arg.value in _LISTS else self._element(node.node)
        if isinstance(node, nodes.Filter) and node.name in ("first", "last") and node.node:
            return self._element(node.node)
        if isinstance(node, nodes.Filter) and node.name == "default" and node.node:
            return self._shape(node.node)
        return "plain"

    def _element(self, node: nodes.Node) -> Shape:
        """What one of a list is."""
        return "partner" if self._shape(node) == "partners" else "plain"


def _refused(node: nodes.Node) -> Fault:
    what = _WORDS.get(type(node), f"“{type(node).__name__.lower()}”")
    allowed = "{{ … }}, {% if %}, {% for %} and {% set %} are all that a letter needs"
    return Fault(node.lineno, f"uses {what}; {allowed}")


def _filter(node: nodes.Filter) -> Iterator[Fault]:
    if node.name not in FILTERS:
        yield Fault(node.lineno, f"uses the filter {node.name!r}; there are {', '.join(FILTERS)}")
    elif node.name == "join" and (len(node.args) > 1 or node.kwargs):
        yield Fault(node.lineno, "joins the parts of a list; use {% for %}")
    if node.dyn_args or node.dyn_kwargs:
        yield Fault(node.lineno, "uses a filter with * or **, which a letter does not need")
