"""Whatever the documentation shows runs, and whatever it points at is there."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch import examples

ROOT = Path(__file__).parent.parent
PACKAGE = Path(rmatch.__file__).parent
PAGES = [
    page
    for page in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
    )
    if page.exists()
]


def page_id(page: Path) -> str:
    """How a test calls a page; two folders may have one of the same name."""
    return page.relative_to(ROOT).as_posix()


RUN = [page for page in PAGES if page.name not in ("CONTRIBUTING.md", "CHANGELOG.md")]

MODULES = [
    ".".join(("rmatch", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
]


# -------------------------------------------------------------------------------------- docstrings


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str) -> None:
    """Every ``>>>`` of a docstring gives what it says."""
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_docstring_examples() -> None:
    """The test above is not passed by finding nothing."""
    finder = doctest.DocTestFinder()
    found = [
        example
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
        for example in test.examples
    ]
    assert len(found) >= 3


def test_every_module_says_what_it_is_for() -> None:
    """A newcomer finds the room from its first line."""
    for name in MODULES:
        assert importlib.import_module(name).__doc__, name


# ------------------------------------------------------------------------------------------- pages

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<code>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)[^)]*\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    info: str
    code: str
    line: int

    @property
    def is_python(self) -> bool:
        """Whether it is marked as Python."""
        return self.info.split()[:1] == ["python"]

    @property
    def is_run(self) -> bool:
        """Whether it is run here."""
        return self.is_python and "no-run" not in self.info.split()


def blocks_of(page: Path) -> list[Block]:
    """Every fenced block, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["info"].strip(), found["code"], text.count("\n", 0, found.start()) + 2)
        for found in FENCE.finditer(text)
    ]


def run_block(block: Block, page: Path, space: dict[str, Any]) -> None:
    """Run one block; a block of ``>>>`` lines is compared with what it shows."""
    if block.code.lstrip().startswith(">>>"):
        test = doctest.DocTestParser().get_doctest(
            block.code, space, page.name, str(page), block.line - 1
        )
        report = io.StringIO()
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        assert runner.run(test, out=report.write, clear_globs=False).failed == 0, report.getvalue()
        space.update(test.globs)
        return
    code = compile("\n" * (block.line - 1) + block.code, str(page), "exec")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, space)  # noqa: S102 - running the documentation is the point


@pytest.mark.parametrize("page", RUN, ids=page_id)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's blocks run one after another, where ``cohort.xlsx`` and ``cohort/`` are at hand."""
    shutil.copy(examples.path("east-of-england", workbook=True), tmp_path / "cohort.xlsx")
    shutil.copytree(examples.path("east-of-england"), tmp_path / "cohort")
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {"__name__": page.stem}
    for block in blocks_of(page):
        if block.is_run:
            run_block(block, page, space)


def test_the_readme_shows_python_that_runs() -> None:
    """The test above is not passed by finding nothing."""
    assert any(block.is_run for block in blocks_of(ROOT / "README.md"))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_block_that_does_not_run_says_why(page: Path) -> None:
    """A block marked ``no-run`` starts with a comment that gives the reason."""
    for block in blocks_of(page):
        if block.is_python and not block.is_run:
            assert re.match(r"# .{10,}", block.code), f"{page.name}:{block.line}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file of the repository, and a heading of it where it says so."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for found in LINK.finditer(text):
        target = found["target"].strip("<>")
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors_of(file), f"{page.name} links to {target}"


def anchors_of(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")
        for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_a_file_that_is_named_is_there(page: Path) -> None:
    """Files of the repository that a page names in code marks exist."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for name in re.findall(r"`((?:src|tests|docs|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_no_page_holds_what_a_merge_left(page: Path) -> None:
    """Two versions of a paragraph are one too many."""
    lines = page.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if re.match(r"<{7} |={7}$|>{7} ", line)]


@pytest.mark.parametrize(
    ("golden", "quote"),
    [("golden/letter_east-of-england_S04.txt", "> "), ("cli/golden/explain_why_not.txt", "")],
)
def test_the_readme_shows_what_is_really_written(golden: str, quote: str) -> None:
    """The letter and the why-not of the README are those that the golden files hold."""
    lines = (ROOT / "tests" / golden).read_text(encoding="utf-8").strip().splitlines()
    shown = "\n".join(f"{quote}{line}".rstrip() for line in lines)
    assert shown in (ROOT / "README.md").read_text(encoding="utf-8")
