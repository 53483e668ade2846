"""`polyhire account`: connect, list, check and remove integrated accounts."""

import sys
from typing import Annotated

import typer

from polyhire.cli.token import Environment

app = typer.Typer(no_args_is_help=True)

AccountId = Annotated[str, typer.Argument(help="The account's id, from `polyhire account list`.")]

Given = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", help="An answer of the connect form, name=value; `name=-` reads it from stdin."),
]


def answered(given: list[str] | None) -> dict[str, str]:
    """The answers of `--set`; a secret may come by standard input, out of the sight of other processes."""
    from polyhire.cli.gateway import pairs

    return {
        key: sys.stdin.readline().rstrip("\n") if value == "-" else value
        for key, value in pairs(given or [], "--set").items()
    }


@app.command("add")
def add(
    slug: Annotated[str, typer.Argument(help="The integration: the name of its folder.")],
    given: Given = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Your own id of the customer.")] = "default",
    name: Annotated[str | None, typer.Option("--name", help="A name for people.")] = None,
    connect: Annotated[
        str | None, typer.Option("--connect", help="Which way to connect, where there are several.")
    ] = None,
    environment: Environment = "default",
) -> None:
    """Connect an account: checked at the provider first, saved only when it works. Missing answers are asked for."""
    from polyhire.accounts.account import Account
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    answers = answered(given)

    async def work(gateway: Gateway) -> Account:
        integration = gateway.catalog.integration(slug)
        _, way = gateway.connect_of(integration, connect)
        for key, ask in way.ask.items():
            if key not in answers and ask.default is None and sys.stdin.isatty():
                if ask.help:
                    typer.echo(ask.help, err=True)
                answers[key] = typer.prompt(ask.label, default="" if ask.optional else None, hide_input=ask.secret)
        where = await gateway.store.environment(environment)
        return await gateway.add_account(where.id, slug, answers, tenant_id=tenant, name=name, connect=connect)

    typer.echo(with_gateway(work).id)


@app.command("list")
def list_accounts(environment: Environment = "default") -> None:
    """Show every account of an environment, without its secrets."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.account import Account
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[Account, ...]:
        return await gateway.store.list_accounts((await gateway.store.environment(environment)).id, limit=1000)

    table = Table(Column("id", no_wrap=True), "integration", "tenant", "name", "status", "last error")
    for account in with_gateway(work):
        table.add_row(
            account.id, account.integration, account.tenant_id, account.name, account.status, account.last_error
        )
    Console().print(table)


@app.command("check")
def check(account_id: AccountId, environment: Environment = "default") -> None:
    """Ask the provider whether an account's credentials still work."""
    from polyhire.accounts.account import Account
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> Account:
        where = await gateway.store.environment(environment)
        return await gateway.check_account(await gateway.store.get_account(where.id, account_id))

    account = with_gateway(work)
    typer.echo(f"{account.integration} account {account.id} is {account.status}")


@app.command("update")
def update(
    account_id: AccountId,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Your own id of the customer.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="A name for people.")] = None,
    blocked: Annotated[
        bool | None, typer.Option("--block/--unblock", help="Refuse all calls, or serve them again.")
    ] = None,
    given: Given = None,
    environment: Environment = "default",
) -> None:
    """Change an account. New answers are checked at the provider before they take the place of the old ones."""
    from polyhire.accounts.account import Account, AccountChanges
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    answers = answered(given)
    changes = AccountChanges()
    if tenant is not None:
        changes["tenant_id"] = tenant
    if name is not None:
        changes["name"] = name
    if blocked is not None:
        changes["status"] = "blocked" if blocked else "active"

    async def work(gateway: Gateway) -> Account:
        where = await gateway.store.environment(environment)
        account = await gateway.store.get_account(where.id, account_id)
        if answers:
            account = await gateway.reconnect(account, answers)
        return await gateway.store.update_account(account.id, **changes) if changes else account

    account = with_gateway(work)
    typer.echo(f"{account.integration} account {account.id} is {account.status}")


@app.command("refresh")
def refresh(account_id: AccountId, environment: Environment = "default") -> None:
    """Get a new token or session from the provider now, and see that it works."""
    from polyhire.accounts.account import Account
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> Account:
        where = await gateway.store.environment(environment)
        return await gateway.refresh_credentials(await gateway.store.get_account(where.id, account_id))

    account = with_gateway(work)
    typer.echo(f"{account.integration} account {account.id} is {account.status}")


@app.command("remove")
def remove(account_id: AccountId, environment: Environment = "default") -> None:
    """Forget an account and its credentials for good. Nothing changes at the provider."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> None:
        await gateway.store.remove_account((await gateway.store.environment(environment)).id, account_id)

    with_gateway(work)
    typer.echo(f"removed {account_id}")
