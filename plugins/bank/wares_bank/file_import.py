"""Importing lines of a bank or card: what a rule knows becomes a document, once.

    money out   to inventory, or any account    cash_purchase
                to a channel's clearing         channel_charge: a payout taken back
    money in    from a channel's clearing       channel_charge: a payout, unless the channel's file brought it (`payouts`)
                from inventory                  what a vendor pays back (`vendors`)
                from any other account          journal: what the owner put in, interest, an expense refunded

The idempotency key of a document is its account and what the bank calls the line: its id, else date, amount and texts, counted
where several are alike. Importing a file again, or another that overlaps it, adds what is new; what was voided stays voided. Lines
that no rule fits are left and listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Issue, Refused, Rejects, RowIssue, Table
from wares_bank.lines import COLUMNS, BankFile, BankLine
from wares_bank.rules import INVENTORY, PAYOUT, SKIP, USUAL, Rule, first_rule, read_rules
from wares_tracking.cells import check_form
from wares_tracking.documents import UNDETAILED
from wares_channels.payouts import BANK, Payouts
from wares_tracking.vendor_credits import paid_back

CHUNK = 500
KEPT = 1_000
NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED = "new", "known", "no rule", "money in", "skipped", "refused"
OUTCOMES = (NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED)
"""What becomes of a line."""
_ROLES = {INVENTORY: UNDETAILED, PAYOUT: "channel_clearing"}
"""What stands in a rule in place of an account → the role of the account."""


@dataclass(slots=True)
class BankImport:
    """What became of a file: lines by outcome, the first of the lines and of the issues."""

    outcomes: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, Any]] = field(default_factory=list)
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
    """Record what rules know of the lines of a bank or card export; `account` is the bank's or card's (absent: the first bank). A
    preview does not look for the purchase that a vendor paid back.

    Refused NO_ACCOUNT, BAD_RULES, BAD_MAP, BAD_FORM, NO_COLUMN, and what a file as a whole is refused for.
    """
    check_form(dates)
    chosen = read_rules(rules) if rules is not None else USUAL
    paid = _Accounts(books, account)
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
                if progress is not None:
                    progress(table.done, table.total)
    run.done.lines.sort(key=lambda line: line["line"])
    return run.done


class _Accounts:
    """The accounts that lines are for, and the one that paid."""

    def __init__(self, books: Books, paid_by: str | None) -> None:
        self._accounts = [row for row in books.gl.accounts() if row["active"]]
        self.bank = self._known(paid_by, "account") if paid_by is not None else self._first("bank")

    def check(self, rules: tuple[Rule, ...]) -> None:
        """Refuse accounts of rules that are not there, before anything is read."""
        for rule in rules:
            if rule.account != SKIP:
                self.of(rule)

    def of(self, rule: Rule) -> str:
        """The account of a rule. Refused NO_ACCOUNT."""
        role = _ROLES.get(rule.account)
        return self._first(role) if role is not None else self._known(rule.account, rule.name)

    def holds(self, rule: Rule, role: str) -> bool:
        """Whether the account of a rule holds a role."""
        code = self.of(rule)
        return any(row["code"] == code and role in row["roles"] for row in self._accounts)

    def _known(self, code: str, where: str) -> str:
        if all(row["code"] != code for row in self._accounts):
            hint = "wares gl accounts lists them"
            raise Refused.because("NO_ACCOUNT", f"{where}: there is no account {code!r}", path="account", hint=hint)
        return code

    def _first(self, role: str) -> str:
        code = next((str(row["code"]) for row in self._accounts if role in row["roles"]), None)
        if code is None:
            hint = f'record {{"record":"account","code":CODE,"roles":["{role}"]}}'
            raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint=hint)
        return code


class _Known(NamedTuple):
    """A line that a rule knows."""

    line: BankLine
    rule: Rule
    key: str


class _Import:
    def __init__(self, books: Books, accounts: _Accounts, rules: tuple[Rule, ...], rejects: Rejects, *, dry_run: bool) -> None:
        self.books = books
        self.accounts = accounts
        self.rules = rules
        self.rejects = rejects
        self.dry_run = dry_run
        self.done = BankImport()
        self.arrived: set[str] = set()  # documents of payouts that channels' files brought and lines of the bank are
        self.vendors = {name.casefold(): str(row["code"]) for row in books.parties.list() for name in (row["name"], row["code"])}

    def take(self, lines: list[BankLine]) -> None:
        """One chunk, in one transaction; what vendors pay back follows, since it is of purchases that the chunk may bring."""
        known_by_rule = {known.key: known for known in self._ruled(lines)}
        with self.books.recorded() as recorded:
            recorded_before = recorded.records(known_by_rule)
            fresh = {key: known for key, known in known_by_rule.items() if key not in recorded_before}
            said_before = self._said_by_channels(recorded, fresh.values())
        fresh = {key: known for key, known in fresh.items() if key not in said_before}
        back = {key: known for key, known in fresh.items() if self._is_paid_back(known)}
        refused = self._record([known for key, known in fresh.items() if key not in back])
        for known in () if self.dry_run else back.values():
            refused |= self._record_paid_back(known)
        for key, known in known_by_rule.items():
            if key in refused:
                self._reject(known.line, [("", issue) for issue in refused[key]])
            else:
                self._tell(known.line, NEW if key in fresh else KNOWN, known.rule)

    def _ruled(self, lines: list[BankLine]) -> Iterator[_Known]:
        for line in lines:
            rule = first_rule(self.rules, line)
            if line.issues:
                self._reject(line, line.issues)
            elif rule is None:
                self._tell(line, MONEY_IN if line.amount < 0 else NO_RULE, None)
            elif rule.account == SKIP or not line.amount:
                self._tell(line, SKIPPED, rule)
            else:
                yield _Known(line, rule, f"{BANK}{self.accounts.bank}:{line.key}")

    def _said_by_channels(self, recorded: Any, lines: Iterable[_Known]) -> set[str]:
        """The keys of payouts that a channel's file brought already."""
        payouts = [known for known in lines if self.accounts.holds(known.rule, "channel_clearing")]
        if not payouts:
            return set()
        days = [known.line.date for known in payouts]
        left = Payouts.left(recorded, min(days), max(days), self.arrived)
        return {known.key for known in payouts if left.take_left(-known.line.amount, known.line.date)}

    def _is_paid_back(self, known: _Known) -> bool:
        return known.line.amount < 0 and self.accounts.holds(known.rule, UNDETAILED)

    def _record(self, lines: Iterable[_Known]) -> dict[str, Any]:
        """Record lines together; the issues of those that were refused, by their key."""
        made = dict(self.vendors)
        refused = self._load([record for known in lines for record in self._records(known, made)])
        if not self.dry_run:
            self.vendors = made
        return refused

    def _load(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        refused: dict[str, Any] = {}

        def refuse(rejected: Any) -> None:
            refused[rejected.record.get("key", "")] = rejected.issues

        if records:
            self.books.load(records, dry_run=self.dry_run, on_refusal=refuse)
        return refused

    def _records(self, known: _Known, vendors: dict[str, str]) -> Iterator[dict[str, Any]]:
        """The document of a line, and its vendor where nobody knows him."""
        line, rule, key = known
        head = {"record": "document", "date": line.date, "key": key}
        account, text = self.accounts.of(rule), _text(line)
        if self.accounts.holds(rule, "channel_clearing"):
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

    def _record_paid_back(self, known: _Known) -> dict[str, Any]:
        """Record what a vendor paid back; its issues where it was refused."""
        line, rule, key = known
        name = rule.vendor or line.vendor
        vendor = self.vendors.get(name.casefold())
        if vendor is None:
            message = f"{name} is no vendor of the books" if name else "the line does not say who paid back"
            return {key: [Issue("NO_VENDOR", message, "party", "name the vendor in the rule, or give another account")]}
        try:
            record = paid_back(self.books, vendor, -line.amount, line.date, self.accounts.bank)
        except Refused as refusal:
            return {key: refusal.issues}
        return self._load([{"record": "document", **record, "key": key}])

    def _tell(self, line: BankLine, outcome: str, rule: Rule | None) -> None:
        self.done.outcomes[outcome] += 1
        if len(self.done.lines) < KEPT:
            self.done.lines.append({
                "line": line.number, "date": line.date, "vendor": (rule.vendor if rule else "") or line.vendor or None,
                "description": line.description or None, "amount": -line.amount, "outcome": outcome,
                "account": self.accounts.of(rule) if rule is not None and rule.account != SKIP else None,
                "rule": rule.name if rule is not None else None,
            })  # fmt: skip

    def _reject(self, line: BankLine, issues: Any) -> None:
        self.done.outcomes[REFUSED] += 1
        found = [RowIssue(line.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, KEPT - len(self.done.issues))]
        self.rejects.write(line.row, "; ".join(map(str, found)))


def _text(line: BankLine) -> dict[str, str]:
    """The line's own words."""
    text = line.description or line.vendor or line.category
    return {"description": text[:500]} if text else {}
