"""A tree of expressions evaluated as one program: the query, the headers and the body of a request."""

import json
from collections.abc import Iterator
from typing import Any

import orjson

from polyhire.errors import MappingError
from polyhire.expressions.evaluate import LIMITS, Expression, Limits, Reads

Tree = Any
"""Nested dicts and lists whose leaves are Expression, number, boolean or null."""


class Template:
    """A tree whose expressions are compiled into one program.

    What an expression finds nothing for is left out; a null that it finds is kept (it means "clear this").
    """

    __slots__ = ("_program", "tree")

    def __init__(self, tree: Tree, where: str = "template") -> None:
        self.tree = tree
        self._program = Expression(source_of(tree), where)

    @property
    def inputs(self) -> Reads | bool:
        """What the tree's expressions read: name -> True or a nested mapping."""
        return self._program.inputs

    def evaluate(self, text: str, limits: Limits = LIMITS) -> Any:
        """The tree with every expression replaced by what it found in the JSON `text`.

        Raises MappingError that names the one expression at fault.
        """
        try:
            found = self._program.evaluate_text(text, limits)
        except MappingError as error:
            raise self._culprit(text, limits) or error from None
        return _prune(self.tree, None if found is None else orjson.loads(found))

    def _culprit(self, text: str, limits: Limits) -> MappingError | None:
        for expression in leaves(self.tree):
            try:
                expression.evaluate_text(text, limits)
            except MappingError as error:
                return error
        return None


def leaves(tree: Tree) -> Iterator[Expression]:
    """Every expression in a tree."""
    match tree:
        case Expression():
            yield tree
        case dict():
            for value in tree.values():
                yield from leaves(value)
        case list():
            for value in tree:
                yield from leaves(value)


def source_of(tree: Tree) -> str:
    """The tree as one JSONata expression."""
    match tree:
        case Expression():
            return f"({tree.source}\n)"
        case dict():
            return "{" + ", ".join(f"{json.dumps(str(key))}: {source_of(value)}" for key, value in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(source_of, tree)) + "]"
    return json.dumps(tree)


def _prune(tree: Tree, found: Any) -> Any:
    """Leave out the objects of the *tree* in which nothing was found; what an expression made stays as it is."""
    if not isinstance(tree, dict) or not isinstance(found, dict):
        return found
    kept = {key: _prune(tree[key], value) for key, value in found.items()}
    return {key: value for key, value in kept.items() if value != {} or not isinstance(tree[key], dict)}
