"""`polyhire map`: a provider's raw answer in our words, with no server and no account."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer


def map_records(
    slug: Annotated[str, typer.Argument(help="The integration.")],
    resource: Annotated[str, typer.Argument(help="The unified resource, like `candidates`.")],
    file: Annotated[str, typer.Argument(help="The raw answer of the method, as the provider sends it; `-` for stdin.")],
    method: Annotated[str, typer.Option(help="The method whose answer it is.")] = "list",
    account: Annotated[
        list[str] | None, typer.Option("--account", help="What expressions see as account.name.")
    ] = None,
    lookup: Annotated[list[str] | None, typer.Option("--lookup", help="A lookup's raw answer, name=file.json.")] = None,
    id: Annotated[str | None, typer.Option("--id", help="What expressions see as id.")] = None,
    folder: Annotated[list[Path] | None, typer.Option(help="More folders of integrations.")] = None,
) -> None:
    """Print the unified records in a raw answer as a JSON array."""
    import orjson

    from polyhire.cli.gateway import pairs, read_file
    from polyhire.engine.offline import map_answer
    from polyhire.manifest.catalog import Catalog, shipped

    integration = Catalog([shipped(), *(folder or [])]).integration(slug)
    shaped = asyncio.run(
        map_answer(
            integration,
            resource,
            method,
            read_file(file),
            id=id,
            account=pairs(account or [], "--account"),
            lookups={name: read_file(path) for name, path in pairs(lookup or [], "--lookup").items()},
        )
    )
    sys.stdout.write(orjson.dumps(shaped.records, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
    for error in shaped.errors:
        typer.echo(f"{error.message} (null in {error.records} records)", err=True)
    if shaped.errors:
        raise typer.Exit(1)
