"""`polyhire serve`: the API server."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from polyhire.settings import Settings


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on [POLYHIRE_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on [POLYHIRE_PORT].")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the port.")] = 1,
) -> None:
    """Serve the unified API. Settings come from the environment (docs/reference/settings.md)."""
    import structlog
    import uvicorn

    from polyhire.logs import configure
    from polyhire.settings import Settings

    settings = Settings.load()
    configure(settings)
    # A worker that fails at its start shows a traceback, and its parent ends with 0.
    asyncio.run(_try_to_open(settings))
    host, port = host or settings.host, settings.port if port is None else port
    structlog.get_logger("polyhire.cli").info("Starting", host=host, port=port, workers=workers)
    uvicorn.run(
        "polyhire.api.app:serve_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_config=None,
        server_header=False,
    )


async def _try_to_open(settings: "Settings") -> None:
    from polyhire.gateway import Gateway

    gateway = await Gateway.open(settings)
    await gateway.close()
