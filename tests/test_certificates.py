"""What a matching says of its proofs, what of them is kept on disk, and that nothing leaks."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from fuzzing import fuzzed
from made_by_hand import matching_of
from rmatch.explaining.proofs import CutFacts
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.reporting.proof_words import proofs_text
from rmatch.solution import Level
from rmatch.testing import instances, programmes
from shown import in_full

DAMAGED = "is damaged: something in it was changed or is missing"
EAST = "east-of-england"
# M0 and M1 want S0 alone, M2 anybody: two pairs at most, through S0 and M2.
THREE = Instance.from_scores([[4, 0, 0], [7, 0, 0], [9, 5, 2]], [[1, 0, 0], [1, 0, 0], [1, 1, 1]])


@pytest.fixture(scope="module")
def three() -> Matching:
    return rmatch.solve(THREE, objectives=("pairs", "score", "generous"))


@pytest.fixture(scope="module")
def east() -> Matching:
    return rmatch.solve(rmatch.examples.path(EAST), strategy="best_score")


# ------------------------------------------------------------------------------------ programmes


@fuzzed
@given(
    programme=in_full(programmes(max_side=4)),
    strategy=st.sampled_from(("best_score", "stable")),
)
def test_programmes_are_certified_from_their_raw_facts(programme: Programme, strategy: str) -> None:
    """Pairs, people and priority always; every level where no stability is asked for."""
    matching = rmatch.solve(programme, strategy=strategy)
    verdict = matching.verify()
    assert verdict.ok
    told = "".join(note for note in verdict.notes if note.startswith("checked to be best"))
    certified = matching.order if strategy == "best_score" else matching.order[:3]
    for level in certified:
        assert f"{level} (" in told
    assert matching.certificate.cut is not None
    assert tuple(matching.certificate.prices)[: len(certified)] == certified


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"must_not_pair": [("M02", "S07")]}, "all 14 mentors together have 14 places"),
        ({"must_pair": [("M02", "S01")]}, "beside the 1 pair that must be made, all 13 mentors"),
        ({"maximum_load": {"S01": 0, "S02": 0}}, "all 12 mentees together have 12 places"),
        ({"minimum_load": {"S01": 1}}, "all 14 mentors together have 14 places"),
    ],
)
def test_what_is_stated_is_part_of_what_is_proved(stated: dict[str, Any], says: str) -> None:
    """Pairs that must or must not be made, places taken away, quotas that are met."""
    programme = rmatch.load(rmatch.examples.path(EAST))
    settings = rmatch.Settings(**{**programme.settings.model_dump(), **stated})
    programme = programme.model_copy(update={"settings": settings})
    matching = rmatch.solve(programme, strategy="best_score")
    assert says in " ".join(str(matching.certificate).split())
    verdict = matching.verify()
    assert verdict.ok
    assert "pairs (minimum cut)" in verdict.notes[0]
    assert "score (prices)" in verdict.notes[0]


# ------------------------------------------------------------------------------------ in words


def test_the_words_as_agreed(three: Matching) -> None:
    assert str(three.certificate).splitlines() == [
        "What is proved, each level given those before it:",
        "  pairs: 2, and no more are possible: M2 and S0 together have 2 places, and",
        "    every acceptable pair needs one of them (minimum cut, checked)",
        "  score: 12, and no more is possible: no pairs are worth more than the places",
        "    they take, at their prices (prices, checked over every acceptable pair)",
        "  generous: worst ranks: 0 × rank 4, 4 × rank 2, 2 × rank 1, and nothing is",
        "    better (proved; reported, not checked)",
        "Checked: verify() checks it again, without a solver.",
        "Reported, not checked: the solver's own proof, which only solving again repeats.",
    ]
    assert repr(three.certificate) == "Proofs(pairs: cut, score: prices, generous: reported)"
    assert "<li>score: 12, and no more is possible: no pairs are worth" in (
        three.certificate._repr_html_()
    )


def test_the_data_behind_the_words(three: Matching) -> None:
    """People by id, with what a place of theirs costs at each level."""
    certificate = three.certificate
    assert certificate.methods == {"pairs": "cut", "score": "prices", "generous": "reported"}
    assert certificate.cut == CutFacts(
        mentors=("M2",), mentees=("S0",), places=2, beside=0, forced=0, others=(True, True)
    )
    prices = {"M0": 0, "M1": 0, "M2": 1, "S0": 1, "S1": 0, "S2": 0}
    assert certificate.prices["pairs"] == prices
    assert set(certificate.prices) == {"pairs", "score"}


def cut(*mentors: str, mentees: tuple[str, ...] = (), **changes: Any) -> CutFacts:
    facts = CutFacts(mentors, mentees, len(mentors) + len(mentees), 0, 0, (False, True))
    return replace(facts, **changes)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (cut("M1"), "M1 has 1 place, and every acceptable pair needs one of them"),
        (cut("M1", mentees=("S1", "S2")), "M1, S1 and S2 together have 3 places, and every"),
        (cut("M1", places=2, beside=1), "M1 has 2 places, and only 1 acceptable pair can do"),
        (cut(*(f"M{k}" for k in range(9))), "all 9 mentors together have 9 places"),
        (cut(*(f"M{k}" for k in range(9)), others=(True, True)), ": 9 mentors together have 9"),
        (cut("M1", forced=2), "beside the 2 pairs that must be made, M1 has 1 place"),
        (cut(), "there is no acceptable pair"),
        (cut(beside=1), "there is 1 acceptable pair"),
        (cut(beside=2, forced=1), "beside the 1 pair that must be made, there are 2 acceptable"),
    ],
)
def test_cuts_in_words(facts: CutFacts, says: str) -> None:
    words = proofs_text([Level("pairs", 3, 3, 0.1, "cut")], facts)
    assert says in " ".join(words.split())


@pytest.mark.parametrize(
    ("level", "says"),
    [
        (Level("people", 6, 6, 0.1, "floor"), "people: 6: everybody has a partner (counted, ch"),
        (Level("warnings", 0, 0, 0.1, "floor"), "warnings: 0: none at all (counted, checked)"),
        (Level("stability", 0, 0, 0.1, "counted"), "0 blocking pairs: none of the acceptable"),
        (Level("stability", 2, 2, 0.1), "2 blocking pairs, and no fewer are possible (proved; re"),
        (Level("score", 2, 2, 0.1, "rotations"), "score: 0.0, and no more is possible (proved by"),
        (Level("egalitarian", 9, 9, 0.1), "9, and no less is possible (proved; reported, not"),
        (Level("leximin", (1, 2), (1, 2), 0.1), "nothing is better (proved; reported, not ch"),
        (Level("tie_break", 9, 9, 0.1), "tie_break: drawn from the seed and the ids, and nothing"),
        (Level("score", 100, 300, 0.1, "open"), "score: 1.0: not proved; at most 3.0"),
        (Level("pairs", 2, 2, 0.1, "cut"), "pairs: 2, and no more are possible (proved; repor"),
    ],
)
def test_levels_in_words(level: Level, says: str) -> None:
    assert says in " ".join(proofs_text([level], None).split())


def test_nothing_is_said_of_checks_where_nothing_is_proved() -> None:
    words = proofs_text([Level("score", 100, None, 0.1, "open")], None)
    assert words.splitlines()[1:] == ["  score: 1.0: not proved"]


def test_only_what_was_proved_is_certified() -> None:
    """A search that is stopped at once has proved nothing."""
    cancel = threading.Event()
    cancel.set()
    matching = rmatch.solve(THREE, cancel=cancel)
    assert set(matching.certificate.methods.values()) == {"open"}
    assert matching.certificate.cut is None
    assert not matching.certificate.prices
    assert matching.verify().ok


def test_no_name_is_told(east: Matching) -> None:
    assert east.programme is not None
    words = f"{east.certificate} {east.certificate!r} {east.solution!r}"
    for person in east.programme.people:
        assert str(person.name) not in words


def test_a_matching_made_by_hand_has_nothing_to_show() -> None:
    matching = matching_of(THREE, ((1, 0), (2, 1)), ("pairs", "score"))
    assert matching.certificate.methods == {"pairs": "reported", "score": "reported"}
    assert matching.verify().ok


# ------------------------------------------------------------------------------------ on disk


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "run.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@settings(max_examples=40)
@given(instance=instances(max_side=4), strategy=st.sampled_from(("best_score", "stable")))
def test_certificates_are_read_back_as_they_were(
    instance: Instance, strategy: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    matching = rmatch.solve(instance, strategy=strategy)
    folder = matching.save(tmp_path_factory.mktemp("runs") / "run")
    loaded = Matching.load(folder)
    shutil.rmtree(folder)
    assert loaded.solution == matching.solution
    assert loaded.certificate == matching.certificate


def test_no_id_is_in_the_record(east: Matching, tmp_path: Path) -> None:
    """Prices and the cut are by pseudonym, in no order of the programme's."""
    folder = east.save(tmp_path / "run")
    assert Matching.load(folder).solution == east.solution
    text = (folder / "run.json").read_text(encoding="utf-8")
    content = json.loads(text)["certificate"]
    ids = (*east.instance.mentor_ids, *east.instance.mentee_ids)
    assert not [person for person in ids if f'"{person}"' in text]
    assert content["cut"] == sorted(content["cut"])
    assert list(content["prices"]["of"]) == sorted(east.pseudonyms.names.values())


def test_a_run_without_a_certificate_is_still_read(three: Matching, tmp_path: Path) -> None:
    """As an earlier rmatch wrote it."""

    def as_it_was(content: dict[str, Any]) -> None:
        del content["certificate"]
        for level in content["levels"]:
            del level["proof"]
        content["schema_version"] = 2

    folder = three.save(tmp_path / "run")
    edit(folder, as_it_was)
    loaded = Matching.load(folder)
    assert loaded.pairs == three.pairs
    assert set(loaded.certificate.methods.values()) == {"reported"}
    assert loaded.verify().ok


def prices(content: dict[str, Any]) -> dict[str, list[Any]]:
    return dict(content["certificate"]["prices"]["of"])


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["certificate"].update(cut=["p_0"]),
        lambda content: content["certificate"].update(cut=content["certificate"]["cut"] * 2),
        lambda content: content["certificate"].update(cut="all"),
        lambda content: content["certificate"].pop("cut"),
        lambda content: content["certificate"].pop("prices"),
        lambda content: content["certificate"].update(joy=1),
        lambda content: content["certificate"]["prices"]["of"].popitem(),
        lambda content: content["certificate"]["prices"]["of"].update(p_0=[0, 0]),
        lambda content: next(iter(prices(content).values())).pop(),
        lambda content: next(iter(prices(content).values())).__setitem__(0, 0.5),
        lambda content: next(iter(prices(content).values())).__setitem__(0, True),
        lambda content: content["certificate"]["prices"].update(levels=["pairs"]),
        lambda content: content["certificate"]["prices"].update(levels="pairs"),
        lambda content: content.update(certificate=None),
        lambda content: content["levels"][1].update(proof="magic"),
        lambda content: content["levels"][1].update(proof="open"),
        lambda content: content["levels"][2].update(proof="prices"),
    ],
)
def test_a_certificate_that_makes_no_sense_is_refused(
    three: Matching, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """Strangers, people twice or left out, values of the wrong kind, proofs that are not there."""
    folder = three.save(tmp_path / "run")
    edit(folder, change)
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


def test_a_certificate_that_was_changed_is_read_and_faulted(
    three: Matching, tmp_path: Path
) -> None:
    """Whether it holds is for the audit to say, not for reading."""

    def change(content: dict[str, Any]) -> None:
        content["certificate"]["cut"].pop()
        for vector in content["certificate"]["prices"]["of"].values():
            vector[0] += 1

    folder = three.save(tmp_path / "run")
    edit(folder, change)
    found = {finding.kind.name for finding in Matching.load(folder).verify().findings}
    assert found == {"FALSE_CUT", "FALSE_PRICES"}
