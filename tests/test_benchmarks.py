"""What the benchmark says is what was measured."""

import asyncio
from pathlib import Path

import orjson
import pytest
from benchmarks import handwritten, pages
from benchmarks.__main__ import arguments, figures_table, rows_table
from benchmarks.load import load, percentile
from benchmarks.measure import FULL, QUICK, cells
from benchmarks.program import candidates
from benchmarks.rows import CONNECTIONS, TARGETS, Cell, Figures, Sample, Target, added, figures_of, p50, rows
from benchmarks.servers import Server
from benchmarks.upstream import key_of

from polyhire.engine.offline import map_answer
from polyhire.manifest.catalog import Catalog, shipped


def _sample(scale: float) -> Sample:
    return Sample(rate=1000 / scale, cpu=scale, p50=2 + scale, p99=5 + scale)


def _figures(**scales: float) -> Figures:
    names = {"direct": "direct", "polyhire": "polyhire", "hand": "hand-written", "node": "Node peer"}
    workloads = [*(workload for workload, _ in TARGETS), "list", "get"]
    return {
        Cell(names[server], workload, count): _sample(scale)
        for server, scale in scales.items()
        for workload in workloads
        for count in CONNECTIONS
    }


def test_ratios_are_of_polyhire_to_the_peer() -> None:
    """Half the peer's CPU is a ratio of 0.5, and twice its throughput one of 2."""
    found = {row.name: row for row in rows({**_figures(polyhire=4, hand=8, node=40), **_direct()})}
    assert found["list: CPU per request, polyhire / hand-written"].ratio == 0.5
    assert found["list: throughput per core, polyhire / hand-written"].ratio == 2
    assert found["list: added p50 at 16, polyhire / Node peer"].ratio == 0.1


def _direct() -> Figures:
    return {Cell("direct", call, count): Sample(9000, 0.01, 2, 5) for call in ("list", "get") for count in CONNECTIONS}


def test_added_latency_is_what_the_direct_call_does_not_take() -> None:
    """The direct call's own latency, at the same connections, is taken off; nothing is faster than it."""
    figures = {**_figures(polyhire=4), **_direct()}
    assert added(figures, Cell("polyhire", "list", 1), p50) == 4
    assert added({**figures, Cell("polyhire", "list", 1): Sample(1, 1, 0, 0)}, Cell("polyhire", "list", 1), p50) > 0


def test_a_peer_that_is_not_there_has_no_rows() -> None:
    """Without Node the rows of the hand-written server remain, and only those."""
    names = [row.name for row in rows({**_figures(polyhire=4, hand=8), **_direct()})]
    assert names
    assert all(name.endswith("hand-written") for name in names)


@pytest.mark.parametrize(
    ("target", "ratio", "met"),
    [(Target("<=", 1.7), 1.7, True), (Target("<=", 1.7), 1.71, False), (Target(">=", 4), 3.9, False)],
)
def test_targets(target: Target, ratio: float, met: bool) -> None:
    """A bound belongs to what it allows."""
    assert target.is_met_by(ratio) is met


def test_a_row_is_one_line_of_json() -> None:
    """Every line of --json has row, ratio, target and met, and nothing else."""
    for row in rows({**_figures(polyhire=4, hand=8, node=9), **_direct()}):
        line = orjson.loads(row.as_json())
        assert list(line) == ["row", "ratio", "target", "met"]
        assert line["met"] is row.target.is_met_by(row.ratio)


def test_tables_show_every_row_and_server() -> None:
    """The tables have a line for each row, and for each call and server."""
    figures = {**_figures(polyhire=4, hand=8, node=9), **_direct()}
    assert len(rows_table(figures).splitlines()) == 2 + len(list(rows(figures)))
    assert "| list | hand-written | 125 | 8.000 |" in figures_table(figures)


def test_one_noisy_window_moves_no_figure() -> None:
    """A figure is the median of its windows."""
    cell = Cell("polyhire", "list", 1)
    assert figures_of({cell: [_sample(2), _sample(90), _sample(2)]})[cell] == _sample(2)


def test_percentiles() -> None:
    """p50 is the middle, p99 of few values the largest."""
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3


def test_quick_measures_all_that_has_a_target() -> None:
    """--quick leaves out calls without targets, never one with."""
    assert arguments(["--quick", "--json"]).quick
    assert {workload for workload, _ in TARGETS} <= set(QUICK.workloads) < set(FULL.workloads)
    servers = [Server(name, "http://x", "", 0) for name in ("direct", "polyhire")]
    measured = {cell for cell, _ in cells(servers, QUICK.workloads)}
    assert {Cell("direct", call, count) for call in ("list", "get") for count in CONNECTIONS} <= measured


def test_the_page_is_a_real_ones_size() -> None:
    """A page has 100 candidates in 160 to 190 KB, the same every time."""
    body = pages.answers()["/v3/candidates"]
    assert len(orjson.loads(body)) == 100
    assert 160_000 < len(body) < 190_000
    assert body == pages.answers()["/v3/candidates"]


def test_the_provider_answers_by_what_is_asked() -> None:
    """One record, a page, and the second half of the attachments are different answers."""
    assert key_of("/v3/candidates?ids=4400") == "first=/v3/candidates"
    assert key_of("/v3/candidates?per_page=100") == "/v3/candidates"
    assert key_of("/v3/attachments?per_page=500&candidate_ids=4450%2C4451") == "rest=/v3/attachments"
    assert key_of("/v3/attachments?per_page=500&candidate_ids=4400%2C4401") == "/v3/attachments"


async def test_the_hand_written_mapping_gives_polyhires_records() -> None:
    """The ceiling does the same work: record for record what the engine makes of the page."""
    ready = pages.answers()
    files = [*orjson.loads(ready["/v3/attachments"]), *orjson.loads(ready["rest=/v3/attachments"])]
    lookups = {
        "applications": ready["/v3/applications"],
        "attachments": orjson.dumps(files),
        "known_tags": ready["/v3/candidate_tags"],
    }
    integration = Catalog([shipped()]).integration("greenhouse")
    shaped = await map_answer(integration, "candidates", "list", ready["/v3/candidates"], lookups=lookups)
    applied = handwritten.grouped(orjson.loads(ready["/v3/applications"]))
    tag_ids = {tag["name"]: str(tag["id"]) for tag in pages.tags()}
    held = handwritten.grouped(files)
    for ours, raw in zip(shaped.records, orjson.loads(ready["/v3/candidates"]), strict=True):
        theirs = handwritten.candidate(raw, applied.get(raw["id"], []), held.get(raw["id"], []), tag_ids, True)
        assert theirs == {name: value for name, value in ours.items() if name != "remote_data"}
    assert set(lookups) == set(candidates().lookups)


async def test_the_load_counts_whole_answers() -> None:
    """An answer counts once all of it is there, however it comes; no more are asked for than said."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            for piece in (b"HTTP/1.1 200 OK\r\nContent-", b"Length: 4\r\n\r\nab", b"cd"):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.005)

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()
            await writer.wait_closed()

    async with await asyncio.start_server(served, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await load(f"http://127.0.0.1:{port}/x", "token", connections=2, seconds=5, most=6)
        await asyncio.sleep(0.05)  # for the server to see that both callers hung up
    assert len(found.latencies) == 6
    assert min(found.latencies) > 0.009


def test_the_peers_lock_file_is_there() -> None:
    """The Node peer's packages are pinned."""
    peers = Path(__file__).parents[1] / "benchmarks" / "peers"
    wanted = orjson.loads((peers / "package.json").read_bytes())["dependencies"]
    locked = orjson.loads((peers / "package-lock.json").read_bytes())["packages"]
    assert {f"node_modules/{name}" for name in wanted} <= set(locked)
