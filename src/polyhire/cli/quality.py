"""`polyhire quality`: the tier of each integration, and what stands between it and the next."""

import sys
from typing import Annotated

import typer


def quality(
    slugs: Annotated[list[str] | None, typer.Argument(help="The integrations to look at; all of them without.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every rule of every integration as JSON.")] = False,
) -> None:
    """Show which quality tier each integration has reached, rule by rule (docs/quality)."""
    import dataclasses

    import orjson

    from polyhire.manifest.catalog import Catalog
    from polyhire.manifest.quality import TIERS
    from polyhire.manifest.quality import quality as held

    catalog = Catalog()
    found = [held(catalog.folder(slug)) for slug in slugs or catalog.slugs]
    if as_json:
        report = {
            each.integration: {"tier": each.tier, "rules": list(map(dataclasses.asdict, each.findings))}
            for each in found
        }
        sys.stdout.write(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
        return
    for each in found:
        typer.echo(f"{each.integration}: {f'{each.tier}, {TIERS[each.tier]}' if each.tier else 'no tier yet'}")
        for finding in each.findings:
            first, *more = finding.why or ("",)
            typer.echo(f"  {finding.tier:<9} {finding.rule:<19} {finding.state:<13} {first}".rstrip())
            for line in more:
                typer.echo(f"{'':<46}{line}")
