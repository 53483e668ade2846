"""What several commands share: a gateway for the length of a command, and `key=value` arguments."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

from polyhire.accounts.audit import ACTING, Actor
from polyhire.errors import InvalidRequest
from polyhire.gateway import Gateway
from polyhire.logs import configure
from polyhire.settings import Settings

Result = TypeVar("Result")


def with_gateway(work: Callable[[Gateway], Awaitable[Result]], settings: Settings | None = None) -> Result:
    """The result of some work on an opened gateway, which is closed afterwards."""

    chosen = settings or Settings.load()
    configure(chosen.model_copy(update={"log_level": "error", "log_format": "console"}))

    async def run() -> Result:
        ACTING.set(Actor("command_line"))
        gateway = await Gateway.open(chosen)
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


def read_file(name: str) -> bytes:
    """A file's bytes, or stdin's for `-`. Raises InvalidRequest when there is no such file."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InvalidRequest(f"can't read {name}: {error.strerror}") from None


def read_argument(value: str) -> bytes:
    """An argument itself, or what a file (`@name`) or stdin (`-`) holds."""
    return read_file(value.removeprefix("@")) if value == "-" or value.startswith("@") else value.encode()
