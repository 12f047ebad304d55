"""How the command line starts: light, and helpful where its extra is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch import cli

MOST_MODULES = 206


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("missing", cli.NEEDED)
def test_without_its_extra_one_line_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None if name == missing else name)
    assert cli.main() == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "pip install 'rmatch[coordinator]'" in captured.err


def test_the_first_module_needs_neither_typer_nor_rich() -> None:
    code = "import sys, rmatch.cli; print(sorted({'typer', 'rich'} & set(sys.modules)))"
    assert run_python("-c", code).stdout.strip() == "[]"


def test_a_command_that_is_not_called_is_not_loaded() -> None:
    """Naming a command loads its module alone, not those of its neighbours."""
    code = (
        "import sys; from rmatch.cli.loading import Commands; Commands()['demo']; "
        "print([m for m in sys.modules if m.startswith('rmatch.cli.commands.')])"
    )
    assert run_python("-c", code).stdout.strip() == "['rmatch.cli.commands.demo']"


def test_the_version_loads_no_room() -> None:
    """What only speaks of the programme itself costs no more than the command line."""
    code = (
        "import sys, contextlib; from rmatch.cli.app import app\n"
        "with contextlib.suppress(SystemExit): app(['--version'])\n"
        "print(sorted({'numpy', 'pydantic', 'rmatch.matching'} & set(sys.modules)))"
    )
    assert run_python("-c", code).stdout.splitlines()[-1] == "[]"


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import sys, contextlib, io; from rmatch.cli.app import app\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    app({list(arguments)!r})\n"
        "print(*sorted(sys.modules))"
    )
    finished = run_python("-c", code)
    assert finished.returncode == 0, finished.stderr
    return set(finished.stdout.split())


def test_solving_loads_none_of_the_rooms_for_what_comes_after(tmp_path: Path) -> None:
    """Without documents, what is asked, changed, compared and written later stays on the disk."""
    cohort, out = str(rmatch.examples.path("east-of-england")), str(tmp_path / "run")
    loaded = loaded_by("solve", cohort, "--out", out, "--no-documents")
    assert (tmp_path / "run" / "run.json").is_file()
    rooms = {name.split(".")[1] for name in loaded if name.startswith("rmatch.")}
    assert not rooms & {"rematching", "letters", "equity", "proposals", "comparing", "generating"}
    assert not loaded & {"pandas", "scipy", "openpyxl", "jinja2", "rich", "altair", "narwhals"}
    assert "ortools.sat.python.cp_model" not in loaded
    assert "rmatch.reports.view" not in loaded
    # 335 when everything was loaded at the start.
    assert sum(name.startswith("rmatch") for name in loaded) < MOST_MODULES


def test_nothing_heavy_is_loaded_before_solving() -> None:
    code = (
        "import sys, rmatch.cli.app; "
        "heavy = {'numpy', 'pydantic', 'pandas', 'ortools', 'openpyxl', 'rich.console'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run_python("-c", code).stdout.strip() == "[]"


def test_the_installed_script_and_the_module_are_the_same() -> None:
    script = Path(sys.executable).with_name("rmatch")
    by_script = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert by_script.stdout == run_python("-m", "rmatch", "--version").stdout
    assert by_script.stdout.strip() == f"rmatch {rmatch.__version__}"


def test_exit_codes_reach_the_shell() -> None:
    assert run_python("-m", "rmatch", "check", "nowhere").returncode == 1
    assert run_python("-m", "rmatch", "juggle").returncode == 2


def test_a_console_that_cannot_show_a_character_shows_another() -> None:
    code = (
        "import sys; sys.stdout.reconfigure(encoding='ascii'); sys.argv = ['rmatch', 'demo']; "
        "from rmatch.cli import main; main()"
    )
    finished = run_python("-c", code)
    assert finished.returncode == 0, finished.stderr
    assert "M01" in finished.stdout


def test_without_a_command_the_help_is_shown(call: Any) -> None:
    called = call()
    assert "solve" in called.out + called.err
    assert called.code in (0, 2)


def test_main_runs_the_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["rmatch", "--version"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0
    assert capsys.readouterr().out == f"rmatch {rmatch.__version__}\n"


def test_ctrl_c_while_starting_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rmatch.cli.app.run", interrupted)
    assert cli.main() == 130


def test_a_command_loads_no_package_metadata(tmp_path: Path) -> None:
    """Nothing reads every installed package, neither for plugins nor for a version."""
    cohort, out = str(rmatch.examples.path("east-of-england")), str(tmp_path / "run")
    code = (
        f"import sys; sys.argv = ['rmatch', 'solve', {cohort!r}, '--out', {out!r}, "
        "'--no-documents']\n"
        "from importlib.metadata import Distribution\n"
        "looked = []\n"
        "Distribution.discover = lambda *_, **given: looked.append(given) or []\n"
        "from rmatch.cli import main\n"
        "try: main()\n"
        "except SystemExit as left: print(left.code, looked)"
    )
    assert run_python("-c", code).stdout.splitlines()[-1] == "0 []"


def test_a_command_without_documents_asks_flows_and_assignments_alone(tmp_path: Path) -> None:
    """At 14 a side every level is settled without CP-SAT, which is not even loaded."""
    cohort, out = str(rmatch.examples.path("east-of-england")), str(tmp_path / "run")
    loaded = loaded_by("solve", cohort, "--out", out, "--no-documents")
    solvers = {name for name in loaded if name.startswith("ortools.") and name.count(".") > 2}
    assert {name.split(".")[1] for name in solvers} == {"graph"}


def test_a_process_of_a_command_looks_for_rubbish_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """What loading makes is no rubbish; the thresholds of the older generations stay."""
    told: list[tuple[int, ...]] = []
    monkeypatch.setattr(cli.gc, "set_threshold", lambda *most: told.append(most))
    monkeypatch.setattr(cli.gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(cli.gc, "freeze", lambda: None)
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "")
    monkeypatch.setattr("rmatch.cli.app.run", lambda: None)
    assert cli.main() == 0
    assert told == [(cli.COLLECT_AFTER, 10, 10)]


def test_the_pairs_are_printed_before_the_documents_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Documents take longer than the matching: whoever waits for them reads it meanwhile."""
    from rmatch.cli.app import app
    from rmatch.cli.commands import solve

    printed: list[str] = []
    monkeypatch.setattr(
        solve, "make_documents", lambda *_, **__: printed.append(capsys.readouterr().out)
    )
    cohort = str(rmatch.examples.path("east-of-england"))
    with pytest.raises(SystemExit):
        app(["solve", cohort, "--out", str(tmp_path / "run")])
    assert "M01" in printed[0]
    assert "Audit ok" in printed[0]
    assert "Written to" not in printed[0]
    assert "Written to" in capsys.readouterr().out


def test_records_may_be_first_made_by_several_threads_at_once() -> None:
    """Their checks are built when first needed; whoever comes meanwhile is checked all the same."""
    code = """
import sys, threading
sys.setswitchinterval(1e-6)
from rmatch.errors import InputError
from rmatch.programme import LeadershipRole, Participant, Programme, Settings

together, made = threading.Barrier(8), []

def make(seed):
    together.wait()
    mentor = Participant(id="M1", leadership_roles=[LeadershipRole(role="hos", scope="a/b")])
    programme = Programme(
        mentors=(mentor,), mentees=(Participant(id="S1"),), settings=Settings(seed=seed)
    )
    try:
        Participant(id="")
    except InputError:
        made.append((programme.settings.seed, programme.mentors[0].leadership_roles[0].parts))

threads = [threading.Thread(target=make, args=(seed,)) for seed in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(made) == [(seed, ("a", "b")) for seed in range(8)])
"""
    finished = run_python("-c", code)
    assert finished.stdout.strip() == "True", finished.stderr
