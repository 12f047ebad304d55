"""The report as one HTML file that needs no network: a view filled into a template.

Everything that varies is escaped by the template engine. The page's own policy lets it run the one
script and use the one style sheet that stand in it, named by their hashes, and load nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rmatch.atomic import write_atomic
from rmatch.errors import MissingExtraError
from rmatch.markup import visible
from rmatch.reporting.pairs import number
from rmatch.reports.exploring import HELD, MENTEE, MENTOR, POINTS
from rmatch.reports.files import mode_for, refuse_existing
from rmatch.reports.seconds import REPORT_SECONDS
from rmatch.reports.view import Explorer, PairDetail, ReportView
from rmatch.reports.viewing import report_audience, report_view

if TYPE_CHECKING:
    from jinja2 import Environment

    from rmatch.matching import Matching


def write_page(
    matching: Matching,
    path: str | os.PathLike[str],
    audience: str = "panel",
    *,
    names: bool = False,
    reveal: bool = False,
    force: bool = False,
    time_limit: float | None = REPORT_SECONDS,
) -> Path:
    """Write the report; see ``Matching.to_html``."""
    kind = report_audience(audience)
    target = Path(path).resolve()
    refuse_existing(target, force=force)
    environment = _environment()
    view = report_view(matching, kind, names=names, reveal=reveal, time_limit=time_limit)
    mode = mode_for(kind, names=names)
    return write_atomic(target, _filled(view, environment), mode=mode, force=force)


def page_html(view: ReportView) -> str:
    """The page of a view.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    return _filled(view, _environment())


def _environment() -> Environment:
    """Templates from the package, autoescaped, refusing what a view does not have.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError("jinja2", "coordinator", "writing a report") from None
    del jinja2
    return _compiled()


@cache
def _compiled() -> Environment:
    """They are compiled once for all pages of a process."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    names = ("page.html", "macros.html")
    environment = Environment(
        loader=DictLoader({name: _without_indents(_file(name)) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = number
    environment.filters["many"] = _many
    return environment


def _shown(value: Any) -> Any:
    """What stands in the page: texts that people wrote, made visible; markup of ours as it is."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _filled(view: ReportView, environment: Environment) -> str:
    from markupsafe import Markup

    style, script = _file("style.css"), _file("script.js")
    return environment.get_template("page.html").render(
        view=view,
        rows_of=_criterion_rows,
        widest=_widest(view),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
        explorer_data=Markup(  # noqa: S704 - "<" is escaped
            _explorer_json(view.explorer, for_people=view.for_people)
        ),
    )


def _file(name: str) -> str:
    """A file beside the template, at plain line ends: browsers hash what they read as such."""
    text = (resources.files("rmatch.reports") / "page" / name).read_text("utf-8")
    return text.replace("\r\n", "\n")


def _without_indents(template: str) -> str:
    """A template without the white space before its lines, which a page need not carry."""
    return re.sub(r"\n\s+", "\n", template)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _many(count: int, noun: str, plural: str | None = None) -> str:
    """``1 pair``, ``2 pairs``."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


# Points -------------------------------------------------------------------------------------------


def _criterion_rows(detail: PairDetail) -> list[dict[str, Any]]:
    """Criteria with the points of both sides and of the pair; ``None`` where a side has none."""
    sides = {
        "mentor": {one.name: one for one in detail.mentor.criteria},
        "mentee": {one.name: one for one in detail.mentee.criteria},
    }
    points = dict(detail.points)
    names = dict.fromkeys((*points, *sides["mentor"], *sides["mentee"]))
    return [
        {
            "name": name,
            "points": points.get(name),
            "mentor": sides["mentor"].get(name),
            "mentee": sides["mentee"].get(name),
        }
        for name in names
    ]


def _widest(view: ReportView) -> float:
    """The most points that a criterion gives anybody: the length of the longest bar."""
    return max(
        (
            one.points
            for pair in view.pairs
            if pair.detail is not None
            for side in (pair.detail.mentor, pair.detail.mentee)
            for one in side.criteria
        ),
        default=1.0,
    )


# The explorer -------------------------------------------------------------------------------------

_MARKS = (MENTOR, MENTEE, HELD, POINTS)


def _explorer_json(explorer: Explorer | None, *, for_people: bool) -> str:
    """The answers as JSON that cannot end the element it stands in."""
    if explorer is None:
        return ""
    content = {
        "mentors": [visible(card.id) for card in explorer.mentors],
        "mentees": [visible(card.id) for card in explorer.mentees],
        "sentences": [_with_marks(sentence) for sentence in explorer.sentences],
        "held": [list(map(visible, side)) for side in explorer.held],
        "answers": _shared(explorer),
        "points": explorer.points,
        "decimals": for_people,
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _with_marks(sentence: str) -> str:
    """A sentence made visible, but for the marks that stand for its people and its points."""
    return "".join(one if one in _MARKS else visible(one) for one in sentence)


def _shared(explorer: Explorer) -> list[Any]:
    """Answers that stand once each, and for every pair which of them it is."""
    places: dict[tuple[int, ...], int] = {}
    which = [places.setdefault(answer, len(places)) for answer in explorer.answers]
    return [list(places), which]
