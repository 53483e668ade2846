"""`polyhire conform`: run the conformance suite against an integration's own simulator."""

from pathlib import Path
from typing import Annotated

import typer


def conform(
    slug: Annotated[str, typer.Argument(help="The integration to try.")],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", "--integrations", help="Where the integration lies: DIR/<slug>/ [POLYHIRE_INTEGRATIONS]."
        ),
    ] = None,
    keyword: Annotated[
        str | None, typer.Option("--keyword", "-k", help="Only the behaviours in whose names this stands.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show pytest's own report of each failure.")] = False,
) -> None:
    """Hold an integration against everything that the suite can show with its simulator; exit code 1 when a test fails.

    It prints a table of resource, method and behaviour: passed, exempt with its reason, or failed.
    """
    try:
        from polyhire.conformance.report import conform as run
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            raise
        typer.echo("polyhire conform runs its tests with pytest: pip install 'polyhire[conform]'", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(run(slug, folder, keyword, verbose))
