"""Which account holds a role: the most specific rule wins, and a missing one says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.ledger.journaling import Ledger
from wares.errors import Refused
from wares.ledger import accounts
from wares.ledger.accounts import AccountBook, control_role
from wares.ledger.records import put_accounts
from wares.ledger.rules import put_mappings
from wares.model import Account, AccountQuery, Item, Location, Party
from wares.storage import tables

MAIN = Location(1, "MAIN", "Main store")
JANE = Party(2, "JANE", "Jane", ("customer",))
BOLT = Item(id=7, type="stock", sku="BOLT", name="Bolt", category="parts")
ACCOUNTS = [(Account(index, str(1300 + index), f"Inventory {index}", "asset", ("inventory",)), True) for index in range(8)]
LEVELS = [("item", "BOLT"), ("category", "parts"), ("item_type", "stock"), ("location", "MAIN"), ("party", "JANE")]
LEVELS += [("company", "")]


def query(role: str = "inventory", **changes: Any) -> AccountQuery:
    return AccountQuery(role, BOLT, None, MAIN, JANE)._replace(**changes)


@pytest.mark.parametrize("most_specific", range(6))
def test_the_most_specific_rule_wins(most_specific: int) -> None:
    rules = [("inventory", level, of, 2 + place) for place, (level, of) in enumerate(LEVELS)]
    book = AccountBook(ACCOUNTS, rules[most_specific:])
    assert book.resolve(query()).id == 2 + most_specific
    assert book.resolve(query()).id == 2 + most_specific, "and again from the cache"
    won = [step for step in book.why(query()) if step.won]
    assert [(step.level, step.of) for step in won] == [LEVELS[most_specific]]


def test_the_first_account_of_a_role_is_the_company_default() -> None:
    book = AccountBook(ACCOUNTS)
    assert book.resolve(query()).code == "1300"
    assert [step.level for step in book.why(query())] == [level for level, _ in LEVELS] + ["default"]
    assert [step.level for step in book.why(query(item=None, location=None, party=None))] == ["company", "default"]


def test_a_retired_account_is_no_default() -> None:
    book = AccountBook([(ACCOUNTS[0][0], False), *ACCOUNTS[1:]])
    assert book.resolve(query()).code == "1301"


def test_rules_of_other_roles_and_items_do_not_matter() -> None:
    rules = [("cogs", "item", "BOLT", 3), ("inventory", "item", "NUT", 4), ("inventory", "category", "", 5)]
    book = AccountBook(ACCOUNTS, rules)
    assert book.resolve(query()).code == "1300"
    assert book.resolve(query(item=Item(id=8, type="stock", sku="NUT", name="Nut"))).code == "1304"


def test_a_missing_account_says_what_sets_it() -> None:
    with pytest.raises(Refused) as refused:
        AccountBook(ACCOUNTS).resolve(query("fx_gain_loss"))
    assert refused.value.code == "NO_ACCOUNT"
    assert "fx_gain_loss" in refused.value.message
    assert '"record":"account"' in refused.value.hint
    assert "wares gl map fx_gain_loss" in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("130", "did you mean 1300"), ("Inventory 4", "did you mean 1304"), ("zzz", "wares gl accounts lists them")],
)
def test_an_unknown_account_suggests_a_near_one(typed: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        AccountBook(ACCOUNTS).account(typed, "lines[0].account")
    assert (refused.value.code, refused.value.where) == ("UNKNOWN_ACCOUNT", "lines[0].account")
    assert hint in refused.value.hint


def test_a_retired_account_is_refused_and_still_read_by_id() -> None:
    book = AccountBook([(ACCOUNTS[0][0], False)])
    with pytest.raises(Refused) as refused:
        book.account("1300")
    assert refused.value.code == "ACCOUNT_RETIRED"
    assert book.by_id(0).code == "1300"
    assert book.find("1300") is not None


def test_control_roles() -> None:
    assert control_role(ACCOUNTS[0][0]) == "inventory"
    assert control_role(Account(1, "1010", "Bank", "asset", ("bank",))) is None


def test_the_book_is_kept_while_the_masters_stay(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        book = AccountBook.load(unit)
        assert book.account("1300").roles == ("inventory",)
        put_accounts(unit, [{"record": "account", "code": "1310", "name": "Parts", "type": "asset", "roles": []}])
        with pytest.raises(Refused):
            book.account("1310")
        assert book.fresh(unit).account("1310").name == "Parts"
    with ledger.reader() as reader:
        book = AccountBook.load(reader)
    with ledger.reader() as reader:
        kept = book.fresh(reader)
        assert kept.resolve(query()) is book.resolve(query())


def test_with_very_many_item_rules_they_are_read_as_needed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ITEM_RULES_AT_ONCE", 1)
    with ledger.unit() as unit:
        put_accounts(unit, [{"code": f"400{n}", "name": "Sales", "type": "income", "roles": ["income"]} for n in (1, 2, 3)])
    for place, sku in enumerate(("BOLT", "NUT", "CAP"), 1):
        ledger.insert(tables.item, item_id=1000 + place, type="stock", sku=sku, name=sku, attributes="{}")
        with ledger.unit() as unit:
            put_mappings(unit, [{"role": "income", "level": "item", "of": sku, "account": f"400{place}"}])
    items = [Item(id=1000 + place, type="stock", sku=sku, name=sku) for place, sku in enumerate(("BOLT", "NUT", "CAP"), 1)]
    with ledger.reader() as reader:
        book = AccountBook.load(reader)
        book.need_items(items[:2])
        found = [book.resolve(AccountQuery("income", item, None, None, None)).code for item in items]
    assert found == ["4001", "4002", "4003"], "the third was read when it was looked up"
