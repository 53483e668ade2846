"""What an expression can see: named values, written as JSON text with only the names it reads."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from polyhire.expressions import ABSENT, Expression, Reads, Template

# Every digit as 0, everything else as a blank: sixteen digits in a row are then one fast search,
# fifteen times faster than the regular expression that says the same.
_DIGITS = bytes(48 if 48 <= code <= 57 else 32 for code in range(256))
_SIXTEEN = b"0" * 16
_BEFORE_A_NUMBER = b"[:, \t\r\n"
_LONG_INTEGER = re.compile(rb'"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])(-?\d{16,})(?![\d.eE])')


class Scope:
    """Named values for expressions. Raw JSON stands in it as `orjson.Fragment`; an ABSENT value is not there."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = {name: value for name, value in values.items() if value is not ABSENT}

    def with_(self, **more: Any) -> "Scope":
        """The scope with more names, or with other values for some."""
        return Scope({**self.values, **more})

    def text(self, reads: Reads | bool) -> str:
        """The values that are read, as JSON text."""
        names = self.values if isinstance(reads, bool) else [name for name in reads if name in self.values]
        return exact(orjson.dumps({name: self.values[name] for name in names}, default=str)).decode()

    def evaluate(self, expression: Expression) -> Any:
        """What an expression finds here, or ABSENT."""
        found = expression.evaluate_text(self.text(expression.inputs))
        return ABSENT if found is None else orjson.loads(found)

    def fill(self, template: Template) -> Any:
        """A template with every expression replaced by what it finds here."""
        return template.evaluate(self.text(template.inputs))


def exact(text: bytes) -> bytes:
    """JSON with every integer of sixteen digits or more as text: JSONata's numbers would round it."""
    if not _may_hold_long_integer(text):
        return text
    return _LONG_INTEGER.sub(lambda found: b'"%b"' % found[1] if found[1] else found[0], text)


def _may_hold_long_integer(text: bytes) -> bool:
    """Whether sixteen digits stand where a number may begin (or the text does): those of a signature do not."""
    digits = text.translate(_DIGITS)
    at = digits.find(_SIXTEEN)
    while at >= 0:
        if text[max(at - 2, 0) : at].removesuffix(b"-")[-1:] in _BEFORE_A_NUMBER:
            return True
        end = digits.find(b" ", at)
        at = digits.find(_SIXTEEN, end) if end >= 0 else -1
    return False
