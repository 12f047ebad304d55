"""``rmatch compare``: strategies side by side, and the pairs made by hand beside them."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import typer

import rmatch
from rmatch.atomic import write_atomic
from rmatch.cli.cohort import Cohort, tell_notices
from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.interrupt import run_stoppable
from rmatch.cli.options import AsJson, CohortPath, Force
from rmatch.cli.output import note, page_width, say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing
from rmatch.cli.progress import Latest
from rmatch.comparing.comparison import Comparison
from rmatch.comparing.frames import summary_record
from rmatch.comparing.picture import ENDINGS, picture_bytes
from rmatch.comparing.records import Metric, Run
from rmatch.comparing.samples import seen
from rmatch.comparing.statistics import FEWEST, open_stats
from rmatch.errors import MissingExtraError
from rmatch.explaining.weight_records import Step
from rmatch.generating import PRESETS, cohorts
from rmatch.solving import strategy_names

PICTURE = Path("comparison.svg")
"""Where the picture goes unless said otherwise."""


@dataclass(frozen=True, slots=True)
class _Files:
    """What is to be written.

    Attributes:
        picture: Where to; its ending says what it is.
        is_asked_for: Whether the picture was named: then it is an error that it cannot be drawn.
        table: Where the table of all runs goes.
        force: Whether what is there may be replaced.
    """

    picture: Path
    is_asked_for: bool
    table: Path | None
    force: bool

    def __post_init__(self) -> None:
        """Refuse an ending that nothing can be written as."""
        if self.picture.suffix.lower() not in ENDINGS:
            refuse_call(f"--picture {self.picture} must end in {', '.join(ENDINGS)}.")

    def refuse_existing(self) -> None:
        """Before any work is done.

        Raises:
            RunFolderError: one is there, and may not be replaced.
        """
        for path in (self.picture, self.table):
            if path is not None:
                refuse_existing(path, force=self.force)


def compare(
    cohort: CohortPath = None,
    *,
    generate: Annotated[
        str | None,
        typer.Option(
            metavar="SHAPE",
            show_default=False,
            help=f"Instead of COHORT, cohorts that nobody is in: {', '.join(PRESETS)}.",
        ),
    ] = None,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many of them to generate.")
    ] = 100,
    strategy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="A strategy to compare; may be repeated. By default every one there is.",
        ),
    ] = None,
    by_hand: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="The pairs as they were made by hand, .csv or .xlsx with columns Mentor and "
            "Mentee; compared as by_hand.",
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default=False,
            help="Solve with so many seeds, to see what hangs on lots; by default with the seed "
            "of the settings.",
        ),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=0.0, help="For each strategy; then its best so far is taken."
        ),
    ] = 10.0,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="What the others are set beside; by default stable.",
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help=f"Where the picture goes, .svg, .png or .html; by default {PICTURE}.",
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False, help="Write a table of every run and metric too."
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(metavar="N", min=1, help="Processes that share the generated cohorts.")
    ] = 1,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Compare strategies, and what was done by hand: a table, plain words and a picture."""
    files = _Files(picture or PICTURE, picture is not None, csv, force)
    if (cohort is None) == (generate is None):
        refuse_call("Give COHORT, or --generate SHAPE.")
    if generate is not None and by_hand is not None:
        refuse_call("--by-hand needs COHORT: nobody has paired generated cohorts by hand.")
    _refuse_unknown(strategy, baseline, has_hand=by_hand is not None, shape=generate)
    with failures_told(as_json=as_json):
        files.refuse_existing()
        if (seeds or 1 if generate is None else count) >= FEWEST:
            open_stats()  # that it is missing is not found out after the work
        asked: dict[str, Any] = {
            "strategies": strategy,
            "by_hand": by_hand,
            "seeds": None if seeds is None else range(seeds),
            "time_limit": time_limit,
        }
        source = _source(cohort, generate, count, quiet=as_json)
        found = _compared(source, asked, jobs, quiet=as_json)
        written = _written(found, files, baseline)
        if as_json:
            say_json(_document(found, baseline, written))
        else:
            say(found.to_text(width=page_width(), baseline=baseline))
            _tell_written(written)


def _refuse_unknown(
    strategies: list[str] | None, baseline: str | None, *, has_hand: bool, shape: str | None
) -> None:
    """Refuse names that nothing has, before anything is read."""
    known = strategy_names()
    for name in strategies or ():
        if name not in known and not (has_hand and name == "by_hand"):
            refuse_call(f"There is no strategy {name}; there are {', '.join(known)}.")
    if strategies and len(set(strategies)) < len(strategies):
        twice = dict.fromkeys(name for name in strategies if strategies.count(name) > 1)
        refuse_call(f"--strategy {', '.join(twice)} is given twice.")
    compared = [*(strategies or known), *(["by_hand"] if has_hand else [])]
    if baseline is not None and baseline not in compared:
        refuse_call(f"--baseline {baseline} is not compared; there are {', '.join(compared)}.")
    if shape is not None and shape not in PRESETS:
        refuse_call(f"There is no shape {shape}; there are {', '.join(PRESETS)}.")


def _source(
    cohort: Path | None, shape: str | None, count: int, *, quiet: bool
) -> Mapping[str, Any]:
    """The cohort under its name, or many that are made where they are solved."""
    if shape is not None:
        return cohorts(shape, count)
    given = Cohort(cohort)
    programme = given.load()
    if not quiet:
        tell_notices(programme)
    return {given.first_file.resolve().stem: programme}


class _RunsDone(Latest):
    """How many runs are done, for the live line."""

    def __init__(self) -> None:
        super().__init__()
        self.step: Step | None = None

    def tell(self, step: Step) -> None:
        """Keep it; the line is redrawn in its own time."""
        self.step = step

    def text(self, room: int) -> str:
        """As much of it as there is room for."""
        told = "" if self.step is None else f"{self.step.done} of {self.step.of} runs"
        return told[:room]


def _compared(
    source: Mapping[str, Any], asked: dict[str, Any], jobs: int, *, quiet: bool
) -> Comparison:
    latest = _RunsDone()

    def work(cancel: Any) -> Comparison:
        with _executor(min(jobs, len(source))) as executor:
            return rmatch.compare(
                source, **asked, executor=executor, progress=latest.tell, cancel=cancel
            )

    found, _ = run_stoppable(work, "Comparing", latest=latest, quiet=quiet)
    return found


@contextlib.contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    """Processes, where more than one is wanted."""
    if jobs == 1:
        yield None
        return
    # A process that is forked while a thread waits here may wait for ever.
    # Ctrl-C reaches the workers too: they end without a word, and what they did is kept.
    silent = (signal.SIGINT, signal.SIG_DFL)
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=signal.signal, initargs=silent
    ) as executor:
        yield executor


def _written(found: Comparison, files: _Files, baseline: str | None) -> list[Path]:
    """Write what is wanted; the picture only where it can be drawn.

    Raises:
        MissingExtraError: the picture was asked for by name and cannot be drawn.
        RunFolderError: a file cannot be written.
    """
    written: list[Path] = []
    if files.table is not None:
        table = found.to_frame().to_csv(index=False, lineterminator="\n")
        written.append(write_atomic(files.table, table, force=files.force))
    try:
        drawn = picture_bytes(found.plot(baseline=baseline), files.picture.suffix.lower())
    except MissingExtraError as error:
        if files.is_asked_for:
            raise
        note(f"No picture: {error}")
    else:
        written.append(write_atomic(files.picture, drawn, force=files.force))
    return written


def _tell_written(paths: list[Path]) -> None:
    if paths:
        say("\nWritten:")
        for path in paths:
            say_line(str(path))


def _document(found: Comparison, baseline: str | None, written: list[Path]) -> dict[str, Any]:
    return {
        "strategies": list(found.strategies),
        "cases": list(found.cases),
        "seeds": list(found.seeds),
        "metrics": [
            {name: getattr(one, name) for name in ("name", "label", "meaning", "better", "unit")}
            for one in found.metrics
        ],
        "runs": [_run_json(run, found.metrics) for run in found.runs],
        "summary": [summary_record(one) for one in found.estimates(baseline=baseline)],
        "notices": list(found.notices),
        "written": [str(path) for path in written],
    }


def _run_json(run: Run, metrics: tuple[Metric, ...]) -> dict[str, Any]:
    """A run with its scores as the table of runs and the summary have them."""
    record = asdict(run)
    del record["points"]  # whether scores are kept in hundredths: here they are not
    return {**record, "values": {one.name: seen(run, one) for one in metrics}}
