"""Importing lines of a bank or card: what a rule calls a purchase becomes a cash_purchase, once.

The idempotency key of a purchase is its account and what the bank calls the line: its id, else date, amount and texts, counted
where several are alike. Importing a file again, or another that overlaps it, adds what is new; a purchase that was voided stays
voided. Lines that no rule fits, and money that came in, are left and listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Refused, Rejects, RowIssue, Table
from wares_seller.bank_lines import COLUMNS, BankFile, BankLine
from wares_seller.bank_rules import INVENTORY, SKIP, USUAL, Rule, first_rule, read_rules
from wares_seller.documents import UNDETAILED

CHUNK = 500
KEPT = 1_000
NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED = "new", "known", "no rule", "money in", "skipped", "refused"
OUTCOMES = (NEW, KNOWN, NO_RULE, MONEY_IN, SKIPPED, REFUSED)
"""What becomes of a line."""


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
    """Record the purchases among the lines of a bank or card export; `account` is the bank's or card's (absent: the first bank).

    Refused NO_ACCOUNT, BAD_RULES, BAD_MAP, NO_COLUMN, and what a file as a whole is refused for.
    """
    chosen = read_rules(rules) if rules is not None else USUAL
    paid = _Accounts(books, account)
    paid.check(chosen)
    known_names = [name.replace(" ", "_") for names in COLUMNS.values() for name in names]
    with Table(path, expected=known_names, encoding=encoding) as table:
        lines = BankFile(table, columns=columns or {}, dates=dates, mark=mark, spent_is_positive=spent_is_positive)
        with Rejects(rejects, table.header) as rejected:
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
        return self._first(UNDETAILED) if rule.account == INVENTORY else self._known(rule.account, rule.name)

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


class _Purchase(NamedTuple):
    """A line that a rule calls a purchase."""

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
        self.vendors = {name.casefold(): str(row["code"]) for row in books.parties.list() for name in (row["name"], row["code"])}

    def take(self, lines: list[BankLine]) -> None:
        """One chunk, in one transaction."""
        purchases = {purchase.key: purchase for purchase in self._purchases(lines)}
        with self.books.recorded() as recorded:
            known = recorded.records(purchases)
        fresh = {key: purchase for key, purchase in purchases.items() if key not in known}
        refused: dict[str, Any] = {}

        def refuse(rejected: Any) -> None:
            refused[rejected.record.get("key", "")] = rejected.issues

        made = dict(self.vendors)
        records = [record for purchase in fresh.values() for record in self._records(purchase, made)]
        if records:
            self.books.load(records, dry_run=self.dry_run, on_refusal=refuse)
        if not self.dry_run:
            self.vendors = made
        for key, purchase in purchases.items():
            if key in refused:
                self._reject(purchase.line, [("", issue) for issue in refused[key]])
            else:
                self._tell(purchase.line, KNOWN if key in known else NEW, purchase.rule)

    def _purchases(self, lines: list[BankLine]) -> Iterator[_Purchase]:
        for line in lines:
            rule = first_rule(self.rules, line)
            if line.issues:
                self._reject(line, line.issues)
            elif line.amount < 0:
                self._tell(line, MONEY_IN, None)
            elif rule is None or rule.account == SKIP or not line.amount:
                self._tell(line, NO_RULE if rule is None else SKIPPED, rule)
            else:
                yield _Purchase(line, rule, f"bank:{self.accounts.bank}:{line.key}")

    def _records(self, purchase: _Purchase, vendors: dict[str, str]) -> Iterator[dict[str, Any]]:
        """The purchase, and its vendor where nobody knows him."""
        line, rule, key = purchase
        name = rule.vendor or line.vendor
        if name and name.casefold() not in vendors:
            vendors[name.casefold()] = name[:200]
            yield {"record": "party", "code": name[:200], "name": name, "kinds": ["supplier"]}
        text = line.description or line.vendor or line.category
        bought = {"account": self.accounts.of(rule), "amount": f"{line.amount:f}", **({"description": text[:500]} if text else {})}
        yield {
            "record": "document", "type": "cash_purchase", "date": line.date, "account": self.accounts.bank, "key": key,
            "lines": [bought], **({"party": vendors[name.casefold()]} if name else {}),
        }  # fmt: skip

    def _tell(self, line: BankLine, outcome: str, rule: Rule | None) -> None:
        self.done.outcomes[outcome] += 1
        if len(self.done.lines) < KEPT:
            self.done.lines.append({
                "line": line.number, "date": line.date, "vendor": (rule.vendor if rule else "") or line.vendor or None,
                "description": line.description or None, "amount": line.amount, "outcome": outcome,
                "account": self.accounts.of(rule) if rule is not None and rule.account != SKIP else None,
                "rule": rule.name if rule is not None else None,
            })  # fmt: skip

    def _reject(self, line: BankLine, issues: Any) -> None:
        self.done.outcomes[REFUSED] += 1
        found = [RowIssue(line.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, KEPT - len(self.done.issues))]
        self.rejects.write(line.row, "; ".join(map(str, found)))
