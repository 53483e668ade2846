"""`polyhire serve` where it can't start."""

from pathlib import Path

import pytest

from tests.e2e.process import Shell

NOBODY = "postgresql+asyncpg://someone:canary@127.0.0.1:1/name"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, workers: str) -> None:
    """A server that can't start names the database, the reason and the setting, and fails, however many its workers."""
    shell = Shell(tmp_path, {"POLYHIRE_DATABASE_URL": NOBODY})
    result = shell.run("serve", "--port", "0", "--workers", workers)
    assert result.returncode == 1
    assert result.stderr.startswith("polyhire: The database 'name' at 127.0.0.1:1 can't be used")
    assert "POLYHIRE_DATABASE_URL" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "canary" not in result.stderr
