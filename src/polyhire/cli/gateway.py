"""What several commands share: a gateway for the length of a command, and `key=value` arguments."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from polyhire.errors import InvalidRequest
from polyhire.gateway import Gateway
from polyhire.settings import Settings

Result = TypeVar("Result")


def with_gateway(work: Callable[[Gateway], Awaitable[Result]], settings: Settings | None = None) -> Result:
    """The result of some work on an opened gateway, which is closed afterwards."""

    async def run() -> Result:
        gateway = await Gateway.open(settings or Settings())
        try:
            return await work(gateway)
        finally:
            await gateway.close()

    return asyncio.run(run())


def pairs(arguments: Iterable[str], option: str) -> dict[str, str]:
    """`["a=1", "b=2"]` as a dict. Raises InvalidRequest for one without `=`."""
    found = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise InvalidRequest(f"{option} takes name=value, not '{name}'")
        found[name] = value
    return found
