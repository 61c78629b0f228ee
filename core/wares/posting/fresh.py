"""The result of posting a document, read from the values that posting left in memory."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from wares.errors import Issue
from wares.ledger.accounts import AccountBook
from wares.model import Posted, Row, RowKind
from wares.posting.result import NewDocument, Planned
from wares.posting.warnings import warnings_of
from wares.values import JsonObject, iso_instant, money, today, unscaled


class FreshPosted(Posted):
    """A document just accepted."""

    _accepted: NewDocument
    _planned: Planned
    _accounts: AccountBook
    _decimals: int

    def __init__(self, accepted: NewDocument, planned: Planned, accounts: AccountBook, decimals: int, status: str) -> None:
        self.__dict__.update(
            _accepted=accepted, _planned=planned, _accounts=accounts, _decimals=decimals, id=accepted.document_id,
            number=accepted.number, type=planned.header.type.key, status=status, currency=planned.header.currency,
            repeated=accepted.repeated, corrections=accepted.corrections,
        )  # fmt: skip

    # Each is worked out once, then it is the attribute that Posted names.
    @cached_property
    def date(self) -> str:  # type: ignore[override]  # a property to mypy
        return iso_instant(self._planned.header.effective_at)

    @cached_property
    def party(self) -> str | None:  # type: ignore[override]  # a property to mypy
        party = self._planned.header.party
        return party.code if party is not None else None

    @cached_property
    def warnings(self) -> tuple[Issue, ...]:  # type: ignore[override]  # a property to mypy
        return tuple(warnings_of(self._planned, today()))

    @cached_property
    def total(self) -> Decimal:  # type: ignore[override]  # a property to mypy
        return money(self._planned.plan.total, self._planned.header.decimals)

    @cached_property
    def base_total(self) -> Decimal:  # type: ignore[override]  # a property to mypy
        plan = self._planned.plan
        return money(plan.total if plan.base_total is None else plan.base_total, self._decimals)

    @cached_property
    def cogs(self) -> Decimal:  # type: ignore[override]  # a property to mypy
        return money(sum(each.amount for each in self._accepted.postings if each.role == "cogs"), self._decimals)

    @cached_property
    def lines(self) -> list[JsonObject]:  # type: ignore[override]  # a property to mypy
        return [_line(row, self._planned.header.decimals) for row in self._planned.document.rows]

    @cached_property
    def entries(self) -> list[JsonObject]:  # type: ignore[override]  # a property to mypy
        numbers = {line_id: number for number, line_id in self._accepted.line_ids.items()}
        items = {row.line.number: row.line.item for row in self._planned.document.rows}
        day, decimals, entries = self.date[:10], self._planned.header.decimals, []
        for posting in self._accepted.postings:
            account = self._accounts.by_id(posting.account_id)
            line = numbers.get(posting.line_id) if posting.line_id is not None else None
            abroad = posting.currency == self.currency  # else the company's
            item = items.get(line) if line is not None else None
            entries.append(
                {
                    "entry": self._accepted.entry_number,
                    "date": day,
                    "account": account.code,
                    "account_name": account.name,
                    "role": posting.role,
                    "debit": money(max(posting.amount, 0), self._decimals),
                    "credit": money(max(-posting.amount, 0), self._decimals),
                    "currency": posting.currency,
                    "currency_amount": money(posting.currency_amount, decimals if abroad else self._decimals),
                    "item": item.sku if item is not None else None,
                    "line": line,
                    "memo": posting.memo,
                    "caused_by": None,
                }
            )
        return entries


def _line(row: Row, decimals: int) -> JsonObject:
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
