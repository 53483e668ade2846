"""`polyhire environment`: separate worlds of tokens and accounts."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.command("create")
def create(name: Annotated[str, typer.Argument(help="Such as `staging`.")]) -> None:
    """Make an environment, and print its id; one that is there already stays as it is."""
    from polyhire.accounts.account import Environment
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> Environment:
        return await gateway.store.environment(name)

    typer.echo(with_gateway(work).id)


@app.command("list")
def list_environments() -> None:
    """Show every environment."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.account import Environment
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[Environment, ...]:
        return await gateway.store.environments.list()

    table = Table(Column("id", no_wrap=True), "name", "created")
    for environment in with_gateway(work):
        table.add_row(environment.id, environment.name, f"{environment.created_at:%Y-%m-%d %H:%M}")
    Console().print(table)
