"""The replay of one pool: its opening state, its moves in their order, and the point at which it stands as it is stored."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

from wares.costing.layer import brought_by
from wares.inventory.pools import END, Key
from wares.model import VALUE_ONLY
from wares.recosting.consumption_changes import ConsumptionChanges
from wares.recosting.convergence import Convergence
from wares.recosting.covers import Covers
from wares.recosting.host import Host, ReplayRequest
from wares.recosting.move_pages import Page, Pages
from wares.recosting.moves import BEGINNING, METHOD_CHANGED, QUANTITY_ONLY, ReplayedMove, StoredMove, key_of
from wares.recosting.opening_layers import stored_bases
from wares.recosting.opening_state import (
    OpeningState,
    opening_of_new,
    opening_state,
    opening_without,
    rates_as_stored,
    revalued_since,
)
from wares.recosting.pool_fold import PoolFold


class PoolReplay:
    """One pool on its way: the moves still to come, and the results for `store`."""

    def __init__(self, host: Host, request: ReplayRequest) -> None:
        self._host = host
        self.request = request
        row, unit = request.row, host.unit
        revalued = not request.is_new and not request.untouched and revalued_since(unit, row.id, request.start)
        # The parts of a revaluation by layer are not stored, so a pool with a later one is replayed from its beginning.
        self.start = BEGINNING if revalued else request.start
        self.last_new = max([move.key for move in request.new], default=BEGINNING)
        self.consumptions = ConsumptionChanges()
        self.covers = Covers(host)
        opening = self._opening()
        self._layers = opening.layers
        self.covers.set_aside(opening.covers)
        self.fold = PoolFold(
            host,
            opening,
            row=row,
            rates=rates_as_stored(unit, row, host.methods) if revalued and row.area_id else frozenset(),
            covers=self.covers,
            consumptions=self.consumptions,
        )
        self._convergence = None if revalued else self._new_convergence()
        self.converged = False
        """The pool stands as it is stored, and so does everything after the last replayed move."""
        self.begun = False
        self.next_key = END
        self.receipts = array("q")  # stored receipts that were replayed or removed: their layers are written anew
        self.rewritten: list[ReplayedMove] = []  # counts that found another difference, changes back to another method
        self._stored_layers: set[int] = set()  # the layers from which the stored moves took
        self._pages = None if request.untouched else Pages(unit, host.dependencies, row.id, self.start, [*request.new])
        self._page = Page([*request.untouched], {}, set(), [], [])
        self._position = 0

    def _opening(self) -> OpeningState:
        request, unit, methods = self.request, self._host.unit, self._host.methods
        if request.is_new:
            return opening_of_new(request.row, unit.decimals, methods)
        if request.untouched:
            return opening_without(unit, request.row, request.untouched, methods)
        return opening_state(unit, request.row, self.start, methods)

    def _new_convergence(self) -> Convergence | None:
        request = self.request
        if request.is_new or request.untouched or any(move.intent in VALUE_ONLY for move in request.new):
            return None
        until = max(self.start, self.last_new, request.last_changed)
        return Convergence(
            until,
            state=self.fold.state,
            consumptions=self.consumptions,
            covers=self.covers,
            stored_bases=partial(stored_bases, self._host.unit, request.row.id),
        )

    # --- the next move ---

    def begin(self) -> None:
        """Find the first move, once the host knows this replay."""
        self._look_ahead()

    def wake(self, key: Key) -> None:
        """Go on at least to `key`: the value of a move there may change."""
        if self._convergence is not None:
            self._convergence.until = max(self._convergence.until, key)
        if self.converged:
            self.converged = False
            self._look_ahead()

    def _look_ahead(self) -> None:
        """Find the next move, on the next page if need be."""
        while not self.converged and self._position == len(self._page.moves):
            page = self._pages.turn() if self._pages is not None else None
            if page is None:
                self.next_key = END
                return
            self._open(page)
        self.next_key = END if self.converged else key_of(self._page.moves[self._position])

    def _open(self, page: Page) -> None:
        self._page, self._position = page, 0
        self.fold.stored = page.taken
        self._stored_layers |= page.layers
        self.covers.set_aside(page.covers)
        for move in page.removed:
            self.fold.method_changed |= move.intent is METHOD_CHANGED
            if move.old_quantity > 0:
                self.receipts.append(move.id)
            self.consumptions.add(move.id, page.taken.get(move.id, ()), ())
            if self._convergence is not None:
                self._convergence.see(move, 0, 0)
            if move.id not in self._host.uncovered:
                self._host.uncovered.add(move.id)
                self.covers.compare(move, ())

    # --- folding ---

    def advance(self, has_earlier: Callable[[Key], bool]) -> None:
        """Fold until another pool has a move before the next one (`has_earlier`), or nothing is left to fold.

        Plain issues need not wait for other pools: no other move depends on them, nor they on it.
        """
        self.begun = True
        while self.next_key != END:
            move = self._page.moves[self._position]
            if not isinstance(move, ReplayedMove):
                self._fold_issues(move)
            elif has_earlier(self.next_key):
                return
            else:
                self._position += 1
                self._step(move)
            self._look_ahead()

    def _fold_issues(self, first: StoredMove) -> None:
        """Fold the plain issues from `first` on together. If there is not enough for it, it is to be folded by itself."""
        rows, issues = self.fold.plain_issues(self._page.moves, self._position)
        if not rows:
            self._page.moves[self._position] = self._host.dependencies.known(first)
            return
        self._position += len(rows)
        stored = self.fold.fold_issues(rows, issues)
        if self._convergence is not None:
            self._convergence.see_issues(sum([issue.quantity for issue in issues]), stored)

    def _step(self, move: ReplayedMove) -> None:
        if not move.is_new and move.old_quantity > 0 and move.intent is not QUANTITY_ONLY:
            self.receipts.append(move.id)
        self.fold.fold(move)
        if not move.is_new and (move.quantity != move.old_quantity or move.method != move.old_method):
            self.rewritten.append(move)
        if self._convergence is not None:
            self._convergence.see(move, move.quantity, move.value)
            if move.quantity > 0 and move.intent is not QUANTITY_ONLY:
                self.converged = not self.fold.transfers_differ and self._convergence.is_reached(move)

    def give_layers_back(self) -> None:
        """Give back the stored consumptions of layers that the replay has not reached. At the end, for `store`."""
        if self._layers is not None and not self.converged:
            replayed = set(self.receipts)
            self._layers.among(
                layer_id
                for layer_id in self._stored_layers - self.fold.state.changed.keys()
                if brought_by(layer_id) not in replayed
            )
