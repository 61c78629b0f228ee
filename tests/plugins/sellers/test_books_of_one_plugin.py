"""Books that were made when all of tracking, channels, bank and profit was one plugin: they open, verify, and go on.

`books_of_one_plugin.sql` is the dump of such a database (`sqlite3` iterdump): a purchase from a line of a bank, its details, three
orders of a channel with shipping and fees, matches of two of them, a label. The plugin had no tables of its own; its rows stand in
`projected`, under keys that begin with `seller_`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.books import sound
from wares import Books
from wares.cli.main import main
from wares_bank.file_import import import_bank_lines
from wares_channels.file_import import import_file
from wares_profit.profit import profit
from wares_tracking.balances import inventory_balances
from wares_tracking.matching import match
from wares_tracking.sale_costs import add_costs
from wares_tracking.sold import sold_in

DUMP = Path(__file__).with_name("books_of_one_plugin.sql")
KEPT = ["seller_sale_lines", "seller_stock_values", "seller_charges", "seller_listings"]
MAP = {"order": "order", "date": "when", "sku": "sku", "title": "title", "quantity": "n", "amount": "total", "shipping": "postage",
       "fee": "fee"}  # fmt: skip
SALES = """order,when,sku,title,n,total,postage,fee
77,2026-02-14,MUG,Blue mug,2,30.00,5.00,2.28
78,2026-03-01,,tea  POT,1,48.00,6.00,3.51
79,2026-03-20,,Mystery box,1,30.00,,
80,2026-04-02,MUG,Blue mug,1,16.00,,
"""
BANK = """Date,Payee,Memo,Amount
2026-01-05,Flea market,a box of mugs and pots,-100.00
2026-04-10,Fair pay,payout,60.00
"""
RULES = "pattern,in,account,vendor\nflea market,vendor,inventory,\nfair pay,vendor,payout,\n"


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """The books of the dump, with every table brought up to date."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    database = sqlite3.connect("old.db")
    database.executescript(DUMP.read_text("utf-8"))
    database.close()
    assert CliRunner().invoke(main, ["--db", "old.db", "db", "upgrade"]).exit_code == 0
    books = Books.open("old.db")
    yield books
    books.close()


def kept(books: Books) -> list[str]:
    """Return the projections that the books keep."""
    return books.reading(lambda reader, _: str(reader.head.projections).split())


def test_they_open_and_verify(old: Books) -> None:
    assert sound(old)
    assert kept(old) == KEPT
    assert {row["key"]: (str(row["profit"]), row["complete"]) for row in profit(old, "item")} == {
        "MUG": ("17.22", True), "POT": ("30.49", True), "Mystery box": ("30.00", False),
    }  # fmt: skip
    found = inventory_balances(old)
    assert (str(found["cogs"]), str(found["balance"])) == ("32.00", "68.00")
    assert [row["sale"] for row in sold_in(old, 2026, missing_cost=True)] == ["CS-00003#1"]


def test_they_go_on(old: Books, tmp_path: Path) -> None:
    """Overlapping files add only the new order and the payout; a match and a cost follow; undone matches wait again."""
    for name, text in (("sales.csv", SALES), ("bank.csv", BANK), ("rules.csv", RULES)):
        Path(name).write_text(text, "utf-8")
    imported = import_file(old, Path("sales.csv"), channel="fair", mapping=MAP)
    assert (imported.known, dict(imported.posted)) == (7, {"sale": 1})
    lines = import_bank_lines(old, Path("bank.csv"), rules=Path("rules.csv"))
    assert (lines.outcomes["known"], lines.outcomes["new"]) == (1, 1)
    assert match(old).count == 1
    old.items.add("stock", sku="BOX", name="Box of odds", cost_method="specific")
    assert str(add_costs(old, "CS-00003", purchase="CP-00001", amount="16.00", item="BOX").cogs) == "16.00"
    assert {row["key"]: str(row["profit"]) for row in profit(old, "item")} == {"BOX": "14.00", "MUG": "27.22", "POT": "30.49"}
    old.void("MAT-00001")
    assert [row["sale"] for row in sold_in(old, 2026, missing_cost=True)] == ["CS-00001#1"]
    assert sound(old)
    assert kept(old) == KEPT
