"""What passes through leaves no trace: no secret and no person is in logs, database or answers of a server."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.conformance.client import Http
from polyhire.conformance.provider import Provider
from polyhire.conformance.servers import Servers
from polyhire.simulators.serve import running
from tests.e2e.process import Shell

CANARY = "Zzyzx-Quetzalcoatl"
MAIL = "zzyzx@quetzalcoatl.example"
MISTYPED = "canary-of-a-mistyped-secret"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Heard:
    """What must not be found, and where it is looked for beside the files of the server."""

    people: set[str]
    secrets: set[str]
    places: dict[str, bytes]


@pytest.fixture
def receiver(heard: Heard) -> Iterator[str]:
    """Where events are delivered."""

    async def receive(request: Request) -> Response:
        heard.places[f"event {len(heard.places)}"] = str(dict(request.headers)).encode() + await request.body()
        return Response(status_code=204)

    with running(Starlette(routes=[Route("/events", receive, methods=["POST"])])) as url:
        yield f"{url}/events"


@pytest.fixture
def heard() -> Heard:
    """Nothing yet."""
    return Heard({CANARY, MAIL}, {MISTYPED}, {})


def test_nothing_that_passes_through_stays(servers: Servers, tmp_path: Path, heard: Heard, receiver: str) -> None:
    """After connecting, reads, writes, repeated writes, debugging, failures and events, nothing holds any of it."""
    slugs = servers.chosen.slugs
    overrides = {f"POLYHIRE_BASE_URL_{slug.upper()}": f"{servers.sandbox_url}/{slug}" for slug in slugs}
    shell = Shell(tmp_path, {**overrides, "POLYHIRE_WEBHOOK_HOSTS": "127.0.0.1"})
    token = shell.out("token", "create", "canary")
    heard.secrets.add(token)
    log = tmp_path / "server.log"
    with shell.serving(log) as url:
        api = Http(url, {"Authorization": f"Bearer {token}"})
        hook = api.ask("POST", "/webhook", {"target_url": receiver})
        assert hook.status == 200, hook.body
        heard.secrets.add(hook.json["secret"])
        for slug in slugs:
            account = connected(api, servers.answers(slug), slug, heard)
            use(replace(servers.provider(slug), api=api, account=account), heard)
            assert api.ask("POST", "/integrated-account/refresh-credentials", {"id": account}).status < 500
        for path in ("/metrics", "/log?limit=1000", "/integrated-account", "/webhook", "/me", "/health"):
            heard.places[path] = api.ask("GET", path).body
        heard.places["arguments of processes"] = arguments()
        api.close()
    assert log.stat().st_size > 1000
    assert any(name.startswith("event") for name in heard.places)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file() and path.name != "keys"}
    for place, content in {**heard.places, **files}.items():
        found = [word for word in heard.people if word.encode() in content]
        assert not found, f"{place} holds what passed through: {found}"
        found = [form for secret in heard.secrets for form in forms(secret) if form.encode() in content]
        assert not found, f"{place} holds a secret: {found}"
    assert b"Traceback" not in files["server.log"]
    assert b"unexpected error" not in files["server.log"]


def connected(api: Http, answers: Mapping[str, str], slug: str, heard: Heard) -> str:
    """An account that a person connects on the page, with a mistyped secret at first."""
    ways = api.ask("GET", f"/integration/{slug}").json["connect"]
    name, way = next((name, way) for name, way in ways.items() if set(answers) <= set(way["ask"]))
    hidden = {field for field in answers if way["ask"][field]["secret"]}
    heard.secrets |= {answers[field] for field in hidden if len(answers[field]) > 3}
    link = api.ask("POST", "/link-token", {"tenant_id": f"canary-{slug}"}).json["link_token"]
    heard.secrets.add(link)
    for given in ({**answers, **dict.fromkeys(hidden, MISTYPED)}, answers):
        filled = {f"answer.{field}": value for field, value in given.items()}
        form = {"link_token": link, "integration": slug, "connect": name, **filled}
        sent = api.ask("POST", "/connect-account", urlencode(form).encode(), headers=FORM)
        assert sent.status < 400, sent.body
        heard.places[f"page after {len(heard.places)}"] = api.ask("GET", sent.headers["location"]).body.replace(
            link.encode(),
            b"",  # the page's own forms go on with it
        )
    accounts = api.ask("GET", f"/integrated-account?tenant_id=canary-{slug}").json["result"]
    assert [each["status"] for each in accounts] == ["active"], slug
    account: str = accounts[0]["id"]
    return account


def use(own: Provider, heard: Heard) -> None:
    """Reads, writes, mistakes and failures with a person in each."""
    read = own.all("candidates", limit=5)
    heard.people |= {address["email"] for person in read for address in person["emails"]}
    person = written(own)
    if person is not None:
        for _ in range(2):
            made = own.ask("POST", "/unified/ats/candidates", person, headers={"Idempotency-Key": f"canary-{own.slug}"})
            assert made.status == 200, made.body
    debugged = own.ask("GET", "/unified/ats/candidates", limit=3, response_format="debug")
    assert debugged.status == 200
    assert not [form for secret in own.secrets for form in forms(secret) if form.encode() in debugged.body]
    assert own.ask("GET", "/unified/ats/candidates", email=MAIL).status in (200, 400)
    assert own.ask("GET", "/unified/ats/candidates", nmae=CANARY).status == 400
    assert own.ask("POST", "/unified/ats/candidates", {"name": {"wrong": CANARY}}).status in (400, 405)
    assert own.ask("GET", f"/unified/ats/candidates/{CANARY}").status in (400, 404, 405)
    assert own.ask("GET", f"/unified/{CANARY}").status == 404
    own.control("PUT", "faults", [{"kind": "malformed", "as": "json"}])
    assert own.ask("GET", "/unified/ats/candidates", name=CANARY).status in (400, 502)
    if person is not None:
        assert own.ask("POST", "/unified/ats/candidates", person).status == 502
    own.reset()


def written(own: Provider) -> dict[str, Any] | None:
    """A candidate to be made, where the integration makes any."""
    create = own.method("candidates", "create")
    if create is None:
        return None
    person: dict[str, Any] = {"first_name": CANARY, "last_name": CANARY, "emails": [{"email": MAIL}]}
    if "applications" in create["writes"]:
        person["applications"] = [{"job": {"id": own.all("jobs", limit=5)[0]["id"]}}]
    return {**person, **((own.fact("candidates", "create") or {}).get("with", {}))}


def forms(secret: str) -> tuple[str, ...]:
    """A secret as it might be written."""
    encoded = b64encode(secret.encode()).decode()
    return secret, quote(secret, safe=""), encoded, b64encode(f"{secret}:".encode()).decode()


def arguments() -> bytes:
    """The command lines of every process that this one may see."""
    return b"\n".join(read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))


def read(path: Path) -> bytes:
    """A file that may be gone by now."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
