"""A YAML file as plain data that remembers on which line and column each value stands."""

import re
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

Path = tuple[str | int, ...]

_ADVICE = "; an expression that is more than a path or a call goes in quotes or in a `|` block"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, from 1. `block` is true for a `|` block, whose text starts on the next line."""

    line: int
    column: int
    block: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a file: shown as `file:line:column: message`."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, and the place of every path in it (of the key, for a mapping's values)."""

    file: str
    data: Any
    keys: dict[Path, Place]
    values: dict[Path, Place]

    @property
    def is_readable(self) -> bool:
        """Whether the file is YAML at all."""
        return bool(self.keys)

    def mistake(self, path: Path, message: str, position: int | None = None) -> Mistake:
        """A mistake at a path, or at a character `position` inside the expression that stands there."""
        inside = position is not None and path in self.values
        place = self._inside(path, position or 0) if inside else self.nearest(path)
        return Mistake(self.file, place.line, place.column, message)

    def nearest(self, path: Path) -> Place:
        """The place of a path, or of the nearest thing around it."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, Place(1, 1))

    def _inside(self, path: Path, position: int) -> Place:
        place = self.values[path]
        before = self._text(path)[:position]
        line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        if place.block:
            return Place(place.line + 1 + line, place.indent + column + 1)
        return Place(place.line, place.column + position) if not line else Place(place.line + line, column + 1)

    def _text(self, path: Path) -> str:
        value = self.data
        for key in path:
            value = value[key]
        return str(value)


class _Loader(yaml.CSafeLoader):
    """YAML with 1.2's scalars: `on`, `yes` and dates are text, so that `on: id` is a key like any other."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def read(file: FilePath, shown_as: str) -> tuple[Document, list[Mistake]]:
    """A file's document and what is wrong with its YAML; a file that is not YAML at all has no data."""
    empty = Document(shown_as, {}, {}, {})
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return empty, [Mistake(shown_as, 1, 1, "the file is not UTF-8 text")]
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        mistakes: list[Mistake] = []
        keys: dict[Path, Place] = {(): Place(1, 1)}
        values: dict[Path, Place] = {}
        data = _build(loader, node, (), shown_as, text.split("\n"), keys, values, mistakes) if node else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return empty, [Mistake(shown_as, line, column, f"not YAML: {error.problem or error.context}{_ADVICE}")]
    except yaml.YAMLError as error:
        return empty, [Mistake(shown_as, 1, 1, f"not YAML: {error}")]
    finally:
        loader.dispose()
    return Document(shown_as, data, keys, values), mistakes


def _build(
    loader: _Loader,
    node: yaml.Node,
    path: Path,
    file: str,
    lines: list[str],
    keys: dict[Path, Place],
    values: dict[Path, Place],
    mistakes: list[Mistake],
) -> Any:
    values[path] = _place_of_value(node, lines)
    match node:
        case yaml.MappingNode():
            mapping: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key, inner = str(key_node.value), (*path, str(key_node.value))
                place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
                if key in mapping:
                    mistakes.append(Mistake(file, place.line, place.column, f"'{key}' is here twice"))
                keys[inner] = place
                mapping[key] = _build(loader, value_node, inner, file, lines, keys, values, mistakes)
            return mapping
        case yaml.SequenceNode():
            entries = []
            for index, entry in enumerate(node.value):
                keys[(*path, index)] = Place(entry.start_mark.line + 1, entry.start_mark.column + 1)
                entries.append(_build(loader, entry, (*path, index), file, lines, keys, values, mistakes))
            return entries
    return loader.construct_object(node)


def _place_of_value(node: yaml.Node, lines: list[str]) -> Place:
    line, column = node.start_mark.line, node.start_mark.column
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    if style in ("|", ">"):
        first = next((text for text in lines[line + 1 :] if text.strip()), "")
        return Place(line + 1, column + 1, block=True, indent=len(first) - len(first.lstrip()))
    return Place(line + 1, column + 1 + (style in ('"', "'")))
