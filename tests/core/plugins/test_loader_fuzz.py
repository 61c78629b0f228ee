"""Plugins that go wrong anywhere: at import, when asked what they register, in each hook, with answers of any kind, under names
that are no hooks. Nothing but a WaresError comes out, the culprit has its name, distribution and version in it, and the books are
as they were."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.plugins.conftest import Shelf
from wares import Books, PluginError, Refused, WaresError
from wares.plugin_manager.loader import load_plugins
from wares.storage import migrate
from wares.storage.migration_source import CORE

NAME, WHO = "broken", "broken (acme-broken 2.3)"
GOOD = """
class Tracked(ItemType):
    key, title, tracked = "tracked", "tracked", True
@hookimpl
def wares_item_types():
    return [Rental(), Tracked()]
"""

REGISTRATION = (
    "wares_item_types", "wares_document_types", "wares_cost_methods", "wares_record_types", "wares_questions", "wares_channels",
    "wares_charts_of_accounts", "wares_reports", "wares_settings", "wares_models", "wares_migrations",
)  # fmt: skip
ASKED = {
    "wares_validate_item": "item",
    "wares_load": "records",
    "wares_accepted": "document",
    "wares_rows": "posted",
    "wares_before_post": "document",
}
"""Hook that every plugin is asked by itself → a parameter of it."""
WRAPPED = {"wares_expand_line": "line", "wares_price_line": "line", "wares_cost_line": "line", "wares_map_account": "query"}
EVENTS = {"wares_posted": "document", "wares_item_created": "item", "wares_voided": "document"}
METHODS = ("validate", "expand", "price", "cost", "account")
ASIDE = ("availability", "may_change_components", "missing_variants")
"""Methods of a type that are asked beside the hooks."""

ERRORS = ("1 / 0", "{}['x']", "raise RuntimeError('{x} %s')", "assert False", "raise SystemExit(3)", "return_ = [][1]",
          "raise type('Own', (Exception,), {})('')")  # fmt: skip
ANSWERS = ("None", "0", "1.5", "'rental'", "b'x'", "[None]", "[1]", "['x']", "{}", "{1: 2}", "[{}]", "object()", "[object()]",
           "Rental", "[Rental]", "[Rental, Rental()]", "(x for x in [3])", "lambda: 0", "Issue", "[Issue]", "[(1, 2)]",
           "[(1, 2, 3)]", "NotImplemented", "...", "type('Odd', (), {'__repr__': lambda self: 1 / 0})()")  # fmt: skip

LOGS = logging.getLogger("wares")


def hook(name: str, parameter: str, body: str, *, wrapper: bool = False) -> str:
    mark = "@hookimpl(wrapper=True)" if wrapper else "@hookimpl"
    return f"{mark}\ndef {name}({parameter}):\n    {body}\n"


def at_import() -> st.SearchStrategy[str]:
    return st.sampled_from([error for error in ERRORS if "return" not in error]) | st.sampled_from(
        ["def (:", "import nothing_like_it"]
    )


def bodies(*, lazily: bool = True) -> st.SearchStrategy[str]:
    """What a hook does: it raises, at once or when its answer is read, or answers wrongly."""
    wrong = st.sampled_from(ANSWERS).map(lambda answer: f"return {answer}")
    raises = st.sampled_from(ERRORS)
    late = raises.map(lambda error: f"yield None\n    {error}") | raises.map(lambda error: f"{error}\n    yield")
    return st.one_of(wrong, raises, late) if lazily else st.one_of(wrong, raises)


def misspelt(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A name of a hook with a letter left out, doubled or exchanged."""

    def change(name: str, place: int, how: int) -> str:
        at = 6 + place % (len(name) - 6)
        return name[:at] + ("", name[at] * 2, "q")[how] + name[at + 1 :]

    return st.builds(change, st.sampled_from(names), st.integers(0, 40), st.integers(0, 2))


WRONG_AT_LOAD = st.one_of(
    at_import(),
    st.builds(lambda name, body: hook(name, "", body), st.sampled_from(REGISTRATION), bodies()),
    misspelt((*REGISTRATION, *ASKED, *WRAPPED, *EVENTS)).map(lambda name: hook(name, "", "return []")),
    st.sampled_from([*ASKED, *EVENTS]).map(lambda name: hook(name, "subject", "return []")),
    st.sampled_from([*WRAPPED]).map(lambda name: hook(name, WRAPPED[name], "return None")),
)


def around(name: str, before: str, after: str) -> str:
    return hook(name, WRAPPED[name], f"{before}\n    answer = yield\n    {after}", wrapper=True)


def of_type(method: str, body: str) -> str:
    return f"class Broken(ItemType):\n    key, title = 'broken', 'broken'\n    def {method}(self, *given):\n        {body}\n" + (
        "@hookimpl\ndef wares_item_types():\n    return [Broken()]\n"
    )


WRONG_LATER = st.one_of(
    st.builds(lambda name, body: hook(name, ASKED[name], body), st.sampled_from([*ASKED]), bodies()),
    st.builds(lambda name, body: around(name, "pass", body), st.sampled_from([*WRAPPED]), bodies(lazily=False)),
    st.builds(lambda name, body: around(name, body, "return answer"), st.sampled_from([*WRAPPED]), st.sampled_from(ERRORS)),
    st.builds(lambda name, body: hook(name, EVENTS[name], body), st.sampled_from([*EVENTS]), bodies()),
    st.builds(of_type, st.sampled_from(METHODS), bodies(lazily=False)),
    st.builds(of_type, st.sampled_from(ASIDE), bodies()),
)


@contextmanager
def installed(source: str) -> Iterator[list[str]]:
    """A shelf with the broken plugin and a good one; gives what was logged."""
    logged: list[str] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(record.getMessage())

    handler = Noting()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setattr(LOGS, "propagate", False)
        LOGS.addHandler(handler)
        shelf = Shelf(Path(folder))
        shelf.install("acme-broken", "2.3", **{NAME: source})
        shelf.install("acme-rental", "1.0", rental=GOOD)
        try:
            yield logged
        finally:
            LOGS.removeHandler(handler)
            _forget()


def _forget() -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith("shelf_")]:
        del sys.modules[name]


fuzz = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@given(source=WRONG_AT_LOAD)
@fuzz
def test_what_is_wrong_at_load_costs_only_itself(source: str) -> None:
    with installed(source) as logged:
        plugins = load_plugins()
        record = plugins.record(NAME)
        assert record is not None
        assert "rental" in plugins.registry.item_types, "the other plugin takes part"
        if record.status == "loaded":  # an empty answer, or one that happens to be right
            return
        assert (record.distribution, record.version) == ("acme-broken", "2.3")
        assert record.cause is not None
        assert WHO in record.cause.message
        assert any(WHO in line for line in logged)
        assert any(row["name"] == NAME and row["error"] for row in plugins.report())
        with pytest.raises(WaresError, match=re.escape(WHO)):
            load_plugins(strict=True)


@pytest.fixture(scope="module")
def shop() -> Iterator[Books]:
    """Books with an item of the good plugin, goods, and one of the broken type, made while it still worked."""
    with installed(of_type("unused", "pass")):
        books = Books.open("sqlite://", plugins=load_plugins())
    books.parties.add("JANE")
    books.items.add("rental", sku="BIKE", price="10")
    books.items.add("broken", sku="ODD", price="10")
    yield books
    books.close()


def state(books: Books) -> list[Any]:
    """Everything that the books say."""
    return [books.items.list(), [*books.docs.list()], books.gl.trial_balance(), [*books.stock.moves()]]


@given(source=WRONG_LATER)
@fuzz
def test_what_goes_wrong_later_names_its_plugin_and_writes_nothing(shop: Books, source: str) -> None:
    with installed(source) as logged:
        plugins = load_plugins()
        assert shop.engine is not None
        migrate(shop.engine, (CORE, *plugins.registry.migrations.values()))
        books = Books(engine=shop.engine, plugins=plugins)
        healthy = Books(engine=shop.engine, plugins=load_plugins(disabled=[NAME]))
        attempts = (partial(_sell, books, "BIKE"), partial(_sell, books, "ODD"), partial(_add, books), partial(_read, books))
        for attempt in attempts:
            before = state(healthy)
            try:
                attempt()
            except WaresError as error:
                assert state(healthy) == before
                _require_named(error, plugins.record(NAME))
            else:
                _undo(healthy)
        assert all("Traceback" not in line for line in logged)
        assert [check for check in healthy.verify()["checks"] if not check["ok"]] == []


def _sell(books: Books, sku: str) -> None:
    books.post("invoice", date="2026-01-05", party="JANE", lines=[{"item": sku, "quantity": 1}])


def _add(books: Books) -> None:
    count = len(books.items.list())
    books.items.add("rental", sku=f"NEW-{count}", price="1")


def _read(books: Books) -> None:
    """What asks the types beside the hooks: how many can be promised, which variants there could be."""
    books.items.list()
    books.stock.availability("ODD")
    books.items.missing_variants("ODD")


def _undo(books: Books) -> None:
    for document in books.docs.list():
        if document["status"] == "posted":
            books.void(document["number"])


def _require_named(error: WaresError, record: Any) -> None:
    """The plugin, its distribution and its version: in the error, or (it was turned away) in the report of plugins."""
    if record.status == "loaded":
        is_said_no = isinstance(error, Refused)  # an answer that can be read, such as an account that is not there
        assert is_said_no or (error.plugin == NAME and WHO in str(error)), f"{type(error).__name__}: {error}"
    else:
        assert (record.distribution, record.version) == ("acme-broken", "2.3")


DOCUMENT = """
from wares import Leg, Link, Opens, Plan, PlannedMove, ValueFact
class Note(DocumentType):
    key, title, prefix, side, has_lines, priced = "note", "note", "NOTE", Side.LEDGER, False, False
    def {method}(self, *given):
        {body}
@hookimpl
def wares_document_types():
    return [Note()]
"""
METHOD = """
from wares import Consumption, Valued
class Lost(CostMethod):
    key, title = "lost", "lost"
    def fold(self, opening, moves):
        {body}
@hookimpl
def wares_cost_methods():
    return [Lost()]
"""
RECORD = """
class Shift(RecordType):
    key = "shift"
    def translate(self, record, masters):
        {body}
@hookimpl
def wares_record_types():
    return [Shift()]
"""
REPORT = """
from wares import Report
class Odd(Report):
    key, title, columns = "odd", "odd", ("sku",)
    def rows(self, books, parameters):
        {body}
@hookimpl
def wares_reports():
    return [Odd()]
"""
PLANS = ("Plan(legs=[])", "Plan(legs=None)", "Plan(legs=(1,))", "Plan(legs=(Leg(1.5, 'bank'), Leg(-1.5, 'bank')))",
         "Plan(legs=(Leg('1', 'bank'),))", "Plan(legs=(Leg(1, None), Leg(-1, None)))", "Plan(moves=3)", "Plan(moves=(None,))",
         "Plan(moves=(PlannedMove(None, 1.5, None, 'stated'),))", "Plan(total=1.5)", "Plan(links=[1])", "Plan(links=(1,))",
         "Plan(links=(Link(1, '1', 'x', 1.5, 1),))", "Plan(facts=(ValueFact('1', 1, 'bill', 'bank', '1'),))",
         "Plan(opens=(Opens('1', 'bill', None, 1, 0.5),))", "Plan(applications=(1,))", "Plan(applications=((1, 0.5),))",
         "Plan(open_items=(1,))", "Plan(goods_amounts=3)", "Plan(goods_amounts={'1': 0.5})")  # fmt: skip
VALUES = ("[]", "[Valued(1, 1.5)]", "[Valued(1, None)]", "[Valued(1, 100, variance='x')]", "[Valued(1, 1, (None,))]",
          "[Valued(1, 1, (Consumption(1, 1.5, 1),))]", "(Valued,)", "[(1, 1)]")  # fmt: skip
MEANT = ("[{'record': 'nothing'}]", "[{'record': None}]", "[{'record': []}]", "[{'sku': 'X'}]", "{'record': 'item'}", "'item'")
ROWS = ("[{'sku': 1.5}]", "[{'sku': object()}]", "[{}]", "[{'sku': {1: 2}}]", "{'sku': 'X'}")


def returns(*own: str) -> st.SearchStrategy[str]:
    """Bodies of a method that answers wrongly, or raises."""
    return st.sampled_from([*own, *ANSWERS]).map(lambda answer: f"return {answer}") | st.sampled_from(ERRORS)


@contextmanager
def harmless(books: Books) -> Iterator[None]:
    """Whatever comes out is a WaresError that names the plugin, and nothing is written."""
    before = state(books)
    try:
        yield
    except WaresError as error:
        _require_named(error, books.plugins.record(NAME))
        assert state(books) == before


@given(method=st.sampled_from(["validate", "plan", "compose", "moves", "opens", "goods_values"]), body=returns(*PLANS))
@fuzz
def test_a_document_type_that_answers_wrongly_is_named(shop: Books, method: str, body: str) -> None:
    with installed(DOCUMENT.format(method=method, body=body)):
        books = Books(engine=shop.engine, plugins=load_plugins())
        with harmless(books):
            books.post("note", date="2026-01-05")
        _undo(books)


@given(body=st.sampled_from(ANSWERS))
@settings(fuzz, max_examples=30)
def test_roles_are_looked_at_when_it_is_loaded(body: str) -> None:
    with installed(of_type("roles", f"return {body}")):
        record = load_plugins().record(NAME)
        assert record is not None
        assert record.status == "blocked"
        assert record.cause is not None
        assert WHO in record.cause.message


@pytest.fixture(scope="module")
def stocked() -> Iterator[Books]:
    """Books with goods under the broken plugin's cost method."""
    with installed(METHOD.format(body="return ()")):
        books = Books.open("sqlite://", plugins=load_plugins())
        books.items.add("tracked", sku="BOLT", cost="1", cost_method="lost")
    yield books
    books.close()


@given(body=returns(*VALUES))
@fuzz
def test_a_cost_method_that_answers_wrongly_is_named(stocked: Books, body: str) -> None:
    with installed(METHOD.format(body=body)):
        books = Books(engine=stocked.engine, plugins=load_plugins())
        with pytest.raises(PluginError, match=re.escape(WHO)):
            books.post("adjustment", date="2026-01-05", lines=[{"item": "BOLT", "quantity": 1, "unit_cost": "1"}])
        assert not [*books.stock.moves()]


@given(body=returns(*MEANT))
@fuzz
def test_a_record_type_that_answers_wrongly_is_named(shop: Books, body: str) -> None:
    with installed(RECORD.format(body=body)):
        books = Books(engine=shop.engine, plugins=load_plugins())
        with harmless(books):
            books.load([{"record": "shift"}])


@given(body=returns(*ROWS))
@fuzz
def test_a_report_that_answers_wrongly_is_named(shop: Books, body: str) -> None:
    with installed(REPORT.format(body=body)):
        books = Books(engine=shop.engine, plugins=load_plugins())
        with harmless(books):
            books.reports.run("odd")


@given(body=st.sampled_from(ANSWERS))
@settings(fuzz, max_examples=30)
def test_a_lock_on_contents_that_is_none_is_named(body: str) -> None:
    source = of_type("may_change_components", f"return {body}").replace("title =", "title, content_types =", 1).replace(
        "'broken', 'broken'", "'broken', 'broken', frozenset({'rental'})", 1)  # fmt: skip
    with installed(source):
        books = Books.open("sqlite://", plugins=load_plugins())
        books.items.add("rental", sku="BIKE", price="10")
        books.items.add("broken", sku="ODD", price="10", components=[{"sku": "BIKE", "quantity": "1"}])
        with harmless(books):
            books.items.put([{"type": "broken", "sku": "ODD", "components": [{"sku": "BIKE", "quantity": "2"}]}])
        books.close()
