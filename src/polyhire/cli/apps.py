"""`polyhire app`: an environment's own OAuth apps, and which integrations it offers."""

import sys
from typing import Annotated

import typer

from polyhire.cli.token import Environment

app = typer.Typer(no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The integration: the name of its folder.")]


@app.command("set")
def set_app(
    slug: Slug,
    client_id: Annotated[str | None, typer.Option("--client-id", help="Of your OAuth app at the provider.")] = None,
    secret: Annotated[
        bool, typer.Option("--client-secret", help="Ask for the app's secret, or read it from stdin.")
    ] = False,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="Instead of the integration's own; may be repeated.")
    ] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether accounts of it can be connected.")
    ] = None,
    environment: Environment = "default",
) -> None:
    """Set an integration up in an environment; what is not named stays as it is. A secret is never an argument."""
    from polyhire.accounts.apps import AppChanges
    from polyhire.cli.gateway import with_gateway
    from polyhire.errors import UnknownApp
    from polyhire.gateway import Gateway

    changes = AppChanges()
    if client_id is not None:
        changes["client_id"] = client_id
    if secret:
        asked = typer.prompt("Client secret", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
        changes["client_secret"] = asked.rstrip("\n")
    if scope:
        changes["scopes"] = scope
    if enabled is not None:
        changes["enabled"] = enabled

    async def work(gateway: Gateway) -> str:
        where = await gateway.store.environment(environment)
        name = gateway.catalog.integration(slug).slug
        try:
            return (await gateway.store.apps.change(where.id, name, **changes)).integration
        except UnknownApp:
            return (await gateway.store.apps.add(where.id, name, **changes)).integration

    typer.echo(f"set {with_gateway(work)}")


@app.command("list")
def list_apps(environment: Environment = "default") -> None:
    """Show what an environment has set, without secrets."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.apps import App
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[App, ...]:
        return await gateway.store.apps.list((await gateway.store.environment(environment)).id)

    table = Table(Column("integration", no_wrap=True), "offered", "client id", "secret", "scopes")
    for found in with_gateway(work):
        table.add_row(
            found.integration,
            "yes" if found.enabled else "no",
            found.client_id,
            "set" if found.client_secret else "",
            " ".join(found.scopes or ()),
        )
    Console().print(table)


@app.command("remove")
def remove(slug: Slug, environment: Environment = "default") -> None:
    """Go back to the integration as its files have it. Accounts of the OAuth app can't be refreshed then."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> None:
        await gateway.store.apps.remove((await gateway.store.environment(environment)).id, slug)

    with_gateway(work)
    typer.echo(f"removed {slug}")
