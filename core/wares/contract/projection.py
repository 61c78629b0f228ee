"""Projections: what a plugin says of documents, kept as rows, so that a long listing need not read the books anew.

A projection is an object whose `rows` reads documents as they stand. Books that keep it hold its rows right within the transaction
that changes them: those of each document that is posted, annulled or costed anew, and of the documents that it comes from, are made
again. What it says can always be read anew, and `wares verify` holds the kept rows against that. Register with the hook
`wares_projections`; keep and read through `books.projections`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from wares.recorded import Recorded


class Projected(NamedTuple):
    """A row that a document contributes to a projection."""

    document_id: int  # the document that contributes the row
    day: int  # yyyymmdd: rows are read by days
    values: list[Any]  # texts, whole numbers, booleans and None, in an order that the projection chooses
    waits: bool = False  # something is still to be done about it: such rows are found without the others


class Projection(ABC):
    """A projection. One object serves every company and holds no state."""

    key: ClassVar[str]
    """What `books.projections` names."""

    @abstractmethod
    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterable[Projected]:
        """The rows of these documents, by their ids; those of one document in their order.

        They follow from the documents themselves and from what later documents that come from them (`from`) did, and from nothing
        else: names of masters may change, so a row has ids or what the document itself says. Documents that do not stand give what
        they still have a part in, which mostly is nothing.
        """
