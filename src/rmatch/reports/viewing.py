"""A matching as one audience may see it: the one place where that is decided for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch import __version__
from rmatch.explaining.explanation import Audience, checked_audience
from rmatch.explaining.level_words import BLOCKING
from rmatch.explaining.wording import counted
from rmatch.reports import summarising
from rmatch.reports.exploring import explorer_of
from rmatch.reports.extent import left_out
from rmatch.reports.level_views import level_rows
from rmatch.reports.pair_views import pair_views, question_views, rule_views
from rmatch.reports.reader import Reader
from rmatch.reports.seconds import REPORT_SECONDS
from rmatch.reports.setting_rows import setting_rows
from rmatch.reports.unmatched_views import unmatched_views
from rmatch.reports.view import AuditView, ReportView, ScoreArray
from rmatch.solving.clock import Clock, checked_clock

if TYPE_CHECKING:
    from rmatch.audit import Audit
    from rmatch.matching import Matching

FOR_UNMATCHED = 0.4
"""The share of it that goes to people without a partner at most."""


def report_view(
    matching: Matching,
    audience: str = "panel",
    *,
    names: bool = False,
    reveal: bool = False,
    time_limit: float | None = REPORT_SECONDS,
    explore: bool = True,
    audit: Audit | None = None,
) -> ReportView:
    """What an audience may see of a matching, and nothing more.

    It says nothing of the time of day. A panel's and an auditor's view of one matching are always
    the same but for a limit that came too soon; so is the coordinator's where the time was enough.

    Args:
        matching: The matching.
        audience: ``panel``, ``coordinator`` or ``auditor``.
        names: Whether names stand beside the ids; an auditor sees none.
        reveal: For the coordinator: call vetoes and confidential rules by their own codes.
        time_limit: Seconds for all that has to be solved; at 0 nothing is. What there was no time
            for is said.
        explore: Whether why not is worked out for every pair, for the coordinator; a workbook has
            no room for it.
        audit: The verdict on this matching, where it is known already; else it is made.

    Raises:
        ValueError: an unknown audience; a participant, who reads a letter; a time limit below 0.
    """
    kind = report_audience(audience)
    clock = checked_clock(time_limit)
    reader = Reader.of(matching, kind, names=names, reveal=reveal)
    share = Clock(None if clock.left is None else clock.left * FOR_UNMATCHED)
    missing = left_out(matching, reader)
    has_every_pair = reader.is_coordinator and not missing
    levels = level_rows(matching, reader)
    checked = _audit_view(matching.verify() if audit is None else audit, reader)
    return ReportView(
        audience=kind,
        for_people=matching.programme is not None,
        title=summarising.TITLE,
        programme=summarising.dates(matching),
        headline=summarising.headline(matching),
        is_proved=matching.status == "optimal",
        summary=summarising.sections(matching, reader, levels, checked),
        pairs=pair_views(matching, reader),
        unmatched=unmatched_views(matching, reader, share),
        blocking_count=len(matching.blocking_pairs),
        blocking=_blocking(matching, reader),
        blocking_words=BLOCKING[matching.instance.stability],
        warnings=rule_views(matching.warnings, reader),
        waived=rule_views(matching.waived, reader),
        questions=question_views(matching, reader),
        settings=setting_rows(matching, reader),
        levels=levels,
        audit=checked,
        version=__version__,
        seed=matching.seed,
        strategy=matching.strategy or "",
        input_hash=matching.input_hash if reader.is_auditor else "",
        scores=_scores(matching) if has_every_pair else None,
        explorer=explorer_of(matching, reader, clock) if explore and has_every_pair else None,
        left_out=missing,
    )


def report_audience(audience: str) -> Audience:
    """The audience, if there is a report for it.

    Raises:
        ValueError: an unknown audience, or a participant.
    """
    kind = checked_audience(audience)
    if kind == "participant":
        raise ValueError(
            "a report is not for participants: each reads their own letter, from matching.letters()"
        )
    return kind


def _blocking(matching: Matching, reader: Reader) -> tuple[tuple[str, str], ...] | None:
    if reader.audience == "panel":
        return None
    pairs = (reader.pair(*pair) for pair in matching.blocking_pairs)
    return tuple(sorted(pairs) if reader.is_auditor else pairs)


def _audit_view(audit: Audit, reader: Reader) -> AuditView:
    """The verdict; what exactly is wrong, and what was not checked, for the coordinator."""
    if audit.ok:
        verdict = "A separate audit recomputed every claim from the raw answers and found no fault."
    else:
        verdict = f"A separate audit found {counted(len(audit.findings), 'fault')}: do not approve."
    if reader.is_coordinator:
        notes = (f"{note[:1].upper()}{note[1:]}." for note in audit.notes)
        return AuditView(audit.ok, (verdict, *map(str, audit.findings), *notes))
    if reader.is_auditor:
        kinds = dict.fromkeys(finding.kind.value for finding in audit.findings)
        return AuditView(audit.ok, (verdict, *kinds))
    return AuditView(audit.ok, (verdict,))


def _scores(matching: Matching) -> ScoreArray:
    """Every allowed pair's score, as people see it."""
    instance, for_people = matching.instance, matching.programme is not None
    rows: list[list[float | None]] = [
        [None] * len(instance.mentee_ids) for _ in instance.mentor_ids
    ]
    for mentor, mentee, score in zip(
        instance.mentor.tolist(), instance.mentee.tolist(), instance.score.tolist(), strict=True
    ):
        rows[mentor][mentee] = score / 100 if for_people else score
    return ScoreArray(instance.mentor_ids, instance.mentee_ids, tuple(map(tuple, rows)))
