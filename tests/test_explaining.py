"""Explanations by audience: true, complete for what they state, and silent about the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from goldens import assert_golden
from other_answers import PRIVATE, SHOWN, same_pairs, with_other_answers
from rmatch import examples
from rmatch.explaining.participant_words import (
    NEUTRAL,
    NO_PLACE,
    UNMATCHED,
    half_days,
    participant_text,
)
from rmatch.explaining.rule_words import FACTS, facts_needed, public_code, rule_label
from rmatch.explaining.wording import CRITERION_WORDS, counted, ordinal
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Participant, Programme, Settings
from rmatch.programme.participant import SLOTS
from rmatch.programme.reference import ROLES, RULES
from rmatch.programme.settings import DEFAULT_WEIGHTS, default_severities, is_confidential
from rmatch.testing import FACETS, programmes
from shown import in_full

EAST, TWO = "east-of-england", "two-trusts"
AUDIENCES = ("coordinator", "participant", "panel", "auditor")
PROGRAMMES = in_full(programmes(max_side=4))
TALKATIVE = in_full(
    programmes(max_side=3, filled=("goals", "meeting", "office", "choices", "taste"))
)
OTHER_ANSWERS = programmes(
    max_side=3, filled=[facet for facet in FACETS if facet not in ("history", "before")]
)


@pytest.fixture(scope="module")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(examples.path(EAST))


@pytest.fixture(scope="module")
def two() -> Matching:
    """Some take two, two have nobody."""
    return rmatch.solve(examples.path(TWO))


def partners_of(matching: Matching, person: str) -> tuple[str, ...]:
    """Who was matched with somebody."""
    return tuple(
        pair.mentee if pair.mentor == person else pair.mentor
        for pair in matching.pairs
        if person in (pair.mentor, pair.mentee)
    )


# ------------------------------------------------------------------------------------------- golden


@pytest.mark.parametrize(
    ("example", "person"), [(EAST, "M01"), (EAST, "S04"), (TWO, "S06"), (TWO, "M11")]
)
def test_explanations_read_as_agreed(
    example: str, person: str, request: pytest.FixtureRequest
) -> None:
    """A choice that was made, a confidential conflict, two partners, and none."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    parts = [
        f"=== {audience}\n{matching.explain(person, audience, time_limit=0)}"
        for audience in ("coordinator", "participant", "panel")
    ]
    assert_golden(f"explain_{example}_{person}", "\n\n".join(parts))


# ---------------------------------------------------------------------------------- every audience


@pytest.mark.parametrize("audience", AUDIENCES)
def test_everybody_is_explained_to_every_audience(audience: str, two: Matching) -> None:
    """The explanation says whom it is about, for whom, and has words."""
    assert two.programme is not None
    for person in two.programme.people:
        told = two.explain(person.id, audience, time_limit=0)
        assert told.audience == audience
        assert told.id == (two.pseudonyms.names[person.id] if audience == "auditor" else person.id)
        assert str(told) == told.text
        assert told.text.strip() == told.text
        assert (told.facts is not None) == (audience == "coordinator")


def test_the_coordinator_is_the_default(east: Matching) -> None:
    """In Python, whoever calls holds the programme."""
    assert east.explain("M01") == east.explain("M01", "coordinator")


def test_an_unknown_person_or_audience_is_an_error(east: Matching) -> None:
    """With the audiences there are."""
    with pytest.raises(KeyError, match="M99"):
        east.explain("M99")
    with pytest.raises(rmatch.UnknownPersonError) as caught:
        east.why_not("m01", "S02")
    assert str(caught.value) == "nobody has the id 'm01' (did you mean M01?)"
    with pytest.raises(rmatch.UnknownPersonError, match="M01 and M02 are on the same side"):
        east.why_not("M01", "M02")
    with pytest.raises(
        ValueError,
        match="unknown audience 'dean'; known are participant, panel, coordinator, auditor",
    ):
        east.explain("M01", "dean")


def test_an_instance_is_explained_without_people() -> None:
    """Ranks and places; a participant of it has nothing to be told."""
    matching = rmatch.solve(Instance.from_rankings([[[0]], [[0]]], [[[0], [1]]], score=[[3], [4]]))
    assert "M0 ranked S0 1st" in str(matching.explain("M0"))
    assert "The pair scores 3: 3 on M0's side, 3 on S0's." in str(matching.explain("M0"))
    assert str(matching.explain("M1")).splitlines() == [
        "M1 is a mentor and has no partner in this matching.",
        "Too few places: M0 and M1 are allowed only with S0: two people, one place.",
        "If M1 had a partner (S0), M0 would have none, and the number of blocking pairs would be 1 "
        "instead of 0 (new: M0 with S0).",
        "Of 1 mentee, 1 is allowed for M1.",
        "Taken, and no worse off with the partners they have: S0.",
        "Any one of these changes would match M1 (the whole was solved again with each):",
        "  - One more place for S0",
    ]
    assert str(matching.explain("M0", "panel")) == "M0 is matched with S0."
    assert "M0" not in str(matching.explain("M0", "auditor"))
    with pytest.raises(ValueError, match="nothing to tell a participant"):
        matching.explain("M0", "participant")


# ----------------------------------------------------------------------------------- a participant


def test_a_participant_reads_what_speaks_for_the_pair() -> None:
    """Own choices, shared goals where shared, half-days, modes, interests; names of nobody."""
    programme = Programme(
        mentors=[
            {
                "id": "M1",
                "choices": [["S1"]],
                "wants": ["wellbeing"],
                "offers": ["career_progression"],
                "availability": ["mon_am", "sun_eve"],
                "modes": ["in_person", "virtual"],
                "interests": ["Chess"],
            }
        ],
        mentees=[
            {
                "id": "S1",
                "name": "Rex Umber",
                "offers": ["wellbeing"],
                "wants": ["career_progression"],
                "consent_share": ["Offers", "wants "],
                "availability": ["sun_eve", "mon_am"],
                "modes": ["virtual"],
                "interests": ["chess"],
                "leadership_roles": [{"role": "pgd"}],
                "grade": "consultant",
                "employer": "Fen Trust",
            }
        ],
    )
    assert participant_text(programme, "M1", ("S1",)).splitlines() == [
        "Your partner: Postgraduate Dean; Fen Trust.",
        "What speaks for this pair:",
        "  - They are among the people you chose.",
        f"  - They are glad to talk about what you asked for: {_topic('wellbeing')}.",
        f"  - They would like to hear about what you offer: {_topic('career_progression')}.",
        "  - You are both free on Monday morning and Sunday evening.",
        "  - You can both meet on screen.",
        "  - You share an interest in Chess.",
        "",
        NEUTRAL,
    ]


def test_what_people_wrote_twice_or_over_lines_is_told_once_and_on_one() -> None:
    """One interest in two spellings, one role over two scopes, a line break, a grade not stated."""
    programme = Programme(
        mentors=[
            {"id": "M1", "interests": ["Running", "running", "tea"], "grade": "sho_unspecified"}
        ],
        mentees=[
            {
                "id": "S1",
                "interests": ["RUNNING", "Tea"],
                "leadership_roles": [{"role": "tpd", "scope": s} for s in ("urology", "ent")],
                "employer": "Fen\nTrust",
            }
        ],
    )
    assert participant_text(programme, "M1", ("S1",)).splitlines()[:3] == [
        "Your partner: Training Programme Director; Fen Trust.",
        "What speaks for this pair:",
        "  - You share an interest in Running and tea.",
    ]
    assert participant_text(programme, "S1", ("M1",)).startswith("Your partner: SHO level.\n")


def test_the_order_of_rows_is_told_to_nobody() -> None:
    """Who signed up first is no part of what two partners are told by."""
    mentors = [{"id": "M1", "employer": "Fen Trust"}, {"id": "M2", "employer": "Broad Trust"}]
    texts = [
        participant_text(
            Programme(mentors=rows, mentees=[{"id": "S1", "capacity": 2}]),
            "S1",
            tuple(row["id"] for row in rows),
        )
        for rows in (mentors, mentors[::-1])
    ]
    assert texts[0] == texts[1]


def _topic(topic: str) -> str:
    from rmatch.programme.reference import TOPICS

    return TOPICS[topic].label


def test_every_half_day_has_words() -> None:
    """All 21 of them, each its own."""
    assert len({half_days([slot]) for slot in SLOTS}) == 21
    assert half_days(["wed_pm"]) == "Wednesday afternoon"


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_the_neutral_sentence_is_the_same_for_everybody(programme: Programme) -> None:
    """Once for each, matched or not; and two people without a partner read the same bytes."""
    matching = rmatch.solve(programme)
    for person in programme.people:
        text = str(matching.explain(person.id, "participant"))
        assert text.endswith(NEUTRAL)
        assert text.count(NEUTRAL) == 1
        if person.id in matching.unmatched:
            assert text == f"{UNMATCHED if person.capacity else NO_PLACE}\n\n{NEUTRAL}"


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_a_participant_reads_of_nobody_but_their_partners(programme: Programme) -> None:
    """No id at all, no score, no rank, no rule."""
    matching = rmatch.solve(programme)
    ids = [person.id for person in programme.people]
    for person in ids:
        text = str(matching.explain(person, "participant")).replace(NEUTRAL, "")
        assert not re.search(r"\b[MS]\d+\b", text)
        assert text.count("artner") >= len(partners_of(matching, person))
        assert not re.search(r"\d\.\d|\bscore|\brank|veto|conflict|exclu", text)


def test_every_field_is_private_or_shown() -> None:
    """A new field must be put in one of the two, so that the tests below cover it."""
    assert set(PRIVATE) | SHOWN == set(Participant.model_fields)
    assert not set(PRIVATE) & SHOWN


@settings(max_examples=200)
@given(programme=TALKATIVE, other=OTHER_ANSWERS, data=st.data())
def test_a_participants_text_depends_on_nothing_others_kept_to_themselves(
    programme: Programme, other: Programme, data: st.DataObject
) -> None:
    """Non-interference: whatever others chose, vetoed or declared, not a byte changes."""
    assume(programme.mentors and programme.mentees)
    people = [*programme.mentors, *programme.mentees]
    reader = data.draw(st.sampled_from(people)).id
    opposite = programme.mentees if reader.startswith("M") else programme.mentors
    partners = tuple(data.draw(st.lists(st.sampled_from([p.id for p in opposite]), unique=True)))
    before = participant_text(programme, reader, partners)
    changed = with_other_answers(programme, other, reader, partners)
    assert participant_text(changed, reader, partners) == before


@settings(max_examples=100)
@given(programme=TALKATIVE, other=OTHER_ANSWERS, data=st.data())
def test_a_matching_tells_a_participant_nothing_of_others_answers(
    programme: Programme, other: Programme, data: st.DataObject
) -> None:
    """The same through ``explain``: other choices, vetoes and experience, the same pairs."""
    matching = rmatch.solve(programme)
    assume(matching.pairs)
    pair = data.draw(st.sampled_from(matching.pairs))
    reader = data.draw(st.sampled_from((pair.mentor, pair.mentee)))
    changed = with_other_choices(programme, other, matching, reader=reader)
    after = same_pairs(matching, changed)
    assume(after is not None)
    assert after is not None
    before = str(matching.explain(reader, "participant"))
    assert str(after.explain(reader, "participant")) == before


def test_sharing_is_what_shows_a_goal() -> None:
    """The one thing that changes the text is the partner's own consent."""
    partner = {"id": "S1", "offers": ["wellbeing"], "wants": ["wellbeing"]}
    reader = {"id": "M1", "offers": ["wellbeing"], "wants": ["wellbeing"]}

    def text(shared: list[str]) -> str:
        programme = Programme(mentors=[reader], mentees=[{**partner, "consent_share": shared}])
        return participant_text(programme, "M1", ("S1",))

    assert "glad to talk" in text(["offers"])
    assert "would like to hear" not in text(["offers"])
    assert "would like to hear" in text(["wants"])
    assert "wellbeing" not in text([]).casefold()


# ------------------------------------------------------------------------------------------- panel


def with_other_choices(
    programme: Programme, other: Programme, matching: Matching, *, reader: str | None = None
) -> Programme:
    """Other choices and experience for all but the reader, vetoes of pairs that were not made."""
    ids = set(programme.by_id)

    def rewritten(person: Participant) -> Participant:
        donor = other.by_id.get(person.id)
        if donor is None or person.id == reader:
            return person
        choices = (tuple(i for i in group if i in ids) for group in donor.choices)
        taken = partners_of(matching, person.id)
        return person.model_copy(
            update={
                "choices": tuple(group for group in choices if group),
                "vetoes": tuple(i for i in donor.vetoes if i in ids and i not in taken),
                "experience_offered": donor.experience_offered,
                "experience_wanted": donor.experience_wanted,
                "consent_matching": donor.consent_matching,
                "carried_over": donor.carried_over,
                "name": donor.name,
            }
        )

    return programme.replace(
        mentors=[rewritten(person) for person in programme.mentors],
        mentees=[rewritten(person) for person in programme.mentees],
    )


@settings(max_examples=100)
@given(programme=PROGRAMMES, other=OTHER_ANSWERS)
def test_a_panel_reads_nothing_of_choices_and_vetoes(
    programme: Programme, other: Programme
) -> None:
    """Whatever anybody chose, vetoed or disclosed, the same pairs read the same."""
    matching = rmatch.solve(programme)
    after = same_pairs(matching, with_other_choices(programme, other, matching))
    assume(after is not None)
    assert after is not None
    for person in programme.people:
        told = str(after.explain(person.id, "panel"))
        assert told == str(matching.explain(person.id, "panel"))


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_a_panel_reads_no_numbers_and_no_exclusions(programme: Programme) -> None:
    """Pairs, neutral reasons and warnings: no scores, ranks, choices, or codes that exclude."""
    matching = rmatch.solve(programme)
    assert matching.scores is not None
    for person in programme.people:
        text = str(matching.explain(person.id, "panel"))
        partners = partners_of(matching, person.id)
        assert set(re.findall(r"\b[MS]\d+\b", text)) == {person.id, *partners}
        plain = "\n".join(
            re.sub(r"\b[MS]\d+\b", "", line)
            for line in text.splitlines()
            if "half-day" not in line and "To be looked at" not in line
        )
        assert not re.search(r"\d", plain)
        assert not re.search(r"score|rank|choice|chose|veto|confidential|exclu|allowed", plain)
        codes = set(re.findall(r"To be looked at: .* \((\w+)\)\.$", text, re.MULTILINE))
        warned = {c for partner in partners for c in matching.scores.warned(person.id, partner)}
        assert codes == set(map(public_code, warned))


def test_a_panel_has_no_facts_to_look_into(east: Matching) -> None:
    """What may not be read is not carried along either."""
    told = east.explain("S04", "panel")
    assert told.facts is None
    assert not re.search(r"\d\d\.\d", repr(told))


# ----------------------------------------------------------------------------------------- auditor


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_an_auditor_reads_no_id_and_no_answer(programme: Programme) -> None:
    """Pseudonyms, numbers and codes; confidential ones masked."""
    matching = rmatch.solve(programme)
    names = matching.pseudonyms.names
    for person in programme.people:
        told = matching.explain(person.id, "auditor", reveal=True, time_limit=0)
        assert told.id == names[person.id]
        assert not re.search(r"\b[MS]\d+\b", told.text)
        pseudonyms = set(re.findall(r"p_[0-9a-f]{10}", told.text))
        assert pseudonyms == {names[p] for p in (person.id, *partners_of(matching, person.id))}
        for code in default_severities():
            if is_confidential(code) and code != "confidential":
                assert code not in re.split(r"[ ,\n]", told.text)


def test_an_auditors_pseudonyms_are_those_of_the_run(east: Matching, tmp_path: Any) -> None:
    """So that what they read can be laid beside run.json."""
    loaded = Matching.load(east.save(tmp_path / "run"))
    assert loaded.explain("M01", "auditor") == east.explain("M01", "auditor")


# ------------------------------------------------------------------------------------- coordinator


def ranked(text: str) -> list[tuple[str, str]]:
    """Who is said to have ranked whom."""
    return re.findall(r"(\S+) ranked (\S+) \d+(?:st|nd|rd|th) among their allowed choices", text)


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_only_a_stated_rank_is_called_ranked(programme: Programme) -> None:
    """Every partner has a rank each way; the word goes with those that were stated."""
    matching = rmatch.solve(programme)
    for person in programme.people:
        text = str(matching.explain(person.id, time_limit=0))
        stated = []
        for partner in partners_of(matching, person.id):
            for one, other in ((person.id, partner), (partner, person.id)):
                if any(other in group for group in programme.by_id[one].choices):
                    stated.append((one, other))
                else:
                    assert f"{other} stands " in text
        assert ranked(text) == stated
        assert text.count("ranked") == len(stated)
        assert text.count("inferred from scores") == (
            2 * len(partners_of(matching, person.id)) - len(stated)
        )


HIDDEN = [code for code in default_severities() if is_confidential(code) and code != "confidential"]


@settings(max_examples=150)
@given(programme=in_full(programmes(max_side=4, filled=("aversions", "conflicts"))))
def test_a_coordinator_reads_confidential_unless_they_ask(programme: Programme) -> None:
    """No veto and no confidential code stands in the words or the counts; asked, it does."""
    matching = rmatch.solve(programme)
    assert matching.scores is not None
    for person in programme.people:
        told, revealed = (
            matching.explain(person.id, reveal=reveal, time_limit=0) for reveal in (False, True)
        )
        assert told.facts is not None
        assert revealed.facts is not None
        for code in HIDDEN:
            assert f"({code})" not in told.text
            assert RULES[code].label not in told.text
            assert code not in told.facts.others.excluded_by
        others = programme.mentees if person in programme.mentors else programme.mentors
        codes = [
            code
            for other in others
            for code in matching.scores.why_excluded(person.id, other.id, reveal=True)
        ]
        assert revealed.facts.others.excluded_by == {code: codes.count(code) for code in codes}
        for code in set(codes):
            assert f"({code})" in revealed.text


def test_a_veto_and_a_grievance_read_the_same() -> None:
    """Who asks for no reason gets none, whichever it is."""
    told = {"conflicts_confirmed": True}
    vetoed: dict[str, Any] = {"mentors": [{"id": "M1", "vetoes": ["S1"], **told}]}
    declared: dict[str, Any] = {
        "mentors": [{"id": "M1", **told}],
        "conflicts": [{"mentor": "M1", "mentee": "S1", "rule": "grievance"}],
    }
    mentees = [{"id": "S1", **told}, {"id": "S2", **told}]
    texts = []
    for people in (vetoed, declared):
        matching = rmatch.solve(Programme(mentees=mentees, **people))
        texts.append([str(matching.explain(person)) for person in ("M1", "S1", "S2")])
    assert texts[0] == texts[1]
    assert "  1: Confidential (confidential)" in texts[0][0]


@settings(max_examples=150)
@given(programme=PROGRAMMES)
def test_the_facts_are_complete(programme: Programme) -> None:
    """Everybody of the other side is a partner, excluded, or in exactly one of four groups."""
    matching = rmatch.solve(programme)
    assert matching.scores is not None
    blocking = set(matching.blocking_pairs)
    for person in programme.people:
        facts = matching.explain(person.id, time_limit=0).facts
        assert facts is not None
        others = facts.others
        opposite = programme.mentees if facts.side == "mentor" else programme.mentors
        partners = partners_of(matching, person.id)
        assert others.total == len(opposite) == others.acceptable + others.excluded
        groups = [*others.no_place, *others.content, *others.blocking, *others.outranked, *partners]
        assert all(programme.by_id[other].capacity == 0 for other in others.no_place)
        assert len(groups) == len(set(groups)) == others.acceptable
        assert tuple(fact.partner for fact in facts.partners) == partners
        assert {
            (person.id, other) if facts.side == "mentor" else (other, person.id)
            for other in others.blocking
        } == {pair for pair in blocking if person.id in pair}


def test_the_points_are_those_of_the_scores(east: Matching) -> None:
    """Weights and values by criterion, the person's side first."""
    assert east.scores is not None
    facts = east.explain("S04").facts
    assert facts is not None
    (partner,) = facts.partners
    breakdown = east.scores.breakdown("M01", "S04")
    assert [fact.name for fact in partner.criteria] == list(breakdown)
    for fact in partner.criteria:
        mentor, mentee = breakdown[fact.name]
        assert mentor is not None
        assert mentee is not None
        assert (fact.own, fact.partner) == (mentee / 100, mentor / 100)
        assert fact.weight == DEFAULT_WEIGHTS[fact.name]


def test_who_can_have_nobody_is_told_so() -> None:
    """No place, nobody allowed, everybody taken: each in its own words."""
    programme = Programme(
        mentors=[{"id": "M1", "capacity": 0}, {"id": "M2", "vetoes": ["S1"]}, {"id": "M3"}],
        mentees=[{"id": "S1"}],
    )
    matching = rmatch.solve(programme)
    assert matching.unmatched == ("M1", "M2")
    assert "M1 offers no place (capacity 0)." in str(matching.explain("M1"))
    assert "Nobody is allowed for M2, so no matching can include them." in str(
        matching.explain("M2")
    )
    texts = {str(matching.explain(one, "panel")).replace(one, "") for one in ("M1", "M2")}
    assert texts == {
        " has no partner in this matching. There are more mentors than places with mentees."
    }
    assert str(matching.explain("M1", "panel")).startswith("M1 has")


def test_blocking_pairs_are_said_to_the_coordinator() -> None:
    """Most pairs first left two who would rather have each other."""
    instance = Instance.from_rankings([[[0], [1]], [[0]]], [[[0], [1]], [[0]]])
    text = str(rmatch.solve(instance).explain("M0"))
    assert "Blocking pairs, where both would rather have each other: S0." in text


def test_those_left_alone_though_they_would_come_are_said() -> None:
    """Somebody would rather have M0, who is no worse off as it is."""
    instance = Instance.from_rankings([[[0], [1]]], [[[0]], [[0]]])
    text = str(rmatch.solve(instance).explain("M0"))
    assert "Would rather have M0, who is no worse off as it is: S1." in text


# ------------------------------------------------------------------------------------------- words


def _codes() -> Iterator[str]:
    yield from default_severities()
    yield "minimum_score"


@pytest.mark.parametrize("code", list(_codes()))
def test_every_code_has_words(code: str) -> None:
    """For whoever may read it, and "Confidential" for whoever may not."""
    revealed = rule_label(code, reveal=True)
    assert revealed
    assert revealed != code
    if is_confidential(code):
        assert rule_label(code) == "Confidential"
        assert public_code(code) == "confidential"
    else:
        assert rule_label(code) == revealed
        assert public_code(code) == code
    assert public_code(code, reveal=True) == code


@pytest.mark.parametrize("code", list(default_severities()))
def test_every_rule_that_may_be_unknown_has_a_question(code: str) -> None:
    """Facts of people's own fields, with the question that fills them."""
    facts = facts_needed(code)
    assert facts
    for fact in facts:
        assert fact.field in Participant.model_fields
        assert fact.question.endswith("?")
    assert all(fact in FACTS[code] for fact in facts) if code in FACTS else True


def test_a_rule_that_nobody_knows_goes_by_its_code() -> None:
    """As custom rules do."""
    assert rule_label("my_own") == "my_own"
    assert facts_needed("my_own") == ()


def test_every_criterion_has_words() -> None:
    """The built-in ones; custom ones go by their name."""
    assert set(CRITERION_WORDS) == set(DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th")),
        *((21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th")),
    ],
)
def test_ordinals(number: int, word: str) -> None:
    """As people write them."""
    assert ordinal(number) == word


def test_counted() -> None:
    """One is not several."""
    assert [counted(k, "pair") for k in (0, 1, 2)] == ["0 pairs", "1 pair", "2 pairs"]
    assert counted(2, "person", "people") == "2 people"


def test_a_role_has_words_as_a_rule() -> None:
    """The role is named."""
    assert rule_label("role_pgd") == f"In the other's remit as {ROLES['pgd'].label}"


def test_the_experience_bonus_is_told_to_the_coordinator_alone() -> None:
    """It is turned on, and stands among the points; nobody else reads of it."""
    both = {"consent_matching": True}
    programme = Programme(
        mentors=[{"id": "M1", "experience_offered": ["race"], **both}],
        mentees=[{"id": "S1", "experience_wanted": ["race"], **both}],
        settings=Settings(weights={"experience": 10}),
    )
    matching = rmatch.solve(programme)
    texts: Mapping[str, str] = {a: str(matching.explain("S1", a)) for a in AUDIENCES}
    assert re.search(r"experience asked about \(bonus\) +10 +10\.0 +–", texts["coordinator"])
    for audience in ("participant", "panel", "auditor"):
        assert "experience" not in texts[audience]
        assert "race" not in texts[audience].casefold()
