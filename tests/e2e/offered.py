"""What every integration offers, as parameters of tests: a new folder is tested without a word here."""

from typing import Any

import pytest

from polyhire.manifest.capabilities import ResourceSupport, capabilities
from polyhire.manifest.catalog import Catalog, shipped

CATALOG = Catalog([shipped()])
SLUGS = CATALOG.slugs


def offering(*methods: str) -> pytest.MarkDecorator:
    """Run a test with every integration and each of its resources that has all of these methods."""
    found = []
    for slug in SLUGS:
        for name, support in capabilities(CATALOG.integration(slug)).items():
            if support.offered and all(has(support, method) for method in methods):
                found.append(pytest.param(slug, name, id=f"{slug}-{name}"))
    return pytest.mark.parametrize(("seen", "resource"), found, indirect=["seen"])


def has(support: ResourceSupport, method: str) -> bool:
    """Whether the model has a method, and the integration too."""
    return method in support.methods and support.methods[method].offered


def filtering(resource: str, name: str) -> pytest.MarkDecorator:
    """Run a test with every integration whose list of a resource has this filter."""
    supports = {slug: capabilities(CATALOG.integration(slug))[resource] for slug in SLUGS}
    found = [
        slug
        for slug, support in supports.items()
        if support.offered and has(support, "list") and name in support.methods["list"].filters
    ]
    return pytest.mark.parametrize("seen", found, indirect=True)


def without_query(value: Any) -> Any:
    """The value with its web addresses cut at the `?`: what signs them changes from answer to answer."""
    match value:
        case str():
            return value.partition("?")[0] if value.startswith(("http://", "https://")) else value
        case dict():
            return {key: without_query(inner) for key, inner in value.items()}
        case list():
            return [without_query(inner) for inner in value]
    return value
