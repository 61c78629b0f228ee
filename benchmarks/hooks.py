"""The cost of a hook: a method called directly beside the same method through its hook with 0, 1 and 3 wrappers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import process_time
from timeit import repeat
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.measure import Figure, Run
from wares import Context, Item, ItemType, Line, LineInput, Location, hookimpl
from wares.plugin_manager.calls import Calls
from wares.plugin_manager.loader import load_plugins

ROUNDS = 100_000
CALLS = 29
"""Approximate number of hook calls for a document of four lines."""
ITEM = Item(type="plain", sku="BOLT", name="Bolt")
LINE = Line("1", None, ITEM, 1_000_000, 1_000_000, Location(1, "MAIN", "Main store"), LineInput("lines[0]"))
CTX = cast(Context, SimpleNamespace())


class Plain(ItemType):
    """A type with the defaults."""

    key, title = "plain", "plain"


class Registers:
    """A plugin that registers one type."""

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        """Return the type of the item on the line."""
        return [Plain()]


class Wraps:
    """A plugin that wraps a behaviour and changes nothing."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self, line: Line, ctx: Context) -> Iterator[None]:
        """Return the owner's result unchanged."""
        return (yield)


def calls_with(wrappers: int) -> Calls:
    """Return the calls of a program with this number of wrappers around the behaviour."""
    return load_plugins(extra=[Registers(), *(Wraps() for _ in range(wrappers))], strict=True).calls


def microseconds(call: Callable[[], Any], rounds: int) -> float:
    """Return the best of five runs per call, in processor time, since a call waits for no input or output."""
    return min(repeat(call, timer=process_time, number=rounds, repeat=5)) / rounds * 1e6


def measure(run: Run) -> Iterator[Figure]:
    rounds = ROUNDS // 10 if run.quick else ROUNDS
    direct = microseconds(partial(Plain().expand, LINE, CTX), rounds)
    for wrappers in (0, 1, 3):
        taken = microseconds(partial(calls_with(wrappers).expand_line, LINE, CTX), rounds)
        measured = f"{taken:.2f} µs, {CALLS * taken:.0f} µs for a document of four lines"
        yield Figure(f"a hook with {wrappers} wrappers", measured, taken / direct, f"called directly {direct:.2f} µs")
