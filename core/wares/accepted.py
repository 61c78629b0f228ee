"""A document that was accepted: what the pipeline leaves of it in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from wares.correction import Change
from wares.ledger.entry import Posting
from wares.movement import NewMove
from wares.planning import Planned


class Accepted:
    """A document that was posted (or previewed): what `Books.post` turns into its result."""

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
        "status",
    )

    def __init__(self, document_id: int, number: str, planned: Planned | None, *, status: str = "posted") -> None:
        self.document_id = document_id
        self.number = number
        self.planned = planned
        self.status = status
        self.revision = 1
        self.issued: int | None = None  # its number within the series, when Wares gave it
        self.sequence = 0
        self.repeated = False  # the idempotency key was seen before: this is the first result
        self.entry_id: int | None = None
        self.entry_number: int | None = None
        self.line_ids: dict[str, int] = {}
        self.moves: Sequence[NewMove] = ()
        self.postings: Sequence[Posting] = ()
        self.corrections: Sequence[Change] = ()


class Replaced(Protocol):
    """The document that a revision takes the place of, on its way out (`wares.annulment.Annulment`)."""

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
