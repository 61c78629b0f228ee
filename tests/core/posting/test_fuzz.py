"""Records that nobody would write: whatever comes, it is recorded or refused with a code, and a refusal leaves nothing behind."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import dump, sound
from tests.conftest import make_company
from tests.core.posting.shop import JANUARY, furnish
from wares import Books, PluginError, Posted, Refused, hookimpl
from wares.plugin_manager.loader import load_plugins

RECORDS: tuple[dict[str, Any], ...] = (
    {"type": "bill", "party": "ACME", "lines": [
        {"item": "BOLT", "quantity": "3", "unit_cost": "7"}, {"item": "FREIGHT", "amount": "5"}]},
    {"type": "receipt", "party": "ACME", "lines": [{"item": "BOLT", "quantity": 3}]},
    {"type": "bill", "party": "OTHER", "lines": [{"from": "R-1#1", "quantity": "1", "unit_cost": "13"}]},
    {"type": "invoice", "party": "JANE", "goods": "now", "lines": [
        {"item": "TUNE-UP", "quantity": 1}, {"item": "TENOFF"}, {"item": "SUB"}]},
    {"type": "invoice", "party": "OTHER", "lines": [{"from": "D-1", "unit_price": "9"}]},
    {"type": "invoice", "party": "JANE", "lines": [{"item": "STARTER", "quantity": 1}, {"description": "x", "amount": "1.00"}]},
    {"type": "cash_sale", "account": "1010", "lines": [{"item": "BOLT", "quantity": "0.5", "unit": "dozen", "unit_factor": "12"}]},
    {"type": "credit_note", "party": "JANE", "lines": [{"from": "I-1#1", "quantity": 1, "restock": True}]},
    {"type": "supplier_credit", "party": "ACME", "lines": [{"from": "B-1#2", "quantity": 1, "unit_cost": "29"}]},
    {"type": "delivery", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 1}]},
    {"type": "adjustment", "lines": [{"item": "SPOKE", "quantity": "-1", "account": "5900"}]},
    {"type": "count", "lines": [{"item": "SPOKE", "counted": "20"}]},
    {"type": "transfer", "to_location": "SHOP", "lines": [{"item": "BOLT", "quantity": 1}]},
    {"type": "build", "lines": [
        {"item": "WHEEL", "quantity": 1, "scrapped": "0", "components": [{"sku": "RIM", "quantity": "1"}]}]},
    {"type": "unbuild", "lines": [{"item": "WHEEL", "quantity": 1, "from": "M-1"}]},
    {"type": "payment", "party": "JANE", "direction": "in", "account": "1010", "amount": "1", "apply_to": [
        {"number": "I-2", "amount": "1"}]},
    {"type": "journal", "postings": [{"account": "6100", "debit": "2.00", "memo": "x"}, {"account": "1010", "credit": "2.00"}]},
    {"type": "opening_balance", "lines": [{"item": "BOLT", "quantity": 1, "amount": "8"}], "open_items": [
        {"type": "bill", "number": "OLD-1", "party": "ACME", "date": "2025-12-01", "amount": "4.00"}]},
    {"type": "invoice", "revises": "I-2", "party": "JANE", "lines": [{"item": "HOUR"}]},
    {"type": "invoice", "pending": True, "party": "JANE", "key": "k-1", "lines": [{"item": "HOUR"}]},
)  # fmt: skip
NAMES = """
    BOLT TEE WHEEL TUNE-UP TENOFF SUB JANE ACME OTHER MAIN SHOP 1010 1300 I-1#1 I-1 D-1#1 M-1 B-1#9 R-1 now later none invoice in
    1e5 NaN -1 0 0.0000001 99999999999 2026-01-20 2026-13-01 #
"""
WORDS = (*NAMES.split(), "", " ", "\0", "\ud800", "é", "x" * 300)
KEY_NAMES = """
    item quantity unit_price unit_cost amount discount unit unit_factor location from restock components variants attributes lot
    account memo description counted scrapped by_products cost_method goods date due number reference currency rate party lines
    postings apply_to open_items direction to_location key revises pending sku tax drop_ship special_order debit credit type record
    colour
"""
KEYS = KEY_NAMES.split()

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 100), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=8),
    st.decimals(allow_nan=True), st.dates(), st.binary(max_size=3), st.just(Decimal("0.5")),
)  # fmt: skip


anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.integers() | st.none() | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a record."""
    if isinstance(value, dict):
        return [path, *(place for key, each in value.items() for place in places(each, (*path, key)))]
    if isinstance(value, list):
        return [path, *(place for index, each in enumerate(value) for place in places(each, (*path, index)))]
    return [path]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    record: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(RECORDS)))
    record.setdefault("date", JANUARY)
    for _ in range(draw(st.integers(0, 3))):
        found = [place for place in places(record) if place and place != ("type",)]
        if not found:
            break
        path = draw(st.sampled_from(found))
        holder: Any = record
        for step in path[:-1]:
            holder = holder[step]
        what = draw(st.sampled_from(["replace", "replace", "delete", "add", "repeat"]))
        if what == "replace":
            holder[path[-1]] = draw(anything)
        elif what == "delete":
            del holder[path[-1]]
        elif isinstance(holder, list):
            holder.append(draw(anything) if what == "add" else copy.deepcopy(holder[path[-1]]))
        else:
            holder[draw(st.sampled_from(KEYS))] = draw(anything)
        if not isinstance(record.get("type"), str):
            break
    return record


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop(request: pytest.FixtureRequest) -> Books:
    database = request.getfixturevalue(f"{request.param}_database")
    return furnished(Books(engine=database, company=make_company(database)))


def furnished(books: Books) -> Books:
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    furnish(books)
    return books


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=st.lists(mutated(), min_size=1, max_size=3))
def test_recorded_or_refused(shop: Books, records: list[dict[str, Any]]) -> None:
    before = dump(shop)
    try:
        shop.post_many(records)
    except Refused as refusal:
        told = [str(issue) for issue in refusal.issues]
    else:
        return
    assert dump(shop) == before
    assert not [each for each in told if "\n" in each]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=st.lists(mutated(), min_size=2, max_size=8))
def test_refused_documents_of_a_batch_leave_no_trace(shop: Books, records: list[dict[str, Any]]) -> None:
    """Those that are good are recorded as if the others had never been there; verify finds nothing."""
    results = shop.post_many(records, atomic=False)
    assert len(results) == len(records)
    assert sound(shop)


def test_a_document_that_is_refused_halfway_leaves_the_pools_alone(books: Books) -> None:
    """The first lines are costed before the last finds no cost; what comes after is costed as if it had not been."""
    furnished(books)
    halfway = {"type": "adjustment", "date": JANUARY, "lines": [
        {"item": "BOLT", "quantity": "-30"}, {"item": "SPOKE", "quantity": "-3"}, {"item": "BARE", "quantity": "1"}]}  # fmt: skip
    sale = {"type": "cash_sale", "date": JANUARY, "lines": [{"item": "BOLT", "quantity": "60"}]}
    bought = {"type": "bill", "date": JANUARY, "party": "ACME", "lines": [{"item": "BOLT", "quantity": "10", "unit_cost": "19"}]}
    results = books.post_many([halfway, bought, halfway, sale, halfway], atomic=False)
    assert [isinstance(result, Refused) for result in results] == [True, False, True, False, True]
    assert {result.code for result in results if isinstance(result, Refused)} == {"NO_COST"}
    assert isinstance(results[3], Posted)
    assert results[3].cogs == Decimal("546.00")  # 90 at 8 and 10 at 19: 9.10 each
    assert sound(books)


class Moody:
    """Raises in a hook when a document says so."""

    @hookimpl
    def wares_before_post(self, document: Any, ctx: Any) -> None:
        if ctx.header.memo == "raise":
            raise RuntimeError("out of order")


def test_a_plugin_that_raises_in_the_middle_of_a_batch(books: Books) -> None:
    furnished(books)
    moody = Books(engine=books.engine, company=books.company, plugins=load_plugins(extra=[Moody()]))
    sale = {"type": "cash_sale", "date": JANUARY, "lines": [{"item": "BOLT", "quantity": "1"}]}
    before = dump(books)
    with pytest.raises(PluginError) as error:
        moody.post_many([sale, {**sale, "memo": "raise"}, sale], atomic=False)
    assert (error.value.code, error.value.plugin) == ("PLUGIN_RAISED", "moody")
    assert dump(books) == before
    posted = [result for result in moody.post_many([sale] * 2) if isinstance(result, Posted)]
    assert [each.number for each in posted] == ["CS-00001", "CS-00002"]


def test_a_refused_revision_in_a_batch_keeps_what_it_revises(books: Books) -> None:
    furnished(books)
    wrong = {"type": "invoice", "revises": "I-2", "date": JANUARY, "party": "JANE", "lines": [{"item": "NOTHING"}]}
    right = {"type": "invoice", "revises": "I-2", "date": JANUARY, "party": "JANE", "lines": [{"item": "HOUR", "quantity": 3}]}
    sale = {"type": "cash_sale", "date": JANUARY, "lines": [{"item": "BOLT", "quantity": "1"}]}
    results = books.post_many([sale, wrong, sale, right, sale], atomic=False)
    assert [isinstance(result, Refused) for result in results] == [False, True, False, False, False]
    assert (books.docs.show("I-2")["revision"], str(books.docs.show("I-2")["total"])) == (2, "150.00")


def test_what_is_not_even_a_record(books: Books) -> None:
    records: list[Any] = [None, 5, "bill", ["bill"]]
    results = books.post_many(records, atomic=False)
    assert [result.code for result in results if isinstance(result, Refused)] == ["BAD_RECORD"] * 4
