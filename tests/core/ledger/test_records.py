"""Records of accounts and mapping rules: what is accepted, and each reason for a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.ledger.journaling import Ledger
from wares.errors import Refused
from wares.ledger.accounts import AccountBook
from wares.ledger.records import put_accounts
from wares.ledger.rules import put_mappings
from wares.model import AccountQuery, Item
from wares.storage import tables

PARTS = {"record": "account", "code": "1310", "name": "Bike parts", "type": "asset", "roles": ["inventory"]}
BOLT = Item(id=900, type="stock", sku="BOLT", name="Bolt", category="parts")


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(issue.code, issue.path) for issue in refused.value.issues]


def test_an_account_is_created_and_updated_by_its_code(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        assert put_accounts(unit, [PARTS]) == [("1310", "created", ("name", "type", "roles"))]
    with ledger.unit() as unit:
        again = [{"record": "account", "code": "1310", "name": "Parts"}]
        assert put_accounts(unit, again * 2) == [("1310", "updated", ("name",)), ("1310", "unchanged", ())]
    with ledger.reader() as reader:
        book = AccountBook.load(reader)
        assert book.account("1310")[1:] == ("1310", "Parts", "asset", ("inventory",)), "absent keys stay as they are"
        assert book.resolve(AccountQuery("inventory", BOLT, None, None, None)).code == "1300", "the first one of a role"


def test_writing_what_is_there_already_changes_no_master(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        put_accounts(unit, [PARTS])
    with ledger.unit() as unit:
        before = unit.head.master_version
        put_accounts(unit, [PARTS])
        assert unit.head.master_version == before


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"colour": "red"}, [("UNKNOWN_KEY", "colour")]),
        ({"code": 1310}, [("BAD_VALUE", "code")]),
        ({"code": " 1310"}, [("BAD_VALUE", "code")]),
        ({"name": " "}, [("BAD_VALUE", "name")]),
        ({"type": "money"}, [("BAD_VALUE", "type")]),
        ({"roles": "inventory"}, [("BAD_VALUE", "roles")]),
        ({"active": "no"}, [("BAD_VALUE", "active")]),
        ({"roles": ["bank", "inventry"]}, [("UNKNOWN_ROLE", "roles[1]")]),
        ({"name": None, "type": None, "roles": []}, [("ACCOUNT_INCOMPLETE", "name"), ("ACCOUNT_INCOMPLETE", "type")]),
        ({"roles": ["inventory", "bank"]}, [("CONTROL_ACCOUNT_ROLES", "roles")]),
        ({"roles": ["inventory", "receivable"]}, [("CONTROL_ACCOUNT_ROLES", "roles")]),
        ({"type": "expense"}, [("ROLE_OF_WRONG_TYPE", "roles")]),
        ({"type": "asset", "roles": ["payable"]}, [("ROLE_OF_WRONG_TYPE", "roles")]),
    ],
)
def test_a_wrong_account_is_refused(sqlite_ledger: Ledger, change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    with sqlite_ledger.unit() as unit:
        with pytest.raises(Refused) as refused:
            put_accounts(unit, [{"record": "account", "code": "1320", "name": "Fine", "type": "asset"}, PARTS | change])
        assert codes_of(refused) == problems
        assert AccountBook.load(unit).find("1320") is None, "nothing of it is written"


def test_roles_of_plugins_are_known_when_given(sqlite_ledger: Ledger) -> None:
    rental = {"code": "4200", "name": "Rentals", "type": "income", "roles": ["rental_income"]}
    with sqlite_ledger.unit() as unit:
        with pytest.raises(Refused):
            put_accounts(unit, [rental])
        put_accounts(unit, [rental], extra_roles={"rental_income"})
        assert AccountBook.load(unit).account("4200").roles == ("rental_income",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"code": "6000", "type": "asset"}, "ACCOUNT_TYPE_FIXED"),
        ({"code": "1010", "roles": ["delivered_not_invoiced"]}, "CONTROL_ROLE_FIXED"),
        ({"code": "1300", "roles": []}, "CONTROL_ROLE_FIXED"),
        ({"code": "1010", "active": False}, "ACCOUNT_HAS_BALANCE"),
        ({"code": "4000", "active": False}, "ROLE_IN_USE"),
        ({"code": "4000", "roles": []}, "ROLE_IN_USE"),
    ],
)
def test_an_account_in_use_keeps_what_its_postings_rely_on(ledger: Ledger, change: dict[str, Any], problem: str) -> None:
    ledger.enter("2026-01-05", "J-1", ("6000", 500, "expense"), ("1010", -800, "bank"), ("1300", 300, "inventory"))
    with ledger.unit() as unit:
        put_mappings(unit, [{"role": "income", "level": "company", "account": "4000"}])
    with ledger.unit() as unit, pytest.raises(Refused) as refused:
        put_accounts(unit, [change])
    assert refused.value.code == problem


def test_an_account_without_balance_is_retired_and_comes_back(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        put_accounts(unit, [{"code": "1700", "active": False}])
        with pytest.raises(Refused):
            AccountBook.load(unit).account("1700")
        put_accounts(unit, [{"code": "1700", "name": "Machines"}])
        assert not AccountBook.load(unit).is_active(AccountBook.load(unit).by_id(ledger_id(unit, "1700")))
        put_accounts(unit, [{"code": "1700", "active": True}])
        assert AccountBook.load(unit).account("1700").name == "Machines"


def ledger_id(unit: Any, code: str) -> int:
    account = AccountBook.load(unit).find(code)
    assert account is not None
    return account.id


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_are_set_replaced_and_removed(ledger: Ledger) -> None:
    query = AccountQuery("inventory", BOLT, None, None, None)
    rule = {"record": "mapping", "role": "inventory", "level": "category", "of": "parts", "account": "1310"}
    with ledger.unit() as unit:
        put_accounts(unit, [PARTS, PARTS | {"code": "1320"}])
        assert put_mappings(unit, [rule]) == [("inventory category parts", "created", ("account",))]
        version = unit.head.master_version
        assert put_mappings(unit, [rule]) == [("inventory category parts", "unchanged", ())]
        assert unit.head.master_version == version
        assert AccountBook.load(unit).resolve(query).code == "1310"
        assert [each.action for each in put_mappings(unit, [rule | {"account": "1320"}])] == ["updated"]
        assert AccountBook.load(unit).resolve(query).code == "1320"
        assert [each.action for each in put_mappings(unit, [rule | {"account": None}])] == ["removed"]
        assert AccountBook.load(unit).resolve(query).code == "1300"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"colour": "red"}, ("UNKNOWN_KEY", "colour")),
        ({"role": "inventry"}, ("UNKNOWN_ROLE", "role")),
        ({"level": "sku"}, ("BAD_VALUE", "level")),
        ({"level": "company"}, ("BAD_VALUE", "of")),
        ({"of": None}, ("BAD_VALUE", "of")),
        ({"account": "1301"}, ("UNKNOWN_ACCOUNT", "account")),
        ({"account": "1360"}, ("ROLE_NOT_ALLOWED", "account")),
        ({"account": "1010"}, ("ROLE_NOT_ALLOWED", "account")),
        ({"role": "cogs"}, ("ROLE_NOT_ALLOWED", "account")),
        ({"role": "expense", "account": "6100"}, ("ROLE_NOT_ALLOWED", "account")),
        ({"level": "item", "of": "NUT"}, ("UNKNOWN_ITEM", "of")),
        ({"level": "item_type", "of": "stok"}, ("UNKNOWN_ITEM_TYPE", "of")),
        ({"level": "location", "of": "NOWHERE", "role": "cogs", "account": "5000"}, ("UNKNOWN_LOCATION", "of")),
        ({"level": "party", "of": "NOBODY", "role": "cogs", "account": "5000"}, ("UNKNOWN_PARTY", "of")),
        ({"level": "party", "of": "ACME"}, ("PARTY_INVENTORY", "level")),
        ({"level": "location", "of": "MAIN"}, ("LOCATION_INVENTORY", "level")),
    ],
)
def test_a_wrong_rule_is_refused(sqlite_ledger: Ledger, change: dict[str, Any], problem: tuple[str, str]) -> None:
    sqlite_ledger.insert(tables.location, location_id=901, code="MAIN", name="Main", active=1)
    sqlite_ledger.insert(tables.party, party_id=902, code="ACME", name="Acme", kinds="[]", active=1)
    rule = {"record": "mapping", "role": "inventory", "level": "category", "of": "parts", "account": "1300"}
    with sqlite_ledger.unit() as unit:
        with pytest.raises(Refused) as refused:
            put_mappings(unit, [rule | change], item_types={"stock", "kit"})
        assert codes_of(refused) == [problem]


def test_a_hint_shows_the_record_that_would_allow_the_rule(sqlite_ledger: Ledger) -> None:
    with sqlite_ledger.unit() as unit:
        with pytest.raises(Refused) as refused:
            put_mappings(unit, [{"role": "expense", "level": "company", "account": "6100"}])
        assert '{"record":"account","code":"6100","roles":["expense"]}' in refused.value.hint
        put_accounts(unit, [{"record": "account", "code": "6100", "roles": ["expense"]}])
        put_mappings(unit, [{"role": "expense", "level": "company", "account": "6100"}])
