"""`polyhire keys`: the keys that credentials are encrypted with, and the change to a new one."""

import typer

app = typer.Typer(no_args_is_help=True)


@app.command("new")
def new() -> None:
    """Print a fresh key, as it stands in a key ring: `id:base64key`. Nothing is changed."""
    from polyhire.accounts.vault import new_key

    typer.echo(new_key())


@app.command("list")
def list_keys() -> None:
    """Show each key of the ring, newest first, and how many stored values need it."""
    from rich.console import Console
    from rich.table import Column, Table

    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[str, dict[str, int]]:
        return gateway.store.keys.newest_id, await gateway.store.rotation.counts()

    newest, counts = with_gateway(work)
    table = Table(Column("key", no_wrap=True), "use", Column("values", justify="right"))
    for id, values in counts.items():
        table.add_row(id, "encrypts" if id == newest else "decrypts", str(values))
    Console().print(table)


@app.command("rotate")
def rotate() -> None:
    """Encrypt every stored credential with the newest key of the ring. Servers may run meanwhile."""
    from polyhire.accounts.rotation import Rotated
    from polyhire.cli.gateway import with_gateway
    from polyhire.gateway import Gateway

    async def work(gateway: Gateway) -> tuple[str, Rotated]:
        return gateway.store.keys.newest_id, await gateway.store.rotation.run()

    newest, rotated = with_gateway(work)
    typer.echo(f"{rotated.resealed} values were encrypted anew with the key '{newest}'")
    for reason in rotated.damaged:
        typer.echo(reason, err=True)
    for id, number in rotated.left.items():
        typer.echo(f"{number} values are still encrypted with the key '{id}': keep it, and run this again", err=True)
    if rotated.left:
        raise typer.Exit(1)
    typer.echo("Every other key can be taken out of the ring")
