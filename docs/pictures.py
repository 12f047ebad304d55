"""Make the pictures of the README and the docs again. Run by hand, after a page or a sheet changed.

::

    python docs/pictures.py

Needs a Chromium, LibreOffice (``soffice``) and ``pdftoppm`` on the path, and Playwright, Pillow and
the extra ``compare`` installed. All people in the pictures are invented: they are those of the
shipped examples. A picture has at most 64 colours and weighs less than 200 kB.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

import rmatch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FOLDER = Path(__file__).parent / "_static" / "pictures"
EAST, TRUSTS = "east-of-england", "two-trusts"
COLOURS = 64
HEAVIEST = 200_000
"""Bytes of the heaviest picture that is written."""

WIDE = {"width": 960, "height": 760}
PHONE = {"width": 360, "height": 720}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MARGIN = 16
"""Pixels of paper left around what is on a sheet."""


def main() -> None:
    """Every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time-limit", type=float, default=60, help="seconds for a report")
    limit = parser.parse_args().time_limit
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        east, trusts = (_matching(name) for name in (EAST, TRUSTS))
        _pages(work, east, trusts, limit)
        _sheets(work, east, trusts)
        east.plot().save(work / "plot.png", scale_factor=1)
        _keep(Image.open(work / "plot.png"), "score-heat-map")
        _side_by_side(work)


def _matching(example: str) -> rmatch.Matching:
    return rmatch.solve(rmatch.load(rmatch.examples.path(example)))


# ------------------------------------------------------------------------------------------ pages


def _pages(work: Path, east: rmatch.Matching, trusts: rmatch.Matching, limit: float) -> None:
    panel = east.to_html(work / "panel.html")
    mine = east.to_html(work / "mine.html", audience="coordinator", time_limit=limit)
    theirs = trusts.to_html(work / "trusts.html", audience="coordinator", time_limit=limit)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        _keep(_seen(_opened(browser, panel, WIDE)), "report-panel")
        _keep(_seen(_opened(browser, panel, PHONE, scheme="dark")), "report-phone-dark")
        page = _opened(browser, mine, WIDE)
        page.click("text=Why M01 with S04")
        _keep(_from(page, page.locator("#pairs"), 860), "report-coordinator")
        page.select_option("#mentor", label=_option(page, "#mentor", "M11"))
        page.select_option("#mentee", label=_option(page, "#mentee", "S02"))
        _keep(_from(page, page.locator("#why-not")), "report-why-not")
        page = _opened(browser, theirs, WIDE)
        _keep(_from(page, page.locator("#unmatched article").first), "report-without-a-partner")
        browser.close()


def _opened(browser: Browser, file: Path, size: dict[str, int], *, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(file.resolve().as_uri())
    return page


def _seen(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot()))


def _from(page: Page, part: Locator, height: int | None = None) -> Image.Image:
    """A part of a page, cut after so many pixels."""
    page.evaluate("document.activeElement.blur()")
    image = Image.open(io.BytesIO(part.screenshot()))
    return image.crop((0, 0, image.width, min(height or image.height, image.height)))


def _option(page: Page, chooser: str, person: str) -> str:
    """The whole text of the option that begins with somebody's id."""
    texts = page.locator(f"{chooser} option").all_text_contents()
    return next(text for text in texts if text.startswith(person))


# --------------------------------------------------------------------------------------- strategies


def _side_by_side(work: Path) -> None:
    """Three strategies, and mentors and mentees paired by hand as they stand in the lists."""
    cohort = rmatch.load(rmatch.examples.path(EAST))
    found = rmatch.compare(
        {EAST: cohort},
        ["stable", "deferred_acceptance", "greedy"],
        by_hand=[
            (one.id, other.id) for one, other in zip(cohort.mentors, cohort.mentees, strict=True)
        ],
    )
    found.plot().save(work / "strategies.png", scale_factor=1)
    _keep(Image.open(work / "strategies.png"), "strategies-side-by-side")


# ----------------------------------------------------------------------------------------- sheets


def _sheets(work: Path, east: rmatch.Matching, trusts: rmatch.Matching) -> None:
    """The first page of Pairs, and the score array on its only page."""
    pairs = _paper(work, east.to_excel(work / "east.xlsx", audience="coordinator"), 110)
    _keep(_cropped(pairs[0], 470), "workbook-pairs")
    array = _paper(work, trusts.to_excel(work / "trusts.xlsx", audience="coordinator"), 100)
    _keep(_cropped(array[-1], 540), "workbook-score-array")


def _paper(work: Path, workbook: Path, dots_per_inch: int) -> list[Image.Image]:
    """A workbook's pages as they are printed."""
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    _run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", work, workbook)
    pages = work / workbook.stem
    _run("pdftoppm", "-png", "-r", dots_per_inch, workbook.with_suffix(".pdf"), pages)
    return [Image.open(file) for file in sorted(work.glob(f"{workbook.stem}-*.png"))]


def _run(program: str, *arguments: object) -> None:
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is not on the path")
    subprocess.run([found, *map(str, arguments)], check=True, capture_output=True)  # noqa: S603 - fixed programs


def _cropped(page: Image.Image, height: int) -> Image.Image:
    """A page without its empty margins, cut after so many pixels."""
    page = page.convert("RGB")
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    if box is None:
        raise SystemExit("a page is empty")
    left, top = max(0, box[0] - MARGIN), max(0, box[1] - MARGIN)
    return page.crop((left, top, box[2] + MARGIN, min(top + height, box[3] + MARGIN)))


# ---------------------------------------------------------------------------------------- writing


def _keep(image: Image.Image, name: str) -> None:
    """Write a picture with few colours; fail where it is too heavy to be shown to a reader."""
    few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    file = FOLDER / f"{name}.png"
    few.save(file, optimize=True)
    size = file.stat().st_size
    # Run by hand, it tells what it wrote.
    print(f"{file.name:<32} {image.width:>5} × {image.height:<5} {size // 1000:>4} kB")  # noqa: T201
    if size >= HEAVIEST:
        raise SystemExit(f"{file.name} is too heavy")


if __name__ == "__main__":
    main()
