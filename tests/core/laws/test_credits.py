"""Credits of any split, over subtotals, kits, charges and units, sum to the invoice and leave every account as it was."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.laws.histories import law
from wares import Books, Refused

UNITS: dict[str, dict[str, str]] = {
    "recorded": {},
    "piece": {"unit": "pc"},
    "dozen": {"unit": "doz", "unit_factor": "12"},
    "seven": {"unit": "pack", "unit_factor": "7"},
}
DISCOUNTS = ("SEVEN", "LESS", "FREIGHT")


class Take(NamedTuple):
    """A part of the invoice that comes back: of the how manieth row or content, how much, in which unit."""

    place: int
    quantity: int
    unit: str
    together: bool  # on the credit of the part before


rows = st.tuples(
    st.sampled_from(["PART", "TOOL", "CASE", "HOUR"]),
    st.integers(1, 4),
    st.integers(1, 9_999),
    st.sampled_from(["recorded", "dozen", "seven"]),
    st.sampled_from([None, *DISCOUNTS]),
)
takes = st.builds(
    Take, st.integers(0, 9), st.integers(1, 3), st.sampled_from(["recorded", "piece", "piece", "dozen"]), st.booleans()
)


def furnish(books: Books) -> None:
    """Parts and tools in stock, cases of both with an hour of work, and calculations that leave odd cents."""
    books.settings.set("discount_above_base", "allow")
    for sku, price, cost in (("PART", "0.37", "0.11"), ("TOOL", "13.99", "4.57")):
        books.items.add("stock", sku=sku, unit="pc", price=price, cost=cost)
    books.items.add("service", sku="HOUR", unit="pc", price="29.95")
    parts = [{"sku": "PART", "quantity": "3"}, {"sku": "TOOL"}, {"sku": "HOUR", "quantity": "0.5"}]
    books.items.add("kit", sku="CASE", unit="pc", price="31.50", components=parts)
    books.items.add("discount", sku="SEVEN", attributes={"percent": "7"})
    books.items.add("discount", sku="LESS", attributes={"amount": "1.01"})
    books.items.add("charge", sku="FREIGHT", attributes={"amount": "4.99"})
    books.items.add("subtotal", sku="SUB")
    goods = [{"item": sku, "quantity": 1_000, "unit_cost": cost} for sku, cost in (("PART", "0.11"), ("TOOL", "4.57"))]
    books.post("bill", date="2026-01-01", party="ACME", lines=goods)


def invoice(books: Books, sold: list[tuple[str, int, int, str, str | None]], total: str | None) -> list[str]:
    """Post the invoice; return the names of its rows and contents."""
    lines: list[dict[str, Any]] = []
    for sku, quantity, cents, unit, discount in sold:
        lines.append({"item": sku, "quantity": quantity, "amount": str(Decimal(cents) / 100), **UNITS[unit]})
        if discount is not None:
            lines.append({"item": discount})
    if total is not None:
        lines += [{"item": "SUB"}, {"item": total}]
    posted = books.post("invoice", date="2026-01-02", number="I-1", party="JANE", lines=lines)
    return [f"I-1#{line['line']}" for line in posted.lines if line["kind"] in ("row", "content")]


def credit(books: Books, lines: list[dict[str, Any]]) -> Decimal:
    """Post a credit; 0 if nothing of the lines is left, or they do not fit together."""
    try:
        return Decimal(books.post("credit_note", date="2026-01-03", party="JANE", lines=lines).total)
    except Refused as refusal:
        if {issue.code for issue in refusal.issues} - {"MORE_THAN_LEFT", "NOTHING_LEFT"}:
            raise
        return Decimal(0)


def balances(books: Books) -> dict[str, Decimal]:
    return {str(row["account"]): Decimal(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}


@settings(law(), max_examples=15)
@given(
    sold=st.lists(rows, min_size=1, max_size=3),
    total=st.sampled_from([None, *DISCOUNTS]),
    parts=st.lists(takes, max_size=6),
)
def test_credits_mirror_their_invoice(
    new_workshop: Callable[..., Books], sold: list[tuple[str, int, int, str, str | None]], total: str | None, parts: list[Take]
) -> None:
    books = new_workshop()
    furnish(books)
    before = balances(books)
    names = invoice(books, sold, total)
    owed = Decimal(books.docs.show("I-1")["total"])
    credits: list[list[dict[str, Any]]] = []
    for part in parts:
        line = {"from": names[part.place % len(names)], "quantity": part.quantity, "restock": True, **UNITS[part.unit]}
        if part.together and credits:
            credits[-1].append(line)
        else:
            credits.append([line])
    credited = sum((credit(books, lines) for lines in credits), Decimal(0))
    credited += credit(books, [{"from": "I-1", "restock": True}])
    assert credited == owed
    assert balances(books) == before
    assert [check["first_problem"] for check in books.verify()["checks"] if not check["ok"]] == []
