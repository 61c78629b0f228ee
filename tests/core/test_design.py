"""Rules of the design that no single room holds: how the distribution is laid out, what is public, what a transaction sends."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import wares
import wares.cli
import wares.storage
import wares.testing
from wares import Books
from wares.contract import hookspecs
from wares.plugin_manager.contract import known_hooks

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# --- layout ----------------------------------------------------------------------------------------------------------


def test_every_package_is_in_the_wheel_and_its_folder_is_none() -> None:
    """Roots on the path, so that editors and type checkers follow imports without a hook."""
    packages = ["core/wares", *(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("plugins/*/wares_*/__init__.py"))]
    assert sorted(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(packages)
    assert [str(root) for package in packages for root in Path(package).parents if (ROOT / root / "__init__.py").exists()] == []


def test_a_bundled_plugin_stands_in_the_project_as_anybody_s() -> None:
    plugins = {path.name.removeprefix("wares_"): path.name for path in ROOT.glob("plugins/*/wares_*")}
    assert PROJECT["project"]["entry-points"]["wares"] == plugins


# --- what is public --------------------------------------------------------------------------------------------------

NAMED = {
    wares: (
        "Books ItemType DocumentType CostMethod CostPlan Channel RecordType Chart Report Question Issue run_in_transaction "
        "hookimpl API_VERSION WaresError Refused Conflict PluginError StorageError ConfigError Item Line Document Plan Leg"
    ),
    wares.storage: "WaresModel MigrationSource configure_engine migrate include_name",
    wares.testing: "ItemTypeContract DocumentTypeContract CostMethodContract ChannelContract ReportContract PluginContract",
    wares.cli: "pass_books emit",
}


@pytest.mark.parametrize("module", NAMED, ids=lambda module: module.__name__)
def test_the_names_that_others_build_on_are_there(module: Any) -> None:
    assert set(NAMED[module].split()) <= set(module.__all__)
    assert [name for name in module.__all__ if getattr(module, name, None) is None] == []


@pytest.mark.parametrize("name", ["hookimpl", "ItemType", "Line", "CostMethod", "Report"])
def test_what_plugins_import_is_light(name: str) -> None:
    """Neither the database nor migrations come with what a plugin needs to register."""
    program = f"import sys; from wares import {name}; print({{'sqlalchemy', 'sqlmodel', 'alembic', 'rich'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_hooks_take_no_defaults_and_only_those_of_a_batch_see_the_database() -> None:
    signatures = {name: inspect.signature(getattr(hookspecs, name)) for name in known_hooks()}
    assert [name for name, each in signatures.items() if any(p.default is not p.empty for p in each.parameters.values())] == []
    assert {name for name, each in signatures.items() if "reader" in each.parameters} == {"wares_load", "wares_rows"}


# --- what a transaction sends ----------------------------------------------------------------------------------------

SALE = {"type": "invoice", "date": "2026-01-10", "party": "JANE"}


@pytest.fixture
def shop(sqlite_database: Engine, new_company: Callable[[Engine], str]) -> Books:
    """Twenty items with stock."""
    books = Books(engine=sqlite_database, company=new_company(sqlite_database))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    for number in range(20):
        books.items.add("stock", sku=f"A{number}", price="9.00", cost_method="fifo")
    lines = [{"item": f"A{number}", "quantity": 100, "unit_cost": "3.00"} for number in range(20)]
    books.post("bill", date="2026-01-02", party="ACME", lines=lines)
    return books


@contextmanager
def sent(books: Books) -> Iterator[list[str]]:
    """The statements that reach the driver; one that carries many rows is one."""
    assert books.engine is not None
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(" ".join(statement.split()))

    event.listen(books.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(books.engine, "before_cursor_execute", note)


def sales(count: int) -> list[dict[str, Any]]:
    return [
        {**SALE, "lines": [{"item": f"A{(number + line) % 20}", "quantity": 1} for line in range(4)]} for number in range(count)
    ]


def test_a_batch_sends_as_many_statements_whatever_its_size(shop: Books) -> None:
    """Read in a fixed number of queries, flushed with inserts of many rows: 5 documents of 8 items, and 50 of 20."""
    shop.post_many(sales(1))  # what a process reads once
    others: list[list[str]] = []
    inserts: list[int] = []
    for count in (5, 50):
        with sent(shop) as statements:
            shop.post_many(sales(count))
        others.append([statement[:40] for statement in statements if not statement.startswith("INSERT")])
        inserts.append(len(statements) - len(others[-1]))
    assert others[0] == others[1]
    assert inserts[1] < 50  # of some 500 rows


def adjust(books: Books) -> str:
    number: str = books.post("adjustment", date="2026-01-03", lines=[{"item": "A1", "quantity": "-1"}]).number
    return number


def buy_late(books: Books) -> None:
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A1", "quantity": 1, "amount": "1"}])


WRITES: dict[str, Callable[[Books], object]] = {
    "post": adjust,
    "post a batch": lambda books: books.post_many(sales(3)),
    "post late": buy_late,
    "void": lambda books: books.void(adjust(books)),
    "reverse": lambda books: books.void(adjust(books), date="2026-02-01"),
    "item": lambda books: books.items.add("stock", sku="NEW"),
    "party": lambda books: books.parties.add("NEW", kinds=["customer"]),
    "setting": lambda books: books.settings.set("negative_stock", "provisional"),
    "load": lambda books: books.load([{"record": "location", "code": "SHOP"}]),
    "close": lambda books: books.gl.close("2026-01-31"),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_writing_transaction_begins_with_the_company_s_head(shop: Books, write: str) -> None:
    """One writer for each company, and no order of locks to get wrong."""
    with sent(shop) as statements:
        WRITES[write](shop)
    first = [after for before, after in pairwise(statements) if before == "BEGIN IMMEDIATE"]
    assert first
    assert [each for each in first if not each.startswith("UPDATE wares_company SET version")] == []


def test_every_statement_is_of_one_company(shop: Books) -> None:
    with sent(shop) as statements:
        for write in WRITES.values():
            write(shop)
        shop.verify()
    asked = [each for each in statements if each.startswith(("SELECT", "WITH", "UPDATE", "DELETE"))]
    assert len(asked) > 100
    assert [
        each for each in asked if "company_id" not in each and "FROM wares_directory" not in each and "sqlite_" not in each
    ] == []


def test_a_cause_posts_one_correction_entry_a_day(shop: Books) -> None:
    """Sold on two days, six documents; a bill of another price corrects each day with one entry, its postings summed by account."""
    shop.items.add("stock", sku="B", price="9.00")
    shop.post("receipt", number="R-1", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 60, "unit_cost": "1.00"}])
    days = ["2026-01-04", "2026-01-05"]
    sold = [
        shop.post("invoice", date=day, party="JANE", lines=[{"item": "B", "quantity": 5, "unit_price": "9"}])
        for day in days
        for _ in range(3)
    ]
    shop.post("bill", number="B-2", date="2026-01-20", party="ACME", lines=[{"from": "R-1#1", "unit_cost": "3.00"}])
    corrections = {
        (row["entry"], row["date"], row["account_name"], str(row["debit"] - row["credit"]))
        for row in shop.docs.entries("B-2")
        if row["date"] in days
    }
    cogs = {(date, amount) for _, date, name, amount in corrections if name == "Cost of goods sold"}
    assert cogs == {(days[0], "30.00"), (days[1], "30.00")}
    assert len({entry for entry, *_ in corrections}) == 2
    shares = [row for each in sold for row in shop.docs.entries(each.number) if row["caused_by"] == "B-2" and row["role"] == "cogs"]
    assert [str(row["debit"]) for row in shares] == ["10.00"] * 6
