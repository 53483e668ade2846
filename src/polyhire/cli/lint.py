"""`polyhire lint`: every mistake in the folders of integrations, so that an editor can jump to it."""

from pathlib import Path
from typing import Annotated

import typer


def lint(
    slugs: Annotated[list[str] | None, typer.Argument(help="The integrations to look at; all of them without.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where the integrations lie; the shipped ones without.")
    ] = None,
) -> None:
    """Look for mistakes in integrations: `path:line:column: message` on stdout, exit code 1 when there are any."""
    from polyhire.errors import SettingsError
    from polyhire.manifest.catalog import Catalog, shipped
    from polyhire.manifest.lint import lint as mistakes_in

    where = shipped() if folder is None else folder
    catalog = Catalog([where])
    if not catalog.slugs:
        raise SettingsError(f"there is no integration in {where}: no folder in it has an integration.yaml")
    folders = [catalog.folder(slug) for slug in slugs or catalog.slugs]
    found = [(path, mistake) for path in folders for mistake in mistakes_in(path, _shown(path))]
    for _, mistake in found:
        typer.echo(str(mistake))
    if found:
        broken = len({path for path, _ in found})
        typer.echo(f"{_count(len(found), 'mistake')} in {_count(broken, 'integration')}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{_count(len(folders), 'integration')}, no mistakes", err=True)


def _shown(path: Path) -> str:
    """The path from the current directory, when it is inside."""
    resolved, here = path.resolve(), Path.cwd()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
