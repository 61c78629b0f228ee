"""Reports of plugins: on the command line, in the facade, and when they go wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from click.testing import CliRunner, Result
from pydantic import Field
from sqlalchemy.orm import Session

from tests.books import refused
from wares import Attributes, Books, BooksView, PluginError, Refused, Report, hookimpl
from wares.plugin_manager.loader import Plugins, load_plugins
from wares.testing import company, post


class BalancesParameters(Attributes):
    at: date | None = Field(None, description="As of the end of this day.")
    least: Decimal = Decimal(0)
    side: Literal["debit", "credit"]
    with_roles: bool = False


class Balances(Report):
    """Every account with something in it, on one side."""

    key, title, columns = "balances", "Balances", ("account", "balance")
    summary = "Accounts with a balance."
    Parameters = BalancesParameters

    def rows(self, books: BooksView, parameters: BalancesParameters) -> Iterator[Mapping[str, Any]]:
        """In the order of the chart."""
        sign = 1 if parameters.side == "debit" else -1
        for row in books.gl.trial_balance(at=parameters.at.isoformat() if parameters.at else None):
            if sign * row["balance"] > parameters.least:
                roles = {"type": row["type"]} if parameters.with_roles else {}
                yield {**roles, "balance": row["balance"], "account": row["account"]}


class Brings:
    """A plugin with these reports."""

    __name__ = "brings"

    def __init__(self, *reports: Report) -> None:
        self.reports = reports

    @hookimpl
    def wares_reports(self) -> Iterable[Report]:
        return self.reports


def loaded(*reports: Report) -> Plugins:
    return load_plugins(extra=[Brings(*reports)], strict=True)


def rows_of(answer: Any) -> Report:
    """A report whose `rows` gives this, or does it."""

    class Odd(Report):
        key, title, columns = "odd", "Odd", ("sku",)

        def rows(self, books: BooksView, parameters: Any) -> Any:
            return answer(books) if callable(answer) else answer

    return Odd()


@pytest.fixture
def shop() -> Iterator[Books]:
    books = company(loaded(Balances()))
    books.items.add("service", sku="HOUR", price="60")
    post(books, "invoice", date="2026-01-05", lines=[{"item": "HOUR", "quantity": 2}])
    post(books, "invoice", date="2026-02-05", lines=[{"item": "HOUR", "quantity": 1}])
    yield books
    books.close()


def test_it_is_listed_with_its_plugin(shop: Books) -> None:
    (listed,) = [row for row in shop.reports.list() if row["report"] == "balances"]
    assert listed == {
        "report": "balances", "title": "Balances", "summary": "Accounts with a balance.",
        "parameters": ["at", "least", "side", "with_roles"], "columns": ["account", "balance"], "plugin": "brings",
    }  # fmt: skip


def test_its_columns_come_first_and_parameters_are_read(shop: Books) -> None:
    assert shop.reports.run("balances", side="debit") == [{"account": "1200", "balance": Decimal("180.00")}]
    assert shop.reports.run("balances", side="credit", at="2026-01-31", with_roles=True) == [
        {"account": "4000", "balance": Decimal("-120.00"), "type": "income"}
    ]
    assert shop.reports.run("balances", side="credit", least="180") == []


def test_what_it_is_asked_wrongly_is_refused_together(shop: Books) -> None:
    asked = {"at": "January", "leest": 1}
    assert refused(lambda: shop.reports.run("balances", **asked)) == [
        ("BAD_PARAMETER", "at"), ("MISSING_PARAMETER", "side"), ("UNKNOWN_PARAMETER", "leest"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="UNKNOWN_REPORT") as refusal:
        shop.reports.run("balance")
    assert refusal.value.hint == "did you mean balances?"


@pytest.mark.parametrize(
    "answer",
    [None, 5, [3], [None], [{}], [{"name": "x"}], [{"sku": 1.5}], [{"sku": object()}], [{"sku": [0.1]}], [{"sku": {1: "x"}}],
     lambda books: 1 / 0, lambda books: (row["x"] for row in [dict[str, str]()])],
)  # fmt: skip
def test_a_report_that_goes_wrong_names_its_plugin(answer: Any) -> None:
    books = company(loaded(rows_of(answer)))
    with pytest.raises(PluginError, match="plugin brings") as error:
        books.reports.run("odd")
    assert (error.value.plugin, error.value.code) == ("brings", "PLUGIN_RAISED" if callable(answer) else "PLUGIN_RETURNED")
    books.close()


def test_a_report_reads_and_does_not_write() -> None:
    def writes(books: Books) -> list[Any]:
        post(books, "journal", postings=[{"account": "1010", "debit": "1"}, {"account": "6100", "credit": "1"}])
        return []

    books = company(loaded(rows_of(writes)))
    with pytest.raises(PluginError, match="READ_ONLY: the report odd of plugin brings"):
        books.reports.run("odd")
    assert books.docs.list() == []
    post(books, "journal", postings=[{"account": "1010", "debit": "1"}, {"account": "6100", "credit": "1"}])
    books.close()


def test_it_sees_one_state_whatever_happens_meanwhile(tmp_path: Path) -> None:
    seen: list[int] = []
    url = f"sqlite:///{tmp_path / 'shop.db'}"

    def twice(books: Books) -> list[Any]:
        seen.append(len(books.parties.list()))
        with_other = Books.open(url)
        with_other.parties.add(f"P{len(seen)}")
        with_other.close()
        seen.append(len(books.parties.list()))
        return []

    books = Books.open(url, plugins=loaded(rows_of(twice)))
    books.reports.run("odd")
    books.reports.run("odd")
    assert seen == [0, 0, 1, 1]
    books.close()


def test_in_a_host_s_transaction_it_sees_what_is_not_committed(shop: Books) -> None:
    with Session(shop.engine) as session:
        books = Books(session, plugins=shop.plugins)
        post(books, "invoice", date="2026-03-05", lines=[{"item": "HOUR", "quantity": 1}])
        assert books.reports.run("balances", side="debit") == [{"account": "1200", "balance": Decimal("240.00")}]
        session.rollback()
    assert shop.reports.run("balances", side="debit") == [{"account": "1200", "balance": Decimal("180.00")}]


@pytest.mark.parametrize(
    ("thing", "wrong"),
    [
        (Balances, "the class Balances"),
        (SimpleNamespace(key="x"), "no Report"),
        (type("Listed", (Balances,), {"key": "list"})(), "a word of `wares reports` itself"),
        (type("Columns", (Balances,), {"columns": ["a"]})(), "must be a tuple of names"),
        (type("Loose", (Balances,), {"Parameters": dict})(), "must be a pydantic model"),
    ],
)
def test_what_is_no_report_is_turned_away_at_load(thing: Any, wrong: str) -> None:
    cause = load_plugins(extra=[Brings(thing)]).record("brings")
    assert cause is not None
    assert cause.cause is not None
    assert wrong in cause.cause.message


def test_two_that_claim_one_name_are_both_named() -> None:
    one, two = Brings(Balances()), Brings(Balances())
    (problem,) = load_plugins(extra=[one, two]).problems
    assert problem.code == "KEY_TAKEN"
    assert problem.message.startswith("report 'balances' is registered by brings (given by the program) and brings_2")


# --- the command line ---


@pytest.fixture
def wares(shop: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line with the plugin installed, on a file with one invoice."""
    from wares.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    plugins = shop.plugins
    monkeypatch.setattr("wares.plugin_manager.loader.load_plugins", lambda **options: plugins)
    books = Books.open("sqlite:///wares.db", plugins=plugins)
    books.parties.add("JANE")
    books.items.add("service", sku="HOUR", price="60")
    books.post("invoice", date="2026-01-05", party="JANE", lines=[{"item": "HOUR", "quantity": 2}])
    books.close()

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["--db", "wares.db", *words])

    return run


def test_every_format(wares: Any, tmp_path: Path) -> None:
    assert json.loads(wares("reports", "balances", "--side", "debit").stdout) == [{"account": "1200", "balance": "120.00"}]
    (row,) = csv.DictReader(wares("reports", "balances", "--side", "debit", "--with-roles", "-f", "csv").stdout.splitlines())
    assert row == {"account": "1200", "balance": "120.00", "type": "asset"}
    table = wares("-f", "table", "reports", "balances", "--side", "debit").stdout
    assert "Balances" in table
    assert "120.00" in table
    assert wares("reports", "balances", "--side", "debit", "-o", str(tmp_path / "x.tsv")).exit_code == 0
    assert (tmp_path / "x.tsv").read_text().splitlines() == ["account\tbalance", "1200\t120.00"]


def test_its_parameters_are_options_with_help(wares: Any) -> None:
    help = wares("reports", "balances", "--help").stdout
    for shown in ("Accounts with a balance.", "--at DATE", "As of the end of this day.", "--least", "--with-roles", "[required]"):
        assert shown in help
    assert "balances" in wares("reports", "--help").stdout
    assert "balances" in {row["report"] for row in json.loads(wares("reports", "list").stdout)}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["balances"], 2, "missing option '--side'"),
        (["balances", "--side", "left"], 1, "error: BAD_PARAMETER: side"),
        (["balances", "--side", "debit", "--att", "x"], 2, "--at"),
        (["nothing"], 2, "no such command 'nothing'"),
    ],
)
def test_wrong_usage_is_one_line(wares: Any, words: list[str], code: int, said: str) -> None:
    result = wares("reports", *words)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
