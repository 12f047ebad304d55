"""Notebook cards: well-formed, escaped, without script, and no more told than a terminal tells."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest

import rmatch
from rmatch import examples, markup
from rmatch.errors import Place, Problem, Relaxation

NASTY = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
VOID = frozenset(("br", "hr", "img", "meta"))
# What JupyterLab keeps of a notebook that is not trusted, and the style that it takes away.
KEPT = frozenset(
    (
        *("div", "p", "strong", "ul", "li", "details", "summary"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td", "style"),
    )
)


class Page(HTMLParser):
    """Whether every tag is closed in its turn, and which there are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.scopes: list[str | None] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words += data


def people(side: str, *ids: str, **fields: Any) -> list[dict[str, Any]]:
    """People of one side, with names that must not be seen."""
    return [{"id": one, "name": f"{NASTY} {side} Umber", **fields} for one in ids]


@pytest.fixture(scope="module")
def nasty() -> rmatch.Matching:
    """Ids, names and a coordinator like a script; a veto and a conflict that nobody may see."""
    mentors = people("mentor", NASTY, "M2", "M3")
    mentors[1]["vetoes"] = ["S2"]
    mentors[0]["choices"] = [["S1"], ["S2"]]
    programme = rmatch.Programme(
        mentors=mentors,
        mentees=people("mentee", "S1", "S2"),
        conflicts=[{"mentor": "M3", "mentee": "S1", "rule": "family"}],
        settings=rmatch.Settings(coordinators=("Zelda Quill",), must_pair=[(NASTY, "S1")]),
        notices=[Problem(f"notices {NASTY}", Place(sheet=NASTY, row=2), value="Rex Secret")],
    )
    return rmatch.solve(programme)


@pytest.fixture(scope="module")
def shown(nasty: rmatch.Matching) -> Mapping[str, Any]:
    """Everything that a notebook shows, by name."""
    found: dict[str, Any] = {
        "matching": nasty,
        "programme": nasty.programme,
        "scores": nasty.scores,
        "why": nasty.why(NASTY, "S1"),
        "why not": nasty.why_not("M2", "S2"),
        "why not this": nasty.why_not(NASTY, "S2"),
        "alternatives": nasty.alternatives(NASTY),
        "forcing": nasty.forcing_cost(),
        "proofs": nasty.certificate,
        "robustness": nasty.robustness(changes=(10,), draws=2),
        "audit": nasty.verify(),
        "scenarios": nasty.scenarios(
            {NASTY: {}, "both": {"keep": [(NASTY, "S2")], "capacity": {NASTY: 1}}}
        ),
        "diff": nasty.what_if(capacity={NASTY: 2}).diff(nasty),
        "trade-off": nasty.trade_off(),
        "comparison": rmatch.compare(
            {NASTY: nasty.programme}, {NASTY: "stable", "greedy": "greedy"}, by_hand=[("M2", "S2")]
        ),
        "equity": nasty.equity(
            [{"id": one.id, NASTY: NASTY} for one in people_of(nasty)], minimum=3
        ),
        "input error": rmatch.InputError(
            [
                Problem(f"is {NASTY}", Place(NASTY, NASTY, 2, NASTY, NASTY), "Rex Secret"),
                Problem("is wrong", value="Rex Secret", shown=True, suggestions=(NASTY,)),
                Problem("is no one", suggestions=("Rex Secret",), hidden_suggestions=True),
            ]
        ),
        "infeasible": rmatch.InfeasibleError(
            [f"must_pair {NASTY} S1", "quota a"],
            Relaxation("quota a", "minimum", 2, 1),
            {"quota a": NASTY},
        ),
    }
    audiences = ("coordinator", "panel", "participant", "auditor")
    for person in (NASTY, "M3"):
        for audience in audiences:
            found[f"{audience} of {person}"] = nasty.explain(person, audience)
    return found


def people_of(matching: rmatch.Matching) -> list[rmatch.Participant]:
    """Everyone of the programme."""
    assert matching.programme is not None
    return list(matching.programme.people)


SHOWN = (
    *("matching", "programme", "scores", "why", "why not", "why not this", "alternatives"),
    *("forcing", "proofs", "robustness", "audit", "scenarios", "diff", "trade-off", "equity"),
    *("comparison", "input error", "infeasible"),
    *(
        f"{audience} of {person}"
        for person in (NASTY, "M3")
        for audience in ("coordinator", "panel", "participant", "auditor")
    ),
)


def test_the_list_of_what_is_shown_is_whole(shown: Mapping[str, Any]) -> None:
    """What is parametrised below is all there is."""
    assert set(SHOWN) == set(shown)


@pytest.mark.parametrize("name", SHOWN)
def test_a_card_is_well_formed_and_keeps_to_plain_tags(name: str, shown: Mapping[str, Any]) -> None:
    """Every tag is closed, none would be refused, and every heading of a table has a scope."""
    page = Page(shown[name]._repr_html_())
    assert page.open == []
    assert set(page.tags) <= KEPT
    assert page.attributes <= {"class", "scope"}
    assert set(page.scopes) <= {"col", "row"}
    assert page.tags.count("caption") == page.tags.count("table")
    assert page.tags.count("style") == 1


@pytest.mark.parametrize("name", SHOWN)
def test_a_card_escapes_what_is_told_and_shows_no_name(name: str, shown: Mapping[str, Any]) -> None:
    """Ids and labels are text; names, values that were read, vetoes and conflicts are absent."""
    text = shown[name]._repr_html_().replace(markup.STYLE, "")
    assert "<script" not in text.lower()
    for secret in ("Umber", "Zelda", "Quill", "Rex Secret", "veto", "family"):
        assert secret not in text


@pytest.mark.parametrize("name", SHOWN)
def test_there_is_a_text_for_a_terminal_too(name: str, shown: Mapping[str, Any]) -> None:
    """Words, not the name of a class and an address."""
    text = str(shown[name])
    assert text.strip()
    assert " object at 0x" not in text


def test_an_id_like_a_script_is_seen_as_it_is(shown: Mapping[str, Any]) -> None:
    """Escaped, not left out: otherwise the test above would be passed by showing nothing."""
    for name in ("matching", "programme", "why", "alternatives", "input error", "infeasible"):
        assert ESCAPED in shown[name]._repr_html_(), name


def test_names_are_shown_where_they_are_asked_for(nasty: rmatch.Matching) -> None:
    """And are escaped there."""
    page = nasty.what_if(capacity={"S1": 2}).diff(nasty, names=True)._repr_html_()
    assert f"{ESCAPED} mentor Umber" in page
    assert "<script" not in page


def test_a_confidential_rule_is_named_only_where_it_is_revealed(nasty: rmatch.Matching) -> None:
    """As in a terminal."""
    assert "confidential" in nasty.explain("M3")._repr_html_()
    assert "family" in nasty.explain("M3", reveal=True)._repr_html_()


def test_a_card_says_what_the_terminal_says(nasty: rmatch.Matching) -> None:
    """Every sentence and every cell of an explanation is on the card."""
    told = nasty.explain("M3")
    words = " ".join(Page(told._repr_html_()).words.split())
    lines = [line.strip().removeprefix("- ") for line in str(told).splitlines()]
    parts = [part for line in lines for part in re.split(r" {2,}", line) if part]
    assert len(parts) > 30
    assert [part for part in parts if part not in words] == []


def test_a_matching_of_no_people_has_a_card() -> None:
    """Made from an instance, or of an empty programme."""
    instance = rmatch.Instance.from_rankings(
        mentors=[[[0], [1]], [[0]]], mentees=[[[1], [0]], [[0]]]
    )
    for matching in (rmatch.solve(instance), rmatch.solve(rmatch.Programme())):
        assert Page(matching._repr_html_()).open == []


def test_thousands_of_rows_are_cut_short_and_counted() -> None:
    """A notebook is no place for them; the card says where all are."""
    rows = [(str(k),) for k in range(markup.MOST_ROWS + 5)]
    page = markup.table("Numbers", ("n",), rows, more="to_frame() has all.")
    assert page.count("<tr>") == markup.MOST_ROWS + 1
    assert "5 rows more. to_frame() has all." in page
    assert "rows more" not in markup.table("Numbers", ("n",), rows[5:])


def test_plain_text_becomes_paragraphs_and_lists() -> None:
    """By how far a line stands in."""
    page = markup.prose("One <b>.\nTwo:\n  - a\n    b\n  c\n\nThree.")
    assert page == ("<p>One &lt;b&gt;.</p><p>Two:</p><ul><li>a b</li><li>c</li></ul><p>Three.</p>")
    assert markup.prose("  only an item") == "<ul><li>only an item</li></ul>"
    assert markup.prose("") == ""
    assert markup.items([]) == ""


# ------------------------------------------------------------------------------------ in a terminal


def test_a_programme_tells_its_counts_settings_and_notices() -> None:
    """By number and by name of the setting; who coordinates is a number."""
    text = str(rmatch.load(examples.path("two-trusts")))
    assert text.splitlines() == [
        "Programme(40 mentors, 27 mentees, 18 conflicts, 22 earlier pairs)",
        "",
        "                mentors  mentees",
        "  people             40       27",
        "  places             40       38",
        "  with choices       28       16",
        "  carried over        4        1",
        "",
        "Settings:",
        "  starts        2027-02-01",
        "  ends          2027-07-30",
        "  rules         same_programme_region: off",
        "  seed          7",
        "  coordinators  1 person",
    ]


def test_a_programme_as_it_comes_says_so(nasty: rmatch.Matching) -> None:
    """No table of settings that nobody changed; notices where there are any."""
    assert "All settings have their default values." in str(rmatch.Programme())
    assert "Noticed while reading:" in str(nasty.programme)
    assert "Rex Secret" not in str(nasty.programme)


def test_long_settings_are_counted() -> None:
    """Seven pairs that must not be made are no line to read."""
    ids = [f"S{k}" for k in range(7)]
    settings = rmatch.Settings(must_not_pair=[("M1", one) for one in ids])
    programme = rmatch.Programme(
        mentors=[{"id": "M1"}], mentees=[{"id": one} for one in ids], settings=settings
    )
    assert "must_not_pair  7 entries" in str(programme)


# ------------------------------------------------------------------------------------------- errors

ERRORS: tuple[rmatch.RmatchError, ...] = (
    rmatch.InputError([Problem("is wrong", Place(sheet="Mentors", row=2), "Rex Secret")]),
    rmatch.InfeasibleError(["must_pair M1 S1"]),
    rmatch.MissingExtraError("altair", "plot", "drawing"),
    rmatch.RunFolderError("there is no folder run"),
    rmatch.DecisionError("cannot be approved"),
    rmatch.TimeLimitError("the time was up"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_notebook_shows_the_message_and_how_to_see_the_frames(error: rmatch.RmatchError) -> None:
    """What was read stays out of it, as it stays out of the message."""
    lines = error._render_traceback_()
    assert lines[0] == f"{type(error).__name__}: {error}"
    assert "traceback.print_last()" in lines[-1]
    assert "Rex Secret" not in "\n".join(lines)


def test_ipython_shows_no_frames_and_keeps_them() -> None:
    """A cell that fails shows the message; the hint it gives shows where."""
    pytest.importorskip(
        "IPython", reason="IPython is not installed: pip install 'rmatch[notebook]'"
    )
    code = """
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell(colors="nocolor")
        shell.run_cell("import rmatch; rmatch.load('nowhere.xlsx')")
        print("AFTERWARDS", flush=True)
        shell.run_cell("import traceback, sys; traceback.print_last(file=sys.stdout)")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    first, second = done.stdout.split("AFTERWARDS")
    assert "InputError: 1 problem in the input" in first
    assert "Traceback" not in first
    assert "site-packages" not in first
    assert "Traceback (most recent call last)" in second
    assert "in load" in second


# ------------------------------------------------------------------------------------ in a browser

JUPYTERLAB_DARK = """
:root {--jp-content-font-color1: rgb(255, 255, 255); --jp-layout-color0: rgb(17, 17, 17)}
.out td, .out th {text-align: right} .out tbody tr:nth-child(odd) {background: rgb(255, 0, 0)}
"""
"""JupyterLab's theme is not the browser's, and it has rules of its own for tables."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, where there is one."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield opened
        opened.close()


def opened(browser: Any, cards: Iterable[str], scheme: str, style: str = "") -> Any:
    """A page that shows the cards."""
    page = browser.new_context(color_scheme=scheme).new_page()
    page.set_content(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title>'
        f'<style>{style}</style><main class="out"><h1>Cards</h1>{"".join(cards)}</main>'
    )
    return page


def looks(page: Any, selector: str, name: str) -> str:
    """A computed property of the first such element."""
    found: str = page.eval_on_selector(selector, f"one => getComputedStyle(one).{name}")
    return found


@pytest.mark.parametrize(
    ("scheme", "style", "ink", "ground"),
    [
        ("light", "", "rgb(31, 31, 31)", "rgb(255, 255, 255)"),
        ("dark", "", "rgb(228, 228, 228)", "rgb(24, 24, 24)"),
        ("light", JUPYTERLAB_DARK, "rgb(255, 255, 255)", "rgb(17, 17, 17)"),
    ],
)
def test_a_card_follows_its_theme(
    *, scheme: str, style: str, ink: str, ground: str, browser: Any, nasty: rmatch.Matching
) -> None:
    """The notebook's where it has one, else the browser's; its tables stay as they are meant."""
    page = opened(browser, [nasty._repr_html_()], scheme, style)
    assert looks(page, ".rmatch-card", "color") == ink
    assert looks(page, ".rmatch-card td", "color") == ink
    assert looks(page, ".rmatch-card", "backgroundColor") == ground
    assert looks(page, ".rmatch-card tbody tr", "backgroundColor") == "rgba(0, 0, 0, 0)"
    assert looks(page, ".rmatch-card tbody td", "textAlign") == "left"
    assert looks(page, ".rmatch-card tbody .rmatch-number", "textAlign") == "right"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cards_can_be_read_by_everybody(
    scheme: str, browser: Any, shown: Mapping[str, Any]
) -> None:
    """Axe finds nothing: contrast, headings of tables, lists."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(browser, [one._repr_html_() for one in shown.values()], scheme)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
