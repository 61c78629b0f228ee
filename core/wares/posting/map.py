"""The stage "map": roles become accounts, and the effects of a document on them one balanced entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wares.contract.document_type import refuse_control
from wares.inventory.move import Counter, NewMove
from wares.ledger.entry import EntryLeg, Posting, compose, leg_of
from wares.model import CONTROL_ROLES, Account, AccountQuery, Line
from wares.posting.batch import Batch
from wares.posting.inventory_accounts import AccountChange, account_changes, legs_of
from wares.posting.move import Moved


class Mapped(NamedTuple):
    """The entry of a document, before it is written."""

    postings: list[Posting]
    account_changes: list[AccountChange]
    """The pools whose inventory account the document changes."""


def map(batch: Batch, moved: Moved) -> Mapped:
    """Compose the entry of a document whose moves have values. Raises Refused where no account holds a role."""
    planned, accepted, lines = moved.document.planned, moved.document, moved.allocator.lines
    legs = _legs(moved)
    changes: list[AccountChange] = []
    if planned.plan.new_accounts:
        changes = account_changes(batch.ws, planned.plan.new_accounts, planned.header, lines, _InventoryRule(batch, moved))
        legs += legs_of(changes, accepted.line_ids)
    legs += _absorbed_legs(batch, moved)
    legs += _value_legs(moved)
    return Mapped(compose(legs, currency=batch.unit.head.currency, document_type=planned.header.type.key), changes)


class _InventoryRule:
    """Finds the account on which the rules of the books put an item's stock, at a location that is a cost area of its own."""

    def __init__(self, batch: Batch, moved: Moved) -> None:
        self.batch = batch
        self.ctx = moved.document.planned.ctx

    def __call__(self, line: Line, area_id: int) -> Account:
        location = self.batch.masters.location_by_id(area_id) if area_id else line.location
        return self.batch.calls.account_for(AccountQuery("inventory", line.item, line, location, None), self.ctx)


def _legs(moved: Moved) -> list[EntryLeg]:
    """The legs that do not depend on cost, with their amounts in the document's currency if that is not the company's."""
    accepted, allocator = moved.document, moved.allocator
    header, plan, line_ids, lines = accepted.planned.header, accepted.planned.plan, accepted.line_ids, allocator.lines
    party_id = header.party.id if header.party else None
    legs: list[EntryLeg] = []
    for amount, role, account, number, item, of_party, memo, currency_amount in plan.legs:
        if account is None:
            account = allocator.account(role, None, lines.get(number) if number else None)
        abroad = header.exchange is not None and currency_amount is not None
        legs.append(leg_of((
            account.id, amount, role, line_ids.get(number) if number else None, item.id if item else None,
            party_id if of_party else None, memo, header.currency if abroad else None, (currency_amount or 0) if abroad else 0,
        )))  # fmt: skip
    return legs


def _absorbed_legs(batch: Batch, moved: Moved) -> Iterable[EntryLeg]:
    """The credit of each absorbed cost. The counter account of its move gets it back, which the stated value charges in full."""
    ctx, line_ids = moved.document.planned.ctx, moved.document.line_ids
    for move in moved.document.moves:
        for cost in move.planned.absorbed:
            line = moved.allocator.lines.get(cost.line)
            location = line.location if line is not None else move.planned.location
            if cost.account is not None:
                refuse_control(cost.account, f"{line.path}.account" if line is not None else "account")
            query = AccountQuery(cost.role, cost.item, line, location, ctx.header.party)
            account = cost.account or batch.calls.account_for(query, ctx)
            yield EntryLeg(account.id, -cost.amount, cost.role, line_ids.get(cost.line), cost.item.id)
            if move.counter is not None:
                yield _counter_leg(moved, move, move.counter, -cost.amount)


def _value_legs(moved: Moved) -> list[EntryLeg]:
    """Inventory against the account that each part of a move's value comes from; the document's own total is one leg."""
    legs: list[EntryLeg] = []
    for move in moved.document.moves:
        if move.value:
            item_id = move.planned.item.id
            legs.append(leg_of((move.pool.account_id, move.value, "inventory", move.line_id, item_id, None, None, None, 0)))
        for counter, value in move.parts():
            if counter is not None:
                legs.append(_counter_leg(moved, move, counter, value))
    return legs


def _counter_leg(moved: Moved, move: NewMove, counter: Counter, value: int) -> EntryLeg:
    """Return the other side of a part of a move's value: the document's own total has no line."""
    header = moved.document.planned.header
    party_id = header.party.id if header.party else None
    role = counter.role
    if role == header.type.counter_role:
        return leg_of((counter.account_id, -value, role, None, None, party_id, header.memo, None, 0))
    of_party = party_id if role in CONTROL_ROLES else None
    return leg_of((counter.account_id, -value, role, move.line_id, move.planned.item.id, of_party, None, None, 0))
