"""Which tests run with which integrations, by what these offer: a new folder is tested without a word here."""

from collections.abc import Callable, Iterable

import pytest

from polyhire.manifest.capabilities import ResourceSupport, capabilities
from polyhire.manifest.integration import Integration

Select = Callable[[Integration], Iterable[str]]


def runs(argument: str | None, select: Select, method: str) -> pytest.MarkDecorator:
    """Run a test with each value that an integration has for the argument; without an argument, once if it has any."""
    return pytest.mark.runs(argument, select, method=method)


def about(resource: str, method: str) -> pytest.MarkDecorator:
    """Say what a test is about that runs once with each integration."""
    return pytest.mark.about(resource, method)


def offering(*methods: str) -> pytest.MarkDecorator:
    """Run a test with each resource of each integration that has all of these methods."""

    def select(integration: Integration) -> Iterable[str]:
        for name, support in capabilities(integration).items():
            if all(has(support, method) for method in methods):
                yield name

    return runs("resource", select, methods[0])


def where(resource: str, *methods: str, filtered_by: str | None = None) -> pytest.MarkDecorator:
    """Run a test with each integration that has these methods of a resource, and its list this filter."""

    def select(integration: Integration) -> Iterable[str]:
        support = capabilities(integration)[resource]
        if all(has(support, method) for method in methods) and (
            filtered_by is None or filtered_by in support.methods["list"].filters
        ):
            yield resource

    return runs(None, select, methods[0])


def endpoints_with(method: str) -> pytest.MarkDecorator:
    """Run a test with each of an integration's own endpoints that has this method."""

    def select(integration: Integration) -> Iterable[str]:
        return [name for name, methods in integration.endpoints.items() if method in methods]

    return runs("endpoint", select, "proxy")


def has(support: ResourceSupport, method: str) -> bool:
    """Whether the model has a method, and the integration too."""
    return support.offered and method in support.methods and support.methods[method].offered
