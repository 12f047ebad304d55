"""Letters: what a participant may read and not a byte more, in words a stranger likes to read."""

from __future__ import annotations

import csv
import io
import stat
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, meta

import rmatch
from goldens import assert_golden
from other_answers import SHOWN, same_pairs, with_other_answers
from rmatch import examples
from rmatch.errors import InputError, MissingExtraError, RunFolderError
from rmatch.explaining.participant_words import NEUTRAL, NO_PLACE, UNMATCHED
from rmatch.instance import Instance
from rmatch.letters.checking import FILTERS
from rmatch.letters.filenames import file_name
from rmatch.letters.inert import inert_markdown, inert_text
from rmatch.letters.sources import KINDS, template_sources
from rmatch.letters.specimens import SPECIMENS
from rmatch.letters.table import COLUMNS
from rmatch.letters.view import ParticipantView, PartnerView, context_of, names_of
from rmatch.letters.writing import letter_files
from rmatch.matching import Matching
from rmatch.programme import Participant, Programme, Settings
from rmatch.testing import FACETS, programmes
from shown import in_full

DATA = Path(rmatch.__file__).parent / "programme" / "reference" / "data"
EAST, TWO = "east-of-england", "two-trusts"
TALKATIVE = in_full(
    programmes(max_side=3, filled=("goals", "meeting", "office", "choices", "taste"))
)
OTHER_ANSWERS = programmes(
    max_side=3, filled=[facet for facet in FACETS if facet not in ("history", "before")]
)


@pytest.fixture(scope="module")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(examples.path(EAST))


@pytest.fixture(scope="module")
def two() -> Matching:
    """Some take two, two have nobody."""
    return rmatch.solve(examples.path(TWO))


def rows_of(table: str) -> dict[str, dict[str, str]]:
    """The rows of letters.csv by id."""
    rows = csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
    return {row["id"]: row for row in rows}


def read_by(files: Mapping[str, str], person: str) -> tuple[str, dict[str, str]]:
    """All that one person may read of a folder: their letter and their row."""
    return files[file_name(person)], rows_of(files["letters.csv"])[person]


def pairs_of(matching: Matching) -> list[tuple[str, str]]:
    """The pairs by id."""
    return [(pair.mentor, pair.mentee) for pair in matching.pairs]


# ------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(("example", "person"), [(EAST, "S04"), (TWO, "S06"), (TWO, "M11")])
def test_letters_read_as_agreed(example: str, person: str, request: pytest.FixtureRequest) -> None:
    """One partner, two, and none."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    files = letter_files(matching.programme, pairs_of(matching))
    assert_golden(f"letter_{example}_{person}", files[file_name(person)])


def test_whoever_offers_no_place_is_told_their_own_input() -> None:
    """And not that they were unlucky."""
    programme = Programme(mentors=[{"id": "M1", "name": "Rex Umber", "capacity": 0}])
    letter, row = read_by(letter_files(programme, []), "M1")
    assert_golden("letter_no_place", letter)
    assert (row["outcome"], row["matched"], row["next_steps"]) == (NO_PLACE, "no", "")


def test_a_letter_about_which_nothing_is_known_still_reads_well() -> None:
    """No name, no role, no reasons, no dates."""
    programme = Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}])
    letter, row = read_by(letter_files(programme, [("M1", "S1")]), "M1")
    assert_golden("letter_blank", letter)
    assert row["partners"] == "You have a partner."
    assert row["greeting"] == "Dear colleague"


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"starts": date(2027, 1, 11)}, "The programme starts on 11 January 2027."),
        ({"ends": date(2027, 12, 1)}, "The programme ends on 1 December 2027."),
        ({}, ""),
    ],
)
def test_dates_are_told_where_they_are_set(dates: dict[str, Any], words: str) -> None:
    """One of them alone too."""
    programme = Programme(
        mentors=[{"id": "M1"}], mentees=[{"id": "S1"}], settings=Settings(**dates)
    )
    letter, row = read_by(letter_files(programme, [("M1", "S1")]), "S1")
    assert row["dates"] == words
    assert words in letter


@settings(max_examples=40)
@given(programme=TALKATIVE)
def test_everybody_reads_the_neutral_sentence_once_and_of_no_cause(programme: Programme) -> None:
    """The same for all; without a partner, two people read the same but for their greeting."""
    pairs = pairs_of(rmatch.solve(programme))
    files = letter_files(programme, pairs)
    matched = {person for pair in pairs for person in pair}
    texts = set()
    for person in programme.people:
        letter, row = read_by(files, person.id)
        assert letter.count(NEUTRAL) == 1
        assert row["neutral"] == NEUTRAL
        assert row["matched"] == ("yes" if person.id in matched else "no")
        if person.id not in matched:
            assert row["outcome"] == (UNMATCHED if person.capacity else NO_PLACE)
            texts.add((person.capacity > 0, letter.partition("\n")[2]))
    assert len(texts) == len({offers for offers, _ in texts})


@pytest.mark.parametrize("example", [EAST, TWO])
def test_no_letter_names_anybody_but_its_reader(
    example: str, request: pytest.FixtureRequest
) -> None:
    """No other name, no e-mail and no id, in the letter or in the row's words."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    programme = matching.programme
    files = letter_files(programme, pairs_of(matching))
    for reader in programme.people:
        letter, row = read_by(files, reader.id)
        told = letter + "".join(row[name] for name in COLUMNS[6:])
        for person in programme.people:
            if person.id != reader.id:
                assert person.name not in told
            assert person.email not in told
            assert person.id not in told


# --------------------------------------------------------------------------------- non-interference


def test_what_a_partner_may_notice_is_what_the_list_of_fields_lets_them_see() -> None:
    """Always, by overlap, or with consent; the id is never shown, the consent decides."""
    with (DATA / "form_fields.csv").open(encoding="utf-8") as file:
        shows = {row["id"]: row["show_to_partner"] for row in csv.DictReader(file)}
    seen = {name: shows[name] for name in SHOWN - {"id", "consent_share"}}
    assert set(seen.values()) == {"yes", "overlap_only", "yes_if_consented"}
    assert {name for name, how in seen.items() if how == "yes_if_consented"} == {"wants", "offers"}
    assert {name for name, how in seen.items() if how == "overlap_only"} == {"availability"}


def kept_dates(programme: Programme, changed: Programme) -> Programme:
    """The changed programme with the dates that everybody knows."""
    dates = {"starts": programme.settings.starts, "ends": programme.settings.ends}
    return changed.replace(settings=changed.settings.model_copy(update=dates))


def check_nothing_shows(
    programme: Programme, other: Programme, pairs: list[tuple[str, str]], reader: str
) -> None:
    """Not a byte of what the reader reads changes with what others kept to themselves."""
    partners = tuple(
        mentee if mentor == reader else mentor
        for mentor, mentee in pairs
        if reader in (mentor, mentee)
    )
    changed = kept_dates(programme, with_other_answers(programme, other, reader, partners))
    before = read_by(letter_files(programme, pairs), reader)
    assert read_by(letter_files(changed, pairs), reader) == before


@settings(max_examples=60)
@given(programme=TALKATIVE, other=OTHER_ANSWERS, data=st.data())
def test_a_letter_depends_on_nothing_others_kept_to_themselves(
    programme: Programme, other: Programme, data: st.DataObject
) -> None:
    """Choices, vetoes, conflicts, history, weights, extras, and goals that were not shared."""
    assume(programme.mentors and programme.mentees)
    ids = [(m.id, s.id) for m in programme.mentors for s in programme.mentees]
    pairs = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=4))
    reader = data.draw(st.sampled_from([person.id for person in programme.people]))
    check_nothing_shows(programme, other, pairs, reader)


def shuffled(programme: Programme, data: st.DataObject) -> Programme:
    """The programme where each person gave the answers of another one of their side."""

    def side(people: tuple[Participant, ...]) -> list[Participant]:
        donors = data.draw(st.permutations(people))
        return [d.model_copy(update={"id": p.id}) for p, d in zip(people, donors, strict=True)]

    return Programme(
        mentors=side(programme.mentors),
        mentees=side(programme.mentees),
        conflicts=programme.conflicts[::2],
        settings=Settings(weights={"topics": 1}, rules={"same_employer": "off"}, seed=99),
    )


@pytest.mark.parametrize("example", [EAST, TWO])
@settings(max_examples=8)
@given(data=st.data())
def test_the_letters_of_the_examples_depend_on_nothing_kept(
    example: str, data: st.DataObject
) -> None:
    """The same for both examples, everybody having the answers of somebody else."""
    programme = rmatch.load(examples.path(example))
    reader = data.draw(st.sampled_from([person.id for person in programme.people]))
    opposite = programme.mentees if reader.startswith("M") else programme.mentors
    partners = data.draw(st.lists(st.sampled_from([p.id for p in opposite]), max_size=2))
    pairs = [(reader, p) if reader.startswith("M") else (p, reader) for p in set(partners)]
    check_nothing_shows(programme, shuffled(programme, data), pairs, reader)


@pytest.mark.parametrize("example", [EAST, TWO])
def test_a_matching_writes_the_same_letters_whatever_others_answered(
    example: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Through the façade: no choice, no veto, no conflict, no history and other weights."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    programme = matching.programme
    for reader in (matching.pairs[0].mentor, *matching.unmatched[:1]):
        blank = {"choices": (), "vetoes": (), "conflicts": (), "extra": {"tea": "yes"}}
        people = [
            person if person.id == reader else person.model_copy(update=blank)
            for person in programme.people
        ]
        changed = programme.replace(
            mentors=people[: len(programme.mentors)],
            mentees=people[len(programme.mentors) :],
            conflicts=(),
            history=(),
            settings=programme.settings.model_copy(
                update={"weights": {"choice": 0, "interests": 90}, "minimum_score": 0}
            ),
        )
        after = same_pairs(matching, changed)
        assert after is not None
        folders = [
            one.letters(tmp_path / reader / name)
            for name, one in (("before", matching), ("after", after))
        ]
        letters = [(folder / file_name(reader)).read_bytes() for folder in folders]
        tables = [(folder / "letters.csv").read_text("utf-8-sig") for folder in folders]
        assert letters[0] == letters[1]
        assert rows_of(tables[0])[reader] == rows_of(tables[1])[reader]
        told = [str(one.explain(reader, "participant")) for one in (matching, after)]
        assert told[0] == told[1]


# ----------------------------------------------------------------------------------------- a folder


def test_everybody_has_a_letter_and_a_row(two: Matching, tmp_path: Path) -> None:
    """Both sides, matched or not; readable by their owner alone; and nothing else is there."""
    folder = two.letters(tmp_path / "letters")
    assert two.programme is not None
    people = list(two.programme.people)
    rows = rows_of((folder / "letters.csv").read_text("utf-8-sig"))
    assert list(rows) == [person.id for person in people]
    assert {row["file"] for row in rows.values()} | {"letters.csv"} == {
        file.name for file in folder.iterdir()
    }
    assert len(list(folder.iterdir())) == len(people) + 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [p for p, row in rows.items() if row["matched"] == "no"] == list(two.unmatched)
    for person in people:
        row = rows[person.id]
        assert (row["name"], row["email"]) == (person.name, person.email)
        assert tuple(row) == COLUMNS


def test_an_earlier_folder_is_replaced_when_forced_and_no_other(
    east: Matching, two: Matching, tmp_path: Path
) -> None:
    """Only what its own table lists; a file beside it keeps the folder."""
    folder = two.letters(tmp_path / "letters")
    with pytest.raises(RunFolderError, match="exists already"):
        east.letters(folder)
    assert len(list(folder.iterdir())) == 68
    assert len(list(east.letters(folder, force=True).iterdir())) == 29
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(RunFolderError, match=r"more than letters.*notes\.txt"):
        two.letters(folder, force=True)
    assert (folder / "notes.txt").read_text() == "mine"
    for path, content in ((tmp_path / "file", "x"), (tmp_path / "other" / "letters.csv", "a\nb")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    with pytest.raises(RunFolderError, match="no folder of letters"):
        east.letters(tmp_path / "file", force=True)
    with pytest.raises(RunFolderError, match="more than letters"):
        east.letters(tmp_path / "other", force=True)
    for content in ("", "\xff"):
        (tmp_path / "other" / "letters.csv").write_text(content, encoding="latin-1")
        with pytest.raises(RunFolderError, match=r"more than letters.*letters\.csv"):
            east.letters(tmp_path / "other", force=True)
    (tmp_path / "empty").mkdir()
    east.letters(tmp_path / "empty", force=True)


def test_a_failure_half_way_leaves_nothing(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all."""
    from rmatch.letters import writing

    written = []

    def full(path: Path, text: str, **_: Any) -> None:
        written.append(path)
        if len(written) == 5:
            raise OSError(28, "No space left on device")
        path.write_text(text)

    monkeypatch.setattr(writing, "write_atomic", full)
    with pytest.raises(RunFolderError, match="No space left"):
        east.letters(tmp_path / "letters")
    assert list(tmp_path.iterdir()) == []


def test_an_instance_without_people_has_nobody_to_write_to(tmp_path: Path) -> None:
    """And says so."""
    matching = rmatch.solve(Instance.from_rankings([[[0]]], [[[0]]]))
    with pytest.raises(ValueError, match="nobody to write to"):
        matching.letters(tmp_path / "letters")


def test_without_jinja2_the_pip_command_is_named(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an import error and an rmatch error."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rmatch\[coordinator\]'"):
        east.letters(tmp_path / "letters")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("M01", "M01.md"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "id-CON"),
        ("com1", "id-com1"),
        ("ward 7/a", "ward-7-a"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("é", "id"),
        ("\ud800", "id"),
        ("x" * 300, "x" * 40),
        ("letters.csv", "letters-csv"),
    ],
)
def test_file_names_are_safe(person: str, name: str) -> None:
    """No separators, no devices, no leading dots or dashes, not too long; a hash where changed."""
    got = file_name(person)
    assert got.partition(".")[0] == name.partition(".")[0]
    assert (got == name) or got.count(".") == 2
    assert len(got) <= 70


@given(ids=st.lists(st.text(min_size=1), unique_by=lambda t: t.casefold()))
def test_file_names_are_unique_on_every_file_system(ids: list[str]) -> None:
    """Also where case does not count."""
    assert len({file_name(person).casefold() for person in ids}) == len(ids)


# -------------------------------------------------------------------------------- what people wrote

TRICKS = (
    "[here](https://evil.example)",
    "<script>alert(1)</script>",
    "![x](http://evil.example/p.png)",
    "**bold** _it_ `code` ~~gone~~",
    "www.evil.example",
    "www\uff0eevil\u3002example",
    "http\uff1a//evil\u2024example",
    "a\uff20evil.example",
    "//192.168.0.1/x",
    "mailto:a@evil.example",
    "1. one",
    "- item",
    "# head",
    "| a | b |",
    "{{ partners }}{% for %}",
    "=HYPERLINK(1)",
    "&lt;b&gt;",
    "\u202eevil",
    "a\n\n---\n\n# b",
    "[x]: http://evil.example",
    "\\",
)


@given(
    text=st.one_of(
        st.sampled_from(TRICKS),
        st.lists(st.sampled_from([*TRICKS, *"\\`*_{}[]()<>#+-.!|~&:=@^$ \n\t1a"])).map("".join),
        st.text(),
    )
)
def test_what_people_wrote_is_shown_as_it_is_and_nothing_more(text: str) -> None:
    """Read by a Markdown reader, at the start of a line or within: one text, no tag, no link."""
    markdown_it = pytest.importorskip("markdown_it")
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for before in ("", "Dear "):
        tokens = reader.parse(f"{before}{inert_markdown(text)}\n")
        if not (before or inert_text(text)):
            assert tokens == []
            continue
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
        shown = "".join(child.content for child in tokens[1].children)
        assert shown.strip() == f"{before}{inert_text(text)}".strip()


@given(text=st.one_of(st.sampled_from(TRICKS), st.text()))
def test_an_inert_text_is_one_visible_line_without_address(text: str) -> None:
    """Nothing in it can be made a link by a mail program; doing it twice changes nothing."""
    inert = inert_text(text)
    assert inert_text(inert) == inert
    assert inert.isprintable()
    assert not {"<", ">", "@"} & set(inert)
    assert "://" not in inert
    assert "www.e" not in inert
    assert "evil.e" not in inert


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_in_names_and_answers_do_nothing(trick: str) -> None:
    """In a name, an employer and an interest; in the letter and in the table."""
    tricky = {"name": trick, "employer": trick, "interests": [trick]}
    programme = Programme(
        mentors=[{"id": "M1", "email": "=1+1", **tricky}], mentees=[{"id": "S1", **tricky}]
    )
    plain = Programme(
        mentors=[{"id": "M1", "name": "A", "employer": "A", "interests": ["A"]}],
        mentees=[{"id": "S1", "name": "A", "employer": "A", "interests": ["A"]}],
    )
    letter, row = read_by(letter_files(programme, [("M1", "S1")]), "M1")
    likeness, _ = read_by(letter_files(plain, [("M1", "S1")]), "M1")
    markdown_it = pytest.importorskip("markdown_it")
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    got, expected = ([t.type for t in reader.parse(text)] for text in (letter, likeness))
    assert got == expected
    assert row["email"] == "'=1+1"
    assert not any(cell[:1] in "=+-@\t\r" for cell in row.values() if cell)
    assert "<" not in letter + "".join(row.values())


# ---------------------------------------------------------------------------------------- templates


def folder_of(tmp_path: Path, **texts: str) -> Path:
    """A folder of templates."""
    folder = tmp_path / "templates"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def test_a_programme_replaces_what_it_likes(two: Matching, tmp_path: Path) -> None:
    """The other kinds keep rmatch's words."""
    folder = folder_of(
        tmp_path,
        matched="{# ours #}Hello {{ name | upper }}!\n"
        "{% for p in partners if p.who %}{% set first = p.reasons | first %}"
        "{{ loop.index + 1 }}. {{ p.who }} ~ {{ p['employer'] }} {{ first }}"
        "{% if not loop.last %} and {% endif %}{% else %}nobody{% endfor %}",
    )
    out = two.letters(tmp_path / "letters", templates=folder)
    assert (out / "S06.md").read_text().startswith("Hello FAROUK BENHAMIDA!\n2. Locally employed")
    assert (out / "M11.md").read_text().startswith("Dear Ioana Dragulescu,")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{{ nickname }}", 1, "names 'nickname'; a letter may name id, name, side"),
        ("a\nb {{ score }}", 2, "names 'score'"),
        ("{% if rank is defined %}x{% endif %}", 1, "names 'rank'"),
        ("{% for p in partners %}\n{{ p.id }}{% endfor %}", 2, "part 'id'; a partner has who, "),
        ("{% for p in partners %}{{ p['email'] }}{% endfor %}", 1, "part 'email'"),
        ("{{ partners[0].name }}", 1, "part 'name'"),
        ("{{ (partners | first).veto }}", 1, "part 'veto'"),
        ("{% set x = partners[0] %}{{ x.rank }}", 1, "part 'rank'"),
        ("{% for p in partners %}{{ loop.parent }}{% endfor %}", 1, "a loop has first"),
        ("{% for a, b in partners %}{{ a.who }}{% endfor %}", 1, "part 'who'"),
        ("{{ loop.index }}", 1, "names 'loop'"),
        ("{{ name.__class__ }}", 1, "only partners have parts"),
        ("{{ ''.__class__.__mro__ }}", 1, "part '__class__'"),
        ("{{ partners.__class__ }}", 1, "part '__class__'"),
        ("{{ name['__class__'] }}", 1, "part '__class__'"),
        ("{{ partners[side] }}", 1, "square brackets"),
        ("{{ name[0] }}", 1, "square brackets"),
        ("{{ name | attr('x') }}", 1, "filter 'attr'"),
        ("{{ name | safe }}", 1, "filter 'safe'"),
        ("{{ name | urlize }}", 1, "filter 'urlize'"),
        ("{{ partners | map(attribute='who') | join }}", 1, "filter 'map'"),
        ("{{ partners | join(', ', 'who') }}", 1, "joins the parts"),
        ("{{ partners | join(', ', attribute='who') }}", 1, "joins the parts"),
        ("{{ name | replace(*partners) }}", 1, "with * or **"),
        ("{{ name is callable }}", 1, "test 'callable'"),
        ("{{ name.upper() }}", 1, "uses a call"),
        ("{{ range(9) }}", 1, "uses a call"),
        ("{{ name * 1000000000 }}", 1, "uses “mul”"),
        ("{{ self }}", 1, "names 'self'"),
        ("{% include '/etc/passwd' %}", 1, "{% include %}"),
        ("{% include 'unmatched.md' %}", 1, "{% include %}"),
        ("{% extends 'x' %}", 1, "{% extends %}"),
        ("{% import 'x' as x %}", 1, "{% import %}"),
        ("{% from 'x' import y %}", 1, "import"),
        ("{% macro m() %}{% endmacro %}", 1, "{% macro %}"),
        ("{% call x() %}{% endcall %}", 1, "{% call %}"),
        ("{% block b %}{% endblock %}", 1, "{% block %}"),
        ("{% filter replace('a', 'b') %}{% endfilter %}", 1, "{% filter %}"),
        ("{% set x %}a{% endset %}", 1, "{% set %} around a text"),
        ("{% with a = 1 %}{% endwith %}", 1, "{% with %}"),
        ("{% for p in partners recursive %}{% endfor %}", 1, "recursive"),
        ("{{ name", 1, "is no template"),
        ("\n\n{% trans %}", 3, "is no template"),
        ("{% for loop in partners %}{% endfor %}", 1, "is no template"),
        ("{{ partners }}", 1, "cannot be filled in: {{ … }} holds a list"),
        ("\n{{ matched }}", 2, "cannot be filled in: {{ … }} holds yes or no"),
        ("a\n{{ partners[5].who }}", 2, "cannot be filled in"),
        ("{{ name + 1 }}", 1, "cannot be filled in"),
        ("{% set ns.x = 1 %}", 1, "cannot be filled in"),
        ("{% for p in partners %}{{ loop }}{% endfor %}", 1, "cannot be filled in"),
        ("{{ partners | upper }}", 1, "makes a text of a list"),
        ("{{ partners[0] ~ '.' }}", 1, "makes a text of a list or a partner"),
        ("{{ partners | join(', ') }}", 1, "a partner has no words of its own"),
        ("{{ name | join }}", 1, "join takes a list"),
    ],
)
def test_a_template_that_asks_for_more_is_refused(
    text: str, line: int, words: str, east: Matching, tmp_path: Path
) -> None:
    """With file and line and what there is, before anything is written."""
    folder = folder_of(tmp_path, matched=text)
    with pytest.raises(InputError) as caught:
        east.letters(tmp_path / "letters", templates=folder)
    place = caught.value.problems[0].place
    assert (place.file, place.line) == ("matched.md", line)
    assert words in str(caught.value)
    assert f"matched.md, line {line}: " in str(caught.value)
    assert not (tmp_path / "letters").exists()


@pytest.mark.parametrize(
    "text", ["{% if name %}" * 400 + "{% endif %}" * 400, "{{ " + "(" * 5000 + " }}"]
)
def test_a_template_that_is_nested_too_deeply_is_refused(text: str, tmp_path: Path) -> None:
    """And does not end in an error of Python's own."""
    with pytest.raises(InputError, match=r"matched\.md"):
        letter_files(Programme(), [], folder_of(tmp_path, matched=text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% set a = neutral %}" + "{% set a = a ~ a %}" * 40, "more than 50 names and texts"),
        ("{% set a = neutral %}" + "{% set a = a + a %}" * 40, "more than 50 names and texts"),
        ("{% for a in neutral %}" * 3 + "{% endfor %}" * 3, "loops over what is no list"),
        ("{% for a in [1, 2, 3, 4] %}{% endfor %}", "which are partners, roles, offers"),
        ("{% for a in partners %}" * 12 + "{% endfor %}" * 12, "more than 3 loops in one another"),
        ("{{ neutral" + " | replace('a', 'aa')" * 40 + " }}", "more than 100000 characters"),
        ("{{ ('a' | replace('', neutral)) | replace('', neutral * 1) }}", "uses “mul”"),
        (
            "{% set a = neutral ~ neutral ~ neutral %}{% for p in partners %}"
            "{{ p.reasons | join(a | replace(' ', a)) }}{% endfor %}",
            "more than 100000 characters",
        ),
        ("x" * 1_000_001, "more than 1000000 bytes"),
    ],
)
def test_a_template_cannot_take_all_time_or_memory(text: str, words: str, tmp_path: Path) -> None:
    """What would grow without end is refused before it does."""
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        letter_files(Programme(), [], folder_of(tmp_path, matched=text))
    assert words in str(caught.value)
    assert time.monotonic() - started < 2


def test_what_a_letter_needs_does_not_count_as_growing(tmp_path: Path) -> None:
    """Names made of names, loops in a loop, a filter's own arguments."""
    text = (
        "{% set who = name ~ ', ' ~ side %}{% set who = who ~ '.' %}{{ who }}"
        "{% for p in partners %}{% set all = p.roles | default([]) %}{% for r in all %}"
        "{% for i in p.interests %}{{ i }}{% endfor %}{{ r }}{% endfor %}"
        "{{ p.roles | join('; ') | replace('e', 'E', 1) }}{% endfor %}"
    )
    programme = Programme(
        mentors=[{"id": "M1", "name": "Rex"}],
        mentees=[{"id": "S1", "grade": "st2"}],
    )
    files = letter_files(programme, [("M1", "S1")], folder_of(tmp_path, matched=text))
    assert files["M1.md"].startswith("Rex, mentor.")
    assert files["M1.md"].endswith("SpEcialty Training Year 2")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless device")
def test_a_template_that_is_no_file_is_refused(tmp_path: Path) -> None:
    """Reading it might never end."""
    (tmp_path / "matched.md").symlink_to("/dev/zero")
    with pytest.raises(InputError, match=r"matched\.md: cannot be read: it is no file"):
        template_sources(tmp_path)


def test_a_folder_that_may_not_be_entered_is_refused(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one error of rmatch's own."""

    def refused(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "letters").mkdir()
    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(RunFolderError, match="letters cannot be written: Permission denied"):
        east.letters(tmp_path / "letters", force=True)
    with pytest.raises(RunFolderError, match="cannot be written: File name too long"):
        east.letters("x" * 300)


@pytest.mark.parametrize(
    "text",
    ["a;=1+1", "a; =1+1", "a\t=1", "a|@x", "\uff1dcmd()", "\uff0b1", "\n=1", "=1", "-1", "\r+1"],
)
def test_no_cell_runs_wherever_a_spreadsheet_splits_it(text: str) -> None:
    """Also where lists are separated by semicolons, and with full-width signs."""
    programme = Programme(
        mentors=[{"id": "M1", "name": text, "email": text, "interests": [text]}],
        mentees=[{"id": "S1", "employer": text, "interests": [text]}],
    )
    table = letter_files(programme, [("M1", "S1")])["letters.csv"]
    for delimiter in ",;\t|":
        for row in csv.reader(io.StringIO(table, newline=""), delimiter=delimiter):
            for cell in row:
                assert cell.lstrip(' "\r\n')[:1] not in tuple("=+-@\t\uff1d\uff0b\uff0d\uff20")


def test_everything_wrong_is_listed_at_once(east: Matching, tmp_path: Path) -> None:
    """In every template, from the first line to the last."""
    folder = folder_of(
        tmp_path,
        matched="{{ a }}\n{{ b }} {{ name | safe }}",
        unmatched="{% include 'x' %}",
        no_place="{{",
    )
    with pytest.raises(InputError) as caught:
        east.letters(tmp_path / "letters", templates=folder)
    assert [(p.place.file, p.place.line) for p in caught.value.problems] == [
        ("matched.md", 1),
        ("matched.md", 2),
        ("matched.md", 2),
        ("unmatched.md", 1),
        ("no_place.md", 1),
    ]


def test_a_template_that_fails_for_one_person_names_their_id_and_not_their_words(
    tmp_path: Path,
) -> None:
    """What made-up people could not show."""
    programme = Programme(mentors=[{"id": "M1", "name": "Zelda"}], mentees=[{"id": "S1"}])
    text = "{% if name == 'Zelda' %}\n{{ partners }}{% endif %}"
    folder = folder_of(tmp_path, matched=text)
    with pytest.raises(InputError) as caught:
        letter_files(programme, [("M1", "S1")], folder)
    assert str(caught.value) == (
        "1 problem in the input\n  matched.md, line 2 (M1): cannot be filled in for this person"
    )


def test_a_folder_that_is_none_or_has_unknown_templates_is_refused(tmp_path: Path) -> None:
    """A misspelt name is not passed over."""
    with pytest.raises(InputError, match="nowhere: cannot be read"):
        template_sources(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"has none of matched\.md, unmatched\.md"):
        template_sources(tmp_path)
    folder = folder_of(tmp_path, matched="x", unmached="y")
    (folder / "no_place.md").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError) as caught:
        template_sources(folder)
    assert [(p.place.file, p.message) for p in caught.value.problems] == [
        (
            "unmached.md",
            "is the name of no template, which are matched.md, unmatched.md, no_place.md",
        ),
        ("no_place.md", "is not UTF-8 text"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_rmatchs_own_templates_name_only_the_view(kind: str) -> None:
    """Jinja's own finder of names agrees with ours."""
    (text,) = [source.text for source in template_sources(None) if source.kind == kind]
    named = meta.find_undeclared_variables(Environment(autoescape=True).parse(text))
    assert named <= set(names_of(ParticipantView))


def test_the_page_on_letters_lists_every_name_filter_and_column() -> None:
    """Whoever writes a template has one place to look."""
    page = (Path(__file__).parent.parent / "docs" / "letters.md").read_text(encoding="utf-8")
    for name in (*names_of(ParticipantView), *names_of(PartnerView), *FILTERS, *COLUMNS):
        assert f"`{name}`" in page, name


def test_a_view_is_plain_data() -> None:
    """Texts, yes or no, tuples and dicts: nothing that leads anywhere."""

    def check(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                check(inner)
        elif isinstance(value, tuple):
            for inner in value:
                check(inner)
        else:
            assert type(value) in (str, bool)

    for view in SPECIMENS:
        context = context_of(view)
        assert tuple(context) == names_of(ParticipantView)
        assert all(tuple(partner) == names_of(PartnerView) for partner in context["partners"])
        check(dict(context))


def test_a_view_does_not_show_itself_in_logs() -> None:
    """A repr tells no name."""
    assert "Asha" not in repr(SPECIMENS)
    assert "Fen" not in repr(SPECIMENS)
