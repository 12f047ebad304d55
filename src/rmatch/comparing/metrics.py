"""Every metric by name: what exactly is counted, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rmatch.comparing import counts, gains, wishes
from rmatch.comparing.records import Metric

_ALL = (
    Metric("pairs", "Pairs", "How many pairs are made.", "more", "count", counts.pairs),
    Metric(
        "unmatched",
        "Unmatched",
        "How many people who have a place have no partner.",
        "less",
        "count",
        counts.unmatched,
    ),
    Metric(
        "blocking_pairs",
        "Blocking pairs",
        "How many acceptable pairs block: both would rather have each other, as the setting "
        "`stability` has it.",
        "less",
        "count",
        counts.blocking,
    ),
    Metric(
        "in_blocking",
        "In a blocking pair",
        "Of the people who have a place, the share who are in a blocking pair.",
        "less",
        "share",
        counts.in_blocking,
    ),
    Metric(
        "total_score",
        "Total score",
        "The scores of all pairs together.",
        "more",
        "score",
        gains.total_score,
    ),
    Metric(
        "mentor_score",
        "Mentors' mean score",
        "The mean over pairs of the score on the mentor's side.",
        "more",
        "score",
        gains.mentor_score,
    ),
    Metric(
        "mentee_score",
        "Mentees' mean score",
        "The mean over pairs of the score on the mentee's side.",
        "more",
        "score",
        gains.mentee_score,
    ),
    Metric(
        "mentor_total",
        "Mentors' total score",
        "The scores of all pairs on the mentor's side together.",
        "more",
        "score",
        gains.mentor_total,
    ),
    Metric(
        "mentee_total",
        "Mentees' total score",
        "The scores of all pairs on the mentee's side together.",
        "more",
        "score",
        gains.mentee_total,
    ),
    Metric(
        "worst_off",
        "Worst off",
        "Of the people with a partner, the least that anybody's worst partner scores on their own "
        "side.",
        "more",
        "score",
        gains.worst_off,
    ),
    Metric(
        "gini",
        "Gini coefficient",
        "How unequal it is what people who have a place get, the mean of their partners' scores on "
        "their own side and 0 without a partner: from 0, all the same, towards 1 (Gini, 1912).",
        "less",
        "index",
        gains.gini,
    ),
    Metric(
        "first_choice",
        "Got a first choice",
        "Of the people who named somebody they may be paired with, the share who got a first "
        "choice.",
        "more",
        "share",
        wishes.first_choice,
    ),
    Metric(
        "any_choice",
        "Got any choice",
        "Of the people who named somebody they may be paired with, the share who got any of those "
        "they named.",
        "more",
        "share",
        wishes.any_choice,
    ),
    Metric(
        "mentor_choice_rank",
        "Mentors' mean choice",
        "Over the pairs whose mentor named the mentee, the mean number of that choice, from 1.",
        "less",
        "rank",
        wishes.mentor_choice_rank,
    ),
    Metric(
        "mentee_choice_rank",
        "Mentees' mean choice",
        "Over the pairs whose mentee named the mentor, the mean number of that choice, from 1.",
        "less",
        "rank",
        wishes.mentee_choice_rank,
    ),
    Metric(
        "loss",
        "Score lost",
        "What the total score lacks, as a share of the greatest that any legal matching reaches, "
        "however few pairs it has.",
        "less",
        "share",
        gains.loss,
    ),
    Metric(
        "envy",
        "Envious people",
        "Of the people who have a place, the share who have a free place or a partner whom they "
        "like less than somebody acceptable who is matched to others (Foley, 1967); what that one "
        "would say to it counts for nothing.",
        "less",
        "share",
        counts.envy,
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})
"""Every metric that rmatch has, in the order of tables."""
