"""The connect form: which ways to connect there are, and what may be answered."""

from collections.abc import Collection, Mapping
from typing import Any

from polyhire.errors import Failure, InvalidBody, InvalidRequest
from polyhire.manifest.integration import Ask, Connect, Integration
from polyhire.suggest import did_you_mean, one_of


def way_of(integration: Integration, name: str | None) -> tuple[str, Connect]:
    """A way to connect by its name; the first one when none is named. Raises InvalidRequest with the names."""
    ways = integration.file.connect
    chosen = name or next(iter(ways))
    if chosen not in ways:
        near = did_you_mean(chosen, ways)
        raise InvalidRequest(f"{integration.slug} can't be connected by '{chosen}'{near}; it can by: {one_of(ways)}")
    return chosen, ways[chosen]


def answers(integration: Integration, connect: Connect, given: Mapping[str, Any]) -> dict[str, str]:
    """The answers to a connect form, with defaults. Raises InvalidBody with everything wrong at once."""
    failures = [
        Failure(name, f"{integration.slug} does not ask for '{name}'{did_you_mean(name, connect.ask)}")
        for name in given
        if name not in connect.ask
    ]
    found: dict[str, str] = {}
    for name, ask in connect.ask.items():
        value = given.get(name)
        text = ask.default if value in (None, "") else str(value)
        if wrong := _wrong(ask, text):
            failures.append(Failure(name, wrong))
        elif text is not None:
            found[name] = text
    if failures:
        raise InvalidBody("; ".join(failure.message for failure in failures), failures=failures)
    return found


def questions(connect: Connect, given: Mapping[str, Any], offered: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The answers to what is asked once connected; `offered` are the provider's options. Raises InvalidBody."""
    failures = [
        Failure(name, f"'{name}' is not asked{did_you_mean(name, connect.post_connect)}")
        for name in given
        if name not in connect.post_connect
    ]
    found: dict[str, str] = {}
    for name, question in connect.post_connect.items():
        value = given.get(name)
        text = question.default if value in (None, "") else str(value)
        if wrong := _wrong(question, text):
            failures.append(Failure(name, wrong))
        elif text is not None and question.options_from is not None and text not in offered.get(name, ()):
            failures.append(Failure(name, f"{question.label} is not one of those that the provider has"))
        elif text is not None:
            found[name] = text
    if failures:
        raise InvalidBody("; ".join(failure.message for failure in failures), failures=failures)
    return found


def _wrong(ask: Ask, text: str | None) -> str | None:
    """What is wrong with an answer, if anything."""
    if text is None:
        return None if ask.optional else f"{ask.label} is missing"
    if ask.options is not None and text not in ask.options:
        return f"{ask.label} is one of: {one_of(ask.options)}"
    return None if ask.takes(text) else f"{ask.label} does not look right; it matches {ask.pattern}"
