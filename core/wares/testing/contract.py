"""Contracts: classes of tests that a plugin's own test class inherits, one for each kind of object.

A law that does not apply to the object (a return of something that is never sold) is no test of the class at all; a gap in `gaps`
is a strict xfail: it fails the day it is mended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from wares.costmethod import CostMethod
from wares.documenttype import DocumentType
from wares.itemtype import ItemType
from wares.report import Report
from wares.testing import strategies as draw
from wares.testing.databases import own_database
from wares.testing.laws import absence, costs, documents, items, loading, methods, reports, selling
from wares.testing.laws.subject import DocumentCase, ItemCase, Number, Record, ReportCase, Subject, plain_line
from wares.testing.small_company import plugins_with

CONTRACT_VERSION = 1
"""Rises when a law is added that a plugin which kept the old ones may break."""
POSTGRESQL_URL = "WARES_TEST_POSTGRESQL_URL"
"""Where a PostgreSQL server for the migrations is; without it they are tried on SQLite alone."""

Test = TypeVar("Test", bound=Callable[..., None])


def applies_if(condition: Callable[[Any], object]) -> Callable[[Test], Test]:
    """The test is one of the class only if `condition(class)` holds."""

    def mark(test: Test) -> Test:
        test.applies_if = condition  # type: ignore[attr-defined]
        return test

    return mark


def for_all(law: Callable[..., None], *, examples: int = 25, **drawn: st.SearchStrategy[Any]) -> None:
    """Try a law with what hypothesis draws."""

    @settings(max_examples=examples, deadline=None)
    @given(**drawn)
    def holds(**values: Any) -> None:
        law(**values)

    holds()


class PluginContract:
    """A plugin as such. `others` are plugins that it builds on; `needs` are records that its examples need first."""

    contract_version: ClassVar[int] = CONTRACT_VERSION
    plugin: Any
    others: ClassVar[Sequence[object]] = ()
    needs: ClassVar[Sequence[Record]] = ()
    gaps: ClassVar[Mapping[str, str]] = {}
    """Test → why it fails for now."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not hasattr(cls, "plugin"):
            return
        for name in [name for name in dir(cls) if name.startswith("test_")]:
            test = getattr(cls, name)
            condition = getattr(test, "applies_if", None)
            if condition is not None and not condition(cls):
                setattr(cls, name, None)
            elif name in cls.gaps and name not in vars(cls):
                setattr(cls, name, pytest.mark.xfail(reason=cls.gaps[name], strict=True)(_copy(test)))
        unknown = [name for name in cls.gaps if getattr(cls, name, None) is None]
        if unknown:
            raise TypeError(f"{cls.__name__}.gaps names {', '.join(unknown)}, which is no test of it")

    @classmethod
    def examined(cls) -> Subject:
        """What the fixture `subject` gives to the tests of this class."""
        return Subject(plugin=cls.plugin, others=cls.others, needs=cls.needs)

    def test_loads_strictly(self, subject: Subject) -> None:
        loading.loads(subject)

    def test_hooks_take_what_the_manual_says(self, subject: Subject) -> None:
        loading.hooks_take_what_the_manual_says(subject)

    def test_tables_are_its_own(self, subject: Subject) -> None:
        loading.tables_are_its_own(subject)

    def test_migrations_go_up_down_and_up(self, subject: Subject, tmp_path: Path) -> None:
        from wares.storage.database import open_engine

        for url in filter(None, (f"sqlite:///{tmp_path / 'books.db'}", os.environ.get(POSTGRESQL_URL))):
            with own_database(url) as place:
                engine = open_engine(place)
                loading.migrations_go_up_down_and_up(subject, engine)
                engine.dispose()


class ItemTypeContract(PluginContract):
    """An item type. `example` is the record of an item of it, `line(sku, quantity)` how such an item stands on a document."""

    item_type: ClassVar[ItemType]
    example: ClassVar[Record]
    follows: ClassVar[Sequence[Record]] = ()
    """Records that build on the example: the variants of a master."""

    @classmethod
    def examined(cls) -> ItemCase:
        return ItemCase(
            plugin=cls.plugin, others=cls.others, needs=cls.needs, key=cls.item_type.key, example=cls.example,
            follows=cls.follows, line_of=cls.line,
        )  # fmt: skip

    @staticmethod
    def line(sku: str, quantity: Number) -> Mapping[str, Any]:
        """The line for so many of it; override where `quantity` alone does not say it."""
        return plain_line(sku, quantity)

    def test_registers_the_type(self, subject: ItemCase) -> None:
        loading.registers(subject, "item_types", self.item_type)

    def test_example_is_accepted(self, subject: ItemCase) -> None:
        items.example_is_accepted(subject)

    def test_attributes_have_no_float(self, subject: ItemCase) -> None:
        items.attributes_have_no_float(subject)

    def test_unknown_attributes_are_refused(self, subject: ItemCase) -> None:
        items.unknown_attributes_are_refused(subject)

    def test_attributes_round_trip(self, subject: ItemCase) -> None:
        for_all(lambda attributes: items.attributes_round_trip(subject, attributes), attributes=self._attributes())

    def test_validation_is_pure_and_reports_issues(self, subject: ItemCase) -> None:
        law = items.validation_is_pure_and_reports_issues
        for_all(lambda attributes: law(subject, attributes), attributes=self._attributes())

    def test_behaviour_is_pure(self, subject: ItemCase) -> None:
        selling.behaviour_is_pure(subject, 1 if self.item_type.calculates else 3)

    @applies_if(lambda its: not its.item_type.calculates)
    def test_expansion_is_linear(self, subject: ItemCase) -> None:
        for_all(lambda quantity: selling.expansion_is_linear(subject, quantity), quantity=draw.QUANTITIES)

    @applies_if(lambda its: its.item_type.key in its.item_type.content_types)
    def test_expansion_nests(self, subject: ItemCase) -> None:
        selling.expansion_nests(subject, 3)

    def test_price_is_conserved(self, subject: ItemCase) -> None:
        quantity = st.just(1) if self.item_type.calculates else draw.QUANTITIES
        law = selling.price_is_conserved
        for_all(lambda **drawn: law(subject, **drawn), quantity=quantity, discount=draw.DISCOUNTS)

    @applies_if(lambda its: its.item_type.sold and not its.item_type.calculates)
    def test_parts_sum_to_the_whole(self, subject: ItemCase) -> None:
        def law(quantity: int, part: int) -> None:
            selling.parts_sum_to_the_whole(subject, quantity, part % quantity)

        for_all(law, examples=15, quantity=draw.QUANTITIES, part=draw.QUANTITIES)

    def test_roles_are_declared_and_resolve(self, subject: ItemCase) -> None:
        selling.roles_are_declared_and_resolve(subject, 1)

    @applies_if(lambda its: its.item_type.sold and not its.item_type.calculates)
    def test_no_cost_is_created_or_lost(self, subject: ItemCase) -> None:
        def law(cents: int, counts: list[int]) -> None:
            returned, sold, bought = sorted(counts)
            costs.no_cost_is_created_or_lost(subject, cents=cents, bought=bought, sold=sold, returned=returned)

        counts = st.lists(st.integers(1, 60), min_size=3, max_size=3)
        for_all(law, examples=12, cents=draw.CENTS, counts=counts)

    def test_a_wrapper_that_does_nothing_is_invisible(self, subject: ItemCase) -> None:
        absence.item_wrapper_is_invisible(subject, 1)

    def test_books_survive_without_the_plugin(self, subject: ItemCase) -> None:
        absence.item_survives_absence(subject)

    def _attributes(self) -> st.SearchStrategy[BaseModel]:
        return draw.attributes_of(self.item_type.Attributes, self.example.get("attributes", {}))


class WrapperContract(ItemTypeContract):
    """A plugin that wraps the behaviour of a type that another one has: `wraps` is the key of the type. Without an `example` the
    type's own is tried."""

    wraps: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        if hasattr(cls, "wraps"):
            cls.item_type = plugins_with(*cls.others, cls.plugin).registry.item_types[cls.wraps]
            if not hasattr(cls, "example"):
                *cls.needs, cls.example = cls.item_type.example_records
        super().__init_subclass__(**options)

    def test_registers_the_type(self, subject: ItemCase) -> None:
        """Another plugin does."""
        assert subject.plugins.registry.owner("item_types", self.wraps) is not None

    def test_books_survive_without_the_plugin(self, subject: ItemCase) -> None:
        absence.books_go_on_without(subject)


class DocumentTypeContract(PluginContract):
    """A document type. `example` is the record of a document of it; what that needs (items, stock, earlier documents) is in
    `needs`."""

    document_type: ClassVar[DocumentType]
    example: ClassVar[Record]

    @classmethod
    def examined(cls) -> DocumentCase:
        key, example = cls.document_type.key, cls.example
        return DocumentCase(plugin=cls.plugin, others=cls.others, needs=cls.needs, key=key, example=example)

    def test_registers_the_type(self, subject: DocumentCase) -> None:
        loading.registers(subject, "document_types", self.document_type)

    def test_preview_is_what_is_posted(self, subject: DocumentCase) -> None:
        documents.preview_is_what_is_posted(subject)

    def test_postings_balance(self, subject: DocumentCase) -> None:
        documents.postings_balance(subject)

    def test_void_takes_everything_back(self, subject: DocumentCase) -> None:
        documents.void_takes_everything_back(subject)

    @applies_if(lambda its: "key" in its.document_type.header_keys)
    def test_key_makes_it_happen_once(self, subject: DocumentCase) -> None:
        documents.key_makes_it_happen_once(subject)

    def test_unknown_keys_are_refused(self, subject: DocumentCase) -> None:
        documents.unknown_keys_are_refused(subject)

    def test_wrong_values_are_refused(self, subject: DocumentCase) -> None:
        documents.wrong_values_are_refused(subject)

    def test_a_wrapper_that_does_nothing_is_invisible(self, subject: DocumentCase) -> None:
        absence.document_wrapper_is_invisible(subject)

    def test_books_survive_without_the_plugin(self, subject: DocumentCase) -> None:
        absence.document_survives_absence(subject)


class CostMethodContract(PluginContract):
    """A cost method."""

    cost_method: ClassVar[CostMethod]

    def test_registers_the_method(self, subject: Subject) -> None:
        loading.registers(subject, "cost_methods", self.cost_method)

    def test_every_move_is_valued_once(self) -> None:
        self._for_all_steps(methods.every_move_is_valued_once)

    def test_values_sum_to_the_pool(self) -> None:
        self._for_all_steps(methods.values_sum_to_the_pool)

    def test_last_unit_takes_the_rest(self) -> None:
        self._for_all_steps(methods.last_unit_takes_the_rest)

    def test_what_comes_after_does_not_matter(self) -> None:
        self._for_all_steps(methods.what_comes_after_does_not_matter)

    def test_one_by_one_is_in_one_go(self) -> None:
        self._for_all_steps(methods.one_by_one_is_in_one_go)

    def test_a_fold_can_be_taken_back(self) -> None:
        self._for_all_steps(methods.a_fold_can_be_taken_back)

    def test_the_books_verify(self, subject: Subject) -> None:
        def law(steps: list[tuple[int, int]], sell_out: bool) -> None:
            with subject.books() as books:
                method = self.cost_method
                costs.method_keeps_the_books(method.key, books, _possible(steps, sell_out), per_lot=method.per_lot)

        for_all(law, examples=10, steps=draw.STEPS, sell_out=st.booleans())

    def _for_all_steps(self, law: Callable[[CostMethod, methods.Steps], None]) -> None:
        for_all(lambda steps: law(self.cost_method, steps), examples=60, steps=draw.STEPS)


class ReportContract(PluginContract):
    """A report. `needs` are records after which it has something to show, `parameters` what it is asked with."""

    report: ClassVar[Report]
    parameters: ClassVar[Record] = {}

    @classmethod
    def examined(cls) -> ReportCase:
        return ReportCase(plugin=cls.plugin, others=cls.others, needs=cls.needs, key=cls.report.key, parameters=cls.parameters)

    def test_registers_the_report(self, subject: ReportCase) -> None:
        loading.registers(subject, "reports", self.report)

    def test_example_is_shown(self, subject: ReportCase) -> None:
        reports.example_is_shown(subject)

    def test_reading_is_pure(self, subject: ReportCase) -> None:
        reports.reading_is_pure(subject)

    def test_parameters_have_no_float(self, subject: ReportCase) -> None:
        reports.parameters_have_no_float(subject)

    def test_unknown_parameters_are_refused(self, subject: ReportCase) -> None:
        reports.unknown_parameters_are_refused(subject)

    @applies_if(lambda its: its.report.Parameters.model_fields)
    def test_any_text_is_read_or_refused(self, subject: ReportCase) -> None:
        for_all(lambda text: reports.any_text_is_read_or_refused(subject, text), text=draw.TYPED)

    def test_empty_books_are_shown(self, subject: ReportCase) -> None:
        reports.empty_books_are_shown(subject)


def _possible(steps: list[tuple[int, int]], sell_out: bool) -> list[tuple[int, int]]:
    """The steps with no more going out than there is, and with `sell_out` the rest at the end."""
    held, possible = 0, []
    for quantity, cents in steps:
        count = quantity if quantity > 0 else -min(-quantity, held)
        held += count
        if count:
            possible.append((count, cents))
    return [*possible, (-held, 0)] if sell_out and held else possible


def _copy(test: Callable[..., None]) -> Callable[..., None]:
    """A test of its own, so that a mark on it is no mark on the contract's."""

    @wraps(test)
    def copied(*arguments: Any, **fixtures: Any) -> None:
        test(*arguments, **fixtures)

    return copied
