"""The measuring: windows of load, every server in turn, round after round, so that noise falls on all alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
import orjson

from benchmarks.load import load
from benchmarks.program import ALONE
from benchmarks.rows import CONNECTIONS, TARGETS, Cell, Sample, direct_workload
from benchmarks.servers import Server

FIRST = 4400
LIST = "/unified/ats/candidates?limit=100"
GET = f"/unified/ats/candidates/{FIRST}?"
WITHOUT_JOINS = f"&fields={','.join(ALONE)}"
WITHOUT_REMOTE_DATA = "&ignore_remote_data=true"

WORKLOADS = {
    "list": LIST,
    "list, no remote_data": LIST + WITHOUT_REMOTE_DATA,
    "list, mapping alone": LIST + WITHOUT_JOINS,
    "get": GET,
    "get, no remote_data": GET + WITHOUT_REMOTE_DATA,
    "get, mapping alone": GET + WITHOUT_JOINS,
}
DIRECT = {"list": "/v3/candidates?per_page=100", "get": f"/v3/candidates?ids={FIRST}"}


class AnswersDifferError(Exception):
    """Two servers answered the same call with different records: they don't do the same work."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: which calls, rounds, and for each window its seconds and its requests at most.

    `rounds` are by the connections at a time: many connections take long, and are much alike.
    """

    workloads: tuple[str, ...]
    rounds: Mapping[int, int]
    seconds: float
    most: int = 20_000


FULL = Plan(tuple(WORKLOADS), rounds={1: 3, 16: 3, 64: 2}, seconds=0.5)
TARGETED = tuple(dict.fromkeys(workload for workload, _ in TARGETS))
QUICK = Plan(TARGETED, rounds={1: 2, 16: 2, 64: 1}, seconds=0.12, most=400)


def url_of(server: Server, workload: str) -> str:
    """Where a server answers a workload."""
    if server.name == "direct":
        return server.url + DIRECT[workload]
    account = f"&integrated_account_id={server.account}" if server.account else ""
    return server.url + WORKLOADS[workload] + account


def cells(servers: Sequence[Server], workloads: Sequence[str]) -> list[tuple[Cell, Server]]:
    """Everything to be measured in one round, the servers of a workload next to each other."""
    return [
        (Cell(server.name, workload, connections), server)
        for workload in workloads
        for connections in CONNECTIONS
        for server in servers
        if server.name != "direct" or workload == direct_workload(workload)
    ]


async def check_same_answers(servers: Sequence[Server]) -> None:
    """Every server gives the records that polyhire gives. Raises AnswersDifferError."""
    ours, *others = [server for server in servers if server.name != "direct"]
    async with aiohttp.ClientSession() as session:
        for workload in WORKLOADS:
            expected = await _records(session, ours, workload)
            for server in others:
                found = await _records(session, server, workload)
                if found != expected:
                    raise AnswersDifferError(_difference(workload, ours, expected, server, found))


async def _records(session: aiohttp.ClientSession, server: Server, workload: str) -> list[dict[str, object]]:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with session.get(url_of(server, workload), headers=headers) as response:
        body = orjson.loads(await response.read())
    if response.status != 200:
        raise AnswersDifferError(f"{server.name} answered '{workload}' with HTTP {response.status}: {body}")
    found: list[dict[str, object]] = body["result"] if workload.startswith("list") else [body]
    return found


def _difference(
    workload: str, ours: Server, expected: list[dict[str, object]], server: Server, found: list[dict[str, object]]
) -> str:
    if len(expected) != len(found):
        return f"'{workload}': {ours.name} has {len(expected)} records, {server.name} {len(found)}"
    first, second = next((a, b) for a, b in zip(expected, found, strict=True) if a != b)
    names = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    name = names[0]
    return f"'{workload}': {name} is {first.get(name)} of {ours.name} and {second.get(name)} of {server.name}"


async def measure(servers: Sequence[Server], plan: Plan) -> dict[Cell, list[Sample]]:
    """The samples of every cell: a window of each, round after round."""
    everything = cells(servers, plan.workloads)
    for cell, server in everything:  # caches, and the compilers of Node
        if cell.connections == 1:
            await load(url_of(server, cell.workload), server.token, 1, plan.seconds, plan.most)
    samples: dict[Cell, list[Sample]] = {cell: [] for cell, _ in everything}
    for number in range(max(plan.rounds.values())):
        for cell, server in everything:
            if number >= plan.rounds[cell.connections]:
                continue
            samples[cell].append(await _window(cell, server, plan))
    return samples


async def _window(cell: Cell, server: Server, plan: Plan) -> Sample:
    cpu = server.cpu_seconds()
    found = await load(url_of(server, cell.workload), server.token, cell.connections, plan.seconds, plan.most)
    return Sample(
        rate=found.rate,
        cpu=(server.cpu_seconds() - cpu) * 1000 / len(found.latencies),
        p50=found.latency(0.5) * 1000,
        p99=found.latency(0.99) * 1000,
    )
