"""A comparison as people see it: what is averaged, what is said, what is shown."""

from __future__ import annotations

import pickle
import re
from typing import Any

import pytest

pytest.importorskip("scipy", reason="scipy is not installed: pip install 'rmatch[compare]'")

from compared import BLOCKING, PAIRS, TASTE, compared

from rmatch.comparing.comparison import Comparison
from rmatch.comparing.samples import samples_of

BOTH = ("stable", "greedy")


def steady(name: str, case: int, seed: int) -> dict[str, float | None]:
    """``stable`` makes 14 pairs and none blocks, the others 13 in even cohorts, and 2 block."""
    less = name != "stable" and (case + seed) % 2 == 0
    return {
        "pairs": 13 if less else 14,
        "blocking_pairs": 0 if name == "stable" else 2,
        "any_choice": 0.5,
        "worst_off": 3_050,
        "taste": 0.25 if less else 0.5,
    }


def one(comparison: Comparison, strategy: str, metric: str) -> dict[str, Any]:
    """A row of the summary."""
    frame = comparison.summary()
    found = frame[(frame.strategy == strategy) & (frame.metric == metric)].to_dict("records")
    assert len(found) == 1
    return dict(found[0])


# --------------------------------------------------------------------------------- what is averaged


def test_a_cohort_counts_once_however_many_seeds_it_has() -> None:
    """A case's value is the mean over its seeds, and n counts the cases."""
    found = one(compared(steady, cases=12, seeds=3), "greedy", "pairs")
    assert found["n"] == 12
    assert found["mean"] == pytest.approx(13.5)
    assert found["low"] < 13.5 < found["high"]


def test_one_cohort_is_counted_by_its_lots() -> None:
    """With one case the seeds are the units, and the text says that they speak of lots alone."""
    comparison = compared(steady, seeds=12)
    assert one(comparison, "greedy", "pairs")["n"] == 12
    assert "Means over 12 lots of the same cohort" in str(comparison)
    assert "speak of lots alone" in " ".join(str(comparison).split())


def test_a_mean_leaves_out_the_cohorts_where_a_strategy_failed() -> None:
    """Whoever did make a matching there gains and loses nothing by it, and the number is told."""

    def broken(name: str, case: int, seed: int) -> dict[str, float | None] | str:
        return "no time was left" if (name, case) == ("greedy", 1) else steady(name, case, seed)

    comparison = compared(broken, cases=12)
    assert {one(comparison, name, "pairs")["n"] for name in BOTH} == {11}
    assert one(comparison, "greedy", "pairs")["mean"] == pytest.approx((6 * 13 + 5 * 14) / 11)
    text = " ".join(str(comparison).split())
    assert "1 cohort of 12 left out of the means" in text
    assert "greedy (1 of 12 runs): failed; no time was left." in text


def test_a_strategy_that_made_nothing_stops_no_other() -> None:
    """It is named, and the means are over the cohorts where the others made one."""

    def never(name: str, case: int, seed: int) -> dict[str, float | None] | str:
        return "is not installed" if name == "greedy" else steady(name, case, seed)

    comparison = compared(never, (*BOTH, "boston"), cases=3)
    assert one(comparison, "boston", "pairs")["n"] == 3
    assert "Made no matching, and not in the table: greedy." in str(comparison)
    assert "greedy" not in comparison.summary()["strategy"].to_list()


def test_nothing_made_at_all_is_told_without_a_table() -> None:
    """Where every run failed there is no number, and each strategy is named."""
    comparison = compared(lambda *_: "cannot all hold")
    text = str(comparison)
    assert "Made no matching, and not in the table: stable and greedy." in text
    assert "───" not in text
    assert comparison.summary().empty


def test_a_metric_without_meaning_somewhere_is_averaged_where_all_have_it() -> None:
    """``None`` is no 0: the cohort counts for the other metrics alone."""

    def partly(name: str, case: int, seed: int) -> dict[str, float | None]:
        return {**steady(name, case, seed), **({"any_choice": None} if case == 0 else {})}

    comparison = compared(partly, cases=3)
    assert one(comparison, "greedy", "any_choice")["n"] == 2
    assert one(comparison, "stable", "pairs")["n"] == 3


def test_samples_are_paired_by_cohort() -> None:
    """A column is the same cohort in every row."""
    comparison = compared(steady, cases=4)
    samples = samples_of(comparison.runs, (PAIRS,), BOTH, comparison.cases)
    assert samples.values["pairs"].tolist() == [[14, 14, 14, 14], [13, 14, 13, 14]]


# -------------------------------------------------------------------------------- beside a baseline


def test_the_difference_counts_better_equal_and_worse() -> None:
    """Fewer blocking pairs are better, more pairs are; the mean is of the differences."""
    comparison = compared(steady, cases=12)
    pairs = one(comparison, "greedy", "pairs")
    assert (pairs["better"], pairs["equal"], pairs["worse"]) == (0, 6, 6)
    assert pairs["difference"] == pytest.approx(-0.5)
    assert pairs["difference_low"] < -0.5 < pairs["difference_high"] < 0
    blocking = one(comparison, "greedy", "blocking_pairs")
    assert (blocking["better"], blocking["equal"], blocking["worse"]) == (0, 0, 12)
    assert (blocking["difference_low"], blocking["difference_high"]) == (2, 2)
    assert (blocking["better_low"], blocking["better_high"]) == pytest.approx((0, 0.2646), abs=1e-4)


def test_where_people_are_to_judge_nothing_is_called_better() -> None:
    """A metric that is better neither way has no counts of better and worse."""
    found = one(compared(steady, cases=12), "greedy", "taste")
    assert found["better"] != found["better"]
    assert found["equal"] == 6


def test_the_baseline_is_stable_unless_another_is_named() -> None:
    """Without ``stable`` it is the first; one that is not compared is refused."""
    comparison = compared(steady, ("greedy", "stable"), cases=3)
    assert "less stable" in str(comparison)
    assert "less greedy" in comparison.to_text(baseline="greedy")
    assert "less boston" in str(compared(steady, ("boston", "greedy"), cases=3))
    with pytest.raises(ValueError, match="'best' is not compared; the baseline can be greedy, st"):
        comparison.to_text(baseline="best")


# ------------------------------------------------------------------------------------ what is shown


def test_one_cohort_is_a_row_a_strategy_and_plain_words() -> None:
    """A coordinator reads the numbers, what is to be seen, and what blocking means."""
    assert str(compared(steady)) == (
        "2 strategies on cohort 0\n"
        "\n"
        "                 blocking   got a  worst\n"
        "strategy  pairs     pairs  choice    off  Taste\n"
        "────────  ─────  ────────  ──────  ─────  ─────\n"
        "stable       14         0    50 %   30.5   0.50\n"
        "greedy       13         2    50 %   30.5   0.25\n"
        "\n"
        "stable makes 14 pairs, and no pair blocks. greedy makes 13 pairs, and 2 pairs\n"
        "would rather have each other.\n"
        "Blocking pairs: what blocking_pairs is."
    )


def test_stable_says_why_a_pair_may_block() -> None:
    """Pairs come first: where another strategy has fewer blocking pairs, that is told."""

    def crowded(name: str, *_: int) -> dict[str, float | None]:
        return {"pairs": 14, "blocking_pairs": 3 if name == "stable" else 1}

    assert "stable makes as many pairs as can be first" in str(compared(crowded))
    assert "as can be first" not in str(compared(steady))


def said(comparison: Comparison) -> str:
    """The text without its line breaks."""
    return " ".join(str(comparison).split())


def test_means_that_are_equal_are_called_so() -> None:
    """The same numbers in another order come to the same, whatever digits a sum loses."""
    thirds = (42, 40, 42, 36, 39, 41), (42, 36, 39, 41, 42, 40)

    def turned(name: str, case: int, seed: int) -> dict[str, float | None]:
        return {"pairs": thirds[name == "c"][case] // 3 + (seed < thirds[name == "c"][case] % 3)}

    text = said(compared(turned, ("stable", "a", "b", "c", "d"), cases=6, seeds=3))
    assert "All make on average 13.3 pairs." in text


def test_what_is_above_nothing_is_not_said_to_be_nothing() -> None:
    """One blocking pair in forty cohorts is fewer than 0.1 on average, and more than none."""

    def seldom(name: str, case: int, _: int) -> dict[str, float | None]:
        return {"pairs": 14, "blocking_pairs": int(name == "b" and case == 0)}

    text = said(
        compared(seldom, ("stable", "b", "c", "d", "e"), cases=40, metrics=(PAIRS, BLOCKING))
    )
    assert "Most block: b, fewer than 0.1." in text
    text = said(compared(seldom, ("stable", "b"), cases=40))
    assert "b makes on average 14 pairs, and fewer than 0.1 pairs would rather" in text


def test_all_are_named_where_equally_many_pairs_block() -> None:
    """No one of several is singled out for coming first."""

    def alike(name: str, *_: int) -> dict[str, float | None]:
        return {"pairs": 14, "blocking_pairs": 3 if name in ("b", "c") else 0}

    text = said(compared(alike, ("stable", "b", "c", "d", "e")))
    assert "No pair blocks: stable, d and e. Most block: b and c, 3." in text


def test_a_mean_over_fewer_cohorts_than_the_others_says_so() -> None:
    """What has no value in a cohort is averaged over the rest, and the text counts them."""

    def partly(name: str, case: int, seed: int) -> dict[str, float | None]:
        return {**steady(name, case, seed), **({"any_choice": None} if case == 0 else {})}

    assert "Got any choice: over 3 of them; the others lack a value." in said(
        compared(partly, cases=4)
    )
    assert "of them" not in said(compared(steady, cases=4))


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("cases", [1, 12])
def test_no_line_is_wider_than_the_page(width: int, cases: int) -> None:
    """Long names are folded, and columns that have no room stand in a table below."""
    names = (*BOTH, "deferred_acceptance_mentees", "serial_dictatorship")
    text = compared(steady, names, cases=cases).to_text(width=width)
    assert max(map(len, text.splitlines())) <= width


def test_few_cohorts_have_no_interval_and_it_says_why() -> None:
    """Nine cohorts have means alone."""
    comparison = compared(steady, cases=9)
    assert "No intervals: below 10 cohorts" in str(comparison)
    assert comparison.summary()["low"].isna().all()


def test_scores_are_shown_as_people_see_them() -> None:
    """Hundredths where people were scored; as they are where they were not."""
    assert compared(steady).to_frame()["worst_off"].to_list() == [30.5, 30.5]
    assert compared(steady, points=False).to_frame()["worst_off"].to_list() == [3_050, 3_050]


def test_the_frame_has_a_row_a_run() -> None:
    """Runs that failed are there too, with their note."""
    frame = compared(lambda name, *_: "no time" if name == "greedy" else {"pairs": 3}).to_frame()
    assert frame["ended"].to_list() == ["feasible", "failed"]
    assert frame["note"].to_list() == ["", "no time"]
    assert frame.columns[:5].to_list() == ["case", "seed", "strategy", "ended", "pairs"]


def test_a_card_escapes_whatever_a_strategy_is_called() -> None:
    """A name like a script is text, and so are notes and notices."""
    nasty = "<script>alert(1)</script>"
    card = compared(
        lambda *_: nasty if _[0] == nasty else steady("stable", 0, 0),
        ("stable", nasty, "greedy"),
        notices=[nasty],
    )._repr_html_()
    assert "<script" not in card
    assert card.count("&lt;script&gt;") >= 3
    assert card.count('<th class="rmatch-number" scope="col">') >= 5


def test_notes_that_say_the_same_are_told_once() -> None:
    """Forty cohorts stopped by time are one line."""

    def slow(name: str, case: int, seed: int) -> dict[str, float | None] | str:
        return "stopped at 10 s" if name == "greedy" and case < 8 else steady(name, case, seed)

    text = str(compared(slow, cases=12))
    assert text.count("stopped at 10 s") == 1
    assert "greedy (8 of 12 runs)" in text


def test_a_comparison_can_be_sent_to_another_process() -> None:
    """Whatever was worked out stays behind."""
    comparison = compared(lambda *_: {}, metrics=())
    str(comparison)
    again = pickle.loads(pickle.dumps(comparison))  # noqa: S301 - our own
    assert again == comparison
    assert str(again) == str(comparison)


# -------------------------------------------------------------------------------------- the picture


def drawn(comparison: Comparison) -> dict[str, Any]:
    """The picture as Vega-Lite."""
    pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[compare]'")
    return dict(comparison.plot().to_dict())


def test_the_picture_has_a_panel_a_metric_with_its_way_and_axis() -> None:
    """Each says which way is better, or that people are to judge; shares are per cent."""
    panels = drawn(compared(steady, cases=12))["concat"]
    told = [(p["title"]["text"], p["title"]["subtitle"]) for p in panels]
    assert told[:2] == [("Pairs", "more is better"), ("Blocking pairs", "less is better")]
    assert told[-1] == (TASTE.label, "which is better is for you to judge")
    axes = [p["layer"][0]["encoding"]["x"]["title"] for p in panels]
    assert axes == ["how many", "how many", "per cent", "score", "index"]


def test_a_dot_stands_at_the_mean_and_its_bar_ends_with_the_interval() -> None:
    """The picture has the numbers of the summary."""
    comparison = compared(steady, cases=12, metrics=(PAIRS, BLOCKING))
    chart = drawn(comparison)
    shown = chart["concat"][0]["data"]["values"]
    greedy = next(row for row in shown if row["strategy"] == "greedy")
    summary = one(comparison, "greedy", "pairs")
    assert [greedy[key] for key in ("value", "low", "high")] == [
        summary[key] for key in ("mean", "low", "high")
    ]


def test_the_picture_uses_one_ink() -> None:
    """Nothing is coloured as a verdict, and grey paper shows the same."""
    text = str(drawn(compared(steady, cases=12)))
    for colour in set(re.findall(r"#[0-9a-f]{6}", text)):
        assert len({colour[1:3], colour[3:5], colour[5:7]}) == 1


def test_a_strategy_like_a_script_is_harmless_in_the_picture() -> None:
    """A saved page holds the name inside a script, which it must not end."""
    text = str(drawn(compared(lambda *_: steady("greedy", 0, 0), ("</script>", "stable"))))
    assert "</script>" not in text
