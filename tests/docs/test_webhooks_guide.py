"""The guide to webhooks: its snippets accept what is really delivered, and its lists are the code's."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from polyhire.accounts import Environment, Store
from polyhire.accounts.deliveries import KEEP_FOR
from polyhire.accounts.events import EVENT_TYPES, TEST
from polyhire.settings import Settings
from polyhire.webhooks import outbound
from tests.accounts.conftest import address, clock, environment, migrated, open_store, store
from tests.webhooks.conftest import Receiver, delivering, kind, receiver, settings

__all__ = ["address", "clock", "environment", "kind", "migrated", "open_store", "receiver", "settings", "store"]

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "webhooks.md").read_text(encoding="utf-8")
WAITS = outbound.RETRY_AFTER


def snippet(language: str) -> str:
    """The guide's code in a language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)
    return str(found)


@pytest.fixture
async def delivered(
    store: Store, settings: Settings, environment: Environment, receiver: Receiver
) -> tuple[dict[str, str], bytes, str]:
    """The headers and the body of a real delivery, and the secret that it is signed with."""
    webhook = await store.webhooks.add(environment.id, receiver.url)
    async with delivering(store, settings) as deliverer:
        await deliverer.test(webhook)
    [received] = receiver.received
    return {name.lower(): value for name, value in received.headers.items()}, received.body, webhook.secrets[0]


def forgeries(headers: dict[str, str], body: bytes, secret: str) -> list[tuple[dict[str, str], bytes, str]]:
    """What is not to be accepted: another body, id, moment, secret or signature, and what is old."""
    old = str(int(time.time()) - 3600)
    return [
        (headers, body + b" ", secret),
        ({**headers, "webhook-id": "another"}, body, secret),
        ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body, secret),
        ({**headers, "webhook-timestamp": old}, body, secret),
        (headers, body, "whsec_" + "A" * 43 + "="),
        ({**headers, "webhook-signature": "v1,AAAA"}, body, secret),
        ({**headers, "webhook-signature": ""}, body, secret),
    ]


async def test_the_python_snippet_tells_ours_from_forgeries(delivered: tuple[dict[str, str], bytes, str]) -> None:
    """It runs as it stands."""
    names: dict[str, Any] = {}
    exec(snippet("python"), names)
    headers, body, secret = delivered
    assert names["is_ours"](headers, body, secret)
    rotated = {**headers, "webhook-signature": f"v1,AAAA {headers['webhook-signature']}"}
    assert names["is_ours"](rotated, body, secret)
    assert not any(names["is_ours"](*forged) for forged in forgeries(*delivered))


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
async def test_the_javascript_snippet_tells_ours_from_forgeries(
    delivered: tuple[dict[str, str], bytes, str], tmp_path: Path
) -> None:
    """It runs as it stands, in Node."""
    file = tmp_path / "snippet.mjs"
    cases = [[headers, body.decode(), secret] for headers, body, secret in (delivered, *forgeries(*delivered))]
    file.write_text(
        f"{snippet('js')}\nconst cases = {json.dumps(cases)};\n"
        "const told = cases.map(([headers, body, secret]) => isOurs(headers, Buffer.from(body), secret));\n"
        "console.log(JSON.stringify(told));\n"
    )
    node = await asyncio.create_subprocess_exec("node", str(file), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, errors = await node.communicate()
    assert (node.returncode, errors) == (0, b"")
    assert json.loads(said) == [True] + [False] * (len(cases) - 1)


def test_every_event_is_explained() -> None:
    """One row for each, and none for what there isn't."""
    assert sorted(re.findall(r"^\| `([\w:]+)` \|", GUIDE, flags=re.MULTILINE)) == sorted([*EVENT_TYPES, TEST])


def test_the_example_is_what_is_sent() -> None:
    """The keys of an envelope and its payload, in their order."""
    example = json.loads(snippet("json"))
    assert list(example) == ["id", "event", "environment_id", "webhook_id", "created_at", "payload"]
    assert example["event"] in EVENT_TYPES


def test_the_numbers_are_those_of_the_code() -> None:
    """Waits, time for an answer, and how long deliveries are kept."""
    assert (5, *(60 * minutes for minutes in (5, 30)), *(3600 * hours for hours in (2, 5, 10, 14, 20, 24))) == WAITS
    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in GUIDE
    assert f"within {outbound.ATTEMPT_MAY_TAKE:.0f} seconds" in GUIDE
    assert f"the last {KEEP_FOR.days} days" in GUIDE
