"""Export of the whole journal: plain-text accounting for beancount and hledger, and CSV.

The export streams: books of any size need the memory of one page. Amounts are in the company's currency, with the amount in the
document's currency beside them where it differs. Accounts are named by type, code and name (`Assets:1300-Inventory`); every entry
carries its date, number and document. `bean-check` and `hledger balance` agree with the trial balance of the books; a test runs
both.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, count, groupby
from typing import TextIO

from wares.ledger.accounts import AccountBook
from wares.ledger.journal import JournalRow, entries
from wares.model import Account
from wares.storage.unit import Reader
from wares.values import iso_day

_ROOTS = {"asset": "Assets", "liability": "Liabilities", "equity": "Equity", "income": "Income", "expense": "Expenses"}
_HLEDGER_TYPES = {"asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}
_CSV_KEYS = (
    "date", "entry", "document", "type", "kind", "account", "account_name", "role", "debit", "credit", "currency",
    "currency_amount", "item", "party", "line", "memo",
)  # fmt: skip


def account_names(reader: Reader) -> dict[str, str]:
    """Return code → unique name of the account in an export: letters, digits and hyphens, which both syntaxes accept."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for account in sorted(AccountBook.load(reader), key=lambda account: account.code):
        plain = _plain_name(account)
        numbered = (f"{plain}-{number}" for number in count(2))
        name = next(name for name in chain((plain,), numbered) if name not in taken)
        taken.add(name)
        names[account.code] = name
    return names


def _plain_name(account: Account) -> str:
    text = "".join(char if _is_plain(char) else "-" for char in f"{account.code} {account.name}")
    text = "-".join(part for part in text.split("-") if part) or "Account"
    if not (text[0].isdecimal() or text[0].isupper()):
        upper = text[0].upper()
        text = upper + text[1:] if len(upper) == 1 and upper.isupper() else f"A-{text}"
    return f"{_ROOTS[account.type]}:{text}"


def _is_plain(char: str) -> bool:
    category = unicodedata.category(char)
    return (category.startswith("L") and category != "Lm") or category == "Nd"


# --- beancount -------------------------------------------------------------------------------------------------------


def export_beancount(reader: Reader, out: TextIO, at: int | None = None) -> int:
    """Write the journal through `at` in beancount's syntax; return the number of entries written."""
    names, currency = account_names(reader), reader.head.currency
    first = _first_day(reader)
    title = _beancount_text(reader.head.name or reader.head.code)
    out.write(f'option "title" {title}\noption "operating_currency" "{currency}"\n\n')
    out.write(f"{first} commodity {currency}\n\n")
    out.writelines(f"{first} open {name} {currency}\n  code: {_beancount_text(code)}\n" for code, name in names.items())
    written = 0
    for head, postings in _grouped(reader, at):
        described = _beancount_text(f"{head['type']} {head['document']}")
        out.write(f"\n{head['date']} * {described} {_beancount_text(_narration(head, postings))}\n")
        out.write(f"  entry: {head['entry']}\n  document: {_beancount_text(head['document'])}\n")
        for posting in postings:
            out.write(f"  {names[posting['account']]}  {_signed(posting)} {currency}\n")
            for key in ("role", "item", "party", "memo"):
                if posting[key]:
                    out.write(f"    {key}: {_beancount_text(posting[key])}\n")
            if posting["currency"] != currency:
                out.write(f"    currency_amount: {_in_currency(posting)}\n")
        written += 1
    return written


def _beancount_text(text: str) -> str:
    escaped = _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- hledger ---------------------------------------------------------------------------------------------------------


def export_hledger(reader: Reader, out: TextIO, at: int | None = None) -> int:
    """Write the journal through `at` in hledger's syntax; return the number of entries written."""
    names, currency = account_names(reader), reader.head.currency
    accounts = sorted(AccountBook.load(reader), key=lambda account: account.code)
    places = "0" * reader.decimals
    out.write(f"; {_hledger_text(reader.head.name or reader.head.code)}\n")
    out.write(f"decimal-mark .\ncommodity 1000.{places} {currency}\n\n")
    out.writelines(f"account {names[account.code]}  ; type: {_HLEDGER_TYPES[account.type]}\n" for account in accounts)
    written = 0
    for head, postings in _grouped(reader, at):
        number = _hledger_text(head["document"]).replace(")", "]").replace("(", "[")
        described = _hledger_text(f"{head['type']} {_narration(head, postings)}".strip())
        out.write(f"\n{head['date']} * ({number}) {described}  ; entry:{head['entry']}\n")
        for posting in postings:
            notes = [f"{key}:{_hledger_text(posting[key])}" for key in ("role", "item", "party") if posting[key]]
            notes += [f"currency_amount:{_in_currency(posting)}"] if posting["currency"] != currency else []
            comment = f"  ; {', '.join(notes)}" if notes else ""
            out.write(f"    {names[posting['account']]}  {_signed(posting)} {currency}{comment}\n")
        written += 1
    return written


def _hledger_text(text: str) -> str:
    """Return text for a description or a tag: without comment sign, payee bar and comma (a comma ends a tag)."""
    return _one_line(text).translate({ord(";"): " ", ord("|"): "/", ord(","): " "})


# --- CSV -------------------------------------------------------------------------------------------------------------


def export_csv(reader: Reader, out: TextIO, at: int | None = None) -> int:
    """Write every posting through `at` as CSV with a header row; return the number of postings written."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV_KEYS)
    written = 0
    for row in entries(reader, at=at):
        writer.writerow([f"{value:f}" if isinstance(value := row[key], Decimal) else value for key in _CSV_KEYS])
        written += 1
    return written


EXPORTS: dict[str, Callable[[Reader, TextIO, int | None], int]] = {
    "beancount": export_beancount,
    "hledger": export_hledger,
    "csv": export_csv,
}
"""The formats of `wares gl export`."""


# --- shared ----------------------------------------------------------------------------------------------------------


def _grouped(reader: Reader, at: int | None) -> Iterator[tuple[JournalRow, list[JournalRow]]]:
    """Yield each entry as its head and its postings."""
    for _, rows in groupby(entries(reader, at=at), key=lambda row: row["entry"]):
        postings = list(rows)
        yield postings[0], postings


def _narration(head: JournalRow, postings: list[JournalRow]) -> str:
    party = next((posting["party"] for posting in postings if posting["party"]), None)
    kind = "" if head["kind"] == "original" else head["kind"]
    return " ".join(text for text in (kind, party, head["memo"]) if text)


def _signed(posting: JournalRow) -> str:
    return f"{posting['debit'] - posting['credit']:f}"


def _in_currency(posting: JournalRow) -> str:
    """Return the amount in the document's currency as text: an annotation, so that balances stay in the company's currency."""
    return f"{posting['currency_amount']:f} {posting['currency']}"


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _first_day(reader: Reader) -> str:
    """Return the first day of the first month with postings."""
    found = reader.row("SELECT MIN(period) FROM wares_period_total WHERE company_id = ?")
    return iso_day(found[0] * 100 + 1) if found is not None and found[0] else "1970-01-01"
