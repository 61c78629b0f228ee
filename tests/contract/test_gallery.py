"""A gallery of broken types, documents and methods: each law catches its fault and names the object."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from wares import (
    Absorbed,
    Attributes,
    Chart,
    ChartAccount,
    Context,
    CostContext,
    CostMethod,
    CostPlan,
    Document,
    DocumentType,
    Expansion,
    FoldMove,
    Intent,
    Issue,
    Item,
    ItemType,
    Leg,
    Line,
    Masters,
    NewLine,
    PlannedMove,
    PriceContext,
    Pricing,
    Refused,
    Side,
    Valued,
    goods_moves,
    hookimpl,
    plain_price,
)
from wares.contract.document_type import Behaviours
from wares.testing import LawBroken
from wares.testing.laws import absence, costs, documents, items, loading, methods, selling
from wares.testing.laws.subject import DocumentCase, ItemCase, Subject, parted

ticks = itertools.count(1)


class Plain(ItemType):
    """The base of the broken types; correct itself."""

    key, title = "odd", "odd thing"


class Tracked(Plain):
    tracked = True


class Bundle(Plain):
    """A correct type with two bolts under a line."""

    content_types = frozenset({"stock", "odd"})
    bought = False

    def expand(self, line: Line, ctx: Context) -> Expansion:
        return Expansion(contents=(self.bolts(line, ctx, 2 * line.base_quantity),))

    def bolts(self, line: Line, ctx: Context, quantity: int) -> NewLine:
        return NewLine(ctx.masters.item("BOLT"), quantity)


class FloatAttributes(Plain):
    class Attributes(Attributes):
        rate: float = 0.5


class LossyAttributes(Plain):
    class Attributes(Attributes):
        rate: Decimal = Decimal(1)

        def model_dump(self, **options: Any) -> dict[str, Any]:
            return (
                {**super().model_dump(**options), "rate": "1"} if options.get("mode") == "json" else super().model_dump(**options)
            )


class Moody(Plain):
    """Correct while the attribute `mood` is empty."""

    class Attributes(Attributes):
        mood: str = ""


class RaisingValidation(Moody):
    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        if item.attributes.mood:
            raise Refused.because("ODD", "raised instead of reported")
        return ()


class CrashingValidation(Moody):
    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        return [Issue("ODD", item.attributes.nothing_like_it)] if item.attributes.mood else []


class MoodyValidation(Moody):
    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        return [Issue("ODD", f"asked {next(ticks)} times")] if item.attributes.mood else []


class TextIssues(Moody):
    def validate(self, item: Item, masters: Masters) -> Iterable[Any]:
        return ["a text"] if item.attributes.mood else []


class MutatingValidation(Plain):
    class Attributes(Attributes):
        notes: list[str] = []

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        item.attributes.notes.append("seen")
        return ()


class MoodyPrice(Plain):
    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        return Pricing(next(ticks))


class FixedContents(Bundle):
    def expand(self, line: Line, ctx: Context) -> Expansion:
        return Expansion(contents=(self.bolts(line, ctx, 2_000_000),))


class FreshContentsOnReturn(Bundle):
    """A type that takes back one bolt for each two sold."""

    def expand(self, line: Line, ctx: Context) -> Expansion:
        return Expansion(contents=(self.bolts(line, ctx, (2 if ctx.sign > 0 else 1) * line.base_quantity),))


class EndlessExpansion(Plain):
    def expand(self, line: Line, ctx: Context) -> Expansion:
        assert line.item is not None
        return Expansion(rows=(NewLine(line.item, line.quantity),))


class HalfNested(Plain):
    """A macro that ignores its quantity within another."""

    content_types = frozenset({"stock", "odd"})

    def expand(self, line: Line, ctx: Context) -> Expansion:
        assert line.item is not None
        factor = 1 if line.parent else line.base_quantity // 1_000_000
        return Expansion(rows=tuple(NewLine(ctx.masters.item_by_id(c.item_id), factor * c.quantity) for c in line.item.contents))


class RoundedReturn(Plain):
    """A type that rounds each part of a return by itself."""

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        pricing = plain_price(line, ctx)
        return pricing._replace(amount=pricing.amount // 10 * 10) if ctx.document.sign < 0 else pricing


class UndeclaredRole(Plain):
    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        return plain_price(line, ctx)._replace(role="shipping_income")


class UnknownRole(Plain):
    sale_role = "income_of_the_moon"


class HalfTheGoods(Tracked):
    """A type whose returned goods come back at a cost of 0."""

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        moves = goods_moves(line, ctx)
        if ctx.document.header.type.key != "credit_note":
            return CostPlan(moves)
        return CostPlan(tuple(move._replace(intent=Intent.STATED, stated=0, origin=None) for move in moves))


class KeepsNoGoods(Tracked):
    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        moves = goods_moves(line, ctx)
        return CostPlan(tuple(self._to_nowhere(move) for move in moves))

    def _to_nowhere(self, move: PlannedMove) -> PlannedMove:
        return move._replace(counter="inventory_adjustment") if move.quantity < 0 else move


class InventsCost(Tracked):
    """A type that puts a cost of its own into the stated value, so that the supplier is owed it."""

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        return CostPlan(tuple(self._with_labour(move) for move in goods_moves(line, ctx)))

    def _with_labour(self, move: PlannedMove) -> PlannedMove:
        return move._replace(stated=move.stated + 50_00) if move.stated is not None else move


class Absorbs(Tracked):
    """A type that absorbs 50.00 on each line whose goods come in; correct itself."""

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        moves = goods_moves(line, ctx)
        if line.item is None or not any(move.intent is Intent.STATED for move in moves):
            return CostPlan(moves)
        return CostPlan(moves, (Absorbed(50_00, "build_absorption", line.item),))

    def roles(self) -> frozenset[str]:
        return super().roles() | {"build_absorption"}


class AbsorbsUnderUndeclaredRole(Absorbs):
    def roles(self) -> frozenset[str]:
        return super().roles() - {"build_absorption"}


class Odd:
    """A plugin that registers one of the broken objects."""

    __name__ = "odd_plugin"

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    @hookimpl
    def wares_item_types(self) -> list[Any]:
        return [self.kind] if isinstance(self.kind, ItemType) else []

    @hookimpl
    def wares_document_types(self) -> list[Any]:
        return [self.kind] if isinstance(self.kind, DocumentType) else []

    @hookimpl
    def wares_cost_methods(self) -> list[Any]:
        return [self.kind] if isinstance(self.kind, CostMethod) else []


BOLT = {"type": "stock", "sku": "BOLT", "price": "1", "cost": "1"}
EXAMPLE: Mapping[str, Any] = {"sku": "THING", "price": "3.33", "cost": "1"}


def item_case(kind: ItemType, **example: Any) -> ItemCase:
    components = [{"sku": "BOLT", "quantity": "2"}] if kind.content_types else None
    given = {**EXAMPLE, **example} | ({"components": components} if components else {})
    return ItemCase(plugin=Odd(kind), key=kind.key, example=given, needs=[BOLT])


def attributes(case: ItemCase, **values: Any) -> Any:
    return case.kind.Attributes.model_validate(values)


Law = Callable[[ItemCase], None]


def validated(**values: Any) -> Law:
    return lambda case: items.validation_is_pure_and_reports_issues(case, attributes(case, **values))


def sold_and_returned(case: ItemCase) -> None:
    costs.no_cost_is_created_or_lost(case, cents=1001, bought=3, sold=2, returned=2)


def bought(case: ItemCase) -> None:
    costs.absorbed_cost_is_posted(case, cents=1001, bought=3)


ITEM_FAULTS: list[tuple[ItemType, Law, str]] = [
    (FloatAttributes(), items.attributes_have_no_float, "Decimal"),
    (LossyAttributes(), lambda case: items.attributes_round_trip(case, attributes(case, rate="2.5")), "stored as"),
    (RaisingValidation(), validated(mood="bad"), "raises"),
    (CrashingValidation(), validated(mood="bad"), "raises"),
    (MoodyValidation(), validated(mood="bad"), "twice"),
    (TextIssues(), validated(mood="bad"), "no Issue"),
    (MutatingValidation(), validated(notes=[]), "changes the attributes|twice"),
    (MoodyPrice(), lambda case: selling.behaviour_is_pure(case, 1), "twice"),
    (FixedContents(), lambda case: selling.expansion_is_linear(case, 3), "1 on a"),
    (EndlessExpansion(), lambda case: selling.expansion_is_linear(case, 3), "TOO_DEEP"),
    (HalfNested(), lambda case: selling.expansion_nests(case, 3), "within another"),
    (FreshContentsOnReturn(), lambda case: selling.parts_sum_to_the_whole(case, 3, 1), "come back"),
    (RoundedReturn(), lambda case: selling.parts_sum_to_the_whole(case, 7, 2), "come back"),
    (UndeclaredRole(), lambda case: selling.roles_are_declared_and_resolve(case, 1), "shipping_income"),
    (UnknownRole(), lambda case: selling.roles_are_declared_and_resolve(case, 1), "income_of_the_moon"),
    (HalfTheGoods(), sold_and_returned, "came back"),
    (KeepsNoGoods(), sold_and_returned, "stock is worth"),
    (InventsCost(), bought, "a bill of 10.01 owes 60.01"),
    (AbsorbsUnderUndeclaredRole(), bought, "build_absorption, which roles"),
]


@pytest.mark.parametrize(
    ("kind", "law", "said"), ITEM_FAULTS, ids=lambda each: type(each).__name__ if isinstance(each, ItemType) else ""
)
def test_a_broken_item_type_is_caught(kind: ItemType, law: Law, said: str) -> None:
    case = item_case(kind)
    try:
        with pytest.raises(LawBroken, match=said) as caught:
            law(case)
        assert "odd" in str(caught.value)
    finally:
        case.close()


class Transfer(DocumentType):
    """A correct document type: a fee between two accounts."""

    key: ClassVar[str]
    key, title, prefix = "odd_fee", "odd fee", "ODD"
    side = Side.LEDGER
    has_lines = False
    priced = False
    header_keys = DocumentType.header_keys | {"amount"}

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        amount = ctx.header.amount or 0
        return (Leg(amount, "expense"), Leg(-amount, "rounding"))


class MoodyDocument(Transfer):
    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        amount = next(ticks)
        return (Leg(amount, "expense"), Leg(-amount, "rounding"))


class CrashingDocument(Transfer):
    header_keys = Transfer.header_keys | {"phases"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        if ctx.header.record.get("phases", 0) + 1 > 12:
            yield Issue("ODD", "too many phases", "phases")


class Unbalanced(Transfer):
    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        return (Leg(ctx.header.amount or 0, "expense"),)


def document_case(kind: DocumentType) -> DocumentCase:
    example = {"date": "2026-01-02", "amount": "5.00", "memo": "fee"}
    return DocumentCase(plugin=Odd(kind), key=kind.key, example=example)


@pytest.mark.parametrize(
    ("kind", "law", "said"),
    [
        (MoodyDocument(), documents.preview_is_what_is_posted, "pure"),
        (CrashingDocument(), documents.wrong_values_are_refused, "raises"),
        (Unbalanced(), documents.postings_balance, "UNBALANCED"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, DocumentType) else "",
)
def test_a_broken_document_type_is_caught(kind: DocumentType, law: Callable[[DocumentCase], None], said: str) -> None:
    case = document_case(kind)
    with pytest.raises(LawBroken, match=said):
        law(case)
    case.close()


class ByLayer(CostMethod):
    """A correct cost method: first in, first out."""

    key, title = "odd_method", "odd method"

    def fold(self, opening: Any, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        for move in moves:
            yield self.valued(opening, move)

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        if move.quantity > 0:
            pool.receive(move, move.value or 0)
            return Valued(move.move_id, move.value or 0)
        value, taken = pool.issue(move, -move.quantity)
        return Valued(move.move_id, -value, taken)


class Creates(ByLayer):
    def valued(self, pool: Any, move: FoldMove) -> Valued:
        valued = super().valued(pool, move)
        return valued._replace(value=valued.value - 1) if move.quantity < 0 else valued


class Discounts(ByLayer):
    """A method that values a receipt at a cent less than its cost."""

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        value = max((move.value or 0) - 1, 0)
        return super().valued(pool, move._replace(value=value) if move.quantity > 0 else move)


class UnitPrice(ByLayer):
    """A method with the classic fault: rounded unit cost times quantity."""

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        if move.quantity > 0:
            return super().valued(pool, move)
        units = -move.quantity // 1_000_000
        value = units * (pool.value // (pool.quantity // 1_000_000))
        value, taken = pool.issue(move, -move.quantity, value)
        return Valued(move.move_id, -value, taken)


class LooksAhead(ByLayer):
    def fold(self, opening: Any, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return super().fold(opening, list(moves))


class KnowsTheFuture(ByLayer):
    def fold(self, opening: Any, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        for valued in list(super().fold(opening, moves)):
            yield valued._replace(taken=valued.taken[: len(list(moves))]) if isinstance(moves, list) else valued


class FinishesLate(ByLayer):
    """A method that changes the pool only after the value is yielded."""

    def fold(self, opening: Any, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        for move in moves:
            if move.quantity > 0:
                yield Valued(move.move_id, move.value or 0)
                opening.receive(move, move.value or 0)
            else:
                yield self.valued(opening, move)


class Remembers(ByLayer):
    """A method that keeps state on the object, so that pools mix."""

    def __init__(self) -> None:
        self.last = 0

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        valued = super().valued(pool, move)
        if move.quantity < 0:
            return valued._replace(taken=tuple(part._replace(layer=self.last) for part in valued.taken))
        self.last = move.move_id
        return valued


class Skips(ByLayer):
    def fold(self, opening: Any, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return (valued for valued in super().fold(opening, moves) if valued.value)


class PokesThePool(ByLayer):
    """A method that changes layers directly and not through the pool's methods."""

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        for layer in pool.open:
            layer.taken += 0 if move.quantity > 0 else 1
        return super().valued(pool, move)


class SaysByAge(ByLayer):
    """A method that takes the cheapest layer first and yet declares `by_age`."""

    by_age = True

    def valued(self, pool: Any, move: FoldMove) -> Valued:
        if move.quantity > 0:
            return super().valued(pool, move)
        value, taken = pool.issue(move, -move.quantity, order=lambda layer: (layer.value,))
        return Valued(move.move_id, -value, taken)


STEPS = [(3, 1000), (2, 0), (-2, 0), (4, 777), (-1, 0)]


@pytest.mark.parametrize(
    ("method", "law"),
    [
        (Creates(), methods.values_sum_to_the_pool),
        (Discounts(), methods.values_sum_to_the_pool),
        (UnitPrice(), methods.last_unit_takes_the_rest),
        (LooksAhead(), methods.what_comes_after_does_not_matter),
        (KnowsTheFuture(), methods.what_comes_after_does_not_matter),
        (FinishesLate(), methods.one_by_one_is_in_one_go),
        (Remembers(), methods.one_by_one_is_in_one_go),
        (Skips(), methods.every_move_is_valued_once),
        (PokesThePool(), methods.a_fold_can_be_taken_back),
        (SaysByAge(), methods.who_goes_by_age_takes_by_age),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, CostMethod) else "",
)
def test_a_broken_cost_method_is_caught(method: CostMethod, law: Callable[..., None]) -> None:
    with pytest.raises(LawBroken, match="odd_method"):
        law(method, STEPS)


@pytest.mark.parametrize(
    "law",
    [
        methods.every_move_is_valued_once,
        methods.values_sum_to_the_pool,
        methods.last_unit_takes_the_rest,
        methods.what_comes_after_does_not_matter,
        methods.one_by_one_is_in_one_go,
        methods.a_fold_can_be_taken_back,
    ],
)
def test_a_correct_method_passes(law: Callable[..., None]) -> None:
    law(ByLayer(), STEPS)


class Misspelt(Odd):
    @hookimpl
    def wares_itemtypes(self) -> list[Any]:
        return []


class WrongAnnotation(Odd):
    @hookimpl
    def wares_item_created(self, item: Document) -> None:
        """Annotate an item as a document."""


def test_a_plugin_that_does_not_load_is_caught() -> None:
    with pytest.raises(LawBroken, match="did you mean wares_item_types"):
        loading.loads(Subject(plugin=Misspelt(Plain())))
    with pytest.raises(LawBroken, match="wares_item_created takes item"):
        loading.hooks_take_what_the_manual_says(Subject(plugin=WrongAnnotation(Plain())))
    with pytest.raises(LawBroken, match="registers no 'odd'"):
        loading.registers(Subject(plugin=Odd(None)), "item_types", Plain())


class ForeignTable(Odd):
    @hookimpl
    def wares_models(self) -> Any:
        from sqlalchemy import BigInteger, Column, MetaData, Table

        metadata = MetaData()
        company = Column("company_id", BigInteger, primary_key=True, autoincrement=False)
        Table(self.table, metadata, company, info={"kind": "company"})
        return metadata

    table = "customer_list"


class TableWithoutMigrations(ForeignTable):
    table = "odd_plugin_list"


def test_tables_of_others_and_without_migrations_are_caught() -> None:
    with pytest.raises(LawBroken, match="customer_list"):
        loading.tables_are_its_own(Subject(plugin=ForeignTable(None)))
    with pytest.raises(LawBroken, match="no migrations"):
        loading.tables_are_its_own(Subject(plugin=TableWithoutMigrations(None)))


ASSETS = ("bank", "receivable", "inventory")
TYPES = {**dict.fromkeys(ASSETS, "asset"), "payable": "liability", "income": "income", "cogs": "expense"}


class Charts(Odd):
    """A plugin that registers a chart with accounts for these roles."""

    def __init__(self, *roles: str, type_of_all: str = "") -> None:
        super().__init__(None)
        self.accounts = tuple(
            ChartAccount(f"1{sorted(TYPES).index(role):03}", role, type_of_all or TYPES[role], (role,)) for role in roles
        )

    @hookimpl
    def wares_charts_of_accounts(self) -> list[Chart]:
        return [Chart(key="odd_chart", title="Odd", accounts=self.accounts)]


def test_a_chart_without_the_accounts_of_trade_is_caught() -> None:
    for charts in (Charts(*ASSETS, "income", "cogs"), Charts(*TYPES, type_of_all="asset")):
        with pytest.raises(LawBroken, match="chart odd_chart: a company cannot trade with it"):
            loading.charts_open_books(Subject(plugin=charts))
    loading.charts_open_books(Subject(plugin=Charts(*TYPES)))


@pytest.mark.parametrize(("records", "problem"), [([3], "not all records"), ([{"type": "stock"}], "is an item of type odd")])
def test_wrong_examples_are_caught(records: list[Any], problem: str) -> None:
    with pytest.raises(LawBroken, match=problem):
        parted(records, "odd")


def test_correct_types_pass() -> None:
    for kind in (Plain(), Tracked(), Absorbs(), Bundle()):
        case = item_case(kind)
        items.example_is_accepted(case)
        selling.expansion_is_linear(case, 4)
        absence.item_survives_absence(case)
        if not kind.content_types:
            selling.parts_sum_to_the_whole(case, 7, 2)
        if kind.tracked:
            bought(case)
            sold_and_returned(case)
        case.close()
    documents.preview_is_what_is_posted(document_case(Transfer()))
