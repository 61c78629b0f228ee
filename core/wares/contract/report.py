"""Reports: listings that a plugin adds to `wares reports` and to `books.reports`.

A report is an object whose facts are class attributes. Its `rows` reads books that show one snapshot and refuse to write, and
yields plain rows. Register it with the hook `wares_reports`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from wares.contract.item_type import Attributes
from wares.values import Record

if TYPE_CHECKING:
    from wares.contract.books_view import BooksView


class Report(ABC):
    """A report. One object serves every company and holds no state."""

    key: ClassVar[str]
    """Its name in `wares reports KEY` and `books.reports.run(KEY)`."""
    title: ClassVar[str]
    summary: ClassVar[str] = ""
    """One sentence for its help."""
    columns: ClassVar[tuple[str, ...]]
    """The keys of every row, in the order of a table. Other keys of a row appear in JSON only."""
    Parameters: ClassVar[type[Attributes]] = Attributes
    """Its parameters. Each field is an option of the command (`at` is --at) and an argument of `run`. Give fields a `description`;
    use `date` for days and Decimal for numbers."""
    example_records: ClassVar[tuple[Record, ...]] = ()
    """Records, as `wares load` takes them, after which it has rows to show, for `wares plugins check`."""

    @abstractmethod
    def rows(self, books: BooksView, parameters: Any) -> Iterable[Record]:
        """Return the rows. `parameters` is an instance of `Parameters`. Values are texts, whole numbers, Decimals, booleans, dates,
        None, and lists and mappings of these; never floats. May raise Refused."""
