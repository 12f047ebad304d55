"""What can be checked: the audit, the certificate, rates by group."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rmatch.matching.made import MadeMatching

if TYPE_CHECKING:
    from rmatch.audit import Audit
    from rmatch.equity import Equity
    from rmatch.equity.reading import MonitoringTable
    from rmatch.explaining.proofs import Proofs
    from rmatch.explaining.score_bound import ScoreBound

MOST_AUDITED = 2**18
"""Of more candidate pairs the audit's plain loops, a minute for so many, look at those made."""


class Proved(MadeMatching):
    """A matching held against separate code, proofs and monitoring data."""

    def verify(self) -> Audit:
        """Check every claim again from the raw programme, by code that shares nothing with it.

        Of more than 2**18 candidate pairs those made are recomputed; that they are best of all is
        then checked from what the candidates score. The notes say so.
        """
        from rmatch.audit import audit, audit_arrays, audit_candidates, audit_made
        from rmatch.claims import claim_of, given_by, id_pairs, listed_pairs, roster_of, stated_of

        claim = claim_of(
            self.instance,
            self.solution,
            self.scores,
            seed=self.seed,
            unmatched=self.unmatched,
            blocking_pairs=self.blocking_pairs,
        )
        if self.scores is None:
            return audit_arrays(
                roster_of(self.instance),
                listed_pairs(self.instance),
                claim,
                stated_of(self.instance),
            )
        given = given_by(self.scores)
        if self.scores.candidates is not None:
            if self.scores.instance.n_pairs > MOST_AUDITED:
                from rmatch.matching.by_columns import with_columns

                made = audit_made(self.scores.programme, claim, taken_as_given=given)
                return with_columns(made, self.instance, self.solution)
            listed = id_pairs(self.scores.instance)
            return audit_candidates(self.scores.programme, claim, listed, taken_as_given=given)
        return audit(self.scores.programme, claim, taken_as_given=given)

    @cached_property
    def certificate(self) -> Proofs:
        """What is proved, level by level, and by what evidence; ``str()`` says it in words."""
        from rmatch.explaining.proofs import Proofs, cut_facts, prices_by_level
        from rmatch.reporting.proof_words import proofs_text

        certificate, levels = self.solution.certificate, self.solution.levels
        cut = None if certificate.cut is None else cut_facts(self.instance, certificate.cut)
        return Proofs(
            methods={level.name: level.proof if level.proved else "open" for level in levels},
            cut=cut,
            prices=prices_by_level(self.instance, certificate.prices),
            text=proofs_text(
                levels,
                cut,
                for_people=self.programme is not None,
                stability=self.instance.stability,
            ),
        )

    def score_bound(self, time_limit: float | None = None) -> ScoreBound:
        """How much more any matching of these people could score, over all pairs of them.

        For a matching among candidates, whose proofs are about the candidate pairs: every mentor is
        scored with every mentee, a few at a time, and held against the certificate's prices (10 000
        a side take a quarter of a minute or more). Without prices of the score the bound is loose.

        Args:
            time_limit: Seconds after which mentors who were not looked at count the most there is:
                the bound holds, and is looser.

        Raises:
            ValueError: an instance made without people: all its pairs were looked at.
        """
        from rmatch.explaining.score_bound import score_bound

        if self.scores is None:
            raise ValueError("an instance made without people has no pairs but its own")
        return score_bound(self.instance, self.solution, self.scores, time_limit)

    def equity(self, monitoring: MonitoringTable, *, minimum: int = 10) -> Equity:
        """How the matching came out for groups of people, from a table that nothing else sees.

        Args:
            monitoring: A .csv or .xlsx file, a data frame or a list of dicts: a column ``id`` and
                a column for each characteristic. It is not kept.
            minimum: Fewer people than this are counted nowhere, nor follow from what is.

        Raises:
            InputError: the table cannot be used; every problem with its place.
            MissingExtraError: scipy is not installed.
            TypeError: ``minimum`` is no whole number.
            ValueError: ``minimum`` is less than 3.
        """
        from rmatch.equity import equity_report

        ids = self.instance
        return equity_report(
            monitoring,
            {"mentors": ids.mentor_ids, "mentees": ids.mentee_ids},
            self.pairs,
            self._who_stated_choices(),
            minimum=minimum,
        )

    def _who_stated_choices(self) -> frozenset[str]:
        if self.programme is not None:
            return frozenset(person.id for person in self.programme.people if person.choices)
        everyone = (*self.instance.mentor_ids, *self.instance.mentee_ids)
        return frozenset(everyone if self.instance.stated else ())
