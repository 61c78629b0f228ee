"""The type `kit`: one priced line, with contents under it that move stock."""

from __future__ import annotations

from collections.abc import Mapping

from wares import (
    HUNDRED_PERCENT,
    SCALE,
    Attributes,
    Content,
    Context,
    Expansion,
    Item,
    ItemType,
    Line,
    NewLine,
    Origin,
    PriceContext,
    Pricing,
    Refused,
    Side,
    chosen_contents,
    divide,
    plain_price,
    share,
    times,
)


class KitAttributes(Attributes):
    """The pricing of a kit."""

    price_from_components: bool = False
    """The price of the kit is the sum of its contents' prices instead of a price of its own."""


class Kit(ItemType):
    """The item type that is sold as one line while its contents leave stock."""

    key = "kit"
    title = "Kit"
    summary = "Several items sold as one line at one price; nothing is put together, the contents leave stock."
    bought = False
    content_types = frozenset({"stock", "assembly", "non_stock", "service"})
    needs_contents = True
    Attributes = KitAttributes
    example_records = (
        {"record": "item", "type": "stock", "sku": "BOLT", "price": "0.20", "cost": "0.08"},
        {"record": "item", "type": "kit", "sku": "BAG", "price": "1.50", "components": [{"sku": "BOLT", "quantity": "10"}]},
    )

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Return the contents for the whole line: as sold on the line it comes from, as given on the line, else by the
        master."""
        if ctx.side is not Side.SALE:
            return Expansion()
        if line.origin is not None and line.origin.contents:
            return Expansion(contents=_from_origin(line, line.origin, ctx))
        return Expansion(contents=self._anew(line, ctx))

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return the kit's own price, or the sum of its contents' prices; a price on the line or its origin takes precedence
        over both."""
        item, given = line.item, line.given
        assert item is not None
        is_priced = given.amount is not None or given.unit_price is not None or line.origin is not None
        if is_priced or not item.attributes.price_from_components:
            return plain_price(line, ctx)
        return self._sum_of_contents(line, ctx.document)

    def availability(self, item: Item, own: int, contents: Mapping[int, int | None]) -> int | None:
        """Return the number of whole kits that the scarcest content allows, in millionths; contents without stock do not
        limit it. None if no content is kept in stock."""
        needed: dict[int, int] = {}
        for content in item.contents:
            needed[content.item_id] = needed.get(content.item_id, 0) + content.quantity
        limits = [
            max(available, 0) // quantity * SCALE
            for item_id, quantity in needed.items()
            if (available := contents.get(item_id)) is not None
        ]
        return min(limits) if limits else None

    def _anew(self, line: Line, ctx: Context) -> tuple[NewLine, ...]:
        contents = chosen_contents(line, self, ctx.masters)
        if not contents:
            assert line.item is not None
            raise Refused.because(
                "NEEDS_CONTENTS",
                f"kit {line.item.sku} has no contents",
                path=f"{line.path}.components",
                hint="give its components on the line, or set them on the item",
            )
        return tuple(
            NewLine(item, times(line.base_quantity, per_kit), ctx.in_currency(item.price), lot=lot)
            for item, per_kit, lot in contents
        )

    def _sum_of_contents(self, line: Line, ctx: Context) -> Pricing:
        """Return Σ quantity × price of the contents, rounded once for the line. Refused NO_PRICE."""
        total = 0
        for content in self._anew(line, ctx):
            if content.unit_price is None:
                raise Refused.because(
                    "NO_PRICE",
                    f"{content.item.sku} has no price, and the kit takes its price from its components",
                    path=f"{line.path}.unit_price",
                    hint=f"set the price of {content.item.sku}, or give unit_price or amount on the line",
                )
            total += content.quantity * content.unit_price
        discount = line.given.discount
        exact = total * (HUNDRED_PERCENT - discount) * 10**ctx.decimals
        amount = divide(exact, SCALE * SCALE * HUNDRED_PERCENT)
        return Pricing(amount, divide(total, line.quantity), discount=discount)


def _from_origin(line: Line, origin: Origin, ctx: Context) -> tuple[NewLine, ...]:
    """Return the contents of the line this one comes from, each in proportion to the quantity sold, cumulatively rounded.
    Contents given on the line replace them if goods go out. On a return they are refused (CONTENTS_AS_SOLD): the contents
    sold come back."""
    if line.given.components is None:
        return tuple(
            NewLine(content.item, part, content.unit_price, content)
            for content in origin.contents
            if content.item is not None and (part := _part(line, origin, content, ctx))
        )
    if ctx.sign < 0:
        raise Refused.because(
            "CONTENTS_AS_SOLD",
            f"the contents of {origin.number} come back as they were sold",
            path=f"{line.path}.components",
            hint=f'leave components out; a content alone comes back as a line "from": "{origin.contents[0].number}"',
        )
    left = {content.item.id: content for content in origin.contents if content.item is not None}
    chosen = chosen_contents(line, Kit(), ctx.masters)
    return tuple(
        _chosen(Content(item, times(line.base_quantity, per_kit), lot), left.pop(item.id, None), ctx)
        for item, per_kit, lot in chosen
    )


def _chosen(content: Content, origin: Origin | None, ctx: Context) -> NewLine:
    """Return a content that was changed on the line. It still fulfils the content it replaces, unless it is more than the
    quantity left of that."""
    if origin is not None:
        taken = max((done for done, _ in origin.done.values()), default=0)
        if content.quantity > origin.quantity - taken:
            origin = None
    return NewLine(content.item, content.quantity, ctx.in_currency(content.item.price), origin, content.lot)


def _part(line: Line, origin: Origin, content: Origin, ctx: Context) -> int:
    """Return the part of a content that falls on the kits of a line: of contents that come back, no more than is out."""
    before = share(content.quantity, line.done, origin.quantity)
    part = share(content.quantity, line.done + line.quantity, origin.quantity) - before
    if ctx.sign > 0:
        return part
    back, _ = content.done.get(ctx.header.type.fulfils[origin.document_type], (0, 0))
    return min(part, content.quantity - back)
