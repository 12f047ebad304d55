"""Golden files: what people read, kept as text; a mismatch proposes its own update."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare with ``golden/<name>.txt``; on a mismatch write ``<name>.txt.new`` beside it."""
    golden = FOLDER / f"{name}.txt"
    proposal = golden.with_name(f"{golden.name}.new")
    written = text if text.endswith("\n") else f"{text}\n"
    if golden.exists() and golden.read_text(encoding="utf-8") == written:
        proposal.unlink(missing_ok=True)
        return
    FOLDER.mkdir(exist_ok=True)
    proposal.write_text(written, encoding="utf-8", newline="\n")
    raise AssertionError(
        f"{golden.name} is not what came out. Read {proposal}; if it is right: "
        f"mv {proposal} {golden}"
    )
