"""Runs of instances with statements: nothing is lost on disk, and what is broken is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

import brute_force
import rmatch
from brute_force import Problem
from made_by_hand import matching_of
from rmatch import runs
from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance, Quota
from rmatch.matching import Matching
from rmatch.testing import instances

DAMAGED = "is damaged: something in it was changed or is missing"
RANKS = [[[0], [1]], [[0], [1]]]
QUOTA = Quota("firsts", *(np.array(row) for row in ([1, 0, 0, 0], [0, 1], [0, 0])), minimum=1)
STATED = Instance.from_rankings(RANKS, RANKS, score=[[9, 5], [4, 2]]).replace(
    forced=[False, True, False, False], quotas=(QUOTA,), stability="super"
)
CROSSED = ((0, 1), (1, 0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The run of an instance with a forced pair and a quota."""
    return matching_of(STATED, CROSSED).save(tmp_path / "run")


def edit(folder: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """One of the JSON files changed, and the hash made to fit: damage that only reading finds."""
    record, people = (read(folder / file) for file in ("run.json", "programme.json"))
    change(record if name == "run.json" else people)
    text = json.dumps(people["instance"], sort_keys=True)
    key = bytes.fromhex(people["key"])
    record["input_hash"] = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "programme.json").write_text(json.dumps(people), encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


@settings(max_examples=60)
@given(instance=instances(max_side=3, constrained=True))
def test_any_stated_instance_is_read_back_as_it_was(
    instance: Instance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Forced pairs, quotas, the kind of stability, and levels that are vectors."""
    made = next(brute_force.matchings(Problem(instance)), None)
    assume(made is not None)
    matching = matching_of(instance, made or ())
    folder = matching.save(tmp_path_factory.mktemp("runs") / "run")
    loaded = Matching.load(folder)
    shutil.rmtree(folder)
    assert loaded.solution == matching.solution
    for name in (*PAIR_ARRAYS, *PERSON_ARRAYS):
        assert np.array_equal(getattr(loaded.instance, name), getattr(instance, name))
    assert loaded.instance.stability == instance.stability
    assert [_plain(q) for q in loaded.instance.quotas] == [_plain(q) for q in instance.quotas]
    assert loaded.verify() == matching.verify()


def _plain(quota: Quota) -> dict[str, Any]:
    counts = {name: getattr(quota, name).tolist() for name in ("pair", "mentor", "mentee")}
    return {**vars(quota), **counts}


def test_an_open_bound_is_read_back(tmp_path: Path) -> None:
    """A vector that was proved in part, a number, and none at all."""
    bounds = {"rank_maximal": (3,), "egalitarian": 4, "leximin": None}
    matching = matching_of(STATED, CROSSED, bounds=bounds)
    loaded = Matching.load(matching.save(tmp_path / "run"))
    assert loaded.status == "feasible"
    assert {level.name: level.bound for level in loaded.solution.levels if not level.proved} == {
        "rank_maximal": (3,),
        "egalitarian": 4,
        "leximin": None,
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda people: people["instance"].update(forced=[True, False, False, False]),
        lambda people: people["instance"]["quotas"][0].update(minimum=2),
        lambda people: people["instance"]["quotas"][0].update(minimum="1"),
        lambda people: people["instance"]["quotas"][0].update(minimum=True),
        lambda people: people["instance"]["quotas"][0].update(maximum=1.5),
        lambda people: people["instance"]["quotas"][0].update(price=-1),
        lambda people: people["instance"]["quotas"][0].update(pair=[1]),
        lambda people: people["instance"]["quotas"][0].update(pair="1000"),
        lambda people: people["instance"]["quotas"][0].update(joy=1),
        lambda people: people["instance"]["quotas"][0].pop("mentor"),
        lambda people: people["instance"].update(quotas=7),
        lambda people: people["instance"].update(quotas=[7]),
        lambda people: people["instance"].update(stability="great"),
        lambda people: people["instance"].update(stability=["weak"]),
        lambda people: people["instance"].update(forced=[0, 1]),
        lambda people: people["instance"].update(joy=[0, 1]),
    ],
)
def test_an_instance_that_was_changed_is_noticed(
    folder: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """Broken statements, values of the wrong kind, and values that the levels contradict."""
    edit(folder, "programme.json", change)
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


@pytest.mark.parametrize(
    "wrong", ["[1]", [1, 1.5, 2], [True], {"0": 1}, [[1]], [0, 0], None, 7], ids=str
)
def test_a_vector_that_was_changed_is_noticed(folder: Path, wrong: object) -> None:
    """Strictly a list of integers, and the one that the pairs have."""

    def change(record: dict[str, Any]) -> None:
        (level,) = [level for level in record["levels"] if level["name"] == "leximin"]
        level.update(value=wrong, bound=wrong)

    edit(folder, "run.json", change)
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


def test_a_run_of_the_first_schema_is_still_read(tmp_path: Path) -> None:
    """It knew of no statements and of no vectors: nothing was stated."""
    plain = Instance.from_rankings(RANKS, RANKS, score=[[9, 5], [4, 2]])
    matching = matching_of(plain, CROSSED, ("pairs", "stability", "score"))
    folder = matching.save(tmp_path / "run")

    def as_it_was(people: dict[str, Any]) -> None:
        people["schema_version"] = 1
        for name in ("forced", "quotas", "stability"):
            del people["instance"][name]

    edit(folder, "programme.json", as_it_was)
    edit(folder, "run.json", lambda record: record.update(schema_version=1))
    loaded = Matching.load(folder)
    assert loaded.solution == matching.solution
    assert (loaded.instance.forced.any(), loaded.instance.quotas) == (False, ())
    assert loaded.verify().ok


def test_statements_about_people_are_in_the_record_by_pseudonym() -> None:
    """No id of anybody leaves with run.json, in whatever setting it stands."""
    stated = {
        "coordinators": ["M1", "somebody@nhs.example"],
        "must_pair": [["M1", "S1"]],
        "must_not_pair": [],
        "maximum_load": {"S1": 2},
        "load_price": {"S1": 3},
        "quotas": {"firsts": "at least 1 mentor with base M1", "M1": "M1"},
        "seed": 3,
    }
    dumped = SimpleNamespace(model_dump=lambda **_: stated)
    run: Any = SimpleNamespace(
        programme=SimpleNamespace(settings=dumped),
        pseudonyms=runs.Pseudonyms({"M1": "p_1", "S1": "p_2"}, b""),
    )
    assert runs._settings(run) == {
        "coordinators": ["p_1", "outside"],
        "must_pair": [["p_1", "p_2"]],
        "must_not_pair": [],
        "maximum_load": {"p_2": 2},
        "load_price": {"p_2": 3},
        "quotas": {"firsts": "at least 1 mentor with base M1", "p_1": "p_1"},
        "seed": 3,
    }
