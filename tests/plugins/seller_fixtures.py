"""A seller's books: a few products kept by lot, one purchase, and short ways to say what happened."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from sqlalchemy import Engine

from tests.books import sound
from tests.conftest import make_company
from wares import Books
from wares.cli.main import main

settings.register_profile("long", max_examples=300, deadline=None)

BANK, CLEARING, INVENTORY, UNDETAILED, COGS = "1010", "1100", "1300", "1350", "5000"


@pytest.fixture
def books(database: Engine) -> Books:
    """An empty company with a supplier, on each engine."""
    books = Books(engine=database, company=make_company(database))
    books.parties.add("ACME", kinds=["supplier"])
    return books


@pytest.fixture
def seller(books: Books) -> Iterator[Books]:
    """Books with the products MUG, CUP and POT; whatever a test does to them, they agree in the end."""
    for sku, name in (("MUG", "Blue mug"), ("CUP", "Red cup"), ("POT", "Tea pot")):
        books.items.add("stock", sku=sku, name=name, cost_method="specific")
    yield books
    assert sound(books)


@pytest.fixture
def buy(seller: Books) -> Callable[..., str]:
    """Record a purchase of inventory by its amount alone: the name of its line."""

    def purchase(amount: str, date: str = "2026-01-05", **keys: Any) -> str:
        lines = [{"account": UNDETAILED, "amount": amount, "description": "lot"}]
        return f"{seller.post('cash_purchase', date=date, account=BANK, lines=lines, **keys).number}#1"

    return purchase


@pytest.fixture
def sell(seller: Books) -> Callable[..., str]:
    """Sell on a channel: the name of the sale line. A sku of the books is its item, another only a text."""

    def sale(sku: str, quantity: object, amount: str, date: str = "2026-02-01") -> str:
        known = any(item["sku"] == sku for item in seller.items.list())
        what: dict[str, Any] = {"item": sku} if known else {"description": sku}
        line = {**what, "quantity": quantity, "amount": amount}
        return f"{seller.post('cash_sale', date=date, account=CLEARING, goods='later', lines=[line]).number}#1"

    return sale


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line in a folder with new books and one purchase of 100.00."""
    for name in [name for name in os.environ if name.startswith("WARES_") and not name.startswith("WARES_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def run(*args: str, input: str | None = None) -> Result:
        return CliRunner().invoke(main, args, input=input)

    purchase = {"record": "document", "type": "cash_purchase", "date": "2026-01-05", "account": "1010",
                "lines": [{"account": "1350", "amount": "100.00"}]}  # fmt: skip
    assert run("--db", "shop.db", "init").exit_code == 0
    assert run("load", "-", input=json.dumps(purchase)).exit_code == 0
    return run
