"""The documentation site: built strictly, once, and then read as a browser would."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from filelock import FileLock

import rmatch
from rmatch import errors, testing

for package in (
    *("sphinx", "myst_nb", "furo", "sphinx_copybutton", "ipykernel"),
    *("altair", "vl_convert", "pandas", "openpyxl", "jinja2"),  # for what the notebooks show
):
    pytest.importorskip(package)

typer_main = pytest.importorskip("typer.main")
jsonschema = pytest.importorskip("jsonschema")

pytestmark = pytest.mark.early

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
SOURCES = sorted([*DOCS.rglob("*.md"), *NOTEBOOKS])


# ------------------------------------------------------------------------------------------- build


@dataclass(frozen=True)
class Site:
    """What a build came to."""

    folder: Path
    code: int
    log: str

    @property
    def pages(self) -> dict[Path, Page]:
        """Every page, read."""
        return {path: Page.read(path) for path in sorted(self.folder.rglob("*.html"))}


@dataclass
class Page(HTMLParser):
    """A page's anchors and links, what a browser fetches for it, its pictures, scripts, text."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, path: Path) -> Page:
        """The page in a file."""
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag is called, where it leads and what it fetches."""
        values = {name: value for name, value in attrs if value}
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and "href" in values:
            self.fetched.append(values["href"])
        if tag == "img":
            self.pictures.append((values["src"], values.get("alt", "")))
        self.fetched += [
            values[name] for name in ("src", "srcset", "data", "poster") if name in values
        ]

    def handle_data(self, data: str) -> None:
        """Note the text, and what is a script."""
        self.words.append(data)
        if self.cdata_elem == "script":
            self.scripts.append(data)

    @property
    def text(self) -> str:
        """The text."""
        return "".join(self.words)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, built once however many processes run the tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    told = shared / "site.json"
    with FileLock(shared / "site.lock"):
        if not told.exists():
            told.write_text(json.dumps(_build(shared)), encoding="utf-8")
    code, log = json.loads(told.read_text(encoding="utf-8"))
    return Site(shared / "site", code, log)


def _build(shared: Path) -> tuple[int, str]:
    """Run Sphinx as ``make docs`` does; its exit code and everything it said."""
    options = ("--fail-on-warning", "--keep-going", "--quiet")
    places = ("-d", shared / "doctrees", DOCS, shared / "site")
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(rmatch.__file__).parent.parent),
        "IPYTHONDIR": str(shared / "ipython"),
        "JUPYTER_CONFIG_DIR": str(shared / "jupyter"),
    }
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, *places],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_the_strict_build_has_nothing_to_warn_of(site: Site) -> None:
    """No broken reference, no page outside the contents, no notebook that fails."""
    assert site.code == 0, site.log


# ------------------------------------------------------------------------------------------- links


def test_every_link_leads_somewhere(site: Site) -> None:
    """Within the site, a link's page is there, and so is the heading or name it points to."""
    pages = site.pages
    assert len(pages) > len(SOURCES)
    broken = [
        f"{path.relative_to(site.folder)}: {link}"
        for path, page in pages.items()
        for link in page.links
        if not re.match(r"[a-z]+:", link) and not _leads_somewhere(link, path, pages)
    ]
    assert not broken


def _leads_somewhere(link: str, path: Path, pages: dict[Path, Page]) -> bool:
    name, _, anchor = unquote(link).partition("#")
    target = (path.parent / name).resolve() if name else path
    if target not in pages:
        return target.is_file()
    return not anchor or anchor in pages[target].ids


def test_every_page_is_reached_from_the_first(site: Site) -> None:
    """The contents at the side of the first page list every page that was written."""
    listed = set(Page.read(site.folder / "index.html").links)
    missing = [
        page
        for source in SOURCES
        if (page := source.relative_to(DOCS).with_suffix(".html").as_posix()) not in listed
        and page != "index.html"
    ]
    assert not missing


def test_a_browser_asks_no_other_host(site: Site) -> None:
    """Scripts, styles, fonts and pictures all come with the site."""
    fetched = [
        *(address for page in site.pages.values() for address in page.fetched),
        *(
            address
            for sheet in site.folder.rglob("*.css")
            for address in re.findall(
                r"(?:url\(|@import)\s*[\"']?([^\"')\s;]+)", sheet.read_text(encoding="utf-8")
            )
        ),
    ]
    assert fetched
    assert not [address for address in fetched if re.match(r"(?:(?!data:)[a-z]+:)?//", address)]


def test_no_script_of_a_page_and_no_picture_names_another_host(site: Site) -> None:
    """A chart is a picture: what altair shows by default has a script fetch its scripts."""
    scripts = [script for page in site.pages.values() for script in page.scripts]
    assert scripts
    assert not [script for script in scripts if re.search(r"(?:https?:)?//[\w-]+\.\w", script)]
    drawn = [path.read_text(encoding="utf-8") for path in site.folder.rglob("*.svg")]
    assert drawn
    for picture in drawn:
        assert not re.search(r"(?:href=[\"']|url\()\s*[\"']?(?:https?:)?//|<script", picture)


# --------------------------------------------------------------------------------------- reference


def names_in(site: Site) -> set[str]:
    """Everything that the reference defines, by its full name."""
    packed = (site.folder / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = zlib.decompress(packed).decode("utf-8").splitlines()
    return {line.split()[0] for line in lines if line.split()[1].startswith("py:")}


def test_every_public_name_is_in_the_reference(site: Site) -> None:
    """What can be imported from rmatch, its errors and its testing room has an entry."""
    wanted = {
        *(f"rmatch.{name}" for name in rmatch.__all__),
        *(f"rmatch.errors.{name}" for name in errors.__all__),
        *(f"rmatch.testing.{name}" for name in testing.__all__),
    }
    assert not wanted - names_in(site)


def test_every_method_of_a_matching_is_in_the_reference(site: Site) -> None:
    """Whoever holds a matching finds what to ask it."""
    public = {f"rmatch.Matching.{name}" for name in dir(rmatch.Matching) if name[0] != "_"}
    fields = {f"rmatch.Matching.{name}" for name in rmatch.Matching.__dataclass_fields__}
    assert len(public) > 30
    assert not public - fields - names_in(site)


def test_every_field_of_people_and_settings_is_in_the_reference(site: Site) -> None:
    """The tables of fields leave none out."""
    for record, page in ((rmatch.Participant, "programme"), (rmatch.Settings, "settings")):
        words = Page.read(site.folder / "reference" / f"{page}.html").words
        assert not set(record.model_fields) - set(words)


def test_every_command_and_option_is_in_the_reference(site: Site) -> None:
    """The page of the command line is made from the commands."""
    from rmatch.cli.app import app

    page = Page.read(site.folder / "reference" / "commands.html")
    text = page.text
    for name, command in typer_main.get_command(app).commands.items():
        assert f"rmatch-{name}" in page.ids
        section = text.split(f"rmatch {name} [OPTIONS]")[1].split("[OPTIONS]")[0]
        for param in command.params:
            if param.param_type_name == "option" and param.name != "help":
                assert param.opts[0] in section, f"{name} {param.opts[0]}"


# ----------------------------------------------------------------------------------------- schemas


def schema_of(site: Site, name: str) -> Any:
    """A checker of documents from a schema of the site."""
    schema = json.loads((site.folder / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    return checker(schema)


@pytest.fixture(scope="module", params=rmatch.examples.names())
def programme(request: pytest.FixtureRequest) -> rmatch.Programme:
    """An example cohort with a statement of every kind of shape."""
    programme = rmatch.load(rmatch.examples.path(request.param))
    quotas = {"some": "at least 1 mentees with grade consultant, price 1"}
    settings = programme.settings.replace(quotas=quotas, must_not_pair=[("M01", "S01")])
    return programme.replace(settings=settings)


def test_the_input_schema_takes_what_a_programme_writes(
    site: Site, programme: rmatch.Programme
) -> None:
    """And nothing with a person without an id, or a field that there is not."""
    schema = schema_of(site, "programme")
    document = json.loads(programme.model_dump_json())
    schema.validate(document)
    assert rmatch.Programme.model_validate(document) == programme
    document["mentors"][0] |= {"star_sign": "leo"}
    document["mentors"][1].pop("id")
    assert len(list(schema.iter_errors(document))) == 2


def test_the_output_schema_has_everything_that_is_printed(
    site: Site, programme: rmatch.Programme, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """``rmatch solve --json`` prints what its schema says, nothing missing and nothing more."""
    schema = schema_of(site, "solve")
    cohort = tmp_path / "cohort.json"
    cohort.write_text(programme.model_dump_json(), encoding="utf-8")
    for names in ([], ["--names", "--force"]):
        document = printed(["solve", str(cohort), "--json", *names], capfd)
        schema.validate(document)
        assert ("names" in document) == bool(names)
        for key in set(document) - {"names"}:
            assert list(schema.iter_errors({k: v for k, v in document.items() if k != key}))
        assert list(schema.iter_errors({**document, "more": 1}))
        document["pairs"][0]["more"] = 1
        assert list(schema.iter_errors(document))


def printed(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> Any:
    """What the command line prints as JSON."""
    from rmatch.cli.app import app

    with pytest.raises(SystemExit) as ended:
        app(arguments)
    assert ended.value.code == 0
    return json.loads(capfd.readouterr().out)


def test_the_record_schema_takes_what_is_saved(
    site: Site, programme: rmatch.Programme, tmp_path: Path
) -> None:
    """``run.json`` is as its schema says, and a record without its pairs is not."""
    schema = schema_of(site, "run")
    folder = rmatch.solve(programme, strategy="best_score").save(tmp_path / "run")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    schema.validate(record)
    record.pop("pairs")
    assert list(schema.iter_errors(record))


# --------------------------------------------------------------------------------------- notebooks


def cells_of(path: Path) -> Iterator[dict[str, Any]]:
    """The code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return (cell for cell in cells if cell["cell_type"] == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_it_showed(path: Path) -> None:
    """Outputs are made when the site is built, never saved."""
    for cell in cells_of(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_was_run_for_the_site(path: Path, site: Site) -> None:
    """Its page shows what its cells gave, and nobody's name."""
    built = (site.folder / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
    assert built.count("cell_output") >= len(list(cells_of(path))) / 2
    for example in rmatch.examples.names():
        for person in rmatch.load(rmatch.examples.path(example)).people:
            assert person.name not in built


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chart_of_a_notebook_is_told_in_words_too(path: Path, site: Site) -> None:
    """Every picture that a cell gave has an alternative text that says what is to be seen."""
    pictures = Page.read(site.folder / "notebooks" / f"{path.stem}.html").pictures
    assert pictures
    assert [source for source, words in pictures if len(words.split()) < 10] == []


def test_there_are_the_three_notebooks() -> None:
    """The tests above are not passed by finding nothing."""
    assert {path.stem for path in NOTEBOOKS} == {"compare", "first_cohort", "rematch"}
