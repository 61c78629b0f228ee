"""The refusals of a recosting. Each names the new document's line, or the later document that stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from wares.catalog.masters import MasterBook
from wares.errors import Issue, Refused
from wares.inventory.outside_value import below_zero_issue, no_cost_issue
from wares.recosting.moves import ReplayedMove
from wares.storage.unit import Reader
from wares.values import unscaled


class Refusals:
    """Raises Refused for a move of the replay."""

    def __init__(self, reader: Reader, masters: MasterBook, paths: Mapping[int, str], takes_back: str) -> None:
        self._reader = reader
        self._masters = masters
        self._paths = paths  # new move → the path of its line in the record
        self._takes_back = takes_back  # number of the document that the new moves reverse

    def sku(self, move: ReplayedMove) -> str:
        """Return the SKU of a move's item."""
        return self._masters.item_by_id(move.item_id).sku

    def short(self, move: ReplayedMove, held: int) -> NoReturn:
        """Refuse a move whose place holds only `held`: INSUFFICIENT_STOCK of a new move, LATER_SHORT of a stored one."""
        sku, place = self.sku(move), self._masters.location_by_id(move.location_id).code
        needed, left = unscaled(-move.quantity), unscaled(max(held, 0))
        if not move.is_new:
            self.for_later(move, f"would be short of {sku} at {place}: it takes {needed}, {left} left")
        raise Refused.because(
            "INSUFFICIENT_STOCK",
            f"{sku} at {place} had {left} on that day, {needed} needed",
            path=self._paths.get(move.id, ""),
            where=self._takes_back,
            hint="the goods are gone: void what took them out first, or credit what is left"
            if self._takes_back
            else "receive or count it first, or lower the quantity",
        )

    def below_zero(self, move: ReplayedMove) -> NoReturn:
        """Refuse a receipt that would be worth less than nothing: BELOW_ZERO."""
        where = "" if move.is_new else self._number(move)
        raise Refused([below_zero_issue(self.sku(move), path=self._paths.get(move.id, ""), where=where)])

    def no_cost(self, move: ReplayedMove) -> NoReturn:
        """Refuse goods whose cost nothing states: NO_COST."""
        raise Refused([no_cost_issue(self.sku(move), line_path=self._paths.get(move.id, ""))])

    def revaluation(self, move: ReplayedMove, issue: Issue) -> NoReturn:
        """Refuse a revaluation that finds nothing to act on: `issue` of a new one, LATER_SHORT of a stored one."""
        if move.is_new:
            raise Refused([replace(issue, path=self._paths.get(move.id, ""))])
        self.for_later(move, f"could not revalue any more: {issue.message}")

    def for_later(self, move: ReplayedMove, why: str) -> NoReturn:
        """Refuse for the sake of a later document, which is named: LATER_SHORT."""
        number = self._number(move)
        message, hint = f"{number} {why}", "change or void the later document first"
        raise Refused.because("LATER_SHORT", message, where=number, hint=hint)

    def _number(self, move: ReplayedMove) -> str:
        row = self._reader.row("SELECT number FROM wares_document WHERE company_id = ? AND document_id = ?", move.document_id)
        return str(row[0]) if row else "?"
