"""The masters of one company for planning documents: items, parties and locations by code, all from memory.

A `MasterBook` is filled in batches (`need_skus`, `need_parties`: a fixed number of queries each) and then answers from
plain dicts. A look-up reads a master that no batch has loaded, so that correctness never depends on the batches.
`fresh` carries the caches over to the next transaction while no master has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from wares.catalog import stock
from wares.catalog.policies import DEFAULTS
from wares.catalog.rows import select_items
from wares.catalog.suggest import Suggestions, did_you_mean
from wares.contract.item_type import ItemType
from wares.errors import Refused, StorageError
from wares.model import Account, AccountQuery, Item, Location, Party
from wares.storage.unit import Reader

MAIN = "MAIN"
"""The location of a document without one."""
MAX_KEPT = 200_000
"""The most items kept from one transaction to the next; with more, the next book starts empty."""


class AccountLookUp(Protocol):
    """The part of the ledger that a MasterBook uses: accounts and the rules that choose them."""

    def account(self, code: str, path: str = "") -> Account:
        """Return the account with this code. Refused UNKNOWN_ACCOUNT."""
        ...

    def by_id(self, account_id: int) -> Account:
        """Return the account of a stored row."""
        ...

    def resolve(self, query: AccountQuery) -> Account:
        """Return the account that the mapping rules choose. Refused NO_ACCOUNT."""
        ...


class MasterBook:
    """Implements `wares.model.Masters` over a Reader. Not for two threads at once; `fresh` makes one for each."""

    def __init__(self, reader: Reader, accounts: AccountLookUp, item_types: Mapping[str, ItemType]) -> None:
        self.reader = reader
        self.accounts = accounts
        self.item_types = item_types
        self.version: int = reader.head.master_version
        self.changed = False
        """True if this transaction changed masters: they may still be rolled back, so that the caches are not carried over."""
        self._by_sku: dict[str, Item] = {}
        self._by_id: dict[int, Item] = {}
        self._parties: dict[str, Party] = {}
        self._suggestions = Suggestions()
        self.locations: dict[str, Location] = {
            code: Location(location_id, code, name)
            for location_id, code, name in reader.rows(
                "SELECT location_id, code, name FROM wares_location WHERE company_id = ? ORDER BY location_id"
            )
        }
        self._locations_by_id = {location.id: location for location in self.locations.values()}
        stored = dict(reader.rows("SELECT key, value FROM wares_setting WHERE company_id = ?"))
        self.settings: Mapping[str, str] = {**DEFAULTS, **stored}

    def fresh(self, reader: Reader, accounts: AccountLookUp | None = None) -> MasterBook:
        """Return a book for another transaction: with these caches while the masters are unchanged, else an empty one.

        `accounts` is the account book of that transaction; by default the present one.
        """
        accounts = self.accounts if accounts is None else accounts
        same = reader.company_id == self.reader.company_id and reader.head.master_version == self.version
        if not same or self.changed or len(self._by_id) > MAX_KEPT:
            return MasterBook(reader, accounts, self.item_types)
        book = MasterBook.__new__(MasterBook)
        book.__dict__.update(self.__dict__)
        book.reader, book.accounts = reader, accounts
        book._suggestions = replace(self._suggestions)
        return book

    # --- filling ---

    def need_skus(self, skus: Iterable[str]) -> None:
        """Load these items and all items in their contents, unless they are loaded: two queries."""
        missing = {sku for sku in skus if sku not in self._by_sku}
        if missing:
            self._keep(select_items(self.reader, "sku", missing, self.item_types))

    def need_ids(self, ids: Iterable[int]) -> None:
        """Load the items with these ids and all items in their contents: two queries."""
        missing = {item_id for item_id in ids if item_id not in self._by_id}
        if missing:
            self._keep(select_items(self.reader, "item_id", missing, self.item_types))

    def need_parties(self, codes: Iterable[str]) -> None:
        """Load these parties: one query."""
        missing = {code for code in codes if code not in self._parties}
        if missing:
            self._read_parties(missing)

    # --- looking up ---

    def peek(self, sku: str) -> Item | None:
        """Return the item with this SKU if it is loaded; after `need_skus`, None means that it does not exist."""
        return self._by_sku.get(sku)

    def find(self, sku: str) -> Item | None:
        """Return the item with this SKU, or None."""
        item = self._by_sku.get(sku)
        if item is None:
            self.need_skus((sku,))
            item = self._by_sku.get(sku)
        return item

    def item(self, sku: str, path: str = "") -> Item:
        """Return the item with this SKU. Refused UNKNOWN_ITEM, with similar SKUs."""
        item = self._by_sku.get(sku)
        return item if item is not None else self._read_item(sku, path)

    def item_by_id(self, item_id: int) -> Item:
        """Return the item with this id. StorageError BROKEN_REFERENCE if there is none, which foreign keys prevent."""
        item = self._by_id.get(item_id)
        if item is None:
            self.need_ids((item_id,))
            item = self._by_id.get(item_id)
            if item is None:
                raise StorageError("BROKEN_REFERENCE", f"there is no item with id {item_id}", hint="run: wares verify")
        return item

    def party(self, code: str, path: str = "") -> Party:
        """Return the party with this code. Refused UNKNOWN_PARTY."""
        party = self.find_party(code)
        if party is None:
            raise Refused.because(
                "UNKNOWN_PARTY", f"there is no party {code!r}", path=path, hint=self._suggestions.of_party(self.reader, code)
            )
        return party

    def find_party(self, code: str) -> Party | None:
        """Return the party with this code, or None."""
        party = self._parties.get(code)
        if party is None:
            self.need_parties((code,))
            party = self._parties.get(code)
        return party

    def peek_party(self, code: str) -> Party | None:
        """Return the party with this code if it is loaded, like `peek`."""
        return self._parties.get(code)

    def location(self, code: str, path: str = "") -> Location:
        """Return the location with this code. Refused UNKNOWN_LOCATION."""
        location = self.locations.get(code)
        if location is None:
            raise Refused.because(
                "UNKNOWN_LOCATION",
                f"there is no location {code!r}",
                path=path,
                hint=did_you_mean(code, self.locations) or f"the locations are {', '.join(list(self.locations)[:20])}",
            )
        return location

    def location_by_id(self, location_id: int) -> Location:
        """Return the location with this id. StorageError BROKEN_REFERENCE if there is none."""
        try:
            return self._locations_by_id[location_id]
        except KeyError:
            raise StorageError("BROKEN_REFERENCE", f"there is no location with id {location_id}") from None

    def main_location(self) -> Location:
        """Return the location of documents without one."""
        return self.location(MAIN)

    def account(self, code: str, path: str = "") -> Account:
        """Return the account with this code. Refused UNKNOWN_ACCOUNT."""
        return self.accounts.account(code, path)

    def account_by_id(self, account_id: int) -> Account:
        """Return the account of a stored row, retired or not."""
        return self.accounts.by_id(account_id)

    def resolve_account(self, query: AccountQuery) -> Account:
        """Return the account that the mapping rules choose. Refused NO_ACCOUNT names the command that sets it."""
        return self.accounts.resolve(query)

    # --- stock ---

    def on_hand(self, item: Item, location: Location | None = None) -> int:
        """Return the stored millionths on hand, everywhere or at one location, without changes that this batch has not flushed."""
        return stock.on_hand(self.reader, item.id, location.id if location else None)

    def received_by(self, item: Item, document_type: str) -> bool:
        """True if a posted document of this type brought the item in since its stock was last empty."""
        return stock.received_by(self.reader, item.id, document_type)

    # --- changes in this transaction ---

    def learn(self, items: Iterable[Item]) -> None:
        """Take over items as this transaction writes them."""
        self._own_caches()
        self._keep(items, anew=True)

    @contextmanager
    def trying(self, items: Iterable[Item]) -> Iterator[None]:
        """Answer with these items inside the block, and with the former ones after it."""
        items = list(items)
        before = [self._by_sku.get(item.sku) for item in items]
        self.learn(items)
        try:
            yield
        finally:
            self.forget(items)
            self._keep(item for item in before if item is not None)

    def forget(self, items: Iterable[Item]) -> None:
        """Drop items that were learnt and not written."""
        self._own_caches()
        for item in items:
            self._by_sku.pop(item.sku, None)
            self._by_id.pop(item.id, None)

    def learn_parties(self, parties: Iterable[Party]) -> None:
        """Take over parties as this transaction writes them."""
        self._own_caches()
        for party in parties:
            self._parties[party.code] = party

    def learn_locations(self, locations: Iterable[Location]) -> None:
        """Take over locations as this transaction writes them."""
        self._own_caches()
        for location in locations:
            self.locations[location.code] = self._locations_by_id[location.id] = location

    def learn_settings(self, settings: Mapping[str, str]) -> None:
        """Take over settings as this transaction writes them."""
        self._own_caches()
        self.settings = {**self.settings, **settings}

    def _own_caches(self) -> None:
        """Copy the caches before the first change, so that the books of other transactions do not see it."""
        if self.changed:
            return
        self.changed = True
        self._by_sku, self._by_id = dict(self._by_sku), dict(self._by_id)
        self._parties = dict(self._parties)
        self.locations, self._locations_by_id = dict(self.locations), dict(self._locations_by_id)
        self._suggestions.skus = None

    # --- reading missing masters ---

    def _keep(self, items: Iterable[Item], *, anew: bool = False) -> None:
        by_sku, by_id = self._by_sku, self._by_id
        for item in items:
            if anew or item.id not in by_id:
                by_sku[item.sku] = by_id[item.id] = item

    def _read_parties(self, codes: set[str]) -> None:
        statement = f"SELECT party_id, code, name, kinds FROM wares_party WHERE company_id = ? AND {self.reader.among('code')}"
        for party_id, code, name, kinds in self.reader.rows(statement, self.reader.listed(codes)):
            self._parties[code] = Party(party_id, code, name, tuple(json.loads(kinds or "[]")))

    def _read_item(self, sku: str, path: str) -> Item:
        item = self.find(sku)
        if item is None:
            raise Refused.because("UNKNOWN_ITEM", f"there is no item {sku!r}", path=path, hint=self.similar_skus(sku))
        return item

    def similar_skus(self, sku: str) -> str:
        """Return a hint with the SKUs most like this one; empty without any, or after too many searches."""
        return self._suggestions.of_sku(self.reader, sku)
