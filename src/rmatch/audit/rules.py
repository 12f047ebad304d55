"""The computed rules, one function each: true (broken), false or unknown (``None``) for a pair."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.alike import Classes, Common, LooksAt
from rmatch.audit.declared import IdPair, conflicts_in_force, earlier_pairs
from rmatch.audit.facts import Facts, HeldRole, facts_of
from rmatch.audit.roles import Reach, reaches_of
from rmatch.audit.truth import Truth, every, given_same, same, some
from rmatch.audit.waived import waivers_in_force
from rmatch.programme import Programme, Settings


@dataclass(frozen=True, slots=True)
class World:
    """The raw programme, looked up once: people's facts and what is recorded between them."""

    settings: Settings
    mentors: tuple[Facts, ...]
    mentees: tuple[Facts, ...]
    declared: Mapping[IdPair, frozenset[str]]
    waived: Mapping[IdPair, frozenset[str]]
    earlier: frozenset[IdPair]
    failed: frozenset[IdPair]
    reaches: Mapping[str, tuple[Reach, ...]]


Condition = Callable[[World, Facts, Facts], Truth]


def world_of(programme: Programme) -> World:
    """Everything that the pairs of ``programme`` are judged by."""
    mentees = tuple(facts_of(programme, person, senior=True) for person in programme.mentees)
    return World(
        settings=programme.settings,
        mentors=tuple(facts_of(programme, person, senior=False) for person in programme.mentors),
        mentees=mentees,
        declared=conflicts_in_force(programme.conflicts, programme.settings),
        waived=waivers_in_force(programme.settings),
        earlier=earlier_pairs(programme.history, failed_only=False),
        failed=earlier_pairs(programme.history, failed_only=True),
        reaches={mentee.id: reaches_of(mentee) for mentee in mentees},
    )


def _self(_: World, m: Facts, s: Facts) -> Truth:
    return given_same(m.email, s.email)


def _line_manager(_: World, m: Facts, s: Facts) -> Truth:
    if m.person.line_manager == s.id or s.person.line_manager == m.id:
        return True
    return None if m.person.line_manager is None else False


def _management_chain(_: World, m: Facts, s: Facts) -> Truth:
    if s.id in m.chain.above or m.id in s.chain.above:
        return True
    elsewhere = same(m.employer, s.employer) is False
    return None if m.chain.open_ended and not elsewhere else False


def _same_manager(_: World, m: Facts, s: Facts) -> Truth:
    if "" in (m.person.line_manager, s.person.line_manager):
        return False
    return same(m.manager, s.manager)


def _holds(s: Facts, *names: str) -> list[HeldRole]:
    return [held for held in s.roles if held.role in names]


def _over(held: list[HeldRole], *scopes: str | None) -> bool:
    return any(role.scope in scopes for role in held if not role.blank)


def _individual(*names: str) -> Condition:
    """A role held over one person: the scope is that person's id."""

    def condition(_: World, m: Facts, s: Facts) -> Truth:
        held = _holds(s, *names)
        if _over(held, m.key):
            return True
        return None if any(role.blank for role in held) and not m.confirmed else False

    return condition


_supervises = _individual("educational_supervisor", "academic_supervisor", "gp_trainer")


def _educational_supervisor(world: World, m: Facts, s: Facts) -> Truth:
    supervisors = m.person.supervisors
    named = None if supervisors is None else s.id in supervisors
    return some([named, _supervises(world, m, s)])


def _arcp_panel(_: World, m: Facts, s: Facts) -> Truth:
    held = _holds(s, "arcp_panel")
    if _over(held, m.training_programme, m.key):
        return True
    may_be = any(not m.outside_training if role.blank else m.programme_unknown for role in held)
    return None if may_be and not m.confirmed else False


def _tpd_own_programme(_: World, m: Facts, s: Facts) -> Truth:
    held = _holds(s, "tpd", "foundation_tpd")
    if _over(held, m.training_programme):
        return True
    unclear = [not m.outside_training if role.blank else m.programme_unknown for role in held]
    return None if any(unclear) else False


def _same_department(_: World, m: Facts, s: Facts) -> Truth:
    departments = same(m.department, s.department)
    specialties = same(m.person.specialty, s.person.specialty)
    inner = specialties if departments is None else departments
    return every([same(m.employer, s.employer), inner])


def _same_employer(_: World, m: Facts, s: Facts) -> Truth:
    return same(m.employer, s.employer)


def _same_programme_region(_: World, m: Facts, s: Facts) -> Truth:
    specialties = same(m.person.specialty, s.person.specialty)
    return every([specialties, same(m.person.deanery, s.person.deanery)])


def _no_seniority(world: World, m: Facts, s: Facts) -> Truth:
    if m.level is None or s.level is None:
        return None
    return s.level - m.level < world.settings.min_level_gap


def _mode_infeasible(_: World, m: Facts, s: Facts) -> Truth:
    return some([_nothing_shared(m.modes, s.modes), _nothing_shared(m.slots, s.slots)])


def _nothing_shared(left: frozenset[str], right: frozenset[str]) -> Truth:
    if not left or not right:
        return None
    return left.isdisjoint(right)


def _next_rotation(world: World, m: Facts, s: Facts) -> Truth:
    starts, ends = m.person.next_post_start, world.settings.ends
    after = starts is not None and ends is not None and starts > ends
    employer = False if m.next_employer is None else same(m.next_employer, s.employer)
    return every([employer, _next_department(m, s), not after])


def _next_department(m: Facts, s: Facts) -> Truth:
    if m.next_department is None or (s.department is None and s.person.specialty is None):
        return None
    there = given_same(m.next_department, s.department)
    return there or given_same(m.next_specialty, s.person.specialty)


def _training_incomplete(world: World, m: Facts, s: Facts) -> Truth:
    deadline = world.settings.induction_deadline
    if deadline is None:
        return False
    done = (m.person.training_done, s.person.training_done)
    return some(None if day is None else day > deadline for day in done)


def _previous_pair(world: World, m: Facts, s: Facts) -> Truth:
    met = s.id in m.former_partners or m.id in s.former_partners
    return met or (m.id, s.id) in world.earlier


def _failed_pair(world: World, m: Facts, s: Facts) -> Truth:
    return (m.id, s.id) in world.failed


def _veto(_: World, m: Facts, s: Facts) -> Truth:
    return s.id in m.person.vetoes or m.id in s.person.vetoes


def _confidential(_: World, m: Facts, s: Facts) -> Truth:
    if s.id in m.person.conflicts or m.id in s.person.conflicts:
        return True
    return False if m.confirmed and s.confirmed else None


def _coordinator_self(_: World, m: Facts, s: Facts) -> Truth:
    return m.coordinator or s.coordinator


CONDITIONS: Mapping[str, Condition] = {
    "self": _self,
    "line_manager": _line_manager,
    "management_chain": _management_chain,
    "same_manager": _same_manager,
    "educational_supervisor": _educational_supervisor,
    "clinical_supervisor": _individual("clinical_supervisor"),
    "appraiser": _individual("appraiser"),
    "psw_case": _individual("psw_case_manager"),
    "arcp_panel": _arcp_panel,
    "examiner_pending": _individual("examiner"),
    "tpd_own_programme": _tpd_own_programme,
    "same_department": _same_department,
    "same_employer": _same_employer,
    "same_programme_region": _same_programme_region,
    "no_seniority": _no_seniority,
    "mode_infeasible": _mode_infeasible,
    "next_rotation": _next_rotation,
    "training_incomplete": _training_incomplete,
    "previous_pair": _previous_pair,
    "failed_pair": _failed_pair,
    "veto": _veto,
    "confidential": _confidential,
    "coordinator_self": _coordinator_self,
}
"""Rules computed from fields; ``hos_own_school`` and ``role_…`` come from the roles' reach."""


def _nothing(_: Facts) -> Hashable:
    return None


def _blank(*names: str) -> Classes:
    return Classes(lambda m: m.confirmed, lambda s: any(role.blank for role in _holds(s, *names)))


def _work(person: Facts) -> Hashable:
    return person.employer, person.department, person.person.specialty


def _manager(person: Facts) -> Hashable:
    return person.manager, person.person.line_manager == ""


def _training(mentor: Facts) -> Hashable:
    return mentor.training_programme, mentor.outside_training


def _meetings(person: Facts) -> Iterable[Hashable]:
    """How and when somebody can meet; ``None`` is for who has not said."""
    yield from (("mode", mode) for mode in person.modes or (None,))
    yield from (("slot", slot) for slot in person.slots or (None,))


_NEVER = Classes(_nothing, _nothing)
"""Between two who do not name each other it is what it is."""

LOOKS_AT: Mapping[str, LooksAt] = {
    "self": _NEVER,
    "line_manager": Classes(lambda m: m.person.line_manager is None, _nothing),
    "management_chain": Classes(lambda m: (m.chain.open_ended, m.employer), lambda s: s.employer),
    "same_manager": Classes(_manager, _manager),
    "educational_supervisor": Classes(
        lambda m: (m.person.supervisors is None, m.confirmed),
        _blank("educational_supervisor", "academic_supervisor", "gp_trainer").other,
    ),
    "clinical_supervisor": _blank("clinical_supervisor"),
    "appraiser": _blank("appraiser"),
    "psw_case": _blank("psw_case_manager"),
    "arcp_panel": Classes(
        lambda m: (_training(m), m.confirmed), lambda s: tuple(_holds(s, "arcp_panel"))
    ),
    "examiner_pending": _blank("examiner"),
    "tpd_own_programme": Classes(_training, lambda s: tuple(_holds(s, "tpd", "foundation_tpd"))),
    "same_department": Classes(_work, _work),
    "same_employer": Classes(lambda m: m.employer, lambda s: s.employer),
    "same_programme_region": Classes(
        lambda m: (m.person.specialty, m.person.deanery),
        lambda s: (s.person.specialty, s.person.deanery),
    ),
    "no_seniority": Classes(lambda m: m.level, lambda s: s.level),
    "mode_infeasible": Common(lambda m: (("mode", None), ("slot", None), *_meetings(m)), _meetings),
    "next_rotation": Classes(
        lambda m: (
            *(m.next_employer, m.next_department, m.next_specialty),
            m.person.next_post_start,
        ),
        _work,
    ),
    "training_incomplete": Classes(
        lambda m: m.person.training_done, lambda s: s.person.training_done
    ),
    "previous_pair": _NEVER,
    "failed_pair": _NEVER,
    "veto": _NEVER,
    "confidential": Classes(lambda m: m.confirmed, lambda s: s.confirmed),
    "coordinator_self": Classes(lambda m: m.coordinator, lambda s: s.coordinator),
}
"""What each looks at of a mentor and a mentee who do not name each other, besides the settings."""
