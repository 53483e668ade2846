"""What the figures mean: each row is one ratio of polyhire to a peer, with the target it should meet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

import orjson

CONNECTIONS = (1, 16, 64)
BUSY = 16
"""Throughput and CPU are read at so many connections."""


@dataclass(frozen=True)
class Sample:
    """One window: requests per second, CPU milliseconds per request, and latencies in milliseconds."""

    rate: float
    cpu: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Cell:
    """Where a sample belongs: a server, what was asked of it, and the connections at a time."""

    server: str
    workload: str
    connections: int


Samples = Mapping[Cell, list[Sample]]
Figures = Mapping[Cell, Sample]


@dataclass(frozen=True)
class Target:
    """What a ratio should be: at most, or at least, `bound`."""

    sign: Literal["<=", ">="]
    bound: float

    def is_met_by(self, ratio: float) -> bool:
        """Whether the ratio is within the bound."""
        return ratio <= self.bound if self.sign == "<=" else ratio >= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """One line of the answer."""

    name: str
    ratio: float
    target: Target

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.target.is_met_by(self.ratio)

    def as_json(self) -> str:
        """The row as one line of JSON."""
        row: dict[str, Any] = {
            "row": self.name,
            "ratio": round(self.ratio, 3),
            "target": str(self.target),
            "met": self.met,
        }
        return orjson.dumps(row).decode()


@dataclass(frozen=True)
class Bounds:
    """The targets of one workload against one peer: CPU and added latency at most, throughput at least."""

    cpu: float
    throughput: float
    p50: float
    p99: float


TARGETS: dict[tuple[str, str], Bounds] = {
    ("list, mapping alone", "hand-written"): Bounds(cpu=1.7, throughput=0.6, p50=1.7, p99=2.2),
    ("list, mapping alone", "Node peer"): Bounds(cpu=0.25, throughput=4.0, p50=0.25, p99=0.4),
    ("list", "hand-written"): Bounds(cpu=1.7, throughput=0.6, p50=1.7, p99=2.2),
    ("list", "Node peer"): Bounds(cpu=0.25, throughput=4.0, p50=0.25, p99=0.4),
    ("get, mapping alone", "Node peer"): Bounds(cpu=0.6, throughput=1.6, p50=0.6, p99=0.8),
    ("get", "Node peer"): Bounds(cpu=0.6, throughput=1.6, p50=0.6, p99=0.8),
}


def figures_of(samples: Samples) -> Figures:
    """The median of every window of a cell, figure by figure: a noisy window moves none of them far."""
    return {
        cell: Sample(
            rate=median(sample.rate for sample in taken),
            cpu=median(sample.cpu for sample in taken),
            p50=median(sample.p50 for sample in taken),
            p99=median(sample.p99 for sample in taken),
        )
        for cell, taken in samples.items()
    }


def direct_workload(workload: str) -> str:
    """The direct call that a workload is compared with: the same records, straight from the provider."""
    return workload.split(",")[0]


def added(figures: Figures, cell: Cell, figure: Callable[[Sample], float]) -> float:
    """Milliseconds that a server adds to the direct call at the same number of connections; never below 1 us."""
    direct = figures[Cell("direct", direct_workload(cell.workload), cell.connections)]
    return max(figure(figures[cell]) - figure(direct), 0.001)


def rows(figures: Figures) -> Iterator[Row]:
    """Every row that the servers which ran allow."""
    for (workload, peer), bounds in TARGETS.items():
        if Cell(peer, workload, BUSY) in figures:
            yield from _rows_of(figures, workload, peer, bounds)


def _rows_of(figures: Figures, workload: str, peer: str, bounds: Bounds) -> Iterator[Row]:
    ours, theirs = figures[Cell("polyhire", workload, BUSY)], figures[Cell(peer, workload, BUSY)]
    name = f"{workload}: {{}}, polyhire / {peer}"
    yield Row(name.format("CPU per request"), ours.cpu / theirs.cpu, Target("<=", bounds.cpu))
    yield Row(name.format("throughput per core"), ours.rate / theirs.rate, Target(">=", bounds.throughput))
    for connections in CONNECTIONS:
        for label, figure, bound in (("p50", p50, bounds.p50), ("p99", p99, bounds.p99)):
            ratio = added(figures, Cell("polyhire", workload, connections), figure) / added(
                figures, Cell(peer, workload, connections), figure
            )
            yield Row(name.format(f"added {label} at {connections}"), ratio, Target("<=", bound))


def p50(sample: Sample) -> float:
    """The latency in milliseconds that half of the requests stayed within."""
    return sample.p50


def p99(sample: Sample) -> float:
    """The latency in milliseconds that 99 of 100 requests stayed within."""
    return sample.p99
