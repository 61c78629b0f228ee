"""The laws of cost: goods are bought, sold and returned through the books, and no cent of cost is created or lost."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from typing import TYPE_CHECKING

from wares.contract.hookspecs import hookimpl
from wares.model import CostContext, CostPlan, Line
from wares.testing.laws import require
from wares.testing.laws.selling import shown
from wares.testing.laws.subject import ItemCase, rows_of
from wares.testing.small_company import plugins_with, post, record
from wares.values import money

if TYPE_CHECKING:
    from wares.books import Books
    from wares.model import Posted

OWN_ROLES = frozenset({"inventory", "opening_balance", "price_variance"})
"""The roles of an opening balance of goods; another role that it posts to is credited with an absorbed cost."""
BOUGHT_ON, SOLD_ON, RETURNED_ON = "2026-01-02", "2026-01-05", "2026-01-07"


def no_cost_is_created_or_lost(case: ItemCase, *, cents: int, bought: int, sold: int, returned: int) -> None:
    """Check that the cost of the goods is in stock or in cost of sales at every moment, that stock is worth 0 when all is sold,
    that a sale returned in full leaves no cost, and that the books verify."""
    with case.books() as books:
        goods = _goods(books, case)
        total = Decimal(0)
        for sku, each in goods.items():
            amount = Decimal(cents).scaleb(-2)
            total += amount
            line = {"item": sku, "quantity": str(each * bought), "amount": str(amount)}
            opening = post(books, "opening_balance", date=BOUGHT_ON, lines=[line])
            absorbed = case.kind.roles() - OWN_ROLES
            total -= sum((_posted(opening, role) for role in absorbed), Decimal(0))
        _require_stock(books, case, total, f"{bought} were taken in for {total}")
        sale = post(books, "invoice", date=SOLD_ON, lines=case.lines(sold))
        _require_stock(books, case, total - sale.cogs, f"{sold} of {bought} left at a cost of {sale.cogs}")
        require(bool(goods) or not sale.cogs, f"{case.key}: none of its goods is kept in stock, yet a sale costs {sale.cogs}")
        if sold == bought:
            require(not books.stock.value(), f"{case.key}: all {sold} are sold, yet stock is worth {books.stock.value()}")
        back = _returned(books, sale, returned, sold)
        _require_stock(books, case, total - sale.cogs - back, f"{returned} of {sold} came back at a cost of {-back}")
        if returned == sold:
            require(sale.cogs + back == 0, f"{case.key}: all {sold} came back at {-back}, they had left at {sale.cogs}")
        require_sound(books, case.key)


def absorbed_cost_is_posted(case: ItemCase, *, cents: int, bought: int) -> None:
    """Check that a bill owes its total and no more, and that every cost that `cost` absorbs is credited to its role."""
    watcher = _Watcher()
    with case.books() as books:
        books = case.seen_by(books, plugins_with(*case.others, case.plugin, watcher))
        line = {**case.kind.example_line(case.sku, bought), "amount": str(Decimal(cents).scaleb(-2))}
        bill = post(books, "bill", date=BOUGHT_ON, lines=[line])
        owed = -_posted(bill, "payable")
        require(owed == bill.total, f"{case.key}: a bill of {bill.total} owes {owed}; cost that is not the supplier's is absorbed")
        for role, amount in watcher.absorbed.items():
            credited = -_posted(bill, role)
            require(credited == amount, f"{case.key}: it absorbs {amount} under {role}, and {credited} is credited")
        undeclared = sorted(set(watcher.absorbed) - case.kind.roles())
        require(not undeclared, f"{case.key}: it absorbs under {', '.join(undeclared)}, which roles() leaves out")
        require_sound(books, case.key)


def _posted(document: Posted, role: str) -> Decimal:
    """Return the sum of a document's postings under a role, debit positive."""
    return sum((row["debit"] - row["credit"] for row in document.entries if row["role"] == role), Decimal(0))


class _Watcher:
    """A plugin that sums the absorbed costs of the lines that are costed, by role, in the company's currency."""

    __name__ = "absorption_watcher"

    def __init__(self) -> None:
        self.absorbed: dict[str, Decimal] = {}

    @hookimpl(wrapper=True, tryfirst=True)
    def wares_cost_line(self, line: Line, ctx: CostContext) -> Generator[None, CostPlan, CostPlan]:
        plan = yield
        exchange = ctx.document.header.exchange
        decimals = ctx.document.decimals if exchange is None else exchange.base_decimals
        for cost in plan.absorbed:
            self.absorbed[cost.role] = self.absorbed.get(cost.role, Decimal(0)) + money(cost.amount, decimals)
        return plan


def _goods(books: Books, case: ItemCase) -> dict[str, Decimal]:
    """Return the stocked items of which one example consists on a sale → their quantity."""
    rows = [(sku, quantity) for sku, kind, quantity, _ in rows_of(shown(books, case, "invoice", 1)) if sku and kind != "header"]
    items = books.reading(lambda _, masters: {sku: masters.item(sku) for sku, _ in rows})
    found: dict[str, Decimal] = {}
    for sku, quantity in rows:
        if books.plugins.registry.type_of(items[sku]).tracked:
            found[sku] = found.get(sku, Decimal(0)) + quantity
    return found


def _require_stock(books: Books, case: ItemCase, wanted: Decimal, after: str) -> None:
    value = books.stock.value()
    require(value == wanted, f"{case.key}: after {after}, stock is worth {value} instead of {wanted}")


def _returned(books: Books, sale: Posted, returned: int, sold: int) -> Decimal:
    """Post the return of `returned` of the `sold` units; return the (negative) cost of sales that it posts."""
    if not returned:
        return Decimal(0)
    lines = [
        {"from": f"{sale.number}#{row['line']}", "quantity": str(row["quantity"] * returned / sold), "restock": True}
        for row in sale.lines
        if row["kind"] == "row"
    ]
    return post(books, "credit_note", date=RETURNED_ON, lines=lines).cogs


def require_sound(books: Books, who: str) -> None:
    """Raise LawBroken unless every check of `verify` passes."""
    broken = [check for check in books.verify()["checks"] if not check["ok"]]
    require(not broken, f"{who}: the books do not verify: {broken}")


def method_keeps_the_books(key: str, books: Books, moves: list[tuple[int, int]], *, per_lot: bool) -> None:
    """Check a stock item under a cost method with documents: (quantity, cents) is received if quantity > 0, else issued."""
    lot = {"lot": "L1"} if per_lot else {}
    record(books, [{"type": "stock", "sku": "GOODS", "price": "9", "cost": "1", "cost_method": key}])
    for index, (quantity, cents) in enumerate(moves):
        date = f"2026-01-{index + 1:02d}"
        if quantity > 0:
            amount = str(Decimal(cents).scaleb(-2))
            lines = [{"item": "GOODS", "quantity": str(quantity), "amount": amount, **lot}]
            post(books, "bill", date=date, lines=lines)
        else:
            post(books, "invoice", date=date, lines=[{"item": "GOODS", "quantity": str(-quantity), **lot}])
    value, account = books.stock.value(), books.gl.balance("1300")
    require(value == account, f"{key}: stock is worth {value}, its account has {account}")
    if not sum(quantity for quantity, _ in moves):
        require(not value, f"{key}: nothing is left, yet stock is worth {value}")
    require_sound(books, key)
