"""The pools and the stock of the items that a batch of documents concerns, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.last_known import last_known
from wares.inventory.pool import Pool
from wares.inventory.pools import END, PoolRow, held_of_lots, pools_of, states_now
from wares.model import Item
from wares.storage.unit import Unit


class PoolsAtHand:
    """The pools and the quantities on hand of items, as the documents of one batch leave them."""

    def __init__(self, unit: Unit, methods: Mapping[str, CostMethod]) -> None:
        self.unit = unit
        self.methods = methods
        self.on_hand: dict[tuple[int, int], int] = {}  # (item, location) → millionths
        self.lot_on_hand: dict[tuple[int, int], int] = {}  # (pool, location) of goods that are kept by lot → millionths
        self._pools: dict[int, dict[tuple[int, str], Pool]] = defaultdict(dict)  # item → (area, lot) → pool
        self._known: set[int] = set()  # items whose pools and stock are here

    def need_items(self, item_ids: Iterable[int]) -> None:
        """Have pools and stock of these items at hand: a fixed number of queries for those not asked for before."""
        missing = sorted(set(item_ids) - self._known)
        if not missing:
            return
        unit, listed = self.unit, self.unit.listed(missing)
        self._known.update(missing)
        for item_id, location_id, on_hand in unit.rows(
            f"SELECT item_id, location_id, on_hand FROM wares_stock WHERE company_id = ? AND {unit.among('item_id')}", listed
        ):
            self.on_hand.setdefault((item_id, location_id), on_hand)
        rows = pools_of(unit, missing)
        self.lot_on_hand |= held_of_lots(unit, [row.id for row in rows if row.lot and row.quantity])
        states = states_now(unit, rows, self.methods)
        for row in rows:
            if row.known_quantity < 0:
                states[row.id].know(*(last_known(unit, row, END, self.methods) or (0, 0)))
            self._pools[row.item_id][row.area_id, row.lot] = Pool(row, states[row.id], is_new=False)

    def need_item(self, item_id: int) -> None:
        """Have pools and stock of this item at hand."""
        if item_id not in self._known:
            self.need_items((item_id,))

    def of_item(self, item_id: int) -> list[Pool]:
        """Return the pools of an item that is at hand (`need_items`): one, unless lots or locations are costed by themselves."""
        return list(self._pools[item_id].values())

    def of_lot(self, item_id: int, lot: str) -> list[Pool]:
        """Return the pools of one lot: one, unless locations are costed by themselves."""
        whole = self._pools[item_id].get((0, lot))
        return [whole] if whole is not None else [pool for pool in self.of_item(item_id) if pool.lot == lot]

    def pool(self, item: Item, area_id: int, lot: str, method: str) -> Pool:
        """Return the pool of an item (at a location, of a lot) that is at hand (`need_items`), a new one if there is none yet."""
        pool = self._pools[item.id].get((area_id, lot))
        if pool is None:
            of = self.methods[method]
            rate = self._first_rate(item, area_id) if of.fixed_rate else None
            row = PoolRow(self.unit.take_id(), item.id, area_id, lot, method, 0, method, rate, rate, 0, 0, 0, 0, 0, 0, -1, -1)
            state = PoolState(newest_first=of.newest_first, rate=rate, decimals=self.unit.decimals)
            pool = self._pools[item.id][area_id, lot] = Pool(row, state, is_new=True)
        return pool

    def _first_rate(self, item: Item, area_id: int) -> int:
        """Return the standard rate that a pool begins with: the item's cost; at a further location the rate in force elsewhere."""
        others = self.of_item(item.id) if area_id else []
        rate = min(others, key=lambda pool: pool.id).state.rate if others else None
        return (item.cost or 0) if rate is None else rate

    def forget(self, item_ids: Iterable[int]) -> set[int]:
        """Read these items anew when next asked; return the ids of the pools that are not at hand any more."""
        gone = set(item_ids)
        self._known -= gone
        pools = {pool.id for item_id in gone for pool in self._pools.pop(item_id, {}).values()}
        for place in [place for place in self.lot_on_hand if place[0] in pools]:
            del self.lot_on_hand[place]
        for place in [place for place in self.on_hand if place[0] in gone]:
            del self.on_hand[place]
        return pools
