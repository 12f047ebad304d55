"""Words for a panel and for an auditor: the pair and neutral facts; codes under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rmatch.explaining.facts import PersonFacts
from rmatch.explaining.rule_words import public_code, rule_label, waived_words
from rmatch.explaining.wording import counted
from rmatch.programme import Programme
from rmatch.programme.reference import SPECIALTIES


def panel_text(facts: PersonFacts, programme: Programme | None) -> str:
    """Pairs, neutral reasons and warnings; no ranks, scores, choices or exclusions."""
    if not facts.partners:
        return f"{facts.id} has no partner in this matching."
    lines = []
    for fact in facts.partners:
        lines.append(f"{facts.id} is matched with {fact.partner}.")
        if programme is not None:
            lines += [f"  {reason}" for reason in _neutral(programme, facts.id, fact.partner)]
        lines += [
            f"  To be looked at: {rule_label(code)} ({public_code(code)})."
            for code in fact.warned_by
        ]
        lines += [f"  {waived_words(code)}." for code in fact.waived]
    return "\n".join(lines)


def _neutral(programme: Programme, one: str, other: str) -> Iterator[str]:
    a, b = programme.by_id[one], programme.by_id[other]
    if a.specialty and b.specialty:
        groups = {SPECIALTIES[a.specialty]["group"], SPECIALTIES[b.specialty]["group"]}
        same = len(groups) == 1
        yield f"They work in {'one specialty group' if same else 'different specialty groups'}."
    modes = [mode for mode in ("in_person", "virtual") if mode in a.modes and mode in b.modes]
    if modes:
        words = {"in_person": "in person", "virtual": "on screen"}
        yield f"Both can meet {' or '.join(words[mode] for mode in modes)}."
    slots = len(set(a.availability) & set(b.availability))
    if slots:
        yield f"They have {counted(slots, 'half-day')} a week in common."


def auditor_text(facts: PersonFacts, pseudonyms: Mapping[str, str]) -> str:
    """Codes and pseudonyms only."""
    lines = [f"person {pseudonyms[facts.id]} side {facts.side} capacity {facts.capacity}"]
    for fact in facts.partners:
        lines.append(
            f"pair {pseudonyms[facts.id]} {pseudonyms[fact.partner]} score {fact.score} "
            f"ranks {fact.own_rank} {fact.partner_rank}"
        )
        codes = ",".join(map(public_code, fact.warned_by)) or "-"
        unchecked = ",".join(dict.fromkeys(map(public_code, fact.unchecked))) or "-"
        waived = ",".join(fact.waived) or "-"
        lines.append(f"  warned {codes} unchecked {unchecked} waived {waived}")
    others = facts.others
    codes = ",".join(sorted({public_code(code) for code in others.excluded_by})) or "-"
    lines.append(
        f"others {others.total} acceptable {others.acceptable} excluded_by {codes} "
        f"blocking {len(others.blocking)}"
    )
    return "\n".join(lines)
