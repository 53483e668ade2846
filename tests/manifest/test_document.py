"""YAML with the place of everything in it."""

from pathlib import Path

import pytest

from polyhire.manifest.document import Document, Mistake, Place, read


def document(tmp_path: Path, text: str) -> Document:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    found, mistakes = read(file, "acme/file.yaml")
    assert mistakes == []
    return found


def mistakes(tmp_path: Path, text: bytes) -> list[str]:
    file = tmp_path / "file.yaml"
    file.write_bytes(text)
    return [str(mistake) for mistake in read(file, "f.yaml")[1]]


def test_a_mistake_reads_as_editors_jump() -> None:
    """File, line, column, message."""
    assert str(Mistake("a/b.yaml", 3, 5, "wrong")) == "a/b.yaml:3:5: wrong"


def test_scalars_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    """`on`, `yes`, dates and `012` are text; true, numbers and null are what they look like."""
    text = "on: yes\noff: No\nwhen: 2024-01-31\nb: true\nf: false\ni: -12\nd: 1.5\no: 012\nt: 1:30\n"
    assert document(tmp_path, text + "n: null\ntilde: ~\nnothing:\n").data == {
        "on": "yes",
        "off": "No",
        "when": "2024-01-31",
        "b": True,
        "f": False,
        "i": -12,
        "d": 1.5,
        "o": "012",
        "t": "1:30",
        "n": None,
        "tilde": None,
        "nothing": None,
    }


def test_nested_data_keeps_its_shape(tmp_path: Path) -> None:
    """Mappings and lists, in blocks and flows."""
    assert document(tmp_path, "a: {b: [1, {c: x}]}\nd:\n  - e\n  - f: g\n").data == {
        "a": {"b": [1, {"c": "x"}]},
        "d": ["e", {"f": "g"}],
    }


def test_every_key_has_its_place(tmp_path: Path) -> None:
    """A path's place is that of its key, a list's entry has its own."""
    found = document(tmp_path, "a:\n  b: x\nlist:\n  - one\n  - {two: 2}\n")
    assert found.nearest(("a", "b")) == Place(2, 3)
    assert found.nearest(("list", 0)) == Place(4, 5)
    assert found.nearest(("list", 1, "two")) == Place(5, 6)


def test_what_is_not_there_is_placed_around(tmp_path: Path) -> None:
    """The place of something missing is that of the nearest thing around it, or the file's start."""
    found = document(tmp_path, "a:\n  b: x\n")
    assert found.nearest(("a", "c", "d")) == Place(1, 1)
    assert found.nearest(("a", "b", "c")) == Place(2, 3)
    assert found.nearest(("z",)) == Place(1, 1)
    assert Document("f", {}, {}, {}).nearest(("a",)) == Place(1, 1)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n  b: first & last\n", 2, 14),
        ('a:\n  b: "first & last"\n', 2, 15),
        ("a:\n  b: 'first & last'\n", 2, 15),
        ("a: {b: first & last}\n", 1, 16),
        ("a:\n  b: |\n    first & last\n", 3, 13),
        ("a:\n  b: |-\n      first & last\n", 3, 15),
    ],
    ids=["plain", "double quoted", "single quoted", "flow", "block", "deeper block"],
)
def test_a_position_inside_an_expression_has_its_column(tmp_path: Path, text: str, line: int, column: int) -> None:
    """However a text is written, the ninth character of it is found again."""
    mistake = document(tmp_path, text).mistake(("a", "b"), "here", 8)
    assert (mistake.line, mistake.column) == (line, column)


def test_a_position_on_a_later_line_of_a_block(tmp_path: Path) -> None:
    """Lines of a block count, and blank ones before its first line don't confuse the indent."""
    found = document(tmp_path, "a:\n  b: |\n\n    first\n      & last\n")
    source = found.data["a"]["b"]
    mistake = found.mistake(("a", "b"), "here", source.index("last"))
    assert (mistake.line, mistake.column) == (5, 9)


def test_a_position_on_a_later_line_of_a_quoted_text(tmp_path: Path) -> None:
    """A line break inside quotes moves on to the next line."""
    found = document(tmp_path, 'a: "x\\ny & z"\n')
    mistake = found.mistake(("a",), "here", 2)
    assert (mistake.line, mistake.column) == (2, 1)


def test_without_a_position_the_key_is_meant(tmp_path: Path) -> None:
    """A mistake at a path stands at its key; a position of something that is not there falls back to it."""
    found = document(tmp_path, "a:\n  b: x\n")
    assert (found.mistake(("a", "b"), "m").line, found.mistake(("a", "b"), "m").column) == (2, 3)
    assert found.mistake(("a", "c"), "m", 5).line == 1


def test_a_list_entry_can_be_an_expression(tmp_path: Path) -> None:
    """Positions inside entries of lists are found too."""
    mistake = document(tmp_path, "a:\n  - x\n  - first & last\n").mistake(("a", 1), "here", 8)
    assert (mistake.line, mistake.column) == (3, 13)


def test_a_key_may_not_be_there_twice(tmp_path: Path) -> None:
    """YAML would let the last one win in silence; every repetition is a mistake at its place."""
    text = b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"
    assert mistakes(tmp_path, text) == ["f.yaml:4:3: 'c' is here twice", "f.yaml:5:1: 'a' is here twice"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a: x ? y : z\n", "f.yaml:1:10: not YAML: mapping values are not allowed in this context; an expression that "
         "is more than a path or a call goes in quotes or in a `|` block"),
        (b"a: [1\n", "f.yaml:2:1: not YAML: did not find expected ',' or ']'; an expression"),
        (b"a: \xff\n", "f.yaml:1:1: the file is not UTF-8 text"),
        (b"a: 1\n---\nb: 2\n", "f.yaml:2:1: not YAML: but found another document; an expression"),
        (b"a: \x07\n", "f.yaml:1:1: not YAML: "),
        (b"a: *b\n", "f.yaml:1:4: not YAML: found undefined alias; an expression"),
    ],
)  # fmt: skip
def test_what_is_not_yaml_is_said_with_its_place(tmp_path: Path, text: bytes, expected: str) -> None:
    """One mistake with the parser's reason, its place, and what to do about the usual cause."""
    (found,) = mistakes(tmp_path, text)
    assert found.startswith(expected)


def test_a_file_that_is_not_yaml_is_not_readable(tmp_path: Path) -> None:
    """Other checks leave alone what could not be read; an empty file can be."""
    file = tmp_path / "file.yaml"
    file.write_text("a: [")
    assert not read(file, "f")[0].is_readable
    file.write_text("")
    found, wrong = read(file, "f")
    assert (found.data, found.is_readable, wrong) == ({}, True, [])


@pytest.mark.parametrize("text", [b"a: &x [1]\nb: *x\n", b"b: &x\n  a: *x\n"])
def test_an_alias_is_refused(tmp_path: Path, text: bytes) -> None:
    """A block is read where it stands; one that holds itself would have no end."""
    (found,) = mistakes(tmp_path, text)
    assert found in (
        "f.yaml:2:1: an alias stands for a block elsewhere; write it out here",
        "f.yaml:2:3: an alias stands for a block elsewhere; write it out here",
    )


def test_a_tag_that_does_not_fit_is_said(tmp_path: Path) -> None:
    """A scalar that its tag can't be made of is no crash."""
    assert mistakes(tmp_path, b"a: !!int x\n")[0].startswith("f.yaml:1:1: not YAML: ")
    assert mistakes(tmp_path, b"a: !thing x\n")[0].startswith("f.yaml:1:4: not YAML: could not determine")
