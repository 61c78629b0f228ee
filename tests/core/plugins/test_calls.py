"""Every hook through its typed call: wrappers take part, refusals pass, and whoever breaks the contract is named."""

from __future__ import annotations

import logging
import sqlite3
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.exc import OperationalError

from wares import (
    Account,
    AccountQuery,
    Conflict,
    Context,
    CostPlan,
    Document,
    Expansion,
    Issue,
    Item,
    ItemType,
    Line,
    LineInput,
    Location,
    Masters,
    PluginError,
    PriceContext,
    Pricing,
    Refused,
    hookimpl,
)
from wares.contract.document_type import Behaviours
from wares.plugin_manager.calls import Calls
from wares.plugin_manager.loader import Plugins, load_plugins

MAIN = Location(1, "MAIN", "Main store")
BIKE = Item(id=7, type="rental", sku="BIKE", name="Bike", price=10_000_000)
RENT = Account(41, "4100", "Rent", "income", ("income",))
SALES = Account(40, "4000", "Sales", "income", ("income",))


class Look:
    """The look-ups of a company with two accounts."""

    def account(self, code: str, path: str = "") -> Account:
        """By its code."""
        return {"4100": RENT, "4000": SALES}[code]

    def resolve_account(self, query: AccountQuery) -> Account:
        """The mapping rules know one answer."""
        return SALES


CTX = cast(Context, SimpleNamespace(masters=Look(), side="sale", decimals=2))
MASTERS = cast(Masters, Look())


def line(item: Item | None = BIKE, amount: int | None = 500) -> Line:
    """A line over one of an item."""
    return Line("1", None, item, 1_000_000, 1_000_000, MAIN, LineInput("lines[0]", amount=amount))


class Rental(ItemType):
    """A type whose answers a test may replace."""

    key, title = "rental", "rental"

    def account(self, query: AccountQuery, ctx: Context) -> str | None:
        """Insists on an account of its own for income."""
        return "4100" if query.role == "income" else None

    def validate(self, item: Item, masters: Masters) -> list[Issue]:
        """Needs a price."""
        return [] if item.price else [Issue("RENTAL_NEEDS_PRICE", f"{item.sku} has no price")]


class Rentals:
    """The plugin that owns the type."""

    __name__ = "rentals"

    def __init__(self, kind: ItemType | None = None) -> None:
        self.kind = kind or Rental()

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        """One type."""
        return [self.kind]


def loaded(*plugins: object) -> Plugins:
    """These plugins and the core, nothing installed."""
    return load_plugins(extra=plugins, strict=True, safe_mode=True)


def calls(*plugins: object) -> Calls:
    """The calls of a program with the rental plugin and these."""
    return loaded(Rentals(), *plugins).calls


def pricing_context() -> PriceContext:
    """Nothing stands above."""
    return PriceContext(CTX, None, 0, ())


# --- the core's own answers ---


def test_the_owning_type_answers() -> None:
    do: Behaviours = calls()
    assert do.type_of(BIKE).key == "rental"
    assert calls().expand_line(line(), CTX) == Expansion()
    assert calls().price_line(line(), pricing_context()) == Pricing(500)
    assert do.cost_line(line(), CTX, None) == CostPlan()
    assert do.account_for(AccountQuery("income", BIKE, line(), MAIN, None), CTX) == RENT
    assert do.account_for(AccountQuery("cogs", BIKE, line(), MAIN, None), CTX) == SALES


def test_a_line_without_an_item_is_plain() -> None:
    plain = line(item=None)
    assert calls().expand_line(plain, CTX) == Expansion()
    assert calls().price_line(plain, pricing_context()) == Pricing(500)
    assert calls().cost_line(plain, CTX, 100) == CostPlan()
    assert calls().account_for(AccountQuery("income", None, plain, MAIN, None), CTX) == SALES


def test_an_item_whose_plugin_is_gone_is_refused_with_what_to_do(shelf: Any) -> None:
    shelf.install("acme-rental", "1.4", rental="1 / 0")
    with pytest.raises(Refused) as refused:
        load_plugins().calls.type_of(BIKE)
    assert refused.value.code == "ITEM_TYPE_MISSING"
    assert "BIKE" in refused.value.message
    assert "'rental'" in refused.value.message
    assert "rental (acme-rental 1.4)" in refused.value.message
    assert "wares plugins info rental" in refused.value.hint


def test_an_item_whose_type_is_contested_is_refused(shelf: Any) -> None:
    source = "@hookimpl\ndef wares_item_types(): return [Rental()]"
    shelf.install("acme", "1", one=source)
    shelf.install("zeta", "2", two=source)
    with pytest.raises(Refused, match=r"one \(acme 1\) and two \(zeta 2\)"):
        load_plugins().calls.price_line(line(), pricing_context())


# --- wrappers ---


class Half:
    """A loyalty programme: half the price."""

    @hookimpl(wrapper=True)
    def wares_price_line(self, line: Line) -> Any:
        """After whoever priced it."""
        pricing = yield
        return pricing._replace(amount=pricing.amount // 2)


def test_wrappers_see_every_type() -> None:
    assert calls(Half()).price_line(line(), pricing_context()).amount == 250
    assert calls(Half(), Half()).price_line(line(), pricing_context()).amount == 125
    assert calls(Half()).price_line(line(item=None), pricing_context()).amount == 250


# --- behaviour that breaks its contract ---


class ReturningType(Rental):
    """Every behaviour returns the wrong thing."""

    def expand(self, line: Line, ctx: Context) -> Any:
        """Broken."""

    price = cost = expand  # type: ignore[assignment]  # the mistake that is meant


class RaisingWrapper:
    """Raises after the yield."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self) -> Any:
        """Broken."""
        yield
        raise KeyError("lost")


class SilentWrapper:
    """Forgets to return what it got."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self) -> Any:
        """Broken."""
        yield


class NeverYields:
    """A generator that ends before it yields."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self) -> Any:
        """Broken."""
        yield from ()


class YieldsTwice:
    """A generator that yields once more."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self) -> Any:
        """Broken."""
        yield
        yield


class Passes:
    """An innocent wrapper, around and within the broken ones."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self) -> Any:
        """Let it pass."""
        return (yield)


def locked() -> sqlite3.OperationalError:
    """What SQLite says when another writer was there first."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def every_behaviour(do: Calls) -> dict[str, Any]:
    """A call of each behaviour hook."""
    return {
        "wares_expand_line": lambda: do.expand_line(line(), CTX),
        "wares_price_line": lambda: do.price_line(line(), pricing_context()),
        "wares_cost_line": lambda: do.cost_line(line(), CTX, None),
        "wares_map_account": lambda: do.account_for(AccountQuery("income", BIKE, line(), MAIN, None), CTX),
    }


@pytest.mark.parametrize("hook", ["wares_expand_line", "wares_price_line", "wares_cost_line", "wares_map_account"])
def test_a_type_that_raises_is_named_with_hook_distribution_and_version(shelf: Any, hook: str) -> None:
    body = "def expand(self, line, ctx): raise KeyError('lost')\n    price = cost = account = expand"
    source = f"class Broken(Rental):\n    {body}\n@hookimpl\ndef wares_item_types(): return [Broken()]"
    shelf.install("acme-rental", "1.4", hire=source)
    do = load_plugins(extra=[Passes()]).calls
    with pytest.raises(PluginError) as raised:
        every_behaviour(do)[hook]()
    assert (raised.value.code, raised.value.plugin) == ("PLUGIN_RAISED", "hire")
    assert "hire (acme-rental 1.4) raised KeyError" in raised.value.message
    assert hook in raised.value.message
    assert isinstance(raised.value.__cause__, KeyError)


@pytest.mark.parametrize("hook", ["wares_expand_line", "wares_price_line", "wares_cost_line"])
def test_a_type_that_returns_none_is_named(hook: str) -> None:
    do = loaded(Rentals(ReturningType()), Passes()).calls
    with pytest.raises(PluginError) as raised:
        every_behaviour(do)[hook]()
    assert (raised.value.code, raised.value.plugin) == ("PLUGIN_RETURNED", "rentals")
    assert "returned None" in raised.value.message
    assert hook in raised.value.message


@pytest.mark.parametrize(
    ("broken", "code", "name"),
    [
        (RaisingWrapper(), "PLUGIN_RAISED", "raising_wrapper"),
        (SilentWrapper(), "PLUGIN_RETURNED", "silent_wrapper"),
        (NeverYields(), "PLUGIN_RAISED", "never_yields"),
        (YieldsTwice(), "PLUGIN_RAISED", "yields_twice"),
    ],
)
def test_a_broken_wrapper_is_named_among_innocent_ones(broken: object, code: str, name: str) -> None:
    do = calls(Passes(), broken, Passes())
    with pytest.raises(PluginError) as raised:
        do.expand_line(line(), CTX)
    assert (raised.value.code, raised.value.plugin) == (code, name)


def test_amounts_are_whole_numbers() -> None:
    class Float(Rental):
        def price(self, line: Line, ctx: PriceContext) -> Pricing:
            return Pricing(Decimal("5.00"))  # type: ignore[arg-type]  # the mistake that is meant

    with pytest.raises(PluginError, match="whole minor units"):
        loaded(Rentals(Float())).calls.price_line(line(), pricing_context())


@pytest.mark.parametrize(
    "error",
    [
        Refused.because("RENTED_OUT", "BIKE is out"),
        Conflict("BUSY", "again", retryable=True),
        OperationalError("select", {}, locked()),
    ],
)
def test_refusals_and_conflicts_pass_as_they_are(error: Exception) -> None:
    class Refuses(Rental):
        def expand(self, line: Line, ctx: Context) -> Expansion:
            raise error

    with pytest.raises(type(error)) as raised:
        loaded(Rentals(Refuses()), Passes()).calls.expand_line(line(), CTX)
    assert raised.value is error


# --- the catalogue and vetoes ---


class Vetoes:
    """Reports on everything."""

    @hookimpl
    def wares_validate_item(self, item: Item) -> Any:
        """A generator."""
        yield Issue("TOO_HEAVY", f"{item.sku} is too heavy")

    @hookimpl
    def wares_before_post(self) -> list[Issue]:
        """A list."""
        return [Issue("BLOCKED", "this customer may not buy")]


class Indifferent:
    """Has nothing to say."""

    @hookimpl
    def wares_validate_item(self) -> None:
        """None counts as empty."""

    @hookimpl
    def wares_before_post(self) -> None:
        """None counts as empty."""


def test_issues_of_everyone_are_collected_with_their_plugin() -> None:
    do = calls(Vetoes(), Indifferent())
    free = Item(type="rental", sku="BIKE", name="Bike")
    assert [(i.code, i.plugin) for i in do.validate_item(free, MASTERS)] == [
        ("TOO_HEAVY", "vetoes"), ("RENTAL_NEEDS_PRICE", "rentals"),
    ]  # fmt: skip
    document = cast(Document, None)
    assert [(i.code, i.plugin) for i in do.before_post(document, CTX)] == [("BLOCKED", "vetoes")]
    assert calls().before_post(document, CTX) == []


class Lenient:
    """Lets heavy things pass."""

    @hookimpl(wrapper=True)
    def wares_validate_item(self) -> Any:
        """Drop an Issue of another plugin."""
        results = yield
        return [[issue for issue in issues if issue.code != "TOO_HEAVY"] for issues in results]


def test_validation_may_be_wrapped() -> None:
    free = Item(type="rental", sku="BIKE", name="Bike")
    assert [i.code for i in calls(Vetoes(), Lenient()).validate_item(free, MASTERS)] == ["RENTAL_NEEDS_PRICE"]


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_validation_that_breaks_its_contract_is_named(wrapped: bool) -> None:
    class Odd:
        @hookimpl
        def wares_validate_item(self) -> list[Any]:
            return ["too heavy"]

    class Raising:
        @hookimpl
        def wares_validate_item(self) -> Any:
            yield 1 / 0

    around = [Lenient()] if wrapped else []
    with pytest.raises(PluginError) as raised:
        calls(Raising(), *around).validate_item(BIKE, MASTERS)
    assert (raised.value.code, raised.value.plugin) == ("PLUGIN_RAISED", "raising")
    with pytest.raises(PluginError) as returned:
        calls(Odd()).validate_item(BIKE, MASTERS)
    assert (returned.value.code, returned.value.plugin) == ("PLUGIN_RETURNED", "odd")


# --- a batch ---

METADATA = MetaData()
OWN = Table("keeper_note", METADATA, Column("company_id", Integer), Column("note", Integer))
FOREIGN = Table("posting", MetaData(), Column("company_id", Integer))


class Keeper:
    """Reads and writes a table of its own."""

    def __init__(self, facts: Any = None, rows: Any = ()) -> None:
        self.facts, self.given = facts, rows

    @hookimpl
    def wares_load(self, records: tuple[Any, ...]) -> Any:
        """What the test says."""
        return self.facts

    @hookimpl
    def wares_rows(self, posted: tuple[Any, ...], reader: Any) -> Any:
        """What the test says."""
        yield from self.given


NOBODYS: Any = None
"""A reader of no books."""


def test_facts_by_plugin_and_rows_in_order() -> None:
    do = calls(Keeper({"rates": 3}, [(OWN, (1, 2)), (OWN, (1, 3))]), Indifferent())
    assert do.tables.load((), NOBODYS) == {"keeper": {"rates": 3}}
    assert do.tables.rows((), NOBODYS) == [(OWN, (1, 2)), (OWN, (1, 3))]
    assert calls(Keeper(None)).tables.load((), NOBODYS) == {}


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ((FOREIGN, (1,)), "own tables only"),
        ((OWN, (1,)), "2 columns"),
        ((OWN, [1, 2]), "pairs"),
        ("row", "pairs"),
    ],
)
def test_rows_that_are_not_the_plugins_own_are_refused(row: Any, part: str) -> None:
    with pytest.raises(PluginError, match=part) as raised:
        calls(Keeper(rows=[row])).tables.rows((), NOBODYS)
    assert raised.value.plugin == "keeper"


def test_facts_are_a_mapping() -> None:
    with pytest.raises(PluginError, match=r"keeper .* must return a mapping"):
        calls(Keeper([1])).tables.load((), NOBODYS)
    with pytest.raises(PluginError, match=r"keeper .* raised TypeError in wares_rows"):
        calls(Keeper(rows=3)).tables.rows((), NOBODYS)


# --- events ---


class Listens:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    @hookimpl
    def wares_posted(self, document: Any) -> None:
        """Remember."""
        self.heard.append(document)

    @hookimpl
    def wares_cost_corrected(self, correction: Any) -> None:
        """Remember."""
        self.heard.append(correction)


class Stumbles:
    """Raises on every event."""

    @hookimpl
    def wares_posted(self) -> None:
        """Broken."""
        raise RuntimeError("no mail server")

    @hookimpl
    def wares_voided(self) -> None:
        """Broken."""
        raise Refused.because("NO", "too late to refuse")


def test_an_observer_that_raises_is_logged_and_the_next_is_told(caplog: pytest.LogCaptureFixture) -> None:
    listens = Listens()
    do = calls(Stumbles(), listens)
    sale: Any = "I-1"
    late_bill: Any = "late bill"
    with caplog.at_level(logging.ERROR):
        do.events.posted(sale)
        do.events.voided(sale)
        do.events.item_created(BIKE)
        do.events.cost_corrected(late_bill)
    assert listens.heard == ["I-1", "late bill"]
    assert [record.getMessage().split(";")[0] for record in caplog.records] == [
        "plugin stumbles (given by the program) raised in wares_posted",
        "plugin stumbles (given by the program) raised in wares_voided",
    ]
    assert "no mail server" in caplog.text


class ToAnExpense:
    """A plugin that puts goods on an expense account."""

    @hookimpl(wrapper=True)
    def wares_map_account(self, query: AccountQuery, ctx: Context) -> Any:
        yield
        return Account(9, "6100", "Rent", "expense", ())


def test_an_account_whose_type_cannot_hold_the_role_is_refused_with_the_plugin_that_chose_it() -> None:
    do = loaded(ToAnExpense()).calls
    books = SimpleNamespace(resolve_account=lambda query: Account(13, "1300", "Inventory", "asset", ("inventory",)))
    ctx = cast(Context, SimpleNamespace(masters=books))
    assert do.account_for(AccountQuery("expense", None, None, MAIN, None), ctx).code == "6100", "any type may hold this role"
    with pytest.raises(PluginError) as raised:
        do.account_for(AccountQuery("inventory", None, None, MAIN, None), ctx)
    assert (raised.value.code, raised.value.plugin) == ("PLUGIN_RETURNED", "to_an_expense")
    assert "an account of type asset for the role inventory" in raised.value.message


def test_a_rule_of_the_books_to_an_account_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        loaded().calls.account_for(AccountQuery("inventory", None, None, MAIN, None), CTX)
    assert [(issue.code, issue.path) for issue in refusal.value.issues] == [("ROLE_OF_WRONG_TYPE", "account")]
    assert "account 4000 is of type income" in str(refusal.value)
