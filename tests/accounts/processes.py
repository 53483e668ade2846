"""Real processes for the tests: forked from one that has everything loaded, and killed at a chosen moment."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import event

from polyhire.accounts import leases
from polyhire.gateway import Gateway
from polyhire.settings import BASE_URL_PREFIX, Settings

Work = Callable[..., Awaitable[None]]

FORKS = multiprocessing.get_context("forkserver")
# What the work is imported with, too: pytest, and the modules whose functions are the work.
FORKS.set_forkserver_preload(["__main__", "tests.accounts.test_refreshes", "tests.accounts.test_workers"])


# What takes seconds in earnest takes a moment here.
LEASE = 0.6
RENEW_EVERY = 0.1


def start(work: Work, settings: dict[str, Any], *args: Any) -> BaseProcess:
    """A process that does this work on a gateway of its own, with the addresses of integrations as they are here."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(BASE_URL_PREFIX)}
    process = FORKS.Process(target=run, args=(work, settings, environment, *args))
    process.start()
    return process


def run(work: Work, settings: dict[str, Any], environment: dict[str, str], *args: Any) -> None:
    os.environ.update(environment)
    leases.LEASE, leases.RENEW_EVERY = LEASE, RENEW_EVERY

    async def main() -> None:
        gateway = await Gateway.open(Settings.model_validate(settings))
        try:
            await work(gateway, *args)
        finally:
            await gateway.close()

    asyncio.run(main())


def die_at(gateway: Gateway, moment: int) -> Callable[[], int]:
    """Kill this process, as `kill -9` does, at this one of the moments from now on; how many there were yet.

    A moment is before or after a statement, a commit, or a request to the provider.
    """
    passed = 0

    def pass_moment(*_: Any) -> None:
        nonlocal passed
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    engine = gateway.store._database.engine.sync_engine
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, name, pass_moment)
    transport: Any = gateway.credentials.transport
    send = transport.send

    async def watched(*args: Any, **kwargs: Any) -> Any:
        pass_moment()
        answer = await send(*args, **kwargs)
        pass_moment()
        return answer

    transport.send = watched
    return lambda: passed


@contextmanager
def all_ended(processes: list[BaseProcess]) -> Iterator[None]:
    """Ends what is still running when the test is over."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()
