"""The ledger alone: balance, totals, seals, closings (I1, I10, I11, I13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.ledger.periods import first_breach, history
from wares.ledger.seal import check_seals
from wares.ledger.sealing import first_broken_sealing
from wares.storage.unit import Reader
from wares.values import iso_day
from wares.verify.currency import own_currency_is_one_for_one
from wares.verify.examined import Examined
from wares.verify.finding import Finding, account_code, amount, count, entry_name, month_name, move_name
from wares.verify.totals import compare_totals

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


def entries_balance(reader: Reader, registry: Registry) -> Finding:
    """I1: the postings of every entry sum to zero and have its date. Only corrections that cancel out have no postings."""
    examined = count(reader, "entry")
    row = reader.row(
        "SELECT entry_id, CAST(SUM(amount) AS BIGINT) FROM wares_posting WHERE company_id = ? GROUP BY entry_id "
        "HAVING SUM(amount) <> 0 ORDER BY entry_id LIMIT 1"
    )
    if row is not None:
        return Finding(examined, f"{entry_name(reader, row[0])}: debits less credits are {amount(reader, row[1])}")
    row = reader.row(
        "SELECT p.entry_id, p.date FROM wares_posting p LEFT JOIN wares_entry e ON e.company_id = p.company_id "
        "AND e.entry_id = p.entry_id "
        "WHERE p.company_id = ? AND (e.date IS NULL OR e.date <> p.date) ORDER BY p.entry_id LIMIT 1"
    )
    if row is not None:
        return Finding(examined, f"{entry_name(reader, row[0])}: one of its postings is dated {iso_day(row[1])}")
    row = reader.row(
        "SELECT e.entry_id FROM wares_entry e WHERE e.company_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM wares_posting p WHERE p.company_id = e.company_id AND p.entry_id = e.entry_id) AND NOT EXISTS "
        "(SELECT 1 FROM wares_valuation v WHERE v.company_id = e.company_id AND v.entry_id = e.entry_id) "
        "ORDER BY e.entry_id LIMIT 1"
    )
    problem = f"{entry_name(reader, row[0])} has no postings" if row else own_currency_is_one_for_one(reader)
    return Finding(examined, problem)


def totals_are_postings(reader: Examined, registry: Registry) -> Finding:
    """I10: the totals that statements and `--at` read are the sums of postings and moves."""
    examined = count(reader, "period_total") + count(reader, "pool_month")
    return Finding(examined, _period_totals(reader) or reader.once(compare_totals).months)


def _period_totals(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT account_id, period, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT) FROM ("
        "SELECT account_id, period, debit, credit FROM wares_period_total WHERE company_id = ? "
        "UNION ALL SELECT account_id, date / 100, -SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), "
        "SUM(CASE WHEN amount < 0 THEN amount ELSE 0 END) FROM wares_posting WHERE company_id = ? GROUP BY account_id, date / 100"
        ") AS t GROUP BY account_id, period HAVING SUM(debit) <> 0 OR SUM(credit) <> 0 ORDER BY period, account_id LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    account_id, period, debit, credit = row
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
