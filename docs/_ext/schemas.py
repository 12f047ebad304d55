"""The JSON schemas of what rmatch reads and writes, made from the records while the site is built.

They are written beside the pages, and the directive ``schemas`` lists them with links.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from documents import solve_schema
from rmatch.programme import Programme
from rmatch.runs import RunRecord

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schemas"
"""Where they stand in the site."""


@dataclass(frozen=True)
class Schema:
    """A file of the site.

    Attributes:
        name: Of the file.
        about: What it describes, in a sentence.
        make: Gives its content.
    """

    name: str
    about: str
    make: Callable[[], dict[str, Any]]


def programme_schema() -> dict[str, Any]:
    """Input: a programme as JSON, which ``rmatch.load`` and ``rmatch solve`` read."""
    schema = Programme.model_json_schema()
    # Findings of loading, which are never written.
    del schema["properties"]["notices"], schema["$defs"]["Problem"], schema["$defs"]["Place"]
    quotas = schema["$defs"]["Settings"]["properties"]["quotas"]
    sentence = {"type": "string", "description": "such as: at least 10 mentees"}
    quotas["additionalProperties"] = {"anyOf": [sentence, quotas["additionalProperties"]]}
    return schema


SCHEMAS = (
    Schema(
        "programme.schema.json",
        "what goes in: people, conflicts, history, settings",
        programme_schema,
    ),
    Schema(
        "solve.schema.json",
        "what comes out: the document that the command solve prints with --json",
        solve_schema,
    ),
    Schema(
        "run.schema.json",
        "what is kept: run.json of a run folder, by pseudonym",
        RunRecord.model_json_schema,
    ),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_directive("schemas", Schemas)
    app.connect("build-finished", write_schemas)
    return {"parallel_read_safe": True}


def write_schemas(app: Sphinx, failure: Exception | None) -> None:
    """Put the schemas beside the pages."""
    if failure is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(exist_ok=True)
    for schema in SCHEMAS:
        content = {"$schema": DIALECT, **schema.make()}
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (folder / schema.name).write_text(text, encoding="utf-8", newline="\n")


class Schemas(SphinxDirective):
    """A list of the schemas, each with a link to its file."""

    def run(self) -> list[nodes.Node]:
        """The list."""
        up = "../" * self.env.docname.count("/")
        found = nodes.bullet_list()
        for schema in SCHEMAS:
            link = nodes.reference("", schema.name, refuri=f"{up}{FOLDER}/{schema.name}")
            found += nodes.list_item(
                "", nodes.paragraph("", "", link, nodes.Text(f": {schema.about}"))
            )
        return [found]
