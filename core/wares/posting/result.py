"""The results of recording a document: accepted now, as the pipeline leaves it in memory, or known from before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol

from wares.contract.accepted import AcceptedDocument, AcceptedMove, AcceptedPlan, AcceptedPool
from wares.documents.exchange import InBase
from wares.documents.record import RecordInput
from wares.inventory.move import NewMove
from wares.ledger.entry import Posting
from wares.model import Context, CostChange, Document, Header, Plan


class Planned(NamedTuple):
    """A document with all its effects, before its moves have values."""

    given: RecordInput
    header: Header
    ctx: Context
    document: Document
    plan: Plan
    based: InBase | None = None
    """The document in the company's currency, if its own is another."""


@dataclass(slots=True, eq=False)
class NewDocument:
    """An accepted document as the stages of the pipeline fill it. Plugins get `frozen()`; `Books.post` makes its result of it."""

    document_id: int
    number: str
    planned: Planned
    """The document with all its effects: `header`, `ctx`, `document` (its priced rows), `plan`."""
    revision: int = 1
    """2 after the first edit."""
    issued: int | None = None
    """Its number within the series, if Wares gave it."""
    sequence: int = 0
    """The order of recording within the company."""
    repeated: bool = False
    """True if the idempotency key was seen before: this is the first result."""
    entry_id: int | None = None
    """None if it posts nothing."""
    entry_number: int | None = None
    line_ids: dict[str, int] = field(default_factory=dict)
    """Line number → id, of sublines too."""
    moves: Sequence[NewMove] = ()
    postings: Sequence[Posting] = ()
    """Its entry, in minor units of the company's currency."""
    corrections: Sequence[CostChange] = ()
    """The changes in the cost of earlier documents."""
    _frozen: AcceptedDocument | None = None

    def frozen(self) -> AcceptedDocument:
        """Return the document as plugins see it: one value for all of them, unless corrections came since it was last made."""
        if self._frozen is None or self._frozen.corrections is not self.corrections:
            planned = self.planned
            self._frozen = AcceptedDocument(
                document_id=self.document_id,
                number=self.number,
                planned=AcceptedPlan(planned.header, planned.ctx, planned.document, planned.plan),
                revision=self.revision,
                issued=self.issued,
                sequence=self.sequence,
                repeated=self.repeated,
                entry_id=self.entry_id,
                entry_number=self.entry_number,
                line_ids=MappingProxyType(self.line_ids),
                moves=tuple([_frozen_move(move) for move in self.moves]),
                postings=tuple(self.postings),
                corrections=self.corrections,
            )
        return self._frozen


def _frozen_move(move: NewMove) -> AcceptedMove:
    pool = AcceptedPool(move.pool.id, move.pool.item_id, move.pool.lot)
    return AcceptedMove(move.id, move.line_id, move.planned, pool, move.quantity, move.value)


class ExistingDocument(NamedTuple):
    """A document of which only the tables know: saved to be posted later, or recorded before under the same idempotency key."""

    document_id: int
    number: str
    repeated: bool = False


class Replaced(Protocol):
    """The document that a revision takes the place of, on its way out (`wares.voiding.void.Annulment`)."""

    removed: list[int]
    facts: list[tuple[int, int, int]]

    def write(self) -> None: ...


class Revision(NamedTuple):
    """The facts that a new revision keeps of the document it replaces: number, place in time, revision."""

    number: str
    issued: int | None
    sequence: int
    effective_at: int
    revision: int
    replaced: Replaced
