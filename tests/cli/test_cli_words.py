"""The small pieces of text: folding, tables, levels, questions."""

from __future__ import annotations

from rmatch.explaining.records import Question
from rmatch.reporting.levels import levels_block
from rmatch.reporting.summary import merged, questions_counted, questions_text
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import entry, fitted
from rmatch.solution import Level


def test_long_lines_fold_under_their_own_beginning() -> None:
    assert fitted("one two three", 8) == "one two\nthree"
    assert fitted("  one two three", 9) == "  one two\n    three"
    assert fitted("  - one two three", 11) == "  - one two\n    three"
    assert fitted("  3: one two three", 12) == "  3: one two\n     three"
    assert fitted("short\n\nlines", 8) == "short\n\nlines"


def test_a_long_label_keeps_its_own_line() -> None:
    assert entry("M1", "asked", column=6) == "M1    asked"
    assert entry("a-long-label", "asked", column=6) == "a-long-label\n      asked"


def test_a_table_folds_its_text_to_fit() -> None:
    table = text_table(
        ("who", "rank\nnow"), [("Ann Bell Carr", "1")], right=frozenset({1}), width=14
    )
    assert table.splitlines() == [
        "          rank",
        "who        now",
        "────────  ────",
        "Ann Bell     1",
        "  Carr",
    ]


def test_numbers_are_never_folded() -> None:
    table = text_table(("n",), [("123456789012",)], right=frozenset({0}), width=5)
    assert "123456789012" in table


def test_levels_say_how_far_they_were_proved() -> None:
    levels = [
        Level("pairs", 14, 14, 0.0),
        Level("warnings", 3, 1, 0.0),
        Level("score", 12_345, None, 0.0),
        Level("tie_break", 99, None, 0.0),
    ]
    assert levels_block(levels).splitlines() == [
        "Decided in this order, and not proved to the end:",
        "  pairs         14  pairs made: proved",
        "  warnings       3  pairs to be looked at: not proved; at least 1",
        "  score      123.5  total score of the pairs: not reached",
        "  tie_break         drawn from the seed and the ids: not reached",
    ]
    first = levels_block([Level("score", 12_345, 13_000, 0.0)])
    assert "not proved; at most 130.0" in first
    assert "not proved" in levels_block([Level("pairs", 0, None, 0.0)])
    assert "12345" in levels_block([Level("score", 12_345, 12_345, 0.0)], for_people=False)


def test_one_question_to_one_person_is_asked_once() -> None:
    questions = (
        Question("M1", "line_manager", ("S1",), "Who is their line manager?"),
        Question("M1", "management_chain", ("S1", "S2"), "Who is their line manager?"),
        Question("M2", "line_manager", ("S3",), "Who is their line manager?"),
        Question("M2", "no_seniority", ("S3",), "What is their grade?"),
    )
    assert [(q.person, q.rule, q.partners) for q in merged(questions)] == [
        ("M1", "line_manager, management_chain", ("S1", "S2")),
        ("M2", "line_manager", ("S3",)),
        ("M2", "no_seniority", ("S3",)),
    ]
    assert questions_counted(questions).splitlines() == [
        "  2: Who is their line manager?",
        "  1: What is their grade?",
    ]
    assert questions_text(questions).splitlines() == [
        "  M1  Who is their line manager? (line_manager, management_chain; pairs with S1,",
        "      S2)",
        "  M2  Who is their line manager? (line_manager; pair with S3)",
        "      What is their grade? (no_seniority; pair with S3)",
    ]
