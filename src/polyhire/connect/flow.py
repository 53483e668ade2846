"""The way of one attempt: answers, a consent where one is needed, the check at the provider, and what is asked then.

Every step leaves the attempt in the database: any process can serve the next page, and a reload repeats nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from polyhire.accounts.account import Account
from polyhire.accounts.links import Attempt, LinkToken
from polyhire.connect import oauth
from polyhire.connect.catalogue import chosen
from polyhire.connect.forms import Field, Known, asked, fields_of, filled, missing
from polyhire.connect.known import account_of, check_kept, known_of
from polyhire.connect.visit import Visit
from polyhire.connect.words import Problem, problem
from polyhire.errors import InvalidBody, InvalidLink, PolyhireError, UnknownIntegration
from polyhire.gateway import Gateway
from polyhire.manifest.integration import Connect, Integration

log = structlog.get_logger("polyhire.connect")

TROUBLE = ("problem", "failures", "error_type", "later")
"""What is kept of a try that failed."""
SPENT = ("answers", "verifier", "token", "browser")
"""What nobody needs once an account is connected."""


@dataclass(frozen=True)
class Form:
    """The form of a way to connect, with what is known already and what went wrong before."""

    integration: Integration
    way_name: str
    way: Connect
    fields: list[Field]
    problem: Problem | None
    help: str | None = None

    @property
    def leads_away(self) -> bool:
        """Whether the provider's own page may come next."""
        return self.way.oauth2 is not None and self.way.oauth2.grant == "authorization_code"


class Flow:
    """The connect flow of one server. `callback` is the redirect URI that OAuth apps are registered with."""

    def __init__(self, gateway: Gateway, callback: str) -> None:
        self._gateway = gateway
        self._links = gateway.store.links
        self._callback = callback

    async def slug_of(self, link: LinkToken, visit: Visit) -> str | None:
        """The integration that a visit is for, or None when it is still to be chosen."""
        account = await account_of(self._gateway, link)
        if account is None:
            return visit.integration
        if visit.integration not in (None, account.integration):
            raise UnknownIntegration(f"this link connects an account of {account.integration} again")
        return account.integration

    async def way_of_account(self, link: LinkToken) -> str | None:
        """How the account was connected that is connected again."""
        account = await account_of(self._gateway, link)
        return None if account is None else account.connect

    async def form(
        self, link: LinkToken, visit: Visit, slug: str, way_name: str | None, before: Attempt | None = None
    ) -> Form:
        """The form to connect an integration by this way. Raises UnknownIntegration, InvalidRequest, InvalidLink."""
        integration, app = await chosen(self._gateway, link.environment_id, slug, visit)
        way_name, way = Gateway.connect_of(integration, way_name)
        account = await account_of(self._gateway, link, before)
        known = known_of(link, account, integration, way_name, way, before)
        kept = before.kept if before else {}
        asks = asked(way, app)
        fields = fields_of(asks, known, failures=kept.get("failures"))
        said = Problem(**kept["problem"]) if "problem" in kept else None
        # How to get a client is no help where the client is ours.
        return Form(integration, way_name, way, fields, said, way.help if len(asks) == len(way.ask) else None)

    async def submit(
        self,
        link: LinkToken,
        token: str,
        visit: Visit,
        slug: str,
        way_name: str | None,
        given: Mapping[str, str],
        before: Attempt | None = None,
    ) -> Attempt:
        """Take a filled form as far as it goes; the attempt says where that is."""
        integration, app = await chosen(self._gateway, link.environment_id, slug, visit)
        way_name, way = Gateway.connect_of(integration, way_name)
        account = await account_of(self._gateway, link, before)
        asks = asked(way, app)
        answers = filled(asks, given, known_of(link, account, integration, way_name, way, before))
        query = {**visit.query, "integration": slug}
        kept = {"token": token, "visit": query, "integration": slug, "way": way_name, "answers": answers}
        again = account is not None and account.integration == slug
        attempt = await self._links.begin(link, kept, account.id if account and again else None)
        try:
            check_kept(account, integration, way, asks, given, answers)
            if failures := missing(asks, answers):
                raise InvalidBody("something is missing", failures=failures)
            if self._gateway.needs_consent(slug, answers, connect=way_name):
                return await self._links.change(attempt, "consent")
            return await self._finish(link, attempt, answers, None)
        except PolyhireError as error:
            return await self._fail(attempt, error, "open")

    async def consent(self, attempt: Attempt) -> tuple[str, str]:
        """The provider's consent page, and the secret that ties it to this browser. An earlier one is void then."""
        if attempt.status != "consent":
            raise InvalidLink(
                "This was consented to, or refused, already. Begin again from the link that you were given."
            )
        link = await self._links.find(attempt.kept["token"])
        kept, started = attempt.kept, oauth.start()
        try:
            url = await self._gateway.consent_url(
                attempt.environment_id,
                kept["integration"],
                kept["answers"],
                connect=kept["way"],
                redirect_uri=self._callback,
                state=started.state,
                challenge=started.challenge,
                scopes=link.scopes,
            )
        except PolyhireError as error:
            await self._fail(attempt, error, "failed")
            raise
        kept = {**kept, "verifier": started.verifier, "browser": oauth.digest_of(started.browser)}
        await self._links.change(attempt, "consent", kept=kept, state=started.state)
        return url, started.browser

    async def callback(self, answered: Mapping[str, str], cookies: Mapping[str, str]) -> Attempt:
        """What a provider answered, once, and in the browser that asked; the attempt says what came of it."""
        attempt = await self._links.take(answered.get("state", ""))
        kept = attempt.kept
        if not oauth.is_same(cookies.get(oauth.cookie_of(attempt)), kept.get("browser")):
            raise InvalidLink(
                "This consent was begun in another browser. Begin again from the link that you were given, in this one."
            )
        link = await self._links.find(kept["token"])
        try:
            consented = await self._gateway.redeem(
                attempt.environment_id,
                kept["integration"],
                kept["answers"],
                {name: value for name, value in answered.items() if name != "state"},
                connect=kept["way"],
                redirect_uri=self._callback,
                verifier=kept["verifier"],
            )
        except PolyhireError as error:
            return await self._fail(attempt, error, "failed")
        try:
            return await self._finish(link, attempt, consented.answers, consented.state)
        except PolyhireError as error:
            left = await self._left(link, attempt, error, consented.answers, consented.state)
            return await self._fail(left, error, "failed", "validation_error")

    async def questions(self, attempt: Attempt) -> Form:
        """What is asked once connected, with what the provider has to choose from. Raises a ProviderError."""
        return await self.questions_of(await self._account(attempt), attempt.kept)

    async def questions_of(self, account: Account, kept: Mapping[str, Any]) -> Form:
        """The same of an account, without an attempt; `kept` is what its last try left."""
        integration = self._gateway.catalog.integration(account.integration)
        way_name, way = Gateway.connect_of(integration, account.connect)
        known = Known({**account.settings, **kept.get("later", {})})
        offered = await self._gateway.choices(account)
        fields = fields_of(way.post_connect, known, failures=kept.get("failures"), choices=offered)
        return Form(integration, way_name, way, fields, Problem(**kept["problem"]) if "problem" in kept else None)

    async def answer(self, attempt: Attempt, given: Mapping[str, str]) -> Attempt:
        """Take the answers to what is asked once connected."""
        if attempt.status != "questions":
            raise InvalidLink("This form was filled in already.")
        try:
            await self.settle(await self._account(attempt), given)
        except PolyhireError as error:
            attempt = replace(attempt, kept={**attempt.kept, "later": dict(given)})
            return await self._fail(attempt, error, "questions", "post_install_error")
        return await self._links.change(attempt, "connected", kept=_without(attempt.kept, TROUBLE))

    async def settle(self, account: Account, given: Mapping[str, str]) -> Account:
        """Store the answers to what is asked once connected. Raises InvalidBody, or a ProviderError."""
        offered = await self._gateway.choices(account)
        values = {name: [choice.value for choice in found] for name, found in offered.items()}
        return await self._gateway.settle(account, given, values)

    def _integration(self, attempt: Attempt) -> Integration:
        return self._gateway.catalog.integration(attempt.kept["integration"])

    async def _account(self, attempt: Attempt) -> Account:
        return await self._gateway.store.get_account(attempt.environment_id, str(attempt.account_id))

    async def _finish(
        self, link: LinkToken, attempt: Attempt, answers: Mapping[str, str], state: Mapping[str, Any] | None
    ) -> Attempt:
        """Check and store the account. The link is used up first, so that of two who finish at once one is told."""
        await self._links.use(link)
        try:
            account = await self._connect(link, attempt, answers, state)
        except BaseException:
            await self._links.give_back(link)
            raise
        _, way = Gateway.connect_of(self._gateway.catalog.integration(account.integration), account.connect)
        asks_more = bool(way.post_connect) and not Visit.from_kept(attempt.kept).skip_questions
        log.info("connected", account=account.id, integration=account.integration)
        kept = _without(attempt.kept, (*TROUBLE, *SPENT))
        return await self._links.change(
            attempt, "questions" if asks_more else "connected", kept=kept, account_id=account.id
        )

    async def _connect(
        self, link: LinkToken, attempt: Attempt, answers: Mapping[str, str], state: Mapping[str, Any] | None
    ) -> Account:
        kept = attempt.kept
        own = {name: value for name, value in link.context.items() if name not in answers}
        if attempt.account_id is not None:
            account = await self._account(attempt)
            if link.keeps_context:
                _, way = Gateway.connect_of(self._integration(attempt), kept["way"])
                own = {name: value for name, value in account.settings.items() if name not in way.ask} | own
            return await self._gateway.reconnect(account, answers, connect=kept["way"], state=state, more=own)
        return await self._gateway.add_account(
            attempt.environment_id,
            kept["integration"],
            answers,
            tenant_id=link.tenant_id,
            connect=kept["way"],
            state=state,
            more=own,
        )

    async def _left(
        self,
        link: LinkToken,
        attempt: Attempt,
        error: PolyhireError,
        answers: Mapping[str, str],
        state: Mapping[str, Any],
    ) -> Attempt:
        """The attempt with an account that holds what was consented to, though it does not work yet."""
        if attempt.account_id is not None or isinstance(error, InvalidLink):
            return attempt
        slug, way_name = attempt.kept["integration"], attempt.kept["way"]
        said = self._said(attempt, error, state)
        account = await self._gateway.keep_unchecked(
            attempt.environment_id,
            slug,
            answers,
            f"{said.title} {said.said}",
            tenant_id=link.tenant_id,
            connect=way_name,
            state=state,
        )
        return replace(attempt, account_id=account.id)

    async def _fail(
        self, attempt: Attempt, error: PolyhireError, status: Any, error_type: str = "connection_error"
    ) -> Attempt:
        log.info("not connected", integration=attempt.kept["integration"], reason=error.code)
        trouble = {
            "problem": vars(self._said(attempt, error)),
            "failures": {failure.path: failure.message for failure in error.failures},
            "error_type": "invalid_token" if isinstance(error, InvalidLink) else error_type,
        }
        kept = {**_without(attempt.kept, ("verifier", "browser")), **trouble}
        return await self._links.change(attempt, status, kept=kept)

    def _said(self, attempt: Attempt, error: PolyhireError, state: Mapping[str, Any] | None = None) -> Problem:
        """What a person may read of an error: no secret of theirs that a provider repeats."""
        integration = self._integration(attempt)
        _, way = Gateway.connect_of(integration, attempt.kept["way"])
        answers = attempt.kept.get("answers", {})
        secrets = [value for name, value in answers.items() if name not in way.ask or way.ask[name].secret]
        parts = [part for part in (state or {}).values() if isinstance(part, Mapping)]
        secrets += [value for part in parts for value in part.values() if isinstance(value, str)]
        return problem(error, integration.name, secrets)


def result(attempt: Attempt) -> dict[str, Any]:
    """What the product is told of an attempt, by message or in its `redirect_uri`."""
    told: dict[str, Any] = {"is_truto": True, "integration": attempt.kept["integration"]}
    if attempt.status == "connected":
        told |= {"result": "success"}
    else:
        said = attempt.kept.get("problem") or {"title": "The account was not connected.", "said": ""}
        told |= {"result": "error", "error": " ".join(filter(None, (said["title"], said["said"])))}
        told |= {"error_type": attempt.kept.get("error_type", "connection_error")}
    if attempt.account_id is not None:
        told["integrated_account_id"] = attempt.account_id
    return told


def _without(kept: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name not in names}
