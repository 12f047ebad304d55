"""Rules in words: what each one says, and what to ask where its facts are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rmatch.programme import Participant
from rmatch.programme.reference import ROLES, RULES
from rmatch.programme.settings import MINIMUM_SCORE, is_confidential

CONFIDENTIAL = "confidential"
MUST_NOT_PAIR = "must_not_pair"
"""The code under which a pair counts as excluded that the coordinator stated must not be made."""

NO_CANDIDATE = "no_candidate"
"""The code under which a pair counts as excluded that nothing forbids and that is in no list."""


_NO_RULES = {
    MINIMUM_SCORE: "Score under the minimum",
    MUST_NOT_PAIR: "Stated: not to be paired",
    NO_CANDIDATE: "Allowed, and in neither one's list of candidates",
}


def public_code(code: str, *, reveal: bool = False) -> str:
    """The code as a coordinator may read it: vetoes and confidential rules all read alike."""
    return code if reveal or not is_confidential(code) else CONFIDENTIAL


def rule_label(code: str, *, reveal: bool = False) -> str:
    """A rule in words."""
    shown = public_code(code, reveal=reveal)
    if shown == CONFIDENTIAL and code != CONFIDENTIAL:
        return "Confidential"
    if shown == CONFIDENTIAL and not reveal:
        return "Confidential"
    if shown in _NO_RULES:
        return _NO_RULES[shown]
    if shown in RULES:
        return RULES[shown].label
    role = shown.removeprefix("role_")
    return f"In the other's remit as {ROLES[role].label}" if role in ROLES else shown


def waived_words(code: str) -> str:
    """That a rule was waived, for those who may read its code; no confidential rule ever is."""
    return f"Waived by the coordinator: {rule_label(code)} ({code})"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a rule needs: whose field it is, and the question that fills it."""

    side: Literal["mentor", "mentee"]
    field: str
    question: str

    def is_missing(self, person: Participant) -> bool:
        """Whether the person's answer is blank."""
        value = getattr(person, self.field)
        if self.field == "conflicts_confirmed":
            return value is not True
        return value is None or (value == () and self.field != "supervisors")


def _both(field: str, question: str) -> tuple[Fact, Fact]:
    return Fact("mentor", field, question), Fact("mentee", field, question)


CONFIRM = "Have they declared everyone they must not be paired with (or that there is no one)?"
_PROGRAMME = Fact("mentor", "training_programme", "Which training programme are they in?")

FACTS: Mapping[str, tuple[Fact, ...]] = {
    "line_manager": (Fact("mentor", "line_manager", "Who is their line manager?"),),
    "management_chain": (Fact("mentor", "line_manager", "Who is their line manager?"),),
    "educational_supervisor": (
        Fact("mentor", "supervisors", "Who supervises them, or did in the look-back period?"),
    ),
    CONFIDENTIAL: _both("conflicts_confirmed", CONFIRM),
    "arcp_panel": (Fact("mentor", "conflicts_confirmed", CONFIRM), _PROGRAMME),
    "tpd_own_programme": (_PROGRAMME,),
    "no_seniority": _both("grade", "What is their grade?"),
    "mode_infeasible": (
        *_both("modes", "Can they meet in person, on screen, or either?"),
        *_both("availability", "When can they meet?"),
    ),
    "next_rotation": (
        Fact("mentor", "next_post_department", "In which department is their next post?"),
        Fact("mentee", "employer", "Who is their employer?"),
        Fact("mentee", "department", "Which department are they in?"),
    ),
    "same_department": (
        *_both("employer", "Who is their employer?"),
        *_both("department", "Which department are they in?"),
        *_both("specialty", "What is their specialty?"),
    ),
    "same_manager": _both("line_manager", "Who is their line manager?"),
    "same_employer": _both("employer", "Who is their employer?"),
    "same_programme_region": (
        *_both("specialty", "What is their specialty?"),
        *_both("deanery", "Which deanery are they in?"),
    ),
    "training_incomplete": _both("training_done", "When did they complete their induction?"),
}

_KIND_FACTS: Mapping[str, tuple[Fact, ...]] = {
    "region": _both("deanery", "Which deanery are they in?"),
    "school": _both("specialty", "What is their specialty?"),
    "employer": _both("employer", "Who is their employer?"),
    "specialty": _both("specialty", "What is their specialty?"),
    "department": _both("department", "Which department are they in?"),
}


def facts_needed(code: str) -> tuple[Fact, ...]:
    """The facts a rule is checked from, most telling first; empty for custom rules."""
    if code in FACTS:
        return FACTS[code]
    role = "head_of_school" if code == "hos_own_school" else code.removeprefix("role_")
    if role in ROLES and role not in RULES:
        kinds = ROLES[role]["match_on"].split("+")
        return tuple(fact for kind in kinds for fact in _KIND_FACTS.get(kind, ()))
    if code in RULES:
        return (Fact("mentor", "conflicts_confirmed", CONFIRM),)
    return ()
