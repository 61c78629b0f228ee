"""The laws of an item type's expansion, prices and accounts, checked on previews and posted documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from wares.errors import Refused, WaresError
from wares.model import AccountQuery
from wares.testing.laws import LawBroken, require
from wares.testing.laws.subject import ItemCase, Number, entries_of, rows_of
from wares.testing.small_company import post, record

if TYPE_CHECKING:
    from wares.books import Books
    from wares.catalog.masters import MasterBook
    from wares.model import Posted

DAY = "2026-01-05"
OF_THE_DOCUMENT = frozenset({"received_not_billed", "delivered_not_invoiced", "price_variance", "drop_ship_clearing"})
"""Roles to which a document type posts a line, whatever its item."""


def shown(books: Books, case: ItemCase, side: str, quantity: Number, *, sku: str | None = None, **keys: object) -> Posted:
    """Preview the example on a document of one side of the business, without moving goods."""
    try:
        lines = case.lines(quantity, sku=sku, **keys)
        return post(books, side, preview=True, date=DAY, goods="later", lines=lines)
    except WaresError as error:
        raise LawBroken(f"{case.key}: {quantity} of {sku or case.sku} cannot stand on a {side}: {error}; {error.hint}") from error


def behaviour_is_pure(case: ItemCase, quantity: int) -> None:
    """Check that the same line gives the same rows and postings twice."""
    with case.books() as books:
        for side in case.sides:
            first, second = (shown(books, case, side, quantity) for _ in range(2))
            require(rows_of(first) == rows_of(second), f"{case.key}: the same {side} twice has {rows_of(first)}, {rows_of(second)}")
            require(entries_of(first) == entries_of(second), f"{case.key}: the same {side} twice posts differently")


def expansion_is_linear(case: ItemCase, quantity: int) -> None:
    """Check that n of the item give the rows of one with n times the quantities."""
    with case.books() as books:
        for side in case.sides:
            one, many = rows_of(shown(books, case, side, 1)), rows_of(shown(books, case, side, quantity))
            wanted = [(item, kind, count * quantity) for item, kind, count, _ in one if kind != "header"]
            found = [(item, kind, count) for item, kind, count, _ in many if kind != "header"]
            require(found == wanted, f"{case.key}: 1 on a {side} is {one}, {quantity} is {many}")


def expansion_nests(case: ItemCase, quantity: int) -> None:
    """Check that the item expands within another of its type as it does alone."""
    inner = {"sku": case.sku, "quantity": "2"}
    outer = {**case.item_record, "sku": "OUTER", "components": [inner]}
    with case.books() as books:
        record(books, [outer])
        for side in case.sides:
            alone = _leaves(shown(books, case, side, 2 * quantity))
            nested = _leaves(shown(books, case, side, quantity, sku="OUTER"))
            if set(nested) == {"OUTER"}:
                continue  # it does not expand on this side
            nested.pop("OUTER", None)
            alone_inside = {sku: count for sku, count in alone.items() if sku != case.sku or set(alone) == {case.sku}}
            require(nested == alone_inside, f"{case.key}: twice {quantity} is {alone}, within another it is {nested}")


def _leaves(posted: Posted) -> dict[str, Decimal]:
    """Return item → quantity over the rows and contents of a document, without headers."""
    return _counted((item, quantity) for item, kind, quantity, _ in rows_of(posted) if kind != "header")


def _counted(rows: Iterable[tuple[str | None, Decimal]]) -> dict[str, Decimal]:
    """Return item → quantity, without items whose quantity is zero."""
    found: dict[str, Decimal] = {}
    for item, quantity in rows:
        if item is not None:
            found[item] = found.get(item, Decimal(0)) + quantity
    return {item: quantity for item, quantity in found.items() if quantity}


def price_is_conserved(case: ItemCase, quantity: int, discount: Decimal) -> None:
    """Check that the rows sum to the total and that the total is posted to the party, to the cent."""
    keys = {} if case.kind.calculates or not discount else {"discount": str(discount)}
    with case.books() as books:
        for side in case.sides:
            posted = shown(books, case, side, quantity, **keys)
            rows = sum((amount for _, _, _, amount in rows_of(posted)), Decimal(0))
            require(rows == posted.total, f"{case.key}: the rows of a {side} sum to {rows}, its total is {posted.total}")
            party = [entry for entry in posted.entries if entry["role"] in ("receivable", "payable") and entry["line"] is None]
            owed = sum((entry["debit"] - entry["credit"] for entry in party), Decimal(0))
            require(abs(owed) == abs(posted.total), f"{case.key}: a {side} of {posted.total} posts {owed} to its party")


def parts_sum_to_the_whole(case: ItemCase, quantity: int, first: int) -> None:
    """Check that two credits of a sale's parts sum to its total, to the cent, and to exactly the contents sold."""
    with case.books() as books:
        sale = post(books, "invoice", date=DAY, goods="none", lines=case.lines(quantity))
        parts = [part for part in (first, quantity - first) if part]
        credits = [_credit(books, sale, part, quantity) for part in parts]
        back = sum((credit.total for credit in credits), Decimal(0))
        require(back == sale.total, f"{case.key}: {quantity} sold for {sale.total} come back in parts {parts} for {back}")
        sold, returned = _contents([sale]), _contents(credits)
        require(returned == sold, f"{case.key}: {sold} were sold, {returned} come back in parts {parts}")


def _credit(books: Books, sale: Posted, part: int, whole: int) -> Posted:
    lines = [
        {"from": f"{sale.number}#{row['line']}", "quantity": str(row["quantity"] * part / whole)}
        for row in sale.lines
        if row["kind"] == "row"
    ]
    return post(books, "credit_note", date=DAY, goods="none", lines=lines)


def _contents(documents: Iterable[Posted]) -> dict[str, Decimal]:
    rows = (row for posted in documents for row in rows_of(posted))
    return _counted((item, quantity) for item, kind, quantity, _ in rows if kind == "content")


def roles_are_declared_and_resolve(case: ItemCase, quantity: int) -> None:
    """Check that `roles()` names every role to which a line of the item is posted, and that each has an account."""
    with case.books() as books:
        for role in sorted(case.kind.roles()):
            require((why := _unresolved(books, case.sku, role)) is None, f"{case.key}: the role {role} has no account: {why}")
        for side in case.sides:
            undeclared = set(_posted_roles(shown(books, case, side, quantity), case.sku)) - case.kind.roles() - OF_THE_DOCUMENT
            require(not undeclared, f"{case.key}: a {side} posts it to {', '.join(sorted(undeclared))}, which roles() leaves out")


def _unresolved(books: Books, sku: str, role: str) -> str | None:
    def resolve(_: object, masters: MasterBook) -> None:
        item = masters.item(sku)
        masters.resolve_account(AccountQuery(role, item, None, masters.main_location(), None))

    try:
        books.reading(resolve)
    except Refused as refused:
        return str(refused)
    return None


def _posted_roles(posted: Posted, sku: str) -> Iterator[str]:
    for entry in posted.entries:
        if entry["item"] == sku:
            yield str(entry["role"])
