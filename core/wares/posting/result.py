"""The results of recording a document: accepted now, as the pipeline leaves it in memory, or known from before."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from wares.contract.accepted import AcceptedDocument, AcceptedMove, AcceptedPlan, AcceptedPool
from wares.inventory.move import NewMove
from wares.ledger.entry import Posting
from wares.model import CostChange
from wares.posting.plan import Planned


class NewDocument:
    """An accepted document as the stages of the pipeline fill it. Plugins get `frozen()`; `Books.post` makes its result of it."""

    __slots__ = (
        "_frozen",
        "corrections",
        "document_id",
        "entry_id",
        "entry_number",
        "issued",
        "line_ids",
        "moves",
        "number",
        "planned",
        "postings",
        "repeated",
        "revision",
        "sequence",
    )

    def __init__(self, document_id: int, number: str, planned: Planned) -> None:
        self.document_id = document_id
        self.number = number
        self.planned = planned  # the document with all that it does: `header`, `ctx`, `document` (its priced rows), `plan`
        self.revision = 1  # 2 after the first edit
        self.issued: int | None = None  # its number within the series, when Wares gave it
        self.sequence = 0  # order of recording within the company
        self.repeated = False  # the idempotency key was seen before: this is the first result
        self.entry_id: int | None = None  # None where it posts nothing
        self.entry_number: int | None = None
        self.line_ids: dict[str, int] = {}  # line number → id, of sublines too
        self.moves: Sequence[NewMove] = ()  # each has `id`, `planned` (a PlannedMove), `quantity` and `pool` (with `lot`)
        self.postings: Sequence[Posting] = ()  # its entry, minor units of the company's currency
        self.corrections: Sequence[CostChange] = ()  # changes in the cost of earlier documents
        self._frozen: AcceptedDocument | None = None

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
    """What a document keeps that replaces another: number, place in time, revision."""

    number: str
    issued: int | None
    sequence: int
    effective_at: int
    revision: int
    replaced: Replaced
