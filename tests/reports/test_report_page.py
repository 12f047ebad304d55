"""The HTML report: one file, nothing loaded, everything escaped, the same bytes twice."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import stat
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import rmatch
from other_answers import same_pairs
from rmatch import examples
from rmatch.certificate import Certificate
from rmatch.errors import MissingExtraError, RunFolderError
from rmatch.explaining.why_not import Reason
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Participant, Programme
from rmatch.reports.page import page_html
from rmatch.reports.view import Explorer
from rmatch.reports.viewing import report_view
from rmatch.solution import Level

EAST, TWO = "east-of-england", "two-trusts"
AUDIENCES = ("panel", "coordinator", "auditor")
EVIL = "<script>alert(1)</script>"
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The elements of a page, with their attributes and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of one name."""
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(matching: Matching, audience: str = "panel", *, names: bool = False) -> str:
    """A page for which nothing is solved."""
    return page_html(report_view(matching, audience, names=names, time_limit=0))


# ------------------------------------------------------------------------------------ the document


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_page_is_well_formed_and_its_headings_go_down_one_by_one(
    audience: str, two: Matching
) -> None:
    """Every element closed, one h1, ids once, every label and every link leading somewhere."""
    page = Page(page_of(two, audience))
    assert page.wrong == []
    assert page.open == []
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    targets = [str(a["href"])[1:] for a in page.named("a")] + [
        a["for"] for a in page.named("label")
    ]
    assert set(targets) <= set(ids)
    assert all(a.get("scope") in ("col", "row") for a in page.named("th"))
    assert len(page.named("caption")) == len(page.named("table"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_page_loads_nothing_and_lets_nothing_else_run(audience: str, two: Matching) -> None:
    """Its policy names the one style and the one script by hash; there is no address in it."""
    html = page_of(two, audience)
    page = Page(html)
    policy = next(
        str(meta["content"])
        for meta in page.named("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    script = next(text for text in page.texts["script"] if "use strict" in text)
    for kind, content in (("style", page.texts["style"][0]), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert len(page.texts["style"]) == 1
    assert len(page.texts["script"]) == (2 if audience == "coordinator" else 1)
    for _, attributes in page.tags:
        assert not {"style", "src", "action"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert "http:" not in html
    assert "https:" not in html
    assert "url(" not in html


def test_every_name_and_every_text_is_escaped(tmp_path: Path) -> None:
    """A name, an employer, a quota and ids that look like markup are texts like others."""
    programme = Programme(
        mentors=[
            Participant(id="</script><b>", name=EVIL, employer=EVIL, choices=(("S1",),)),
            Participant(id="M2", name="'\" onload=x"),
        ],
        mentees=[
            Participant(id="S1", name="<img src=x>", interests=(EVIL,)),
            Participant(id="\x01&amp;\x02", name="{{ 7 * 7 }}"),
        ],
        settings={"quotas": {EVIL: "at most 3 pairs"}},
    )
    matching = rmatch.solve(programme)
    for audience in AUDIENCES:
        html = matching.to_html(
            tmp_path / f"{audience}.html", audience, names=True, time_limit=2
        ).read_text("utf-8")
        plain, safe = Page(html), Page(page_of(rmatch.solve(examples.path(EAST)), audience))
        assert set(plain.named("script")[0]) <= {"type", "id"}
        assert len(plain.named("script")) == len(safe.named("script"))
        assert plain.named("b") == plain.named("img") == []
        assert plain.wrong == []
        assert EVIL not in html
        assert ("&lt;script&gt;alert(1)" in html) is (audience != "auditor")
        assert "{{" not in html.replace("{{ 7 * 7 }}", "")


@pytest.mark.parametrize("audience", ["panel", "coordinator"])
def test_no_id_turns_the_line_it_stands_in(audience: str) -> None:
    """Characters that are not shown, or that turn what follows, are U+FFFD, as in a notebook."""
    turned = "\u202eM\x00\u20661"
    programme = Programme(
        mentors=[Participant(id=turned, name="\u05d3\u05df", choices=(("S1",),)), {"id": "M2"}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
    )
    matching = rmatch.solve(programme)
    view = report_view(matching, audience, names=True, time_limit=2)
    for html in (page_html(view), matching._repr_html_()):
        assert not re.search("[\x00\u202e\u2066]|u202e|u2066|u0000", html)
        assert "\ufffdM\ufffd\ufffd1" in html
    assert "\u05d3\u05df" in page_html(view)


def test_a_page_of_the_largest_programme_is_under_a_megabyte() -> None:
    """A hundred a side, for the coordinator, with every answer."""
    rng = np.random.default_rng(7)
    topics = ("speaking_up", "wellbeing", "career_progression", "discrimination", "led_equality")
    slots = ("mon_am", "mon_pm", "tue_am", "tue_pm", "wed_am", "thu_pm", "fri_am")
    specialties = ("geriatric_medicine", "general_surgery", "emergency_medicine", "anaesthetics")
    sides = [
        [
            Participant(
                id=f"{side}{k:03}",
                name=f"Somebody with a Long Name {k}",
                grade="consultant" if side == "S" else "ct1",
                choices=tuple((f"{other}{c:03}",) for c in rng.permutation(100)[:3]),
                availability=tuple(rng.permutation(slots)[:4]),
                modes=("virtual",),
                interests=("chess", f"choir {k % 7}"),
                wants=tuple(rng.permutation(topics)[:3]),
                offers=tuple(rng.permutation(topics)[:3]),
                specialty=specialties[k % 4],
                deanery="EOE",
                employer=f"{side} University Hospitals and Community NHS Foundation Trust",
            )
            for k in range(100)
        ]
        for side, other in (("M", "S"), ("S", "M"))
    ]
    matching = rmatch.solve(
        Programme(mentors=sides[0], mentees=sides[1]), strategy="best_score", time_limit=20
    )
    assert len(matching.pairs) == 100
    view = report_view(matching, "coordinator", names=True, time_limit=10)
    assert len(page_html(view).encode()) < 1_000_000


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_same_matching_gives_the_same_bytes(audience: str, east: Matching) -> None:
    """Nothing in it tells the time."""
    first, second = (
        page_html(report_view(east, audience, names=True, time_limit=None)) for _ in range(2)
    )
    assert first == second


def test_an_empty_programme_has_a_page_too() -> None:
    """No pair, nobody."""
    html = page_of(rmatch.solve(Programme()))
    assert "No pair was made." in html
    assert Page(html).wrong == []


def test_a_page_of_an_instance_made_without_people_reads_well() -> None:
    """Integers stay integers."""
    matching = rmatch.solve(Instance.from_scores(np.array([[7, 3], [6, 5]])))
    html = page_html(report_view(matching, "coordinator", time_limit=None))
    assert '<span class="big">7</span>' in html
    assert "out of 100" not in html


# ------------------------------------------------------------------------------------------ files


def test_a_file_is_not_replaced_unless_forced(east: Matching, tmp_path: Path) -> None:
    """That is said before anything is solved."""
    path = east.to_html(tmp_path / "report.html", time_limit=0)
    before = path.read_bytes()
    with pytest.raises(RunFolderError, match="exists already"):
        east.to_html(path, "coordinator")
    assert path.read_bytes() == before
    east.to_html(path, "coordinator", force=True, time_limit=0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_what_is_missing_is_told_with_its_pip_command(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jinja2 is in the extra coordinator."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rmatch\[coordinator\]'"):
        east.to_html(tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_a_participant_gets_no_page(east: Matching, tmp_path: Path) -> None:
    """They read their letter."""
    with pytest.raises(ValueError, match=r"matching\.letters"):
        east.to_html(tmp_path / "report.html", "participant")


# --------------------------------------------------------------------------------- non-interference


@pytest.mark.parametrize("example", [EAST, TWO])
def test_a_panels_bytes_do_not_change_with_what_people_kept_to_themselves(
    example: str, request: pytest.FixtureRequest
) -> None:
    """No choices, vetoes, goals, experience or conflicts: the same page for the same pairs."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    kept = {"choices": (), "vetoes": (), "wants": (), "offers": (), "interests": ()}
    kept |= {"experience_offered": (), "experience_wanted": (), "email": None, "name": None}
    programme = matching.programme
    after = same_pairs(
        matching,
        programme.replace(
            mentors=[p.model_copy(update=kept) for p in programme.mentors],
            mentees=[p.model_copy(update=kept) for p in programme.mentees],
            conflicts=(),
        ),
    )
    assert after is not None
    views = [report_view(one, time_limit=0) for one in (matching, after)]
    # A panel may see how many pairs block and what the audit says of the changed claim.
    views[1] = dataclasses.replace(
        views[1],
        blocking_count=views[0].blocking_count,
        summary=views[0].summary,
        audit=views[0].audit,
    )
    assert page_html(views[0]) == page_html(views[1])


def test_a_panels_page_has_no_explorer_no_scores_and_no_words_for_them(two: Matching) -> None:
    """Not hidden: absent."""
    html = page_of(two)
    body = html.partition("</style>")[2].partition('"use strict"')[0]
    for word in ("why-not", "explorer", "Why not", "ranked", "stated choice", "inferred"):
        assert word not in body
    scores = {f"{pair.score:.1f}" for pair in two.pairs}
    assert not [score for score in scores if f">{score}<" in body]


# ------------------------------------------------------------------------------------ the explorer


def told(explorer: Explorer, mentor: int, mentee: int) -> list[str]:
    """What the page says of a pair, as its script puts it together."""
    at = mentor * len(explorer.mentees) + mentee
    lines = []
    for position in explorer.answers[at]:
        of_mentee = position < 0
        sentence = explorer.sentences[-1 - position if of_mentee else position]
        held = explorer.held[1][mentee] if of_mentee else explorer.held[0][mentor]
        parts = {
            "\x01": explorer.mentors[mentor].id,
            "\x02": explorer.mentees[mentee].id,
            "\x03": held,
            "\x04": str(explorer.points[at]),
        }
        lines.append("".join(parts.get(one, one) for one in sentence))
    return lines


def without_names(reason: str) -> str:
    """A reason without the pairs that would block, which stand at its end."""
    return re.sub(r"(: | \(new: )M\d+ with .*$", "", reason)


@pytest.mark.parametrize("reveal", [False, True])
def test_the_explorer_says_what_why_not_says(east: Matching, *, reveal: bool) -> None:
    """The same reason and the same direct facts, for every pair; no time limit."""
    view = report_view(east, "coordinator", reveal=reveal, time_limit=None)
    explorer = view.explorer
    assert explorer is not None
    assert explorer.exact == explorer.asked
    for i, mentor in enumerate(east.instance.mentor_ids):
        for j, mentee in enumerate(east.instance.mentee_ids):
            lines = told(explorer, i, j)
            asked = east.why_not(mentor, mentee, reveal=reveal, finish=0)
            reason, *facts = str(asked).split("\n")
            # Who would be left out hangs on how the best matching goes on, so the page omits it.
            reason = re.sub(r" \([^()]* would have none\)", "", reason)
            if asked.reason is Reason.STABILITY:
                # As few pairs block one matching as another, but not the same ones.
                reason, lines[0] = without_names(reason), without_names(lines[0])
            if asked.reason is Reason.EXCLUDED:
                assert " ".join(lines) == reason
            else:
                assert lines[0] == reason
                for full in asked.full:
                    start = f"{full.person} has "
                    assert next(fact for fact in facts if fact.startswith(start)) in lines


def test_a_pair_of_a_better_matching_is_told_where_nothing_was_proved() -> None:
    """As why_not tells it: the matching that was made is not the best."""
    instance = Instance.from_scores(np.array([[5, 1], [1, 5]]))
    best = rmatch.solve(instance, objectives=("pairs", "score"))
    worse = tuple(k for k in range(instance.n_pairs) if k not in best.solution.chosen)
    levels = (Level("pairs", 2, 2, 0.0), Level("score", 2, 10, 0.0, "open"))
    solution = dataclasses.replace(
        best.solution, chosen=worse, levels=levels, status="feasible", certificate=Certificate()
    )
    matching = dataclasses.replace(best, solution=solution)
    explorer = report_view(matching, "coordinator", time_limit=None).explorer
    assert explorer is not None
    said = told(explorer, 0, 0)[0]
    assert said == str(matching.why_not("M0", "S0")).split("\n")[0]
    assert "one with this pair is better" in said


def test_without_time_the_explorer_tells_direct_facts_and_says_so(east: Matching) -> None:
    """And where to ask."""
    explorer = report_view(east, "coordinator", time_limit=0).explorer
    assert explorer is not None
    assert explorer.exact == 0
    lines = told(explorer, 0, 1)
    assert lines[0] == "What pairing M01 and S02 would cost was not computed here."
    assert lines[1].startswith("M01 has S04 (ranked 3rd); M01 ranked S02 1st")
    assert lines[-1].endswith("rmatch explain RUN M01 S02")


def test_what_one_pass_shows_is_told_where_the_rest_was_not_computed(two: Matching) -> None:
    """Levels that a pair would leave as they are; never of a pair that would change one."""
    explorer = report_view(two, "coordinator", time_limit=1.5).explorer
    assert explorer is not None
    assert explorer.exact < explorer.asked
    open_pairs = [
        (mentor, mentee, words)
        for i, mentor in enumerate(two.instance.mentor_ids)
        for j, mentee in enumerate(two.instance.mentee_ids)
        if (words := told(explorer, i, j)[0]).endswith("was not computed here.")
    ]
    assert len(open_pairs) == explorer.asked - explorer.exact
    still = "there could still be as many pairs as possible, as many people as possible with a "
    assert all(still in words for *_, words in open_pairs)
    for mentor, mentee, _ in open_pairs[:3]:
        assert two.why_not(mentor, mentee, finish=0).level not in ("pairs", "people", "priority")


def test_the_explorer_knows_places_held_by_pairs_that_must_be_made() -> None:
    """And people who offer none; nothing is solved for these."""
    programme = Programme(
        mentors=[{"id": "M1"}, {"id": "M2", "capacity": 0}, {"id": "M3"}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
        settings={"must_pair": [("M1", "S1")]},
    )
    matching = rmatch.solve(programme)
    explorer = report_view(matching, "coordinator", time_limit=None).explorer
    assert explorer is not None
    held = "M1 and S2 cannot be paired: every place of M1 is held by a pair that must be made."
    assert told(explorer, 0, 1)[0] == held
    assert told(explorer, 1, 0)[0] == "M2 and S1 cannot be paired: M2 offers no place."


def test_the_answers_stand_in_the_page_as_data_that_cannot_end_it(east: Matching) -> None:
    """JSON without an angle bracket, with every pair."""
    html = page_of(east, "coordinator")
    text = html.partition(' id="answers">')[2].partition("</script>")[0]
    assert not set("<>&") & set(text)
    data = json.loads(text)
    assert len(data["answers"][1]) == len(data["points"]) == 14 * 14
