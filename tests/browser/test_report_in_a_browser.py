"""The report in a real browser: it works by keyboard, prints, is accessible, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rmatch
from rmatch import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

AUDIENCES = ("panel", "coordinator", "auditor")
PHONE = {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page for each audience, of the cohort in which two have no partner."""
    folder = tmp_path_factory.mktemp("pages")
    matching = rmatch.solve(examples.path("two-trusts"))
    return {
        audience: matching.to_html(folder / f"{audience}.html", audience, time_limit=1)
        for audience in AUDIENCES
    }


@contextmanager
def opened(browser: Browser, path: Path, **context: Any) -> Iterator[Tab]:
    """The page, opened from its file; at the end nothing was complained of and nothing asked."""
    complaints: list[str] = []
    asked: list[str] = []
    within = browser.new_context(**context)
    tab = within.new_page()
    tab.set_default_timeout(20_000)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    within.route("http://**/*", lambda route: route.abort())
    within.route("https://**/*", lambda route: route.abort())
    tab.goto(path.as_uri())
    try:
        yield tab
        assert complaints == []
        assert asked == [path.as_uri()]
    finally:
        within.close()


def mentors(tab: Tab) -> list[str]:
    """The mentors of the rows that are shown, from the top."""
    return tab.locator(".pairs > tbody:not([hidden]) > tr:first-child .id").all_inner_texts()[::2]


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round(
    browser: Browser, pages: dict[str, Path]
) -> None:
    """Numbers as numbers; drawers stay with their pairs; the state is told to screen readers."""
    with opened(browser, pages["coordinator"]) as tab:
        before = mentors(tab)
        head = tab.get_by_role("columnheader", name="Score")
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        scores = [float(text) for text in tab.locator(".pairs .big").all_inner_texts()]
        assert scores == sorted(scores)
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert (
            tab.locator(".pairs summary")
            .first.inner_text()
            .startswith(f"Why {mentors(tab)[0]} with")
        )
        tab.get_by_role("columnheader", name="Mentor").get_by_role("button").click()
        assert mentors(tab) == before
        assert head.get_attribute("aria-sort") == "none"


def test_typing_filters_the_pairs_and_counts_them(browser: Browser, pages: dict[str, Path]) -> None:
    """Every word must be there; nothing found is said."""
    with opened(browser, pages["panel"]) as tab:
        find = tab.get_by_label("Show pairs with")
        find.fill("m01 s06")
        assert mentors(tab) == ["M01"]
        assert tab.locator("#count").inner_text() == "1 of 38 pairs"
        find.fill("nobody at all")
        assert mentors(tab) == []
        assert tab.get_by_text("No pair has that.").is_visible()
        find.fill("")
        assert len(mentors(tab)) == 38


def test_a_drawer_opens_by_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    """And all of them by one button."""
    with opened(browser, pages["panel"]) as tab:
        drawer = tab.locator(".pairs details").first
        drawer.locator("summary").focus()
        tab.keyboard.press("Enter")
        assert drawer.get_by_text("What speaks for it").is_visible()
        tab.get_by_role("button", name="Open every drawer").click()
        assert tab.locator(".pairs details:not([open])").count() == 0


def test_two_people_are_chosen_and_the_reason_is_told(
    browser: Browser, pages: dict[str, Path]
) -> None:
    """By typing until one is left; in a live region."""
    with opened(browser, pages["coordinator"]) as tab:
        tab.get_by_label("Find a mentor").fill("M01")
        tab.get_by_label("Mentee", exact=True).select_option(index=0)
        answer = tab.locator("#answer")
        assert answer.get_attribute("aria-live") == "polite"
        assert answer.inner_text().startswith("M01 and S01 may not be paired: ")
        tab.get_by_label("Find a mentee").fill("s06")
        assert answer.inner_text().split("\n")[0] == "M01 and S06 are matched with each other."


def test_it_reads_without_javascript(browser: Browser, pages: dict[str, Path]) -> None:
    """Drawers open by themselves; the explorer says what to do instead."""
    with opened(browser, pages["coordinator"], java_script_enabled=False) as tab:
        tab.locator(".pairs summary").first.click()
        assert tab.get_by_text("What speaks for it").first.is_visible()
        assert tab.locator("noscript p").is_visible()
        assert not tab.locator("#filter").is_visible()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_prints_on_a4(audience: str, browser: Browser, pages: dict[str, Path]) -> None:
    """As a PDF of some pages."""
    with opened(browser, pages[audience]) as tab:
        document = tab.pdf(prefer_css_page_size=True)
        assert document.startswith(b"%PDF")
        assert b"/MediaBox [0 0 594.95" in document or b"/MediaBox [0 0 595" in document


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_phone_shows_it_without_moving_sideways(
    audience: str, browser: Browser, pages: dict[str, Path]
) -> None:
    """At 360 pixels, drawers open or not."""
    with opened(browser, pages[audience], viewport=PHONE) as tab:
        tab.locator("#open-all").click()
        assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("audience", ["panel", "coordinator"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(
    audience: str, scheme: str, browser: Browser, pages: dict[str, Path]
) -> None:
    """WCAG 2.2 AA and its best practices, drawers open; axe is let past the page's own policy."""
    axe = pytest.importorskip("axe_playwright_python")
    script = next(Path(axe.__file__).parent.glob("axe*.js")).read_text("utf-8")
    with opened(browser, pages[audience], color_scheme=scheme, bypass_csp=True) as tab:
        tab.locator(".pairs details").first.evaluate("drawer => { drawer.open = true; }")
        tab.add_script_tag(content=script)
        found = tab.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
        assert len(found["passes"]) > 20
