"""Compile and evaluate JSONata. The only module that imports the JSONata engine.

Expressions are untrusted programs: every evaluation runs within `Limits` that no expression can lift.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jlens
import orjson

from polyhire.errors import MappingError
from polyhire.expressions.functions import FUNCTIONS
from polyhire.expressions.prelude import PRELUDE, needed_prelude

MAX_SOURCE = 64 * 1024

Reads = Mapping[str, Any]
"""What an expression reads: name -> True (all of it) or a nested mapping of the keys it reads."""


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()
"""The result of an expression that found nothing: different from null, which a provider or caller said."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one evaluation may use: seconds, nesting, steps, characters, entries, result nodes."""

    timeout: float = 2.0
    depth: int = 250
    steps: int = 50_000_000
    string: int = 50_000_000
    array: int = 1_000_000
    result: int = 50_000_000


LIMITS = Limits()

# jlens codes for a limit that was reached; anything else is a mistake in the expression or its data.
_LIMIT_CODES = frozenset({"D1011", "D1012", "D2014", "D2016", "U1001", "U1006"})
_EVAL = re.compile(r"\$eval\b")


class Expression:
    """One compiled JSONata expression; `where` names the place it stands, for errors.

    Raises MappingError with a character position when the source is not JSONata.
    """

    __slots__ = ("_evaluate", "_offset", "inputs", "source", "variables", "where")

    def __init__(self, source: str, where: str = "expression") -> None:
        self.source = source
        self.where = where
        if len(source) > MAX_SOURCE:
            raise self._wrong(f"an expression may have {MAX_SOURCE} characters, not {len(source)}", None)
        if found := _EVAL.search(source):
            raise self._wrong("$eval is not available", found.start())
        # Compiled alone first, so that positions in errors are the author's own.
        self._compile(source, 0)
        prefix = "".join(f"${name} := {PRELUDE[name]};\n" for name in needed_prelude(source))
        self._offset = len(prefix) + 3
        compiled = self._compile(f"( {prefix}({source}\n) )", self._offset)
        reads: dict[str, Any] = dict(compiled.reads())
        self.inputs: Reads | bool = reads.get("input", {})
        self.variables: Reads = {k: v for k, v in reads["bindings"].items() if k not in FUNCTIONS}
        self._evaluate: Callable[..., str | None] = compiled.evaluate_json

    def evaluate_text(self, text: str | None, limits: Limits = LIMITS) -> str | None:
        """The result as JSON text, or None when the expression found nothing. Raises MappingError."""
        try:
            return self._evaluate(
                text,
                timeout=limits.timeout,
                max_depth=limits.depth,
                max_steps=limits.steps,
                max_string_length=limits.string,
                max_array_length=limits.array,
                max_result_size=limits.result,
            )
        except jlens.JlensError as error:
            raise self._wrong(str(error), self._position(error), limit=error.code in _LIMIT_CODES) from None
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise self._wrong(str(error), None) from None

    def evaluate(self, data: Any = None, limits: Limits = LIMITS) -> Any:
        """The result as Python values, or ABSENT. `data` is anything orjson can write."""
        text = self.evaluate_text(orjson.dumps(data).decode(), limits)
        return ABSENT if text is None else orjson.loads(text)

    def reads(self, *path: str) -> Reads | bool:
        """What is read below a path of the input: True for all of it, `{}` for nothing."""
        return below(self.inputs, *path)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def _compile(self, source: str, offset: int) -> jlens.Expression:
        try:
            compiled = jlens.Expression(source)
        except jlens.JlensError as error:
            raise self._wrong(f"not JSONata: {error}", self._position(error, offset)) from None
        for name, function in FUNCTIONS.items():
            if f"${name}" in source:
                compiled.register_function(name, function)
        return compiled

    def _position(self, error: jlens.JlensError, offset: int | None = None) -> int | None:
        start = error.start if error.start is not None else error.position
        if start is None:
            return None
        return min(max(start - (self._offset if offset is None else offset), 0), len(self.source.rstrip()))

    def _wrong(self, reason: str, position: int | None, *, limit: bool = False) -> MappingError:
        error = MappingError(reason, field=self.where, expression=self.source, position=position)
        error.over_limit = limit
        return error


def below(reads: Reads | bool, *path: str) -> Reads | bool:
    """What is read below a path: True for all of it, `{}` for nothing."""
    for key in path:
        if isinstance(reads, bool):
            return reads
        reads = reads.get(key, {})
    return reads
