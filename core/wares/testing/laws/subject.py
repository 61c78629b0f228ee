"""The subject of a test: a plugin, an object of it, and a company in which it is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from wares.books import Books
from wares.errors import Refused, WaresError
from wares.plugin_manager.blame import CORE
from wares.plugin_manager.loader import Plugins
from wares.testing.laws import LawBroken
from wares.testing.small_company import company, plugins_with, record
from wares.values import JsonObject, Record

if TYPE_CHECKING:
    from wares.contract.channel import Channel
    from wares.contract.item_type import ItemType
    from wares.contract.report import Report
    from wares.model import Posted

Number = int | Decimal


@dataclass(kw_only=True)
class Subject:
    """A plugin under test, with a company in memory."""

    plugin: object
    """A module or an object; None is the core."""
    others: Sequence[object] = ()
    """Plugins that it builds on."""
    needs: Sequence[Record] = ()
    """Records that the test needs first."""
    _companies: list[Books] = field(default_factory=list)

    @cached_property
    def plugins(self) -> Plugins:
        """The bundled plugins, `others` and the plugin, loaded strictly."""
        return plugins_with(*self.others, self.plugin)

    @cached_property
    def name(self) -> str:
        """The plugin's name, as the loader gave it."""
        if self.plugin is None:
            return CORE
        return self.plugins.manager.get_name(self.plugin) or type(self.plugin).__name__

    def records(self) -> Sequence[Record]:
        """Return the records of the company before a test begins."""
        return self.needs

    @cached_property
    def _base(self) -> Books:
        books = company(self.plugins)
        self._companies.append(books)
        try:
            record(books, self.records())
        except WaresError as error:
            raise LawBroken(f"the example, or a record that it needs, cannot be recorded: {error}; {error.hint}") from error
        return books

    @contextmanager
    def books(self, plugins: Plugins | None = None) -> Iterator[Books]:
        """Give the company for one test and roll back all changes at its end."""
        from sqlalchemy.orm import Session

        with Session(self._base.engine) as session:
            try:
                yield Books(session, plugins=plugins or self.plugins)
            finally:
                session.rollback()

    def seen_by(self, books: Books, plugins: Plugins) -> Books:
        """Return the same company, in the same transaction, with other plugins."""
        return Books(books.session, plugins=plugins)

    def close(self) -> None:
        """Close the company."""
        while self._companies:
            self._companies.pop().close()


def parted(records: Sequence[Record], key: str) -> tuple[Sequence[Record], Record, Sequence[Record]]:
    """Split the `example_records` of an item type into the records that its example needs, the example, and the records that
    follow it. Raises LawBroken."""
    if not all(isinstance(record, Mapping) for record in records):
        raise LawBroken(f"the example_records of {key} are not all records")
    places = [place for place, record in enumerate(records) if record.get("type") == key]
    if not places:
        raise LawBroken(f"none of the example_records is an item of type {key}")
    return records[: places[-1]], records[places[-1]], records[places[-1] + 1 :]


@dataclass(kw_only=True)
class ItemCase(Subject):
    """An item type under test."""

    key: str
    """Key of the type."""
    example: Record
    """Record of an item of the type."""
    follows: Sequence[Record] = ()
    """Records that build on the example."""

    @property
    def kind(self) -> ItemType:
        """The registered type."""
        return self.plugins.registry.item_types[self.key]

    @property
    def sku(self) -> str:
        return str(self.item_record["sku"])

    @property
    def item_record(self) -> JsonObject:
        """The example with its record kind, type and SKU."""
        return {"record": "item", "type": self.key, "sku": f"EXAMPLE-{self.key.upper()}", **self.example}

    def records(self) -> Sequence[Record]:
        return [*self.needs, self.item_record, *self.follows]

    def lines(self, quantity: Number, *, sku: str | None = None, **keys: object) -> list[JsonObject]:
        """Return the lines that sell or buy this quantity of the example; a calculation stands below a row of 100.00."""
        own = {**self.kind.example_line(sku or self.sku, quantity), **keys}
        if not self.kind.calculates:
            return [own]
        return [{"description": "goods", "amount": "100.00"}, own]

    @property
    def sides(self) -> tuple[str, ...]:
        """The document types on which it may stand, one for each side of the business."""
        return ("invoice",) * self.kind.sold + ("bill",) * self.kind.bought


@dataclass(kw_only=True)
class DocumentCase(Subject):
    """A document type under test; `needs` holds the records and documents that its example needs."""

    key: str
    """Key of the type."""
    example: Record
    """Record of a document of the type."""

    @property
    def document(self) -> JsonObject:
        """The example as `Books.post` takes it."""
        return {name: value for name, value in self.example.items() if name not in ("record", "type")}


@dataclass(kw_only=True)
class ReportCase(Subject):
    """A report under test; `needs` holds records after which it has rows to show."""

    key: str
    """Key of the report."""
    parameters: Record = field(default_factory=dict)
    """The parameters with which it is run."""

    @property
    def kind(self) -> Report:
        """The registered report."""
        return self.plugins.registry.reports[self.key]

    @contextmanager
    def empty_books(self) -> Iterator[Books]:
        """Give a company without records."""
        books = company(self.plugins)
        try:
            yield books
        finally:
            books.close()


@dataclass(kw_only=True)
class ChannelCase(Subject):
    """A sales channel under test."""

    key: str
    """Key of the channel."""
    examples: Mapping[str, str]
    """Key of a report → text of an example file."""

    @property
    def kind(self) -> Channel:
        """The registered channel."""
        return self.plugins.registry.channels[self.key]


def rows_of(posted: Posted) -> list[tuple[str | None, str, Decimal, Decimal]]:
    """Return every row as (item, kind, quantity, amount)."""
    return [(row["item"], row["kind"], row["quantity"], row["amount"]) for row in posted.lines]


def entries_of(posted: Posted) -> list[tuple[object, ...]]:
    """Return every posting as (account, role, debit, credit, item, line)."""
    return [tuple(entry[key] for key in ("account", "role", "debit", "credit", "item", "line")) for entry in posted.entries]


def refusal_of(call: Callable[[], object]) -> str | None:
    """Return the issues of a refused call as one line; None if it is not refused."""
    try:
        call()
    except Refused as refused:
        return "; ".join(str(issue) for issue in refused.issues)
    return None
