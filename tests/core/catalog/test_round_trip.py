"""Whatever an item record says is what is stored, and saying it again changes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.catalog.conftest import Shop
from wares.catalog.listing import show_item


@pytest.fixture
def shop(new_shop: Any, sqlite_books: Any) -> Shop:
    found: Shop = new_shop(sqlite_books)
    found.put({"sku": "part A", "type": "stock"}, {"sku": "part B", "type": "stock"})
    return found


printable = st.characters(exclude_categories=("C", "Z"))
codes = st.text(printable, min_size=1, max_size=30)
numbers = st.integers(0, 10**12).map(lambda whole: f"{Decimal(whole).scaleb(-6):f}")
more = st.integers(1, 10**12).map(lambda whole: f"{Decimal(whole).scaleb(-6):f}")
components = st.lists(
    st.fixed_dictionaries({"sku": st.sampled_from(["part A", "part B"]), "quantity": more}, optional={"price": numbers}),
    max_size=4,
)
items = st.fixed_dictionaries(
    {"sku": codes, "type": st.just("assembly"), "components": components},
    optional={
        "name": codes,
        "unit": codes,
        "price": st.none() | numbers,
        "cost": st.none() | numbers,
        "category": st.none() | codes,
        "barcode": st.none() | codes,
        "weight": st.none() | numbers,
        "volume": st.none() | numbers,
        "makes": more,
        "cost_method": st.sampled_from(["average", "fifo", "standard"]),
        "accounts": st.dictionaries(st.sampled_from(["inventory"]), st.sampled_from(["1300", "1310"]), min_size=1),
    },
)


def comparable(value: Any) -> Any:
    """Numbers by their value, whatever their trailing zeros."""
    if isinstance(value, list):
        return [comparable(each) for each in value]
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    try:
        return Decimal(value)
    except Exception:
        return value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items, items)
def test_what_is_put_is_shown(shop: Shop, record: dict[str, Any], later: dict[str, Any]) -> None:
    shop.put(record)
    with shop.reading() as masters:
        shown = show_item(masters, record["sku"])
    assert {key: comparable(shown[key]) for key in record} == {key: comparable(value) for key, value in record.items()}
    assert shop.put(record)[0][1] == "unchanged"
    shop.put({**later, "sku": record["sku"]})
    shop.put(record)
    with shop.reading() as masters:
        again = show_item(masters, record["sku"])
    assert {key: again[key] for key in record} == {key: shown[key] for key in record}
