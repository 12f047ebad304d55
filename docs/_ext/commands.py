"""The directive ``commands``: every command of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer.main
from sphinx.util.docutils import SphinxDirective

from rmatch.cli.app import app as command_line

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True}


class Commands(SphinxDirective):
    """A section per command: what it does, how it is called, its arguments and options."""

    def run(self) -> list[nodes.Node]:
        """The sections."""
        return self.parse_text_to_nodes(commands_text(), allow_section_headings=True)


def commands_text() -> str:
    """The whole reference in Markdown."""
    group: Any = typer.main.get_command(command_line)
    root = group.make_context("rmatch", [], resilient_parsing=True)
    lines: list[str] = []
    for name, command in group.commands.items():
        context = type(root)(command, info_name=name, parent=root)
        lines += [f"## rmatch {name}", "", *_section(command, context)]
    return "\n".join(lines)


def _section(command: Any, context: Any) -> Iterator[str]:
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield from ("```text", " ".join(usage.split()), "```", "")
    yield from ((command.help or "").strip(), "")
    for param in command.get_params(context):
        written = param.get_help_record(context)
        # Not every version of typer has a record for arguments; --help is the same each time.
        if param.name == "help":
            continue
        term, told = written or (param.make_metavar(context), param.help)
        if param.param_type_name == "argument":
            term = term.partition(" <")[0]  # its words say what it is
        yield from (f"`{term}`", f": {_inert(told or '')}", "")


def _inert(text: str) -> str:
    """Plain words in Markdown: stars and brackets mean themselves; marks of code stay."""
    for sign in "*[]<>":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
