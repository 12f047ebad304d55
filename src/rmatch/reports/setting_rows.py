"""The settings in words: rules, criteria, what was stated; nobody is named but to the coordinator.

Who must or must not be paired, and whose places are limited, tells of people what is the
coordinator's to know; others read how many such statements hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rmatch.explaining.rule_words import public_code, rule_label
from rmatch.explaining.wording import counted
from rmatch.programme import Settings
from rmatch.reports.pair_views import criterion_words
from rmatch.reports.reader import Reader
from rmatch.reports.view import SettingRow

if TYPE_CHECKING:
    from rmatch.matching import Matching

_SEVERITIES = {
    "hard": "Excludes a pair",
    "warn": "Flags a pair",
    "off": "Not looked at",
}
_SPECIALTIES = {
    "different": "another specialty group scores higher",
    "same": "the same specialty group scores higher",
    "ignore": "not counted",
}


def setting_rows(matching: Matching, reader: Reader) -> tuple[SettingRow, ...]:
    """Every setting that shapes a matching; none for an instance made without people."""
    if matching.programme is None:
        return ()
    settings = matching.programme.settings
    return (
        *_rules(settings, reader),
        *_criteria(matching, settings),
        *_scales(settings),
        *_stated(settings, reader),
    )


def _rules(settings: Settings, reader: Reader) -> Iterator[SettingRow]:
    """Rule by rule, the hard ones first; confidential ones read alike, and stand once."""
    told: dict[tuple[str, str], None] = {}
    severities = settings.severities
    for severity in ("hard", "warn", "off"):
        for code, given in severities.items():
            if given == severity:
                told[severity, _rule_words(code, reader)] = None
    yield from (SettingRow("Rule", words, _SEVERITIES[severity]) for severity, words in told)


def _rule_words(code: str, reader: Reader) -> str:
    shown = public_code(code, reveal=reader.reveal)
    if reader.is_auditor:
        return shown
    label = rule_label(code, reveal=reader.reveal)
    return label if label.casefold() == shown.casefold() else f"{label} ({shown})"


def _criteria(matching: Matching, settings: Settings) -> Iterator[SettingRow]:
    custom = () if matching.scores is None else matching.scores.custom[0]
    weights = {**settings.all_weights, **{one.name: one.weight for one in custom}}
    for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
        if weight:
            yield SettingRow("Criterion", criterion_words(name), f"weight {weight}")


def _scales(settings: Settings) -> Iterator[SettingRow]:
    mentor, mentee = settings.side_weights
    yield SettingRow("Scale", "Mentor's side to mentee's side", f"{mentor} to {mentee}")
    yield SettingRow("Scale", "Specialty", _SPECIALTIES[settings.specialty])
    yield SettingRow("Scale", "Least score of a pair", str(settings.minimum_score))
    yield SettingRow(
        "Scale", "Scores count as equal within", counted(settings.indifference, "point")
    )
    yield SettingRow("Scale", "Levels by which a mentee is senior", str(settings.min_level_gap))


def _stated(settings: Settings, reader: Reader) -> Iterator[SettingRow]:
    pairs = {
        "Pairs that must be made": settings.must_pair,
        "Pairs that stand": settings.frozen_pairs,
        "Pairs that must not be made": settings.must_not_pair,
    }
    for name, ends in pairs.items():
        if ends and reader.is_coordinator:
            words = ", ".join(f"{mentor} with {mentee}" for mentor, mentee in ends)
            yield SettingRow("Stated", name, words)
        elif ends and ends is not settings.must_not_pair:
            yield SettingRow("Stated", name, str(len(ends)))
    if reader.is_coordinator:
        yield from _of_people(settings)
    elif loads := len({*settings.minimum_load, *settings.maximum_load}):
        yield SettingRow("Stated", "People with a number of partners stated", str(loads))
    for name, quota in settings.quotas.items():
        if reader.is_auditor:  # its name and values are somebody's own words
            yield SettingRow("Stated", "Quota", f"on {quota.count}")
        else:
            yield SettingRow("Stated", f"Quota {name}", str(quota))


def _of_people(settings: Settings) -> Iterator[SettingRow]:
    """Loads and waivers, which name people."""
    for person in dict.fromkeys((*settings.minimum_load, *settings.maximum_load)):
        least, most = settings.minimum_load.get(person), settings.maximum_load.get(person)
        parts = [
            *([f"at least {least}"] if least is not None else []),
            *([f"at most {most}"] if most is not None else []),
        ]
        yield SettingRow("Stated", f"Partners of {person}", ", ".join(parts))
    for mentor, mentee, code in settings.waivers:
        words = f"{rule_label(code)} ({code})"
        yield SettingRow("Waived", f"{mentor} with {mentee}", words)
