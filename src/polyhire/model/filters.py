"""The filters of a list call, checked against the model and brought into one form."""

from collections.abc import Mapping
from typing import Any

from polyhire.errors import Failure, InvalidRequest, UnsupportedFilter
from polyhire.model.record import Filter, Resource
from polyhire.model.scalars import as_text, snake_case
from polyhire.model.timestamps import as_datetime
from polyhire.suggest import did_you_mean, one_of


def normalise_filters(resource: Resource, query: Mapping[str, Any]) -> dict[str, Any]:
    """The filters with texts for values and RFC 3339 for moments; a null one is left out.

    Raises UnsupportedFilter for names that the resource has not, and InvalidRequest, with every failure,
    for values that can't be read. What a provider can apply is not looked at here.
    """
    unknown = _unknown_names(resource, query)
    if unknown:
        raise UnsupportedFilter(unknown[0].message, failures=unknown)
    failures: list[Failure] = []
    filters = {
        name: _normalised(resource.filter(name), value, failures) for name, value in query.items() if value is not None
    }
    if failures:
        raise InvalidRequest(f"{failures[0].path}: {failures[0].message}", failures=failures)
    return filters


def _unknown_names(resource: Resource, query: Mapping[str, Any]) -> list[Failure]:
    failures = []
    for name in query:
        try:
            resource.filter(name)
        except UnsupportedFilter as error:
            failures.append(Failure(f"query.{name}", error.message))
    return failures


def _normalised(filter_: Filter, value: Any, failures: list[Failure]) -> Any:
    path = f"query.{filter_.name}"
    if filter_.operators:
        return _compared(filter_, value, path, failures)
    text = None if isinstance(value, list) else (as_text(value) or "").strip()
    if not text:
        failures.append(Failure(path, f"takes one value, like {filter_.name}={_example(filter_)}."))
        return None
    word = snake_case(text)
    return word if word in filter_.values else text


def _compared(filter_: Filter, value: Any, path: str, failures: list[Failure]) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value:
        reason = f"needs an operator, like {filter_.name}[gte]=2026-01-31. It has: {one_of(filter_.operators)}."
        failures.append(Failure(path, reason))
        return {}
    moments = {}
    for operator, given in value.items():
        if operator not in filter_.operators:
            hint = did_you_mean(operator, filter_.operators) or "."
            reason = f"is no operator{hint} {filter_.name} has: {one_of(filter_.operators)}."
            failures.append(Failure(f"{path}.{operator}", reason))
            continue
        moments[operator] = None if isinstance(given, list) else as_datetime(given)
        if moments[operator] is None:
            reason = "is not a date or a date-time, like 2026-01-31 or 2026-01-31T09:30:00Z."
            failures.append(Failure(f"{path}.{operator}", reason))
    return moments


def _example(filter_: Filter) -> str:
    if filter_.values:
        return filter_.values[0]
    return "4410" if filter_.kind == "id" else "text"
