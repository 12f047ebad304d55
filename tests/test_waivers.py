"""Waivers: one rule, one pair, seen by whoever may, and never a rule that protects somebody."""

from __future__ import annotations

import hashlib
import hmac
import json
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from rmatch import Instance, Matching, Programme, Settings, Waiver, examples
from rmatch.audit import FindingKind, audit, recompute
from rmatch.claims import claim_of, given_by
from rmatch.errors import InputError
from rmatch.instance import BoolArray
from rmatch.programme.reference import RULES
from rmatch.programme.settings import default_severities, is_confidential, is_waivable
from rmatch.scoring import People, Scores, Verdict, score
from rmatch.testing import programmes
from shown import in_full

WAIVABLE = [code for code in default_severities() if is_waivable(code)]
NEVER = [rule.id for rule in RULES if not is_waivable(rule.id) or is_confidential(rule.id)]
SCHOOL = ("M01", "S05", "hos_own_school")


@pytest.fixture(scope="module")
def east() -> Programme:
    """The shipped cohort of 14 a side."""
    return rmatch.load(examples.path("east-of-england"))


@pytest.fixture(scope="module")
def waived(east: Programme) -> Matching:
    """It solved with a pair that only a waiver allows."""
    stated = [Waiver(*SCHOOL), rmatch.MustPair(*SCHOOL[:2])]
    return rmatch.solve(east, constraints=stated)


def waiving(programme: Programme, *waivers: tuple[str, str, str]) -> Programme:
    """The programme with these waivers and no others."""
    return programme.replace(settings=programme.settings.model_copy(update={"waivers": waivers}))


# ------------------------------------------------------------------------------------ the statement


def test_a_waiver_shows_its_rule_and_nobody() -> None:
    """The id is for the coordinator; a repr may stand in a log."""
    waiver = Waiver("Asha Bell", "S05", "same_employer")
    assert repr(waiver) == "Waiver(rule='same_employer')"
    assert waiver.id == "waiver Asha Bell S05 same_employer"
    assert pickle.loads(pickle.dumps(waiver)) == waiver  # noqa: S301 - just dumped
    assert Waiver(mentor="M1", mentee="S1", rule="x") != waiver
    with pytest.raises(AttributeError):
        waiver.rule = "veto"
    with pytest.raises(InputError):
        Waiver("M1", "S1", " ")


def test_settings_take_records_and_triples(east: Programme) -> None:
    """People by id, e-mail or exact name; whoever is named twice is waived once."""
    name, email = east.by_id["M01"].name, east.by_id["S05"].email
    assert name
    assert email
    stated = [Waiver(name, email, "hos_own_school"), ["M01", "S05", "hos_own_school"], SCHOOL]
    programme = east.replace(settings=Settings(waivers=stated))
    assert programme.settings.waivers == (SCHOOL,)


@pytest.mark.parametrize("code", NEVER)
def test_a_rule_that_is_never_waived_is_refused(code: str) -> None:
    """Vetoes and confidential rules are among them, whatever severity is set."""
    with pytest.raises(InputError, match=f"waives a rule that can never be waived: {code}"):
        Settings(waivers=[("M1", "S1", code)])


def test_vetoes_and_confidential_rules_are_never_waived() -> None:
    """Whatever the table says of others."""
    assert {"veto", "confidential", "family", "grievance", "line_manager"} <= set(NEVER)


def test_the_minimum_score_is_refused() -> None:
    """It is a setting, not a rule."""
    with pytest.raises(InputError, match="minimum_score, which is not a rule: lower that setting"):
        Settings(waivers=[("M1", "S1", "minimum_score")])


@pytest.mark.parametrize("wrong", [7, [7], [("M1", "S1")], ["M1 with S1: veto"], [("M1", "", "x")]])
def test_what_is_no_waiver_is_refused(wrong: Any) -> None:
    """In Python a waiver is a record or three texts."""
    with pytest.raises(InputError) as caught:
        Settings(waivers=wrong)
    assert {problem.place.column for problem in caught.value.problems} == {"waivers"}


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (("M99", "S05", "same_employer"), "who is not a mentor of this programme"),
        (("M01", "M02", "same_employer"), "is in the programme, but not as a mentee"),
        (("S05", "M01", "same_employer"), "not as a mentor; the mentor comes first"),
    ],
)
def test_a_pair_that_is_none_is_refused(
    east: Programme, waiver: tuple[str, str, str], message: str
) -> None:
    """In the settings and in a call, and in one problem."""
    for given_in in (
        lambda: east.replace(settings=Settings(waivers=[waiver])),
        lambda: rmatch.solve(east, constraints=[Waiver(*waiver)]),
    ):
        with pytest.raises(InputError) as caught:
            given_in()
        (problem,) = caught.value.problems
        assert message in problem.message


def test_an_unknown_rule_is_told_when_the_rules_are_known(east: Programme) -> None:
    """Settings cannot know rules of one's own, so scoring looks."""
    programme = waiving(east, ("M01", "S05", "same_employr"))
    with pytest.raises(InputError) as caught:
        rmatch.score(programme)
    (problem,) = caught.value.problems
    assert problem.suggestions[0] == "same_employer"
    assert str(problem).startswith(
        "sheet Settings, column waivers: 'same_employr' waives a rule that does not exist"
    )


def test_an_instance_has_no_rules_to_waive() -> None:
    """Refused, and not left out silently."""
    instance = Instance.from_scores(np.ones((2, 2)))
    with pytest.raises(ValueError, match="an Instance has no people and no rules"):
        rmatch.solve(instance, constraints=[Waiver("M0", "S0", "same_employer")])


# --------------------------------------------------------------------------------- from a workbook


def load(cell: object) -> Programme:
    """The example with this cell as its setting ``waivers``."""
    return rmatch.load(examples.path("east-of-england"), settings={"waivers": cell})


@pytest.mark.parametrize(
    "cell",
    [
        "M01 with S05: hos_own_school; M02 with S05:same_department",
        "M01 with S05: hos_own_school; M02 with S05 : Same Department ;",
        "M01 WITH S05: Head of School of mentor own school in same region\n"
        "M02 with S05: Same employer, and same department or specialty",
        ["M01 with S05: hos_own_school", ["M02", "S05", "same_department"]],
        [["M01", "S05", " hos own school "], ("M02", "S05", "same_department")],
    ],
)
def test_a_cell_or_a_list_of_waivers_is_read(cell: object) -> None:
    """Codes in any case, with spaces or underscores, or by their label."""
    assert load(cell).settings.waivers == (SCHOOL, ("M02", "S05", "same_department"))


def test_people_with_odd_names_are_read() -> None:
    """A colon or a ``with`` in a name, in quotation marks where it must be."""
    people = {
        "mentors": [{"id": "M1", "name": "Dr: Bell"}],
        "mentees": [{"id": "S1", "name": "Sam with a Hat; MD"}],
    }
    cell = '"Dr: Bell with ""Sam with a Hat; MD"": same_employer"'
    loaded = rmatch.load(**people, settings={"waivers": cell})
    assert loaded.settings.waivers == (("M1", "S1", "same_employer"),)


MISTAKES = [
    ("M01 with S05", "is not a waiver: write M01 with S02: rule_code", ()),
    ("M01 and S05: same_employer", "is not two people: write M01 with S02", ()),
    ("M01 with S05: same_employr", "is not a known rule code", ("same_employer",)),
    ("M01 with S05: veto", "can never be waived: veto", ()),
    ("M01 with S05: Line manager / direct report", "can never be waived: line_manager", ()),
    ("M01 with S05: employer", "is not a known rule code", ("Same employer (trust)",)),
    ("M01 with S05: nonsense", "is not a known rule code", ()),
    ("M01 with S05: minimum_score", "is not a known rule code", ()),
    ("M01 with S0x5: same_employer", "who is not a mentee of this programme", ("S05",)),
    ("S05 with M01: same_employer", "but not as a mentor; the mentor comes first", ()),
    ("M01 with M02: same_employer", "but not as a mentee", ()),
]


@pytest.mark.parametrize(("cell", "message", "near"), MISTAKES)
def test_a_mistake_is_one_problem_at_its_row(
    tmp_path: Path, cell: str, message: str, near: tuple[str, ...]
) -> None:
    """With the nearest valid value, or what to write."""
    sheet = tmp_path / "settings.csv"
    sheet.write_text(f'setting,value\nseed,3\nwaivers,"{cell}"\n')
    with pytest.raises(InputError) as caught:
        rmatch.load(examples.path("east-of-england"), settings=sheet)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.place.file, problem.place.row) == ("settings.csv", 3)
    assert set(near) <= set(problem.suggestions)


@pytest.mark.parametrize("wrong", [["M01", "S05"], ["M01", "", "same_employer"], ["M01", "S05", 3]])
def test_a_list_that_is_no_waiver_is_told_how_to_write_one(wrong: list[Any]) -> None:
    """In TOML and JSON a waiver may be a list of three."""
    with pytest.raises(InputError, match=r"write \[mentor, mentee, rule\]"):
        load([wrong])


def test_every_mistake_of_a_cell_is_told_without_naming_anybody(east: Programme) -> None:
    """A rule code may be shown, a name not."""
    name = str(east.by_id["M01"].name)
    with pytest.raises(InputError) as caught:
        load(f"{name} and S05: same_employer; {name} with S05: sam_employer; M01 with S05")
    assert len(caught.value.problems) == 3
    assert "'sam_employer' is not a known rule code" in str(caught.value)
    assert name not in str(caught.value)


# ------------------------------------------------------------------------------------------ scoring


@settings(max_examples=120, deadline=None)
@given(programme=in_full(programmes(max_side=4)), data=st.data())
def test_a_waiver_changes_one_rule_of_one_pair(programme: Programme, data: st.DataObject) -> None:
    """Everything else is scored as without it; points do not depend on it at all."""
    assume(programme.mentors and programme.mentees)
    pair = tuple(
        data.draw(st.sampled_from([person.id for person in side]))
        for side in (programme.mentors, programme.mentees)
    )
    plain = waiving(programme)
    before = score(plain)
    told = {*codes(before, *pair), "same_employer"} & set(WAIVABLE)
    code = data.draw(st.sampled_from(sorted(told)))
    after = score(waiving(plain, (pair[0], pair[1], code)))
    assert np.array_equal(after.points, before.points)
    for mentor in programme.mentors:
        for mentee in programme.mentees:
            ends = (mentor.id, mentee.id)
            there = {code} if ends == pair else set()
            assert codes(after, *ends) == codes(before, *ends) - there
            assert set(after.waived(*ends)) == codes(before, *ends) & there


def codes(scores: Scores, mentor: str, mentee: str) -> set[str]:
    """Every code that excludes a pair, warns of it or is a question about it."""
    return {
        *scores.rules.codes_at(scores.rules.hard, *scores.locate(mentor, mentee)),
        *scores.warned(mentor, mentee, reveal=True),
        *scores.unknown(mentor, mentee, reveal=True),
    }


@settings(max_examples=120, deadline=None)
@given(programme=in_full(programmes(max_side=4, filled=("waivers", "work", "training", "roles"))))
def test_the_audit_waives_what_scoring_waives(programme: Programme) -> None:
    """Cell by cell, ranks included, by code that shares nothing."""
    scores, truth = score(programme), recompute(programme)
    for (mentor, mentee), facts in truth.pairs.items():
        ends = (mentor, mentee)
        assert tuple(sorted(scores.why_excluded(*ends, reveal=True))) == facts.excluded
        assert tuple(sorted(scores.warned(*ends))) == facts.warned
        assert tuple(sorted(scores.unknown(*ends, reveal=True))) == facts.questions
        assert tuple(sorted(scores.waived(*ends))) == facts.waived
        index = scores.instance.index_of(*scores.locate(*ends))
        ranks = (0, 0)
        if index is not None:
            instance = scores.instance
            ranks = (int(instance.mentor_rank[index]), int(instance.mentee_rank[index]))
        assert ranks == (facts.mentor_rank, facts.mentee_rank)


def test_other_rules_and_the_minimum_score_still_hold(east: Programme) -> None:
    """M02 is excluded from S05 twice."""
    first = rmatch.score(waiving(east, ("M02", "S05", "hos_own_school")))
    assert first.why_excluded("M02", "S05") == ("same_department",)
    high = east.settings.model_copy(update={"minimum_score": 100, "waivers": (SCHOOL,)})
    assert rmatch.score(east.replace(settings=high)).why_excluded(*SCHOOL[:2]) == ("minimum_score",)


def test_a_waiver_that_does_not_matter_changes_nothing(east: Programme) -> None:
    """A rule that the pair does not break, or one that is off: no error and nothing to say."""
    off = east.settings.model_copy(
        update={"rules": {"hos_own_school": "off"}, "waivers": (SCHOOL, ("M01", "S01", "business"))}
    )
    scores = rmatch.score(east.replace(settings=off))
    assert scores.waived("M01", "S05") == scores.waived("M01", "S01") == ()


@dataclass
class Tea:
    """A rule of one's own: nobody is to meet, or it is not known who is."""

    severity: Literal["hard", "warn", "off"] = "hard"
    code: str = "tea"
    is_known: bool = True

    def check(self, people: People) -> BoolArray | Verdict:
        everyone = np.ones(people.shape, dtype=bool)
        return everyone if self.is_known else Verdict(~everyone, everyone)


@pytest.mark.parametrize("rule", [Tea(), Tea("warn"), Tea(is_known=False), Tea("off")])
def test_a_rule_of_ones_own_can_be_waived(rule: Tea) -> None:
    """By its code, from Python; the audit waives it too."""
    people = {"mentors": [{"id": "M1"}], "mentees": [{"id": "S1"}, {"id": "S2"}]}
    programme = Programme(**people, settings=Settings(waivers=[("M1", "S1", "tea")]))
    scores = rmatch.score(programme, rules=[rule])
    assert scores.waived("M1", "S1") == (() if rule.severity == "off" else ("tea",))
    assert "tea" not in codes(scores, "M1", "S1")
    assert ("tea" in codes(scores, "M1", "S2")) is (rule.severity != "off")
    truth = recompute(programme, given_by(scores))
    assert truth.pairs["M1", "S1"].waived == scores.waived("M1", "S1")
    assert ("tea" in truth.pairs["M1", "S2"].excluded) == (
        rule.severity == "hard" and rule.is_known
    )
    assert rmatch.solve(programme, rules=[rule]).verify().ok


def test_a_rule_of_ones_own_is_waived_in_a_call() -> None:
    """Scores that were made without the waiver are made again, with the same rules."""
    programme = Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}])
    scores = rmatch.score(programme, rules=[Tea()])
    made = rmatch.solve(scores, constraints=[Waiver("M1", "S1", "tea")])
    assert [(pair.mentor, pair.mentee) for pair in made.pairs] == [("M1", "S1")]
    assert [item.rule for item in made.waived] == ["tea"]
    assert scores.programme.settings.waivers == ()
    assert scores.why_excluded("M1", "S1") == ("tea",)


# ------------------------------------------------------------------------------ solved, shown, kept


def test_a_pair_that_a_waiver_allows_can_be_made(east: Programme, waived: Matching) -> None:
    """It could not be, not even by force; and the audit agrees to all of it."""
    with pytest.raises(rmatch.InfeasibleError, match="Head of the mentor's own School"):
        rmatch.solve(east, constraints=[rmatch.MustPair(*SCHOOL[:2])])
    assert SCHOOL[:2] in [(pair.mentor, pair.mentee) for pair in waived.pairs]
    assert [(item.mentor, item.mentee, item.rule) for item in waived.waived] == [SCHOOL]
    assert waived.verify().ok
    assert rmatch.solve(east).waived == ()


LINE = "Waived by the coordinator: Head of the mentor's own School, in the same region"


@pytest.mark.parametrize("audience", ["coordinator", "panel"])
def test_a_pair_under_a_waiver_says_so(waived: Matching, audience: str) -> None:
    """To both of the pair's explanations, and to no other."""
    for person in waived.pseudonyms.names:
        text = str(waived.explain(person, audience))
        assert (f"{LINE} (hos_own_school)." in text) == (person in SCHOOL[:2])


def test_an_auditor_reads_the_code_and_a_participant_nothing(waived: Matching) -> None:
    """A waiver is no participant's business."""
    assert "waived hos_own_school" in str(waived.explain("M01", "auditor"))
    assert "waived -" in str(waived.explain("M02", "auditor"))
    for person in SCHOOL[:2]:
        assert "aive" not in str(waived.explain(person, "participant"))


def test_a_saved_run_keeps_its_waivers(waived: Matching, tmp_path: Path) -> None:
    """In programme.json as stated; in run.json by pseudonym, with the code of the rule."""
    folder = waived.save(tmp_path / "run")
    loaded = Matching.load(folder)
    assert loaded.waived == waived.waived
    assert loaded.verify().ok
    record = (folder / "run.json").read_text(encoding="utf-8")
    name = waived.pseudonyms.names
    assert json.loads(record)["settings"]["waivers"] == [[name["M01"], name["S05"], SCHOOL[2]]]
    assert not [person for person in name if f'"{person}"' in record]


def forge(folder: Path, waivers: list[list[str]] | None) -> None:
    """Other waivers in a run (or a run that knows of none), with a hash that fits."""
    people, record = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("programme.json", "run.json")
    )
    if waivers is None:
        del people["programme"]["settings"]["waivers"]
        del record["settings"]["waivers"]
        people["schema_version"] = record["schema_version"] = 3
    else:
        people["programme"]["settings"]["waivers"] = waivers
    text = json.dumps(people["programme"], sort_keys=True)
    key = bytes.fromhex(people["key"])
    record["input_hash"] = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    (folder / "programme.json").write_text(json.dumps(people), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_run_of_an_earlier_schema_is_still_read(east: Programme, tmp_path: Path) -> None:
    """It knew of no waivers: there were none."""
    folder = rmatch.solve(east).save(tmp_path / "run")
    forge(folder, None)
    loaded = Matching.load(folder)
    assert loaded.programme is not None
    assert loaded.programme.settings.waivers == ()
    assert loaded.verify().ok


@pytest.mark.parametrize("code", ["arcp_panel", "veto", "minimum_score"])
def test_a_forged_waiver_in_a_run_is_refused(east: Programme, tmp_path: Path, code: str) -> None:
    """Even where the hash was made to fit."""
    folder = rmatch.solve(east).save(tmp_path / "run")
    forge(folder, [["M03", "S07", code]])
    with pytest.raises(rmatch.RunFolderError, match="is damaged"):
        Matching.load(folder)


def test_a_waiver_that_the_settings_let_through_is_faulted(east: Programme) -> None:
    """The audit looks for itself what can be waived."""
    code = "arcp_panel"
    forged = east.settings.model_copy(update={"waivers": (("M03", "S07", code),)})
    programme = east.model_copy(update={"settings": forged})
    made = rmatch.solve(score(programme))
    scores = made.scores
    assert scores is not None
    index = made.instance.index_of(*scores.locate("M03", "S07"))
    assert index is not None  # scoring trusts the settings
    solution = replace(made.solution, chosen=(index,))
    tampered = replace(made, solution=solution)
    claim = claim_of(
        made.instance, solution, scores, seed=0, unmatched=tampered.unmatched, blocking_pairs=()
    )
    kinds = {finding.kind for finding in audit(programme, claim).findings}
    assert {FindingKind.ILLEGAL_PAIR, FindingKind.FALSE_WAIVER} <= kinds
