"""A small programme, solved and saved; decisions about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rmatch
from deciding import moment
from rmatch.rematching.decisions import Decision
from rmatch.rematching.ledger import Recorded, record

ERASED_ID, ERASED_NAME, ERASED_MAIL = "S2Q7", "Zelda Quillfeather", "zelda.quill@nhs.example"


def small_programme(**settings: Any) -> rmatch.Programme:
    """Three mentors, three mentees, one of whom everybody mentions; M3's facts are missing."""
    known = {"line_manager": "", "supervisors": [], "conflicts_confirmed": True}
    return rmatch.Programme(
        mentors=[
            {
                "id": "M1",
                "name": "Ann Bell",
                "grade": "st5",
                "line_manager": ERASED_NAME,
                "supervisors": [ERASED_MAIL, "Dr Elsewhere"],
                "choices": [[ERASED_ID, "S1"], ["S3"]],
                "interests": ["hills", "reading"],
                "prior_experience": {"before": True, "partners": [ERASED_NAME, "Dr Before"]},
            },
            {**known, "id": "M2", "vetoes": [ERASED_ID], "choices": [["S1"]], "grade": "st4"},
            {"id": "M3", "conflicts": [ERASED_ID]},
        ],
        mentees=[
            {**known, "id": "S1", "grade": "consultant", "leadership_roles": [{"role": "tpd"}]},
            {
                "id": ERASED_ID,
                "name": ERASED_NAME,
                "email": ERASED_MAIL,
                "employer": "Hidden Vale Trust",
                "choices": [["M1"]],
            },
            {**known, "id": "S3", "grade": "consultant"},
        ],
        conflicts=[{"mentor": "M2", "mentee": ERASED_ID, "rule": "family"}],
        history=[{"mentor": "M3", "mentee": ERASED_ID, "ended": "concern"}],
        settings=rmatch.Settings(
            must_not_pair=[("M3", ERASED_ID)],
            maximum_load={ERASED_ID: 1, "S1": 1},
            coordinators=(ERASED_NAME, "AB"),
            seed=7,
            **settings,
        ),
    )


def decide(
    folder: Path, decision: Decision, *, who: str = "AB", number: int = 0, asked: bool = True
) -> Recorded:
    """Record it where nothing has to be asked."""
    return record(folder, decision, who=who, when=moment(number), questions=() if asked else None)


def lines(folder: Path) -> list[dict[str, Any]]:
    """The ledger's lines as they stand."""
    text = (folder / "ledger.jsonl").read_text(encoding="ascii")
    return [json.loads(line) for line in text.splitlines()]


def everything(folder: Path) -> bytes:
    """Every byte in the folder, names of files too."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return b"\n".join(path.name.encode() + path.read_bytes() for path in files)
