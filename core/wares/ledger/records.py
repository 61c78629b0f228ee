"""Writing accounts: the record `account`, with the rules that keep the ledger sound.

    {"record":"account","code":"1310","name":"Bike parts","type":"asset","roles":["inventory"],"active":true}

A known code is updated, and keys that are absent stay as they are; `"active": false` retires. All records given are
checked before any is written, and Refused carries every Issue.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook, control_role
from wares.ledger.roles import ACCOUNT_TYPES, BALANCE_SHEET_TYPES, ROLES, TYPES_OF_ROLE
from wares.model import Account
from wares.storage import tables
from wares.storage.unit import Reader, Unit

Record = Mapping[str, Any]
_KEYS = ("record", "code", "name", "type", "roles", "active")


def put_accounts(unit: Unit, records: Iterable[Record], *, extra_roles: Iterable[str] = ()) -> list[Account]:
    """Create or update accounts, in the order given; the accounts as they now are.

    `extra_roles` are the roles that plugins add. Refused: UNKNOWN_KEY, BAD_VALUE, UNKNOWN_ROLE, ACCOUNT_INCOMPLETE,
    CONTROL_ACCOUNT_ROLES, ROLE_OF_WRONG_TYPE, and for accounts in use ACCOUNT_TYPE_FIXED, CONTROL_ROLE_FIXED,
    ROLE_IN_USE, ACCOUNT_HAS_BALANCE.
    """
    book = AccountBook.load(unit)
    roles = frozenset(ROLES).union(extra_roles)
    issues: list[Issue] = []
    wanted: dict[str, tuple[Account, bool]] = {}
    for record in records:
        found = _account_issues(record, roles)
        if not found:
            old, was_active = wanted.get(record["code"], (book.find(record["code"]), True))
            if old is not None and record["code"] not in wanted:
                was_active = book.is_active(old)
            account = _account_from(record, old)
            active = bool(record.get("active", was_active))
            found = [*_rule_issues(account), *(_change_issues(unit, old, account, was_active, active) if old else ())]
            wanted[account.code] = (account, active)
        issues += [placed(issue, f"account {record.get('code', '')}") for issue in found]
    if issues:
        raise Refused(issues)
    return _write_accounts(unit, book, list(wanted.values()))


def _account_issues(record: Record, roles: Collection[str]) -> list[Issue]:
    issues = key_issues(record, _KEYS)
    code = record.get("code")
    if not isinstance(code, str) or not code or code != code.strip() or len(code) > 200 or not code.isprintable():
        issues.append(bad("code", code, "give the account's code as text, such as '1310'"))
    for key in ("name", "type"):
        value = record.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            issues.append(bad(key, value, f"give the {key} as text, or leave it out to keep it"))
    if isinstance(record.get("type"), str) and record["type"] not in ACCOUNT_TYPES:
        issues.append(bad("type", record["type"], "the types are " + ", ".join(ACCOUNT_TYPES)))
    if not isinstance(record.get("active", True), bool):
        issues.append(bad("active", record["active"], "give true or false"))
    given = record.get("roles")
    if given is not None and not (isinstance(given, (list, tuple)) and all(isinstance(role, str) for role in given)):
        issues.append(bad("roles", given, "give a list of roles"))
    elif given:
        issues += [unknown_role(role, f"roles[{at}]", roles) for at, role in enumerate(given) if role not in roles]
    return issues


def _account_from(record: Record, old: Account | None) -> Account:
    """The account as it is wanted; id 0 while it is new, name and type "" when they were never given."""
    roles = record.get("roles")
    return Account(
        old.id if old else 0,
        record["code"],
        (record.get("name") or (old.name if old else "")).strip(),
        record.get("type") or (old.type if old else ""),
        tuple(dict.fromkeys(roles)) if roles is not None else old.roles if old else (),
    )


def _rule_issues(account: Account) -> list[Issue]:
    issues = [
        Issue("ACCOUNT_INCOMPLETE", f"account {account.code} is new and has no {key}", path=key, hint=f"give its {key}")
        for key, value in (("name", account.name), ("type", account.type))
        if not value
    ]
    control = control_role(account)
    if control is not None and len(account.roles) > 1:
        others = ", ".join(role for role in account.roles if role != control)
        issues.append(
            Issue(
                "CONTROL_ACCOUNT_ROLES",
                f"account {account.code} cannot hold {control} with {others}: a control account holds one role",
                path="roles",
                hint="make an account for each",
            )
        )
    for role in account.roles:
        type = TYPES_OF_ROLE.get(role)
        if type is not None and account.type and account.type != type:
            issues.append(
                Issue(
                    "ROLE_OF_WRONG_TYPE",
                    f"account {account.code} is of type {account.type}, but {role} is held by accounts of type {type}",
                    path="roles",
                    hint=f"make an account of type {type} for it",
                )
            )
    return issues


def _change_issues(unit: Unit, old: Account, new: Account, was_active: bool, active: bool) -> Iterable[Issue]:
    """What forbids changing a stored account so."""
    if not old.id:
        return
    before, after = control_role(old), control_role(new)
    if (new.type != old.type or before != after) and _is_posted_to(unit, old.id):
        if new.type != old.type:
            message = f"account {old.code} has postings and stays of type {old.type}"
            yield Issue("ACCOUNT_TYPE_FIXED", message, path="type", hint="make a new account for the other type")
        if before != after:
            message = f"account {old.code} has postings and can neither gain nor lose the role {after or before}"
            yield Issue("CONTROL_ROLE_FIXED", message, path="roles", hint="make a new account for that role")
    for role in old.roles:
        if (role not in new.roles or (was_active and not active)) and (rule := _rule_naming(unit, role, old.id)):
            message = f"account {old.code} still holds {role} for {rule}"
            yield Issue("ROLE_IN_USE", message, path="roles", hint="change that rule first (wares gl map)")
    if was_active and not active and old.type in BALANCE_SHEET_TYPES and _balance(unit, old.id):
        message = f"account {old.code} {old.name} has a balance and cannot be retired"
        yield Issue("ACCOUNT_HAS_BALANCE", message, path="active", hint="post its balance to another account first")


def _is_posted_to(reader: Reader, account_id: int) -> bool:
    return reader.row("SELECT 1 FROM posting WHERE company_id = ? AND account_id = ? LIMIT 1", account_id) is not None


def _rule_naming(reader: Reader, role: str, account_id: int) -> str:
    statement = 'SELECT level, "of" FROM mapping WHERE company_id = ? AND role = ? AND account_id = ? LIMIT 1'
    found = reader.row(statement, role, account_id)
    return f"{found[0]} {found[1]}".strip() if found else ""


def _balance(reader: Reader, account_id: int) -> int:
    sums = "SELECT CAST(COALESCE(SUM(debit - credit), 0) AS BIGINT) FROM period_total"
    found = reader.row(sums + " WHERE company_id = ? AND account_id = ?", account_id)
    return int(found[0]) if found else 0


def _write_accounts(unit: Unit, book: AccountBook, wanted: Sequence[tuple[Account, bool]]) -> list[Account]:
    new, written = [], []
    for account, active in wanted:
        roles = json.dumps(account.roles, ensure_ascii=False)
        if not account.id:
            account = account._replace(id=unit.take_id())
            new.append((unit.company_id, account.id, account.code, account.name, account.type, roles, int(active)))
        elif (account, active) != (book.by_id(account.id), book.is_active(book.by_id(account.id))):
            unit.connection.exec_driver_sql(
                unit.dialect.update(tables.account, ("company_id", "account_id"), ("name", "type", "roles", "active")),
                (account.name, account.type, roles, int(active), unit.company_id, account.id),
            )
            unit.masters_changed()
        written.append(account)
    if new:
        unit.insert(tables.account, new)
        unit.masters_changed()
    return written


# --- shared with rules.py --------------------------------------------------------------------------------------------


def key_issues(record: Record, known: Sequence[str]) -> list[Issue]:
    """One Issue for each key that the record may not have."""
    hint = "its keys are " + ", ".join(known[1:])
    unknown = [str(key) for key in record if key not in known]
    return [Issue("UNKNOWN_KEY", f"{key!r} is not a key of this record", key, hint) for key in unknown]


def bad(key: str, value: object, hint: str) -> Issue:
    """A value that is missing or of the wrong kind."""
    return Issue("BAD_VALUE", f"{key} is {value!r}" if value is not None else f"{key} is missing", path=key, hint=hint)


def unknown_role(role: str, path: str, roles: Collection[str]) -> Issue:
    """A role that neither the core nor a plugin knows."""
    from rapidfuzz import process

    match = process.extractOne(role, sorted(roles), score_cutoff=60)
    hint = f"did you mean {match[0]}?" if match else "the roles are " + ", ".join(sorted(roles))
    return Issue("UNKNOWN_ROLE", f"there is no role {role!r}", path=path, hint=hint)


def placed(issue: Issue, where: str) -> Issue:
    """The Issue with the record it is about."""
    return Issue(issue.code, issue.message, issue.path, issue.hint, issue.plugin, where.strip())
