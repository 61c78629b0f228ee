"""The counts and figures of the story, which the command prints and tests compare with the books."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """Counts and figures of one run, all known before the first record is posted."""

    first: str
    """The day of the first event; the opening balances stand on the day before."""
    last: str
    """The day of the last event."""
    masters: Mapping[str, int]
    """Number of records other than documents, by kind; items by ``item:<type>``."""
    documents: Mapping[str, int]
    """Number of documents by type."""
    opening: Mapping[str, int]
    """Opening quantity by SKU, all at MAIN."""
    on_hand: Mapping[tuple[str, str], int]
    """Quantity that the books must show after the last record, by (location, SKU), zeros left out."""

    @property
    def records(self) -> int:
        """The number of records, for a progress bar."""
        return sum(self.masters.values()) + sum(self.documents.values())

    def summary(self) -> str:
        """Return one line to print."""
        total = sum(self.documents.values())
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.documents.items(), key=lambda c: -c[1]))
        return f"{self.first} to {self.last}: {total:,} documents ({kinds})"
