"""Listings as HTML: whole pages that parse, hold everything as text, and load nothing."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from tests.cli.conftest import Run, jsonl

VOID = {"meta"}


class _Reading(HTMLParser):
    """A parser that collects a page's tags in order and its cells, and checks that every tag is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data))


def _read(page: str) -> _Reading:
    reading = _Reading()
    reading.feed(page)
    assert page.startswith("<!doctype html>")
    assert reading.open == []
    return reading


def test_a_listing_is_a_page(shop: Run) -> None:
    page = _read(shop("items", "list", "-f", "html").stdout)
    assert ("h1", "Items list") in page.texts
    assert ("p", "List items with price, cost, and the quantity on hand and available.") in page.texts
    assert [text for tag, text in page.texts if tag == "th"][:3] == ["SKU", "Type", "Name"]
    scopes = [attributes["scope"] for tag, attributes in page.tags if tag == "th"]
    assert scopes[0] == "col"
    assert scopes.count("row") == sum(tag == "tr" for tag, _ in page.tags) - 1
    assert not {"script", "img", "link", "a"} & {tag for tag, _ in page.tags}


def test_names_are_text(shop: Run) -> None:
    name = "<script>alert(1)</script> & \"quoted\" 'name'"
    assert shop("load", "-", input=jsonl({"record": "item", "type": "stock", "sku": "EVIL", "name": name})).exit_code == 0
    page = _read(shop("items", "list", "-f", "html").stdout)
    assert "script" not in {tag for tag, _ in page.tags}
    assert ("td", name) in page.texts


def test_a_file_named_html_is_one(shop: Run) -> None:
    shop("gl", "profit-loss", "-o", "result.html")
    page = _read(Path("result.html").read_text("utf-8"))
    assert ("tr", {"class": "total"}) in page.tags
    assert ("th", "Total") not in page.texts
    assert any(attributes.get("class") == "number" for tag, attributes in page.tags if tag == "td")


def test_an_object_is_terms_and_tables(shop: Run) -> None:
    page = _read(shop("docs", "show", "I-1", "-f", "html").stdout)
    assert ("dt", "Number") in page.texts
    assert ("dd", "I-1") in page.texts
    assert ("caption", "Lines") in page.texts
    nothing = _read(shop("docs", "list", "--at", "2000-01-01", "-f", "html").stdout)
    assert any("nothing to show" in text for tag, text in nothing.texts if tag == "p")
