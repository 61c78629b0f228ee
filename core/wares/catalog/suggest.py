"""Suggestions for mistyped names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wares.storage.unit import Reader

MOST_SEARCHES = 25
"""The most unknown names for which a book suggests similar ones: a search reads every SKU, and a broken file has thousands."""
_CLOSE_ENOUGH = 70.0


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return "did you mean A or B?" with at most three of the known names, best first; empty without a close one."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        given, list(known), scorer=fuzz.ratio, processor=utils.default_process, limit=3, score_cutoff=_CLOSE_ENOUGH
    )
    best = [name for name, _, _ in sorted(found, key=lambda match: (-match[1], match[0]))]
    return f"did you mean {' or '.join(best)}?" if best else ""


@dataclass(slots=True)
class Suggestions:
    """The names most like an unknown one, for as many searches as are worth their reads."""

    searches: int = 0
    skus: list[str] | None = None
    """Every SKU of the company, once it was read."""

    def of_sku(self, reader: Reader, sku: str) -> str:
        """Return a hint with the SKUs most like this one; empty without any, or after too many searches."""
        if not self._may_search():
            return ""
        if self.skus is None:
            self.skus = [row[0] for row in reader.rows("SELECT sku FROM wares_item WHERE company_id = ?")]
        return did_you_mean(sku, self.skus)

    def of_party(self, reader: Reader, code: str) -> str:
        """Return a hint with the codes of parties most like this one; empty without any, or after too many searches."""
        if not self._may_search():
            return ""
        known = reader.rows("SELECT code FROM wares_party WHERE company_id = ?")
        return did_you_mean(code, (row[0] for row in known))

    def _may_search(self) -> bool:
        self.searches += 1
        return self.searches <= MOST_SEARCHES
