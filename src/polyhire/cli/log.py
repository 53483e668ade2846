"""`polyhire log`: who did what."""

from typing import Annotated

import typer

from polyhire.cli.token import Environment


def log(
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many acts at most.")] = 50,
    subject: Annotated[
        str | None, typer.Option("--subject", help="Only what was done to the account or token of this id.")
    ] = None,
    environment: Environment = "default",
) -> None:
    """Show who did what in an environment, newest first: names of what was set, never to which value."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.accounts.audit import Entry
    from polyhire.accounts.listing import Condition
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    where = [] if subject is None else [Condition("subject_id", "eq", (subject,))]

    async def work(gateway: Gateway) -> tuple[Entry, ...]:
        return await gateway.store.audit.list((await gateway.store.environment(environment)).id, where, limit=limit)

    table = Table(Column("at", no_wrap=True), "who", Column("action", no_wrap=True), "done to", "set")
    for entry in with_gateway(work):
        who = f"{entry.actor} {entry.actor_id or ''}".strip()
        moment = f"{entry.created_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(moment, who, entry.action, entry.subject_id, ", ".join(entry.fields))
    Console().print(table)
