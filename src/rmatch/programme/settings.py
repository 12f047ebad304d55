"""The settings of a programme: dates, weights, rules, objectives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator

from rmatch.added_strategies import added_names
from rmatch.errors import InputError, Place, Problem
from rmatch.programme.participant import Text, Texts
from rmatch.programme.records import Record
from rmatch.programme.reference import ROLES, RULES
from rmatch.programme.statements import (
    Limit,
    Load,
    MustNotPair,
    MustPair,
    Price,
    Quota,
    Standing,
    Statement,
    Waiver,
    as_quota,
    limit_problems,
)
from rmatch.programme.text import fold

Severity = Literal["hard", "warn", "off"]

DEFAULT_WEIGHTS: Mapping[str, int] = {
    "choice": 33,
    "topics": 33,
    "availability": 14,
    "specialty": 8,
    "place": 6,
    "interests": 6,
    "language": 0,
    "style": 0,
    "grade_gap": 0,
    "attributes": 0,
    "experience": 0,
}
"""Weight of each built-in criterion; docs/scoring.md says where they come from."""

OBJECTIVES: tuple[str, ...] = (
    "pairs",
    "people",
    "priority",
    "changes",
    "stability",
    "prices",
    "warnings",
    "score",
    "leximin",
    "rank_maximal",
    "generous",
    "egalitarian",
    "min_regret",
    "balanced",
    "side_equal",
    "tie_break",
)
"""Every objective."""

Stability = Literal["weak", "strong", "super"]
"""Which pairs block: both strictly prefer; one may be indifferent; both may be."""

PERSON_TABLES = ("minimum_load", "maximum_load", "load_price")
"""Settings that are tables by person, named by id, e-mail or exact name."""

PAIR_LISTS = ("must_pair", "must_not_pair", "standing_pairs", "frozen_pairs")
"""Settings that are lists of pairs of people."""

WAIVERS = "waivers"
"""The setting that lists pairs of people, each with the code of a rule."""

STRATEGIES: tuple[str, ...] = (
    "stable",
    "best_score",
    "leximin",
    "deferred_acceptance",
    "deferred_acceptance_mentees",
    "greedy",
    "serial_dictatorship",
    "random",
    "boston",
)
"""The strategies of rmatch itself, the default first."""

FROM_A_RUN: Mapping[str, bool] = {"from_a_run": True}
"""The context of settings that are read back: their strategy need not be installed any more."""

MOST_CANDIDATES = 10_000


def _counted_or_all(value: Any) -> Any:
    """One sentence for whatever is neither a number in range nor ``all``, rather than one for each.

    Raises:
        ValueError: it is neither.
    """
    text = str(value)
    is_short = len(text) <= len(f"{MOST_CANDIDATES}.0")
    is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
    if text == "all" or value is None:
        return value
    whole = text.removesuffix(".0")
    if not (is_number and is_short and whole.isdecimal() and 1 <= int(whole) <= MOST_CANDIDATES):
        raise ValueError(f"must be a number from 1 to {MOST_CANDIDATES}, or all")
    return int(whole)


Candidates = Annotated[
    Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] | Literal["all"],
    BeforeValidator(_counted_or_all),
]
"""How many candidates everybody has; ``all``: every pair is looked at."""

MINIMUM_SCORE = "minimum_score"
"""The code under which a pair of too low a score is excluded."""


def role_rule(role: str) -> str:
    """The rule code under which a role's scope is reported."""
    return _ROLE_RULES.get(role, f"role_{role}")


_ROLE_RULES = {
    "tpd": "tpd_own_programme",
    "foundation_tpd": "tpd_own_programme",
    "head_of_school": "hos_own_school",
    "deputy_head_of_school": "hos_own_school",
}


def default_severities() -> dict[str, Severity]:
    """Severity of every rule, built in or made by a role, by code."""
    severities: dict[str, Severity] = {rule.id: _severity(rule["severity"]) for rule in RULES}
    for role in ROLES:
        if role["match_on"] not in ("declared", "management_chain"):
            severities.setdefault(role_rule(role.id), _severity(role["severity"]))
    return severities


def _severity(text: str) -> Severity:
    if text == "hard":
        return "hard"
    if text == "warn":
        return "warn"
    return "off"


def is_waivable(code: str) -> bool:
    """Whether a coordinator may ever be offered to waive this rule."""
    return RULES[code]["waivable"] == "yes" if code in RULES else True


def is_confidential(code: str) -> bool:
    """Whether even a coordinator reads only "confidential" unless they ask."""
    return code in RULES and RULES[code]["confidential"] == "yes"


def default_lookbacks() -> dict[str, int]:
    """Look-back in months of the rules that have one, by code."""
    return {rule.id: int(rule["lookback_months"]) for rule in RULES if rule["lookback_months"]}


def _names(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _ends(value: Any) -> Any:
    """Pairs of people as pairs of texts, whatever they came as."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        (pair.mentor, pair.mentee)
        if isinstance(pair, MustPair | MustNotPair)
        else tuple(pair)
        if isinstance(pair, list)
        else pair
        for pair in value
    )


def _waived(value: Any) -> Any:
    """Waivers as triples of texts, whatever they came as."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        (one.mentor, one.mentee, one.rule)
        if isinstance(one, Waiver)
        else tuple(one)
        if isinstance(one, list)
        else one
        for one in value
    )


def _quotas(value: Any) -> Any:
    """Quotas by name, from sentences or fields."""
    if not isinstance(value, Mapping):
        return value
    quotas: dict[str, Quota] = {}
    faults = []
    for name, given in value.items():
        try:
            quotas[str(name).strip()] = as_quota(str(name).strip(), given)
        except InputError as error:
            faults += [f"quota {name} {problem.message}" for problem in error.problems]
        except ValueError as error:
            faults.append(f"quota {name} {error}")
    if faults:
        raise ValueError("; ".join(faults))
    return quotas


Pairs = Annotated[tuple[tuple[Text, Text], ...], BeforeValidator(_ends)]
Waivers = Annotated[tuple[tuple[Text, Text, Text], ...], BeforeValidator(_waived)]
Quotas = Annotated[
    dict[Text, Quota],
    BeforeValidator(_quotas),
    PlainSerializer(lambda quotas: {name: str(quota) for name, quota in quotas.items()}),
]


class Settings(Record):
    """How a programme is matched. Every field has a default; nothing reads today's date.

    ``weights``, ``rules`` and ``lookback_months`` given here change the defaults of those named and
    leave the others. ``minimum_score`` and ``indifference`` are in points (0-100). ``must_pair``,
    ``must_not_pair``, the tables of loads and ``quotas`` are what the coordinator states; nothing
    is scored by them. ``standing_pairs``, ``frozen_pairs`` and ``max_changes`` are what a rematch
    says of the pairs before it, anew each time. ``waivers`` are (mentor, mentee, rule code): that
    rule does not count for that pair. A code that is not built in may be a rule of one's own, so
    scoring looks it up. ``candidates`` is how many partners everybody is looked at with, ``all``
    for every pair; unless given, 50 where there are more than 2**25 pairs of people.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("strategy", "objectives", "seed")

    starts: date | None = None
    ends: date | None = None
    weights: dict[str, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(default_factory=dict)
    side_weights: tuple[
        Annotated[int, Field(ge=0, le=1000)], Annotated[int, Field(ge=0, le=1000)]
    ] = (6, 4)
    rules: dict[str, Severity] = Field(default_factory=dict)
    lookback_months: dict[str, Annotated[int, Field(ge=0, le=1200)]] = Field(default_factory=dict)
    min_level_gap: Annotated[int, Field(ge=-20, le=20)] = 2
    minimum_score: Annotated[int, Field(ge=0, le=100)] = 0
    indifference: Annotated[int, Field(ge=0, le=100)] = 5
    specialty: Literal["different", "same", "ignore"] = "different"
    strategy: str | None = None
    objectives: Annotated[tuple[str, ...] | None, BeforeValidator(_names)] = None
    stability: Stability = "weak"
    must_pair: Pairs = ()
    must_not_pair: Pairs = ()
    standing_pairs: Pairs = ()
    frozen_pairs: Pairs = ()
    max_changes: Limit | None = None
    waivers: Waivers = ()
    minimum_load: dict[Text, Limit] = Field(default_factory=dict)
    maximum_load: dict[Text, Limit] = Field(default_factory=dict)
    load_price: dict[Text, Price] = Field(default_factory=dict)
    quotas: Quotas = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0)] = 0
    time_limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    candidates: Candidates | None = None
    coordinators: Texts = ()
    induction_deadline: date | None = None

    @field_validator("weights", "rules", "lookback_months", mode="before")
    @classmethod
    def _known_names(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Mapping) and info.field_name == "rules":
            _refuse_unknown(value, default_severities())
        if isinstance(value, Mapping) and info.field_name == "lookback_months":
            _refuse_unknown(value, {rule.id: None for rule in RULES})
        return value

    @field_validator("rules", mode="after")
    @classmethod
    def _hard_stays_hard(cls, rules: dict[str, Severity]) -> dict[str, Severity]:
        defaults = default_severities()
        lowered = [
            code
            for code, severity in rules.items()
            if severity != "hard" and defaults[code] == "hard" and not is_waivable(code)
        ]
        if lowered:
            raise ValueError(f"lowers a rule that can never be waived: {', '.join(lowered)}")
        return rules

    @field_validator("waivers", mode="after")
    @classmethod
    def _only_what_may_be_waived(
        cls, waivers: tuple[tuple[str, str, str], ...]
    ) -> tuple[tuple[str, str, str], ...]:
        codes = dict.fromkeys(rule for _, _, rule in waivers)
        if MINIMUM_SCORE in codes:
            raise ValueError(
                f"waives {MINIMUM_SCORE}, which is not a rule: lower that setting for everybody"
            )
        never = [code for code in codes if not is_waivable(code) or is_confidential(code)]
        if never:
            raise ValueError(f"waives a rule that can never be waived: {', '.join(never)}")
        return waivers

    @field_validator("side_weights", mode="after")
    @classmethod
    def _some_side_counts(cls, weights: tuple[int, int]) -> tuple[int, int]:
        if sum(weights) == 0:
            raise ValueError("gives no weight to either side")
        return weights

    @field_validator("strategy", mode="after")
    @classmethod
    def _known_strategy(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is None or name in STRATEGIES or info.context == FROM_A_RUN:
            return name
        known = tuple(dict.fromkeys((*STRATEGIES, *added_names())))
        if name not in known:
            raise ValueError(f"is not a strategy; known are {', '.join(known)}")
        return name

    @field_validator("objectives", mode="after")
    @classmethod
    def _no_objective_twice(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is None:
            return None
        if not names:
            raise ValueError("names no objective")
        if len(set(names)) != len(names):
            raise ValueError("names an objective twice")
        unknown = [name for name in names if name not in OBJECTIVES]
        if unknown:
            raise ValueError(
                f"has unknown names: {', '.join(unknown)}; known are {', '.join(OBJECTIVES)}"
            )
        return names

    def _check(self) -> list[Problem]:
        problems = []
        if self.starts and self.ends and self.ends < self.starts:
            problems.append(Problem("is before the programme starts", Place(column="ends")))
        if self.strategy is not None and self.objectives is not None:
            message = "cannot be given together with objectives"
            problems.append(Problem(message, Place(column="strategy")))
        return [*problems, *load_faults(self)]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Everything the coordinator states: pairs, loads, quotas, each kind as it was written."""
        people = dict.fromkeys((*self.minimum_load, *self.maximum_load))
        return (
            *(MustPair(*pair) for pair in dict.fromkeys((*self.must_pair, *self.frozen_pairs))),
            *(MustNotPair(*pair) for pair in self.must_not_pair),
            *self._standing(),
            *(self._load(person) for person in people),
            *self.quotas.values(),
        )

    def _standing(self) -> Iterator[Standing]:
        if self.standing_pairs:
            yield Standing(self.standing_pairs, self.max_changes)

    def _load(self, person: str) -> Load:
        return Load(
            person,
            minimum=self.minimum_load.get(person, 0),
            maximum=self.maximum_load.get(person),
            price=self.load_price.get(person),
        )

    @property
    def all_weights(self) -> dict[str, int]:
        """Every criterion's weight, defaults included."""
        return {**DEFAULT_WEIGHTS, **self.weights}

    @property
    def severities(self) -> dict[str, Severity]:
        """Every rule's severity, defaults included."""
        return {**default_severities(), **self.rules}

    @property
    def lookbacks(self) -> dict[str, int]:
        """Look-back in months of every rule that has one, defaults included."""
        return {**default_lookbacks(), **self.lookback_months}


def _refuse_unknown(given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        raise ValueError(f"has unknown rule codes: {', '.join(unknown)}")


def load_faults(settings: Settings) -> list[Problem]:
    """Minimum loads above the maximum; the value of a problem is the person."""
    most = {fold(person): limit for person, limit in settings.maximum_load.items()}
    return [
        Problem(problem.message, Place(column="minimum_load"), value=person)
        for person, least in settings.minimum_load.items()
        if fold(person) in most
        for problem in limit_problems(least, most[fold(person)])
    ]
