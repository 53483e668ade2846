"""Search: criteria in Zoho's notation, or an e-mail address, a phone number, or a word."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.responses import Response

from polyhire.simulators import guards
from polyhire.simulators.guards import read_query
from polyhire.simulators.kit import Ask, Refusal
from polyhire.simulators.tables import Row

from .lists import IDENTIFIER, PAGING, cut
from .schema import COMPARABLE, Field, Module
from .shown import plain, show, value
from .state import Org
from .times import stamp

Test: TypeAlias = Callable[[Org, Module, Row], bool]
WAYS = ("criteria", "email", "phone", "word")
ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "greater_than": lambda seen, wanted: seen > wanted,
    "greater_equal": lambda seen, wanted: seen >= wanted,
    "less_than": lambda seen, wanted: seen < wanted,
    "less_equal": lambda seen, wanted: seen <= wanted,
}
# inferred: which operators fit which types
TEXTUAL = ("equals", "not_equal", "starts_with", "contains", "in")
NUMERIC = ("equals", "not_equal", "in", "between", *ORDERED)
COMPARISON = re.compile(r"\(([$\w]+):(\w+):((?:[^()\\]|\\[(),\\])*)\)")
VALUE = re.compile(r"(?:[^,\\]|\\.)+")
UNSEARCHABLE = ("subform", "tags", "multiuserlookup")


def search_records(org: Org, ask: Ask) -> Response:
    """Answer one page of what was searched for, in one way alone."""
    module = org.module(ask.values["module"])
    query = read_query(ask, {**PAGING, **dict.fromkeys(WAYS, guards.text)})
    ways = [each for each in WAYS if each in query]
    if len(ways) != 1:
        raise _bad(f"give one of {', '.join(WAYS)}")
    test = parse(module, query["criteria"]) if ways == ["criteria"] else _plain(ways[0], query[ways[0]])
    rows = [row for row in org.rows(module.api_name) if test(org, module, row)]
    # inferred: a search shows records whole, the newest first
    rows.sort(key=lambda row: (row["Created_Time"], row["id"]), reverse=True)
    return cut(rows, query, lambda row: show(org, module, row))


def _bad(message: str) -> Refusal:
    return Refusal(400, message, code="INVALID_QUERY")


def _plain(way: str, wanted: str) -> Test:
    folded = wanted.casefold()
    if way == "word" and len(wanted) < 2:
        raise _bad("word must have at least 2 characters")

    def test(org: Org, module: Module, row: Row) -> bool:
        for field in module.fields:
            seen = value(org, module, row, field)
            if not isinstance(seen, str):
                continue
            if way == "word" and folded in seen.casefold():
                return True
            if way == field.data_type and seen.casefold() == folded:
                return True
        return False

    return test


@dataclass(frozen=True)
class _Reader:
    """Reads criteria of one module from their text."""

    module: Module
    text: str

    def group(self, start: int) -> tuple[Test, int]:
        """Read `(A:op:v)` or `(group and group ...)` and say where it ends."""
        if match := COMPARISON.match(self.text, start):
            return _comparison(self.module, *match.groups()), match.end()
        if not self.text.startswith("(", start):
            raise _bad("criteria must be (field:operator:value), or groups of them with and / or")
        test, at = self.group(start + 1)
        while not self.text.startswith(")", at):
            word = next((each for each in ("and", "or") if self.text.startswith(each, at)), None)
            if word is None:
                raise _bad("groups of criteria are joined by and / or")
            other, at = self.group(at + len(word))
            test = _joined(word, test, other)
        return test, at + 1


def parse(module: Module, text: str) -> Test:
    """Read criteria; refuses with INVALID_QUERY what is not written as Zoho wants it."""
    test, end = _Reader(module, text).group(0)
    if end != len(text):
        raise _bad("criteria must be in one pair of parentheses")
    return test


def _joined(word: str, first: Test, second: Test) -> Test:
    if word == "and":
        return lambda org, module, row: first(org, module, row) and second(org, module, row)
    return lambda org, module, row: first(org, module, row) or second(org, module, row)


def _comparison(module: Module, name: str, operator: str, text: str) -> Test:
    if name.startswith("$"):
        # Zoho ignores criteria on computed keys, and says nothing.
        return lambda org, module, row: True
    field = IDENTIFIER if name == "id" else module.field(name)
    if field is None or field.data_type in UNSEARCHABLE:
        raise _bad(f"there is no searchable field {name}")
    ordered = field.data_type in COMPARABLE
    if operator not in (NUMERIC if ordered else TEXTUAL):
        raise _bad(f"{operator} is no operator for {name}")
    values = [_typed(field, re.sub(r"\\(.)", r"\1", each)) for each in VALUE.findall(text)]
    if len(values) != {"between": 2, "in": len(values)}.get(operator, 1):
        raise _bad(f"{operator} takes another number of values; write a comma within one as \\,")
    check = _check(operator, values)

    def test(org: Org, module: Module, row: Row) -> bool:
        # A look-up is met by its name as well as by its id.
        seen = [plain(org, module, row, field), row.get(name) if field.to else None]
        known = [each for each in seen if each is not None]
        if operator == "not_equal":
            return all(each != values[0] for each in known)
        return any(check(each) for each in known)

    return test


def _check(operator: str, values: list[Any]) -> Callable[[Any], bool]:
    if operator in ORDERED:
        return lambda seen: ORDERED[operator](seen, values[0])
    if operator == "between":
        return lambda seen: bool(values[0] <= seen <= values[1])
    if operator == "starts_with":
        return lambda seen: str(seen).startswith(values[0])
    if operator == "contains":
        return lambda seen: values[0] in str(seen)
    return lambda seen: seen in values


def _typed(field: Field, text: str) -> Any:
    try:
        match field.data_type:
            case "datetime":
                return stamp(guards.instant(text)).casefold()
            case "date":
                return guards.day(text).isoformat()
            case "integer" | "double":
                return float(text)
            case "boolean":
                return guards.flag(text)
            case _:
                # inferred: text is compared without regard to case
                return guards.text(text).casefold()
    except ValueError as error:
        raise _bad(f"{field.api_name} {error}") from None
