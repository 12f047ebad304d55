"""Cohorts for the command line: one full of mistakes, forms, and one that takes a while."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path


def write_table(path: Path, rows: Iterable[Iterable[str]]) -> None:
    """One CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def bad_cohort(folder: Path) -> Path:
    """A folder with a mistake of each common kind."""
    folder.mkdir()
    mentors = [
        ["id", "name", "email", "grade", "specialty", "capacity", "choices", "shoe size"],
        ["M01", "Asha Bell", "asha.bell@nhs.example", "Claufel fellow", "ENT", "1", "S01", "7"],
        ["M02", "Bo Carr", "bo.carr", "ST4", "Psychiatry", "two", "Dean De; S02", ""],
        ["M02", "Cy Dunn", "cy.dunn@nhs.example", "F2", "Urology", "1", "S99", ""],
    ]
    mentees = [
        ["id", "name", "leadership_roles"],
        ["S01", "Dean Dee", "Deen"],
        ["", "Eli Ford", "Dean"],
        ["S02", "Fi Gray", "Dean"],
    ]
    conflicts = [["mentor", "mentee", "rule"], ["M01", "S77", "line_manger"]]
    write_table(folder / "mentors.csv", mentors)
    write_table(folder / "mentees.csv", mentees)
    write_table(folder / "conflicts.csv", conflicts)
    return folder


def form_exports(folder: Path) -> dict[str, Path]:
    """Two exports of a form without ids, a later form with choices, and the mapping."""
    question = "What is your work e-mail?"
    files = {name: folder / f"{name}.csv" for name in ("mentors", "mentees", "choices")}
    write_table(
        files["mentors"],
        [["Your name", question], ["Asha Bell", "asha@nhs.example"], ["Bo Carr", "bo@nhs.example"]],
    )
    write_table(
        files["mentees"],
        [["Your name", question], ["Dean Dee", "dee@nhs.example"], ["Fi Gray", "fi@nhs.example"]],
    )
    write_table(
        files["choices"],
        [[question, "Whom would you like to meet?"], ["asha@nhs.example", "Fi Gray"]],
    )
    mapping = folder / "mapping.toml"
    mapping.write_text(
        f'"{question}" = "email"\n"Your name" = "name"\n'
        '"Whom would you like to meet?" = "choices"\n',
        encoding="utf-8",
    )
    return files | {"columns": mapping}


def slow_cohort(folder: Path, size: int) -> Path:
    """So many a side, nearly everybody allowed for everybody: seconds of proof."""
    draw = random.Random(1)  # noqa: S311 - the same cohort every time
    topics = ("Career progression", "Wellbeing", "Study leave", "Speaking up safely")
    slots = ("mon_am", "tue_pm", "wed_am", "thu_pm", "fri_am", "mon_pm", "tue_am")
    folder.mkdir()
    for table, own, other in (("mentors", "M", "S"), ("mentees", "S", "M")):
        rows = [["id", "wants", "offers", "availability", "modes", "choices"]]
        for number in range(size):
            wanted = draw.sample(range(size), 5)
            rows.append(
                [
                    f"{own}{number:03}",
                    "; ".join(draw.sample(topics, 3)),
                    "; ".join(draw.sample(topics, 3)),
                    "; ".join(draw.sample(slots, 4)),
                    "either",
                    "; ".join(f"{other}{chosen:03}" for chosen in wanted),
                ]
            )
        write_table(folder / f"{table}.csv", rows)
    return folder
