"""`polyhire coverage`: what the integrations offer, what they don't and why, and what the floor still lacks."""

import sys
from typing import Annotated

import typer


def coverage(
    slugs: Annotated[list[str] | None, typer.Argument(help="The integrations to look at; all of them without.")] = None,
    floor: Annotated[
        bool, typer.Option("--floor", help="Only what is missing of the floor; nothing when all is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Every cell as JSON, with totals.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="A table for documentation.")] = False,
) -> None:
    """Show integration x resource x methods: offered, or absent with the reason."""
    import dataclasses

    import orjson

    from polyhire.manifest.capabilities import capabilities
    from polyhire.manifest.catalog import Catalog, shipped
    from polyhire.manifest.coverage import cells, markdown, read_floor, totals

    catalog = Catalog()
    wanted = read_floor(shipped())
    for slug in slugs or ():
        if slug not in wanted:
            catalog.folder(slug)
    supports = {slug: capabilities(catalog.integration(slug)) for slug in catalog.slugs if not slugs or slug in slugs}
    found = list(cells(supports, {slug: rows for slug, rows in wanted.items() if not slugs or slug in slugs}))
    if floor:
        for cell in found:
            if cell.missing:
                typer.echo(f"{cell.integration} {cell.resource}.{cell.method}: {cell.reason}")
        raise typer.Exit(1 if any(cell.missing for cell in found) else 0)
    count = totals(found)
    if as_json:
        rows = [{**dataclasses.asdict(cell), "offered": cell.offered} for cell in found]
        report = {"totals": dataclasses.asdict(count), "cells": rows}
        sys.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
        return
    if as_markdown:
        sys.stdout.write(markdown(found))
        return
    for cell in found:
        mark = "offered" if cell.offered else f"absent   {cell.reason}"
        typer.echo(f"{cell.integration:<16} {cell.resource:<22} {cell.method:<12} {mark}")
    typer.echo(
        f"{count.offered} offered, {count.absent} absent with a reason; "
        f"floor: {count.floor - count.missing} of {count.floor} cells",
        err=True,
    )
