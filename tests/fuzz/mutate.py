"""Answers with something changed in them: what providers do to keys, and what nobody should."""

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as some

Path: TypeAlias = tuple[str | int, ...]
Change: TypeAlias = tuple[str, Path]
"""What is done, and where in the answer."""

GONE = object()


def _other_type(value: Any) -> Any:
    """The value as another scalar would write it: a number for text, text for a number or a truth."""
    match value:
        case bool():
            return "yes" if value else 0
        case int() | float():
            return str(value)
        case str():
            return len(value)
    return "text"


REALISTIC: dict[str, Callable[[Any], Any]] = {
    "drop": lambda _: GONE,
    "null": lambda _: None,
    "empty": lambda value: type(value)() if isinstance(value, dict | list | str) else None,
}
"""What providers do: leave a key out, say null, or send nothing in a list, an object or a text."""

WILD: dict[str, Callable[[Any], Any]] = {
    **REALISTIC,
    "retype": _other_type,
    "truth": lambda _: True,
    "minus": lambda _: -1.5,
    "huge": lambda _: 10**20,
    "text": lambda _: "\u0000 {} $ ' \" \U0001f600",
    "object": lambda _: {"": None, "id": [{"id": {}}], "$": 1},
    "wrap": lambda value: [value],
    "wrap twice": lambda value: [[value]],
    "box": lambda value: {"value": value},
    "twice": lambda value: [*value, *value] if isinstance(value, list) else [value, value],
    "unwrap": lambda value: value[0] if isinstance(value, list) and value else value,
    "with null": lambda value: [None, *value, None] if isinstance(value, list) else [None],
    "mixed": lambda value: [1, "a", None, {}, [], True, value],
}
"""And what nobody should: other types, lists of lists, things of every kind in one list."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a value below its top: the keys of objects, and the things in lists."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, found in inner:
        yield (*path, key)
        yield from places(found, (*path, key))


def changed(value: Any, *changes: Change) -> Any:
    """A copy with these changes, in order; one whose place an earlier one took away does nothing."""
    made = copy.deepcopy(value)
    for name, path in changes:
        _change(made, path, WILD[name])
    return made


def _change(value: Any, path: Path, how: Callable[[Any], Any]) -> None:
    for step in path[:-1]:
        if not _has(value, step):
            return
        value = value[step]
    last = path[-1]
    if not _has(value, last):
        return
    found = how(value[last])
    if found is GONE:
        del value[last]
    else:
        value[last] = copy.deepcopy(found)


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value


def changes(value: Any, kinds: dict[str, Callable[[Any], Any]], most: int) -> some.SearchStrategy[list[Change]]:
    """One to `most` changes of a value, of these kinds."""
    where = some.sampled_from(sorted(places(value), key=repr))
    return some.lists(some.tuples(some.sampled_from(sorted(kinds)), where), min_size=1, max_size=most)


def one_of_each(value: Any) -> Iterator[Path]:
    """The places of a value, of those that differ in positions in lists alone only the first."""
    seen = set()
    for path in places(value):
        kind = tuple("*" if isinstance(step, int) else step for step in path)
        if kind not in seen:
            seen.add(kind)
            yield path
