"""The linter of integration folders: every mistake at once, each with its file, line and column."""

from collections.abc import Iterator
from pathlib import Path

from polyhire.manifest.checks import connecting, facts, lists, lookups, names, requests, sites, vocabulary
from polyhire.manifest.document import Mistake
from polyhire.manifest.expression import Line
from polyhire.manifest.integration import IntegrationFile
from polyhire.manifest.load import Parts, read_parts
from polyhire.manifest.resource import Resource
from polyhire.model.record import Resource as Model
from polyhire.model.resources import RESOURCES


def lint(folder: Path, shown_as: str | None = None) -> list[Mistake]:
    """What is wrong with an integration's folder, in the order of files and lines; `shown_as` is its name in messages.

    Beyond what loading finds: what is neither mapped nor absent, names that nothing provides, filters and body
    fields that the model does not have, steps and lookups that nothing uses, lists that would be sent as one thing.
    """
    shown = shown_as or folder.name
    parts = read_parts(folder, shown)
    found = [*parts.mistakes, *_of_resources(parts, shown)]
    if parts.file is not None:
        found += _of_integration(parts, parts.file)
        found += facts.check(folder, shown, parts)
    return sorted(set(found), key=lambda mistake: (mistake.file, mistake.line, mistake.column, mistake.message))


def _of_resources(parts: Parts, shown: str) -> Iterator[Mistake]:
    for name, model in RESOURCES.items():
        file = f"resources/{name}.yaml"
        document = parts.documents.get(file)
        if document is None:
            message = "the file is missing; a resource that the provider has not is one line: `absent: why`"
            yield Mistake(f"{shown}/{file}", 1, 1, message)
        elif isinstance(document.data, dict) and document.is_readable:
            yield from vocabulary.check(document, model)
            if parts.file is not None and name in parts.resources:
                yield from _of_resource(parts, parts.file, parts.resources[name], model)


def _of_resource(parts: Parts, file: IntegrationFile, resource: Resource, model: Model) -> Iterator[Mistake]:
    document = parts.documents[f"resources/{model.name}.yaml"]
    writes = {method.name: method for method in model.methods if method.is_write}
    for site in sites.of_resource(resource, document, model, file):
        yield from names.check(site)
        if site.path[0] in writes:
            yield from lists.check(site, model, writes[str(site.path[0])])
    yield from requests.check_resource(resource, document, model, file)
    yield from lookups.check(resource, document, file)


def _of_integration(parts: Parts, file: IntegrationFile) -> Iterator[Mistake]:
    document = parts.documents["integration.yaml"]
    for site in sites.of_integration(file, document):
        yield from names.check(site)
    yield from connecting.check(file, document)
    for path, line in _addresses(file):
        if line is not None and line.text.startswith("http:"):
            yield document.mistake(path, "credentials go over https only")
    if parts.endpoints:
        document = parts.documents["endpoints.yaml"]
        for site in sites.of_endpoints(parts.endpoints, document, file):
            yield from names.check(site)
        for resource, methods in parts.endpoints.items():
            for name, endpoint in methods.items():
                yield from requests.check_endpoint(endpoint, document, (resource, name), file)


def _addresses(file: IntegrationFile) -> Iterator[tuple[tuple[str, ...], Line | None]]:
    yield ("base_url",), file.base_url
    for name, way in file.connect.items():
        if way.oauth2 is not None:
            yield ("connect", name, "oauth2", "token_url"), way.oauth2.token_url
            yield ("connect", name, "oauth2", "authorize_url"), way.oauth2.authorize_url
