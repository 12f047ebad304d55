"""The shipped vocabularies, and the settings that are made of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmatch.errors import InputError
from rmatch.programme import Participant, Settings
from rmatch.programme.participant import ELSEWHERE, NEVER_KEPT
from rmatch.programme.reference import (
    CHARACTERISTICS,
    DEANERIES,
    GRADES,
    NHS_REGIONS,
    ROLES,
    RULES,
    SPECIALTIES,
    SPECIALTY_GROUPS,
    TOPICS,
    VOCABULARIES,
    AmbiguousValueError,
    UnknownValueError,
    Vocabulary,
    form_fields,
)
from rmatch.programme.settings import (
    DEFAULT_WEIGHTS,
    OBJECTIVES,
    default_lookbacks,
    default_severities,
    is_confidential,
    is_waivable,
    role_rule,
)
from rmatch.programme.settings import STRATEGIES as SETTINGS_STRATEGIES
from rmatch.scoring.criteria import FUNCTIONS
from rmatch.scoring.roles import scope_rules
from rmatch.scoring.rules import COMPUTED
from rmatch.solving.objectives import REGISTRY, STRATEGIES
from rmatch.solving.strategies import ALGORITHMS

ALL = {**VOCABULARIES, "NHS region": NHS_REGIONS, "specialty group": SPECIALTY_GROUPS}

ROWS = {
    "specialty": 89,
    "grade": 37,
    "role": 26,
    "deanery": 17,
    "topic": 23,
    "characteristic": 14,
    "rule": 33,
    "NHS region": 11,
    "specialty group": 17,
}

# ------------------------------------------------------------------------------------- participants


def test_a_participant_has_the_fields_of_the_form() -> None:
    """The list of fields and the model are the same, but for what is never kept or elsewhere."""
    listed = {row["id"] for row in form_fields()}
    assert {*NEVER_KEPT, *ELSEWHERE} <= listed
    assert set(Participant.model_fields) == listed - {*NEVER_KEPT, *ELSEWHERE} | {"extra"}


def test_only_the_id_is_required() -> None:
    """Every other field may be left blank, and blank is never a fact."""
    blank = Participant(id="M1")
    assert (blank.supervisors, blank.line_manager, blank.conflicts_confirmed) == (None, None, None)
    assert blank.capacity == 1
    with pytest.raises(InputError, match="column id: field required"):
        Participant()  # type: ignore[call-arg]


def test_a_participant_is_frozen() -> None:
    """Nothing changes a person behind the programme's back, and the refusal tells nothing."""
    person = Participant(id="M1", name="Zelda Quill")
    with pytest.raises(AttributeError, match="frozen") as caught:
        person.name = "Zelda Quin"  # type: ignore[misc]
    assert "Zelda" not in str(caught.value)
    with pytest.raises(AttributeError, match="name cannot be removed"):
        del person.name
    assert person.name == "Zelda Quill"


def test_a_participant_is_read_from_json() -> None:
    """What is wrong with the text is said, and none of the text itself."""
    text = Participant(id="M1", name="Zelda Quill", choices=[["S1"]]).model_dump_json()
    assert Participant.model_validate_json(text).name == "Zelda Quill"
    for broken in (text[:-5], text.replace('"capacity":1', '"capacity":"many"'), "[]"):
        with pytest.raises(InputError) as caught:
            Participant.model_validate_json(broken)
        assert "Zelda" not in str(caught.value)
        assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"choices": [["S1"], ["S1"]]}, "column choices (M1): names somebody twice"),
        ({"availability": ["monday"]}, "has a slot that is not one of mon_am"),
        ({"modes": ["telepathy"]}, "column modes (M1)"),
        ({"capacity": -1}, "column capacity (M1): input should be greater than or equal to 0"),
        ({"wants": ["wellbeing"] * 6}, None),
        (
            {"wants": [topic.id for topic in TOPICS][:6]},
            "should have at most 5 items",
        ),
        ({"shoe_size": 7}, "column shoe_size (M1): extra inputs are not permitted"),
        ({"specialty": "psychiatry"}, "could mean more than one specialty"),
        ({"specialty": "urolgy"}, "is not a known specialty (did you mean Urology, "),
    ],
)
def test_fields_that_make_no_sense_are_refused(fields: dict[str, Any], message: str | None) -> None:
    """Each problem names the person and the field; repeats of one answer are dropped."""
    if message is None:
        assert Participant(id="M1", **fields).wants == ("wellbeing",)
        return
    with pytest.raises(InputError) as caught:
        Participant(id="M1", **fields)
    assert message in str(caught.value)


# ----------------------------------------------------------------------------------------- spelling


def test_every_table_is_shipped_whole() -> None:
    """The package's tables have as many rows as the reference they were built from."""
    assert {name: len(vocabulary) for name, vocabulary in ALL.items()} == ROWS
    assert len(form_fields()) == 45


@pytest.mark.parametrize("name", ALL)
def test_every_spelling_of_the_tables_resolves(name: str) -> None:
    """An id, a label or an alias means its row, or is refused with all it could mean."""
    vocabulary = ALL[name]
    for entry in vocabulary:
        for spelling in (entry.id, entry.label, *entry.aliases):
            if vocabulary.find(spelling) is None:
                with pytest.raises(AmbiguousValueError) as caught:
                    vocabulary.resolve(spelling)
                assert entry.label in caught.value.candidates
                assert len(caught.value.candidates) > 1
            else:
                assert vocabulary.resolve(spelling) == vocabulary.find(spelling) == entry.id


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_case_spaces_and_punctuation_do_not_matter(name: str, data: st.DataObject) -> None:
    """``general  SURGERY``, ``general-surgery`` and ``General surgery`` are one."""
    vocabulary = ALL[name]
    entry = data.draw(st.sampled_from(list(vocabulary)))
    spelling = data.draw(st.sampled_from((entry.id, entry.label, *entry.aliases)))
    change = data.draw(
        st.sampled_from((str.upper, str.lower, str.title, str.swapcase, lambda text: text))
    )
    gap = data.draw(st.sampled_from(("  ", "\u00a0", "_", "-", " - ", "\t")))
    around = data.draw(st.sampled_from(("", " ", "\u00a0", "\n")))
    written = around + gap.join(change(spelling).split()) + around
    assert vocabulary.find(written) == vocabulary.find(spelling)


@pytest.mark.parametrize(
    ("vocabulary", "written", "meant"),
    [
        (SPECIALTIES, "T&O", "trauma_and_orthopaedic_surgery"),
        (SPECIALTIES, "trauma and orthopaedics", "trauma_and_orthopaedic_surgery"),
        (SPECIALTIES, "ent", "otolaryngology"),
        (ROLES, "TPD", "tpd"),
        (ROLES, "Dean", "pgd"),
        (ROLES, "Associate Dean", "apd"),
        (GRADES, "Trust Registrar", "led_senior"),
        (DEANERIES, "east of england", "EOE"),
        (RULES, "Family", "family"),
    ],
)
def test_what_people_write(vocabulary: Vocabulary, written: str, meant: str) -> None:
    """A sample by hand, so that the tables cannot all be wrong together."""
    assert vocabulary.find(written) == vocabulary.resolve(written) == meant


def test_an_ambiguous_word_lists_its_candidates() -> None:
    """Part of several labels is refused, and each label is offered."""
    with pytest.raises(AmbiguousValueError) as caught:
        SPECIALTIES.resolve("Psychiatry")
    candidates = caught.value.candidates
    assert len(candidates) >= 3
    assert all("sychiatry" in label for label in candidates)
    assert str(caught.value).startswith("could mean more than one specialty: ")
    assert SPECIALTIES.find("Psychiatry") is None


def test_an_ambiguous_alias_lists_its_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should two rows ever share an alias, neither is guessed."""
    rows = [
        {"id": "a", "label": "Alpha", "aliases": "AB|Both"},
        {"id": "b", "label": "Beta", "aliases": "both"},
    ]
    monkeypatch.setattr("rmatch.programme.reference.vocabulary.read_table", lambda _: rows)
    vocabulary = Vocabulary("letter", "letters")
    assert vocabulary.resolve("ab") == "a"
    assert vocabulary.find("BOTH") is None
    with pytest.raises(AmbiguousValueError, match="more than one letter: Alpha, Beta"):
        vocabulary.resolve("BOTH")


@pytest.mark.parametrize(
    ("vocabulary", "written", "nearest"),
    [
        (SPECIALTIES, "Urolgy", "Urology"),
        (ROLES, "Training Programe Director", "Training Programme Director"),
        (GRADES, "consultent", "Consultant"),
        (TOPICS, "discriminaton", None),
    ],
)
def test_an_unknown_word_suggests_the_nearest(
    vocabulary: Vocabulary, written: str, nearest: str | None
) -> None:
    """Nothing is guessed; the nearest is offered."""
    with pytest.raises(UnknownValueError) as caught:
        vocabulary.resolve(written)
    assert caught.value.text == written
    assert str(caught.value) == f"is not a known {vocabulary.noun}"
    assert nearest is None or nearest in caught.value.suggestions
    assert all(label in {entry.label for entry in vocabulary} for label in caught.value.suggestions)


@pytest.mark.parametrize("written", ["", "  ", "%!", "qqqqqqqq"])
@pytest.mark.parametrize("name", ALL)
def test_nonsense_is_unknown_and_suggests_nothing(name: str, written: str) -> None:
    """No word at all is like no entry."""
    with pytest.raises(UnknownValueError) as caught:
        ALL[name].resolve(written)
    assert caught.value.suggestions == ()


# ------------------------------------------------------------------------------- rules and settings


def test_every_rule_has_a_severity_and_marks() -> None:
    """Nothing in the table is left to chance."""
    for rule in RULES:
        assert rule["severity"] in ("hard", "warn")
        assert rule["waivable"] in ("yes", "no")
        assert rule["confidential"] in ("yes", "no")
        assert default_severities()[rule.id] == rule["severity"]
        assert (rule.id in default_lookbacks()) == bool(rule["lookback_months"])
    assert all(months > 0 for months in default_lookbacks().values())


def test_confidential_rules_are_hard_and_never_waived() -> None:
    """Whoever must not be told why can never be asked to overlook it."""
    for rule in RULES:
        if is_confidential(rule.id):
            assert rule["severity"] == "hard"
            assert not is_waivable(rule.id)


def test_every_computed_rule_is_in_the_table() -> None:
    """What is computed can also be declared, switched and explained."""
    assert set(COMPUTED) <= {rule.id for rule in RULES}
    assert set(scope_rules()) - {rule.id for rule in RULES} == {
        role_rule(role.id) for role in ROLES if role_rule(role.id).startswith("role_")
    } & set(scope_rules())


@pytest.mark.parametrize("role", [role.id for role in ROLES])
def test_every_role_is_covered(role: str) -> None:
    """A role makes a rule of its own or a named one, or is only ever declared."""
    entry = ROLES[role]
    assert int(entry["level"]) > 0
    assert entry["severity"] in ("hard", "warn")
    code = role_rule(role)
    if entry["match_on"] == "training_programme":
        assert code in COMPUTED
    elif entry["match_on"] in ("declared", "management_chain"):
        assert code not in scope_rules()
        assert code not in default_severities()
    else:
        assert code in scope_rules()
        assert default_severities()[code] in ("hard", "warn")


def test_tables_refer_to_each_other() -> None:
    """A specialty's group is a group, and every grade has a level."""
    assert all(specialty["group"] in SPECIALTY_GROUPS for specialty in SPECIALTIES)
    unsaid = [grade.id for grade in GRADES if grade["is_training"] not in ("0", "1")]
    assert unsaid == ["resident_unspecified", "sho_unspecified"]
    assert all(int(grade["level"]) >= 0 for grade in GRADES)
    assert len(CHARACTERISTICS) > 0


def test_criteria_and_objectives_have_one_list() -> None:
    """A criterion without a function, or an objective that is not posted, would do nothing."""
    assert set(FUNCTIONS) | {"experience"} == set(DEFAULT_WEIGHTS)
    assert set(REGISTRY) == set(OBJECTIVES)
    assert set(STRATEGIES["stable"]) <= set(OBJECTIVES)
    assert (*STRATEGIES, *ALGORITHMS) == SETTINGS_STRATEGIES


def test_default_weights_are_those_of_the_design() -> None:
    """They add up to a hundred, and likeness weighs nothing."""
    assert {name: weight for name, weight in DEFAULT_WEIGHTS.items() if weight} == {
        "choice": 33,
        "topics": 33,
        "availability": 14,
        "specialty": 8,
        "place": 6,
        "interests": 6,
    }


NEVER_LOWERED = [
    rule.id for rule in RULES if rule["severity"] == "hard" and rule["waivable"] == "no"
]


@pytest.mark.parametrize("severity", ["warn", "off"])
@pytest.mark.parametrize("code", NEVER_LOWERED)
def test_a_rule_that_is_never_waived_cannot_be_lowered(code: str, severity: str) -> None:
    """Nor can anybody do so by a setting."""
    with pytest.raises(InputError, match=f"lowers a rule that can never be waived: {code}"):
        Settings(rules={code: severity})  # type: ignore[dict-item]
    assert Settings(rules={code: "hard"}).severities[code] == "hard"


def test_rules_that_may_be_changed_keep_the_others() -> None:
    """What is named changes; everything else stays at its default."""
    settings = Settings(
        rules={"same_employer": "hard", "role_apd": "off", "previous_pair": "warn"},
        lookback_months={"line_manager": 6},
        weights={"choice": 50},
    )
    changed = {code for code, severity in settings.severities.items() if severity != _default(code)}
    assert changed == {"same_employer", "role_apd", "previous_pair"}
    assert settings.lookbacks == {**default_lookbacks(), "line_manager": 6}
    assert settings.all_weights == {**DEFAULT_WEIGHTS, "choice": 50}


def _default(code: str) -> str:
    return default_severities()[code]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rules": {"line_manger": "hard"}}, "column rules: has unknown rule codes: line_manger"),
        ({"rules": {"family": "soft"}}, "column rules: input should be 'hard', 'warn' or 'off'"),
        ({"lookback_months": {"nope": 1}}, "has unknown rule codes: nope"),
        ({"lookback_months": {"family": -1}}, "greater than or equal to 0"),
        ({"strategy": "magic"}, "column strategy: is not a strategy; known are stable, best_score"),
        ({"strategy": "stable", "objectives": ["pairs"]}, "column strategy: cannot be given"),
        ({"starts": "2026-09-01", "ends": "2026-08-31"}, "column ends: is before the programme"),
        ({"starts": "soon"}, "column starts"),
        ({"objectives": []}, "column objectives: names no objective"),
        ({"objectives": ["pairs", "pairs"]}, "column objectives: names an objective twice"),
        ({"objectives": ["joy"]}, "has unknown names: joy; known are pairs, people"),
        ({"objectives": "pairs"}, "column objectives"),
        ({"side_weights": (0, 0)}, "column side_weights: gives no weight to either side"),
        ({"side_weights": (-1, 2)}, "greater than or equal to 0"),
        ({"weights": {"choice": -1}}, "greater than or equal to 0"),
        ({"weights": {"choice": 0.5}}, "column weights"),
        ({"minimum_score": 101}, "less than or equal to 100"),
        ({"indifference": -1}, "greater than or equal to 0"),
        ({"specialty": "similar"}, "'different', 'same' or 'ignore'"),
        ({"seed": -1}, "greater than or equal to 0"),
        ({"time_limit": 0}, "greater than 0"),
        ({"colour": "blue"}, "extra inputs are not permitted"),
    ],
)
def test_settings_that_make_no_sense_are_refused(fields: dict[str, Any], message: str) -> None:
    """Each refusal names the setting and what is wrong with it."""
    with pytest.raises(InputError) as caught:
        Settings(**fields)
    assert message in str(caught.value)


def test_every_problem_of_the_settings_is_found_at_once() -> None:
    """Three mistakes are three problems."""
    with pytest.raises(InputError) as caught:
        Settings(rules={"veto": "off"}, seed=-1, objectives=())
    assert [problem.place.column for problem in caught.value.problems] == [
        *("rules", "objectives", "seed")
    ]


def test_a_programme_may_last_one_day() -> None:
    """The end is included."""
    settings = Settings(starts=date(2026, 9, 1), ends=date(2026, 9, 1))
    assert settings.starts == settings.ends
