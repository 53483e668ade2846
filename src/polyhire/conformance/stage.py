"""A stage for golden conversations: a scripted provider, and a gateway whose integrations all play against it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from polyhire.accounts.account import Account
from polyhire.conformance.chosen import Chosen
from polyhire.conformance.script import Script
from polyhire.conformance.servers import pointed
from polyhire.engine.exchange import Upload
from polyhire.engine.serving import Call, Outcome
from polyhire.gateway import Gateway
from polyhire.model.body import check_body
from polyhire.model.filters import normalise_filters
from polyhire.model.resources import RESOURCES
from polyhire.settings import Settings
from polyhire.simulators.serve import running


@dataclass
class Stage:
    """The script that is played, and the gateway that plays against it."""

    script: Script
    gateway: Gateway
    runner: asyncio.Runner

    def play(self, slug: str, case: Mapping[str, Any]) -> tuple[Outcome, Any]:
        """What a case's call answers, and its records as plain data. Raises the PolyhireError that comes instead."""
        self.script.play(case["exchange"])
        return self.runner.run(self._played(slug, case))

    async def _played(self, slug: str, case: Mapping[str, Any]) -> tuple[Outcome, Any]:
        account = await self._account(slug, case.get("account", {}))
        served = await self.gateway.serve(account, call_of(case["call"]))
        outcome = served.outcome
        if outcome.file is not None:
            return outcome, b"".join([chunk async for chunk in outcome.file.chunks]).decode()
        found = outcome.records if case["call"]["method"] == "list" else outcome.record
        return outcome, without_remote_data(orjson.loads(orjson.dumps(found)))

    async def _account(self, slug: str, given: Mapping[str, str]) -> Account:
        """A new account that needs no sign-in and remembers nothing: a token and a session are at hand."""
        name, way = self.gateway.connect_of(self.gateway.catalog.integration(slug), None)
        asked = {key for key, ask in way.ask.items() if not ask.optional or key in given}
        answers = {key: given.get(key, f"case-{key}") for key in asked}
        state: dict[str, Any] = {}
        if way.oauth2 is not None:
            state["oauth2"] = {"access_token": "case-token"}
        if way.session is not None:
            state["session"] = {kept: f"case-{kept}" for kept in way.session.keep}
        environment = await self.gateway.store.environment()
        return await self.gateway.store.add_account(
            environment.id, slug, "cases", connect=name, status="active", secrets=answers, state=state
        )


@contextmanager
def staged(chosen: Chosen, home: Path) -> Iterator[Stage]:
    """The stage for these integrations; the database is in `home`."""
    script = Script()
    place = {"database_url": f"sqlite+aiosqlite:///{home}/polyhire.db", "keys_file": home / "keys"}
    settings = Settings.model_validate({**place, "integrations": chosen.own, "request_timeout": 5, "retry_pause": 0.01})
    with running(script) as url, asyncio.Runner() as runner:
        with pointed(chosen.slugs, url, each=""):
            gateway = runner.run(Gateway.open(settings))
        yield Stage(script, gateway, runner)
        runner.run(gateway.close())


def call_of(spec: Mapping[str, Any]) -> Call:
    """The call that a case makes."""
    model = RESOURCES[spec["resource"]]
    method = spec["method"]
    file = spec.get("file")
    body = spec.get("body")
    return Call(
        model.name,
        method,
        id=spec.get("id"),
        query=normalise_filters(model, spec.get("query", {})),
        body=check_body(model, method, body) if body is not None and method != "download" else None,
        upload=Upload(file["name"], file["content_type"], file["content"].encode()) if file else None,
        limit=spec.get("limit"),
        complete=spec.get("complete", False),
    )


def without_remote_data(found: Any) -> Any:
    """Records in our words alone."""
    if isinstance(found, list):
        return [without_remote_data(record) for record in found]
    return {k: v for k, v in found.items() if k != "remote_data"} if isinstance(found, dict) else found
