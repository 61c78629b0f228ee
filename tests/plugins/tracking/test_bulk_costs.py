"""Costs in bulk from a file of SKU, cost and date: from new purchases, from an undetailed remainder, and the same file again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.books import balances, dump, refused
from wares import Books
from wares_tracking.bulk_costs import BulkCosts, add_costs_in_bulk
from wares_tracking.on_hand import in_stock
from wares_tracking.purchases import purchases
from wares_tracking.sold import sold_in

Say = Callable[..., str]
Take = Callable[..., BulkCosts]


@pytest.fixture
def take(seller: Books, tmp_path: Path) -> Take:
    """Add costs from a file."""

    def take(text: str, **options: Any) -> BulkCosts:
        file = tmp_path / "costs.csv"
        file.write_text(text, "utf-8")
        return add_costs_in_bulk(seller, file, **options)

    return take


def missing(books: Books) -> dict[str, str]:
    """SKU or title → what waits."""
    return {row["sku"] or row["title"]: str(row["missing"]) for row in sold_in(books, 2026, missing_cost=True)}


def test_each_row_costs_the_sales_from_its_date_on(seller: Books, sell: Say, take: Take) -> None:
    """Mugs were 4.00 and from June on 5.00; four were sold before, one after. The cup gets its cost from the day of its sale."""
    for day, quantity in (("2026-02-01", 3), ("2026-05-31", 1), ("2026-06-01", 1)):
        sell("MUG", quantity, "15.00", day)
    sell("CUP", 2, "8.00", "2026-03-01")
    sell("POT", 1, "20.00")
    done = take("SKU;Cost;Date\nMUG;4,00;2026-01-15\nMUG;5,00;2026-06-01\nCUP;$1.25;\n", mark=None)
    assert [(row["sku"], str(row["quantity"]), str(row["amount"]), row["date"]) for row in done.rows] == [
        ("MUG", "4", "16.00", "2026-01-15"), ("MUG", "1", "5.00", "2026-06-01"), ("CUP", "2", "2.50", "2026-03-01"),
    ]  # fmt: skip
    assert done.matched == 4
    assert (missing(seller), balances(seller)["3000"], balances(seller)["5000"]) == ({"POT": "1"}, "-23.50", "23.50")
    before = dump(seller, head=False)
    again = take("SKU;Cost;Date\nMUG;4,00;2026-01-15\nMUG;5,00;2026-06-01\nCUP;$1.25;\n")
    assert (again.rows, again.idle, dump(seller, head=False)) == ([], 3, before)


def test_out_of_what_is_not_detailed(seller: Books, buy: Say, sell: Say, take: Take) -> None:
    purchase = buy("10.00")
    sell("MUG", 2, "15.00")
    sell("POT", 1, "20.00")
    done = take("sku,cost\nMUG,2.50\nPOT,5.01\n", purchase=purchase)
    assert [each.issue.code for each in done.issues] == ["MORE_THAN_LEFT"]
    assert (missing(seller), [each.remaining for each in purchases(seller)]) == ({"POT": "1"}, [500])


def test_a_product_on_the_spot(seller: Books, sell: Say, take: Take) -> None:
    """What was sold by its title alone finds the product that a row makes; more was bought than sold."""
    sell("Green jug", 1, "15.00")
    text = "sku,name,cost,quantity,date\nJUG,Green jug,3.00,4,2026-01-01\n"
    assert take(text, dry_run=True).rows == []
    assert take(text).matched == 1
    assert [(row["sku"], str(row["count"]), str(row["cost"])) for row in in_stock(seller)] == [("JUG", "3", "9.00")]


def test_a_preview_writes_nothing(seller: Books, sell: Say, take: Take) -> None:
    sell("MUG", 1, "15.00")
    before = dump(seller, head=False)
    assert [str(row["amount"]) for row in take("sku,cost\nMUG,4.00\n", dry_run=True).rows] == ["4.00"]
    assert dump(seller, head=False) == before


def test_what_cannot_be_read_is_rejected(seller: Books, sell: Say, take: Take, tmp_path: Path) -> None:
    sell("MUG", 1, "15.00")
    rows = ["MUG,,", "MUG,-1,", "MUG,1,03/04/2026", "NOBODY,1,", ",1,", "MUG,much,", "MUG,1,2026-01-02"]
    done = take("sku,cost,date\n" + "\n".join(rows), rejects=tmp_path / "bad.csv")
    assert [(each.line, each.issue.code) for each in done.issues] == [
        (2, "BAD_VALUE"), (3, "BAD_VALUE"), (4, "AMBIGUOUS_DATE"), (6, "BAD_VALUE"), (7, "BAD_VALUE"), (5, "UNKNOWN_ITEM"),
    ]  # fmt: skip
    assert done.matched == 1
    assert len((tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()) == 7
    assert refused(lambda: take("sku,date\nMUG,2026-01-01\n")) == [("NO_COLUMN", "")]
