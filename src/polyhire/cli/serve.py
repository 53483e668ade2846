"""`polyhire serve`: the API server."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on [POLYHIRE_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on [POLYHIRE_PORT].")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the port.")] = 1,
) -> None:
    """Serve the unified API. Settings come from the environment (docs/reference/settings.md)."""
    import uvicorn

    from polyhire.settings import Settings

    settings = Settings.load()
    uvicorn.run(
        "polyhire.api.app:serve_app",
        factory=True,
        host=host or settings.host,
        port=port if port is not None else settings.port,
        workers=workers,
        access_log=False,
        log_config=None,
        server_header=False,
    )
