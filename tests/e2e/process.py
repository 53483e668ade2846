"""The command line as a process of its own, against a running sandbox."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from polyhire.cli.main import main
from polyhire.conformance.client import Http
from tests.accounts.processes import FORKS

POLYHIRE = Path(sys.executable).with_name("polyhire")
STREAMS = ("given", "shown", "told")


@dataclass(frozen=True)
class Shell:
    """A home with its own database and keys, and the sandbox for a provider's address."""

    home: Path
    overrides: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command: nothing of the developer's own settings is in it."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("POLYHIRE_")}
        return {
            **own,
            "POLYHIRE_DATABASE_URL": f"sqlite+aiosqlite:///{self.home}/polyhire.db",
            "POLYHIRE_KEYS_FILE": str(self.home / "keys"),
            "POLYHIRE_LOG_LEVEL": "debug",
            "COLUMNS": "300",
            **self.overrides,
        }

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, in a process that has its imports behind it."""
        with tempfile.TemporaryDirectory() as folder:
            given_in, shown, told = (Path(folder) / name for name in STREAMS)
            given_in.write_text(given)
            process = FORKS.Process(target=_command, args=(arguments, self.environment, self.home, Path(folder)))
            process.start()
            process.join(60)
            if process.exitcode is None:
                process.kill()
                process.join()
                raise subprocess.TimeoutExpired(arguments, 60)
            return subprocess.CompletedProcess(arguments, process.exitcode, shown.read_text(), told.read_text())

    def installed(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as it is installed."""
        return subprocess.run(
            [POLYHIRE, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=self.home,
            timeout=60,
        )

    def out(self, *arguments: str, given: str = "") -> str:
        """What a command that must succeed prints."""
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def serving(self, log: Path) -> Iterator[str]:
        """`polyhire serve` on a free port, everything that it prints in a file."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with log.open("wb") as file:
            process = subprocess.Popen(
                [POLYHIRE, "serve", "--port", str(port)],
                stdout=file,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.home,
            )
            try:
                yield _once_up(f"http://127.0.0.1:{port}", process)
            finally:
                process.terminate()
                process.wait(10)


def _command(arguments: tuple[str, ...], environment: Mapping[str, str], home: Path, folder: Path) -> None:
    """Become the command: its streams, environment, folder and arguments, and then its program."""
    for number, name in enumerate(STREAMS):
        file = os.open(folder / name, os.O_CREAT | (os.O_WRONLY if number else os.O_RDONLY), 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115  # to the very end
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(home)
    sys.argv = [str(POLYHIRE), *arguments]
    sys.exit(main())  # type: ignore[func-returns-value]  # as the installed script does


def _once_up(url: str, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(200):
        assert process.poll() is None, "the server ended"
        client = Http(url)
        try:
            if client.ask("GET", "/ping").status == 200:
                return url
        except OSError:
            time.sleep(0.05)
        finally:
            client.close()
    raise AssertionError("the server does not answer")
