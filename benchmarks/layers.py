"""An issue from a FIFO pool with 10 and with 100,000 open layers, and a return to the supplier from the newest layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.measure import Figure, Run, in_turns, median, microseconds, ratio
from benchmarks.shop import Record, open_shop
from wares import Books, Posted

TOGETHER = 200
"""Number of documents of one turn, posted in one batch."""
SAME = 1.2
"""Largest ratio to 10 layers that counts as equal: the noise of the machine."""


def measure(run: Run) -> Iterator[Figure]:
    few, many = 10, run.sizes(100_000)[0]
    books = open_shop(run.url("SQLite"))
    last = {sku: _receive(books, sku, layers) for sku, layers in (("FEW", few), ("MANY", many))}
    rounds = 3 if run.quick else 9
    ways: dict[str, Callable[[str], list[Record]]] = {
        "issue, 200 in a batch": _issues,
        "back to the supplier, one document": lambda sku: [_back(sku, last[sku])],
    }
    for name, make in ways.items():
        from_few, from_many = in_turns(rounds, *[lambda _turn, sku=sku, make=make: books.post_many(make(sku)) for sku in last])
        documents, times = len(make("FEW")), ratio(from_many, from_few)
        yield Figure(
            f"{many:,} layers: {name}", microseconds(median(from_many) / documents), times,
            f"{few} layers {microseconds(median(from_few) / documents)}", f"≤ {SAME}×", times <= SAME,
        )  # fmt: skip
    books.close()


def _receive(books: Books, sku: str, layers: int) -> str:
    """Make an item with this number of layers; return the number of the bill of the last ones."""
    books.items.add("stock", sku=sku, name=sku, price="9.00", cost="3.00", cost_method="fifo")
    lines = [{"item": sku, "quantity": "100000", "unit_cost": f"3.{number:02d}"} for number in range(10)]
    number = ""
    for start in range(0, layers // 10, 200):
        bills = [_bill(lines) for _ in range(start, min(start + 200, layers // 10))]
        last = books.post_many(bills)[-1]
        assert isinstance(last, Posted)
        number = last.number
    return number


def _bill(lines: list[Record]) -> Record:
    return {"type": "bill", "date": "2020-02-01", "party": "ACME", "lines": lines}


def _issues(sku: str) -> list[Record]:
    lines = [{"item": sku, "quantity": "1"}]
    return [{"type": "invoice", "date": "2020-03-01", "party": "JANE", "lines": lines} for _ in range(TOGETHER)]


def _back(sku: str, bill: str) -> Record:
    lines = [{"from": f"{bill}#10", "quantity": "1"}]
    return {"type": "supplier_credit", "date": "2020-03-01", "party": "ACME", "lines": lines}
