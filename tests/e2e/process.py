"""The command line as a process of its own, against a running sandbox."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from polyhire.conformance.client import Http

POLYHIRE = Path(sys.executable).with_name("polyhire")


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

    def run(self, *arguments: str, given: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [POLYHIRE, *arguments],
            check=False,
            input=given,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=cwd or self.home,
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
