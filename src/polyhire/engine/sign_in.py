"""Requests that are part of signing in: what is traded for a session, and what is found out before."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from polyhire.engine import formats
from polyhire.engine.credential import Credential, Send
from polyhire.engine.exchange import Answer
from polyhire.engine.failures import failure
from polyhire.engine.oauth2 import expiry, lower
from polyhire.engine.request import Plans, build, placed, url_of
from polyhire.engine.scope import Scope
from polyhire.errors import CredentialsRejected, ProviderFailed
from polyhire.expressions import ABSENT, Expression
from polyhire.manifest.integration import Discover, Integration, Session
from polyhire.manifest.resource import Request


class SignIn:
    """Signs in at one integration's provider. `place` moves addresses to where the integration points."""

    def __init__(self, integration: Integration, plans: Plans, place: Callable[[str], str]) -> None:
        self._file = integration.file
        self._plans = plans
        self._place = place

    async def run(self, credential: Credential, part: Discover | Session, send: Send) -> dict[str, Any]:
        """What `keep` says, from the last answer; a session with `expires_at` where it tells how long it lives.

        Raises CredentialsRejected, or another ProviderError.
        """
        scope: Scope = credential.scope()
        told = scope
        for step in part.sequence:
            told = await self._ask(step, scope, part, send)
            if step.name is not None:
                seen = told.values["body"] if step.item is None else self._found(step.item, told, step.name)
                scope = scope.with_(**{step.name: seen})
        kept = {name: told.evaluate(expression) for name, expression in part.keep.items()}
        if missing := [name for name, value in kept.items() if value is ABSENT or value is None]:
            raise ProviderFailed(f"{self._file.name} signed in, but its answer has no {', '.join(missing)}")
        lives = told.evaluate(part.expires_in) if isinstance(part, Session) and part.expires_in else None
        ends = expiry({"expires_in": lives})
        return kept if ends is None else {**kept, "expires_at": ends}

    async def _ask(self, step: Request, scope: Scope, part: Discover | Session, send: Send) -> Scope:
        """One request, and what the answer side sees. A redirect is an answer: its address may hold the code."""
        line = step.request
        assert line is not None
        if line.text.startswith("/"):
            outgoing = build(self._plans.plan(step), scope, url_of(self._file.base_url, scope, self._place))
        else:  # its own host moves with the integration
            outgoing = build(self._plans.plan(step), scope, "")
            outgoing.url = placed(line, outgoing.url, self._place)
        answer = await send(outgoing)
        if part.format == "xml" and not answer.is_json:
            answer = _read_as_xml(answer)
        told = scope.with_(status=answer.status, headers=lower(answer), body=answer.data)
        if not 300 <= answer.status < 400 and (error := failure(answer, self._file, told)):
            raise error
        return told

    def _found(self, item: Expression, told: Scope, name: str) -> Any:
        found = told.evaluate(item)
        if found is ABSENT or found is None or found == "":
            # No error, but no way on either: what a sign-in page answers to a wrong password.
            raise CredentialsRejected(
                f"{self._file.name} did not let the account in: its answer has no {name}",
                provider_status=told.values["status"],
            )
        return found


def _read_as_xml(answer: Answer) -> Answer:
    body = formats.json_of(answer.body, answer.content_type, None, "xml")
    return answer if body is None else replace(answer, body=body, is_json=True)
