"""The whole headers of the files that the presets are for: each is recognised, and no preset names a column that it lacks.

`headers.csv` has a line for each report: channel, report, columns. WooCommerce has no order file of its own; its preset is for the
one of a widespread plugin.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from wares import Channel, Table
from wares_channels.file_reading import ChannelFile
from wares_channels.layout import fit
from wares_channels.presets import CHANNELS
from wares_channels.transaction import ReadingOptions

HEADERS = list(csv.reader(Path(__file__).with_name("headers.csv").read_text().splitlines()))
BY_KEY = {channel.key: channel for channel in CHANNELS}
LOCAL = {("ebay", "Postage And Packaging")}
"""Columns of the same files in another country."""


@pytest.mark.parametrize(("channel", "report", "columns"), [(each[0], each[1], each[2:]) for each in HEADERS])
def test_a_whole_header(channel: str, report: str, columns: list[str], tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerow(columns)
    with Table(file) as table:
        assert ChannelFile(table, BY_KEY[channel], ReadingOptions()).report.key == report
    best = max(CHANNELS, key=lambda each: fit(each, columns))
    assert best.key == channel


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel.key != "woocommerce"], ids=lambda each: each.key)
def test_no_column_is_guessed(channel: Channel) -> None:
    for report in channel.reports:
        (known,) = [{column.casefold() for column in each[2:]} for each in HEADERS if each[:2] == [channel.key, report.key]]
        named = {column for columns in report.columns.values() for column in columns}
        assert {column for column in named if column.casefold() not in known} <= {name for key, name in LOCAL if key == channel.key}


MONEY = re.compile(
    r"\b(amount|price|totals?|tax|taxes|vat|fees?|discounts?|shipping|value|sales|cost|tip|cash|card|net|credits|rebates|refunded"
    r"|refunds?|duties|balance|commission|tender|other|handling|collected)\b",
    re.IGNORECASE,
)
NO_MONEY = re.compile(
    r".*(name|method|type|date|city|address\d?|state|country|zip|zipcode|phone|street|company|province|service|level|entry methods"
    r"|suffix|brand|note|code|description|designation|model|requires shipping|taxable|channel|id|reason|program)"
    r"|ship-.*|sales record number|tax details|price point name",
    re.IGNORECASE,
)
"""Columns with such a word that hold none."""
PAGE = Path(__file__).parents[3] / "docs" / "channels.md"


def not_read() -> set[tuple[str, str, str]]:
    """(channel, report, column) of the page's table."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines() if line.count("|") == 5]
    return {(row[0].casefold(), row[1], column.strip().casefold()) for row in rows for column in row[2].split(",")}


@pytest.mark.parametrize(("channel", "report", "columns"), [(each[0], each[1], each[2:]) for each in HEADERS])
def test_money_that_is_not_read_is_accounted_for(channel: str, report: str, columns: list[str]) -> None:
    """Each column of money is read, or the page says why it is not; and the page names none that is read, or is not there."""
    (of,) = [each for each in BY_KEY[channel].reports if each.key == report]
    read = {column.casefold() for names in of.columns.values() for column in names}
    said = {column for key, name, column in not_read() if (key, name) == (channel, report)}
    money = {column.casefold() for column in columns if MONEY.search(column) and not NO_MONEY.fullmatch(column)}
    assert money - read - said == set()
    assert said & read == set()
    assert said <= {column.casefold() for column in columns}
