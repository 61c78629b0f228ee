"""Run the benchmarks and print their figures, ratios first.

python -m benchmarks [NAME...] [--quick | --full] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from importlib import import_module
from os import cpu_count
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.measure import Figure, Run

BENCHMARKS = {
    "posting": "Documents per second, beside the driver writing the same rows",
    "planning": "Planning a document, every hook included, nothing written",
    "growth": "Time and memory as the books grow",
    "late": "A backdated receipt: the recosting of later moves",
    "layers": "FIFO with 10 and with 100,000 open layers",
    "reading": "Reports of small and of large books",
    "busy": "A document of many lines, an item of many moves, a list of many items",
    "verifying": "All checks of `verify`, beside a plain read of the rows",
    "hooks": "A hook beside a method called directly",
    "plugins": "Posting with many plugins installed, beside those that come with Wares",
    "load": "Loading a long file",
    "catalog_import": "Importing items from CSV, beside the csv module alone",
    "seller": "A seller's channel files imported and matched, views of a year, product search",
}
"""Module → the title of its table."""
HEADINGS = ("", "ratio", "measured", "beside", "target", "met")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, or some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and a tenth of the sizes: rough figures only")
    parser.add_argument("--full", action="store_true", help="a seller's million lines instead of 200,000: half an hour more")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables to this file too")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    found: dict[str, list[Figure]] = {}
    console = Console()
    with ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="wares-bench-")))
        run = Run(folder, until_the_end, quick=given.quick, full=given.full)
        for name in given.names or BENCHMARKS:
            found[name] = list(import_module(f"benchmarks.{name}").measure(run))
            console.print(_table(BENCHMARKS[name], found[name]))
    if given.markdown:
        given.markdown.write_text(_markdown(found), encoding="utf-8")
    return 0


def _cells(figure: Figure) -> tuple[str, ...]:
    times = "" if figure.ratio is None else f"{figure.ratio:.2f}×"
    met = {None: "", True: "yes", False: "NO"}[figure.met]
    return figure.what, times, figure.measured, figure.beside, figure.target, met


def _table(title: str, figures: Iterable[Figure]) -> Table:
    table = Table(*HEADINGS, title=title, title_justify="left")
    for figure in figures:
        table.add_row(*map(escape, _cells(figure)))
    return table


def _markdown(found: dict[str, list[Figure]]) -> str:
    machine = f"{cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    parts = [f"Measured on {platform.system()}, {machine}.\n"]
    for name, figures in found.items():
        rule = "|---|---:|---:|---|---|---|"
        rows = [HEADINGS, *map(_cells, figures)]
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        parts.append("\n".join([f"### {BENCHMARKS[name]}\n", lines[0], rule, *lines[1:]]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
