"""The quality rules that are computed from the files of an integration: each finds what is missing.

The scale that they belong to, and the rules that take running or a person's word, are in quality.py.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from polyhire.manifest.capabilities import NOT_MAPPED, MethodSupport, ResourceSupport, capabilities
from polyhire.manifest.document import read
from polyhire.manifest.integration import Ask, Integration
from polyhire.manifest.lint import lint

CORE = ("candidates", "jobs", "applications")

_SECRET = re.compile(r"(?i)(?<![a-z])(api)?(key|secret|token|password)s?(?![a-z])")


@dataclass(frozen=True)
class Folder:
    """An integration as the rules see it."""

    integration: Integration
    owner: str | None

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.integration.folder

    @cached_property
    def supports(self) -> Mapping[str, ResourceSupport]:
        """What it can do."""
        return capabilities(self.integration)

    @property
    def offered(self) -> Iterator[tuple[str, MethodSupport]]:
        """Every method that it has, with the name of its resource."""
        for name, resource in self.supports.items():
            yield from ((name, method) for method in resource.methods.values() if method.offered)

    @property
    def asks(self) -> dict[str, Ask]:
        """Everything that its connect forms ask."""
        ways = self.integration.file.connect.items()
        return {f"connect.{way}.ask.{name}": ask for way, connect in ways for name, ask in connect.ask.items()}

    @cached_property
    def cases(self) -> Mapping[tuple[str, str], list[Any]]:
        """The golden conversations of each resource and method."""
        found: dict[tuple[str, str], list[Any]] = {}
        for path in sorted((self.path / "cases").glob("*.*.yaml")):
            resource, method = path.stem.split(".")[:2]
            found.setdefault((resource, method), []).append(read(path, path.name)[0].data)
        return found


Check = Callable[[Folder], Iterable[str]]
"""A computed rule: the folder -> what is missing, nothing when the rule passes."""


def lints_clean(folder: Folder) -> Iterator[str]:
    """`polyhire lint` finds no mistake."""
    yield from (str(mistake) for mistake in lint(folder.path))


def check_before_save(folder: Folder) -> Iterator[str]:
    """The request that proves a credential carries one."""
    file = folder.integration.file
    if not file.check.authenticate:
        yield "check: it is sent without credentials, so it proves nothing"
    for name, way in file.connect.items():
        if not (way.apply.basic or way.apply.bearer or way.apply.headers or way.apply.query):
            yield f"connect.{name}.apply: it puts no credential on requests"


def secrets_marked(folder: Folder) -> Iterator[str]:
    """Whatever is called a key, secret, token or password goes to the vault."""
    for where, ask in folder.asks.items():
        if not ask.secret and (_SECRET.search(where.rpartition(".")[2]) or _SECRET.search(ask.label)):
            yield f"{where}: '{ask.label}' is not marked `secret: true`"


def core_readable(folder: Folder) -> Iterator[str]:
    """Candidates, jobs and applications are listed and read."""
    for name in CORE:
        methods = folder.supports[name].methods
        yield from (f"{name}.{method} is not offered" for method in ("list", "get") if not methods[method].offered)


def cited(folder: Folder) -> Iterator[str]:
    """Each resource links the provider's page that it was written from."""
    for name, resource in folder.supports.items():
        if resource.offered and resource.docs is None:
            yield f"resources/{name}.yaml has no `docs`"


def cased(folder: Folder) -> Iterator[str]:
    """Each method is shown by a golden conversation."""
    for name, method in folder.offered:
        if (name, method.name) not in folder.cases:
            yield f"cases/{name}.{method.name}.yaml is missing"


def setup_guide(folder: Folder) -> Iterator[str]:
    """README.md says how to get everything that the connect form asks."""
    readme = folder.path / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    guide = re.search(r"(?ms)^## Getting credentials\n(.*?)(?=^## |\Z)", text)
    if guide is None:
        yield "README.md has no section 'Getting credentials'"
        return
    for label in dict.fromkeys(ask.label for ask in folder.asks.values()):
        if label.lower() not in guide[1].lower():
            yield f"README.md does not say where '{label}' comes from"


def owned(folder: Folder) -> Iterator[str]:
    """Somebody looks after it."""
    if folder.owner is None:
        yield "quality.yaml names no `owner`"


def accounted_for(folder: Folder) -> Iterator[str]:
    """Each field and method of each resource that is there is offered, or absent with a reason."""
    for name, resource in folder.supports.items():
        silent = [field for field, reason in resource.absent_fields.items() if reason == NOT_MAPPED]
        silent += [method.name for method in resource.methods.values() if method.reason == NOT_MAPPED]
        if resource.offered and silent:
            yield f"{name} says nothing of {', '.join(silent)}"


def writes(folder: Folder) -> Iterator[str]:
    """Every field that a write takes is sent in one of its cases."""
    for name, method in folder.offered:
        cases = folder.cases.get((name, method.name), ())
        sent = {field for case in cases for field in case.get("call", {}).get("body") or ()}
        if unseen := [field for field in method.writes if field not in sent]:
            yield f"no case of {name}.{method.name} sends {', '.join(unseen)}"


def files(folder: Folder) -> Iterator[str]:
    """Files are downloaded and uploaded."""
    methods = folder.supports["attachments"].methods
    if not methods["download"].offered:
        yield "attachments.download is not offered"
    if "file" not in methods["create"].writes:
        yield "attachments.create does not take a `file`"


def incremental(folder: Folder) -> Iterator[str]:
    """What changed since a moment can be listed."""
    for name in CORE:
        operators = folder.supports[name].methods["list"].filters.get("updated_at", ())
        if not {"gt", "gte"} & set(operators):
            yield f"{name}.list has no filter updated_at[gte]"


def bounded(folder: Folder) -> Iterator[str]:
    """A plain list makes no request per record."""
    for name, resource in folder.integration.resources.items():
        for lookup, joined in resource.lookups.items():
            if joined.each is not None and not joined.partial:
                yield f"{name}: the lookup {lookup} asks once for each, and is not `partial: true`"


def every_resource(folder: Folder) -> Iterator[str]:
    """Each resource of the model is mapped, or absent with a reason."""
    yield from (f"resources/{name}.yaml is missing" for name, r in folder.supports.items() if r.reason == NOT_MAPPED)
