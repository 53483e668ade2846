"""One call's way to the provider: authenticates, waits its turn, sends, tries again, and says what failed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from yarl import URL

from polyhire.engine.apply import Applied
from polyhire.engine.authenticate import Authenticator
from polyhire.engine.credential import Credential
from polyhire.engine.exchange import Answer, FileAnswer, Outgoing, Upload
from polyhire.engine.failures import failure, rate_headers
from polyhire.engine.request import Plans, build
from polyhire.engine.scope import Scope
from polyhire.engine.throttle import Throttle
from polyhire.engine.transport import Transport, host_matches, same_origin
from polyhire.errors import (
    BrokenOff,
    CredentialsRejected,
    ProviderError,
    ProviderFailed,
    ProviderUnreachable,
    RateLimited,
)
from polyhire.manifest.integration import Integration
from polyhire.manifest.resource import Request

Got = TypeVar("Got")

_PAUSES = (1, 4)
"""What is waited before the second and third try of a request that may be repeated, in pauses of the setting."""

_LONGEST_PAUSE = 2.0
_PASSING = frozenset({500, 502, 503, 504})
_REDIRECTS = 3
_WITH_BODY = frozenset({200, 201})


@dataclass
class Exchange:
    """One request and its answer, kept for `response_format=debug` only."""

    outgoing: Outgoing
    answer: Answer | FileAnswer | None
    milliseconds: float


@dataclass
class Provider:
    """One integration made ready: what calls of every account share."""

    integration: Integration
    plans: Plans
    authenticator: Authenticator
    transport: Transport
    throttle: Throttle
    retry_pause: float = 0.2


@dataclass
class Connection:
    """One call's way to the provider. `repeatable` says that its requests change nothing."""

    provider: Provider
    credential: Credential
    repeatable: bool
    trace: list[Exchange] | None = None
    rates: dict[str, str] = field(default_factory=dict)

    async def send(
        self,
        request: Request,
        scope: Scope,
        *,
        paginated: bool = False,
        url: str | None = None,
        more_query: Mapping[str, Any] | None = None,
        more_body: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> tuple[Answer, Scope]:
        """The answer to a request, and what the answer side sees. Raises the ProviderError that it stands for."""
        plan = self.provider.plans.plan(request, paginated=paginated)

        async def attempt(applied: Applied) -> tuple[Answer, Scope]:
            outgoing = build(
                plan,
                scope,
                applied.base_url,
                url=self._next(url, applied),
                more_query=more_query,
                more_body=more_body,
                upload=upload,
                is_read=self.repeatable,
                credential=applied.body,
            )
            answer = await self.send_raw(self._authorized(outgoing, applied))
            return self._checked(answer, scope, request)

        return await self._persist(attempt)

    async def open_file(self, request: Request, scope: Scope) -> FileAnswer:
        """A file as a stream, from the provider or from one of its file hosts (then without credentials)."""
        plan = self.provider.plans.plan(request)

        async def attempt(applied: Applied) -> FileAnswer:
            outgoing = self._authorized(build(plan, scope, applied.base_url), applied)
            for _ in range(_REDIRECTS + 1):
                answer = await self._open(outgoing)
                if isinstance(answer, FileAnswer):
                    return answer
                target = answer.headers.get("Location")
                if answer.status >= 400 or target is None:
                    raise failure(answer, self.provider.integration.file, self._told(answer, scope)) or ProviderFailed(
                        f"{self._name} gave no file (HTTP {answer.status})"
                    )
                onward = str(URL(outgoing.url, encoded=True).join(URL(target, encoded=True)))
                outgoing = self._authorized(Outgoing("GET", onward, {}, authenticate=False), applied)
            raise ProviderFailed(f"{self._name} sent a file request round more than {_REDIRECTS} corners")

        return await self._persist(attempt)

    async def pass_through(self, outgoing: Outgoing) -> Answer | FileAnswer:
        """A caller's own request below the provider's base URL, answered as it comes. `outgoing.url` is a path."""

        async def attempt(applied: Applied) -> Answer | FileAnswer:
            url = applied.base_url.rstrip("/") + outgoing.url
            here = Outgoing(outgoing.verb, url, dict(outgoing.headers), outgoing.body)
            applied.put_in(here)
            answer = await self._open(self._authorized(here, applied))
            if isinstance(answer, Answer) and answer.status == 401:
                told = self._told(answer, Scope({}))
                raise failure(answer, self.provider.integration.file, told) or CredentialsRejected("refused")
            return answer

        return await self._persist(attempt)

    @property
    def _name(self) -> str:
        return self.provider.integration.name

    async def _persist(self, attempt: Callable[[Applied], Awaitable[Got]]) -> Got:
        """Try again after what may pass; renew the credential once after a 401."""
        authenticator = self.provider.authenticator
        renewed = False
        pauses: tuple[float | None, ...] = (*(times * self.provider.retry_pause for times in _PAUSES), None)
        for pause in pauses:
            used = None
            try:
                used = await authenticator.prepare(self.credential, self.send_raw)
                return await attempt(used)
            except CredentialsRejected:
                # Without `used` it was the sign-in itself that was refused.
                if renewed or used is None or not await authenticator.renew(self.credential, used.state, self.send_raw):
                    raise
                renewed = True
            except (RateLimited, ProviderFailed, ProviderUnreachable) as error:
                wait = self._pause_before_retry(error, pause)
                if wait is None:
                    raise
                await asyncio.sleep(wait)
        return await attempt(await authenticator.prepare(self.credential, self.send_raw))

    def _pause_before_retry(self, error: ProviderError, pause: float | None) -> float | None:
        if pause is None:
            return None
        if isinstance(error, RateLimited):  # refused before it was done: a write may be repeated too
            wait = pause if error.retry_after is None else error.retry_after
            return wait if wait <= _LONGEST_PAUSE else None
        failed_for_good = isinstance(error, ProviderFailed) and error.provider_status not in _PASSING
        if not self.repeatable or (failed_for_good and not isinstance(error, BrokenOff)):
            return None
        return pause

    def _next(self, url: str | None, applied: Applied) -> str | None:
        """A next page's address, complete. Raises ProviderFailed when it leaves the provider's origin."""
        if url is None:
            return None
        target = str(URL(applied.base_url + "/", encoded=True).join(URL(url, encoded=True)))
        if not same_origin(target, applied.base_url):
            raise ProviderFailed(f"{self._name} pointed to a next page on another host; it is not followed")
        return target

    def _authorized(self, outgoing: Outgoing, applied: Applied) -> Outgoing:
        """The request with credentials, which never go to another origin than the provider's."""
        if same_origin(outgoing.url, applied.base_url):
            if outgoing.authenticate:
                applied.put_on(outgoing)
            return outgoing
        host = URL(outgoing.url, encoded=True).host
        if outgoing.authenticate or not host_matches(host, self.provider.integration.file.file_hosts):
            raise ProviderFailed(
                f"{self._name} pointed to {host}, which is not one of its hosts; no request is sent there"
            )
        return outgoing

    async def send_raw(self, outgoing: Outgoing) -> Answer:
        """One request as it is, in its turn; whatever the answer says."""
        file = self.provider.integration.file
        async with self.provider.throttle.turn(self.credential.key, file.rate_limit.budget):
            started = time.perf_counter()
            try:
                answer = await self.provider.transport.send(outgoing, file.format)
            except ProviderError:
                self._note(outgoing, None, started)
                raise
        self._note(outgoing, answer, started)
        return answer

    async def _open(self, outgoing: Outgoing) -> FileAnswer | Answer:
        async with self.provider.throttle.turn(self.credential.key, self.provider.integration.file.rate_limit.budget):
            started = time.perf_counter()
            answer = await self.provider.transport.open_file(outgoing)
        self._note(outgoing, answer, started)
        return answer

    def _note(self, outgoing: Outgoing, answer: Answer | FileAnswer | None, started: float) -> None:
        if answer is not None:
            self.rates = rate_headers(answer.headers) or self.rates
        if self.trace is not None:
            self.trace.append(Exchange(outgoing, answer, (time.perf_counter() - started) * 1000))

    def _told(self, answer: Answer, scope: Scope) -> Scope:
        """What the answer side sees."""
        return scope.with_(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            links=answer.links,
            body=answer.json,
        )

    def _checked(self, answer: Answer, scope: Scope, request: Request) -> tuple[Answer, Scope]:
        told = self._told(answer, scope)
        if error := failure(answer, self.provider.integration.file, told):
            raise error
        wanted = request.items or request.item
        if wanted and answer.status in _WITH_BODY and not answer.body.strip():
            # 204 is how to say "nothing"; an empty 200 taken for it would end a list early, or deny a record.
            raise ProviderFailed(f"{self._name} answered {answer.status} without a body", provider_status=answer.status)
        if not answer.is_json and (wanted or "json" in answer.content_type):
            raise ProviderFailed(
                f"{self._name} answered {answer.status}, but not in {self.provider.integration.file.format}: "
                f"{len(answer.body)} bytes of {answer.content_type}",
                provider_status=answer.status,
                raw_response=answer.body[:2000].decode(errors="replace"),
            )
        return answer, told
