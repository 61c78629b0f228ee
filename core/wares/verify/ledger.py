"""The ledger alone: balance, totals, seals, closings (I1, I10, I11, I13)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wares.ledger.periods import first_breach, history
from wares.ledger.seal import check_seals
from wares.ledger.sealing import first_broken_sealing
from wares.storage.unit import Reader
from wares.values import iso_day
from wares.verify.examined import Examined
from wares.verify.finding import Finding, account_code, amount, count, entry_name, month_name, move_name
from wares.verify.posted import posted_sums
from wares.verify.totals import compare_totals

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


_UNBALANCED = (
    "WITH given AS (SELECT entry_id, amount, date, currency, currency_amount FROM wares_posting WHERE company_id = ?) "
    "SELECT p.entry_id, p.total, e.date, p.earliest, p.latest FROM (SELECT entry_id, CAST(SUM(amount) AS BIGINT) AS total, "
    "MIN(date) AS earliest, MAX(date) AS latest, "
    "MAX(CASE WHEN currency = ? AND amount <> currency_amount THEN 1 ELSE 0 END) AS odd "
    "FROM given GROUP BY entry_id) p LEFT JOIN wares_entry e ON e.company_id = ? AND e.entry_id = p.entry_id "
    "WHERE p.total <> 0 OR p.odd = 1 OR e.date IS NULL OR p.earliest <> e.date OR p.latest <> e.date ORDER BY p.entry_id LIMIT 1"
)
"""The first entry whose postings do not sum to zero, have another date, or state their own currency at a rate; one pass."""


def entries_balance(reader: Reader, registry: Registry) -> Finding:
    """I1: the postings of every entry sum to zero and have its date; in the currency of the books both amounts of a posting are
    the same. Only corrections that cancel out have no postings."""
    examined = count(reader, "entry")
    row = reader.row(_UNBALANCED, reader.head.currency, reader.company_id)
    if row is not None:
        return Finding(examined, _entry_problem(reader, *row))
    row = reader.row(
        "SELECT e.entry_id FROM wares_entry e WHERE e.company_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM wares_posting p WHERE p.company_id = e.company_id AND p.entry_id = e.entry_id) AND NOT EXISTS "
        "(SELECT 1 FROM wares_valuation v WHERE v.company_id = e.company_id AND v.entry_id = e.entry_id) "
        "ORDER BY e.entry_id LIMIT 1"
    )
    return Finding(examined, f"{entry_name(reader, row[0])} has no postings" if row else None)


def _entry_problem(reader: Reader, entry_id: int, total: int, date: int | None, first: int, last: int) -> str:
    name = entry_name(reader, entry_id)
    if total:
        return f"{name}: debits less credits are {amount(reader, total)}"
    if date is None or not first == last == date:
        return f"{name}: one of its postings is dated {iso_day(first if first != date else last)}"
    return f"{name}: an amount in {reader.head.currency} is another in the currency of the books"


def totals_are_postings(reader: Examined, registry: Registry) -> Finding:
    """I10: the totals that statements and `--at` read are the sums of postings and moves."""
    examined = count(reader, "period_total") + count(reader, "pool_month")
    return Finding(examined, _period_totals(reader) or reader.once(compare_totals).months)


def _period_totals(reader: Examined) -> str | None:
    rest: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])  # month, account → debit and credit beyond the postings
    for account_id, period, debit, credit in reader.stream(
        "SELECT account_id, period, debit, credit FROM wares_period_total WHERE company_id = ?"
    ):
        rest[period, account_id] = [debit, credit]
    for each in reader.once(posted_sums):
        total = rest[each.period, each.account_id]
        total[0] -= each.debit
        total[1] -= each.credit
    wrong = min((key for key, total in rest.items() if any(total)), default=None)
    if wrong is None:
        return None
    period, account_id = wrong
    debit, credit = rest[wrong]
    over = f"by {amount(reader, debit)} debit and {amount(reader, credit)} credit"
    return f"the total of account {account_code(reader, account_id)} in {month_name(period)} exceeds its postings {over}"


def seals_hold(reader: Reader, registry: Registry) -> Finding:
    """I11: nothing that was sealed was changed outside the program."""
    check = check_seals(reader)
    return Finding(check.examined, first_broken_sealing(reader) if check.ok else check.problem)


def closed_is_closed(reader: Reader, registry: Registry) -> Finding:
    """I13: no entry or move was recorded in a period closed at that time, by the history of closings and reopenings."""
    examined = count(reader, "entry") + count(reader, "move")
    closings = history(reader)
    through = closings[-1].closed_through if closings else 0
    if through != reader.head.closed_through:
        now, then = (iso_day(day) if day else "no date" for day in (reader.head.closed_through, through))
        return Finding(examined, f"the books say closed through {now}, their last closing says {then}")
    breach = first_breach(reader)
    if breach is None:
        return Finding(examined)
    name = entry_name(reader, breach.entry_id) if breach.entry_id is not None else move_name(reader, breach.move_id or 0)
    return Finding(examined, f"{name} was posted while the books were closed through {iso_day(breach.closing.closed_through)}")
