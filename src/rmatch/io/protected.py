"""Headings that a participant table may not have: protected characteristics, monitoring answers."""

from __future__ import annotations

import re
from functools import cache

from rmatch.programme.participant import NEVER_KEPT
from rmatch.programme.reference import CHARACTERISTICS, form_fields, normalise

_SYNONYMS = """
age|age group|age band|age range|date of birth|dob|birth date|birthdate|birthday|year of birth
disability|disabilities|disabled|impairment|long term condition|health condition
gender|gender identity|gender reassignment|transgender|trans|non binary|pronouns
marital|marriage|married|civil partnership|civil partner
pregnant|pregnancy|maternity|paternity|parental leave
race|racial|ethnic|ethnicity|ethnicities|ethnic group
ethnic origin|ethnic background|national origin
ethnic heritage|cultural heritage
bame|bme|global majority|skin colour|nationality|nationalities|citizenship
country of birth|place of birth|country of origin|immigration status|visa|visa status
religion|religions|religious|faith|belief|beliefs
sex|sexuality|sexual orientation|sexual preference|lgbt|lgbtq|lgbtqi|lgbtqia
img|imgs|international medical graduate|international graduate|overseas graduate
country of qualification|country of primary medical qualification
place of primary medical qualification
country of medical school|pmq|caste
caring responsibilities|caring|carer|carers|dependants|dependents
socio economic|socioeconomic|social class|free school meals
neurodivergent|neurodivergence|neurodiverse|neurodiversity|autism|autistic|adhd|dyslexia|dyslexic
ltft|less than full time|part time
""".strip()
_MONITORING = ("monitoring", "equality monitoring", "edi monitoring", "edi monitoring answers")
_NEVER_KEPT = re.compile(
    r"\b(?:gmc|gdc|motivation|access needs|access requirements|adjustments|adjustment needs)\b"
)


def names_characteristic(heading: str) -> bool:
    """Whether a heading names a protected characteristic, alone or within a question."""
    return bool(_pattern().search(normalise(heading)))


def names_monitoring(heading: str) -> bool:
    """Whether a heading announces monitoring answers."""
    return normalise(heading) in _MONITORING


def is_never_kept(heading: str) -> bool:
    """Whether a heading names a GMC or GDC number, a motivation or access needs."""
    words = normalise(heading)
    return words in _never_kept() or bool(_NEVER_KEPT.search(words))


@cache
def _pattern() -> re.Pattern[str]:
    phrases = {phrase for line in _SYNONYMS.splitlines() for phrase in line.split("|")}
    for entry in CHARACTERISTICS:
        phrases |= {normalise(entry.id), normalise(entry.label)}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@cache
def _never_kept() -> frozenset[str]:
    labels = {field["id"]: field["label"] for field in form_fields()}
    return frozenset(normalise(text) for name in NEVER_KEPT for text in (name, labels[name]))
