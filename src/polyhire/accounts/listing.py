"""Conditions on the rows of a list, as administrators ask for them: `status = active`, `created_at >= ...`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, Table

Operator = Literal["eq", "ne", "in", "gt", "gte", "lt", "lte"]
Value = str | bool | datetime


@dataclass(frozen=True)
class Condition:
    """One column compared with one value, or with several (`in`)."""

    column: str
    operator: Operator
    values: tuple[Value, ...]


_COMPARISONS: dict[Operator, Callable[[ColumnElement[Any], tuple[Value, ...]], ColumnElement[bool]]] = {
    "eq": lambda column, values: column == values[0],
    # A row without a value differs from every value, which SQL alone would not say.
    "ne": lambda column, values: column.is_distinct_from(values[0]),
    "in": lambda column, values: column.in_(values),
    "gt": lambda column, values: column > values[0],
    "gte": lambda column, values: column >= values[0],
    "lt": lambda column, values: column < values[0],
    "lte": lambda column, values: column <= values[0],
}


def narrowed(query: Select[Any], table: Table, conditions: Iterable[Condition]) -> Select[Any]:
    """The query for the rows of which every condition is true."""
    compared = (
        _COMPARISONS[condition.operator](table.c[condition.column], condition.values) for condition in conditions
    )
    return query.where(*compared)
