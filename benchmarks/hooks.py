"""What a hook costs: a method called directly beside the same method through its hook with 0, 1 and 3 wrappers.

    python -m benchmarks.hooks

About 29 such calls are made for a document of four lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from timeit import repeat
from types import SimpleNamespace
from typing import Any, cast

from wares import Context, Expansion, Item, ItemType, Line, LineInput, Location, hookimpl
from wares.plugins.calls import Calls
from wares.plugins.loader import load_plugins

ROUNDS = 100_000
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
        """The type of the item on the line."""
        return [Plain()]


class Wraps:
    """A plugin that wraps a behaviour and changes nothing."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self, line: Line, ctx: Context) -> Iterator[None]:
        """Let it pass."""
        return (yield)


def calls_with(wrappers: int) -> Calls:
    """The calls of a program with so many wrappers around the behaviour."""
    return load_plugins(extra=[Registers(), *(Wraps() for _ in range(wrappers))], strict=True).calls


def microseconds(call: Callable[[], Any]) -> float:
    """The best of five runs, per call."""
    return min(repeat(call, number=ROUNDS, repeat=5)) / ROUNDS * 1e6


def main() -> None:
    """Print a row per way of calling, with its ratio to the direct call."""
    rows: list[tuple[str, Callable[[], Expansion]]] = [("direct", partial(Plain().expand, LINE, CTX))]
    for wrappers in (0, 1, 3):
        rows.append((f"hook, {wrappers} wrappers", partial(calls_with(wrappers).expand_line, LINE, CTX)))
    direct = microseconds(rows[0][1])
    for name, call in rows:
        taken = microseconds(call)
        print(f"{name:<18}{taken:8.2f} µs{taken / direct:8.1f} ×{29 * taken:10.1f} µs for a document of four lines")


if __name__ == "__main__":
    main()
