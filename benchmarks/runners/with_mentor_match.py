"""``mentor-match``: people scored by rules and matched by Munkres in pure Python, one round.

Five rules of its own kinds: the mentee is senior, both work in one region, both are of one
specialty, one offers what the other wants, and excluded pairs are disqualified.
"""

from __future__ import annotations

from typing import Any

from harness import Answer, Problem, Way, serve
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules import rule

SENIOR, JUNIOR = 2, 1


def _build(problem: Problem) -> Any:
    sides: list[list[Any]] = []
    for kind, side, grade in ((Mentor, "mentors", JUNIOR), (Mentee, "mentees", SENIOR)):
        people = []
        for number, record in enumerate(problem[side]):
            person = kind(
                grade=grade,
                organisation=record["deanery"],
                profession=record["specialty"],
                email=record["id"],
            )
            person.number = number
            person.wants, person.offers = set(record["wants"]), set(record["offers"])
            people.append(person)
        sides.append(people)
    excluded = {tuple(pair) for pair in problem["excluded"]}
    rules = [
        rule.Disqualify(lambda match: (match.mentor.number, match.mentee.number) in excluded),
        rule.Grade(-1, lambda difference, target: difference <= target, {True: 5, False: 0}),
        rule.Equivalent("organisation", {True: 10, False: 0}),
        rule.Equivalent("profession", {True: 15, False: 0}),
        rule.Generic(
            {True: 20, False: 0}, lambda match: bool(match.mentor.wants & match.mentee.offers)
        ),
    ]
    return *sides, rules


def _solve(built: Any) -> Answer:
    mentors, mentees, rules = built
    process_data(mentors, mentees, [rules])
    pairs = [(mentor.number, mentee.number) for mentor in mentors for mentee in mentor.mentees]
    # What it calls best is by its own points, which no other peer shares: it claims nothing here.
    return Answer(pairs, "answered")


if __name__ == "__main__":
    serve("mentor-match", {"people": Way(_build, _solve)})
