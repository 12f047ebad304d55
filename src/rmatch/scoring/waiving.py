"""Waivers: for which pairs a coordinator said that a rule does not count."""

from __future__ import annotations

from rmatch.scoring.people import People
from rmatch.scoring.scores import RuleMarks


def with_waivers(marks: RuleMarks, people: People) -> RuleMarks:
    """The marks without those of rules that are waived for a pair, which are told apart."""
    waivers = people.programme.settings.waivers
    if not waivers:
        return marks
    bits = {code: 1 << k for k, code in enumerate(marks.codes)}
    hard, warn, unknown = marks.hard.copy(), marks.warn.copy(), marks.unknown.copy()
    waived: dict[tuple[int, int], int] = {}
    unasked: dict[tuple[int, int], int] = {}
    for mentor, mentee, code in waivers:
        bit = bits.get(code, 0)  # 0: the rule is off
        pair = people.mentor_index[mentor], people.mentee_index[mentee]
        if (hard[pair] | warn[pair]) & bit:
            waived[pair] = waived.get(pair, 0) | bit
        elif unknown[pair] & bit:
            unasked[pair] = unasked.get(pair, 0) | bit
        for table in (hard, warn, unknown):
            table[pair] &= ~bit
    return RuleMarks(marks.codes, hard, warn, unknown, waived, unasked)
