"""Writing the smaller masters: parties, locations and the settings of the books."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal, TypeVar

from wares.catalog.masters import MasterBook
from wares.catalog.policies import CHOICES
from wares.catalog.records import LocationRecord, MasterRecord, PartyRecord, SettingRecord, read
from wares.catalog.suggest import did_you_mean
from wares.errors import Issue, Refused
from wares.model import Location, Party
from wares.storage import tables
from wares.storage.unit import Unit

R = TypeVar("R", bound=MasterRecord)
Outcome = tuple[str, Literal["created", "updated", "unchanged"], tuple[str, ...]]
"""Code, action, the keys whose values differ."""


def put_parties(unit: Unit, masters: MasterBook, records: Iterable[Mapping[str, object]]) -> list[Outcome]:
    """Create or update parties; a new party without kinds is customer and supplier."""
    given = _read_all(PartyRecord, records)
    masters.need_parties(record.code for record in given)
    before: dict[str, Party] = {}
    now: dict[str, Party] = {}
    outcomes: list[Outcome] = []
    for record in given:
        old = now.get(record.code) or masters.peek_party(record.code)
        kinds = ("customer", "supplier") if old is None else old.kinds
        if record.kinds is not None:
            kinds = tuple(dict.fromkeys(record.kinds))
        name = record.name or (old.name if old else record.code)
        new = Party(old.id if old else unit.take_id(), record.code, name, kinds)
        if old is not None and record.code not in now:
            before[record.code] = old
        now[record.code] = new
        outcomes.append((record.code, *_compared(old, new)))
    created = [new for code, new in now.items() if code not in before]
    updated = [new for code, new in now.items() if code in before and new != before[code]]
    rows = [(unit.company_id, party.id, party.code, party.name, json.dumps(party.kinds), 1) for party in created]
    unit.insert(tables.party, rows)
    if updated:
        statement = unit.dialect.update(tables.party, ("company_id", "party_id"), ("name", "kinds"))
        changes = [(party.name, json.dumps(party.kinds), unit.company_id, party.id) for party in updated]
        unit.connection.exec_driver_sql(statement, changes)
    if created or updated:
        unit.masters_changed()
        masters.learn_parties([*created, *updated])
    return outcomes


def put_locations(unit: Unit, masters: MasterBook, records: Iterable[Mapping[str, object]]) -> list[Outcome]:
    """Create or update locations."""
    outcomes: list[Outcome] = []
    for record in _read_all(LocationRecord, records):
        old = masters.locations.get(record.code)
        name = record.name or (old.name if old else record.code)
        new = Location(old.id if old else unit.take_id(), record.code, name)
        outcomes.append((record.code, *_compared(old, new)))
        if old is None:
            unit.insert(tables.location, [(unit.company_id, new.id, new.code, new.name, 1)])
        elif new != old:
            statement = unit.dialect.update(tables.location, ("company_id", "location_id"), ("name",))
            unit.connection.exec_driver_sql(statement, (new.name, unit.company_id, new.id))
        if new != old:
            unit.masters_changed()
            masters.learn_locations([new])
    return outcomes


def put_settings(unit: Unit, masters: MasterBook, records: Iterable[Mapping[str, object]]) -> list[Outcome]:
    """Set policies of the books; all records are checked before any is written."""
    given = _read_all(SettingRecord, records)
    issues = [issue for record in given if (issue := _setting_issue(unit, masters, record)) is not None]
    if issues:
        raise Refused(issues)
    outcomes: list[Outcome] = []
    for record in given:
        if masters.settings.get(record.key) == record.value:
            outcomes.append((record.key, "unchanged", ()))
            continue
        unit.run("DELETE FROM wares_setting WHERE company_id = ? AND key = ?", record.key)
        unit.insert(tables.setting, [(unit.company_id, record.key, record.value)])
        unit.masters_changed()
        masters.learn_settings({record.key: record.value})
        outcomes.append((record.key, "updated", ("value",)))
    return outcomes


def _setting_issue(unit: Unit, masters: MasterBook, record: SettingRecord) -> Issue | None:
    key, value = record.key, record.value
    if key not in CHOICES:
        hint = did_you_mean(key, CHOICES) or f"the settings are {', '.join(sorted(CHOICES))}"
        return Issue("UNKNOWN_SETTING", f"there is no setting {key!r}", path="key", hint=hint, where=key)
    if value not in CHOICES[key]:
        hint = f"use {' or '.join(CHOICES[key])}"
        return Issue("BAD_VALUE", f"{key} cannot be {value!r}", path="value", hint=hint, where=key)
    return _scope_issue(unit, value) if key == "cost_scope" and masters.settings.get(key) != value else None


def _scope_issue(unit: Unit, value: str) -> Issue | None:
    """Return an Issue if cost_scope cannot change: goods that have moved belong to pools of the old scope, and their values cannot
    be divided again."""
    if unit.row("SELECT 1 FROM wares_move WHERE company_id = ? LIMIT 1") is not None:
        message = "goods have moved already, and cost_scope is fixed by the first move"
        return Issue("SCOPE_FIXED", message, path="value", hint="choose it in new books", where="cost_scope")
    rule = unit.row("SELECT \"of\" FROM wares_mapping WHERE company_id = ? AND role = 'inventory' AND level = 'location' LIMIT 1")
    if value == "company" and rule is not None:
        message = f"inventory is mapped by location ({rule[0]}), which needs a cost area for each location"
        return Issue("LOCATION_INVENTORY", message, path="value", hint="remove that rule first", where="cost_scope")
    return None


def _compared(
    old: Party | Location | None, new: Party | Location
) -> tuple[Literal["created", "updated", "unchanged"], tuple[str, ...]]:
    if old is None:
        return "created", tuple(new._fields[2:])
    fields = tuple(name for name, was, now in zip(new._fields, old, new, strict=True) if was != now)
    return ("updated" if fields else "unchanged"), fields


def _read_all(model: type[R], records: Iterable[Mapping[str, object]]) -> list[R]:
    """Return all records parsed. Raises Refused with the Issues of all of them, with an index if there are several."""
    found: list[R] = []
    issues: list[tuple[int, Issue]] = []
    count = 0
    for count, record in enumerate(records, start=1):
        try:
            found.append(read(model, record))
        except Refused as refusal:
            issues += [(count - 1, issue) for issue in refusal.issues]
    if issues:
        alone = count == 1
        raise Refused(issue if alone else replace(issue, path=f"[{index}].{issue.path}") for index, issue in issues)
    return found
