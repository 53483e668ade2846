"""Which tests run with which integrations, by what these offer: a new folder is tested without a word here."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pytest

from polyhire.manifest.capabilities import ResourceSupport
from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Method, Request, Step

PATH = re.compile(r"body(\.[\w`-]+)*")


@dataclass(frozen=True)
class Offer:
    """An integration, and what it can do."""

    integration: Integration
    supports: Mapping[str, ResourceSupport]


Select = Callable[[Offer], Iterable[str]]


def runs(argument: str | None, select: Select, method: str) -> pytest.MarkDecorator:
    """Run a test with each value that an integration has for the argument; without an argument, once if it has any."""
    return pytest.mark.runs(argument, select, method=method)


def offering(*methods: str) -> pytest.MarkDecorator:
    """Run a test with each resource of each integration that has all of these methods."""

    def select(offer: Offer) -> Iterable[str]:
        for name, support in offer.supports.items():
            if all(has(support, method) for method in methods):
                yield name

    return runs("resource", select, methods[0])


def requiring(method: str) -> pytest.MarkDecorator:
    """Run a test with each resource of each integration whose method needs a filter."""

    def select(offer: Offer) -> Iterable[str]:
        for name, support in offer.supports.items():
            if has(support, method) and support.methods[method].required:
                yield name

    return runs("resource", select, method)


def where(resource: str, *methods: str, filtered_by: str | None = None) -> pytest.MarkDecorator:
    """Run a test with each integration that has these methods of a resource, and its list this filter."""

    def select(offer: Offer) -> Iterable[str]:
        support = offer.supports[resource]
        if all(has(support, method) for method in methods) and (
            filtered_by is None or filtered_by in support.methods["list"].filters
        ):
            yield resource

    return runs(None, select, methods[0])


def plain(offer: Offer) -> Iterable[str]:
    """The first resource whose list is one request's answer in JSON, and needs no filter."""
    if offer.integration.file.format != "json":
        return []
    supports = offer.supports
    found = []
    for name in sorted(supports, key=lambda name: name != "candidates"):
        if has(supports[name], "list") and not supports[name].methods["list"].required:
            steps = asked(offer.integration.resources[name].methods["list"])
            if len(steps) == 1 and steps[0].each is None and is_plain(steps[0]):
                found.append(name)
    return found[:1]


def cases(offer: Offer) -> Iterable[str]:
    """The names of an integration's golden conversations."""
    return sorted(file.stem for file in offer.integration.folder.glob("cases/*.yaml"))


def is_plain(request: Request) -> bool:
    """Whether the records stand in the answer as they are."""
    return request.items is not None and PATH.fullmatch(request.items.source) is not None


def asked(method: Method) -> list[Step]:
    """The steps of a method that run when nothing is filtered by."""
    return [step for step in method.sequence if step.when is None or step.when.evaluate_text('{"query": {}}') == "true"]


def proxied(offer: Offer) -> Iterable[str]:
    """Resources whose list asks the very request that an endpoint of the integration's asks."""
    integration = offer.integration
    lines = {_line(method) for methods in integration.endpoints.values() for method in [methods.get("list")] if method}
    for name in plain(offer):
        if _line(integration.resources[name].methods["list"]) in lines:
            yield name


def endpoint_of(integration: Integration, resource: str) -> str:
    """The endpoint that asks what the list of a resource asks."""
    line = _line(integration.resources[resource].methods["list"])
    named = integration.endpoints.items()
    return next(name for name, methods in named if "list" in methods and _line(methods["list"]) == line)


def _line(method: Method) -> tuple[str, str]:
    """What a list asks, and where its records are."""
    first = (asked(method) or method.sequence)[-1]
    return first.request.text if first.request else "", first.items.source if first.items else ""


in_one_request = runs("resource", plain, "list")
"""Run a test with a resource whose list is one request's answer."""

MADE = ("tags", "departments", "offices", "jobs", "candidates", "applications", "activities")
"""Resources of which one is made where any would do, the shortest lists first."""


def makes(offer: Offer) -> Iterable[str]:
    """The first of these resources that is made and, without a filter, listed."""
    supports = offer.supports
    listed = (name for name in MADE if has(supports[name], "create") and has(supports[name], "list"))
    return [name for name in listed if not supports[name].methods["list"].required][:1]


making = runs(None, makes, "create")
"""Run a test with each integration that makes anything."""


def endpoints_with(method: str) -> pytest.MarkDecorator:
    """Run a test with each of an integration's own endpoints that has this method."""

    def select(offer: Offer) -> Iterable[str]:
        return [name for name, methods in offer.integration.endpoints.items() if method in methods]

    return runs("endpoint", select, "proxy")


def has(support: ResourceSupport, method: str) -> bool:
    """Whether the model has a method, and the integration too."""
    return support.offered and method in support.methods and support.methods[method].offered
