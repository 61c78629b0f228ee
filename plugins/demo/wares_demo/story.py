"""What the story holds, for the command to print and for tests to check the books against."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """Counts and figures of one run, all known before the first record is posted."""

    first: str
    """The day of the first event; the opening balances stand on the day before."""
    last: str
    masters: Mapping[str, int]
    """Records other than documents, by kind; items by ``item:<type>``."""
    documents: Mapping[str, int]
    """Documents by type."""
    opening: Mapping[str, int]
    """Opening quantity by SKU, all at MAIN."""
    on_hand: Mapping[tuple[str, str], int]
    """Final quantity by (location, SKU), zeros left out: what the books must show after the last record."""

    @property
    def records(self) -> int:
        """How many records there are, for a progress bar."""
        return sum(self.masters.values()) + sum(self.documents.values())

    def summary(self) -> str:
        """One line to print."""
        total = sum(self.documents.values())
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.documents.items(), key=lambda c: -c[1]))
        return f"{self.first} to {self.last}: {total:,} documents ({kinds})"
