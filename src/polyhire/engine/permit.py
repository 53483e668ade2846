"""Is this call one that the integration offers? Asked before any request goes out."""

from collections.abc import Mapping
from typing import Any

from polyhire.errors import (
    CallError,
    Failure,
    InvalidBody,
    MissingBodyFields,
    MissingFilter,
    UnknownResource,
    UnsupportedFilter,
    UnsupportedMethod,
)
from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Method, Resource
from polyhire.suggest import did_you_mean, one_of

ALWAYS_TAKEN = frozenset({"remote_data"})
"""What every write's body may hold: it goes to the provider as it is."""


def offered(integration: Integration, resource: str, method: str) -> tuple[Resource, Method]:
    """The mapping of a resource and method. Raises UnknownResource or UnsupportedMethod with the reason and what is."""
    found = integration.resources.get(resource)
    offering = [name for name, other in integration.resources.items() if other.methods]
    if found is None or not found.methods:
        reason = found.absent if found is not None and isinstance(found.absent, str) else "it has no such thing"
        raise UnknownResource(f"{integration.slug} offers no {resource}: {reason}. It offers: {one_of(offering)}")
    if method not in found.methods:
        reason = found.absent_reasons.get(method, "")
        raise UnsupportedMethod(
            f"{integration.slug} does not offer {method} on {resource}{f': {reason}' if reason else ''}. "
            f"It offers: {one_of(found.methods)}",
            offered=tuple(found.methods),
        )
    return found, found.methods[method]


def check_filters(where: str, method: Method, query: Mapping[str, Any]) -> None:
    """Every filter is applied or refused. Raises UnsupportedFilter, naming those that are applied."""
    known = method.filters
    failures = []
    for name, value in query.items():
        if name not in known:
            near = did_you_mean(name, known)
            failures.append(Failure(f"query.{name}", f"{where} can't be filtered by '{name}'{near}"))
            continue
        operators = known[name]
        if operators is None or not isinstance(value, Mapping):
            continue
        for operator in value:
            if operator not in operators:
                message = f"{where} can't be filtered by {name}[{operator}]; {name} has: {one_of(operators)}"
                failures.append(Failure(f"query.{name}.{operator}", message))
    if failures:
        raise UnsupportedFilter(f"{failures[0].message}. It can be filtered by: {one_of(known)}", failures=failures)


def check_required(where: str, method: Method, query: Mapping[str, Any], body: Mapping[str, Any] | None) -> None:
    """What the provider requires is there. Raises MissingFilter or MissingBodyFields."""
    missing: list[tuple[bool, str]] = []
    for required in method.required:
        choices = required.split("|")
        if not any(_has(query, choice) or _has(body, choice) for choice in choices):
            missing.append((choices[0].split(".")[0] in method.filters, " or ".join(choices)))
    if not missing:
        return
    in_query = missing[0][0]
    part, kind = ("query", MissingFilter) if in_query else ("body", MissingBodyFields)
    failures = [Failure(f"{part}.{name}", f"{where} requires {name}") for _, name in missing]
    error: type[CallError] = kind
    raise error(f"{where} requires {', '.join(name for _, name in missing)} in the {part}", failures=failures)


def check_written(where: str, method: Method, body: Mapping[str, Any]) -> None:
    """Every field of a body is written or refused. Raises InvalidBody, naming those that are written."""
    written = method.written
    if written is None:
        return
    failures = [
        Failure(f"body.{name}", f"{where} does not write '{name}'{did_you_mean(name, written)}")
        for name in body
        if name not in written and name not in ALWAYS_TAKEN
    ]
    if failures:
        raise InvalidBody(
            f"{failures[0].message}. It writes: {one_of(written)}; anything else goes in remote_data", failures=failures
        )


def _has(values: Mapping[str, Any] | None, path: str) -> bool:
    """Whether a path like `candidate.id` leads to something in the values."""
    found: Any = values
    for key in path.split("."):
        if isinstance(found, list):
            found = found[0] if found else None
        if not isinstance(found, Mapping) or found.get(key) in (None, "", [], {}):
            return False
        found = found[key]
    return True
