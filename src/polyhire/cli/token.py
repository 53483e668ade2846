"""`polyhire token`: make, list and revoke the tokens of this server's API."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)

Environment = Annotated[str, typer.Option("--environment", "-e", help="The environment, made when it is new.")]


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the token is for.")] = "cli",
    environment: Environment = "default",
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days until it expires; never without it.")] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="read, write, admin or eeo; may be repeated. All but eeo without it."),
    ] = None,
) -> None:
    """Make a token and show it once: it is stored as a digest only."""
    from polyhire.accounts.account import USUAL_SCOPES
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> str:
        expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
        where = await gateway.store.environment(environment)
        scopes = scope or USUAL_SCOPES
        return (await gateway.store.create_token(where.id, name, expires_at=expires_at, scopes=scopes))[0]

    typer.echo(with_gateway(work))


@app.command("list")
def list_tokens(environment: Environment = "default") -> None:
    """Show every token of an environment, without its secret."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.account import ApiToken
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[ApiToken, ...]:
        return await gateway.store.list_tokens((await gateway.store.environment(environment)).id)

    table = Table(Column("id", no_wrap=True), "name", "scopes", "created", "expires", "last used", "revoked")
    for token in with_gateway(work):
        moments = (token.created_at, token.expires_at, token.last_used_at, token.revoked_at)
        scopes = " ".join(sorted(token.scopes))
        table.add_row(
            token.id, token.name, scopes, *(f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in moments)
        )
    Console().print(table)


@app.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(help="The token's id, from `polyhire token list`.")],
    environment: Environment = "default",
) -> None:
    """End a token: at once here, within a second in every other process."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> None:
        await gateway.store.revoke_token((await gateway.store.environment(environment)).id, token_id)

    with_gateway(work)
    typer.echo(f"revoked {token_id}")
