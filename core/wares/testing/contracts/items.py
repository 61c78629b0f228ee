"""The contracts of item types, and of wrappers around the item types of other plugins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from hypothesis import strategies as st
from pydantic import BaseModel

from wares.contract.item_type import ItemType
from wares.testing import strategies as draw
from wares.testing.contract import PluginContract, applies_if, for_all
from wares.testing.laws import absence, costs, items, loading, selling
from wares.testing.laws.subject import ItemCase, parted
from wares.testing.small_company import plugins_with
from wares.values import Record


class ItemTypeContract(PluginContract):
    """The tests of an item type."""

    item_type: ClassVar[ItemType]
    """The type that the plugin registers."""
    example: ClassVar[Record]
    """Record of an item of the type; `ItemType.example_line` gives its line on a document."""
    follows: ClassVar[Sequence[Record]] = ()
    """Records that build on the example, such as the variants of a master."""

    @classmethod
    def examined(cls) -> ItemCase:
        return ItemCase(
            plugin=cls.plugin, others=cls.others, needs=cls.needs, key=cls.item_type.key, example=cls.example, follows=cls.follows
        )  # fmt: skip

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

    @applies_if(lambda its: its.item_type.tracked and its.item_type.bought and not its.item_type.calculates)
    def test_absorbed_cost_is_posted(self, subject: ItemCase) -> None:
        law = costs.absorbed_cost_is_posted
        for_all(lambda **drawn: law(subject, **drawn), examples=5, cents=draw.CENTS, bought=st.integers(1, 60))

    def test_a_wrapper_that_does_nothing_is_invisible(self, subject: ItemCase) -> None:
        absence.item_wrapper_is_invisible(subject, 1)

    def test_books_survive_without_the_plugin(self, subject: ItemCase) -> None:
        absence.item_survives_absence(subject)

    def _attributes(self) -> st.SearchStrategy[BaseModel]:
        return draw.attributes_of(self.item_type.Attributes, self.example.get("attributes", {}))


class WrapperContract(ItemTypeContract):
    """The tests of a plugin that wraps the behaviour of another plugin's item type. Without `example` they use the type's own."""

    wraps: ClassVar[str]
    """Key of the wrapped item type."""

    def __init_subclass__(cls, **options: object) -> None:
        if hasattr(cls, "wraps"):
            cls.item_type = plugins_with(*cls.others, cls.plugin).registry.item_types[cls.wraps]
            if not hasattr(cls, "example"):
                cls.needs, cls.example, cls.follows = parted(cls.item_type.example_records, cls.wraps)
        super().__init_subclass__(**options)

    def test_registers_the_type(self, subject: ItemCase) -> None:
        """Check that another plugin registers the wrapped type."""
        assert subject.plugins.registry.owner("item_types", self.wraps) is not None

    def test_books_survive_without_the_plugin(self, subject: ItemCase) -> None:
        absence.books_go_on_without(subject)
