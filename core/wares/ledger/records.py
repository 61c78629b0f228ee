"""Writing accounts: the record `account`, with the rules that keep the ledger sound.

    {"record":"account","code":"1310","name":"Bike parts","type":"asset","roles":["inventory"],"active":true}

A record with a known code updates the account; absent keys keep their values; `"active": false` retires. All records
are checked before any is written, and Refused carries every Issue.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook, control_role
from wares.ledger.roles import ACCOUNT_TYPES, BALANCE_SHEET_TYPES, ROLES, TYPES_OF_ROLE, allows
from wares.model import Account
from wares.runtime.text import plain_code, plain_text
from wares.storage import tables
from wares.storage.unit import Reader, Unit
from wares.values import Record

_KEYS = ("record", "code", "name", "type", "roles", "active")


class Outcome(NamedTuple):
    """The result of one record."""

    name: str
    """The account's code, or "role level of" for a rule."""
    action: str
    """created, updated, removed or unchanged."""
    changed: tuple[str, ...] = ()
    """The keys whose values changed."""


class _Wanted(NamedTuple):
    account: Account
    active: bool


def put_accounts(unit: Unit, records: Iterable[Record], *, extra_roles: Iterable[str] = ()) -> list[Outcome]:
    """Create or update accounts, in the order given; return one outcome per record, named by code.

    `extra_roles` are the roles of plugins. Refused: UNKNOWN_KEY, BAD_VALUE, UNKNOWN_ROLE, ACCOUNT_INCOMPLETE,
    CONTROL_ACCOUNT_ROLES, ROLE_OF_WRONG_TYPE, and for accounts in use ACCOUNT_TYPE_FIXED, CONTROL_ROLE_FIXED,
    ROLE_IN_USE, ACCOUNT_HAS_BALANCE.
    """
    book = AccountBook.load(unit)
    roles = frozenset(ROLES).union(extra_roles)
    stored = {account.code: _Wanted(account, book.is_active(account)) for account in book}
    issues: list[Issue] = []
    wanted: dict[str, _Wanted] = {}
    outcomes: list[Outcome] = []
    for record in records:
        found = _account_issues(record, roles)
        if not found:
            old = wanted.get(record["code"]) or stored.get(record["code"])
            new = _wanted_from(record, old)
            found = [*_rule_issues(new.account), *(_change_issues(unit, old, new) if old else ())]
            outcomes.append(_outcome(old, new))
            wanted[new.account.code] = new
        issues += [placed(issue, f"account {record.get('code', '')}") for issue in found]
    if issues:
        raise Refused(issues)
    _write_accounts(unit, [new for code, new in wanted.items() if new != stored.get(code)])
    return outcomes


def _outcome(old: _Wanted | None, new: _Wanted) -> Outcome:
    if old is None:
        return Outcome(new.account.code, "created", ("name", "type", "roles"))
    before, after = {**old.account._asdict(), "active": old.active}, {**new.account._asdict(), "active": new.active}
    changed = tuple(key for key in after if before[key] != after[key])
    return Outcome(new.account.code, "updated" if changed else "unchanged", changed)


def _account_issues(record: Record, roles: Collection[str]) -> list[Issue]:
    issues = key_issues(record, _KEYS)
    code = record.get("code")
    if not _is(plain_code, code) or code != str(code).strip():
        issues.append(bad("code", code, "give the account's code as text, such as '1310'"))
    for key in ("name", "type"):
        value = record.get(key)
        if value is not None and not _is(plain_text, value):
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


def _is(kind: Callable[[object], str], value: object) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


def _wanted_from(record: Record, old: _Wanted | None) -> _Wanted:
    """Return the account that the record asks for: id 0 if it is new, name and type "" if no record gave them."""
    before = old.account if old else Account(0, record["code"], "", "", ())
    roles = record.get("roles")
    account = Account(
        before.id,
        before.code,
        (record.get("name") or before.name).strip(),
        record.get("type") or before.type,
        tuple(dict.fromkeys(roles)) if roles is not None else before.roles,
    )
    return _Wanted(account, record.get("active", old.active if old else True))


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
        if account.type and not allows(role, account.type):
            types = " or ".join(TYPES_OF_ROLE[role])
            issues.append(
                Issue(
                    "ROLE_OF_WRONG_TYPE",
                    f"account {account.code} is of type {account.type}, but {role} is held by accounts of type {types}",
                    path="roles",
                    hint=f"make an account of type {types} for it",
                )
            )
    return issues


def _change_issues(unit: Unit, was: _Wanted, wanted: _Wanted) -> Iterable[Issue]:
    """Yield the Issues that forbid this change of a stored account."""
    old, new = was.account, wanted.account
    retires = was.active and not wanted.active
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
        if (role not in new.roles or retires) and (rule := _rule_naming(unit, role, old.id)):
            message = f"account {old.code} still holds {role} for {rule}"
            yield Issue("ROLE_IN_USE", message, path="roles", hint="change that rule first (wares gl map)")
    if retires and old.type in BALANCE_SHEET_TYPES and _balance(unit, old.id):
        message = f"account {old.code} {old.name} has a balance and cannot be retired"
        yield Issue("ACCOUNT_HAS_BALANCE", message, path="active", hint="post its balance to another account first")


def _is_posted_to(reader: Reader, account_id: int) -> bool:
    return reader.row("SELECT 1 FROM wares_posting WHERE company_id = ? AND account_id = ? LIMIT 1", account_id) is not None


def _rule_naming(reader: Reader, role: str, account_id: int) -> str:
    statement = 'SELECT level, "of" FROM wares_mapping WHERE company_id = ? AND role = ? AND account_id = ? LIMIT 1'
    found = reader.row(statement, role, account_id)
    return f"{found[0]} {found[1]}".strip() if found else ""


def _balance(reader: Reader, account_id: int) -> int:
    sums = "SELECT CAST(COALESCE(SUM(debit - credit), 0) AS BIGINT) FROM wares_period_total"
    found = reader.row(sums + " WHERE company_id = ? AND account_id = ?", account_id)
    return int(found[0]) if found else 0


def _write_accounts(unit: Unit, wanted: Sequence[_Wanted]) -> None:
    created, updated = [], []
    for account, active in wanted:
        facts = (account.name, account.type, json.dumps(account.roles, ensure_ascii=False), int(active))
        if account.id:
            updated.append((*facts, unit.company_id, account.id))
        else:
            created.append((unit.company_id, unit.take_id(), account.code, *facts))
    unit.insert(tables.account, created)
    if updated:
        columns = ("name", "type", "roles", "active")
        statement = unit.dialect.update(tables.account, ("company_id", "account_id"), columns)
        unit.connection.exec_driver_sql(statement, updated)
    if wanted:
        unit.masters_changed()


# --- shared with rules.py --------------------------------------------------------------------------------------------


def key_issues(record: Record, known: Sequence[str]) -> list[Issue]:
    """Return one Issue for each key that the record does not know."""
    hint = "its keys are " + ", ".join(known[1:])
    unknown = [str(key) for key in record if key not in known]
    return [Issue("UNKNOWN_KEY", f"{key!r} is not a key of this record", key, hint) for key in unknown]


def bad(key: str, value: object, hint: str) -> Issue:
    """Return the Issue of a value that is missing or of the wrong kind."""
    return Issue("BAD_VALUE", f"{key} is {value!r}" if value is not None else f"{key} is missing", path=key, hint=hint)


def unknown_role(role: str, path: str, roles: Collection[str]) -> Issue:
    """Return the Issue of a role that neither the core nor a plugin knows."""
    from rapidfuzz import process

    match = process.extractOne(role, sorted(roles), score_cutoff=60)
    hint = f"did you mean {match[0]}?" if match else "the roles are " + ", ".join(sorted(roles))
    return Issue("UNKNOWN_ROLE", f"there is no role {role!r}", path=path, hint=hint)


def placed(issue: Issue, where: str) -> Issue:
    """Return the Issue with the name of its record."""
    return Issue(issue.code, issue.message, issue.path, issue.hint, issue.plugin, where.strip())
