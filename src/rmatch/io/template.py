"""The workbook a coordinator starts from: headings, notes, drop-downs and an example."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from rmatch.atomic import write_atomic
from rmatch.io.fields import READERS
from rmatch.io.people import EXAMPLE, NOTES
from rmatch.io.workbook import open_openpyxl, saved
from rmatch.programme import Settings
from rmatch.programme.reference import (
    CHARACTERISTICS,
    DEANERIES,
    GRADES,
    ROLES,
    RULES,
    SPECIALTIES,
    TOPICS,
    form_fields,
)
from rmatch.programme.settings import DEFAULT_WEIGHTS, OBJECTIVES, PERSON_TABLES
from rmatch.programme.ties import EndReason

__all__ = ["write_template"]

_ROWS = 500
"""How far down the drop-downs reach."""
_YES_NO = "yes or no"
_LIST = "several are separated by ;"
_NOTES: Mapping[str, str] = {
    "id": f"{NOTES} what to write below each heading; only id is required. A short id such as M01",
    "name": "as others write it in their choices",
    "email": "work e-mail",
    "grade": "from the list",
    "leadership_roles": "role, or role:what it covers (tpd:general_surgery_eoe; Dean); " + _LIST,
    "specialty": "from the list",
    "training_programme": "the same text as in the TPD's role",
    "employer": "trust, written alike for everybody",
    "department": "department or site",
    "deanery": "from the list",
    "base": "town or site",
    "modes": "virtual, in person or either",
    "availability": "half days: mon_am; Tue pm; Wednesday evening; " + _LIST,
    "capacity": "how many partners, 1 if blank",
    "line_manager": "id, e-mail or name, also of somebody outside; none if there is none",
    "supervisors": "educational and clinical, past 24 months; none if none; " + _LIST,
    "conflicts": "people they must not be paired with, no reasons; " + _LIST,
    "line_manager_ok": _YES_NO,
    "wants": "up to five topics, most wanted first; " + _LIST,
    "offers": "topics; " + _LIST,
    "experience_offered": "only with consent_matching; " + _LIST,
    "experience_wanted": "only with consent_matching; " + _LIST,
    "choices": "S07; S02 = S05; S11 (best first, = for a tie)",
    "pref_attrs": "specialty=different; employer=same (also level, location)",
    "language": _LIST,
    "style": "one word",
    "interests": _LIST,
    "prior_experience": "no, yes, or yes; S07",
    "carried_over": "yes if unmatched last time",
    "consent_matching": _YES_NO,
    "eligibility_confirmed": _YES_NO,
    "next_post_employer": "trust",
    "next_post_department": "department or specialty",
    "next_post_start": "a date, such as 1 August 2026",
    "unavailable_periods": "2026-08-01 to 2026-08-14; " + _LIST,
    "conflicts_confirmed": "yes once they have declared everybody",
    "vetoes": "people they would rather not meet; " + _LIST,
    "privacy_notice_version": "as on the form",
    "consent_share": "names of columns their partner may see; " + _LIST,
    "training_done": "a date",
    "mentor": f"{NOTES} a mentor's id, e-mail or name",
    "mentee": "a mentee's id, e-mail or name",
    "rule": "from the list; blank is confidential",
    "until": "last day it holds, or day the relationship ended; blank is for ever",
    "ended": "how the pair ended; from the list",
    "setting": f"{NOTES} a blank value leaves the default",
    "value": "",
}
_EXAMPLE: Mapping[str, Mapping[str, str | int]] = {
    "Mentors": {
        "id": EXAMPLE,
        "name": "Alex Example",
        "email": "alex.example@nhs.example",
        "grade": "Specialty Training Year 4",
        "specialty": "General surgery",
        "training_programme": "general_surgery_eoe",
        "employer": "Example Hospitals NHS Trust",
        "deanery": "East of England",
        "modes": "either",
        "availability": "Mon am; Wednesday evening",
        "capacity": 1,
        "supervisors": "Dr Sam Outside",
        "wants": "Career progression; Study leave",
        "choices": "S07; S02 = S05; S11",
        "conflicts_confirmed": "yes",
    },
    "Mentees": {
        "id": f"{EXAMPLE}-2",
        "name": "Robin Example",
        "email": "robin.example@nhs.example",
        "grade": "Consultant",
        "leadership_roles": "tpd:general_surgery_eoe; Head of School: EOE/Surgery",
        "specialty": "General surgery",
        "deanery": "East of England",
        "modes": "virtual",
        "offers": "Career progression; How the deanery/board works",
        "conflicts_confirmed": "yes",
    },
    "Conflicts": {"mentor": EXAMPLE, "mentee": f"{EXAMPLE}-2", "rule": "educational_supervisor"},
    "History": {"mentor": EXAMPLE, "mentee": f"{EXAMPLE}-2", "ended": "completed"},
}
_RECORDS = {
    "Conflicts": ("mentor", "mentee", "rule", "until"),
    "History": ("mentor", "mentee", "ended"),
}
_TABLES = ("weights", "rules", "lookback_months", *PERSON_TABLES, "quotas")


@dataclass(frozen=True, slots=True)
class _Menu:
    """A drop-down: its values, and whether a cell may hold others (lists, roles with a scope)."""

    values: tuple[str, ...]
    open: bool = False


def write_template(path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write an empty workbook to fill in; as it stands it loads as an empty programme.

    Raises:
        MissingExtraError: openpyxl is not installed.
        RunFolderError: the file exists (without ``force``) or cannot be written.
    """
    openpyxl = open_openpyxl("writing the template")
    book = openpyxl.Workbook()
    book.remove(book.active)
    menus = _Menus(openpyxl, book)
    for title in ("Mentors", "Mentees"):
        _fill(book.create_sheet(title), _columns_for(title), menus)
    for title, columns in _RECORDS.items():
        _fill(book.create_sheet(title), columns, menus)
    _fill_settings(book.create_sheet("Settings"))
    menus.write_lists()
    return write_atomic(path, saved(book), force=force)


def _columns_for(title: str) -> tuple[str, ...]:
    """The fields that this side's form asks for."""
    other = "mentee" if title == "Mentors" else "mentor"
    sides = {row["id"]: row["side"] for row in form_fields()}
    return tuple(name for name in READERS if sides[name] != other)


def _fill(sheet: Any, columns: Sequence[str], menus: _Menus) -> None:
    sheet.append(list(columns))
    sheet.append([_NOTES[name] for name in columns])
    sheet.append([_EXAMPLE[sheet.title].get(name) for name in columns])
    _dress(sheet, len(columns))
    for number, name in enumerate(columns, start=1):
        menus.attach(sheet, number, name)


def _fill_settings(sheet: Any) -> None:
    sheet.append(["setting", "value", "notes"])
    sheet.append([_NOTES["setting"], None, "the default"])
    for name, note in _settings_notes():
        sheet.append([name, None, note])
    _dress(sheet, 3)


def _settings_notes() -> list[tuple[str, str]]:
    default = Settings()
    notes = []
    for name in Settings.model_fields:
        if name == "weights":
            notes += [(f"weights.{key}", str(weight)) for key, weight in DEFAULT_WEIGHTS.items()]
        elif name == "objectives":
            notes.append((name, "; ".join(OBJECTIVES)))
        elif name in _STATED_NOTES:
            notes.append((name, _STATED_NOTES[name]))
        elif name not in _TABLES:
            notes.append((name, _in_words(getattr(default, name))))
    notes.append(("rules.same_employer", "warn; any rule's code after rules. (hard, warn or off)"))
    notes.append(("lookback_months.line_manager", "24; any rule's code after lookback_months."))
    notes.append(("minimum_load.S05", "0; anybody's id after minimum_load.: their fewest partners"))
    notes.append(("maximum_load.S05", "their capacity; anybody's id: their most partners"))
    notes.append(("load_price.S05", "must hold; or what each partner too few or many costs"))
    notes.append(("quotas.spread", "at most 3 mentees per employer; any name after quotas."))
    notes.append(("quotas.regions", "at least 4 pairs with different deanery"))
    notes.append(("quotas.dental", "between 2 and 5 mentors with specialty_group dental, price 10"))
    return notes


_STATED_NOTES = {
    "stability": "weak; or strong, super: more pairs block",
    "must_pair": "none; M01 with S02; M03 with S04",
    "must_not_pair": "none; M01 with S02; M03 with S04",
    "standing_pairs": "none; pairs that were made before: M01 with S02; M03 with S04",
    "frozen_pairs": "none; of these, pairs that a rematch may not move: M01 with S02",
    "max_changes": "none: no limit; 0, 1, 2 … standing pairs that may be broken",
    "waivers": "none; M03 with S05: same_employer; M04 with S09: previous_pair",
}


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or "none"
    return "not set" if value is None else str(value)


def _dress(sheet: Any, width: int) -> None:
    """Bold headings that stay in sight, grey notes, columns wide enough."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number in range(1, width + 1):
        heading, note = sheet.cell(1, number), sheet.cell(2, number)
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="D9E2EC")
        note.font = Font(italic=True, color="666666")
        note.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(3, number).font = Font(color="999999")
        wide = max(14, len(str(heading.value or "")) + 2)
        sheet.column_dimensions[get_column_letter(number)].width = max(
            wide, 28 if number == 1 else 0
        )
    sheet.row_dimensions[2].height = 75
    sheet.freeze_panes = "B2"


class _Menus:
    """The drop-downs, and the sheet ``Lists`` that holds their values."""

    def __init__(self, openpyxl: Any, book: Any) -> None:
        self.openpyxl = openpyxl
        self.book = book
        self.lists: list[tuple[str, tuple[str, ...]]] = []
        self.menus = _field_menus()

    def attach(self, sheet: Any, number: int, name: str) -> None:
        """Give a column its drop-down, if it has one."""
        menu = self.menus.get(name)
        if menu is None:
            return
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        letter = get_column_letter(number)
        check = DataValidation(
            type="list",
            formula1=self._range(name, menu.values),
            allow_blank=True,
            errorStyle="warning",
            showErrorMessage=not menu.open,
            errorTitle=name,
            error="This is not in the list; rmatch will say if it cannot be understood.",
        )
        check.add(f"{letter}4:{letter}{_ROWS}")
        sheet.add_data_validation(check)

    def _range(self, name: str, values: tuple[str, ...]) -> str:
        from openpyxl.utils import get_column_letter

        known = [number for number, (_, held) in enumerate(self.lists, start=1) if held == values]
        if not known:
            self.lists.append((name, values))
            known = [len(self.lists)]
        letter = get_column_letter(known[0])
        return f"Lists!${letter}$2:${letter}${len(values) + 1}"

    def write_lists(self) -> None:
        """Write the sheet of values; loading leaves it out."""
        sheet = self.book.create_sheet("Lists")
        for number, (name, values) in enumerate(self.lists, start=1):
            for row, value in enumerate((name, *values), start=1):
                sheet.cell(row, number, value)
        sheet.freeze_panes = "A2"


def _field_menus() -> dict[str, _Menu]:
    labels = {
        "grade": GRADES,
        "specialty": SPECIALTIES,
        "deanery": DEANERIES,
    }
    lists = {
        "leadership_roles": ROLES,
        "wants": TOPICS,
        "offers": TOPICS,
        "experience_offered": CHARACTERISTICS,
        "experience_wanted": CHARACTERISTICS,
    }
    answers = {row["id"] for row in form_fields() if row["type"].startswith("bool")}
    return {
        **{name: _Menu(tuple(entry.label for entry in words)) for name, words in labels.items()},
        **{name: _Menu(tuple(e.label for e in words), open=True) for name, words in lists.items()},
        **{name: _Menu(("yes", "no"), open=name == "prior_experience") for name in answers},
        "modes": _Menu(("virtual", "in person", "either")),
        "rule": _Menu(tuple(entry.id for entry in RULES)),
        "ended": _Menu(get_args(EndReason)),
    }
