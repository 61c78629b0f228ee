"""Types of accounts against the roles that they hold and were posted to in (I21)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wares.ledger.roles import ACCOUNT_TYPES, TYPES_OF_ROLE, allows
from wares.storage.unit import Reader
from wares.verify.examined import Examined
from wares.verify.finding import Finding, entry_name
from wares.verify.posted import posted_sums

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


def types_fit_roles(reader: Examined, registry: Registry) -> Finding:
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


def _posted(reader: Examined, accounts: dict[int, tuple[str, str]]) -> str | None:
    held = sorted({(each.role, each.account_id) for each in reader.once(posted_sums) if each.role in TYPES_OF_ROLE})
    for role, account_id in held:
        code, type = accounts[account_id]
        if not allows(role, type) and (entry_id := _not_as_stated(reader, role, account_id)) is not None:
            return f"{entry_name(reader, entry_id)}: {_wrong(code, type, role)}"
    return None


def _not_as_stated(reader: Reader, role: str, account_id: int) -> int | None:
    """Return the first entry that posts a role to an account which neither its document nor the line states itself, such as the
    bank account to which a vendor pays back."""
    row = reader.row(
        "SELECT MIN(p.entry_id) FROM wares_posting p JOIN wares_entry e ON e.company_id = p.company_id AND e.entry_id = p.entry_id "
        "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
        "LEFT JOIN wares_line l ON l.company_id = p.company_id AND l.line_id = p.line_id "
        "WHERE p.company_id = ? AND p.role = ? AND p.account_id = ? "
        "AND COALESCE(d.account_id, 0) <> p.account_id AND COALESCE(l.account_id, 0) <> p.account_id",
        role,
        account_id,
    )
    return None if row is None else row[0]


def _wrong(code: str, type: str, role: str) -> str:
    return f"account {code} is of type {type}, but {role} is held by accounts of type {' or '.join(TYPES_OF_ROLE[role])}"
