"""Charts: valid, saved as pictures, ordered so that structure shows, and safe with any id."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rmatch
from rmatch import examples
from rmatch.reporting.score_plot import MOST_CELLS
from rmatch.reporting.seriation import diagonal_order

pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[plot]'")
pytest.importorskip("vl_convert", reason="vl-convert is missing: pip install 'rmatch[plot]'")

NASTY = "</script><script>alert(1)</script>"
KINDS = ("plot", "plot_pairs")


@pytest.fixture(scope="module")
def east() -> rmatch.Matching:
    return rmatch.solve(examples.path("east-of-england"))


@pytest.fixture(scope="module")
def ranked() -> rmatch.Matching:
    """Made without people and without scores; M1 and S0 do not list each other."""
    return rmatch.solve(
        rmatch.Instance.from_rankings(
            mentors=[[[0], [1], [2]], [[1], [2]], [[1, 2], [0]]],
            mentees=[[[2], [0]], [[0], [1], [2]], [[2], [1], [0]]],
        )
    )


def drawn(matching: rmatch.Matching, kind: str, **options: Any) -> Any:
    """One of the charts."""
    return getattr(matching, kind)(**options)


def records(chart: Any) -> list[dict[str, Any]]:
    """Every record of a chart, whichever layer draws it."""
    sets = [layer.get("data") for layer in chart["layer"] if "data" in layer]
    found = [
        *sets,
        *([chart["data"]] if "data" in chart else []),
        *chart.get("datasets", {}).values(),
    ]
    every: list[dict[str, Any]] = []
    for one in found:
        values = one.get("values", []) if isinstance(one, dict) else one
        every += json.loads(values) if isinstance(values, str) else values
    return every


def domain(chart: Any, axis: str) -> list[str]:
    """The people along an axis of the heat map, in order."""
    order: list[str] = chart["layer"][0]["encoding"][axis]["scale"]["domain"]
    return order


# ------------------------------------------------------------------------------------ the heat map


def test_every_pair_of_people_is_a_cell_or_a_stroke(east: rmatch.Matching) -> None:
    """Values where a pair is allowed; the pairs made, and those not allowed, are marked."""
    cells = records(east.plot().to_dict())
    values = {(c["mentor"], c["mentee"]): c["value"] for c in cells if c["value"] is not None}
    assert len(values) == east.instance.n_pairs
    assert {(c["mentor"], c["mentee"]) for c in cells if c["state"] == "matched"} == {
        (pair.mentor, pair.mentee) for pair in east.pairs
    }
    strokes = [c for c in cells if c["state"] == "not allowed"]
    assert len(strokes) == 14 * 14 - east.instance.n_pairs
    assert all(values[pair.mentor, pair.mentee] == pair.score for pair in east.pairs)


def test_pairs_made_and_pairs_not_allowed_differ_by_shape(east: rmatch.Matching) -> None:
    """Not by colour alone; and the legend says which is which."""
    marks = east.plot().to_dict()["layer"][1]["encoding"]
    assert marks["shape"]["scale"]["domain"] == ["matched", "not allowed"]
    assert len(set(marks["shape"]["scale"]["range"])) == 2
    assert "legend" in marks["shape"]


def test_the_pairs_lie_along_the_diagonal(east: rmatch.Matching) -> None:
    """Where everybody has one partner, the two orders are the same."""
    chart = east.plot().to_dict()
    partner = {pair.mentor: pair.mentee for pair in east.pairs}
    assert [partner[mentor] for mentor in domain(chart, "y")] == domain(chart, "x")


def test_the_picture_is_the_same_each_time(east: rmatch.Matching) -> None:
    """Nothing of it is drawn by lot."""
    assert east.plot().to_dict() == east.plot().to_dict()


def test_without_scores_ranks_are_shown(ranked: rmatch.Matching) -> None:
    """An instance of rankings alone is not one of nothing but zeros."""
    chart = ranked.plot().to_dict()
    assert chart["title"]["text"] == "Ranks, and the pairs made"
    values = sorted(c["value"] for c in records(chart) if c["value"] is not None and not c["state"])
    instance = ranked.instance
    left = [k for k in range(instance.n_pairs) if k not in ranked.solution.chosen]
    assert values == sorted((instance.mentor_rank + instance.mentee_rank)[left].tolist())


def test_labels_are_thinned_at_a_hundred_a_side() -> None:
    """Every second one has room; the cells are all there."""
    scores = np.arange(10_000).reshape(100, 100) % 97
    matching = rmatch.solve(rmatch.Instance.from_scores(scores), objectives=("pairs", "score"))
    chart = matching.plot().to_dict()
    axis = chart["layer"][0]["encoding"]["y"]["axis"]
    assert len(axis["values"]) == 50
    assert len(domain(chart, "y")) == 100
    assert chart["height"] <= 800


def test_more_people_than_a_page_can_show_are_refused() -> None:
    """With what has every score instead."""
    side = int(MOST_CELLS**0.5) + 1
    instance = rmatch.Instance.from_scores(np.ones((side, side), dtype=int))
    matching = rmatch.solve(instance, objectives=("pairs",))
    with pytest.raises(ValueError, match=r"too many to draw.*to_frame"):
        matching.plot()


# ------------------------------------------------------------------------------------ the dot plot


def test_pairs_stand_in_the_order_of_their_worse_served_side(east: rmatch.Matching) -> None:
    """The pair to look at first is the last."""
    chart = east.plot_pairs().to_dict()
    order = chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    worse = {f"{p.mentor} – {p.mentee}": min(p.mentor_score, p.mentee_score) for p in east.pairs}
    assert sorted(order) == sorted(worse)
    assert [worse[pair] for pair in order] == sorted(worse.values(), reverse=True)


def test_ranks_are_text_and_stated_ones_are_marked(east: rmatch.Matching) -> None:
    """A star for a choice, none for what follows from scores."""
    rows = {
        row["pair"]: row for row in records(east.plot_pairs().to_dict()) if "mentor_rank" in row
    }
    for pair in east.pairs:
        row = rows[f"{pair.mentor} – {pair.mentee}"]
        assert row["mentor_rank"] == f"{pair.mentor_rank}{' *' if pair.mentor_stated else ''}"
        assert row["mentee_rank"] == f"{pair.mentee_rank}{' *' if pair.mentee_stated else ''}"
    assert any(not row["mentee_rank"].endswith("*") for row in rows.values())


def test_without_scores_the_scale_is_of_ranks(ranked: rmatch.Matching) -> None:
    """The best on the right."""
    across = ranked.plot_pairs().to_dict()["layer"][0]["encoding"]["x"]
    assert across["title"] == "rank of the partner, 1 is best"
    low, high = across["scale"]["domain"]
    assert low > high


# -------------------------------------------------------------------------------------- all charts


@pytest.mark.parametrize("kind", KINDS)
def test_charts_are_for_the_coordinator_and_say_so(kind: str, east: rmatch.Matching) -> None:
    """On the picture itself, which is what is handed on."""
    assert "not to be handed on" in str(drawn(east, kind).to_dict()["title"]["subtitle"])


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_drawn_only_where_asked(kind: str, east: rmatch.Matching) -> None:
    """Ids are what a screen shared by mistake shows."""
    assert east.programme is not None
    names = [person.name for person in east.programme.people]
    plain = drawn(east, kind).to_json(ensure_ascii=False)
    named = drawn(east, kind, names=True).to_json(ensure_ascii=False)
    assert all(name and name not in plain for name in names)
    assert all(name and name in named for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_charts_can_be_changed_and_saved(kind: str, east: rmatch.Matching, tmp_path: Path) -> None:
    """As a drawing and as a picture."""
    chart = drawn(east, kind).properties(title="Mine")
    chart.save(tmp_path / "chart.svg")
    chart.save(tmp_path / "chart.png")
    text = (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert ">Mine<" in text
    assert ">M01" in text
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_notebook_a_chart_can_be_drawn_without_another_host(
    kind: str, east: rmatch.Matching
) -> None:
    """With altair's renderer of drawings; by itself it shows a page that fetches its scripts."""
    import altair as alt

    chart = drawn(east, kind)
    assert "//cdn." in chart._repr_mimebundle_()["text/html"]
    with alt.renderers.enable("svg"):
        shown = chart._repr_mimebundle_()
    assert list(shown) == ["image/svg+xml"]
    assert not re.search(r"<script|href=|url\((?!#)", shown["image/svg+xml"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_with_its_scripts_in_it_fetches_none(
    kind: str, east: rmatch.Matching, tmp_path: Path
) -> None:
    """As docs/notebook.md tells to save one, without the button that leads to the web."""
    chart = drawn(east, kind)
    chart.save(tmp_path / "chart.html", inline=True, embed_options={"actions": False})
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert '"actions": false' in page
    assert not re.search(r"<(?:script|link)[^>]*(?:src|href)=|//cdn\.", page)


def test_the_words_of_the_legend_have_room(east: rmatch.Matching) -> None:
    """Where letters are wider than those that the picture was measured with, none is cut off."""
    legends = [
        layer["encoding"][channel]["legend"]
        for layer, channel in zip(east.plot().to_dict()["layer"], ("color", "shape"), strict=True)
    ]
    assert all(legend["padding"] >= 8 for legend in legends)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("people", [{}, {"mentors": [{"id": "M1"}]}, {"mentees": [{"id": "S1"}]}])
def test_nobody_and_nobody_opposite_are_drawn_too(
    kind: str, people: dict[str, Any], tmp_path: Path
) -> None:
    """An empty chart, not an error."""
    drawn(rmatch.solve(rmatch.Programme(**people)), kind).save(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").stat().st_size


@pytest.mark.parametrize("kind", KINDS)
def test_no_id_and_no_name_ends_the_script_of_a_saved_page(kind: str, tmp_path: Path) -> None:
    """A page holds its chart in a script, which text could end."""
    programme = rmatch.Programme(
        mentors=[{"id": "M1", "name": NASTY}], mentees=[{"id": NASTY, "name": "Rex"}]
    )
    chart = drawn(rmatch.solve(programme), kind, names=True)
    chart.save(tmp_path / "chart.html")
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_character_that_xml_cannot_hold_does_not_end_the_program(
    kind: str, tmp_path: Path
) -> None:
    """What writes SVG aborts the whole process at one, so none gets there."""
    programme = rmatch.Programme(
        mentors=[{"id": "M\x001"}], mentees=[{"id": "S\ufffe1", "name": "\x1bRex"}]
    )
    matching = rmatch.solve(programme)
    shown = json.dumps(drawn(matching, kind, names=True).to_dict(), ensure_ascii=False)
    assert "M\ufffd1" in shown
    assert "S\ufffd1 \ufffdRex" in shown
    drawn(matching, kind, names=True).save(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").stat().st_size


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_altair_names_its_pip_command(
    kind: str, east: rmatch.Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else of a matching needs it."""
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(rmatch.MissingExtraError, match=r"pip install 'rmatch\[plot\]'"):
        drawn(east, kind)


# ------------------------------------------------------------------------------------- seriation


def test_groups_who_score_high_together_stand_together() -> None:
    """Three groups, shuffled, without any pair made."""
    group = np.array([2, 0, 1, 0, 2, 1, 0, 1, 2])
    rows, columns = diagonal_order(np.where(group[:, None] == group, 1.0, 0.1), [])
    for order in (rows, columns):
        met = group[order]
        assert np.count_nonzero(np.diff(met)) == 2
    assert group[rows].tolist() == group[columns].tolist()


@st.composite
def tables(draw: st.DrawFn) -> tuple[Any, Sequence[tuple[int, int]]]:
    """Any table of values, and pairs of it; a person may be in several."""
    n, m = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    flat = draw(st.lists(st.sampled_from([0.0, 0.2, 0.5, 1.0]), min_size=n * m, max_size=n * m))
    cells = [(i, j) for i in range(n) for j in range(m)]
    pairs = draw(st.lists(st.sampled_from(cells), unique=True, max_size=5)) if cells else []
    return np.array(flat).reshape(n, m), pairs


@given(tables())
def test_everybody_has_one_place(table: tuple[Any, Sequence[tuple[int, int]]]) -> None:
    """Whatever the values: also those who are allowed nobody, or have several partners."""
    values, pairs = table
    rows, columns = diagonal_order(values, pairs)
    assert sorted(rows) == list(range(values.shape[0]))
    assert sorted(columns) == list(range(values.shape[1]))
    place = ({row: k for k, row in enumerate(rows)}, {one: k for k, one in enumerate(columns)})
    singles = [
        (i, j)
        for i, j in pairs
        if sum(i == a for a, _ in pairs) == 1 and sum(j == b for _, b in pairs) == 1
    ]
    along = sorted((place[0][i], place[1][j]) for i, j in singles)
    assert [j for _, j in along] == sorted(j for _, j in along)
