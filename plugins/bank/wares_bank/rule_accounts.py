"""The accounts of the rules, and the account of the bank or card."""

from __future__ import annotations

from wares import Books, Refused
from wares_bank.rules import INVENTORY, PAYOUT, SKIP, Rule
from wares_tracking.documents import UNDETAILED

_ROLES = {INVENTORY: UNDETAILED, PAYOUT: "channel_clearing"}
"""Word of a rule → role of its account."""


class RuleAccounts:
    """The active accounts of the books; `bank` is the account of the imported lines."""

    def __init__(self, books: Books, paid_by: str | None) -> None:
        self._accounts = [row for row in books.gl.accounts() if row["active"]]
        self.bank = self._known(paid_by, "account") if paid_by is not None else self._first("bank")

    def check(self, rules: tuple[Rule, ...]) -> None:
        """Check the accounts of rules before the file is read. Refused NO_ACCOUNT."""
        for rule in rules:
            if rule.account != SKIP:
                self.of(rule)

    def of(self, rule: Rule) -> str:
        """Return the account of a rule. Refused NO_ACCOUNT."""
        role = _ROLES.get(rule.account)
        return self._first(role) if role is not None else self._known(rule.account, rule.name)

    def has_role(self, rule: Rule, role: str) -> bool:
        """True if the account of a rule has a role."""
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
