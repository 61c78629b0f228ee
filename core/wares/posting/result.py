"""The results of recording a document: accepted now, as the pipeline leaves it in memory, or known from before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from wares.inventory.move import NewMove
from wares.ledger.entry import Posting
from wares.posting.plan import Planned
from wares.recosting import Change


class Accepted:
    """A document that was accepted: the argument of `wares_accepted` and `wares_rows`. `Books.post` makes its result of it."""

    __slots__ = (
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
        self.corrections: Sequence[Change] = ()  # changes in the cost of earlier documents


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
