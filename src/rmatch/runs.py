"""Run folders: a matching on disk, with people and pseudonyms apart.

``run.json`` holds pairs by random pseudonym, settings, versions and keyed hashes of the input;
``programme.json`` (mode 0600) the people, the key and which pseudonym is whose. A new folder is
written beside its final name and then moved there, and the files of an old one are replaced as one,
so that no half folder is ever seen. A ledger in it stays, and so do the pseudonyms it speaks of.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import platform
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import numpy
import pydantic
from pydantic import BaseModel, ConfigDict, Field

from rmatch import __version__
from rmatch.atomic import new_folder, write_within
from rmatch.certificate import Certificate
from rmatch.errors import InputError, RunFolderError
from rmatch.instance import Instance
from rmatch.programme import Programme
from rmatch.programme.settings import FROM_A_RUN, WAIVERS
from rmatch.run_folder import (
    ALIASES_FILE,
    DOCUMENTS,
    LEDGER_FILE,
    LETTERS_FOLDER,
    PEOPLE_FILE,
    RUN_FILE,
    NewFile,
    change_files,
    is_of_ledger,
    locked,
    read_json,
    steady,
)
from rmatch.saved_aliases import aliases_file, read_aliases
from rmatch.saved_certificate import CertificateRecord, certificate_dict
from rmatch.saved_instance import instance_dict, instance_of
from rmatch.solution import Level, Proof, Solution, Status, Value, status_of
from rmatch.solving.solver_version import ortools_version

SCHEMA_VERSION = 4
"""4: waivers in the settings; people erased from programme.json, or purged.

3: certificates, and how each level was proved.

2: vectors among the levels; what must be paired, quotas and stability of an instance.
"""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Random names for the people of one run, and the key of its hashes."""

    names: Mapping[str, str] = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def draw(cls, ids: Iterable[str]) -> Pseudonyms:
        """Fresh random pseudonyms."""
        wanted = list(ids)
        drawn: dict[str, None] = {}
        while len(drawn) < len(wanted):
            drawn[f"p_{secrets.token_hex(5)}"] = None
        return cls(dict(zip(wanted, drawn, strict=True)), secrets.token_bytes(32))

    def also_for(self, ids: Iterable[str]) -> Pseudonyms:
        """For people of whom some are known here: those go by the same names, under a new key.

        So a folder knows again who was erased from it.
        """
        fresh = Pseudonyms.draw(ids)
        known = {person: self.names.get(person, name) for person, name in fresh.names.items()}
        return Pseudonyms(known, fresh.key)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run folder holds."""

    programme: Programme | None
    instance: Instance | None
    """Only where there is no programme: the arrays that were solved."""
    pairs: tuple[tuple[str, str], ...]
    solution: Solution
    """``chosen`` is empty: the pairs say it, and the instance is rebuilt."""
    objectives: tuple[str, ...]
    strategy: str | None
    seed: int
    custom: tuple[str, ...]
    pseudonyms: Pseudonyms
    erased: tuple[str, ...] = ()
    """Pseudonyms of people who were in the run and are in it no more."""


def write_run(
    run: Run, folder: str | os.PathLike[str], *, extra: Mapping[str, str], force: bool
) -> Path:
    """Write a run folder whole or not at all.

    A ledger in the folder stays as it is, with its key; people of the folder keep the pseudonyms
    under which it speaks of them. Documents of the run before (its report, workbook and letters)
    go.

    Args:
        run: What to write.
        folder: Where; its parent must exist.
        extra: More text files of the folder, by name.
        force: Whether an existing run folder is replaced.

    Raises:
        RunFolderError: the folder exists (without ``force``), is no run folder, or cannot be
        written; or its ledger speaks of people whom nobody could name any more.
    """
    target = Path(folder).resolve()
    names = _ours(extra)
    _refuse(target, names, force=force)
    if target.exists():
        with locked(target):
            _refuse(target, names, force=force)
            # Documents tell of the pairs before: none is left beside new ones.
            change_files(target, _files_over(run, target, extra), remove=DOCUMENTS)
        return target
    with new_folder(target) as temporary:
        for name, file in _files(run, extra).items():
            write_within(temporary, name, file.text, mode=file.mode)
    return target


def refuse_replacing(run: Run, folder: str | os.PathLike[str], extra: Mapping[str, str]) -> None:
    """See that a run may be replaced by another, before anything is written.

    Raises:
        RunFolderError: as ``write_run`` with ``force``.
    """
    target = Path(folder).resolve()
    _refuse(target, _ours(extra), force=True)
    with steady(target):
        _files_over(run, target, extra)


def _ours(extra: Iterable[str]) -> set[str]:
    """What a run folder may hold beside its ledger."""
    return {RUN_FILE, PEOPLE_FILE, *extra, *DOCUMENTS}


def _files(
    run: Run, extra: Mapping[str, str], *, erased_before: Sequence[str] = ()
) -> dict[str, NewFile]:
    people = _people(run)
    if erased_before:
        people["erased_before"] = list(erased_before)
    return {
        PEOPLE_FILE: NewFile(dumped(people), mode=0o600),
        RUN_FILE: NewFile(_run_json(run, input_hash(people))),
        **{name: NewFile(text) for name, text in extra.items()},
    }


def _files_over(run: Run, target: Path, extra: Mapping[str, str]) -> dict[str, NewFile]:
    """The files, where a folder is replaced: with a ledger in it, pseudonyms stay."""
    if not (target / LEDGER_FILE).exists():
        return _files(run, extra)
    refuse_purged(target, read_json(target / PEOPLE_FILE, SCHEMA_VERSION))
    known = names_in(target)
    again = [person for person, name in run.pseudonyms.names.items() if name in known.erased]
    if again:
        raise RunFolderError(
            f"{', '.join(again)} was erased from {target}, and this matching still holds them; "
            "load it again from there, or save it elsewhere"
        )
    kept = {person: known.names.get(person, name) for person, name in run.pseudonyms.names.items()}
    run = replace(run, pseudonyms=Pseudonyms(kept, run.pseudonyms.key))
    others = {person: name for person, name in known.names.items() if person not in kept}
    files = _files(run, extra, erased_before=sorted(known.erased))
    return {**files, ALIASES_FILE: aliases_file(others)}


@dataclass(frozen=True, slots=True)
class Names:
    """Whom the pseudonyms of a folder mean, read without reading what people said."""

    names: Mapping[str, str] = field(repr=False)
    """Id or initials → pseudonym."""
    sides: Mapping[str, str] = field(repr=False)
    """Id → ``mentor`` or ``mentee``, for the people of programme.json."""
    erased: frozenset[str] = frozenset()
    purged: bool = False


def names_in(folder: Path) -> Names:
    """The names of a folder, none where they were purged; the caller keeps writers out.

    Raises:
        RunFolderError: programme.json cannot be read.
    """
    people = read_json(folder / PEOPLE_FILE, SCHEMA_VERSION)
    if "purged" in people:
        return Names({}, {}, purged=True)
    try:
        names = {str(person): str(name) for person, name in people["pseudonyms"].items()}
        erased = frozenset({*erased_in(people), *map(str, people.get("erased_before", ()))})
        sides = _sides_by_id(people)
    except (LookupError, TypeError, AttributeError):
        raise damaged(folder) from None
    return Names({**read_aliases(folder), **names}, sides, erased)


def pseudonyms_kept(folder: Path, own: Pseudonyms) -> Pseudonyms:
    """The pseudonyms under which a matching now stands in a folder it was just written to."""
    if not (folder / LEDGER_FILE).exists():
        return own
    names = names_in(folder).names
    return Pseudonyms({person: names[person] for person in own.names}, own.key)


def _sides_by_id(people: Mapping[str, Any]) -> dict[str, str]:
    sides: dict[str, str] = {}
    programme, instance = people.get("programme"), people.get("instance")
    for side in ("mentor", "mentee"):
        if programme is not None:
            sides |= {str(person["id"]): side for person in programme[f"{side}s"]}
        elif instance is not None:
            sides |= {str(person): side for person in instance[f"{side}_ids"]}
    return sides


def erased_in(people: Mapping[str, Any]) -> tuple[str, ...]:
    """Pseudonyms of those who were erased from what programme.json says of the input."""
    return tuple(str(one["id"]) for one in people.get("erased", {}).get("people", ()))


def refuse_purged(folder: Path, people: Mapping[str, Any]) -> None:
    """Say so where nobody's data is left.

    Raises:
        RunFolderError: they were purged.
    """
    if "purged" in people:
        raise RunFolderError(
            f"the people of {folder} were purged after their programme ended; what was decided is "
            "left, under pseudonyms: rmatch log --audience auditor"
        )


def _refuse(target: Path, ours: set[str], *, force: bool) -> None:
    """Refuse to replace what is there, unless forced; and what we did not write, even then."""
    if not target.exists():
        return
    if not force:
        raise RunFolderError(f"{target} exists already; choose another name or force it")
    if not target.is_dir():
        raise RunFolderError(f"{target} is not a run folder, so it is left alone even with force")
    held = {entry.name for entry in target.iterdir() if not is_of_ledger(entry.name)}
    if held and RUN_FILE not in held:
        raise RunFolderError(f"{target} is not a run folder, so it is left alone even with force")
    if held - ours:
        others = ", ".join(sorted(held - ours))
        raise RunFolderError(f"{target} holds more than a run, so it is left alone: {others}")
    strange = _no_letters(target / LETTERS_FOLDER)
    if strange:
        raise RunFolderError(
            f"{target / LETTERS_FOLDER} holds more than letters, so {target} is left alone: "
            f"{', '.join(strange)}"
        )


def _no_letters(folder: Path) -> list[str]:
    """What lies in a folder of letters and is none."""
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if one.suffix not in (".md", ".csv"))


def _people(run: Run) -> dict[str, Any]:
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "key": run.pseudonyms.key.hex(),
        "pseudonyms": dict(run.pseudonyms.names),
    }
    if run.programme is not None:
        content["programme"] = run.programme.model_dump(mode="json")
    if run.instance is not None:
        content["instance"] = instance_dict(run.instance)
    return content


def _run_json(run: Run, input_hash: str) -> str:
    name = run.pseudonyms.names
    levels = [asdict(level) for level in run.solution.levels]
    return dumped(
        {
            "schema_version": SCHEMA_VERSION,
            "versions": versions(),
            "input_hash": input_hash,
            "settings": _settings(run),
            "objectives": list(run.objectives),
            "strategy": run.strategy,
            "seed": run.seed,
            "custom": list(run.custom),
            "status": run.solution.status,
            "method": run.solution.method,
            "seconds": run.solution.seconds,
            "levels": levels,
            "certificate": certificate_dict(run.solution.certificate, *_sides(run), name),
            "pairs": sorted([name[mentor], name[mentee]] for mentor, mentee in run.pairs),
        }
    )


def _sides(run: Run) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Mentors and mentees, in the order of the instance."""
    if run.programme is not None:
        people = run.programme.mentors, run.programme.mentees
        return tuple(person.id for person in people[0]), tuple(person.id for person in people[1])
    return ((), ()) if run.instance is None else (run.instance.mentor_ids, run.instance.mentee_ids)


def _settings(run: Run) -> Mapping[str, Any] | None:
    """The settings with people by pseudonym."""
    if run.programme is None:
        return None
    settings = run.programme.settings.model_dump(mode="json")
    names = run.pseudonyms.names
    hidden = {
        name: _by_pseudonym(value, names, others=None if name == "quotas" else "outside")
        for name, value in settings.items()
        if name in _ABOUT_PEOPLE
    }
    if WAIVERS in settings:
        hidden[WAIVERS] = [
            [*_by_pseudonym(ends, names), _by_pseudonym(rule, names, others=None)]
            for *ends, rule in settings[WAIVERS]
        ]
    return {**settings, **hidden}


_ABOUT_PEOPLE = frozenset(
    {
        *("coordinators", "must_pair", "must_not_pair", "standing_pairs", "frozen_pairs", "quotas"),
        *("minimum_load", "maximum_load", "load_price"),
    }
)
"""Settings that may hold people; all but quotas hold nothing else, at whatever depth.

Waivers hold rules beside them, and are treated by themselves.
"""


def _by_pseudonym(value: Any, names: Mapping[str, str], *, others: str | None = "outside") -> Any:
    """``value`` with people by pseudonym; ``others``: what any other text becomes, if anything."""
    if isinstance(value, str):
        return names.get(value, value if others is None else others)
    if isinstance(value, list):
        return [_by_pseudonym(item, names, others=others) for item in value]
    if isinstance(value, dict):
        return {
            _by_pseudonym(key, names, others=others): _by_pseudonym(item, names, others=others)
            for key, item in value.items()
        }
    return value


def versions() -> dict[str, str]:
    """Versions of everything that a result can depend on."""
    return {
        "python": platform.python_version(),
        "rmatch": __version__,
        "ortools": ortools_version(),
        "numpy": numpy.__version__,
        "pydantic": pydantic.VERSION,
    }


def input_hash(people: Mapping[str, Any]) -> str:
    """The hash of what programme.json says of the input.

    Keyed, so that nobody can try likely inputs against it.

    Of what is written, not of what it is read as: a field that a later rmatch adds with its default
    leaves old folders as they are.
    """
    programme = people.get("programme")
    content = people.get("instance") if programme is None else programme
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hmac.new(bytes.fromhex(people["key"]), text.encode(), hashlib.sha256).hexdigest()


def hash_of(run: Run) -> str:
    """The hash of a run's input, as its run.json has it, or would have it."""
    return input_hash(_people(run))


def dumped(content: Mapping[str, Any]) -> str:
    """JSON as it stands in the files of a run."""
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


_DAMAGE = (
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    InputError,
)
"""What reading a file that somebody edited can end in; pydantic's errors are ValueErrors."""


def read_run(folder: str | os.PathLike[str]) -> Run:
    """Read a run folder back.

    Raises:
        RunFolderError: a file is missing, damaged or of a later schema, or the two do not belong
            together.
    """
    path = Path(folder)
    with steady(path):
        people, record = (
            read_json(path / name, SCHEMA_VERSION) for name in (PEOPLE_FILE, RUN_FILE)
        )
    refuse_purged(path, people)
    try:
        content = RunRecord.model_validate(record)
        run = _run_of(people, content)
        belongs = _belongs(people, content) and _are_of_one(run, content)
    except _DAMAGE:
        raise damaged(path) from None
    if not belongs:
        raise RunFolderError(
            f"{path}: {PEOPLE_FILE} is not the input that {RUN_FILE} was made from"
        )
    try:
        return _with_certificate(run, content.certificate)
    except _DAMAGE:
        raise damaged(path) from None


def _belongs(people: Mapping[str, Any], record: RunRecord) -> bool:
    """Whether programme.json is what run.json was made from, or that without those erased."""
    hashes = [(input_hash(people), record.input_hash)]
    if "erased" in people:
        erased = people["erased"]
        hashes = [(erased["made_from"], record.input_hash), (erasure_hash(people), erased["hash"])]
    return all(hmac.compare_digest(one.encode(), other.encode()) for one, other in hashes)


_READ_OF_RUN_FILE = ("rules", "ends")
"""Settings that the ledger and purging read of run.json, since they may have nothing else."""


def _are_of_one(run: Run, record: RunRecord) -> bool:
    """Whether these settings are the same in both files."""
    if run.programme is None or record.settings is None:
        return run.programme is None and record.settings is None
    known = run.programme.settings.model_dump(mode="json")
    return all(record.settings.get(name) == known[name] for name in _READ_OF_RUN_FILE)


def erasure_hash(people: Mapping[str, Any]) -> str:
    """The keyed hash of what is left of the input, and of who was erased."""
    erased = people["erased"]
    content = [people["programme"], erased["people"], erased["made_from"]]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hmac.new(bytes.fromhex(people["key"]), text.encode(), hashlib.sha256).hexdigest()


def damaged(path: str | os.PathLike[str]) -> RunFolderError:
    """The error for a folder whose contents make no sense."""
    return RunFolderError(f"{Path(path)} is damaged: something in it was changed or is missing")


class LevelRecord(BaseModel):
    """A level in run.json."""

    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    name: str
    value: int | list[int]
    bound: int | list[int] | None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    proof: Proof = "reported"

    def level(self) -> Level:
        """The level again."""
        bound = None if self.bound is None else _value(self.bound)
        return Level(self.name, _value(self.value), bound, self.seconds, self.proof)


def _value(written: int | list[int]) -> Value:
    """A vector is a list in JSON."""
    return tuple(written) if isinstance(written, list) else written


class RunRecord(BaseModel):
    """What run.json holds, read strictly: no number for a text, no text for a list."""

    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    schema_version: int
    versions: dict[str, str]
    input_hash: str
    settings: dict[str, Any] | None
    objectives: list[str]
    strategy: str | None
    seed: Annotated[int, Field(ge=0)]
    custom: list[str]
    status: Status
    method: str
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    levels: list[LevelRecord]
    certificate: CertificateRecord = CertificateRecord()
    pairs: list[Annotated[list[str], Field(min_length=2, max_length=2)]]


def _run_of(people: Mapping[str, Any], record: RunRecord) -> Run:
    names: dict[str, str] = dict(people["pseudonyms"])
    ids = {pseudonym: person for person, pseudonym in names.items()}
    erased = erased_in(people)
    programme, instance = people.get("programme"), people.get("instance")
    levels = tuple(level.level() for level in record.levels)
    if [level.name for level in levels] != record.objectives:
        raise ValueError("the levels are not those of the objectives")
    if record.status != status_of(levels):
        raise ValueError("the status is not that of the levels")
    return Run(
        programme=(
            None if programme is None else Programme.model_validate(programme, context=FROM_A_RUN)
        ),
        instance=None if instance is None else instance_of(instance),
        pairs=tuple(
            (ids[mentor], ids[mentee])
            for mentor, mentee in record.pairs
            if not {mentor, mentee} & set(erased)
        ),
        solution=Solution(
            chosen=(),
            status=record.status,
            levels=levels,
            seconds=record.seconds,
            method=record.method,
        ),
        objectives=tuple(record.objectives),
        strategy=record.strategy,
        seed=record.seed,
        custom=tuple(record.custom),
        pseudonyms=Pseudonyms(names, bytes.fromhex(people["key"])),
        erased=erased,
    )


def _with_certificate(run: Run, record: CertificateRecord) -> Run:
    if run.erased:
        return run  # it was about everybody, and proves nothing about those who are left
    certificate = record.certificate(*_sides(run), run.pseudonyms.names)
    if not all(_is_proof(level, certificate) for level in run.solution.levels):
        raise ValueError("a level is proved by what is not there")
    return replace(run, solution=replace(run.solution, certificate=certificate))


def _is_proof(level: Level, certificate: Certificate) -> bool:
    """Whether the evidence that a level names is there."""
    if level.proof == "cut":
        return certificate.cut is not None
    if level.proof == "prices":
        return certificate.prices is not None and level.name in certificate.prices.levels
    return level.proof != "open" or not level.proved
