"""Broken reports and channels: each law catches its fault and names the object."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wares import Attributes, Books, BooksView, Channel, ChannelReport, Report, hookimpl
from wares.plugin_manager.loader import load_plugins
from wares.testing import LawBroken
from wares.testing.laws import channels, reports
from wares.testing.laws.subject import ChannelCase, ReportCase

ticks = itertools.count(1)
ITEM = {"type": "service", "sku": "HOUR", "price": "60"}


class Skus(Report):
    """A correct report: every item by its SKU."""

    key, title, columns = "odd_report", "Odd", ("sku",)

    class Parameters(Attributes):
        prefix: str = ""

    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        return [{"sku": row["sku"]} for row in books.items.list() if row["sku"].startswith(parameters.prefix)]


class Empty(Skus):
    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        return []


class Moody(Skus):
    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        return [{"sku": f"seen {next(ticks)} times"}]


class Inexact(Skus):
    class Parameters(Attributes):
        prefix: str = ""
        least: float | None = None


class Gullible(Skus):
    class Parameters(Attributes):
        prefix: str = ""
        at: str = "2026-01-01"

    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        year = int(parameters.at.split("-")[0])
        return [{**row, "year": year} for row in super().rows(books, parameters)]


class NeedsSomething(Skus):
    def rows(self, books: BooksView, parameters: Any) -> Iterable[Mapping[str, Any]]:
        first = next(iter(super().rows(books, parameters)), {})
        return [{"sku": first["sku"]}]


class Forgiving(Skus):
    class Parameters(Attributes):
        prefix: str = ""
        xqzv: int = 0


def report_case(report: Report) -> ReportCase:
    class Plugin:
        @hookimpl
        def wares_reports(self) -> list[Report]:
            return [report]

    return ReportCase(plugin=Plugin(), needs=[ITEM], key=report.key)


@pytest.mark.parametrize(
    ("report", "law"),
    [
        (Empty(), reports.example_is_shown),
        (Moody(), reports.reading_is_pure),
        (Inexact(), reports.parameters_have_no_float),
        (Gullible(), lambda case: reports.any_text_is_read_or_refused(case, "January")),
        (NeedsSomething(), reports.empty_books_are_shown),
        (Forgiving(), reports.unknown_parameters_are_refused),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Report) else "",
)
def test_a_broken_report_is_caught(report: Report, law: Callable[..., None]) -> None:
    case = report_case(report)
    with pytest.raises(LawBroken, match="odd_report"):
        law(case)
    case.close()


def test_a_correct_report_passes() -> None:
    case = report_case(Skus())
    for law in (reports.example_is_shown, reports.reading_is_pure, reports.parameters_have_no_float, reports.empty_books_are_shown,
                reports.unknown_parameters_are_refused, lambda case: reports.any_text_is_read_or_refused(case, "HO")):  # fmt: skip
        law(case)
    case.close()


# --- channels ---

ORDERS = ChannelReport(
    key="orders",
    columns={"order": ("Odd order",), "date": ("Sold on",), "title": ("Article",), "quantity": ("Pieces",), "unit_price": ("Each",),
             "shipping": ("Postage",)},
    needs=frozenset({"order", "title", "quantity", "unit_price"}),
    per_order=frozenset({"shipping"}),
)  # fmt: skip
FILE = """\
Odd order,Sold on,Article,Pieces,Each,Postage
1,2026-02-01,Blue mug,2,15.00,5.00
1,2026-02-01,Red cup,1,8.00,5.00
"""
RIGHT = Channel(key="odd_channel", title="Odd", reports=(ORDERS,), examples={"orders": FILE})


def channel_case(channel: Channel) -> ChannelCase:
    class Plugin:
        @hookimpl
        def wares_channels(self) -> list[Channel]:
            return [channel]

    return ChannelCase(plugin=Plugin(), key=channel.key, examples=channel.examples)


def with_orders(**changes: Any) -> Channel:
    return replace(RIGHT, reports=(replace(ORDERS, **changes),))


def with_file(text: str) -> Channel:
    return replace(RIGHT, examples={"orders": text})


SECOND = replace(ORDERS, key="again")
WITHOUT_DATE = {field: names for field, names in ORDERS.columns.items() if field != "date"}
TWO_COLUMNS = FILE.replace("Postage", "Each")


@pytest.mark.parametrize(
    ("channel", "law"),
    [
        (replace(RIGHT, examples={}), channels.declaration_is_sound),
        (replace(RIGHT, examples={**RIGHT.examples, "fees": FILE}), channels.declaration_is_sound),
        (
            replace(RIGHT, reports=(ORDERS, SECOND), examples={"orders": FILE, "again": FILE}),
            channels.files_are_found_by_their_columns,
        ),
        (with_file(FILE.replace("Odd order", "Order ID")), channels.files_are_found_by_their_columns),
        (with_orders(dates="%d.%m.%Y"), channels.every_row_is_read),
        (with_orders(columns=WITHOUT_DATE), channels.every_row_is_read),
        (with_orders(skip={"title": ("blue mug", "red cup")}), channels.every_row_is_read),
        (with_file(TWO_COLUMNS), channels.order_of_columns_does_not_matter),
    ],
)
def test_a_broken_channel_is_caught(channel: Channel, law: Callable[..., None]) -> None:
    case = channel_case(channel)
    with pytest.raises(LawBroken, match="odd_channel"):
        law(case)
    case.close()


def test_a_correct_channel_passes() -> None:
    case = channel_case(RIGHT)
    for law in (channels.declaration_is_sound, channels.files_are_found_by_their_columns, channels.every_row_is_read,
                channels.again_it_changes_nothing, channels.preview_writes_nothing, channels.order_of_columns_does_not_matter,
                channels.broken_rows_are_rejected_alone, channels.books_go_on_without):  # fmt: skip
        law(case)
    case.close()


@pytest.mark.parametrize(
    ("channel", "problem"),
    [
        (replace(RIGHT, reports=()), "has no reports"),
        (replace(RIGHT, reports=(ORDERS, ORDERS)), "has two reports 'orders'"),
        (with_orders(columns={**ORDERS.columns, "colour": ("Colour",)}), "'colour' is no field"),
        (with_orders(columns={**ORDERS.columns, "sku": "Number"}), "the columns of 'sku' must be a tuple of names"),
        (with_orders(columns=WITHOUT_DATE, needs=frozenset({"date"})), "no column holds 'date'"),
        (with_orders(needs=frozenset()), "every file would be taken for it"),
        (with_orders(skip={"title": ("Sample",)}), "'Sample' must be in lower case"),
        (with_orders(kinds=(("fee", "cost"),)), "'cost' is no kind"),
        (with_orders(tax="mine"), "tax is 'mine'"),
    ],
)
def test_a_wrong_declaration_is_refused_at_load(channel: Channel, problem: str) -> None:
    class Plugin:
        @hookimpl
        def wares_channels(self) -> list[Channel]:
            return [channel]

    record = load_plugins(extra=[Plugin()]).record("plugin")
    assert record is not None
    assert record.status == "blocked"
    assert record.cause is not None
    assert problem in record.cause.message


def test_a_broken_importer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The laws also catch an importer that imports a file twice, writes in a preview, or ignores unreadable rows."""

    def forgetful(books: Books, path: Any, *, channel: str | None = None, dry_run: bool = False) -> Any:
        books.post("journal", date="2026-01-05", postings=[{"account": "1010", "debit": "1"}, {"account": "6100", "credit": "1"}])
        return Done()

    class Done:
        channel, report, rows, rejected, known, posted, issues = "odd_channel", "orders", 1, 0, 0, {"sale": Decimal(1)}, ()

    monkeypatch.setattr("wares.testing.importing._importer", lambda: forgetful)
    for law in (channels.again_it_changes_nothing, channels.preview_writes_nothing, channels.broken_rows_are_rejected_alone):
        case = channel_case(RIGHT)
        with pytest.raises(LawBroken, match="odd_channel"):
            law(case)
        case.close()
