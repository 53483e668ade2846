"""The contract's own Python client, unchanged, against a real server and the simulated providers."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from polyhire.conformance.bodies import create_body, open_application
from polyhire.conformance.servers import Servers
from tests.contract.prepare import MISSING, PYTHON

CLIENT = Path(__file__).with_name("client.py")

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)


@pytest.fixture(scope="module")
def given(servers: Servers) -> dict[str, Any]:
    """What the client needs to know: an integration that can create candidates and move applications."""
    provider = next(
        provider
        for provider in map(servers.provider, servers.chosen.slugs)
        if provider.method("candidates", "create") and provider.method("applications", "move-stage")
        if provider.facts["custom"]["read"]["verb"] == "GET"
    )
    application = open_application(provider)
    by_job = "job_id" in provider.capabilities["job_interview_stages"]["methods"]["list"]["filters"]
    stages = provider.all("job_interview_stages", **({"job_id": application["job"]["id"]} if by_job else {}))
    other = next(stage["id"] for stage in stages if stage["id"] != application["current_stage"]["id"])
    return {
        "token": servers.token,
        "base_url": servers.url,
        "slug": provider.slug,
        "tenant": "own",
        "secrets": list(provider.secrets),
        "answers": dict(servers.answers(provider.slug)),
        "account": provider.account,
        "candidate": create_body(provider, "candidates"),
        "application": application["id"],
        "stage": other,
        "custom": provider.facts["custom"]["read"]["path"].lstrip("/"),
    }


@pytest.fixture(scope="module")
def found(given: dict[str, Any]) -> dict[str, Any]:
    """What came of each step of the client."""
    done = subprocess.run(
        [str(PYTHON), str(CLIENT)], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_link_tokens_are_created(found: dict[str, Any]) -> None:
    """What the connect page is opened with."""
    assert isinstance(found["link"]["link_token"], str)


def test_accounts_are_listed_filtered_and_read(found: dict[str, Any], given: dict[str, Any]) -> None:
    """Page by page, by the integration's name, by operators; one by its id."""
    assert {account["integration"]["name"] for account in found["pages"]} == {given["slug"]}
    ids = [account["id"] for account in found["pages"]]
    assert len(ids) == len(set(ids)) >= 2 and given["account"] in ids
    assert given["account"] in {account["id"] for account in found["filtered"]}
    assert {account["tenant_id"] for account in found["filtered"]} == {given["tenant"]}
    assert (found["account"]["id"], found["account"]["status"]) == (given["account"], "active")


def test_accounts_are_patched_refreshed_and_removed(found: dict[str, Any], given: dict[str, Any]) -> None:
    """Each step answers the account as it then is; credentials come back nowhere."""
    assert (found["patched"]["name"], found["patched"]["context"]["plan"]) == ("By the SDK", "gold")
    assert found["refreshed"]["status"] == found["post_install"]["status"] == "active"
    assert found["imported"]["id"] == found["deleted"]["id"] != given["account"]
    assert len(found["account_token"]["token"]) > 40
    answered = json.dumps(found)
    assert given["secrets"] and not any(secret in answered for secret in given["secrets"])


def test_the_environment_is_administered(found: dict[str, Any], given: dict[str, Any]) -> None:
    """Integrations are installed, changed and uninstalled; tokens, environments and the log are read."""
    assert found["ping"] == {"ping": "pong"}
    assert given["slug"] in {integration["slug"] for integration in found["integrations"]}
    assert [environment["name"] for environment in found["environments"]] == ["default"]
    assert (found["installed"]["integration"]["name"], found["installed"]["is_enabled"]) == (given["slug"], True)
    assert found["installed"]["id"] in {app["id"] for app in found["apps"]}
    assert (found["app"]["client_id"], found["uninstalled"]["id"]) == ("c", given["slug"])
    assert "conformance" in {token["name"] for token in found["tokens"]}
    assert {entry["subject_id"] for entry in found["log"]} == {given["account"]}


def test_records_are_listed_read_created_and_moved(found: dict[str, Any], given: dict[str, Any]) -> None:
    """A list to its end over several pages, one record, a new one, a moved application, and the provider's own path."""
    ids = [candidate["id"] for candidate in found["listed"]]
    assert len(ids) == len(set(ids)) > 40
    assert found["got"]["id"] == ids[0] and len(found["since"]) == 1
    assert found["created"]["id"] and found["created"]["id"] not in ids
    assert found["moved"]["result"]["id"] == given["application"]
    assert found["moved"]["result"]["current_stage"]["id"] == given["stage"]
    assert found["custom"]


def test_an_account_token_needs_no_account_id(found: dict[str, Any]) -> None:
    """It calls its own account."""
    assert len(found["own"]) == 2
