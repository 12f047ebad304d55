"""Which rules a pair breaks, which warn about it, which could not be checked or are waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.roles import role_truths
from rmatch.audit.rules import CONDITIONS, World
from rmatch.audit.tables import Given
from rmatch.audit.truth import Truth


@dataclass(frozen=True, slots=True)
class Judgement:
    """Codes of one pair, each in order of the alphabet.

    ``waived``: what would be among the others, had the coordinator not waived it for this pair.
    """

    excluded: tuple[str, ...]
    warned: tuple[str, ...]
    questions: tuple[str, ...]
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges pairs of one programme; ``given`` holds what rules of the coordinator's own say."""

    world: World
    severities: Mapping[str, str]
    given: Given

    def judge(self, mentor: Facts, mentee: Facts) -> Judgement:
        """The codes of one pair."""
        return self.judgement(self._truths(mentor, mentee), (mentor.id, mentee.id))

    def judgement(self, truths: Mapping[str, Truth], pair: IdPair) -> Judgement:
        """The codes of a pair of which ``truths`` hold, by code, and what is recorded besides."""
        broken = {code for code, truth in truths.items() if truth is True}
        broken |= self.world.declared.get(pair, frozenset())
        severities = {code: self.severities[code] for code in broken}
        for code, (severity, pairs) in self.given.rules.items():
            if pair in pairs:
                severities[code] = severity
        questions = [
            code
            for code, truth in truths.items()
            if truth is None and code not in broken and self.severities[code] == "hard"
        ]
        questions += [
            code
            for code, pairs in self.given.unknown.items()
            if pair in pairs and self.given.rules[code][0] == "hard"
        ]
        hard = {code for code, kind in severities.items() if kind == "hard"}
        warn = {code for code, kind in severities.items() if kind == "warn"}
        asked = set(questions)
        waived = self.world.waived.get(pair, frozenset())
        return Judgement(
            excluded=tuple(sorted(hard - waived)),
            warned=tuple(sorted(warn - waived)),
            questions=tuple(sorted(asked - waived)),
            waived=tuple(sorted((hard | warn | asked) & waived)),
        )

    def _truths(self, mentor: Facts, mentee: Facts) -> dict[str, Truth]:
        truths = role_truths(self.world.reaches[mentee.id], mentor)
        for code, condition in CONDITIONS.items():
            if self.severities[code] != "off":
                truths[code] = condition(self.world, mentor, mentee)
        return truths
