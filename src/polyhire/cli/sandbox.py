"""`polyhire sandbox`: simulated providers over real HTTP."""

from pathlib import Path
from typing import Annotated

import typer


def sandbox(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 4010,
    scale: Annotated[int, typer.Option(min=1, help="How many times 300 candidates, 40 jobs, 600 applications.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="One provider; may be repeated.")] = None,
    folder: Annotated[list[Path] | None, typer.Option(help="More folders of integrations.")] = None,
    rate_limits: Annotated[bool, typer.Option(help="Tell clients to wait as the provider does.")] = True,
) -> None:
    """Serve simulated providers: stateful, strict, and faulty on demand (docs/guides/sandbox.md)."""
    import uvicorn

    from polyhire.manifest.catalog import shipped
    from polyhire.simulators.company import company
    from polyhire.simulators.serve import sandbox as make

    app = make([shipped(), *(folder or [])], people=company(scale), only=only or (), rate_limits=rate_limits)
    for slug, stand in app.stands.items():
        typer.echo(f"{slug:<20} http://{host}:{port}/{slug}   {stand.simulator.account}")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
