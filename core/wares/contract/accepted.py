"""An accepted document as `wares_accepted` and `wares_rows` get it: frozen values that lead to no object of the pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wares.ledger.entry import Posting
from wares.model import Context, CostChange, Document, Header, Plan, PlannedMove


class AcceptedPool(NamedTuple):
    """The pool of a move: the stock of an item that is costed together."""

    id: int  # the pool's id in the tables
    item_id: int  # its item
    lot: str  # "" where the item is not kept by lot


class AcceptedMove(NamedTuple):
    """A move of an accepted document, valued."""

    id: int  # the move's id in the tables
    line_id: int  # 0 for a move of no line
    planned: PlannedMove  # the move as it was planned
    pool: AcceptedPool  # its pool
    quantity: int  # signed, millionths of the item's unit; a count found this difference
    value: int  # signed value in the pool, minor units of the company's currency

    @property
    def lot(self) -> str:
        """The lot of its pool; "" where the item is not kept by lot."""
        return self.pool.lot


class AcceptedPlan(NamedTuple):
    """The plan of an accepted document."""

    header: Header  # the head with everything looked up
    ctx: Context  # the context in which it was planned
    document: Document  # its priced rows
    plan: Plan  # moves, legs, links and open quantities before costing


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDocument:
    """A document of the batch that was accepted: costed and numbered, in the transaction, not committed yet."""

    document_id: int  # its id in the tables
    number: str  # its number, such as "INV-00003"
    planned: AcceptedPlan  # the document with all that it does: `header`, `ctx`, `document`, `plan`
    revision: int  # 2 after the first edit
    issued: int | None  # its number within the series if Wares gave it
    sequence: int  # order of recording within the company
    repeated: bool  # the idempotency key was known: this is the first result
    entry_id: int | None  # None if it posts nothing
    entry_number: int | None  # None if it posts nothing
    line_ids: Mapping[str, int]  # line number → id, of sublines too
    moves: tuple[AcceptedMove, ...]  # in the order of the plan
    postings: tuple[Posting, ...]  # its entry, minor units of the company's currency
    corrections: Sequence[CostChange]  # changes in the cost of earlier documents
