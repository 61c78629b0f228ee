"""Calculations: charges, discounts, markups and subtotals.

A calculation is a row that acts on the row above it (together with the calculations that already act on that row), or
on the group that a subtotal closed:

    Frame            100.00
    less 10 %        −10.00      a discount with {"percent": "10"}
    plus 5 %           4.50      a markup with {"percent": "5"}: of 90.00, the running net
    ----------------------
                      94.50      (with the setting calculation_base=original: 5 % of 100.00, and 95.00)

Each has either a `percent` or a fixed `amount` per unit of its own quantity. Both are decimals in the item's
attributes. A charge that differs from document to document (freight) may leave both out: the line then gives its
`amount` or price. On a purchase, a charge with `into_cost` becomes part of the cost of the goods it acts on instead of
an expense; a charge with `reduces` is subtracted, as a supplier's discount on the whole bill is. Discounts and markups
are for sales only.

`types.py` holds the four types.
"""

from __future__ import annotations

from wares import ItemType, Question, hookimpl
from wares_calculation.types import Charge, Discount, Markup, Subtotal

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Charge(), Discount(), Markup(), Subtotal()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="charged_on_top",
            text="Is it a charge added to a document, such as freight or a fee?",
            type="charge",
            because="it adds an amount or a percentage to the rows above it, on sales and on purchases",
            weight=90,
        ),
        Question(
            key="takes_off",
            text="Does it take something off what you sell?",
            type="discount",
            because="it takes an amount or a percentage off the rows above it and posts to an account of its own",
            weight=91,
        ),
        Question(
            key="marks_up",
            text="Does it raise the price of what you sell by an amount or a percentage?",
            type="markup",
            because="it adds to the price of the rows above it on a sale",
            weight=92,
        ),
        Question(
            key="sums_up",
            text="Does it only show the sum of the lines above?",
            type="subtotal",
            because="it adds nothing: it sums the rows above, and a discount under it acts on that sum",
            weight=93,
        ),
    ]
