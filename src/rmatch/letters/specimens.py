"""Made-up views on which every template is tried before anybody's letter is written."""

from __future__ import annotations

from datetime import date

from rmatch.explaining.participant_facts import MODES, ParticipantFacts, SharedFacts
from rmatch.letters.view import ParticipantView, view_of

_FULL = SharedFacts(
    roles=("Head of School", "Training Programme Director"),
    specialty="Urology",
    employer="Fen Trust",
    region="East of England",
    chosen=True,
    offers=("Wellbeing", "Study leave"),
    wants=("Career progression", "Speaking up safely"),
    slots=("mon_am", "mon_pm", "fri_eve"),
    modes=MODES,
    interests=("chess", "choir"),
)
_BLANK = SharedFacts((), "", "", "", False, (), (), (), (), ())


def _view(*partners: SharedFacts, name: str = "", offers_place: bool = True) -> ParticipantView:
    facts = ParticipantFacts("M01", name, "mentor", offers_place, partners)
    day = date(2027, 1, 11) if name else None
    return view_of(facts, starts=day, ends=day)


SPECIMENS: tuple[ParticipantView, ...] = (
    _view(_FULL, name="Asha Bell"),
    _view(_BLANK, _FULL, name="Asha Bell"),
    _view(_BLANK),
    _view(name="Asha Bell"),
    _view(),
    _view(name="Asha Bell", offers_place=False),
    _view(offers_place=False),
)
"""With every answer and with none; with one partner, two and none; with no place."""
