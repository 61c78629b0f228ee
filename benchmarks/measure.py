"""Measuring side by side: a run, its figures, and the clock.

The speed of a machine varies from one moment to the next, so the compared works take turns within one run, and a figure is the
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
    """One row of the table."""

    what: str
    """Name of the work."""
    measured: str
    """The measured figure with its unit."""
    ratio: float | None = None
    """The measured figure divided by the one beside it."""
    beside: str = ""
    """The figure of the work that it is compared with."""
    target: str = ""
    """The figure or ratio to reach."""
    met: bool | None = None
    """True if the target is reached; None without a target."""


class Run:
    """One run of the benchmarks: its folder, its sizes, and its PostgreSQL server (durable, started at the first use)."""

    def __init__(self, folder: Path, until_the_end: ExitStack, *, quick: bool, full: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.full = full
        self._until_the_end = until_the_end
        self._server: str | None = None
        self._names = count(1)

    def sizes(self, *sizes: int) -> tuple[int, ...]:
        """Return the sizes to measure; a tenth of each in a quick run."""
        return tuple(size // 10 for size in sizes) if self.quick else sizes

    def url(self, engine: str) -> str:
        """Return the URL of a database that does not exist yet (SQLite) or is empty (PostgreSQL). Raises PostgresqlMissing."""
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
    """Skip PostgreSQL if there is no server."""
    try:
        yield
    except PostgresqlMissing as missing:
        print(f"left out on {engine}: {missing}")


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of the work; the garbage collector runs before it, so that it does not run by chance within."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the seconds of processor time, for work that does not wait for a server and without the time of the disk."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turns(
    rounds: int, *works: Callable[[int], object], clock: Callable[[Callable[[], object]], float] = seconds
) -> list[list[float]]:
    """Return the seconds of each work in each round. The works take turns and get the number of the round; the first round, a
    warm-up, is left out."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for times, work in zip(taken, works, strict=True):
            times.append(clock(partial(work, turn)))
    return [times[1:] for times in taken]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(measured: Sequence[float], beside: Sequence[float]) -> float:
    """Return the median of the rounds' ratios."""
    return median([one / other for one, other in zip(measured, beside, strict=True)])


def per_second(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}/s"


def microseconds(taken: float) -> str:
    return f"{taken * 1e6:,.0f} µs"
