"""Searching products as one types: what comes first, what a slip of the finger finds, and that a large catalogue is searched like a
small one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wares_tracking.search import BEGINS, EXACT, LIKE, SearchIndex

SHELF = {
    "USB-2M": "USB cable 2m", "USB-5M": "USB cable 5m", "HDMI-2M": "HDMI cable 2m", "MUG": "Blue mug", "MUG-L": "Blue mug, large",
    "LAMP": "Vintage desk lamp",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("MUG", ["MUG", "MUG-L"]),
        ("mug", ["MUG", "MUG-L"]),
        ("usb c", ["USB-2M", "USB-5M"]),
        ("USB-", ["USB-2M", "USB-5M"]),
        ("usb cabel 2m", ["USB-2M"]),
        ("lamp vintge", ["LAMP"]),
        ("large mug", ["MUG-L"]),
        ("", []),
        ("zzz", []),
        ("?", []),
    ],
)
def test_what_comes_first(typed: str, first: list[str]) -> None:
    """Whether it is the first search, which looks at every product, or one in the index."""
    index = SearchIndex(SHELF)
    for found in (index.search(typed, limit=5), index.search(typed, limit=5)):
        assert [sku for sku, _ in found][: len(first)] == first
        assert bool(found) == bool(first)


def test_scores_tell_how_it_was_found() -> None:
    assert SearchIndex(SHELF).search("MUG", limit=2) == [("MUG", EXACT), ("MUG-L", BEGINS)]
    assert all(LIKE <= score <= EXACT for _, score in SearchIndex(SHELF).search("hdmi cabel", limit=5))
    assert SearchIndex({}).search("mug", limit=5) == []


def test_a_slip_is_found_among_many() -> None:
    """Words that every product has tell nothing, and cost nothing."""
    many = {f"SKU-{number:05d}": f"Article of the house {number}" for number in range(3_000)}
    index = SearchIndex({**many, "TEA": "Article of the house: a teapot"})
    for _ in range(2):
        assert index.search("article of the house: a taepot", limit=5)[0][0] == "TEA"


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=20), max_size=12), st.text(max_size=12))
def test_whatever_is_typed(names: dict[str, str], typed: str) -> None:
    """Never more than asked for, each once, best first; a SKU typed in full comes first."""
    index = SearchIndex(names)
    for found in (index.search(typed, limit=3), index.search(typed, limit=3)):
        assert len(found) == len(dict(found)) <= 3
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert typed not in names or found[0] == (typed, EXACT)
