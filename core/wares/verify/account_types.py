"""Types of accounts against the roles that they hold and were posted to in (I21)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wares.ledger.roles import ACCOUNT_TYPES, TYPES_OF_ROLE, allows
from wares.storage.unit import Reader
from wares.verify.finding import Finding, entry_name

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


def types_fit_roles(reader: Reader, registry: Registry) -> Finding:
    """I21: each account has a type that there is, and one that its roles, its mapping rules and the roles of its postings allow."""
    accounts = {account_id: (code, type, roles) for account_id, code, type, roles in reader.rows(
        "SELECT account_id, code, type, roles FROM wares_account WHERE company_id = ? ORDER BY account_id"
    )}  # fmt: skip
    for code, type, roles in accounts.values():
        if type not in ACCOUNT_TYPES:
            return Finding(len(accounts), f"account {code} is of type {type}, which there is not")
        for role in json.loads(roles or "[]"):
            if not allows(role, type):
                return Finding(len(accounts), _wrong(code, type, role))
    for role, account_id in reader.rows("SELECT role, account_id FROM wares_mapping WHERE company_id = ? ORDER BY role, level"):
        code, type, _ = accounts[account_id]
        if not allows(role, type):
            return Finding(len(accounts), f"a mapping rule: {_wrong(code, type, role)}")
    return Finding(len(accounts), _posted(reader, {account_id: (code, type) for account_id, (code, type, _) in accounts.items()}))


def _posted(reader: Reader, accounts: dict[int, tuple[str, str]]) -> str | None:
    roles = ", ".join(f"'{role}'" for role in TYPES_OF_ROLE)
    for role, account_id, entry_id in reader.rows(
        "SELECT role, account_id, MIN(entry_id) FROM wares_posting WHERE company_id = ? "
        f"AND role IN ({roles}) GROUP BY role, account_id ORDER BY 3"
    ):
        code, type = accounts[account_id]
        if not allows(role, type):
            return f"{entry_name(reader, entry_id)}: {_wrong(code, type, role)}"
    return None


def _wrong(code: str, type: str, role: str) -> str:
    return f"account {code} is of type {type}, but {role} is held by accounts of type {' or '.join(TYPES_OF_ROLE[role])}"
