"""The equity report: figures, words, what is refused, and what never happens."""

from __future__ import annotations

import builtins
import logging
import pickle
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from equity_tables import ANSWERS, invented
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
import rmatch.testing
from rmatch.equity import Figure
from rmatch.equity.intervals import mean_interval, rate_interval
from rmatch.equity.reading import read_answers

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def matching() -> rmatch.Matching:
    """Forty mentors, 27 mentees."""
    return rmatch.solve(rmatch.examples.path("two-trusts"), strategy="best_score")


@pytest.fixture(scope="module")
def ids(matching: rmatch.Matching) -> list[str]:
    assert matching.programme is not None
    return [person.id for person in matching.programme.people]


@pytest.fixture(scope="module")
def report(matching: rmatch.Matching, ids: list[str]) -> rmatch.Equity:
    return matching.equity(invented(ids))


def many(n: int, *, spare: int = 0) -> rmatch.Matching:
    """``n`` mentees, ``spare`` mentors more; every second states a choice, every fourth gets it."""
    mentors = [
        {"id": f"M{k:03d}", "choices": [[f"S{k + (k % 4 == 2):03d}"]] if k % 2 == 0 else []}
        for k in range(n)
    ]
    mentors += [{"id": f"M{k:03d}"} for k in range(n, n + spare)]
    mentees = [{"id": f"S{k:03d}"} for k in range(n)]
    programme = rmatch.Programme(
        mentors=mentors,
        mentees=mentees,
        settings=rmatch.Settings(must_pair=tuple((f"M{k:03d}", f"S{k:03d}") for k in range(n))),
    )
    return rmatch.solve(programme, strategy="best_score")


# ---------------------------------------------------------------------------------------- figures


def test_figures_are_those_of_the_pairs() -> None:
    """Rates, denominators and means, worked out again by hand."""
    matching = many(80, spare=40)
    mentors = [f"M{k:03d}" for k in range(120)]
    answers = [{"id": one, "sex": "F" if int(one[1:]) % 3 else "M"} for one in mentors]
    rows = {(r.side, r.group): r for r in matching.equity(answers).rows}
    women = {a["id"] for a in answers if a["sex"] == "F"}
    theirs = [pair for pair in matching.pairs if pair.mentor in women]
    row = rows["mentors", "F"]
    assert (row.characteristic, row.pooled, row.people) == ("Sex", False, len(women))
    assert row.match_rate is not None
    assert row.match_rate.value == round(100 * len(theirs) / len(women), 1)
    assert row.match_rate.of == len(women)
    assert row.mean_score is not None
    assert row.mean_score.value == round(fmean(pair.mentor_score for pair in theirs), 1)
    everyone = rows["mentors", "everyone"].choice_rate
    assert everyone is not None
    assert (everyone.value, everyone.of) == (50.0, 40)


def test_a_choice_rate_is_of_those_who_stated_choices() -> None:
    """And is shown where every outcome has people enough in every group."""
    matching = many(120)
    answers = [{"id": f"M{k:03d}", "sex": "F" if k < 60 else "M"} for k in range(120)]
    rows = {r.group: r for r in matching.equity(answers).rows if r.side == "mentors"}
    assert rows["F"].choice_rate is not None
    assert (rows["F"].choice_rate.value, rows["F"].choice_rate.of) == (50.0, 30)


def test_an_instance_without_people_has_groups_as_well() -> None:
    """Ranks that people gave are choices, scores are as given."""
    ranks = [[[j] for j in range(24)] for _ in range(24)]
    matching = rmatch.solve(rmatch.Instance.from_rankings(mentors=ranks, mentees=ranks))
    answers = [{"id": f"M{k}", "team": "red" if k < 12 else "blue"} for k in range(24)]
    rows = [r for r in matching.equity(answers).rows if r.characteristic == "team"]
    assert [(r.group, r.people) for r in rows] == [("blue", 12), ("red", 12)]
    assert rows[0].choice_rate is not None
    assert rows[0].choice_rate.value == 100.0


def test_few_without_a_partner_are_told_of_in_no_group(report: rmatch.Equity) -> None:
    """Two of forty mentors have none: whose they are would be two people's answers."""
    groups = [r for r in report.rows if r.side == "mentors" and r.characteristic]
    assert groups
    assert all(r.match_rate is r.choice_rate is r.mean_score is None for r in groups)


def test_a_mean_that_says_everybodys_score_is_withheld() -> None:
    """Where all scores of a group are the same and others are not."""
    ranks = [[[j] for j in range(24)]] * 24
    score = [[10 if i < 12 else 10 + i for _ in range(24)] for i in range(24)]
    instance = rmatch.Instance.from_rankings(mentors=ranks, mentees=ranks, score=score)
    matching = rmatch.solve(instance)
    answers = [{"id": f"M{k}", "team": "red" if k < 12 else "blue"} for k in range(24)]
    rows = [r for r in matching.equity(answers).rows if r.characteristic == "team"]
    distinct = {pair.mentor_score for pair in matching.pairs}
    alike = {pair.mentor_score for pair in matching.pairs if int(pair.mentor[1:]) < 12}
    assert len(distinct) > 1
    assert len(alike) == 1
    assert [r.mean_score for r in rows] == [None, None]


def test_intervals_are_wilsons_and_students() -> None:
    """Published values: Newcombe 1998, 81 of 263; a mean by the table of t (2.262 at 9)."""
    low, high = rate_interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    values = [float(k) for k in range(1, 11)]
    low, high = mean_interval(values)
    assert (round(low, 3), round(high, 3)) == (3.334, 7.666)
    assert mean_interval([4.0, 4.0]) == (4.0, 4.0)


def test_small_groups_are_put_together(report: rmatch.Equity) -> None:
    """No group shown is small, nor what is left of a side, and a side adds up."""
    for side, total in (("mentors", 40), ("mentees", 27)):
        rows = [r for r in report.rows if r.side == side]
        assert rows[0].people == total
        for name in {r.characteristic for r in rows[1:]}:
            people = [r.people for r in rows if r.characteristic == name]
            assert sum(people) == total
            assert min(people) >= 10
            assert len(people) >= 2
    assert any(row.pooled for row in report.rows)


def test_an_answer_everybody_gave_is_not_shown(matching: rmatch.Matching, ids: list[str]) -> None:
    """It would be everybody's; one that nearly everybody gave reads the same."""
    alike = matching.equity([{"id": one, "x": "yes"} for one in ids])
    nearly = matching.equity([{"id": one, "x": "yes" if k else "no"} for k, one in enumerate(ids)])
    assert [(w.side, w.reason) for w in alike.withheld] == [("mentors", "few"), ("mentees", "few")]
    assert str(alike) == str(nearly)


def test_a_code_that_splits_a_group_is_withheld(matching: rmatch.Matching, ids: list[str]) -> None:
    """White, and A, B and C under it: the difference would be a few people."""
    codes = ["A"] * 20 + ["B"] * 4 + ["J"] * 6 + ["K"] * 10
    answers = [
        {"id": one, "race": "White" if code in "AB" else "Asian", "code": code}
        for one, code in zip(ids, codes, strict=False)
    ]
    report = matching.equity(answers)
    assert ("mentors", "code", "crossed") in {
        (w.side, w.characteristic, w.reason) for w in report.withheld
    }


def test_a_characteristic_is_shown_more_coarsely_before_it_is_withheld() -> None:
    """Ten are not in the table and so state nothing; four more left race blank."""
    matching = many(60)
    answers = [
        {
            "id": f"M{k:03d}",
            "sex": "F" if k % 2 else "M",
            "race": "" if k < 14 else "White" if k < 40 else "Asian",
        }
        for k in range(10, 60)
    ]
    rows = [row for row in matching.equity(answers).rows if row.side == "mentors"]
    assert [(row.group, row.people) for row in rows if row.characteristic == "Sex"] == [
        ("F", 25),
        ("M", 25),
        ("not stated", 10),
    ]
    race = [
        (row.group, row.people) for row in rows if (row.characteristic or "").startswith("Race")
    ]
    assert race == [("White", 26), ("all others", 34)]


def test_the_minimum_can_be_lowered_but_not_to_nothing(
    matching: rmatch.Matching, ids: list[str]
) -> None:
    """Of two people, each would read the other's answer."""
    answers = invented(ids)
    assert len(matching.equity(answers, minimum=5).rows) > len(matching.equity(answers).rows)
    with pytest.raises(ValueError, match="minimum must be at least 3"):
        matching.equity(answers, minimum=2)
    for odd in (float("nan"), 10.5, "10"):
        with pytest.raises(TypeError, match="minimum must be a whole number"):
            matching.equity(answers, minimum=odd)


@settings(max_examples=40)
@given(data=st.data(), instance=rmatch.testing.instances(max_side=9))
def test_any_matching_and_any_answers_keep_the_rule(
    data: st.DataObject, instance: rmatch.Instance
) -> None:
    """Every number shown, of people and of outcomes, is large or follows from the side alone."""
    matching = rmatch.solve(instance, strategy="best_score")
    ids = (*instance.mentor_ids, *instance.mentee_ids)
    answer = st.sampled_from(["a", "b", "c", ""])
    answers = [{"id": one, "x": data.draw(answer), "y": data.draw(answer)} for one in ids]
    if not answers:
        return
    report = matching.equity(answers, minimum=3)
    totals = {row.side: row for row in report.rows if row.characteristic is None}
    for row in report.rows:
        total = totals[row.side].match_rate
        if row.characteristic is not None:
            assert row.people >= 3
            _assert_large_or_as_all(row.match_rate, total)
            _assert_large_or_as_all(row.choice_rate, totals[row.side].choice_rate)
    assert str(report)
    assert len(report.to_frame()) == len(report.rows)


def _assert_large_or_as_all(figure: Figure | None, total: Figure | None) -> None:
    if figure is None:
        return
    assert total is not None
    if figure.value in (0.0, 100.0):
        assert figure.value == total.value
    else:
        count = round(figure.value * figure.of / 100)
        assert min(count, figure.of - count) >= 3


# ------------------------------------------------------------------------------------------ shown


def test_the_text_names_nobody_and_fits_a_page(report: rmatch.Equity, ids: list[str]) -> None:
    """Tables of 80 columns, no id, and what it cannot show."""
    text = str(report)
    assert max(map(len, text.splitlines())) <= 80
    assert not set(ids) & set(text.replace(",", " ").split())
    assert "With 27 mentees nothing can be concluded about any group." in text
    assert "no sign of unfair treatment" in " ".join(text.split())
    assert repr(report) == "Equity(11 groups of at least 10 people, 3 characteristics withheld)"


def test_nothing_by_group_is_said_plainly() -> None:
    """Fourteen a side, the whole of the shipped example."""
    matching = rmatch.solve(rmatch.examples.path("east-of-england"))
    assert matching.programme is not None
    report = matching.equity(invented([person.id for person in matching.programme.people]))
    assert "Of 14 mentors nothing can be shown by group." in str(report)
    assert [row.group for row in report.rows] == ["everyone", "everyone"]


def test_html_is_escaped(matching: rmatch.Matching, ids: list[str]) -> None:
    """A label is text, whatever it holds."""
    answers = [
        {"id": one, "<b>x</b>": "<script>" if k % 2 else "=1+1"} for k, one in enumerate(ids)
    ]
    html = matching.equity(answers)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>" not in html


def test_a_frame_has_a_row_for_each_row(report: rmatch.Equity) -> None:
    """With the figures in columns of their own."""
    frame = report.to_frame()
    assert len(frame) == len(report.rows)
    assert list(frame.columns[:6]) == [
        *("side", "characteristic", "group", "pooled", "people", "match_rate")
    ]
    assert frame["match_rate"][0] == 95.0
    assert {"choice_rate_of", "mean_score_low"} <= set(frame.columns)


def test_labels_are_one_line_and_spelled_alike(matching: rmatch.Matching, ids: list[str]) -> None:
    """Case and spaces make no group; control characters steer no terminal."""
    spellings = ["No", "no ", " No", "Yes\nor \x1b[31mso"]
    answers = [{"id": one, "x": spellings[k % 4]} for k, one in enumerate(ids)]
    report = matching.equity(answers, minimum=5)
    assert {r.group for r in report.rows if r.characteristic} == {"No", "Yes or [31mso"}


def test_blank_answers_and_missing_people_are_a_group_of_their_own(
    matching: rmatch.Matching, ids: list[str]
) -> None:
    """Not to be taken for "prefer not to say", which is an answer."""
    given = ["n/a", "", None, "not stated", "Prefer not to say", "Prefer not to say"]
    answers = [{"id": one, "x": given[k % 6]} for k, one in enumerate(ids[:40]) if k % 6]
    rows = [r for r in matching.equity(answers).rows if r.characteristic == "x"]
    assert [(r.group, r.people) for r in rows] == [("Prefer not to say", 12), ("not stated", 28)]


# ------------------------------------------------------------------------------------------- never


def test_monitoring_never_changes_a_pairing(ids: list[str]) -> None:
    """Neither before nor after, and a saved run holds nothing of it."""
    programme = rmatch.load(rmatch.examples.path("two-trusts"))
    first = rmatch.solve(programme, strategy="best_score")
    for seed in range(3):
        first.equity(invented(ids, seed))
        again = rmatch.solve(programme, strategy="best_score")
        assert again.pairs == first.pairs
        assert again.objectives == first.objectives


def test_a_saved_run_holds_no_answer(
    matching: rmatch.Matching, ids: list[str], tmp_path: Path
) -> None:
    """Byte for byte what it was before the report; and the table is not touched."""
    answers = [{**row, "sex": "Zebra"} for row in invented(ids)]
    before = {f.name: f.read_bytes() for f in matching.save(tmp_path / "before").iterdir()}
    matching.equity(answers)
    after = {f.name: f.read_bytes() for f in matching.save(tmp_path / "after").iterdir()}
    assert before.keys() == after.keys()
    assert not any(b"Zebra" in content for content in after.values())
    assert before["pairs.csv"] == after["pairs.csv"]
    assert b"Zebra" not in pickle.dumps(matching)


def test_answers_are_in_no_log_and_no_repr(
    matching: rmatch.Matching, ids: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is logged on the way."""
    with caplog.at_level(logging.DEBUG):
        report = matching.equity(invented(ids))
    words = {answer for answers in ANSWERS.values() for answer in answers if answer}
    shown = caplog.text + repr(report) + repr(read_answers(invented(ids), ids))
    assert not any(f"'{word}'" in shown or f" {word}" in shown for word in words)


# ------------------------------------------------------------------------------------------ refused


def test_every_problem_is_listed_with_its_place_and_no_answer(
    matching: rmatch.Matching, tmp_path: Path
) -> None:
    """Unknown, double and missing ids; what stands in their place may be somebody's answer."""
    path = tmp_path / "monitoring.csv"
    path.write_text(
        "Monitoring 2026,,\nID,Sex,Race,sex\nM01,Zebra,Okapi,\nM99,Zebra,,\nm01,Zebra,,\n"
        "M1,Zebra,,\nOkapi,Zebra,,\n,Zebra,,\nM02,Zebra,Okapi,,Okapi\n",
        encoding="utf-8",
    )
    with pytest.raises(rmatch.InputError) as caught:
        matching.equity(path)
    text = str(caught.value)
    assert text.startswith("7 problems in the input\n")
    assert "monitoring.csv, row 9: has more cells than there are headings" in text
    assert "row 2, column D: is the same characteristic as the column B; keep one" in text
    assert "row 7, column ID: is not the id of anybody here\n" in text
    assert "Zebra" not in text
    assert "Okapi" not in text
    assert "row 5, column ID (M01): is the id of row 3 as well" in text
    assert "row 8, column ID: has no id" in text
    assert "row 6, column ID: is not the id of anybody here" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,sex\nA,B\n", "has no column id"),
        ("id\nM01\n", "has no column with a characteristic"),
        ("", "has no column id"),
        ("id,sex,ID\nM01,F,M02\n", "column C: is a second column id"),
        ("id,sex,#REF!\nM01,F,x\n", "column C: is a spreadsheet error"),
        ("id,sex\nM01,#N/A\n", "row 2, column sex (M01): is a spreadsheet error"),
        ("id,sex\n#N/A,F\n", "row 2, column id: is not the id of anybody"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    matching: rmatch.Matching, tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "monitoring.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(rmatch.InputError) as caught:
        matching.equity(path)
    assert message in str(caught.value)


def test_a_path_that_is_no_table_is_refused(matching: rmatch.Matching, tmp_path: Path) -> None:
    for name, message in (("gone.csv", "does not exist"), ("notes.docx", "is neither a .csv")):
        (tmp_path / "notes.docx").touch()
        with pytest.raises(rmatch.InputError, match=message):
            matching.equity(tmp_path / name)
    nothing: Any = 7
    with pytest.raises(TypeError, match="expected a path, a data frame or a list of dicts"):
        matching.equity(nothing)


def test_tables_of_every_kind_read_the_same(
    matching: rmatch.Matching, ids: list[str], tmp_path: Path
) -> None:
    """A list, a frame, a semicolon file in Windows-1252, a workbook with its sheet second."""
    import openpyxl
    import pandas as pd

    rows = [{**row, "sex": row["sex"].replace("Male", "Mâle")} for row in invented(ids)]
    frame = pd.DataFrame(rows)
    frame.to_csv(tmp_path / "m.csv", sep=";", index=False, encoding="cp1252")
    book = openpyxl.Workbook()
    book.active.append(["something else"])
    sheet = book.create_sheet("Monitoring")
    for line in (list(rows[0]), *(list(row.values()) for row in rows)):
        sheet.append(line)
    book.save(tmp_path / "m.xlsx")
    reports = [
        matching.equity(given) for given in (rows, frame, tmp_path / "m.csv", tmp_path / "m.xlsx")
    ]
    assert all(report == reports[0] for report in reports)


def test_what_is_left_out_is_noted(matching: rmatch.Matching, tmp_path: Path) -> None:
    """A title, headings over again, a column without one (unless it is blank)."""
    path = tmp_path / "m.csv"
    path.write_text("id,sex,\nM01,F,\n", encoding="utf-8")
    assert matching.equity(path).notices == ()
    lines = ["Our cohort,,", "id,sex,", "M01,F,stray", "id,sex,", "M02,M,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    notices = matching.equity(path).notices
    assert len(notices) == 3
    assert notices[0] == "m.csv, row 2: the rows above the headings are left out"
    assert "Note: m.csv, row 2, column C: has no heading and is left out" in str(
        matching.equity(path)
    )


def test_without_scipy_the_extra_is_named(
    matching: rmatch.Matching, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is read."""
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] == "scipy":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(rmatch.MissingExtraError) as caught:
        matching.equity(invented(ids))
    assert str(caught.value) == "the equity report needs scipy: pip install 'rmatch[equity]'"
