"""A vocabulary: the values a field may take, and how people write them."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Fold case, width, accents' composition, punctuation and spacing: what two spellings share."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+|_", " ", folded).split())


class UnknownValueError(ValueError):
    """The vocabulary has no such value; ``suggestions`` are the nearest it has."""

    def __init__(self, vocabulary: str, text: str, suggestions: tuple[str, ...]) -> None:
        self.vocabulary = vocabulary
        self.text = text
        self.suggestions = suggestions
        super().__init__(f"is not a known {vocabulary}")


class AmbiguousValueError(ValueError):
    """The text could mean each of ``candidates``."""

    def __init__(self, vocabulary: str, text: str, candidates: tuple[str, ...]) -> None:
        self.vocabulary = vocabulary
        self.text = text
        self.candidates = candidates
        super().__init__(f"could mean more than one {vocabulary}: {', '.join(candidates)}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: its id, its label, its aliases and the rest of its row."""

    id: str
    label: str
    aliases: tuple[str, ...]
    row: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.row[column]


class Vocabulary:
    """The values of one field, read from a shipped table when first needed."""

    def __init__(
        self,
        noun: str,
        table: str,
        extra_aliases: Callable[[Mapping[str, str]], tuple[str, ...]] | None = None,
    ) -> None:
        self.noun = noun
        self._table = table
        self._extra_aliases = extra_aliases

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every entry by its id, in the table's order."""
        rows = read_table(self._table)
        return {row["id"]: self._entry(row) for row in rows}

    def _entry(self, row: Mapping[str, str]) -> Entry:
        written = row.get("aliases") or ""
        aliases = tuple(alias.strip() for alias in written.split("|") if alias.strip())
        if self._extra_aliases is not None:
            aliases += self._extra_aliases(row)
        return Entry(row["id"], row["label"], aliases, dict(row))

    @cached_property
    def _meanings(self) -> Mapping[str, tuple[str, ...]]:
        """Normalised spelling → ids that it may mean."""
        meanings: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for spelling in {normalise(s) for s in (entry.id, entry.label, *entry.aliases)}:
                meanings.setdefault(spelling, []).append(entry.id)
        return {spelling: tuple(ids) for spelling, ids in meanings.items()}

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self.entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, entry_id: str) -> Entry:
        return self.entries[entry_id]

    def find(self, text: str) -> str | None:
        """The id that ``text`` means, or ``None`` where it means none or more than one."""
        ids = self._meanings.get(normalise(text), ())
        return ids[0] if len(ids) == 1 else None

    def resolve(self, text: str) -> str:
        """The id that ``text`` means.

        Raises:
            AmbiguousValueError: more than one entry goes by that spelling, or it names only the
                part that several labels share ("psychiatry").
            UnknownValueError: no entry does; carries the nearest spellings.
        """
        spelling = normalise(text)
        ids = self._meanings.get(spelling, ())
        if len(ids) == 1:
            return ids[0]
        if len(ids) > 1:
            raise AmbiguousValueError(self.noun, text, self._labels(ids))
        sharing = self._containing(spelling)
        if len(sharing) > 1:
            raise AmbiguousValueError(self.noun, text, self._labels(sharing))
        raise UnknownValueError(self.noun, text, self._labels(sharing) or self._nearest(spelling))

    def _containing(self, spelling: str) -> tuple[str, ...]:
        """Ids whose label holds every word of ``spelling``."""
        words = set(spelling.split())
        if not words:
            return ()
        return tuple(
            entry.id
            for entry in self.entries.values()
            if words <= set(normalise(entry.label).split())
        )

    def _nearest(self, spelling: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(spelling, self._meanings, n=3, cutoff=0.6)
        ids = dict.fromkeys(entry_id for match in close for entry_id in self._meanings[match])
        return self._labels(tuple(ids))

    def _labels(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.entries[entry_id].label for entry_id in ids)


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table."""
    source = resources.files("rmatch.programme.reference").joinpath("data", f"{name}.csv")
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
