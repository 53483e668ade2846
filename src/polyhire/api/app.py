"""The REST application: every address, the frame round them, and the gateway behind them."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from polyhire.api import (
    accounts,
    apps,
    connect,
    docs,
    integrations,
    link_tokens,
    log,
    passthrough,
    post_connect,
    status,
    tokens,
    unified,
    webhooks,
)
from polyhire.api.frame import Frame
from polyhire.gateway import Gateway
from polyhire.logs import configure
from polyhire.settings import Settings
from polyhire.webhooks.outbound import Deliverer

ROUTES = [
    *unified.ROUTES,
    *passthrough.ROUTES,
    *tokens.ROUTES,
    *accounts.ROUTES,
    *integrations.ROUTES,
    *apps.ROUTES,
    *log.ROUTES,
    *webhooks.ROUTES,
    *link_tokens.ROUTES,
    *connect.ROUTES,
    *post_connect.ROUTES,
    *docs.ROUTES,
    *status.ROUTES,
]

BASE64 = 1.4
"""What a file grows by when it is sent as base64 in JSON, and a little more."""

MADE_BETWEEN_LOOKS = 50_000
"""Objects made before the garbage collector looks, a few pages' worth: records have no cycles, it seldom finds any."""


def serve_app() -> Starlette:
    """The application of a server process: settings from the environment, logs as they say."""
    settings = Settings.load()
    configure(settings)
    app = create_app(settings)
    # What the imports made is never garbage: to look through it again took a tenth of a second every forty pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_LOOKS, 20, 100)
    return app


def create_app(
    settings: Settings, *, open_gateway: Callable[[Settings], Awaitable[Gateway]] = Gateway.open
) -> Starlette:
    """The ASGI application; its lifespan opens the gateway and closes it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        gateway = await open_gateway(settings)
        app.state.gateway = gateway
        try:
            async with Deliverer(gateway.store, settings).running() as deliverer:
                app.state.deliverer = deliverer
                yield
        finally:
            await gateway.close()

    app = Starlette(routes=ROUTES, lifespan=lifespan)
    app.router.redirect_slashes = False
    # In place of Starlette's own layers: the frame answers every error, and theirs would be asked for each message.
    app.middleware_stack = Frame(app.router, max_body=int(settings.max_upload_bytes * BASE64))
    return app
