"""Writing mapping rules: the record `mapping`, which says which account holds a role for an item, category, location
or party.

    {"record":"mapping","role":"inventory","level":"category","of":"parts","account":"1310"}

`"account": null` removes the rule. A changed rule moves no value of goods on hand: a pool keeps its inventory account
until it is empty or reclassified.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook, control_role
from wares.ledger.records import Outcome, bad, key_issues, placed, unknown_role
from wares.ledger.roles import LEVELS, ROLES
from wares.model import CONTROL_ROLES, Account
from wares.storage import tables
from wares.storage.unit import Unit
from wares.values import Record

_KEYS = ("record", "role", "level", "of", "account")


def put_mappings(
    unit: Unit,
    records: Iterable[Record],
    *,
    extra_roles: Iterable[str] = (),
    item_types: Collection[str] | None = None,
) -> list[Outcome]:
    """Set, replace or (account null) remove mapping rules; return one outcome per rule, named "role level of".

    Items, parties and locations of the rules must exist. `item_types` are the keys of the loaded types; None leaves
    them unchecked. Refused: UNKNOWN_KEY, BAD_VALUE, UNKNOWN_ROLE, UNKNOWN_ACCOUNT, ACCOUNT_RETIRED, ROLE_NOT_ALLOWED,
    UNKNOWN_ITEM, UNKNOWN_ITEM_TYPE, UNKNOWN_LOCATION, UNKNOWN_PARTY, LOCATION_INVENTORY, PARTY_INVENTORY.
    """
    given = list(records)
    book = AccountBook.load(unit)
    roles = frozenset(ROLES).union(extra_roles)
    known = _known_targets(unit, given, item_types)
    by_location = (
        unit.row("SELECT 1 FROM wares_setting WHERE company_id = ? AND key = 'cost_scope' AND value = 'location'") is not None
    )
    issues: list[Issue] = []
    rules: dict[tuple[str, str, str], Account | None] = {}
    for record in given:
        found = _mapping_issues(record, roles, by_location) or _target_issues(record, known)
        if not found:
            account, found = _mapped_account(book, record)
            rules[record["role"], record["level"], record.get("of") or ""] = account
        issues += [placed(issue, f"mapping {_name_of(record)}") for issue in found]
    if issues:
        raise Refused(issues)
    return _write_rules(unit, book, rules)


def _name_of(record: Record) -> str:
    return " ".join(str(record[key]) for key in ("role", "level", "of") if record.get(key))


def _mapping_issues(record: Record, roles: Collection[str], by_location: bool) -> list[Issue]:
    issues = key_issues(record, _KEYS)
    role, level, of = record.get("role"), record.get("level"), record.get("of")
    if not isinstance(role, str):
        issues.append(bad("role", role, "name the role"))
    elif role not in roles:
        issues.append(unknown_role(role, "role", roles))
    if not isinstance(level, str) or level not in LEVELS:
        issues.append(bad("level", level, "the levels are " + ", ".join(LEVELS)))
    elif level == "company" and of:
        issues.append(bad("of", of, "a rule of the company has no `of`"))
    elif level != "company" and not (isinstance(of, str) and of and len(of) <= 200):
        issues.append(bad("of", of, f"name the {level} that the rule is for"))
    mixes = level == "party" or (level == "location" and not by_location)
    if role == "inventory" and mixes and isinstance(level, str) and record.get("account") is not None:
        message = {
            "location": "inventory cannot be mapped by location while the whole company is one cost area",
            "party": "an item's inventory account cannot depend on the party",
        }[level]
        hint = "map inventory by item, category or item type; by location with the setting cost_scope=location"
        issues.append(Issue(f"{level.upper()}_INVENTORY", message, path="level", hint=hint))
    if "account" not in record:
        issues.append(bad("account", None, "give the account's code, or null to remove the rule"))
    return issues


def _known_targets(unit: Unit, records: list[Record], item_types: Collection[str] | None) -> dict[str, Collection[str] | None]:
    """Return, for each level, the names in the records that exist; None = every name is valid."""

    def existing(level: str, table: str, column: str) -> set[str]:
        named = {of for record in records if record.get("level") == level and isinstance(of := record.get("of"), str)}
        if not named:
            return set()
        statement = f"SELECT {column} FROM wares_{table} WHERE company_id = ? AND {unit.among(column)}"
        return {name for (name,) in unit.rows(statement, unit.listed(sorted(named)))}

    return {
        "item": existing("item", "item", "sku"),
        "category": None,
        "item_type": item_types,
        "location": existing("location", "location", "code"),
        "party": existing("party", "party", "code"),
        "company": None,
    }


def _target_issues(record: Record, known: Mapping[str, Collection[str] | None]) -> list[Issue]:
    level, of = record["level"], record.get("of")
    names = known[level]
    if names is None or of in names:
        return []
    hint = "the types are " + ", ".join(sorted(names)) if level == "item_type" else f"record the {level} first"
    return [Issue(f"UNKNOWN_{level.upper()}", f"there is no {level.replace('_', ' ')} {of!r}", path="of", hint=hint)]


def _mapped_account(book: AccountBook, record: Record) -> tuple[Account | None, list[Issue]]:
    code, role = record["account"], record["role"]
    if code is None:
        return None, []
    try:
        account = book.account(str(code), "account")
    except Refused as refused:
        return None, list(refused.issues)
    if role in account.roles:
        return account, []
    control = control_role(account)
    if control is not None or (role in CONTROL_ROLES and account.roles):
        holders = ", ".join(f"{other.code} {other.name}" for other in book if role in other.roles)
        hint = f"it may be held by {holders}" if holders else f"make an account with the role {role}"
    else:
        hint = f'let it: {{"record":"account","code":"{account.code}","roles":{json.dumps([*account.roles, role])}}}'
    message = f"account {account.code} {account.name} may not hold the role {role}"
    return None, [Issue("ROLE_NOT_ALLOWED", message, path="account", hint=hint)]


def _write_rules(unit: Unit, book: AccountBook, rules: Mapping[tuple[str, str, str], Account | None]) -> list[Outcome]:
    book.need_skus({of for _, level, of in rules if level == "item"})
    outcomes, changed = [], {}
    for key, account in rules.items():
        before = book.rule(*key)
        action = "unchanged" if before == account else "removed" if account is None else "updated" if before else "created"
        outcomes.append(Outcome(" ".join(key).rstrip(), action, () if before == account else ("account",)))
        if before != account:
            changed[key] = account
    if changed:
        statement = 'DELETE FROM wares_mapping WHERE company_id = ? AND role = ? AND level = ? AND "of" = ?'
        unit.connection.exec_driver_sql(unit.dialect.spelled[statement], [(unit.company_id, *key) for key in changed])
        kept = [(unit.company_id, *key, account.id) for key, account in changed.items() if account is not None]
        unit.insert(tables.mapping, kept)
        unit.masters_changed()
    return outcomes
