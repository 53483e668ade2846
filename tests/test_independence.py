"""The engine knows no provider, and the project no machine."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
SLUGS = sorted(path.parent.name for path in (ROOT / "integrations").glob("*/integration.yaml"))

MACHINE = re.compile(rb"(?<![\w.}])/(?:home|Users|root)/[a-z]|(?<![\w.}])/work/|[A-Z]:\\\\Users")


def test_the_engine_names_no_provider() -> None:
    """No folder name of integrations/ stands in src/, in any case."""
    assert SLUGS
    words = re.compile(rb"(?i)\b(" + "|".join(SLUGS).encode() + rb")\b")
    found = []
    for file in sorted(path for path in (ROOT / "src").rglob("*") if path.is_file() and path.suffix != ".pyc"):
        found += [f"{file.relative_to(ROOT)}: {match[0].decode()}" for match in words.finditer(file.read_bytes())]
    assert found == []


def test_no_file_knows_a_developers_machine() -> None:
    """Nothing that is tracked refers to an absolute path of the machine it was written on."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    found = []
    for name in filter(None, tracked):
        file = ROOT / name.decode()
        if file != Path(__file__) and file.is_file() and (match := MACHINE.search(file.read_bytes())):
            found.append(f"{file.relative_to(ROOT)}: {match[0].decode(errors='replace')}")
    assert found == []
