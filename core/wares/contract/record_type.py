"""Record types: a kind of record that a plugin adds to `wares load` and translates into records of the core.

Register it with the hook `wares_record_types`. Translation is pure: it looks masters up and writes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from wares.model import Masters
from wares.values import Record


class RecordType(ABC):
    """A record whose `record` key is `key`."""

    key: ClassVar[str]

    @abstractmethod
    def translate(self, record: Record, masters: Masters) -> Iterable[Record]:
        """Return the records of the core (item, document, ...) for this record. May raise Refused."""
