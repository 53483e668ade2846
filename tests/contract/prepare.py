"""What the contract's own client needs: the PyPI package `truto-python-sdk`, which wants Python 3.12, in its own venv.

`make test` runs this. Where there is no such Python, or no package index, the test is skipped.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SDK_NAME, SDK_VERSION = "truto-python-sdk", "0.1.6"
SDK_HASH = "sha256:c5a2f7963a823b64861fc3c9dd06f0ff5bacfc97f3d0b117d4ab2922afee77b4"
# What it needs of others, in the versions and with the hashes of our own lock file.
NEEDS = (
    "aiohappyeyeballs",
    "aiohttp",
    "aiosignal",
    "attrs",
    "frozenlist",
    "idna",
    "multidict",
    "propcache",
    "typing-extensions",
    "yarl",
)
HOME = Path(sys.prefix) / SDK_NAME / SDK_VERSION
PYTHON = HOME / "bin" / "python"
"""The Python that has the client."""

MISSING = f"{SDK_NAME} is not installed: `python -m tests.contract.prepare` does, where there is a Python 3.12"
OLDEST = (3, 12)
SECONDS = 300
LOCK = Path(__file__).parents[2] / "requirements.lock"


def pythons() -> Iterator[str]:
    """Programs that may be a Python which is new enough."""
    yield sys.executable
    for minor in (12, 13, 14):
        if found := shutil.which(f"python3.{minor}"):
            yield found
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.1[2-9].*/bin/python")))


def new_enough(program: str) -> bool:
    """Whether it runs, and is."""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([program, "-c", question], capture_output=True, check=False).returncode == 0


def requirements() -> str:
    """Every package with its hashes, so that nothing else is installed than what is known."""
    locked = dict(
        re.findall(r"^([a-z0-9-]+)(==.*?)(?=^[a-z0-9#]|\Z)", LOCK.read_text(), flags=re.DOTALL | re.MULTILINE)
    )
    lines = [f"{name}{locked[name]}" for name in NEEDS]
    return "\n".join([*lines, f"{SDK_NAME}=={SDK_VERSION} --hash={SDK_HASH}"])


def install() -> str | None:
    """Make the venv where it is missing; else why the test will be skipped."""
    if PYTHON.exists():
        return None
    program = next(filter(new_enough, pythons()), None)
    if program is None:
        return f"there is no Python {OLDEST[0]}.{OLDEST[1]} for {SDK_NAME}"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements())
        file.flush()
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in (
            [program, "-m", "venv", str(HOME)],
            [*pip, "--no-deps", "--require-hashes", "-r", file.name],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
            if done.returncode != 0:
                shutil.rmtree(HOME, ignore_errors=True)
                return f"{SDK_NAME} can't be installed: {done.stderr.strip()[-300:]}"
    return None


if __name__ == "__main__":
    trouble = install()
    if trouble is not None:
        sys.stdout.write(f"The contract's client will not be tried: {trouble}.\n")
    sys.exit(trouble is not None)
