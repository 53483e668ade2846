"""Finding simulators in folders, and stopping a server."""

import socket
import time
from pathlib import Path

import pytest

from polyhire.simulators.company import company
from polyhire.simulators.load import load, simulators_in
from polyhire.simulators.serve import running, sandbox

from .asking import Client
from .conftest import PROVIDERS


def write(folder: Path, slug: str, text: str) -> Path:
    """Write a simulator.py."""
    (folder / slug).mkdir(parents=True)
    path = folder / slug / "simulator.py"
    path.write_text(text)
    return path


def test_the_first_folder_wins(tmp_path: Path) -> None:
    """Two folders may have the same slug; folders without a simulator.py are passed over."""
    mine = write(tmp_path / "a", "tiny", "")
    write(tmp_path / "b", "tiny", "")
    other = write(tmp_path / "b", "other", "")
    (tmp_path / "b" / "plain").mkdir()
    assert simulators_in([tmp_path / "a", tmp_path / "b"]) == {"other": other, "tiny": mine}


def test_only_the_named_are_served() -> None:
    """A name without a simulator is refused with those there are."""
    assert list(sandbox([PROVIDERS], only=["tiny"]).stands) == ["tiny"]
    with pytest.raises(LookupError, match="no simulator for nobody; there are tiny"):
        sandbox([PROVIDERS], only=["nobody"])


def test_a_folder_is_a_package(tmp_path: Path) -> None:
    """simulator.py may import modules beside it, and two folders don't see each other's."""
    text = (
        "from polyhire.simulators.kit import Simulator, World\n"
        "from .words import SLUG\n"
        "def simulator(company):\n"
        "    return Simulator(SLUG, {}, lambda: World([], print, print))\n"
    )
    for slug in ("one", "two"):
        path = write(tmp_path, slug, text)
        path.with_name("words.py").write_text(f"SLUG = {slug!r}\n")
    assert [load(path, company()).slug for path in simulators_in([tmp_path]).values()] == ["one", "two"]


def test_simulator_must_give_a_simulator(tmp_path: Path) -> None:
    """Another value is refused with the file's path."""
    path = write(tmp_path, "odd", "def simulator(company):\n    return 3\n")
    with pytest.raises(TypeError, match="must return a Simulator, not int"):
        load(path, company())


def test_a_broken_simulator_can_be_mended(tmp_path: Path) -> None:
    """A failed import is not remembered."""
    path = write(tmp_path, "broken", "raise RuntimeError('not yet')\n")
    with pytest.raises(RuntimeError, match="not yet"):
        load(path, company())
    path.write_text((PROVIDERS / "tiny" / "simulator.py").read_text() + "\n# mended\n")
    assert load(path, company()).slug == "tiny"


def test_it_stops_at_once_with_clients_connected() -> None:
    """An idle connection that is kept alive does not hold the server up, and its port is free again."""
    with running(sandbox([PROVIDERS])) as base:
        port = int(base.rpartition(":")[2])
        idle = socket.create_connection(("127.0.0.1", port))
        assert Client(base, {}).get("/").status == 200
        start = time.monotonic()
    assert time.monotonic() - start < 1
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_taken_port_is_said() -> None:
    """A server that can't start raises instead of waiting for ever."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="in use"),
        running(sandbox([PROVIDERS]), taken.getsockname()[1]),
    ):
        pass
