"""Projections: rows that a plugin derives from documents and the books keep, so that a long listing need not read every document.

A projection is an object whose `rows` reads documents. Books that keep it make its rows again in the transaction that posts,
annuls or recosts a document: the rows of that document and of the documents that it comes from. `wares verify` compares the kept
rows with fresh ones. Register it with the hook `wares_projections`; keep and read its rows through `books.projections`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from wares.values import Json

if TYPE_CHECKING:
    from wares.recorded import Recorded


class Projected(NamedTuple):
    """A row that a document contributes to a projection."""

    document_id: int  # the document that contributes the row
    day: int  # yyyymmdd: rows are read by days
    values: list[Json]  # texts, whole numbers, booleans and None, in an order that the projection chooses
    waits: bool = False  # True if something is still to be done about it: such rows can be read alone


class Projection(ABC):
    """A projection. One object serves every company and holds no state."""

    key: ClassVar[str]
    """Its name in `books.projections`."""

    @abstractmethod
    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterable[Projected]:
        """Return the rows of these documents, given by id; the rows of one document in their order.

        Rows depend only on the documents and on the later documents that come from them (`from`). Names of masters may change, so a
        row holds ids, or texts of the document itself. A document that does not stand has mostly no rows.
        """
