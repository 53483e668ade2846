"""Golden conversations: every case of every integration, asserted and played over real HTTP."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from polyhire.accounts.account import Account
from polyhire.engine.exchange import Upload
from polyhire.engine.serving import Call
from polyhire.errors import PolyhireError
from polyhire.gateway import Gateway
from polyhire.manifest.catalog import Catalog, shipped
from polyhire.manifest.document import read
from polyhire.model.body import check_body
from polyhire.model.filters import normalise_filters
from polyhire.model.resources import RESOURCES
from polyhire.settings import Settings
from polyhire.simulators.serve import running
from tests.integrations.script import Script

CASES = sorted(shipped().glob("*/cases/*.yaml"))


@pytest.fixture(scope="module")
def script() -> Script:
    """The scripted provider."""
    return Script()


@pytest.fixture(scope="module")
def provider(script: Script) -> Iterator[str]:
    """Its address."""
    with running(script) as base:
        yield base


@pytest.fixture
async def gateway(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """A gateway whose integrations are all pointed at the script."""
    for slug in Catalog().slugs:
        monkeypatch.setenv(f"POLYHIRE_BASE_URL_{slug.upper()}", provider)
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{tmp_path}/test.db", keys_file=tmp_path / "keys", request_timeout=5
    )
    opened = await Gateway.open(settings)
    yield opened
    await opened.close()


async def _account(gateway: Gateway, slug: str, given: dict[str, str]) -> Account:
    """An account that needs no sign-in: a token and a session are at hand."""
    integration = gateway.catalog.integration(slug)
    name, connect = gateway.connect_of(integration, None)
    answers = {
        key: given.get(key, f"case-{key}") for key, ask in connect.ask.items() if not ask.optional or key in given
    }
    state: dict[str, Any] = {}
    if connect.oauth2 is not None:
        state["oauth2"] = {"access_token": "case-token"}
    if connect.session is not None:
        state["session"] = {key: f"case-{key}" for key in connect.session.keep}
    environment = await gateway.store.environment()
    return await gateway.store.add_account(
        environment.id, slug, "cases", connect=name, status="active", secrets=answers, state=state
    )


def _call(spec: dict[str, Any]) -> Call:
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


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
async def test_case(case: Path, gateway: Gateway, script: Script) -> None:
    """The call makes exactly the requests of its case, and answers what the case expects."""
    document, mistakes = read(case, case.name)
    assert mistakes == []
    spec = document.data
    account = await _account(gateway, case.parent.parent.name, spec.get("account", {}))
    script.play(spec["exchange"])
    expected = spec["expect"]
    if "error" in expected:
        with pytest.raises(PolyhireError) as caught:
            await gateway.serve(account, _call(spec["call"]))
        assert caught.value.code == expected["error"]
        assert script.off_script == []
        assert [entry["request"]["path"] for entry in script.exchange] == [], "requests of the case that were not made"
        return
    try:
        served = await gateway.serve(account, _call(spec["call"]))
    except PolyhireError as error:
        pytest.fail(f"{error.message}\n" + "\n".join(script.off_script))
    outcome = served.outcome
    assert script.off_script == []
    assert [entry["request"]["path"] for entry in script.exchange] == [], "requests of the case that were not made"
    assert outcome.field_errors == []
    if outcome.file is not None:
        found: Any = b"".join([chunk async for chunk in outcome.file.chunks]).decode()
    else:
        found = outcome.records if spec["call"]["method"] == "list" else outcome.record
    found = orjson.loads(orjson.dumps(found))
    assert _without_remote_data(found) == expected["result"]
    if "next" in expected:
        assert (outcome.next_cursor is not None) == expected["next"]


def _without_remote_data(found: Any) -> Any:
    if isinstance(found, list):
        return [_without_remote_data(record) for record in found]
    return {k: v for k, v in found.items() if k != "remote_data"} if isinstance(found, dict) else found


def test_every_offered_method_has_a_case() -> None:
    """A method that is offered is shown by at least one golden conversation."""
    shown = {(path.parent.parent.name, *path.stem.split(".")[:2]) for path in CASES}
    catalog = Catalog()
    missing = [
        f"{slug}/cases/{resource}.{method}.yaml"
        for slug in catalog.slugs
        for resource, mapping in catalog.integration(slug).resources.items()
        for method in mapping.methods
        if (slug, resource, method) not in shown
    ]
    assert missing == []
