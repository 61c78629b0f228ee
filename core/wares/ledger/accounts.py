"""The accounts of a company and the rules that choose one for a role.

An `AccountBook` is read once and kept while the masters stay as they are; it answers from dicts, without the database:

    book = AccountBook.load(reader)              # in the next transaction: book = book.fresh(reader)
    book.account("1300")                         # by code, for what a person typed
    book.resolve(query)                          # by role, most specific rule first
    book.why(query)                              # the same as a list of steps, for `wares gl why`

The book asks the rules in the order item, category, item type, location, party, company. Without a rule, the company
default decides: the first account (in order of creation) that may hold the role. A line's own `account` precedes all
rules and is not decided here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from typing import NamedTuple, NoReturn

from wares.errors import Refused
from wares.ledger.roles import ROLES
from wares.model import CONTROL_ROLES, Account, AccountQuery, Item
from wares.storage.unit import Reader

ITEM_RULES_AT_ONCE = 20_000
"""The most item rules that `load` reads; with more, `need_items` reads the rules of the items in use."""
MAX_KEPT = 100_000
"""The most answers kept in memory; at that number the memory is emptied."""

_OF = '"of"'
_RULES = f"SELECT role, level, {_OF}, account_id FROM wares_mapping WHERE company_id = ?"


class WhyStep(NamedTuple):
    """One step of the search for an account: the rule at one level, if any, and whether it decided."""

    level: str
    """item, category, item_type, location, party, company or default."""
    of: str
    """The SKU, category, key or code of the rule; "" at company level."""
    account: Account | None
    """The account that the rule names; None without a rule."""
    won: bool
    """True for the step that decided."""


class AccountBook:
    """All accounts and mapping rules of one company, as of one `master_version`.

    A book loaded inside a transaction that changed masters must be dropped if that transaction is rolled back.
    `fresh` hands the accounts and rules on to the next transaction's book.
    """

    def __init__(
        self,
        accounts: Iterable[tuple[Account, bool]],
        rules: Iterable[tuple[str, str, str, int]] = (),
        *,
        reader: Reader | None = None,
        has_all_item_rules: bool = True,
    ) -> None:
        """Take `accounts` in order of creation as (account, active), and `rules` as (role, level, of, account id)."""
        self._reader = reader
        self.company_id = reader.company_id if reader else 0
        self.master_version = reader.head.master_version if reader else 0
        self._by_id: dict[int, Account] = {}
        self._by_code: dict[str, Account] = {}
        self._retired: set[int] = set()
        self._default: dict[str, Account] = {}
        for account, active in accounts:
            self._by_id[account.id] = self._by_code[account.code] = account
            if active:
                for role in account.roles:
                    self._default.setdefault(role, account)
            else:
                self._retired.add(account.id)
        self._rules: dict[tuple[str, str, str], Account] = {}
        self._maps_locations = self._maps_parties = False
        self._add_rules(rules)
        self._has_all_item_rules = has_all_item_rules
        self._known_skus: set[str] = set()
        self._resolved: dict[tuple[object, ...], Account] = {}

    @classmethod
    def load(cls, reader: Reader) -> AccountBook:
        """Read accounts and rules; item rules only up to ITEM_RULES_AT_ONCE."""
        accounts = [
            (Account(id, code, name, type, tuple(json.loads(roles))), bool(active))
            for id, code, name, type, roles, active in reader.rows(
                "SELECT account_id, code, name, type, roles, active FROM wares_account WHERE company_id = ? ORDER BY account_id"
            )
        ]
        found = reader.row("SELECT COUNT(*) FROM wares_mapping WHERE company_id = ? AND level = 'item'")
        few = found is not None and found[0] <= ITEM_RULES_AT_ONCE
        rules = reader.rows(_RULES + ("" if few else " AND level <> 'item'"))
        return cls(
            accounts,
            ((role, level, of, account_id) for role, level, of, account_id in rules),
            reader=reader,
            has_all_item_rules=few,
        )

    def fresh(self, reader: Reader) -> AccountBook:
        """Return the book for the next transaction: a copy of this one while the masters are unchanged, else a new one."""
        if self.master_version != reader.head.master_version or self.company_id != reader.company_id:
            return AccountBook.load(reader)
        book = copy(self)
        book._reader = reader
        return book

    def need_items(self, items: Iterable[Item]) -> None:
        """Read the rules of these items in at most one query. A rule not asked for in advance is read at its look-up."""
        if not self._has_all_item_rules:
            self.need_skus({item.sku for item in items})

    def need_skus(self, skus: Collection[str]) -> None:
        """Read the rules of the items with these SKUs in at most one query."""
        reader, missing = self._reader, set(skus) - self._known_skus
        if self._has_all_item_rules or reader is None or not missing:
            return
        statement = _RULES + f" AND level = 'item' AND {reader.among(_OF)}"
        rules = reader.rows(statement, reader.listed(sorted(missing)))
        self._add_rules((role, level, of, account_id) for role, level, of, account_id in rules)
        self._known_skus |= missing

    def _add_rules(self, rules: Iterable[tuple[str, str, str, int]]) -> None:
        for role, level, of, account_id in rules:
            self._rules[role, level, of] = self._by_id[account_id]
            self._maps_locations = self._maps_locations or level == "location"
            self._maps_parties = self._maps_parties or level == "party"

    # --- look-ups ----------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Account]:
        """Iterate over all accounts in order of creation, retired ones included."""
        return iter(self._by_id.values())

    def account(self, code: str, path: str = "") -> Account:
        """Return the account with this code for a posting. Refused UNKNOWN_ACCOUNT (with a near match) or
        ACCOUNT_RETIRED."""
        account = self._by_code.get(code)
        if account is None:
            hint = nearest(code, self) or "wares gl accounts lists them"
            raise Refused.because("UNKNOWN_ACCOUNT", f"there is no account {code!r}", path=path, hint=hint)
        if account.id in self._retired:
            raise Refused.because(
                "ACCOUNT_RETIRED", f"account {code} {account.name} is retired", path=path, hint="use another account"
            )
        return account

    def find(self, code: str) -> Account | None:
        """Return the account with this code, retired or not, or None."""
        return self._by_code.get(code)

    def by_id(self, account_id: int) -> Account:
        """Return the account of a stored row, retired or not. KeyError if the books are damaged."""
        return self._by_id[account_id]

    def rule(self, role: str, level: str, of: str) -> Account | None:
        """Return the account of one mapping rule, or None without such a rule."""
        return self._rules.get((role, level, of))

    def is_active(self, account: Account) -> bool:
        """True if new postings may use the account."""
        return account.id not in self._retired

    def resolve(self, query: AccountQuery) -> Account:
        """Return the account that holds the query's role, most specific rule first. Refused NO_ACCOUNT, with the record
        that sets the role."""
        role, item, _, location, party = query
        place = location.code if location is not None and self._maps_locations else ""
        other = party.code if party is not None and self._maps_parties else ""
        key = (role, place, other, *((item.sku, item.category, item.type) if item is not None else ()))
        account = self._resolved.get(key)
        if account is None:
            account = next((step.account for step in self._steps(query) if step.account is not None), None)
            if account is None:
                _refuse_missing(query)
            if len(self._resolved) >= MAX_KEPT:
                self._resolved.clear()
            self._resolved[key] = account
        return account

    resolve_account = resolve  # as `wares.model.Masters` names it

    def why(self, query: AccountQuery) -> list[WhyStep]:
        """Return every step of the search for the role, in order; the first step with an account decides."""
        steps = []
        decided = False
        for step in self._steps(query):
            won = step.account is not None and not decided
            decided = decided or won
            steps.append(step._replace(won=won))
        return steps

    def _steps(self, query: AccountQuery) -> Iterator[WhyStep]:
        for level, of in self._places(query):
            yield WhyStep(level, of, self.rule(query.role, level, of), False)
        yield WhyStep("default", "", self._default.get(query.role), False)

    def _places(self, query: AccountQuery) -> Iterator[tuple[str, str]]:
        item = query.item
        if item is not None:
            if not self._has_all_item_rules and item.sku not in self._known_skus:
                self.need_items((item,))
            yield "item", item.sku
            if item.category:
                yield "category", item.category
            yield "item_type", item.type
        if query.location is not None:
            yield "location", query.location.code
        if query.party is not None:
            yield "party", query.party.code
        yield "company", ""


def control_role(account: Account) -> str | None:
    """Return the control role of the account, or None. Only lines that carry the item or party may post to a control account."""
    return next((role for role in account.roles if role in CONTROL_ROLES), None)


def nearest(code: str, accounts: Iterable[Account]) -> str:
    """Return "did you mean 1300 Inventory?" for a mistyped code; "" without a near match."""
    from rapidfuzz import fuzz, process, utils

    shown = {f"{account.code} {account.name}": (account.code, account.name) for account in accounts}
    best, best_score = "", 0.0
    for label, spellings in shown.items():
        match = process.extractOne(
            str(code), (*spellings, label), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=70
        )
        if match and match[1] > best_score:
            best, best_score = label, match[1]
    return f"did you mean {best}?" if best else ""


def _refuse_missing(query: AccountQuery) -> NoReturn:
    role, meaning = query.role, ROLES.get(query.role)
    raise Refused.because(
        "NO_ACCOUNT",
        f"no account holds the role {role}" + (f" ({meaning})" if meaning else "")
        + (f", needed for {query.item.sku}" if query.item else ""),
        path=query.line.path if query.line else "",
        hint="give an account that role with a record for wares load: "
        + f'{{"record":"account","code":CODE,"roles":["{role}"]}}, then wares gl map {role} CODE chooses among several',
        where=query.item.sku if query.item else "",
    )  # fmt: skip
