"""/ping, /health and /metrics: is this server alive, well, and busy."""

import asyncio

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from polyhire.api.answers import json_answer
from polyhire.api.caller import gateway_of
from polyhire.errors import ManifestError
from polyhire.manifest.catalog import Catalog

log = structlog.get_logger("polyhire.api")


async def ping(_request: Request) -> Response:
    """The process answers."""
    return json_answer({"ping": "pong"})


async def health(request: Request) -> Response:
    """The database is reachable and the integrations load; 503 when the database is not."""
    gateway = gateway_of(request)
    broken = await asyncio.to_thread(broken_integrations, gateway.catalog)
    integrations = {"installed": len(gateway.catalog.slugs), "broken": broken}
    try:
        await gateway.store.list_accounts("health", limit=1)
    except Exception as error:
        log.warning("the database is out of reach", type=type(error).__qualname__)
        return json_answer({"status": "down", "database": "unreachable", "integrations": integrations}, 503)
    status = "degraded" if broken else "ok"
    return json_answer({"status": status, "database": "ok", "integrations": integrations})


async def metrics(_request: Request) -> Response:
    """Counters for Prometheus."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


ROUTES = [
    Route("/ping", ping),
    Route("/health", health),
    Route("/metrics", metrics),
]


def broken_integrations(catalog: Catalog) -> list[str]:
    """The integrations whose files have mistakes."""
    broken = []
    for slug in catalog.slugs:
        try:
            catalog.integration(slug)
        except ManifestError:
            broken.append(slug)
    return broken
