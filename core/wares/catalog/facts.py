"""Facts that the rules need about a batch's stored items: one query for all of them, made at the first use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from wares.catalog.stock import Quantities, quantities
from wares.model import ComponentKind
from wares.storage.unit import Reader


class StoredFacts:
    """Facts about the items stored before this batch."""

    def __init__(self, reader: Reader, ids: Collection[int], skus: Collection[str]) -> None:
        self._reader = reader
        self._ids = reader.listed(sorted(ids))
        self._skus = reader.listed(sorted(skus))
        self._none = not ids

    @cached_property
    def moved(self) -> frozenset[int]:
        """Ids of the items that have ever moved: the first move makes a pool, which stays."""
        if self._none:
            return frozenset()
        statement = f"SELECT DISTINCT item_id FROM wares_pool WHERE company_id = ? AND {self._reader.among('item_id')}"
        return frozenset(row[0] for row in self._reader.rows(statement, self._ids))

    @cached_property
    def quantities(self) -> Mapping[int, Quantities]:
        """Stock, reservations and goods on order by item id; items without any are absent."""
        return {} if self._none else quantities(self._reader, self._ids)

    @cached_property
    def masters(self) -> Mapping[int, int]:
        """Item id → id of the variant's master."""
        if self._none:
            return {}
        statement = (
            f"SELECT item_id, parent_id FROM wares_component WHERE company_id = ? AND kind = ? AND {self._reader.among('item_id')}"
        )
        rows = self._reader.rows(statement, int(ComponentKind.VARIANT), self._ids)
        return dict(rows)

    @cached_property
    def accounts(self) -> Mapping[str, Mapping[str, int]]:
        """SKU → role → account id: the mapping rules at item level."""
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        if not self._none:
            among = self._reader.among('"of"')
            statement = f"SELECT \"of\", role, account_id FROM wares_mapping WHERE company_id = ? AND level = 'item' AND {among}"
            for sku, role, account_id in self._reader.rows(statement, self._skus):
                found[sku][role] = account_id
        return found
