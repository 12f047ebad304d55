"""letters.csv: a row for each participant, with the pieces that a mail merge needs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from rmatch.io.sources import guarded
from rmatch.letters.filenames import file_name
from rmatch.letters.view import ParticipantView, PartnerView
from rmatch.programme import Participant

COLUMNS = (
    *("id", "name", "email", "side", "file", "matched"),
    *("greeting", "outcome", "partners", "next_steps", "dates", "neutral"),
)


# Where lists are separated by ";", a spreadsheet splits cells there and would run what follows.
_AFTER_A_SPLIT = re.compile(r"(?<=[;\t|])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def table_text(people: Iterable[tuple[Participant, ParticipantView]]) -> str:
    """The table as CSV; no cell is one that a spreadsheet would run."""
    buffer = io.StringIO(newline="")
    # Without this mark, Excel and Word read accented names wrongly.
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_harmless, row_of(person, view)) for person, view in people)
    return buffer.getvalue()


def row_of(person: Participant, view: ParticipantView) -> tuple[str, ...]:
    """One participant's cells, as ``COLUMNS`` names them; id and e-mail as they were given."""
    return (
        person.id,
        view.name,
        person.email or "",
        view.side,
        file_name(person.id),
        "yes" if view.matched else "no",
        view.greeting,
        view.outcome,
        "\n\n".join("\n".join(_about(partner)) for partner in view.partners),
        view.next_steps,
        view.dates,
        view.neutral,
    )


def _harmless(cell: str) -> str:
    return guarded(_AFTER_A_SPLIT.sub("'", cell))


def _about(partner: PartnerView) -> Iterator[str]:
    yield f"Your partner: {partner.who}." if partner.who else "You have a partner."
    if partner.reasons:
        yield "What speaks for this pair:"
        yield from (f"• {reason}" for reason in partner.reasons)
