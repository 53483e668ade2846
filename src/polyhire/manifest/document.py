"""A YAML file as plain data that remembers on which line and column each value stands."""

import re
from dataclasses import dataclass, field
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
        reading = _Reading(loader, shown_as, text.split("\n"))
        data = reading.built(node, ()) if node else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return empty, [Mistake(shown_as, line, column, f"not YAML: {error.problem or error.context}{_ADVICE}")]
    except (yaml.YAMLError, ValueError) as error:
        return empty, [Mistake(shown_as, 1, 1, f"not YAML: {error}")]
    finally:
        loader.dispose()
    return Document(shown_as, data, reading.keys, reading.values), reading.mistakes


@dataclass
class _Reading:
    """A file on its way from nodes to data, with the places that were passed."""

    loader: _Loader
    file: str
    lines: list[str]
    keys: dict[Path, Place] = field(default_factory=lambda: {(): Place(1, 1)})
    values: dict[Path, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def built(self, node: yaml.Node, path: Path) -> Any:
        """The data of a node. An alias is refused: a block is read where it stands, and could hold itself."""
        self.values[path] = _place_of_value(node, self.lines)
        if id(node) in self.seen:
            self._mistake(self.keys[path], "an alias stands for a block elsewhere; write it out here")
            return None
        self.seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode():
                entries = []
                for index, entry in enumerate(node.value):
                    self.keys[(*path, index)] = _start(entry)
                    entries.append(self.built(entry, (*path, index)))
                return entries
        return self.loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, place = str(key_node.value), _start(key_node)
            if key in mapping:
                self._mistake(place, f"'{key}' is here twice")
            self.keys[(*path, key)] = place
            mapping[key] = self.built(value_node, (*path, key))
        return mapping

    def _mistake(self, place: Place, message: str) -> None:
        self.mistakes.append(Mistake(self.file, place.line, place.column, message))


def _start(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _place_of_value(node: yaml.Node, lines: list[str]) -> Place:
    line, column = node.start_mark.line, node.start_mark.column
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    if style in ("|", ">"):
        first = next((text for text in lines[line + 1 :] if text.strip()), "")
        return Place(line + 1, column + 1, block=True, indent=len(first) - len(first.lstrip()))
    return Place(line + 1, column + 1 + (style in ('"', "'")))
