"""Statements: trial balance, balance sheet, profit and loss.

They read the monthly totals, and the postings of one month only if a given day falls within it, so that their cost does
not grow with history. Each is a list of plain rows with amounts as Decimal. Parameters hold days as yyyymmdd, both ends
inclusive; None = from the first or through the last entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wares.ledger.accounts import AccountBook
from wares.ledger.roles import BALANCE_SHEET_TYPES
from wares.model import Account
from wares.storage.unit import Reader
from wares.values import JsonObject, day_of, end_of, money, period_of

StatementRow = JsonObject
Totals = dict[int, tuple[int, int]]
"""account id → (debit, credit), minor units, both ≥ 0."""
_AccountSum = tuple[int, int, int]
"""Account id, debit, credit, in minor units."""

_PERIODS = (
    "SELECT account_id, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT) FROM wares_period_total "
    "WHERE company_id = ? AND period < ? GROUP BY account_id"
)
_BROKEN_MONTH = (
    "SELECT account_id, CAST(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS BIGINT) "
    'FROM wares_posting WHERE company_id = ? AND {among} AND "date" >= ? AND "date" <= ? GROUP BY account_id'
)
_NEVER = 9999_99


def totals_through(reader: Reader, at: int | None) -> Totals:
    """Return the totals of each account through a day: whole months from the monthly totals, the rest from postings."""
    if at is None:
        return _summed(reader.rows(_PERIODS, _NEVER))
    month = period_of(at)
    if period_of(day_of(end_of(at))) != month:
        return _summed(reader.rows(_PERIODS, month + 1))
    return _summed([*reader.rows(_PERIODS, month), *_broken_month(reader, month, at)])


def totals_between(reader: Reader, since: int | None, at: int | None) -> Totals:
    """Return the totals of each account from a day through another."""
    through = totals_through(reader, at)
    if since is None:
        return through
    return _less(through, totals_before(reader, since))


def totals_before(reader: Reader, since: int) -> Totals:
    """Return the totals of each account before a day."""
    month = period_of(since)
    broken = _broken_month(reader, month, since - 1) if since % 100 > 1 else []
    return _summed([*reader.rows(_PERIODS, month), *broken])


def _broken_month(reader: Reader, month: int, through: int) -> list[_AccountSum]:
    """Return the sums of a month through one of its days, read by account because the index has postings by account."""
    accounts = reader.rows("SELECT account_id FROM wares_account WHERE company_id = ?")
    statement = _BROKEN_MONTH.format(among=reader.among("account_id"))
    return reader.rows(statement, reader.listed(row[0] for row in accounts), month * 100, through)


def _summed(rows: Iterable[_AccountSum]) -> Totals:
    totals: Totals = {}
    for account_id, debit, credit in rows:
        had_debit, had_credit = totals.get(account_id, (0, 0))
        totals[account_id] = (had_debit + debit, had_credit + credit)
    return totals


def _less(totals: Totals, before: Totals) -> Totals:
    return {
        account_id: (debit - before.get(account_id, (0, 0))[0], credit - before.get(account_id, (0, 0))[1])
        for account_id, (debit, credit) in totals.items()
    }


class _Balance(NamedTuple):
    account: Account
    debit: int
    credit: int

    @property
    def amount(self) -> int:
        return self.debit - self.credit


def _balances(reader: Reader, totals: Totals) -> list[_Balance]:
    """Return the accounts with totals, by code."""
    accounts = sorted(AccountBook.load(reader), key=lambda account: account.code)
    return [_Balance(account, *totals[account.id]) for account in accounts if account.id in totals]


# --- trial balance ---------------------------------------------------------------------------------------------------


def trial_balance(reader: Reader, at: int | None = None, since: int | None = None) -> list[StatementRow]:
    """Return every account with postings: its debits and credits through `at`, and its balance, debit positive.

    With `since`, debit and credit cover the days from `since` through `at`, `opening` is the balance before them and
    `balance` the one at the end. The columns debit and credit have the same sum.
    """
    before = totals_before(reader, since) if since is not None else {}
    through = totals_through(reader, at)
    rows = []
    for account, debit, credit in _balances(reader, {**dict.fromkeys(before, (0, 0)), **through}):
        opened_debit, opened_credit = before.get(account.id, (0, 0))
        row: StatementRow = {"account": account.code, "name": account.name, "type": account.type}
        if since is not None:
            row["opening"] = money(opened_debit - opened_credit, reader.decimals)
        row["debit"] = money(debit - opened_debit, reader.decimals)
        row["credit"] = money(credit - opened_credit, reader.decimals)
        row["balance"] = money(debit - credit, reader.decimals)
        rows.append(row)
    return rows


# --- balance sheet and profit and loss -------------------------------------------------------------------------------


_Line = tuple[str | None, str, int]
"""Code, name and amount (minor units) of a row of a statement."""


def balance_sheet(reader: Reader, at: int | None = None) -> list[StatementRow]:
    """Return assets, then liabilities and equity, each positive on its own side, with a total for each section.

    Rows: section, account, name, amount, total (true for the sums). Equity includes the results that no entry has
    carried to retained earnings yet: one row for earlier calendar years, one for the year of `at` (without `at`, the
    last year with postings). The total of assets equals the total of liabilities and equity.
    """
    balances = _balances(reader, totals_through(reader, at))
    assets = _lines(balances, "asset", 1)
    liabilities = _lines(balances, "liability", -1)
    equity = [*_lines(balances, "equity", -1), *_results(reader, balances, at)]
    rows: list[StatementRow] = []
    for section, lines in (("assets", assets), ("liabilities", liabilities), ("equity", equity)):
        rows += _section(section, lines, reader.decimals)
        rows.append(_total(section, f"Total {section}", _sum(lines), reader.decimals))
    both = _sum(liabilities) + _sum(equity)
    rows.append(_total("liabilities_and_equity", "Total liabilities and equity", both, reader.decimals))
    return rows


def _results(reader: Reader, balances: list[_Balance], at: int | None) -> list[_Line]:
    """Return the results that income and expense accounts add to equity: of earlier years, and of the year of `at`."""
    year = at // 10000 if at is not None else _last_year(reader)
    before = _balances(reader, totals_before(reader, year * 10000 + 101))
    earlier, all_years = (
        -sum(each.amount for each in some if each.account.type not in BALANCE_SHEET_TYPES) for some in (before, balances)
    )
    return [(None, "Result of earlier years", earlier), (None, f"Result of {year}", all_years - earlier)]


def _lines(balances: list[_Balance], type: str, sign: int) -> list[_Line]:
    return [(each.account.code, each.account.name, sign * each.amount) for each in balances if each.account.type == type]


def _sum(lines: list[_Line]) -> int:
    return sum(amount for _, _, amount in lines)


def profit_loss(reader: Reader, since: int | None = None, at: int | None = None) -> list[StatementRow]:
    """Return income, cost of goods sold, other expenses and the net profit from `since` through `at`.

    Rows: section, account, name, amount, total. Income is positive when credited, the others when debited. An expense
    account belongs to cost of goods when it holds the role cogs.
    """
    balances = _balances(reader, totals_between(reader, since, at))
    income = _lines(balances, "income", -1)
    goods = _lines([each for each in balances if "cogs" in each.account.roles], "expense", 1)
    expenses = _lines([each for each in balances if "cogs" not in each.account.roles], "expense", 1)
    earned, cost, spent = _sum(income), _sum(goods), _sum(expenses)
    return [
        *_section("income", income, reader.decimals),
        _total("income", "Total income", earned, reader.decimals),
        *_section("cogs", goods, reader.decimals),
        _total("cogs", "Total cost of goods sold", cost, reader.decimals),
        _total("gross_profit", "Gross profit", earned - cost, reader.decimals),
        *_section("expenses", expenses, reader.decimals),
        _total("expenses", "Total other expenses", spent, reader.decimals),
        _total("net_profit", "Net profit", earned - cost - spent, reader.decimals),
    ]


def _section(section: str, lines: list[_Line], decimals: int) -> Iterator[StatementRow]:
    for code, name, amount in lines:
        if amount:
            yield {"section": section, "account": code, "name": name, "amount": money(amount, decimals), "total": False}


def _total(section: str, name: str, amount: int, decimals: int) -> StatementRow:
    return {"section": section, "account": None, "name": name, "amount": money(amount, decimals), "total": True}


def _last_year(reader: Reader) -> int:
    found = reader.row("SELECT MAX(period) FROM wares_period_total WHERE company_id = ?")
    return found[0] // 100 if found is not None and found[0] else 1970
