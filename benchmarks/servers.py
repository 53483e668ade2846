"""The servers that are measured: each in a process of its own, pinned to one core, its CPU time read from outside."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.program import ALONE, JOINED, program

PEERS = Path(__file__).parent / "peers"
PATIENCE = 30.0
"""Seconds for a server to start."""


class CannotStartError(Exception):
    """A server did not start; the message says which and why."""


@dataclass(frozen=True)
class Server:
    """One running server. `account` goes along with every call to it."""

    name: str
    url: str
    token: str
    pid: int
    account: str = ""

    def cpu_seconds(self) -> float:
        """CPU time that the process has used, all its threads together."""
        # What /proc/<pid>/stat counts in hundredths of a second, to the nanosecond: clock_getcpuclockid(3).
        return time.clock_gettime((~self.pid << 3) | 2)


@dataclass(frozen=True)
class Cores:
    """Who runs where: the measured servers on one core, the load and the provider on others where there are some."""

    server: int
    provider: int
    load: int

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """The first cores that this process may use."""
        allowed = sorted(os.sched_getaffinity(0))
        return cls(allowed[0], allowed[-1], allowed[len(allowed) // 2])


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Whatever is started here stays on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Servers:
    """Every server of a run; stopped when the `async with` ends."""

    def __init__(self, cores: Cores) -> None:
        self._cores = cores
        self._stack = AsyncExitStack()
        self.skipped: dict[str, str] = {}
        """Peers that are not there: name -> why."""

    async def __aenter__(self) -> "Servers":
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="polyhire-bench-")))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def start(self) -> list[Server]:
        """The direct call, polyhire, the hand-written server and, where Node is, the peer. Raises CannotStartError."""
        provider = await self._run("provider", self._cores.provider, [sys.executable, "-m", "benchmarks.upstream"])
        found = [
            await self._run("direct", self._cores.server, [sys.executable, "-m", "benchmarks.upstream"]),
            await self._polyhire(provider.url),
            await self._run(
                "hand-written", self._cores.server, [sys.executable, "-m", "benchmarks.handwritten"], [provider.url]
            ),
        ]
        reason = await asyncio.to_thread(node_is_missing)
        if reason is None:
            programs = self._folder / "programs.json"
            programs.write_bytes(orjson.dumps({"joined": program(JOINED), "alone": program(ALONE)}))
            command = ["node", str(PEERS / "server.mjs")]
            found.append(await self._run("Node peer", self._cores.server, command, [provider.url, str(programs)]))
        else:
            self.skipped["Node peer"] = reason
        return found

    async def _polyhire(self, provider: str) -> Server:
        environment = {
            "POLYHIRE_DATABASE_URL": f"sqlite+aiosqlite:///{self._folder}/polyhire.db",
            "POLYHIRE_KEYS_FILE": f"{self._folder}/keys",
            "POLYHIRE_BASE_URL_GREENHOUSE": provider,
        }
        command = [str(Path(sys.executable).with_name("polyhire"))]
        token = _said([*command, "token", "create", "benchmark"], environment)
        answers = ["--set", "client_id=benchmark", "--set", "client_secret=benchmark"]
        account = _said([*command, "account", "add", "greenhouse", *answers], environment)
        server = await self._run("polyhire", self._cores.server, [*command, "serve", "--port"], (), environment)
        return Server(server.name, server.url, token, server.pid, account)

    async def _run(
        self,
        name: str,
        core: int,
        command: list[str],
        more: list[str] | tuple[()] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Server:
        port = _free_port()
        process = self._started(name, core, [*command, str(port), *more], {**os.environ, **(environment or {})})
        self._stack.callback(_stop, process)
        await self._listening(name, process, port)
        return Server(name, f"http://127.0.0.1:{port}", "benchmark", process.pid)

    def _started(
        self, name: str, core: int, command: list[str], environment: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{name}.log").open("wb") as log, pinned(core):
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    async def _listening(self, name: str, process: "subprocess.Popen[bytes]", port: int) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        said = (self._folder / f"{name}.log").read_text(errors="replace")[-2000:]
        raise CannotStartError(f"the server '{name}' did not start: {said}")


def node_is_missing() -> str | None:
    """Why the Node peer can't run; None when it can. Its packages are installed the first time."""
    if shutil.which("node") is None:
        return "there is no node on this machine"
    if (PEERS / "node_modules" / ".package-lock.json").exists():
        return None
    if shutil.which("npm") is None:
        return "there is no npm on this machine to install its packages with"
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=PEERS,
        check=False,
        capture_output=True,
        text=True,
    )
    if installed.returncode:
        return f"npm ci failed in {PEERS.name}/: {installed.stderr.strip()[-300:]}"
    return None


def _said(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CannotStartError(f"{' '.join(command[1:])} failed: {done.stderr.strip()}")
    return done.stdout.split()[-1]


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
