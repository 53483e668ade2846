"""`polyhire call`: one unified call from the terminal."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from polyhire.cli.token import Environment

if TYPE_CHECKING:
    from polyhire.accounts.account import Account
    from polyhire.gateway import Gateway, Served


def call(
    slug: Annotated[str, typer.Argument(help="The integration.")],
    resource: Annotated[str, typer.Argument(help="The unified resource, like `candidates`.")],
    method: Annotated[str, typer.Argument(help="list, get, create, update, delete or a custom method.")] = "list",
    id: Annotated[str | None, typer.Option("--id", help="The record's id.")] = None,
    account: Annotated[str | None, typer.Option("--account", help="The account's id, where there are several.")] = None,
    query: Annotated[
        list[str] | None, typer.Option("--query", "-q", help="A filter, name=value or name[op]=value.")
    ] = None,
    body: Annotated[str | None, typer.Option("--body", "-d", help="The body as JSON, @file, or - for stdin.")] = None,
    limit: Annotated[int | None, typer.Option(help="How many records at most.")] = None,
    cursor: Annotated[str | None, typer.Option(help="next_cursor of the page before.")] = None,
    fields: Annotated[str | None, typer.Option(help="Only these fields, comma separated.")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="Fetch partial rows in full.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the HTTP exchanges, without secrets, on stderr.")
    ] = False,
    output: Annotated[str | None, typer.Option("--output", "-o", help="Where a download goes.")] = None,
    environment: Environment = "default",
) -> None:
    """Run a call on a connected account and print what came as JSON."""
    import orjson

    from polyhire.cli.gateway import pairs, read_argument, with_gateway
    from polyhire.engine.serving import Call
    from polyhire.model.body import check_body
    from polyhire.model.filters import normalise_filters
    from polyhire.model.resources import resource as model_of

    model = model_of(resource)
    declared = model.method(method)
    given = orjson.loads(read_argument(body)) if body is not None else ({} if declared.is_custom else None)
    wanted = Call(
        resource,
        method,
        id=id or _id_in(given),
        query=normalise_filters(model, _nested(pairs(query or [], "--query"))),
        body=check_body(model, method, given) if given is not None and declared.is_write else None,
        limit=limit,
        cursor=cursor,
        fields=tuple(fields.split(",")) if fields else None,
        complete=complete,
        format="debug" if debug else "unified",
    )

    async def work(gateway: "Gateway") -> "Served":
        served = await gateway.serve(await _account(gateway, environment, slug, account), wanted)
        if served.outcome.file is not None:
            await _save(served, output)
        return served

    served = with_gateway(work)
    if debug:
        sys.stderr.write(_pretty(served.exchanges))
    if served.outcome.file is None:
        sys.stdout.write(_pretty(_shown(wanted.method, served)))


async def _account(gateway: "Gateway", environment: str, slug: str, account_id: str | None) -> "Account":
    from polyhire.errors import InvalidRequest

    where = await gateway.store.environment(environment)
    if account_id is not None:
        return await gateway.store.get_account(where.id, account_id)
    gateway.catalog.folder(slug)
    accounts = await gateway.store.list_accounts(where.id, integration=slug, limit=2)
    if len(accounts) == 1:
        return accounts[0]
    what = (
        "several accounts; choose one with --account"
        if accounts
        else f"no account; add one: polyhire account add {slug}"
    )
    raise InvalidRequest(f"{slug} has {what}")


async def _save(served: "Served", output: str | None) -> None:
    file = served.outcome.file
    assert file is not None
    stream = open(output, "wb") if output else sys.stdout.buffer  # noqa: SIM115, ASYNC230, PTH123 - closed below
    try:
        async for chunk in file.chunks:
            stream.write(chunk)
    finally:
        if output:
            stream.close()


def _shown(method: str, served: "Served") -> Any:
    outcome = served.outcome
    if method != "list":
        return outcome.record
    return {"result": outcome.records, "next_cursor": outcome.next_cursor, "is_partial_response": outcome.partial}


def _pretty(value: Any) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _id_in(body: Any) -> str | None:
    """The id that a custom method's body names: `application_id`, `candidate_id` or `id`."""
    keys = ("application_id", "candidate_id", "id")
    return next((str(body[key]) for key in keys if isinstance(body, dict) and body.get(key)), None)


def _nested(flat: dict[str, str]) -> dict[str, Any]:
    """`created_at[gt]` as `{"created_at": {"gt": ...}}`."""
    found: dict[str, Any] = {}
    for name, value in flat.items():
        head, bracket, operator = name.partition("[")
        if bracket:
            found.setdefault(head, {})[operator.rstrip("]")] = value
        else:
            found[name] = value
    return found
