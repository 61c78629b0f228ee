"""Groups: an item that the document replaces by a line for each of its members.

Enter `STARTER` once and the document holds its members, each a line of its own with its own price, account and stock;
the group itself has no amount and no stock. With `use_group_prices` each member is sold at the price stated beside it
in the group (at its own price if none is stated); `print_as_one` tells a program that prints the document to show the
group as a single line. A group may hold groups; the catalogue refuses one that contains itself.

Unlike a kit, a group is not a product: it has no price, and a return names the members' lines.
"""

from __future__ import annotations

from wares import (
    Attributes,
    Context,
    Expansion,
    ItemType,
    Line,
    NewLine,
    Question,
    Refused,
    Side,
    hookimpl,
    times,
)

WARES_API_VERSION = 1


class GroupAttributes(Attributes):
    """The pricing and printing of the members."""

    use_group_prices: bool = False
    """On sales, members have the prices stated in the group."""
    print_as_one: bool = False
    """A printed document shows the group as a single line."""


class Group(ItemType):
    """The item type that is replaced by a line for each member."""

    key = "group"
    title = "Group"
    summary = "A shorthand for lines you often enter together; each member becomes a line of its own."
    content_types = frozenset(
        {"stock", "assembly", "kit", "non_stock", "expense", "service", "group"} | {"charge", "discount", "markup", "subtotal"}
    )
    needs_contents = True
    Attributes = GroupAttributes
    example_records = (
        {"record": "item", "type": "stock", "sku": "BOLT", "price": "0.20", "cost": "0.08"},
        {"record": "item", "type": "group", "sku": "STARTER", "components": [{"sku": "BOLT", "quantity": "4"}]},
    )

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Return the members' lines in the group's order; each quantity is the line's times the member's. Refused
        GROUP_PRICE."""
        item, given = line.item, line.given
        assert item is not None
        if given.amount is not None or given.unit_price is not None or given.unit_cost is not None:
            raise Refused.because(
                "GROUP_PRICE",
                f"{item.sku} is a group and has no price of its own",
                path=line.path,
                hint="enter its members as lines of their own, or set the prices in the group",
            )
        at_group_prices = item.attributes.use_group_prices and ctx.side is Side.SALE
        return Expansion(
            rows=tuple(
                NewLine(
                    ctx.masters.item_by_id(member.item_id),
                    times(line.base_quantity, member.quantity),
                    ctx.in_currency(member.price) if at_group_prices else None,
                )
                for member in item.contents
            )
        )


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Group()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="entered_together",
            text="Is it a set of lines that you often enter together, each with its own price on the document?",
            type="group",
            because="it only saves typing: a group becomes its members' lines",
            weight=80,
        )
    ]
