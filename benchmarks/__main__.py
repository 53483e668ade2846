"""`python -m benchmarks`: what polyhire costs beside a direct call, a hand-written server and a Node peer."""

import argparse
import os
import sys
from collections.abc import Sequence

import uvloop

from benchmarks.measure import FULL, QUICK, WORKLOADS, AnswersDifferError, Plan, check_same_answers, measure
from benchmarks.rows import BUSY, CONNECTIONS, Cell, Figures, added, figures_of, p50, p99, rows
from benchmarks.servers import CannotStartError, Cores, Servers


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: under a minute, noisier")
    parser.add_argument("--json", action="store_true", help="one line of JSON per row, and nothing else, on stdout")
    return parser.parse_args(given)


async def run(plan: Plan) -> tuple[Figures, dict[str, str]]:
    """The figures of every server, and the peers that were skipped with the reason."""
    cores = Cores.of_this_machine()
    async with Servers(cores) as running:
        servers = await running.start()
        os.sched_setaffinity(0, {cores.load})
        await check_same_answers(servers)
        return figures_of(await measure(servers, plan)), running.skipped


def figures_table(figures: Figures) -> str:
    """What was measured, in absolute terms, as a Markdown table."""
    latencies = "".join(f" added p50 / p99 at {connections} (ms) |" for connections in CONNECTIONS)
    lines = [
        f"| call | server | requests/s per core | CPU per request (ms) |{latencies}",
        "| --- | --- | ---: | ---: |" + " ---: |" * len(CONNECTIONS),
    ]
    for workload in WORKLOADS:
        for name in dict.fromkeys(cell.server for cell in figures if cell.workload == workload):
            busy = figures[Cell(name, workload, BUSY)]
            columns = "".join(f" {_latency(figures, Cell(name, workload, count))} |" for count in CONNECTIONS)
            lines.append(f"| {workload} | {name} | {busy.rate:.0f} | {busy.cpu:.3f} |{columns}")
    return "\n".join(lines)


def _latency(figures: Figures, cell: Cell) -> str:
    if cell.server == "direct":
        sample = figures[cell]
        return f"({sample.p50:.2f} / {sample.p99:.2f} in all)"
    return f"{added(figures, cell, p50):.2f} / {added(figures, cell, p99):.2f}"


def rows_table(figures: Figures) -> str:
    """The ratios and their targets, as a Markdown table."""
    lines = ["| row | ratio | target | met |", "| --- | ---: | ---: | --- |"]
    lines += [f"| {r.name} | {r.ratio:.2f} | {r.target} | {'yes' if r.met else 'no'} |" for r in rows(figures)]
    return "\n".join(lines)


def main() -> int:
    """Measure and print; 0 also when a target is missed: the machine may have been busy."""
    asked = arguments(sys.argv[1:])
    try:
        figures, skipped = uvloop.run(run(QUICK if asked.quick else FULL))
    except (CannotStartError, AnswersDifferError, ConnectionError) as error:
        print(error, file=sys.stderr)
        return 1
    for name, reason in skipped.items():
        print(f"skipped: {name}: {reason}", file=sys.stderr)
    if asked.json:
        print("\n".join(row.as_json() for row in rows(figures)))
    else:
        print(f"{figures_table(figures)}\n\n{rows_table(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
