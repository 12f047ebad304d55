"""Readers of one cell: text, ids, numbers, yes and no, dates, words of a vocabulary.

A reader takes a cell that is neither blank nor broken. It returns the value, or ``None`` for a cell
that says "nothing" in words, or raises :class:`UnreadableCellError`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from rmatch.io.findings import Fault, UnreadableCellError, unreadable
from rmatch.io.lists import items
from rmatch.programme.reference import AmbiguousValueError, UnknownValueError, Vocabulary
from rmatch.programme.text import fold

Reader = Callable[[object], object]

NOT_SAID = frozenset(
    ("n/a", "na", "not applicable", "not known", "unknown", "-", "--", "–", "—", ".")
)
"""What people write in a cell to say nothing."""
NOBODY = NOT_SAID | frozenset(("none", "nil", "no", "no one", "noone", "nobody"))
"""What people write to say that there is none."""

_YES = frozenset(
    (
        *("yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "✅", "on", "ok"),
        *("agree", "agreed", "confirm", "confirmed", "consent", "ticked", "checked", "i agree"),
        *("i confirm", "i consent", "i do", "yes i agree", "yes i confirm", "yes i consent"),
    )
)
_NO = frozenset(("no", "n", "false", "f", "0", "✗", "✘", "☐", "❌", "off")) | frozenset(
    ("i do not agree", "i do not consent", "no i do not")
)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_WHOLE_NUMBER = re.compile(r"[+-]?\d+(\.0*)?")
_EXCEL_DAYS = range(36526, 73051)  # 2000-01-01 to 2099-12-31
_EXCEL_START = date(1899, 12, 30)
_TIME_OF_DAY = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2})?(\s*[ap]m)?$")
_DAY_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2}) (?P<month>[a-z]+) (?P<year>\d{4}|\d{2})",
        r"(?P<month>[a-z]+) (?P<day>\d{1,2}) (?P<year>\d{4})",
    )
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTHS = {
    spelling: number
    for number, name in enumerate(_MONTH_NAMES, start=1)
    for spelling in (name, name[:3])
} | {"sept": 9}


def as_text(cell: object) -> str:
    """A cell as the text a person sees."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list | tuple):
        return "; ".join(map(as_text, cell))
    return str(cell).strip()


def says_nothing(text: str, words: frozenset[str] = NOT_SAID) -> bool:
    """Whether a text is one of the ways to write nothing."""
    return fold(text) in words


def text(cell: object) -> str | None:
    """Free text."""
    if isinstance(cell, list | tuple | dict):
        raise unreadable("is not a text", str(cell))
    read = as_text(cell)
    return None if says_nothing(read) else read


def name_of(cell: object) -> str:
    """Who is meant: an id, an e-mail or a name. Ids that became numbers are ids again."""
    if isinstance(cell, bool | date | list | tuple | dict):
        raise unreadable("is not an id, an e-mail or a name", as_text(cell))
    if isinstance(cell, float) and not cell.is_integer():
        raise unreadable("is a broken number, not an id, an e-mail or a name", as_text(cell))
    read = as_text(cell)
    whole = _WHOLE_FLOAT.fullmatch(read)
    return whole.group(1) if whole else read


def person_id(cell: object) -> str | None:
    """A participant's own id."""
    try:
        read = name_of(cell)
    except UnreadableCellError:
        message = "is not an id; format the column as text and write the id again"
        raise unreadable(message, as_text(cell), shown=True) from None
    return None if says_nothing(read, NOBODY) else read


def person_name(cell: object) -> str | None:
    """A participant's own name."""
    if isinstance(cell, bool | int | float | date | list | tuple | dict):
        raise unreadable("is not a name", as_text(cell))
    return text(cell)


def email(cell: object) -> str | None:
    """A participant's own e-mail address."""
    read = as_text(cell)
    if says_nothing(read, NOBODY | {"anonymous"}):
        return None
    if not re.fullmatch(r"[^\s@;,]+@[^\s@;,]+", read):
        raise unreadable("is not an e-mail address", read)
    return read


def somebody(cell: object) -> str | None:
    """One person, or nobody."""
    read = name_of(cell)
    return None if says_nothing(read, NOBODY) else read


def manager(cell: object) -> str:
    """One person; "none" says that there is none, which is not the same as a blank cell."""
    return somebody(cell) or ""


def whole_number(least: int, most: int) -> Reader:
    """A reader of whole numbers within limits."""

    def read(cell: object) -> int:
        written = as_text(cell)
        if isinstance(cell, bool | date) or not _WHOLE_NUMBER.fullmatch(written):
            raise unreadable("is not a whole number", written, shown=True)
        number = int(written.partition(".")[0])
        if not least <= number <= most:
            raise unreadable(f"is not between {least} and {most}", written, shown=True)
        return number

    return read


def yes_no(cell: object) -> bool | None:
    """Yes or no, in any of its spellings."""
    if isinstance(cell, bool):
        return cell
    written = as_text(cell)
    said = " ".join(re.sub(r"[.,!]", " ", fold(written)).split())
    if said in _YES:
        return True
    if said in _NO:
        return False
    if says_nothing(written):
        return None
    raise unreadable("is neither yes nor no", written, shown=len(written) <= 20)


def day(cell: object) -> date | None:
    """A date: a real one, ISO, day first with slashes or dots, or with the month's name."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _EXCEL_DAYS:
        return _EXCEL_START + timedelta(days=int(cell))
    written = as_text(cell)
    if says_nothing(written, NOT_SAID | {"none"}):
        return None
    found = None if isinstance(cell, bool) else written_day(written)
    if found is None:
        message = "is not a date; write it like 2026-08-01 or 1 August 2026"
        raise unreadable(message, written, shown=True)
    return found


def written_day(written: str) -> date | None:
    """The date a text means, or ``None``. Of two small numbers, the first is the day."""
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(written).date()
    plain = _TIME_OF_DAY.sub("", fold(written).replace(",", " "))
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", plain)
    plain = re.sub(r"(?<=\d)\s*[./-]\s*(?=\d)", "/", plain)
    plain = " ".join(re.sub(r"(?<=\w)-(?=\w)", " ", plain).split())
    for form in _DAY_FORMS:
        found = form.fullmatch(plain)
        if found:
            return _real_day(**found.groupdict())
    return None


def _real_day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month)
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    with contextlib.suppress(ValueError):
        return date(full_year, number, int(day)) if number else None
    return None


def word(vocabulary: Vocabulary, *, shown: bool = True) -> Reader:
    """A reader of one word of a vocabulary, as its id."""

    def read(cell: object) -> str | None:
        written = as_text(cell)
        if says_nothing(written, NOBODY):
            return None
        return meaning(vocabulary, written, shown=shown)

    return read


def meaning(vocabulary: Vocabulary, written: str, *, shown: bool = True) -> str:
    """The id a text means in a vocabulary.

    Raises:
        UnreadableCellError: the vocabulary does not know it, or knows it more than once.
    """
    try:
        return vocabulary.resolve(written)
    except UnknownValueError as error:
        message, near = f"is not a known {vocabulary.noun}", error.suggestions
    except AmbiguousValueError as error:
        message, near = f"could mean more than one {vocabulary.noun}", error.candidates
    raise unreadable(message, written, shown=shown, suggestions=near, hidden_suggestions=not shown)


def entries(cell: object, separators: str = ";\n\r") -> list[object]:
    """The items of a list cell; a list of JSON or a data frame is taken as it is."""
    if isinstance(cell, list | tuple):
        return [item for item in cell if item is not None and as_text(item)]
    if isinstance(cell, str):
        return list(items(cell, separators))
    return [cell]


def each(read_item: Reader, cell: object, separators: str = ";\n\r") -> list[object]:
    """Every item of a list read, or every fault of its items at once."""
    values: list[object] = []
    faults: list[Fault] = []
    for item in entries(cell, separators):
        try:
            value = read_item(item)
        except UnreadableCellError as error:
            faults.extend(error.faults)
        else:
            values.extend([] if value is None else [value])
    if faults:
        raise UnreadableCellError(faults)
    return values


def many(read_item: Reader, separators: str = ";\n\r") -> Reader:
    """A reader of lists."""

    def read(cell: object) -> tuple[object, ...]:
        return tuple(dict.fromkeys(each(read_item, cell, separators)))

    return read
