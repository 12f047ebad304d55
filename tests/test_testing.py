"""The public strategies: whole, varied, and clear about what they need."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import Phase, find, given, settings

import brute_force
from rmatch.instance import Instance
from rmatch.programme import Participant, Programme
from rmatch.scoring import score
from rmatch.testing import FACETS, instances, programmes

FIRST_FOUND = settings(max_examples=3_000, phases=[Phase.generate], database=None)
"""Any example will do: nothing is gained by the smallest."""


@pytest.mark.parametrize(
    "wanted",
    [
        lambda i: i.n_mentors == 0 < i.n_mentees,
        lambda i: i.n_mentees == 0 < i.n_mentors,
        lambda i: i.n_mentors > 2 > i.n_mentees > 0,
        lambda i: i.n_mentors > 1 and i.n_mentees > 1 and i.n_pairs == 0,
        lambda i: i.n_pairs == i.n_mentors * i.n_mentees > 8,
        lambda i: i.n_pairs > 3 and i.mentor_rank.max() == 1,
        lambda i: i.mentor_rank.max(initial=0) > 3,
        lambda i: i.n_pairs > 3 and len(set(i.score.tolist())) == 1,
        lambda i: 0 in i.mentor_capacity and 3 in i.mentee_capacity,
        lambda i: i.mentor_priority.any() and i.mentee_priority.any(),
        lambda i: i.warned.any() and not i.warned.all(),
    ],
    ids=[
        *("no mentors", "no mentees", "unequal", "nobody acceptable", "complete", "all tied"),
        *("long lists", "equal scores", "capacities", "priorities", "warned"),
    ],
)
def test_instances_come_in_every_kind(wanted: Callable[[Instance], object]) -> None:
    """Each kind of instance that the design calls ordinary can be drawn."""
    find(instances(max_capacity=3), wanted, settings=FIRST_FOUND, random=Random(0))  # noqa: S311 - a seed


@pytest.mark.parametrize(
    "wanted",
    [
        lambda i: i.forced.sum() == 2,
        lambda i: not i.forced.any() and not i.quotas and i.n_pairs,
        lambda i: {quota.price for quota in i.quotas} == {None, 5},
        lambda i: any(q.pair.any() and q.mentor.any() and q.mentee.any() for q in i.quotas),
        lambda i: any(q.minimum == q.maximum for q in i.quotas),
        lambda i: any(q.maximum is None and q.minimum for q in i.quotas),
        lambda i: i.stability == "strong",
        lambda i: i.stability == "super",
        lambda i: i.n_pairs > 2 and brute_force.best(i, ["pairs"]) is None,
        lambda i: i.n_pairs > 2 and i.forced.any() and brute_force.best(i, ["pairs"]),
    ],
    ids=[
        *("forced", "nothing stated", "hard and priced", "everything counted", "exact", "open"),
        *("strong", "super", "impossible", "possible"),
    ],
)
def test_constrained_instances_come_in_every_kind(wanted: Callable[[Instance], object]) -> None:
    """Each kind of statement can be drawn, also such as cannot all hold."""
    drawn = instances(max_side=3, constrained=True)
    find(drawn, wanted, settings=FIRST_FOUND, random=Random(0))  # noqa: S311 - a seed


@given(instance=instances())
def test_unless_asked_for_nothing_is_stated(instance: Instance) -> None:
    """Instances as they always were."""
    assert not instance.forced.any()
    assert (instance.quotas, instance.stability) == ((), "weak")


@pytest.mark.parametrize(
    "wanted",
    [
        lambda p: not p.mentors and p.mentees,
        lambda p: len(p.mentors) > 3 and score(p).acceptable.all(),
        lambda p: (
            len(p.mentors) > 1 and all(len(m.vetoes) == len(p.mentees) > 1 for m in p.mentors)
        ),
        lambda p: any(len(group) > 1 for m in p.mentors for group in m.choices),
        lambda p: any(role.scope for s in p.mentees for role in s.leadership_roles),
        lambda p: p.conflicts and p.conflicts[0].until,
        lambda p: p.history and p.history[0].ended,
        lambda p: p.settings.indifference == 0,
        lambda p: p.settings.rules and p.settings.weights,
    ],
    ids=[
        *("no mentors", "everybody acceptable", "everybody vetoes", "tied choices", "scopes"),
        *("dated conflicts", "history", "indifference 0", "settings"),
    ],
)
def test_programmes_come_in_every_kind(wanted: Callable[[Programme], object]) -> None:
    """Each kind of programme can be drawn."""
    find(programmes(), wanted, settings=FIRST_FOUND, random=Random(0))  # noqa: S311 - a seed


@pytest.mark.hypothesis
def test_every_field_of_a_participant_is_filled_in_now_and_then() -> None:
    """A field that is new to the model must be drawn as well."""
    blank, seen = Participant(id="M1"), {"id"}

    @settings(max_examples=100)
    @given(programme=programmes(filled=FACETS))
    def collect(programme: Programme) -> None:
        for person in programme.people:
            fields = type(person).model_fields
            seen.update(f for f in fields if getattr(person, f) != getattr(blank, f))

    collect()
    assert seen == set(Participant.model_fields)


def test_without_hypothesis_the_error_names_the_pip_command() -> None:
    """Hypothesis is an extra; whoever lacks it is told what to install."""
    code = "import sys; sys.modules['hypothesis'] = None; import rmatch.testing"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "rmatch.testing needs hypothesis: pip install 'rmatch[testing]'" in run.stderr


def test_importing_rmatch_does_not_import_hypothesis() -> None:
    """The strategies are for tests only."""
    code = "import sys, rmatch; sys.exit('hypothesis' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
