"""Who is meant: a reference resolves by id, then e-mail, then exact name."""

from __future__ import annotations

from collections.abc import Iterable

from rmatch.programme.participant import Participant
from rmatch.programme.text import fold


class ReferenceIndex:
    """Looks people up by what others call them."""

    def __init__(self, people: Iterable[Participant]) -> None:
        self._keys: tuple[dict[str, list[str]], ...] = ({}, {}, {})
        for person in people:
            for table, key in zip(self._keys, (person.id, person.email, person.name), strict=True):
                if key is not None:
                    table.setdefault(fold(key), []).append(person.id)

    def candidates(self, text: str) -> tuple[str, ...]:
        """Ids that ``text`` may mean: none, the one, or all that share that e-mail or name."""
        key = fold(text)
        for table in self._keys:
            found = table.get(key)
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def resolve(self, text: str) -> str:
        """The one id that ``text`` means, else ``text`` as it stands (somebody outside)."""
        found = self.candidates(text)
        return found[0] if len(found) == 1 else text
