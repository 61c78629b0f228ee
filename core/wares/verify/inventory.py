"""Inventory accounts against the values of goods (I2): two streams in the order of entries, compared entry by entry.

A reclassification takes a pool to another account: its values before that document belong to the account of that time, and its own
entry moves the value of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wares.storage.unit import Reader
from wares.values import iso_day
from wares.verify.finding import Finding, account_code, amount, count, entry_name, item_sku, pool_name

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_POSTED = (
    "SELECT entry_id, account_id, item_id, date, amount FROM wares_posting WHERE company_id = ? AND role = 'inventory' "
    "ORDER BY entry_id"
)
_VALUED = "SELECT entry_id, pool_id, date, value FROM wares_valuation WHERE company_id = ? ORDER BY entry_id"
_CHANGES = (
    "SELECT pool_id, document_id, since, account_id FROM wares_pool_account WHERE company_id = ? ORDER BY pool_id, document_id"
)
_WORTH = (
    "SELECT r.pool_id, r.document_id, CAST(SUM(v.value) AS BIGINT) FROM wares_valuation v CROSS JOIN wares_pool_account r "
    "WHERE v.company_id = ? AND r.company_id = v.company_id AND r.pool_id = v.pool_id AND v.entry_id < r.document_id "
    "GROUP BY r.pool_id, r.document_id"
)
"""The value of a pool just before each of its reclassifications."""
_MOVED = (
    "SELECT DISTINCT e.entry_id, e.date, r.pool_id, r.document_id FROM wares_pool_account r JOIN wares_entry e "
    "ON e.company_id = r.company_id AND e.document_id = r.document_id WHERE r.company_id = ? ORDER BY e.entry_id"
)
"""The entries of reclassifications, and the pools that they moved."""

Key = tuple[int, int, int | None, int]
"""Entry, account, item and date."""


class _Change(NamedTuple):
    """A reclassification of a pool."""

    document_id: int
    since: int
    before: int  # the account until then


class _Pools:
    """The account and item of each pool, at any time."""

    def __init__(self, reader: Reader) -> None:
        self.now: dict[int, tuple[int, int]] = {
            pool_id: (account_id, item_id)
            for pool_id, account_id, item_id in reader.rows(
                "SELECT pool_id, account_id, item_id FROM wares_pool WHERE company_id = ?"
            )
        }
        self.changes: dict[int, list[_Change]] = defaultdict(list)
        for pool_id, *change in reader.rows(_CHANGES):
            self.changes[pool_id].append(_Change(*change))

    def account_after(self, pool_id: int, id: int) -> int:
        """Return the account of a pool after the entry or document with this id."""
        later = (change.before for change in self.changes.get(pool_id, ()) if change.document_id > id)
        return next(later, self.now[pool_id][0])


def inventory_is_valuations(reader: Reader, registry: Registry) -> Finding:
    """I2: entry by entry (so at every date), account by account and item by item, inventory postings equal the valuation rows; and
    each inventory account holds the value of the pools that use it."""
    pools = _Pools(reader)
    held: dict[tuple[int, int | None], int] = defaultdict(int)
    problem = _entries(reader, pools, held) or _accounts(reader, held) or _before_its_account(reader, pools)
    return Finding(count(reader, "valuation"), problem)


def _entries(reader: Reader, pools: _Pools, held: dict[tuple[int, int | None], int]) -> str | None:
    """Compare the postings of each entry with its values; add the postings to `held`, by account and item."""
    posted: dict[Key, int] = defaultdict(int)
    valued: dict[Key, int] = defaultdict(int)
    values = _values(reader, pools)
    key, value = next(values, _END)
    entry = -1
    for entry_id, account_id, item_id, date, money in reader.stream(_POSTED):
        if entry_id != entry:
            while key[0] < entry_id:
                valued[key] += value
                key, value = next(values, _END)
            if posted != valued and (problem := _difference(reader, posted, valued)):
                return problem
            posted.clear()
            valued.clear()
            entry = entry_id
        posted[entry_id, account_id, item_id, date] += money
        held[account_id, item_id] += money
    while key is not _END[0]:
        valued[key] += value
        key, value = next(values, _END)
    return _difference(reader, posted, valued)


_END: tuple[Key, int] = ((2**63, 0, 0, 0), 0)


def _values(reader: Reader, pools: _Pools) -> Iterator[tuple[Key, int]]:
    """Yield the values of moves in the order of entries, with the value that reclassifications moved among them."""
    moved = _moved(reader, pools) if pools.changes else iter(())
    ahead, change = next(moved, _END)
    now, changes = pools.now, pools.changes
    for entry_id, pool_id, date, value in reader.stream(_VALUED):
        while ahead[0] < entry_id:
            yield ahead, change
            ahead, change = next(moved, _END)
        if pool_id in now:
            account_id, item_id = now[pool_id]
            if pool_id in changes:
                account_id = pools.account_after(pool_id, entry_id)
            yield (entry_id, account_id, item_id, date), value
    while ahead is not _END[0]:
        yield ahead, change
        ahead, change = next(moved, _END)


def _moved(reader: Reader, pools: _Pools) -> Iterator[tuple[Key, int]]:
    """Yield the value that each reclassification took from one account to another."""
    worth = {(pool_id, document_id): value for pool_id, document_id, value in reader.rows(_WORTH)}
    for entry_id, date, pool_id, document_id in reader.rows(_MOVED):
        if pool_id not in pools.now:
            continue
        value, item_id = worth.get((pool_id, document_id), 0), pools.now[pool_id][1]
        for change in pools.changes[pool_id]:
            if change.document_id == document_id:
                yield (entry_id, change.before, item_id, date), -value
                yield (entry_id, pools.account_after(pool_id, document_id), item_id, date), value


def _difference(reader: Reader, posted: dict[Key, int], valued: dict[Key, int]) -> str | None:
    for key in sorted({*posted, *valued}, key=lambda each: (each[0], each[1], each[2] or 0, each[3])):
        if posted.get(key, 0) != valued.get(key, 0):
            entry_id, account_id, item_id, _ = key
            return (
                f"{entry_name(reader, entry_id)}: {item_sku(reader, item_id)} is posted to inventory account "
                f"{account_code(reader, account_id)} at {amount(reader, posted.get(key, 0))}, its moves there are worth "
                f"{amount(reader, valued.get(key, 0))}"
            )
    return None


def _accounts(reader: Reader, held: dict[tuple[int, int | None], int]) -> str | None:
    """Compare the postings of each account and item with the value of its pools."""
    pools: dict[tuple[int, int | None], int] = defaultdict(int)
    for account_id, item_id, value in reader.rows("SELECT account_id, item_id, value FROM wares_pool WHERE company_id = ?"):
        pools[account_id, item_id] += value
    for key in sorted({*held, *pools}, key=lambda each: (each[0], each[1] or 0)):
        if held.get(key, 0) != pools.get(key, 0):
            account_id, item_id = key
            return (
                f"account {account_code(reader, account_id)} holds {amount(reader, held.get(key, 0))} of "
                f"{item_sku(reader, item_id)}, its pools there {amount(reader, pools.get(key, 0))}"
            )
    return None


def _before_its_account(reader: Reader, pools: _Pools) -> str | None:
    """Check that no valuation recorded after a reclassification is dated before it."""
    if not pools.changes:
        return None
    for entry_id, pool_id, date, _ in reader.stream(_VALUED):
        for change in pools.changes.get(pool_id, ()):
            if date < change.since and entry_id > change.document_id:
                pool = pool_name(reader, pool_id)
                return f"{entry_name(reader, entry_id)}: {pool} came to its account on {iso_day(change.since)} only"
    return None
