"""The contract of cost methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st

from wares.costing.method import CostMethod
from wares.testing import strategies as draw
from wares.testing.contract import PluginContract, for_all
from wares.testing.laws import costs, loading, methods
from wares.testing.laws.subject import Subject


class CostMethodContract(PluginContract):
    """The tests of a cost method."""

    cost_method: ClassVar[CostMethod]
    """The method that the plugin registers."""

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

    def test_who_goes_by_age_takes_by_age(self) -> None:
        self._for_all_steps(methods.who_goes_by_age_takes_by_age)

    def test_the_books_verify(self, subject: Subject) -> None:
        def law(steps: list[tuple[int, int]], sell_out: bool) -> None:
            with subject.books() as books:
                method = self.cost_method
                costs.method_keeps_the_books(method.key, books, _possible(steps, sell_out), per_lot=method.per_lot)

        for_all(law, examples=10, steps=draw.STEPS, sell_out=st.booleans())

    def _for_all_steps(self, law: Callable[[CostMethod, methods.Steps], None]) -> None:
        for_all(lambda steps: law(self.cost_method, steps), examples=60, steps=draw.STEPS)


def _possible(steps: list[tuple[int, int]], sell_out: bool) -> list[tuple[int, int]]:
    """Return the steps with each issue cut to the quantity on hand, and with `sell_out` an issue of the rest at the end."""
    held, possible = 0, []
    for quantity, cents in steps:
        count = quantity if quantity > 0 else -min(-quantity, held)
        held += count
        if count:
            possible.append((count, cents))
    return [*possible, (-held, 0)] if sell_out and held else possible
