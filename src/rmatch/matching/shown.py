"""A matching as text, table, chart, report, workbook and letters."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rmatch.matching.made import MadeMatching
from rmatch.reports.seconds import REPORT_SECONDS

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


MOST_SHOWN = 1000
"""Of more pairs ``str()`` shows the first and the last."""


class Shown(MadeMatching):
    """A matching put before those who may see it."""

    def __repr__(self) -> str:
        from rmatch.reporting import summary

        line = summary.headline(
            len(self.pairs),
            len(self.unmatched),
            len(self.blocking_pairs),
            self.status,
            stability=self.instance.stability,
        )
        return f"Matching({line})"

    def __str__(self) -> str:
        return self.to_text(most=MOST_SHOWN)

    def to_text(self, *, names: bool = False, most: int | None = None) -> str:
        """The pairs as a table, with who is left and the levels.

        Args:
            names: Whether names stand beside the ids.
            most: Where there are more pairs, or people without a partner, the first and the last of
                them, and how many are left out; all by default. ``str()`` shows a thousand.
        """
        from rmatch.reporting import summary
        from rmatch.reporting.levels import levels_block

        shown = self._names(names=names)
        return "\n".join(
            [
                repr(self),
                "",
                summary.pairs_text(self.pairs, shown, most=most),
                summary.unmatched_text(self.unmatched, shown, most=most),
                "",
                levels_block(
                    self.solution.levels,
                    for_people=self.programme is not None,
                    stability=self.instance.stability,
                    algorithm=self.algorithm and self.solution.method,
                    beyond_proof=self.solution.is_beyond_proof,
                ),
                *([summary.unkept_text(self.unkept)] if self.unkept else ()),
                *self._among(),
            ]
        )

    def _among(self) -> list[str]:
        """That only candidates were looked at, where it is so."""
        from rmatch.reporting import summary

        if self.candidates is None:
            return []
        return [summary.candidates_text(self.candidates, self.instance.n_pairs, self.status)]

    def _repr_html_(self) -> str:
        from rmatch.reporting.matching_html import matching_html

        return matching_html(self)

    def to_frame(self, *, names: bool = False) -> pd.DataFrame:
        """One row per pair: ids (and names, if asked for), scores, ranks, points by criterion."""
        from rmatch.reporting import pairs as pair_tables

        return pair_tables.pairs_frame(self.pairs, self._names(names=names))

    def to_dict(self, *, names: bool = False) -> dict[str, Any]:
        """Everything the coordinator may see, as plain data that ``json.dumps`` takes.

        People stand under their ids. Vetoes, conflicts and answers are not in it; scores and ranks
        are, so it is for the coordinator's own program.

        Args:
            names: Whether to add ``names``, everybody's name by id.
        """
        from rmatch.reporting.document import Document, level_entry

        document = Document(
            status=self.status,
            strategy=self.strategy,
            seed=self.seed,
            stability=self.instance.stability,
            objectives=dict(self.objectives),
            levels=tuple(map(level_entry, self.solution.levels)),
            pairs=self.pairs,
            unmatched=self.unmatched,
            blocking_pairs=self.blocking_pairs,
            warnings=self.warnings,
            waived=self.waived,
            questions=self.questions,
            names=self._names(names=True) if names else None,
        )
        return document.as_dict()

    def plot(self, *, names: bool = False) -> alt.LayerChart:
        """The score array as a heat map, the pairs marked, ordered so that structure shows.

        For the coordinator, not to be handed on. An altair chart: change it, or
        ``save("scores.svg")``. Where nobody gave scores, ranks are shown.

        Args:
            names: Show names beside the ids.

        Raises:
            MissingExtraError: altair is not installed.
            ValueError: too many people to draw.
        """
        from rmatch.reporting.score_plot import score_chart

        shown, for_people = self._names(names=names), self.programme is not None
        return score_chart(self.instance, self.solution.chosen, shown, for_people=for_people)

    def plot_pairs(self, *, names: bool = False) -> alt.LayerChart:
        """How well both sides of every pair are served, with the ranks; stated ones bear a star.

        For the coordinator, not to be handed on. An altair chart, as ``plot`` returns one.

        Args:
            names: Show names beside the ids.

        Raises:
            MissingExtraError: altair is not installed.
        """
        from rmatch.reporting.pair_plot import pair_chart

        shown = self._names(names=names)
        return pair_chart(self.pairs, shown, for_people=self.programme is not None)

    def to_html(
        self,
        path: str | os.PathLike[str],
        audience: str = "panel",
        *,
        names: bool = False,
        reveal: bool = False,
        force: bool = False,
        time_limit: float | None = REPORT_SECONDS,
    ) -> Path:
        """Write a report as one HTML file, which needs no network and prints on A4.

        A panel reads the pairs with neutral reasons and what is to be looked at. The coordinator
        also has scores, ranks, where the points come from, and why not any two people; that file is
        readable by its owner alone. An auditor has pseudonyms and codes. What an audience may not
        see is not in the file.

        Args:
            path: Where; its folder must exist.
            audience: ``panel``, ``coordinator`` or ``auditor``.
            names: Show names beside the ids; an auditor sees none.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            force: Whether an existing file is replaced.
            time_limit: Seconds for all that has to be solved: who could have a partner, and why
                not. What there was no time for is said.

        Raises:
            MissingExtraError: Jinja2 is not installed.
            RunFolderError: the file exists (without ``force``), or cannot be written.
            ValueError: an unknown audience; a participant, who reads a letter.
        """
        from rmatch.reports.page import write_page

        return write_page(
            self._whole,
            path,
            audience,
            names=names,
            reveal=reveal,
            force=force,
            time_limit=time_limit,
        )

    def to_excel(
        self,
        path: str | os.PathLike[str],
        audience: str = "panel",
        *,
        names: bool = False,
        reveal: bool = False,
        force: bool = False,
        time_limit: float | None = REPORT_SECONDS,
    ) -> Path:
        """Write a workbook: pairs, people without a partner, what to look at, ask and know.

        The coordinator's has the points by criterion and every score as well. Its pairs can be
        moved in Excel and read back: ``check_pairs(rmatch.load_pairs(path))``.

        Args:
            path: Where, ending in ``.xlsx``; written whole or not at all. The coordinator's, and
                one with names, is readable by its owner alone.
            audience: ``panel``, ``coordinator`` or ``auditor``. What they may not see is not in
                the file.
            names: Show names beside the ids; an auditor sees none.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            force: Whether a file that is there is replaced; somebody may have edited it.
            time_limit: Seconds for all that has to be solved for it; at 0 nothing is.

        Raises:
            MissingExtraError: openpyxl is not installed.
            RunFolderError: the file exists (without ``force``) or cannot be written.
            ValueError: an audience that has no workbook, or another ending.
        """
        from rmatch.reports.writing import write_workbook

        return write_workbook(
            self._whole,
            path,
            audience,
            names=names,
            reveal=reveal,
            force=force,
            time_limit=time_limit,
        )

    def letters(
        self,
        folder: str | os.PathLike[str],
        *,
        templates: str | os.PathLike[str] | None = None,
        force: bool = False,
    ) -> Path:
        """Write a Markdown letter for each participant, and ``letters.csv`` for a mail merge.

        Args:
            folder: Where; written whole or not at all, readable by its owner alone.
            templates: A folder with ``matched.md``, ``unmatched.md`` or ``no_place.md`` to use
                instead of rmatch's own.
            force: Whether an earlier folder of letters is replaced.

        Raises:
            InputError: the templates ask for more than a participant may read; lists everything.
            MissingExtraError: Jinja2 is not installed.
            RunFolderError: the folder exists (without ``force``), holds other things, or cannot be
                written.
            ValueError: an instance without people.
        """
        from rmatch.letters.writing import write_letters

        if self.programme is None:
            raise ValueError("an instance made without people has nobody to write to")
        return write_letters(self.programme, self._ids, folder, templates=templates, force=force)
