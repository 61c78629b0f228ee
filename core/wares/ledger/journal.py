"""The journal: entries in order of date, the postings of entries, and one account's ledger.

Long listings stream in pages, so that the whole journal needs the memory of one page. Rows hold amounts as Decimal and
days as ISO text; parameters hold days as yyyymmdd, both ends inclusive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wares.ledger.statements import totals_before
from wares.model import Account
from wares.storage.statements import sql
from wares.storage.unit import Reader
from wares.values import JsonObject, iso_day, money, period_of

JournalRow = JsonObject
_PAGE = 1000
_LAST_DAY = 9999_12_31

_MONTHS = "SELECT DISTINCT period FROM wares_period_total WHERE company_id = ? AND period >= ? AND period <= ? ORDER BY period"
_OF_DAYS = (
    'SELECT DISTINCT "date", entry_id FROM wares_posting WHERE company_id = ? AND {among} AND "date" >= ? AND "date" <= ? '
    'ORDER BY "date", entry_id'
)
_ENTRIES = (
    'SELECT e.entry_id, e.number, e."date", e.kind, e.memo, e.seal, d.number, d.type FROM wares_entry e '
    "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
    'WHERE e.company_id = ? AND {among} ORDER BY e."date", e.entry_id'
)
_POSTINGS = (
    "SELECT p.entry_id, a.code, a.name, p.role, p.amount, p.currency, p.currency_amount, i.sku, y.code, l.number, "
    "p.memo FROM wares_posting p JOIN wares_account a ON a.company_id = p.company_id AND a.account_id = p.account_id "
    "LEFT JOIN wares_item i ON i.company_id = p.company_id AND i.item_id = p.item_id "
    "LEFT JOIN wares_party y ON y.company_id = p.company_id AND y.party_id = p.party_id "
    "LEFT JOIN wares_line l ON l.company_id = p.company_id AND l.line_id = p.line_id "
    "WHERE p.company_id = ? AND {among} ORDER BY p.entry_id, p.position"
)


def entries(reader: Reader, since: int | None = None, at: int | None = None) -> Iterator[JournalRow]:
    """Yield every posting in order of date and entry, one row each.

    Keys: entry, date, document, type (of the document), kind, account, account_name, role, debit, credit, currency,
    currency_amount, item, party, line, memo, seal.
    """
    statement = _ENTRIES.format(among=reader.among("e.entry_id"))
    for entry_ids in _pages(reader, since or 0, at or _LAST_DAY):
        postings = postings_of(reader, entry_ids)
        for entry_id, number, day, kind, memo, seal, document, document_type in reader.rows(statement, reader.listed(entry_ids)):
            head = {"entry": number, "date": iso_day(day), "document": document, "type": document_type, "kind": kind}
            for posting in postings[entry_id]:
                yield head | posting | {"memo": posting["memo"] or memo, "seal": seal}


def _pages(reader: Reader, since: int, at: int) -> Iterator[list[int]]:
    """Yield pages of entry ids from `since` through `at`, in order. There is no index of entries by day, so each month is
    searched through the index of postings by account and day."""
    accounts = reader.listed(row[0] for row in reader.rows("SELECT account_id FROM wares_account WHERE company_id = ?"))
    statement = _OF_DAYS.format(among=reader.among("account_id"))
    for (month,) in reader.rows(_MONTHS, period_of(since), period_of(at)):
        found = reader.rows(statement, accounts, max(since, month * 100), min(at, month * 100 + 99))
        for start in range(0, len(found), _PAGE):
            yield [entry_id for _, entry_id in found[start : start + _PAGE]]


def postings_of(reader: Reader, entry_ids: list[int]) -> dict[int, list[JournalRow]]:
    """Return the postings of these entries by entry id, as rows without the head of the entry."""
    found: dict[int, list[JournalRow]] = defaultdict(list)
    places = decimals_of_currencies(reader)
    statement = _POSTINGS.format(among=reader.among("p.entry_id"))
    for entry_id, code, name, role, amount, currency, foreign, sku, party, line, memo in reader.rows(
        statement, reader.listed(entry_ids)
    ):
        in_currency = money(foreign, places.get(currency, reader.decimals))
        found[entry_id].append(
            {"account": code, "account_name": name, "role": role, **sides(amount, reader.decimals),
             "currency": currency, "currency_amount": in_currency, "item": sku, "party": party, "line": line,
             "memo": memo}
        )  # fmt: skip
    return found


def decimals_of_currencies(reader: Reader) -> dict[str, int]:
    """Return currency code → decimal places."""
    rows = sql(reader.connection, "SELECT code, decimals FROM wares_currency").fetchall()
    return dict(tuple(row) for row in rows)


def sides(amount: int, decimals: int) -> JournalRow:
    """Return an amount (debit positive) as the columns debit and credit of a journal."""
    return {"debit": money(max(amount, 0), decimals), "credit": money(max(-amount, 0), decimals)}


# --- one account -----------------------------------------------------------------------------------------------------

_OF_ACCOUNT = (
    'SELECT p."date", p.entry_id, p.position, p.amount, e.number, d.number, e.kind, p.role, i.sku, y.code, '
    "COALESCE(p.memo, e.memo) FROM wares_posting p "
    "JOIN wares_entry e ON e.company_id = p.company_id AND e.entry_id = p.entry_id "
    "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
    "LEFT JOIN wares_item i ON i.company_id = p.company_id AND i.item_id = p.item_id "
    "LEFT JOIN wares_party y ON y.company_id = p.company_id AND y.party_id = p.party_id "
    'WHERE p.company_id = ? AND p.account_id = ? AND p."date" >= ? AND p."date" <= ? '
    'AND (p."date", p.entry_id, p.position) > (?, ?, ?) ORDER BY p."date", p.entry_id, p.position LIMIT ?'
)
_LEDGER_KEYS = ("entry", "document", "kind", "role", "item", "party", "memo")


def account_ledger(reader: Reader, account: Account, since: int | None = None, at: int | None = None) -> Iterator[JournalRow]:
    """Yield the postings of one account in order of date, each with the balance after it, debit positive.

    Keys: date, entry, document, kind, role, item, party, memo, debit, credit, balance. With `since` the first row holds
    the balance before that day: kind "opening", no entry.
    """
    balance = 0
    if since is not None:
        debit, credit = totals_before(reader, since).get(account.id, (0, 0))
        balance = debit - credit
        opening = dict.fromkeys(_LEDGER_KEYS) | {"kind": "opening"}
        yield {
            "date": iso_day(since),
            **opening,
            **sides(0, reader.decimals),
            "balance": money(balance, reader.decimals),
        }
    after: tuple[int, int, int] = (since or 0, 0, 0)
    while page := reader.rows(_OF_ACCOUNT, account.id, after[0], at or _LAST_DAY, *after, _PAGE):
        for day, _, _, amount, *described in page:
            balance += amount
            row = {"date": iso_day(day), **dict(zip(_LEDGER_KEYS, described, strict=True))}
            yield row | sides(amount, reader.decimals) | {"balance": money(balance, reader.decimals)}
        last_day, last_entry, last_position, *_ = page[-1]
        after = (last_day, last_entry, last_position)
