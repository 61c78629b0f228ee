"""What posting returns: a document with its entries and cost, in Decimals and codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wares.model import RowKind
from wares.posting import Accepted
from wares.storage.unit import Reader
from wares.values import iso_instant, money, unscaled


class Posted:
    """A document that was posted or previewed. `preview` returns the same, with `status` "preview".

    `entries` are dicts as `docs entries` prints them; `cogs` and `total` are Decimals of the company's currency; `repeated` says
    that the idempotency key was known and this is the first result.
    """

    def __init__(
        self, *, id: int, number: str, type: str, date: str, status: str, party: str | None, total: Decimal,
        lines: list[dict[str, Any]], entries: list[dict[str, Any]], cogs: Decimal, repeated: bool = False,
        corrections: tuple[Any, ...] = (),
    ) -> None:  # fmt: skip
        self.id = id
        self.number = number
        self.type = type
        self.date = date
        self.status = status
        self.party = party
        self.total = total
        self.lines = lines
        self.entries = entries
        self.cogs = cogs
        self.repeated = repeated
        self.corrections = corrections

    def __repr__(self) -> str:
        return f"<{self.type} {self.number} {self.date} {self.status} total {self.total}>"


def present(accepted: Accepted, reader: Reader, accounts: Any, status: str) -> Posted:
    """An accepted document as its caller sees it, without a query."""
    planned = accepted.planned
    assert planned is not None
    decimals, header = reader.decimals, planned.header
    numbers = {line_id: number for number, line_id in accepted.line_ids.items()}
    rows = {row.line.number: row for row in planned.document.rows}
    entries = []
    for posting in accepted.postings:
        account = accounts.by_id(posting.account_id)
        row = rows.get(numbers.get(posting.line_id, ""))
        item = row.line.item if row is not None else None
        entries.append({
            "entry": accepted.entry_number, "date": iso_instant(header.effective_at)[:10], "account": account.code,
            "account_name": account.name, "role": posting.role,
            "debit": money(max(posting.amount, 0), decimals), "credit": money(max(-posting.amount, 0), decimals),
            "item": item.sku if item else None, "line": numbers.get(posting.line_id), "memo": posting.memo, "caused_by": None,
        })  # fmt: skip
    cogs = sum(posting.amount for posting in accepted.postings if posting.role == "cogs")
    return Posted(
        id=accepted.document_id, number=accepted.number, type=header.type.key, date=iso_instant(header.effective_at),
        status=status, party=header.party.code if header.party else None,
        total=money(planned.plan.total, decimals), lines=[_line(row, decimals) for row in planned.document.rows],
        entries=entries, cogs=money(cogs, decimals), repeated=accepted.repeated, corrections=tuple(accepted.corrections),
    )  # fmt: skip


def _line(row: Any, decimals: int) -> dict[str, Any]:
    line, pricing = row.line, row.pricing
    return {
        "line": line.number,
        "item": line.item.sku if line.item else None,
        "kind": RowKind(pricing.kind).name.lower(),
        "quantity": unscaled(line.quantity),
        "unit_price": None if pricing.unit_price is None else unscaled(pricing.unit_price),
        "amount": money(pricing.amount, decimals),
        "description": line.given.description,
    }
