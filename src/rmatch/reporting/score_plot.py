"""The score array as a heat map, with the pairs that were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import Instance
from rmatch.markup import visible
from rmatch.reporting.pairs import Names, label
from rmatch.reporting.plots import drawing
from rmatch.reporting.seriation import diagonal_order

if TYPE_CHECKING:
    import altair as alt

MOST_CELLS = 62_500
"""More pairs of people than this cannot be told apart on a page."""
SIDE, WIDEST, NARROWEST = 700, 30, 6
"""Pixels of the whole, of a large cell and of a small one."""
LETTER, LINE = 6.5, 12
"""Pixels that a letter of a label takes, and a line of labels."""
COORDINATORS = "For the coordinator, not to be handed on."
MADE, NOT_ALLOWED = "matched", "not allowed"
_LEGEND = {"padding": 9, "offset": 9}
"""Room beside the words, which another computer's letters make wider."""
_SLASH = "M-0.8,0.8L0.8,-0.8"


@dataclass(frozen=True, slots=True)
class _Measure:
    """What the colours show: values of all acceptable pairs, and whether the least is best."""

    title: str
    values: npt.NDArray[np.float64]
    is_rank: bool


def score_chart(
    instance: Instance, chosen: Sequence[int], names: Names, *, for_people: bool
) -> alt.LayerChart:
    """A cell a mentor and mentee; matched pairs bear a disc, pairs not allowed a stroke.

    Args:
        instance: What was solved; where it has no scores, ranks are shown.
        chosen: Indices of the matched pairs.
        names: Id → name, where names are wanted.
        for_people: Whether scores are hundredths of the 0–100 that people see.

    Raises:
        MissingExtraError: altair is not installed.
        ValueError: too many people to draw.
    """
    alt = drawing("drawing the scores")
    n, m = instance.n_mentors, instance.n_mentees
    if n * m > MOST_CELLS:
        raise ValueError(
            f"{n} × {m} people are too many to draw, the most are {MOST_CELLS} pairs of them; "
            "scores.to_frame() has every score"
        )
    measure = _measure(instance, for_people=for_people)
    order = diagonal_order(
        _weights(instance, measure),
        [(int(instance.mentor[k]), int(instance.mentee[k])) for k in chosen],
    )
    labels = _labels(instance, names)
    rows, columns = ([side[k] for k in some] for side, some in zip(labels, order, strict=True))
    cells = _cells(instance, chosen, labels, measure)
    size = min(WIDEST, max(NARROWEST, SIDE // max(n, m, 1)))
    place = {
        "x": alt.X(
            "mentee:N",
            title="mentees",
            scale=alt.Scale(domain=columns),
            axis=_axis(alt, columns, size, "top"),
        ),
        "y": alt.Y(
            "mentor:N",
            title="mentors",
            scale=alt.Scale(domain=rows),
            axis=_axis(alt, rows, size, "left"),
        ),
        "tooltip": _tooltip(alt, measure),
    }
    colours = _colours(alt, [one for one in cells if one["value"] is not None], measure, place)
    marks = _marks(alt, [one for one in cells if one["state"]], size, place)
    return alt.layer(colours, marks).properties(
        width=size * m,
        height=size * n,
        title={
            "text": f"{'Ranks' if measure.is_rank else 'Scores'}, and the pairs made",
            "subtitle": COORDINATORS,
            "anchor": "start",
        },
    )


def _measure(instance: Instance, *, for_people: bool) -> _Measure:
    if not instance.score.any() and instance.n_pairs:
        ranks = (instance.mentor_rank + instance.mentee_rank).astype(np.float64)
        return _Measure("both ranks together", ranks, is_rank=True)
    return _Measure("score", instance.score / (100 if for_people else 1), is_rank=False)


def _weights(instance: Instance, measure: _Measure) -> npt.NDArray[np.float64]:
    """(n, m) from 0, not allowed, to 1, the best; the least of those allowed are well above 0."""
    dense = np.zeros((instance.n_mentors, instance.n_mentees))
    if instance.n_pairs:
        values = -measure.values if measure.is_rank else measure.values
        span = values.max() - values.min()
        dense[instance.mentor, instance.mentee] = 0.2 + 0.8 * (values - values.min()) / (span or 1)
    return dense


def _labels(instance: Instance, names: Names) -> tuple[list[str], list[str]]:
    """How both sides' people are called."""
    mentors, mentees = (
        [shown(person, names) for person in ids]
        for ids in (instance.mentor_ids, instance.mentee_ids)
    )
    return mentors, mentees


def shown(person: str, names: Names) -> str:
    """An id, with the name where names are wanted, as it may stand in the script of a saved page.

    What altair writes into HTML is inside a script, which the text of an end tag would end. What
    writes SVG ends the whole program at a character that XML cannot hold.
    """
    return visible(label(person, names)).translate(_NO_TAGS)


_NO_TAGS = str.maketrans("<>", "‹›")


def _cells(
    instance: Instance,
    chosen: Sequence[int],
    labels: tuple[list[str], list[str]],
    measure: _Measure,
) -> list[dict[str, Any]]:
    """One record a mentor and mentee."""
    made = set(chosen)
    pair_of = instance.dense(np.arange(instance.n_pairs), fill=-1)
    return [
        {
            "mentor": labels[0][i],
            "mentee": labels[1][j],
            "value": None if pair < 0 else round(float(measure.values[pair]), 2),
            "state": NOT_ALLOWED if pair < 0 else MADE if pair in made else "",
        }
        for i, row in enumerate(pair_of.tolist())
        for j, pair in enumerate(row)
    ]


def _data(alt: Any, cells: list[dict[str, Any]]) -> Any:
    """Records as a text of JSON: altair would look at each of ten thousand, several times."""
    text = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))


def _axis(alt: Any, labels: Sequence[str], size: int, orient: str) -> Any:
    """As many labels as have room; along the top they stand upright where they would meet."""
    longest = max(map(len, labels), default=0) * LETTER
    step = max(1, -(-LINE // size))
    upright = orient == "top" and longest > step * size
    return alt.Axis(
        orient=orient,
        values=list(labels[::step]),
        labelAngle=-90 if upright else 0,
        labelOverlap=False,
        labelLimit=220,
        labelPadding=4,
        ticks=False,
        domain=False,
        titlePadding=10,
    )


def _tooltip(alt: Any, measure: _Measure) -> list[Any]:
    return [
        alt.Tooltip("mentor:N"),
        alt.Tooltip("mentee:N"),
        alt.Tooltip("value:Q", title=measure.title),
        alt.Tooltip("state:N"),
    ]


def _colours(
    alt: Any, cells: list[dict[str, Any]], measure: _Measure, place: dict[str, Any]
) -> Any:
    """The better the darker: even for the eye, for those who see colours alike, and in print."""
    scheme = {"name": "cividis", "extent": [0, 0.95] if measure.is_rank else [0.95, 0]}
    legend = alt.Legend(title=measure.title, gradientLength=120, **_LEGEND)
    colour = alt.Color("value:Q", scale=alt.Scale(scheme=scheme, zero=False), legend=legend)
    return alt.Chart(_data(alt, cells)).mark_rect().encode(color=colour, **place)


def _marks(alt: Any, cells: list[dict[str, Any]], size: int, place: dict[str, Any]) -> Any:
    """Discs and strokes, told apart by shape."""
    looks = {
        "shape": ["circle", _SLASH],
        "fill": ["white", "transparent"],
        "stroke": ["black", "#9a9a9a"],
    }
    kinds = [MADE, NOT_ALLOWED]
    encodings = {
        name: getattr(alt, name.capitalize())(
            "state:N",
            scale=alt.Scale(domain=kinds, range=look),
            legend=alt.Legend(title=None, symbolSize=110, **_LEGEND),
        )
        for name, look in looks.items()
    }
    points = alt.Chart(_data(alt, cells))
    return points.mark_point(
        size=(0.6 * size) ** 2, opacity=1, strokeWidth=1.2 if size > LINE else 0.8
    ).encode(**encodings, **place)
