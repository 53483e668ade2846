"""`polyhire`: every command by its name. A command's own imports happen inside it, so that `--help` is quick."""

import sys
from typing import Annotated

import typer

from polyhire import __version__
from polyhire.cli import (
    account,
    apps,
    call,
    conform,
    coverage,
    demo,
    environment,
    keys,
    link,
    lint,
    log,
    map,
    quality,
    sandbox,
    schema,
    serve,
    token,
    webhook,
)
from polyhire.errors import ManifestError, PolyhireError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"polyhire {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it and exit.")
    ] = False,
) -> None:
    """The open, self-hosted Unified ATS API."""


app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("sandbox")(sandbox.sandbox)
app.command("call")(call.call)
app.command("map")(map.map_records)
app.command("coverage")(coverage.coverage)
app.command("lint")(lint.lint)
app.command("conform")(conform.conform)
app.command("quality")(quality.quality)
app.command("schema")(schema.schema)
app.command("log")(log.log)
app.add_typer(environment.app, name="environment", help="Environments: separate worlds of tokens and accounts.")
app.add_typer(keys.app, name="keys", help="The keys that credentials are encrypted with.")
app.add_typer(token.app, name="token", help="API tokens of this server.")
app.add_typer(account.app, name="account", help="Integrated accounts: who is connected.")
app.add_typer(link.app, name="link", help="Links by which somebody connects an account.")
app.add_typer(apps.app, name="app", help="Your own OAuth apps, and which integrations are offered.")
app.add_typer(webhook.app, name="webhook", help="Who is told of events, and what was delivered.")


def main() -> None:
    """Run the command line; a PolyhireError is a few lines on stderr and exit code 1."""
    try:
        app()
    except ManifestError as error:
        typer.echo(error.message, err=True)
        sys.exit(1)
    except PolyhireError as error:
        typer.echo(f"polyhire: {error.message}", err=True)
        for failure in error.failures[1:]:
            typer.echo(f"  {failure.path}: {failure.message}", err=True)
        sys.exit(1)
