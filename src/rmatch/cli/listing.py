"""All pairs of a run, for each audience with what it may see and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rmatch.cli import result_text as show
from rmatch.cli.output import say, say_table
from rmatch.explaining.records import Waived, Warned
from rmatch.matching import Matching


def show_list(matching: Matching, audience: str) -> None:
    """The pairs and who is left; scores and ranks for the coordinator alone."""
    if audience == "coordinator":
        show.show_headline(matching)
        say()
        show.show_pairs(matching, {})
        return
    content = list_json(matching, audience)
    rows = [
        (one["mentor"], one["mentee"], "; ".join([*one["warnings"], *_waived_words(one["waived"])]))
        for one in content["pairs"]
    ]
    say_table(("mentor", "mentee", "to be looked at"), rows)
    if content["unmatched"]:
        say(f"\nWithout a partner: {', '.join(content['unmatched'])}")


def _waived_words(rules: list[str]) -> list[str]:
    return [f"waived: {rule}" for rule in rules]


def list_json(matching: Matching, audience: str) -> dict[str, Any]:
    """The same for a program."""
    if audience == "coordinator":
        return matching.to_dict()
    called: Mapping[str, str] = {}
    if audience == "auditor":
        called = matching.pseudonyms.names
    warned = _by_pair(matching.warnings, audience)
    waived = _by_pair(matching.waived, audience)
    pairs = [
        {
            "mentor": called.get(pair.mentor, pair.mentor),
            "mentee": called.get(pair.mentee, pair.mentee),
            "warnings": warned.get((pair.mentor, pair.mentee), []),
            "waived": waived.get((pair.mentor, pair.mentee), []),
        }
        for pair in matching.pairs
    ]
    if audience == "auditor":
        # In the order of the programme, the row alone would say who it is.
        pairs.sort(key=lambda pair: str(pair["mentor"]))
    unmatched = [called.get(person, person) for person in matching.unmatched]
    return {"pairs": pairs, "unmatched": sorted(unmatched) if called else unmatched}


def _by_pair(items: Iterable[Warned | Waived], audience: str) -> dict[tuple[str, str], list[str]]:
    """Rules by pair: their codes for the auditor, in words for the others."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        text = item.rule if audience == "auditor" else item.text
        found.setdefault((item.mentor, item.mentee), []).append(text)
    return found
