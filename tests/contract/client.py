"""What a customer of the contract does with the package `truto-python-sdk`, as it comes; run by its own Python.

Reads what there is as JSON from standard input, and writes what came of each step as JSON.
"""

import asyncio
import json
import sys
from typing import Any

from truto_python_sdk import TrutoApi  # type: ignore[import-not-found, unused-ignore]  # in another venv


async def administer(api: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Environments, integrations, link tokens and accounts."""
    account, accounts = given["account"], api.integrated_accounts
    found: dict[str, Any] = {"ping": await api.ping()}
    found["environments"] = await api.environments.list().to_array()
    found["integrations"] = await api.integrations.list().to_array()
    found["link"] = await api.link_tokens.create({"tenant_id": "sdk", "context": {"plan": "gold"}})
    found["pages"] = await accounts.list(limit=1, **{"integration.name": given["slug"]}).to_array()
    found["filtered"] = await accounts.list(tenant_id={"eq": given["tenant"]}, status="active").to_array()
    found["account"] = await accounts.get(account)
    found["patched"] = await accounts.update(account, {"name": "By the SDK", "context": {"plan": "gold"}})
    found["refreshed"] = await accounts.refresh_credentials(account)
    found["post_install"] = await accounts.run_post_install_actions(account)
    found["account_token"] = await accounts.create_integrated_account_token(account)
    found["imported"] = await accounts._import(
        {"tenant_id": "sdk", "integration": {"name": given["slug"]}, "context": given["answers"]}
    )
    found["deleted"] = await accounts.delete(found["imported"]["id"])
    found["installed"] = await api.integrations.install(given["slug"])
    found["apps"] = await api.environment_integrations.list().to_array()
    found["app"] = await api.environment_integrations.update(given["slug"], {"client_id": "c"})
    found["uninstalled"] = await api.integrations.uninstall(given["slug"])
    found["tokens"] = await api.api_tokens.list().to_array()
    found["log"] = await api.logs.list(limit=3, subject_id=account).to_array()
    return found


async def call(api: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The unified API and the provider's own."""
    unified, on = api.unified_api, {"integrated_account_id": given["account"]}
    found: dict[str, Any] = {}
    found["listed"] = await unified.list("ats", "candidates", {**on, "limit": 40}).to_array()
    found["got"] = await unified.get("ats", "candidates", found["listed"][0]["id"], on)
    found["created"] = await unified.create("ats", "candidates", given["candidate"], on)
    found["since"] = await unified.list(
        "ats", "candidates", {**on, "created_at": {"gte": "2020-01-01T00:00:00Z"}, "limit": 1}
    ).next_page()
    moved = {"application_id": given["application"], "stage_id": given["stage"]}
    # Its own `custom_method` passes `data` twice and can't be called: a method's address is a resource's, too.
    found["moved"] = await unified.create("ats", "applications/move-stage", moved, on)
    found["custom"] = await api.custom_api.get(given["custom"], **on)
    return found


async def main() -> None:
    """Every step, and the calls once more with an account's own token."""
    given = json.load(sys.stdin)
    api = TrutoApi(given["token"], base_url=given["base_url"])
    found = {**await administer(api, given), **await call(api, given)}
    own = TrutoApi(found["account_token"]["token"], base_url=given["base_url"])
    found["own"] = await own.unified_api.list("ats", "jobs", {"limit": 2}).next_page()
    json.dump(found, sys.stdout)


asyncio.run(main())
