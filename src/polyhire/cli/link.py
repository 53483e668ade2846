"""`polyhire link`: let somebody connect an account, without a product in between."""

from typing import Annotated
from urllib.parse import urlencode

import typer

from polyhire.cli.token import Environment

app = typer.Typer(no_args_is_help=True)


@app.command("create")
def create(
    tenant: Annotated[str, typer.Argument(help="Your own id of the customer.")],
    environment: Environment = "default",
    integration: Annotated[str | None, typer.Option("--integration", help="Come straight to this one.")] = None,
    account: Annotated[str | None, typer.Option("--account", help="The id of an account to connect again.")] = None,
) -> None:
    """Make a link to the connect page and show it once: good for one account and seven days."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> str:
        if integration is not None:
            gateway.catalog.integration(integration)
        where = await gateway.store.environment(environment)
        if account is not None:
            await gateway.store.get_account(where.id, account)
        token, _ = await gateway.store.links.create(where.id, tenant, account_id=account)
        settings = gateway.settings
        base = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
        query = {"link_token": token, **({"integration": integration} if integration else {})}
        return f"{base}/connect-account?{urlencode(query)}"

    typer.echo(with_gateway(work))
