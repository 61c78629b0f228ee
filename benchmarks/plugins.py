"""Posting with the bundled plugins alone beside posting with 40 plugins: the cost of plugins that a document does not use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import process_time
from typing import Any

from benchmarks.measure import Figure, Run, median, microseconds, ratio
from benchmarks.shop import invoice, open_shop
from wares import (
    Attributes,
    Books,
    Context,
    Document,
    DocumentType,
    Issue,
    Item,
    ItemType,
    Masters,
    Question,
    RecordType,
    Side,
    hookimpl,
)
from wares.books import default_plugins
from wares.plugin_manager.loader import Plugins, load_plugins

MANY = 40
"""Number of plugins, with the bundled ones."""
BATCH = 500
AT_MOST = 1.1
"""Largest ratio to posting with the bundled plugins alone."""


class Registers:
    """A plugin like most: it registers an item type, a document type, a record type and a question."""

    def __init__(self, number: int) -> None:
        self.number = number

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        """Return its own item type."""
        key = f"thing_{self.number}"
        return [type("Thing", (ItemType,), {"key": key, "title": key, "Attributes": Attributes})()]

    @hookimpl
    def wares_document_types(self) -> list[DocumentType]:
        """Return its own document type."""
        key = f"note_{self.number}"
        facts = {"key": key, "title": key, "prefix": f"NOTE{self.number}", "side": Side.LEDGER, "has_lines": False}
        return [type("Note", (DocumentType,), facts)()]

    @hookimpl
    def wares_record_types(self) -> list[RecordType]:
        """Return its own record type."""
        return [type("Shift", (RecordType,), {"key": f"shift_{self.number}", "translate": lambda *_: ()})()]

    @hookimpl
    def wares_questions(self) -> list[Question]:
        """Return its own question."""
        return [Question(key=f"is_{self.number}", text="Is it one?", type=f"thing_{self.number}", because="you say so")]


class Listens(Registers):
    """A plugin that also checks each document and item and finds no problem."""

    @hookimpl
    def wares_validate_item(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Find no problem."""
        return ()

    @hookimpl
    def wares_before_post(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Find no problem."""
        return ()

    @hookimpl
    def wares_posted(self, document: Any) -> None:
        """Do nothing."""


def measure(run: Run) -> Iterator[Figure]:
    bundled = default_plugins()
    count = len(bundled.records)
    more = range(count, MANY)
    rounds = 3 if run.quick else 11
    shops = {
        f"{count} plugins, those that come with Wares": _shop(run, bundled),
        f"{MANY} plugins, {MANY - count} with types of their own": _shop(run, load_plugins(extra=[Registers(one) for one in more])),
        f"{MANY} plugins, {MANY - count} of which look at each document": _shop(
            run, load_plugins(extra=[Listens(one) for one in more])
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in shops}
    for turn in range(rounds + 1):
        for name, books in shops.items():
            taken[name].append(_post(books, turn))
    (_, first), *others = ((name, times[1:]) for name, times in taken.items())
    for number, (name, times) in enumerate(others):
        times_as_long = ratio(times, first)
        target, met = (f"≤ {AT_MOST}×", times_as_long <= AT_MOST) if number == 0 else ("", None)
        beside = f"{count} plugins {microseconds(median(first))}"
        yield Figure(name, f"{microseconds(median(times))} a document", times_as_long, beside, target, met)
    for books in shops.values():
        books.close()


def _shop(run: Run, plugins: Plugins) -> Books:
    return open_shop(run.url("SQLite"), plugins=plugins)


def _post(books: Books, turn: int) -> float:
    """Return the seconds of processor time for each document, 500 in a batch, with the writing of rows."""
    records = [invoice(turn * BATCH + document) for document in range(BATCH)]
    started = process_time()
    books.post_many(records)
    return (process_time() - started) / BATCH
