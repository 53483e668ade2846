"""`polyhire webhook`: who is told of events, and what was delivered."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from polyhire.cli.token import Environment

app = typer.Typer(no_args_is_help=True)

WebhookId = Annotated[str, typer.Argument(help="The webhook's id, from `polyhire webhook list`.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where events are sent to, https://…")],
    events: Annotated[
        list[str] | None, typer.Option("--event", help="An event that it is told of; may be repeated. All without it.")
    ] = None,
    environment: Environment = "default",
) -> None:
    """Have events sent to an address. Prints its id and, this once, the secret that signs deliveries."""
    from polyhire.accounts.webhooks import Webhook
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway
    from polyhire.webhooks.target import check_target

    async def work(gateway: Gateway) -> Webhook:
        target = check_target(url, gateway.settings)
        where = await gateway.store.environment(environment)
        return await gateway.store.webhooks.add(where.id, target, events or ())

    webhook = with_gateway(work)
    typer.echo(f"{webhook.id}\n{webhook.secrets[0]}")


@app.command("list")
def list_webhooks(environment: Environment = "default") -> None:
    """Show every webhook of an environment, without its secret."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.webhooks import Webhook
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[Webhook, ...]:
        return await gateway.store.webhooks.list((await gateway.store.environment(environment)).id, limit=1000)

    table = Table(Column("id", no_wrap=True), Column("address", overflow="fold"), "events", "active")
    for webhook in with_gateway(work):
        events = "\n".join(webhook.event_types) or "all"
        table.add_row(webhook.id, webhook.target_url, events, "yes" if webhook.is_active else "no")
    Console().print(table)


@app.command("remove")
def remove(webhook_id: WebhookId, environment: Environment = "default") -> None:
    """Forget a webhook and its deliveries."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> None:
        await gateway.store.webhooks.remove((await gateway.store.environment(environment)).id, webhook_id)

    with_gateway(work)
    typer.echo(f"removed {webhook_id}")


@app.command("rotate")
def rotate(webhook_id: WebhookId, environment: Environment = "default") -> None:
    """Give a webhook another secret and show it once; the one before signs beside it for a day."""
    from polyhire.accounts.webhooks import Webhook
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> Webhook:
        where = await gateway.store.environment(environment)
        return await gateway.store.webhooks.rotate_secret(where.id, webhook_id)

    typer.echo(with_gateway(work).secrets[0])


@app.command("deliveries")
def deliveries(
    webhook_id: WebhookId,
    status: Annotated[
        Literal["pending", "delivered", "failed"] | None, typer.Option("--status", help="Only these.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
    environment: Environment = "default",
) -> None:
    """Show what was sent to a webhook or will be, newest first."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.deliveries import Delivery
    from polyhire.accounts.listing import Condition
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[Delivery, ...]:
        where = await gateway.store.environment(environment)
        webhook = await gateway.store.webhooks.get(where.id, webhook_id)
        conditions = [Condition("status", "eq", (status,))] if status else []
        return await gateway.store.deliveries.list(webhook.id, conditions, limit=limit)

    table = Table(Column("id", no_wrap=True), "event", "account", "happened", "status", "attempts", "last error")
    for delivery in with_gateway(work):
        event, last = delivery.event, delivery.log[-1].error if delivery.log else None
        happened = f"{event.created_at:%Y-%m-%d %H:%M}"
        row = (delivery.id, event.type, event.account_id, happened, delivery.status, str(delivery.attempts), last)
        table.add_row(*row)
    Console().print(table)


@app.command("replay")
def replay(
    webhook_id: WebhookId,
    delivery_id: Annotated[str | None, typer.Argument(help="One delivery; without it, all that was missed.")] = None,
    since: Annotated[
        datetime,
        typer.Option("--since", help="Missed since then, in UTC.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    ] = datetime(1970, 1, 1),
    environment: Environment = "default",
) -> None:
    """Have a running server deliver an event once more, or every event that the webhook has not got."""
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> int:
        where = await gateway.store.environment(environment)
        webhook = await gateway.store.webhooks.get(where.id, webhook_id)
        if delivery_id is None:
            return await gateway.store.deliveries.replay_since(webhook, since.replace(tzinfo=UTC))
        await gateway.store.deliveries.replay(await gateway.store.deliveries.get(webhook.id, delivery_id))
        return 1

    typer.echo(f"{with_gateway(work)} to be delivered again")
