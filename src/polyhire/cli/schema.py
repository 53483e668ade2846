"""`polyhire schema`: write the JSON Schemas that editors check integrations with."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    folder: Annotated[Path, typer.Argument(help="Where they go.")] = Path("schema"),
) -> None:
    """Write the JSON Schemas of every kind of file in an integration's folder, and name them."""
    from polyhire.manifest.schemas import write_schemas

    for file in write_schemas(folder):
        typer.echo(str(file))
