"""Reports: a listing with a key, which a plugin adds to `wares reports` and to `books.reports`.

A report is an object whose facts are class attributes; `rows` reads the books it is given, which show one snapshot and refuse to
write, and yields plain rows. Register with the hook `wares_reports`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from wares.contract.item_type import Attributes

if TYPE_CHECKING:
    from wares.contract.books_view import BooksView


class Report(ABC):
    """A report. One object serves every company and holds no state."""

    key: ClassVar[str]
    """What `wares reports KEY` and `books.reports.run(KEY)` name."""
    title: ClassVar[str]
    summary: ClassVar[str] = ""
    """What it shows, in a sentence: its help."""
    columns: ClassVar[tuple[str, ...]]
    """The keys of every row, in the order of a table; a row may have more, which only JSON shows."""
    Parameters: ClassVar[type[Attributes]] = Attributes
    """What may be asked of it. Each field is an option of the command (`at` is --at) and an argument of `run`; give fields a
    `description`, use `date` for days and Decimal for numbers."""
    example_records: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """Records, as `wares load` takes them, after which it has something to show: what `wares plugins check` tries it with."""

    @abstractmethod
    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        """The rows. `parameters` is an instance of `Parameters`. Values are texts, whole numbers, Decimals, booleans, dates, None
        and lists and mappings of these; never floats. Raise Refused for what cannot be shown."""
