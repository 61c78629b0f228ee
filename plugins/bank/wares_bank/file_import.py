"""Import the lines of a bank or card: a line with a rule becomes a document, once.

    money out   to inventory, or any account    cash_purchase
                to a channel's clearing         channel_charge: a payout taken back
    money in    from a channel's clearing       channel_charge: a payout, unless the channel's file states it (`payouts`)
                from inventory                  a refund of a vendor (`vendor_credits`)
                from any other account          journal: money of the owner, interest, a refunded expense

The idempotency key of a document is its account and the identity of the line: its id, else date, amount and texts, counted if
several lines are alike. A second import of a file, or of a file that overlaps it, adds only the new lines; voided documents stay
voided. Lines without a rule are listed and not recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Issue, JsonObject, Recorded, Refused, Rejects, RowIssue, Table
from wares_bank.lines import COLUMNS, BankFile, BankLine
from wares_bank.rule_accounts import RuleAccounts
from wares_bank.rules import SKIP, USUAL, Rule, first_rule, read_rules
from wares_channels.payouts import Payouts
from wares_tracking.cells import check_form
from wares_tracking.document_keys import bank_key
from wares_tracking.documents import UNDETAILED
from wares_tracking.vendor_credits import paid_back

CHUNK = 500
LISTED = 1_000
"""Lines and issues that a result lists."""
NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED = "new", "known", "no rule", "money in", "skipped", "refused"
OUTCOMES = (NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED)
"""The possible outcomes of a line."""


@dataclass(slots=True)
class BankImport:
    """The result of an import."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """The number of lines by outcome."""
    lines: list[JsonObject] = field(default_factory=list)
    issues: list[RowIssue] = field(default_factory=list)


def import_bank_lines(
    books: Books,
    path: Path,
    *,
    account: str | None = None,
    rules: Path | None = None,
    columns: Mapping[str, str] | None = None,
    dates: str | None = None,
    mark: str | None = None,
    spent_is_positive: bool = False,
    encoding: str | None = None,
    rejects: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    dry_run: bool = False,
) -> BankImport:
    """Record the lines of an export that have a rule; `account` is the account of the bank or card (absent: the first bank). A
    preview does not look for the purchase of a vendor's refund.

    Refused NO_ACCOUNT, BAD_RULES, BAD_MAP, BAD_FORM, NO_COLUMN, and the refusals of a whole file.
    """
    check_form(dates)
    chosen = read_rules(rules) if rules is not None else USUAL
    paid = RuleAccounts(books, account)
    paid.check(chosen)
    known_names = [name.replace(" ", "_") for names in COLUMNS.values() for name in names]
    with Table(path, expected=known_names, encoding=encoding) as table:
        with books.recorded() as recorded:
            currency = recorded.currency
        lines = BankFile(
            table, columns=columns or {}, dates=dates, mark=mark, spent_is_positive=spent_is_positive, currency=currency
        )
        with Rejects(rejects, table.header, of=path) as rejected:
            run = _Import(books, paid, chosen, rejected, dry_run=dry_run)
            found = iter(lines)
            while some := list(islice(found, CHUNK)):
                run.take(some)
                if not dry_run:
                    books.sources.reached(path, some[-1].number)
                if progress is not None:
                    progress(table.done, table.total)
    run.done.lines.sort(key=lambda line: line["line"])
    return run.done


class _RuledLine(NamedTuple):
    """A line with its rule and its idempotency key."""

    line: BankLine
    rule: Rule
    key: str


class _Import:
    """The import of one file."""

    def __init__(self, books: Books, accounts: RuleAccounts, rules: tuple[Rule, ...], rejects: Rejects, *, dry_run: bool) -> None:
        self.books = books
        self.accounts = accounts
        self.rules = rules
        self.rejects = rejects
        self.dry_run = dry_run
        self.done = BankImport()
        self.arrived: set[str] = set()  # documents from files of channels whose payouts are lines of the bank too
        self.vendors = {name.casefold(): str(row["code"]) for row in books.parties.list() for name in (row["name"], row["code"])}

    def take(self, lines: list[BankLine]) -> None:
        """Record a chunk in one transaction. Refunds of vendors follow, since their purchases may be in the chunk."""
        ruled_by_key = {ruled.key: ruled for ruled in self._ruled(lines)}
        with self.books.recorded() as recorded:
            recorded_before = recorded.records(ruled_by_key)
            fresh = {key: ruled for key, ruled in ruled_by_key.items() if key not in recorded_before}
            stated_before = self._stated_by_channels(recorded, fresh.values())
        fresh = {key: ruled for key, ruled in fresh.items() if key not in stated_before}
        back = {key: ruled for key, ruled in fresh.items() if self._is_paid_back(ruled)}
        refused = self._record([ruled for key, ruled in fresh.items() if key not in back])
        for ruled in () if self.dry_run else back.values():
            refused |= self._record_paid_back(ruled)
        for key, ruled in ruled_by_key.items():
            if key in refused:
                self._reject(ruled.line, [("", issue) for issue in refused[key]])
            else:
                self._tell(ruled.line, NEW if key in fresh else KNOWN, ruled.rule)

    def _ruled(self, lines: list[BankLine]) -> Iterator[_RuledLine]:
        for line in lines:
            rule = first_rule(self.rules, line)
            if line.issues:
                self._reject(line, line.issues)
            elif rule is None:
                self._tell(line, MONEY_IN if line.amount < 0 else NO_RULE, None)
            elif rule.account == SKIP or not line.amount:
                self._tell(line, SKIPPED, rule)
            else:
                yield _RuledLine(line, rule, bank_key(self.accounts.bank, line.key))

    def _stated_by_channels(self, recorded: Recorded, lines: Iterable[_RuledLine]) -> set[str]:
        """Return the keys of payouts that a channel's file stated already."""
        payouts = [ruled for ruled in lines if self.accounts.has_role(ruled.rule, "channel_clearing")]
        if not payouts:
            return set()
        days = [ruled.line.date for ruled in payouts]
        left = Payouts.left(recorded, min(days), max(days), self.arrived)
        return {ruled.key for ruled in payouts if left.take_left(-ruled.line.amount, ruled.line.date)}

    def _is_paid_back(self, ruled: _RuledLine) -> bool:
        return ruled.line.amount < 0 and self.accounts.has_role(ruled.rule, UNDETAILED)

    def _record(self, lines: Iterable[_RuledLine]) -> JsonObject:
        """Record lines together, and return the issues of the refused ones, by their key."""
        made = dict(self.vendors)
        refused = self._load([record for ruled in lines for record in self._records(ruled, made)])
        if not self.dry_run:
            self.vendors = made
        return refused

    def _load(self, records: list[JsonObject]) -> JsonObject:
        refused: JsonObject = {}

        def refuse(rejected: Any) -> None:
            refused[rejected.record.get("key", "")] = rejected.issues

        if records:
            self.books.load(records, dry_run=self.dry_run, on_refusal=refuse)
        return refused

    def _records(self, ruled: _RuledLine, vendors: dict[str, str]) -> Iterator[JsonObject]:
        """Return the records of a line: its document, and its vendor if it is new."""
        line, rule, key = ruled
        head = {"record": "document", "date": line.date, "key": key}
        account, text = self.accounts.of(rule), _text(line)
        if self.accounts.has_role(rule, "channel_clearing"):
            payout = {"amount": f"{-line.amount:f}", "account": self.accounts.bank, "attributes": {"kind": "payout"}, **text}
            yield {"type": "channel_charge", **head, "account": account, "lines": [payout]}
        elif line.amount < 0:
            amount, memo = f"{-line.amount:f}", {"memo": text["description"]} if text else {}
            postings = [{"account": self.accounts.bank, "debit": amount}, {"account": account, "credit": amount}]
            yield {"type": "journal", **head, **memo, "postings": postings}
        else:
            name = rule.vendor or line.vendor
            if name and name.casefold() not in vendors:
                vendors[name.casefold()] = name[:200]
                yield {"record": "party", "code": name[:200], "name": name, "kinds": ["supplier"]}
            party = {"party": vendors[name.casefold()]} if name else {}
            bought = {"account": account, "amount": f"{line.amount:f}", **text}
            yield {"type": "cash_purchase", **head, "account": self.accounts.bank, "lines": [bought], **party}

    def _record_paid_back(self, ruled: _RuledLine) -> JsonObject:
        """Record the refund of a vendor, and return its issues if it is refused."""
        line, rule, key = ruled
        name = rule.vendor or line.vendor
        vendor = self.vendors.get(name.casefold())
        if vendor is None:
            message = f"{name} is no vendor of the books" if name else "the line names no vendor"
            return {key: [Issue("NO_VENDOR", message, "party", "name the vendor in the rule, or give another account")]}
        try:
            record = paid_back(self.books, vendor, -line.amount, line.date, self.accounts.bank)
        except Refused as refusal:
            return {key: refusal.issues}
        return self._load([{"record": "document", **record, "key": key}])

    def _tell(self, line: BankLine, outcome: str, rule: Rule | None) -> None:
        self.done.outcomes[outcome] += 1
        if len(self.done.lines) < LISTED:
            self.done.lines.append({
                "line": line.number, "date": line.date, "vendor": (rule.vendor if rule else "") or line.vendor or None,
                "description": line.description or None, "amount": -line.amount, "outcome": outcome,
                "account": self.accounts.of(rule) if rule is not None and rule.account != SKIP else None,
                "rule": rule.name if rule is not None else None,
            })  # fmt: skip

    def _reject(self, line: BankLine, issues: Iterable[tuple[str, Issue]]) -> None:
        self.done.outcomes[REFUSED] += 1
        found = [RowIssue(line.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, LISTED - len(self.done.issues))]
        self.rejects.write(line.row, "; ".join(map(str, found)))


def _text(line: BankLine) -> dict[str, str]:
    """Return the description of a document from the texts of its line."""
    text = line.description or line.vendor or line.category
    return {"description": text[:500]} if text else {}
