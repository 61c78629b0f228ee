"""Measuring side by side: a run, the figures it yields, and the clock.

A machine is slower at one moment than at another, so that whatever is compared takes turns within one run, and a figure is the
median of several turns.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.postgresql_cluster import PostgresqlMissing, postgresql_keeper, postgresql_url

ENGINES = ("SQLite", "PostgreSQL")


class Figure(NamedTuple):
    """One row of the table. `ratio` compares what is measured with what stands beside it."""

    what: str
    measured: str
    ratio: float | None = None
    beside: str = ""
    target: str = ""
    met: bool | None = None


class Run:
    """One run of the benchmarks: its folder, its PostgreSQL server (durable, started at the first wish), and how long it takes."""

    def __init__(self, folder: Path, until_the_end: ExitStack, *, quick: bool, full: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.full = full
        self._until_the_end = until_the_end
        self._server: str | None = None
        self._names = count(1)

    def sizes(self, *sizes: int) -> tuple[int, ...]:
        """The sizes to measure at; a quick run takes a tenth of each."""
        return tuple(size // 10 for size in sizes) if self.quick else sizes

    def url(self, engine: str) -> str:
        """The URL of a database that is not there yet (SQLite) or empty (PostgreSQL). Raises PostgresqlMissing."""
        name = f"books{next(self._names)}"
        if engine == "SQLite":
            return f"sqlite:///{self.folder / name}.db"
        if self._server is None:
            self._server = postgresql_url(self._until_the_end.enter_context(postgresql_keeper(durable=True)))
        with psycopg.connect(self._server.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._server.replace("/postgres?", f"/{name}?")


@contextmanager
def skipping(engine: str) -> Iterator[None]:
    """Leave PostgreSQL out where there is no server."""
    try:
        yield
    except PostgresqlMissing as missing:
        print(f"left out on {engine}: {missing}")


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes; the collector of garbage runs before it, not by chance within."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor_seconds(work: Callable[[], object]) -> float:
    """The same in processor time: for what neither waits for a server nor asks how long the disk takes."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turns(
    rounds: int, *works: Callable[[int], object], clock: Callable[[Callable[[], object]], float] = seconds
) -> list[list[float]]:
    """Seconds of each work in each round, the works taking turns; they are told the round. The first round warms up."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for times, work in zip(taken, works, strict=True):
            times.append(clock(partial(work, turn)))
    return [times[1:] for times in taken]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(measured: Sequence[float], beside: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return median([one / other for one, other in zip(measured, beside, strict=True)])


def per_second(number: float, what: str) -> str:
    return f"{number:,.0f} {what}/s"


def microseconds(taken: float) -> str:
    return f"{taken * 1e6:,.0f} µs"
