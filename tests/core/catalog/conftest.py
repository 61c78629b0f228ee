"""A shop for each test: a company of its own in a migrated database, and a few types of item to fill it with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

import wares
from wares.catalog.items import Catalogue
from wares.catalog.masters import MasterBook
from wares.contract.item_type import Attributes, ItemType
from wares.costing.method import CostMethod
from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook
from wares.model import Item, Masters
from wares.plugin_manager.registry import Owner, Registered, Registry
from wares.storage import tables
from wares.storage.database import insert_many, open_engine, read, write
from wares.storage.revisions import migrate
from wares.storage.unit import Reader, Unit
from wares.testing.databases import own_database
from wares.values import SCALE

_company_ids = itertools.count(1)

# --- types of item ---------------------------------------------------------------------------------------------------


class Stock(ItemType):
    key, title, tracked = "stock", "Stock", True

    class Attributes(wares.Attributes):
        color: str | None = None
        gauge: Decimal | None = None


class Assembly(ItemType):
    key, title, tracked = "assembly", "Assembly", True
    content_types = frozenset({"stock", "assembly", "service"})

    def may_change_components(self, item: Item, masters: Masters) -> Issue | None:
        if masters.on_hand(item) and masters.received_by(item, "build"):
            return Issue("BOM_LOCKED", f"{item.sku} is on hand", path="components")
        return None


class Kit(ItemType):
    key, title = "kit", "Kit"
    content_types = frozenset({"stock", "assembly", "service"})
    needs_contents = True

    def availability(self, item: Item, own: int, contents: Mapping[int, int | None]) -> int | None:
        limits = [left * SCALE // edge.quantity for edge in item.contents if (left := contents[edge.item_id]) is not None]
        return min(limits) // SCALE * SCALE if limits else None


class Service(ItemType):
    key, title = "service", "Service"

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        if item.price is None:
            yield Issue("SERVICE_RATE", f"{item.sku} has no rate", path="price")


class Matrix(ItemType):
    key, title, sold, bought = "matrix", "Matrix", False, False

    class Attributes(Attributes):
        axes: dict[str, tuple[str, ...]] = {}

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        for variant in item.variants:
            if set(variant.values or {}) != set(item.attributes.axes):
                yield Issue("VARIANT_VALUES", f"{variant.sku} needs a value on each axis of {item.sku}")

    def missing_variants(self, item: Item, masters: Masters) -> Iterable[Mapping[str, Any]]:
        return []


class Average(CostMethod):
    key, title = "average", "Average"

    def fold(self, opening: Any, moves: Any) -> Iterator[Any]:
        raise NotImplementedError


class Fifo(Average):
    key, title = "fifo", "FIFO"


class Standard(Average):
    key, title, fixed_rate = "standard", "Standard", True


TYPES = (Stock, Assembly, Kit, Service, Matrix)
METHODS = (Average, Fifo, Standard)


def a_registry(*, without: str = "") -> Registry:
    """These types and methods, as the loader would have registered them."""
    registry = Registry()
    owner = Owner("toys", "toys", "1")
    types = [Registered("item_types", kind.key, kind()) for kind in TYPES if kind.key != without]
    registry.add(owner, types + [Registered("cost_methods", method.key, method()) for method in METHODS])
    return registry


class AskTheType:
    """Validation by the owning type alone."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def validate_item(self, item: Item, masters: Masters) -> list[Issue]:
        return list(self.registry.type_of(item).validate(item, masters))


# --- the shop --------------------------------------------------------------------------------------------------------


class Shop:
    """One company's catalogue, a transaction at a time."""

    def __init__(self, engine: Engine, company_id: int) -> None:
        self.engine = engine
        self.company_id = company_id
        self.registry = a_registry()

    @contextmanager
    def writing(self) -> Iterator[Catalogue]:
        with write(self.engine) as connection:
            unit = Unit.lock(connection, self.company_id)
            masters = MasterBook(unit, AccountBook.load(unit), self.registry.item_types)
            yield Catalogue(unit, masters, AskTheType(self.registry), self.registry)
            unit.save()

    @contextmanager
    def reading(self) -> Iterator[MasterBook]:
        with read(self.engine) as connection:
            reader = Reader.open(connection, self.company_id)
            yield MasterBook(reader, AccountBook.load(reader), self.registry.item_types)

    def put(self, *records: Mapping[str, Any], **options: bool) -> list[tuple[str, str, tuple[str, ...]]]:
        with self.writing() as catalogue:
            return [(change.sku, change.action, change.fields) for change in catalogue.put(records, **options)]

    def refused(self, *records: Mapping[str, Any], **options: bool) -> list[tuple[str, str]]:
        """(code, path) of every Issue."""
        with pytest.raises(Refused) as refusal:
            self.put(*records, **options)
        return [(issue.code, issue.path) for issue in refusal.value.issues]

    def item(self, sku: str) -> Item:
        with self.reading() as masters:
            return masters.item(sku)

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with read(self.engine) as connection:
            return Reader.open(connection, self.company_id).rows(statement, *parameters)

    def insert(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Rows as another room would have written them; what is not given is 0, "" or null."""
        with write(self.engine) as connection:
            found = tables.metadata.tables[f"{tables.PREFIX}{table}"]
            insert_many(connection, found, [_row(found, {"company_id": self.company_id, **row}) for row in rows])

    def has_moved(self, sku: str, quantity: int = 0) -> None:
        """The item has a pool, and `quantity` on hand."""
        item = self.item(sku)
        self.insert("pool", {"pool_id": item.id + 10_000, "item_id": item.id, "method": "average", "quantity": quantity})
        self.insert("stock", {"item_id": item.id, "location_id": 1, "on_hand": quantity})


def _row(table: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    def empty(column: Any) -> Any:
        if column.nullable:
            return None
        return "" if column.type.python_type is str else 0

    return tuple(values.get(column.name, empty(column)) for column in table.columns)


@pytest.fixture(scope="session")
def sqlite_books() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_books(postgresql_url: str) -> Iterator[Engine]:
    with own_database(postgresql_url) as url:
        engine = open_engine(url)
        migrate(engine)
        yield engine
        engine.dispose()


def _new_company(connection: Connection) -> int:
    company_id = next(_company_ids)
    head = {"company_id": company_id, "code": f"C{company_id}", "name": "Shop", "currency": "USD", "decimals": 2}
    row = _row(tables.company_head, {**head, "next_id": 100, "next_sequence": 1, "next_entry": 1})
    insert_many(connection, tables.company_head, [row])
    insert_many(connection, tables.location, [(company_id, 1, "MAIN", "Main store", 1)])
    accounts = (("1300", "asset", '["inventory"]'), ("1310", "asset", '["inventory"]'), ("5000", "expense", '["cogs"]'))
    rows = [(company_id, 10 + place, code, code, kind, roles, 1) for place, (code, kind, roles) in enumerate(accounts)]
    insert_many(connection, tables.account, rows)
    return company_id


@pytest.fixture
def new_shop() -> Callable[[Engine], Shop]:
    def make(engine: Engine) -> Shop:
        with write(engine) as connection:
            company_id = _new_company(connection)
        return Shop(engine, company_id)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, new_shop: Callable[[Engine], Shop]) -> Shop:
    """An empty shop with location MAIN and accounts 1300, 1310 (inventory) and 5000 (cogs)."""
    return new_shop(request.getfixturevalue(f"{request.param}_books"))
