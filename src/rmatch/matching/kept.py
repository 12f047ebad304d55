"""A matching on disk: saved, decided about, read back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rmatch.errors import InfeasibleError
from rmatch.matching.made import MadeMatching
from rmatch.matching.reading import custom_names, noticing, saved_solution, unreadable
from rmatch.run_folder import NOT_GIVEN, RUN_FILE

if TYPE_CHECKING:
    from rmatch.rematching.decisions import Decision
    from rmatch.rematching.ledger import Recorded
    from rmatch.runs import Run
    from rmatch.scoring import Criterion, Rule


class Kept(MadeMatching):
    """A matching and its run folder."""

    @property
    def input_hash(self) -> str:
        """The keyed hash of the input, as ``run.json`` has it."""
        from rmatch.runs import hash_of

        return hash_of(self._run())

    def save(
        self,
        folder: str | os.PathLike[str],
        *,
        force: bool = False,
        after: str | os.PathLike[str] | None = None,
        who: str = NOT_GIVEN,
        when: datetime | None = None,
    ) -> Path:
        """Write the run folder, whole or not at all: run.json, programme.json, pairs.csv.

        With ``force`` a run is replaced; its ledger and the ledger's key stay as they are, and this
        matching takes over the pseudonyms under which the ledger speaks of its people.

        Where a ledger goes on (``after``, or ``force`` over a run) and ``when`` is given, what a
        rematch was told is recorded in it. Without ``when`` it is in the programme alone, unless
        the ledger says otherwise: that is refused.

        Args:
            folder: Where; its parent must exist.
            force: Whether an existing run folder is replaced.
            after: The run that this one follows: its ledger goes on in the new folder. Without it a
                new folder begins with nothing decided.
            who: The id or initials of whoever decided what the rematch was told.
            when: The moment of that, with its time zone.

        Raises:
            DecisionError: the ledger says otherwise than the rematch was told, and ``when`` is not
                given, or it refuses what was said; nothing is written.
            RunFolderError: it exists (without ``force``) or cannot be written.
        """
        if after is not None:
            return self._save_after(after, folder, force=force, who=who, when=when)
        if force and (Path(folder) / RUN_FILE).is_file():
            from rmatch.rematching.noting import note_said
            from rmatch.runs import refuse_replacing

            refuse_replacing(self._run(), folder, self._extra())
            note_said(folder, self._said, who=who, when=when)
        return self._write(folder, force=force)

    def _save_after(
        self,
        after: str | os.PathLike[str],
        folder: str | os.PathLike[str],
        *,
        force: bool,
        who: str,
        when: datetime | None,
    ) -> Path:
        """Write the folder with the ledger of the run before it going on there."""
        from rmatch.rematching.continuing import run_after
        from rmatch.rematching.noting import note_said

        with run_after(after, folder, force=force) as copy:
            note_said(copy, self._said, who=who, when=when)
            self._write(copy, force=True)
        self.__dict__["decided_in"] = Path(folder).resolve()
        return Path(folder).resolve()

    def _write(self, folder: str | os.PathLike[str], *, force: bool) -> Path:
        from rmatch.runs import pseudonyms_kept, write_run

        where = write_run(self._run(), folder, extra=self._extra(), force=force)
        self.__dict__["pseudonyms"] = pseudonyms_kept(where, self.pseudonyms)
        self.__dict__["decided_in"] = where
        return where

    def _extra(self) -> dict[str, str]:
        """More files of a run folder."""
        from rmatch.reporting import pairs as pair_tables

        return {"pairs.csv": pair_tables.pairs_csv(self.pairs, self.unmatched)}

    def record(
        self, folder: str | os.PathLike[str], decision: Decision, *, who: str, when: datetime
    ) -> Recorded:
        """Write a decision about this matching into the ledger of its run folder.

        Args:
            folder: Where the matching was saved.
            decision: One of ``rmatch.rematching.decisions``.
            who: The id or initials of whoever decided.
            when: The moment, with its time zone.

        Raises:
            DecisionError: it cannot be decided from here; the message says what can.
            RunFolderError: the folder holds another matching, is damaged or cannot be written.
        """
        from rmatch.rematching.ledger import record

        done = record(
            folder, decision, who=who, when=when, questions=self.questions, pairs=self._ids
        )
        self.__dict__["decided_in"] = Path(folder).resolve()
        return done

    def _run(self) -> Run:
        from rmatch.runs import Run

        return Run(
            programme=self.programme,
            instance=self.instance if self.programme is None else None,
            pairs=tuple(self._ids),
            solution=self.solution,
            objectives=self.order,
            strategy=self.strategy,
            seed=self.seed,
            custom=custom_names(*self.scores.custom) if self.scores else (),
            pseudonyms=self.pseudonyms,
        )

    @classmethod
    def load(
        cls,
        folder: str | os.PathLike[str],
        *,
        criteria: Sequence[Criterion] = (),
        rules: Sequence[Rule] = (),
    ) -> Self:
        """Read a run folder back; custom criteria and rules must be given again.

        Where people were erased from it, this is the matching of those who are left: pairs with
        somebody erased are gone, the levels are counted again and none of them is claimed, and
        ``programme.notices`` says so.

        Raises:
            RunFolderError: the folder is missing or damaged, holds pairs that are not allowed, or
                its people were purged.
            ValueError: other custom criteria or rules than the run was made with.
        """
        from rmatch.runs import damaged, read_run
        from rmatch.scoring import score_programme
        from rmatch.scoring.statements import stated_instance

        run = read_run(folder)
        given = custom_names(criteria, rules)
        if given != run.custom:
            wanted = ", ".join(run.custom) or "none"
            raise ValueError(f"this run was made with these custom criteria and rules: {wanted}")
        scores = None
        if run.programme is not None:
            programme = noticing(run.programme, len(run.erased))
            scores = score_programme(programme, criteria=criteria, rules=rules)
        try:
            if scores is not None:  # pairs made by hand need be on no list of candidates
                scores = scores.including(run.pairs)
            instance = run.instance if scores is None else stated_instance(scores)
        except (InfeasibleError, LookupError):
            raise unreadable(folder, run) from None
        if instance is None:
            raise damaged(folder)
        try:
            solution = saved_solution(instance, run)
        except (LookupError, ValueError):
            raise unreadable(folder, run) from None
        matching = cls(
            instance=instance,
            solution=solution,
            order=run.objectives,
            strategy=run.strategy,
            seed=run.seed,
            scores=scores,
        )
        matching.__dict__["pseudonyms"] = run.pseudonyms
        matching.__dict__["decided_in"] = Path(folder).resolve()
        return matching
