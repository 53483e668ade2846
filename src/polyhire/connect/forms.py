"""Forms out of what an integration asks: their fields, and what was filled in beside what is kept.

A secret is never written into a page: one that is known already stays on the server, and its field may stay empty.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from polyhire.accounts.apps import App
from polyhire.engine.choices import Choice
from polyhire.errors import Failure
from polyhire.manifest.expression import Line, Part
from polyhire.manifest.integration import Ask, Connect, Integration

OF_THE_APP = ("client_id", "client_secret")
"""What is asked only where the environment has no OAuth app of its own."""


@dataclass(frozen=True)
class Field:
    """One field of a form. `is_kept` says that an empty answer leaves a known secret as it is."""

    name: str
    label: str
    help: str | None = None
    value: str = ""
    secret: bool = False
    required: bool = True
    is_kept: bool = False
    options: tuple[Choice, ...] | None = None
    placeholder: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Known:
    """What is known before a person answers: `values` are shown, `secrets` are not."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def asked(way: Connect, app: App) -> dict[str, Ask]:
    """What a person is asked: without the OAuth client where the environment has one, with it where it has none."""
    if way.oauth2 is None or not way.oauth2.needs_client:
        return dict(way.ask)
    if app.client_id:
        return {name: ask for name, ask in way.ask.items() if name not in OF_THE_APP}
    return {
        name: ask.model_copy(update={"optional": False}) if name in OF_THE_APP else ask for name, ask in way.ask.items()
    }


def fields_of(
    asks: Mapping[str, Ask],
    known: Known,
    *,
    failures: Mapping[str, str] | None = None,
    choices: Mapping[str, tuple[Choice, ...]] | None = None,
) -> list[Field]:
    """The fields of a form, those that must be filled in first."""
    errors = {name: _worded(asks[name], said) for name, said in (failures or {}).items() if name in asks}
    fields = [
        replace(_field(name, ask, known, (choices or {}).get(name)), error=errors.get(name))
        for name, ask in asks.items()
    ]
    return sorted(fields, key=lambda one: not one.required and not one.is_kept)


def filled(asks: Mapping[str, Ask], given: Mapping[str, str], known: Known) -> dict[str, str]:
    """The answers, trimmed: people paste keys with a blank at the end. A known secret fills an empty field."""
    answers = {name: given.get(name, "").strip() for name in asks}
    return {
        name: known.secrets.get(name, "") if answer == "" and asks[name].secret else answer
        for name, answer in answers.items()
    }


def missing(asks: Mapping[str, Ask], answers: Mapping[str, str]) -> list[Failure]:
    """What has to be answered and is not."""
    return [
        Failure(name, f"{ask.label} is missing")
        for name, ask in asks.items()
        if not ask.optional and ask.default is None and not answers.get(name)
    ]


def moves(integration: Integration, way: Connect, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether free answers changed that say where requests go.

    A secret that is known must be entered again then: else whoever may connect an account again could have its
    secret sent to a host of their own.
    """
    free = [name for name, ask in way.ask.items() if not ask.secret and ask.options is None]
    changed = [name for name in free if now.get(name, "") != before.get(name, "")]
    places = [integration.file.base_url, integration.file.check, way.discover, way.oauth2, way.session]
    sources = [hole.source for line in _lines(places) for hole in line.holes]
    return any(re.search(rf"\b{re.escape(name)}\b", source) for name in changed for source in sources)


def _worded(ask: Ask, failure: str) -> str:
    """A failure without a regular expression in it: those are for programs."""
    if ask.pattern is None or ask.pattern not in failure:
        return failure
    return f"{ask.label} does not look right" + (f"; it looks like {ask.placeholder}" if ask.placeholder else "")


def _lines(part: object) -> Iterator[Line]:
    """Every address in a part of a manifest."""
    match part:
        case Line():
            yield part
        case Part():
            yield from _lines(list(vars(part).values()))
        case dict():
            yield from _lines(list(part.values()))
        case list() | tuple():
            for inner in part:
                yield from _lines(inner)


def _field(name: str, ask: Ask, known: Known, choices: tuple[Choice, ...] | None) -> Field:
    is_kept = ask.secret and bool(known.secrets.get(name))
    options = choices
    if options is None and ask.options is not None:
        options = tuple(Choice(option, option) for option in ask.options)
    return Field(
        name=name,
        label=ask.label,
        help=" ".join((ask.help or "").split()) or None,
        value="" if ask.secret else known.values.get(name, ask.default or ""),
        secret=ask.secret,
        required=not (ask.optional or is_kept),
        is_kept=is_kept,
        options=options,
        placeholder=ask.placeholder,
    )
