"""What passes through leaves no trace: neither secrets nor people in the logs or the database of a server."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from polyhire.conformance.client import Http
from polyhire.conformance.servers import Servers
from polyhire.gateway import Gateway
from polyhire.settings import Settings
from tests.e2e.process import Shell

CANARY = "Zzyzx-Quetzalcoatl"
MAIL = "zzyzx@quetzalcoatl.example"


def test_nothing_that_passes_through_stays(servers: Servers, tmp_path: Path) -> None:
    """After reads, writes, repeated writes, debugging and failures, no log line or database page holds any of it."""
    slugs = servers.chosen.slugs
    overrides = {f"POLYHIRE_BASE_URL_{slug.upper()}": f"{servers.sandbox_url}/{slug}" for slug in slugs}
    shell = Shell(tmp_path, overrides)
    token = shell.out("token", "create", "canary")
    secrets = [token]
    log = tmp_path / "server.log"
    accounts = servers.runner.run(connect(servers, tmp_path))
    with shell.serving(log) as url:
        api = Http(url, {"Authorization": f"Bearer {token}"})
        for slug in slugs:
            own = replace(servers.provider(slug), api=api, account=accounts[slug])
            secrets += own.secrets
            job = own.all("jobs", limit=5)[0]["id"]
            person = {"first_name": CANARY, "last_name": CANARY, "emails": [{"email": MAIL}]}
            if "applications" in own.capabilities["candidates"]["methods"]["create"]["writes"]:
                person["applications"] = [{"job": {"id": job}}]
            for _ in range(2):
                made = own.ask("POST", "/unified/ats/candidates", person, headers={"Idempotency-Key": f"canary-{slug}"})
                assert made.status == 200, made.body
            assert CANARY in own.ask("GET", f"/unified/ats/candidates/{made.json['id']}").body.decode()
            assert own.ask("GET", "/unified/ats/candidates", email=MAIL, response_format="debug").status == 200
            assert own.ask("GET", "/unified/ats/candidates", nmae=CANARY).status == 400
            assert own.ask("POST", "/unified/ats/candidates", {"name": {"wrong": CANARY}}).status == 400
            assert own.ask("GET", f"/unified/ats/candidates/{CANARY}").status == 404
            assert own.ask("GET", f"/unified/{CANARY}").status == 404
            own.control("PUT", "faults", [{"kind": "malformed", "as": "json"}])
            assert own.ask("POST", "/unified/ats/candidates", person).status == 502
            own.reset()
        api.close()
    assert log.stat().st_size > 1000
    for file in sorted(path for path in tmp_path.iterdir() if path.is_file()):
        content = file.read_bytes()
        if file.name == "keys":
            continue
        found = [word for word in (CANARY, MAIL) if word.encode() in content]
        assert not found, f"{file.name} holds what passed through: {found}"
        forms = [form for secret in secrets for form in (secret, b64encode(secret.encode()).decode())]
        assert not [form for form in forms if form.encode() in content], f"{file.name} holds a secret"
    assert b"Traceback" not in log.read_bytes()
    assert b"unexpected error" not in log.read_bytes()


async def connect(servers: Servers, home: Path) -> dict[str, str]:
    """An account of every integration in the database of a shell."""
    place = {"database_url": f"sqlite+aiosqlite:///{home}/polyhire.db", "keys_file": home / "keys"}
    with servers.sandboxed():
        gateway = await Gateway.open(Settings.model_validate(place))
    environment = await gateway.store.environment()
    accounts = {}
    for slug in servers.chosen.slugs:
        made = await gateway.add_account(environment.id, slug, servers.answers(slug), tenant_id="canary")
        accounts[slug] = made.id
    await gateway.close()
    return accounts
