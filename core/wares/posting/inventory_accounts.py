"""The inventory account of a pool over time.

A pool stands on the account of its first move until a reclassification takes its value to another. From that day on the pool posts
to the new account only: a correction of an earlier day is posted on that day, and a document that would post before it is refused.
So each inventory account holds the value of its pools, at every date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from wares.errors import Refused
from wares.inventory.pool import Pool
from wares.inventory.working_set import WorkingSet
from wares.ledger.entry import EntryLeg
from wares.model import Account, Header, Line, NewAccount
from wares.recosting import Changes
from wares.storage import tables as t
from wares.storage.unit import Reader
from wares.values import iso_day


class AccountChange(NamedTuple):
    """A pool whose value goes to another inventory account."""

    pool: Pool
    account: Account  # the new one
    line: str  # number of the line that asks for it


def settled_since(reader: Reader, pool_ids: Iterable[int]) -> dict[int, int]:
    """Return the pools that changed their account: pool id → the day of the last change."""
    return dict(reader.rows(
        f"SELECT pool_id, MAX(since) FROM wares_pool_account WHERE company_id = ? AND {reader.among('pool_id')} GROUP BY pool_id",
        reader.listed(sorted(set(pool_ids))),
    ))  # fmt: skip


def refuse_before(reader: Reader, moves: Iterable[tuple[int, int]], *, hint: str, path: str = "", where: str = "") -> None:
    """Refuse a move (pool, day) that stands before the pool came to its account. Refused BEFORE_RECLASSIFICATION."""
    days: dict[int, int] = {}
    for pool_id, day in moves:
        days[pool_id] = min(day, days.get(pool_id, day))
    for pool_id, since in settled_since(reader, days).items() if days else ():
        if days[pool_id] < since:
            row = reader.row("SELECT i.sku FROM wares_pool p JOIN wares_item i ON i.company_id = p.company_id "
                "AND i.item_id = p.item_id "
                             "WHERE p.company_id = ? AND p.pool_id = ?", pool_id)  # fmt: skip
            message = f"{row[0] if row else 'the goods'} went to another inventory account on {iso_day(since)}"
            raise Refused.because("BEFORE_RECLASSIFICATION", message, path=path, where=where, hint=hint)


def days_of_documents(reader: Reader, changes: Changes) -> dict[int, int]:
    """Return document id → the first day on which its corrections may be posted: the latest day on which one of its pools came to
    its account, or 0. Empty if no pool ever changed its account."""
    since = settled_since(reader, changes.pools)
    days: dict[int, int] = {}
    for _, document_id, _, _, _, pool_id, _, _ in changes.rows() if since else ():
        days[document_id] = max(days.get(document_id, 0), since.get(pool_id, 0))
    return days


# --- reclassification ------------------------------------------------------------------------------------------------


def account_changes(
    ws: WorkingSet, wanted: Iterable[NewAccount], header: Header, lines: Mapping[str, Line], mapped: Callable[[Line, int], Account]
) -> list[AccountChange]:
    """Return the pools that change their account. Refused NOT_INVENTORY, SAME_ACCOUNT, LATER_MOVES."""
    found: list[AccountChange] = []
    for each in wanted:
        line = lines[each.line]
        path = f"{line.path}.account"
        if each.account is not None and "inventory" not in each.account.roles:
            message = f"account {each.account.code} {each.account.name} does not hold inventory"
            raise Refused.because("NOT_INVENTORY", message, path=path, hint="name an account whose roles hold inventory")
        ws.pools.need_items((each.item.id,))
        pools = [pool for pool in ws.pools.of_item(each.item.id) if not pool.is_new]
        of_item = [AccountChange(pool, each.account or mapped(line, pool.area_id), each.line) for pool in pools]
        elsewhere = [one for one in of_item if one.account.id != one.pool.account_id]
        if not elsewhere:
            message = f"all stock of {each.item.sku} stands there already, or nothing of it ever moved"
            raise Refused.because("SAME_ACCOUNT", message, path=path, hint="leave the line out")
        for one in elsewhere:
            _refuse_later(ws.unit, one.pool, header, line)
        found += elsewhere
    return found


def _refuse_later(reader: Reader, pool: Pool, header: Header, line: Line) -> None:
    """Refuse a pool with later moves or valuations: the value that goes is the one of that day."""
    row = reader.row(
        "SELECT MAX(v.date) FROM wares_move m CROSS JOIN wares_valuation v WHERE m.company_id = ? AND m.pool_id = ? "
        "AND v.company_id = m.company_id AND v.move_id = m.move_id",
        pool.id,
    )
    posted = (row[0] if row else None) or 0
    if pool.last_at > header.effective_at or posted > header.day:
        sku = line.item.sku if line.item is not None else ""
        message = f"{sku} has moved or changed its value later than {iso_day(header.day)}"
        raise Refused.because("LATER_MOVES", message, path="date", hint="reclassify it on or after that day")


def legs_of(changes: Iterable[AccountChange], line_ids: Mapping[str, int]) -> Iterator[EntryLeg]:
    """The value of each pool, from its old account to its new one: Dr new Cr old."""
    for pool, account, line in changes:
        value = pool.state.value
        yield EntryLeg(account.id, value, "inventory", line_ids[line], pool.item_id)
        yield EntryLeg(pool.account_id, -value, "inventory", line_ids[line], pool.item_id)


def change_accounts(ws: WorkingSet, changes: Iterable[AccountChange], header: Header, document_id: int, sequence: int) -> None:
    """Put the pools on their new accounts, from this document on."""
    for pool, account, _ in changes:
        ws.rows[t.pool_account].append((ws.company_id, pool.id, header.day, document_id, pool.account_id))
        pool.account_id = account.id
        pool.last_at, pool.last_sequence = header.effective_at, sequence
        ws.touch(pool)
