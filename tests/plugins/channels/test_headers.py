"""The whole headers of the files that the presets are for: each is recognised, and no preset names a column that it lacks.

`headers.csv` has a line for each report: channel, report, columns. WooCommerce has no order file of its own; its preset is for the
one of a widespread plugin.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wares import Channel, Table
from wares_channels.presets import CHANNELS
from wares_seller.facts import Options
from wares_seller.reading import Reading, fit

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
        assert Reading(table, BY_KEY[channel], Options()).report.key == report
    best = max(CHANNELS, key=lambda each: fit(each, columns))
    assert best.key == channel


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel.key != "woocommerce"], ids=lambda each: each.key)
def test_no_column_is_guessed(channel: Channel) -> None:
    for report in channel.reports:
        (known,) = [{column.casefold() for column in each[2:]} for each in HEADERS if each[:2] == [channel.key, report.key]]
        named = {column for columns in report.columns.values() for column in columns}
        assert {column for column in named if column.casefold() not in known} <= {name for key, name in LOCAL if key == channel.key}
