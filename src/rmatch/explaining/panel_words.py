"""Words for a panel and for an auditor: the pair and neutral facts; codes under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rmatch.explaining.facts import PersonFacts
from rmatch.explaining.rule_words import public_code, rule_label, waived_words
from rmatch.explaining.unmatched import UnmatchedFacts
from rmatch.explaining.wording import counted
from rmatch.programme import Programme
from rmatch.programme.reference import SPECIALTIES


def panel_text(facts: PersonFacts, programme: Programme | None) -> str:
    """Pairs, neutral reasons and warnings; no ranks, scores, choices or exclusions."""
    if not facts.partners:
        return _no_partner(facts)
    lines = []
    for fact in facts.partners:
        lines.append(f"{facts.id} is matched with {fact.partner}.")
        if programme is not None:
            lines += [
                f"  {reason}" for reason in neutral_reasons(programme, facts.id, fact.partner)
            ]
        lines += [
            f"  To be looked at: {rule_label(code)} ({public_code(code)})."
            for code in fact.warned_by
        ]
        lines += [f"  {waived_words(code)}." for code in fact.waived]
    return "\n".join(lines)


def _no_partner(facts: PersonFacts) -> str:
    """The same for everybody of a side: who offers no place, or is allowed nobody, is not told."""
    text = f"{facts.id} has no partner in this matching."
    if not facts.outnumbered:
        return text
    opposite = "mentee" if facts.side == "mentor" else "mentor"
    return f"{text} There are more {facts.side}s than places with {opposite}s."


def neutral_reasons(programme: Programme, one: str, other: str) -> Iterator[str]:
    """What speaks for a pair without telling what either of them asked for."""
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
    unlisted = "" if others.unlisted is None else f" unlisted {others.unlisted}"
    lines.append(
        f"others {others.total} acceptable {others.acceptable}{unlisted} excluded_by {codes} "
        f"blocking {len(others.blocking)}"
    )
    if facts.unmatched is not None:
        lines.append(_unmatched(facts.unmatched))
    return "\n".join(lines)


def _unmatched(facts: UnmatchedFacts) -> str:
    """The reason's code, how many share how few places, and the level that decided."""
    few, instead = facts.too_few, facts.instead
    people, places = ("-", "-") if few is None else (len(few.people), few.places)
    level = "-" if instead is None or instead.level is None else instead.level
    return f"unmatched {facts.reason} people {people} places {places} level {level}"
