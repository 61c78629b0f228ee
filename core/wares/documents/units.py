"""The unit of a line that comes from another: that line's own, or the item's, into which both are then converted."""

from __future__ import annotations

from collections.abc import Iterable

from wares.errors import Refused
from wares.inventory.units import in_item_unit
from wares.model import LineInput, Origin, OriginDocument, Side
from wares.values import MAX_SCALED, SCALE, extend, times, unscaled


def is_in_other_unit(given: LineInput, origin: Origin) -> bool:
    """True if the line states another unit than its origin is recorded in. Refused UNIT_DIFFERS if the two cannot be compared."""
    recorded = origin.stated or origin
    item, name, factor = origin.item, recorded.unit, recorded.unit_factor
    if given.unit is None:
        differs = given.states_factor and given.unit_factor != factor
        return differs and _comparable(given, origin)
    if given.unit == name:
        if given.states_factor and given.unit_factor != factor:
            raise _refusal(given, f"{origin.number} has {unscaled(factor)} to the {name}, not {unscaled(given.unit_factor)}")
        return False
    if item is not None and given.unit == item.unit:
        if given.unit_factor != SCALE:
            raise _refusal(given, f"{name_of(origin)} is counted in {item.unit}, so its unit_factor is 1")
        return factor != SCALE
    if not given.states_factor:
        raise _refusal(given, f"{origin.number} is in {name or (item.unit if item else None) or 'its own unit'}, not {given.unit}")
    return given.unit_factor != factor and _comparable(given, origin)


def _comparable(given: LineInput, origin: Origin) -> bool:
    if origin.item is None:
        raise _refusal(given, f"{origin.number} has no item, so its units are not converted")
    return True


def name_of(origin: Origin) -> str:
    """Return the SKU of the origin's item, else its number."""
    return origin.item.sku if origin.item is not None else origin.number


def _refusal(given: LineInput, message: str) -> Refused:
    hint = "leave unit out for the unit of that line, or give unit_factor: the number of the item's units in one of yours"
    return Refused.because("UNIT_DIFFERS", message, path=f"{given.path}.unit", hint=hint)


def in_unit_of(given: LineInput, origin: Origin, side: Side, decimals: int) -> LineInput:
    """Return the line in the unit of its origin as it stands: as recorded, or (see `in_item_unit`) the item's.

    A price per other unit becomes the amount that it makes, which the division by the factor could not always express.
    """
    recorded = origin.stated or origin
    own = not is_in_other_unit(given, origin)
    factor = recorded.unit_factor if own else given.unit_factor
    given = given._replace(unit=origin.unit, unit_factor=origin.unit_factor)
    quantity = given.quantity
    if quantity is None or factor == origin.unit_factor:
        return given
    price = given.unit_price if side is Side.SALE else given.unit_cost
    if price is not None:
        amount = extend(quantity, price, decimals, given.discount)
        given = given._replace(amount=amount, unit_price=None, unit_cost=None)
    return given._replace(quantity=in_item_units(quantity, factor, given.path))


def in_item_units(quantity: int, factor: int, path: str) -> int:
    """Return a quantity in the item's unit. Refused BAD_QUANTITY if it rounds to 0 or is too large."""
    base = times(quantity, factor)
    if not base or abs(base) > MAX_SCALED:
        problem = "is more than Wares can keep" if base else "rounds to 0"
        message = f"{unscaled(quantity)} × {unscaled(factor)} {problem}"
        raise Refused.because("BAD_QUANTITY", message, path=f"{path}.quantity", hint="check unit_factor")
    return base


class Takings:
    """The quantities that the lines of one document took of the lines they come from, in the units in which these stand."""

    def __init__(self, origins: dict[str, OriginDocument]) -> None:
        self.origins = origins
        """The documents by number; one of which a line is converted is replaced here."""
        self._converted: dict[str, dict[str, Origin]] = {}  # number of a document → its lines, some of them in the item's unit
        self._taken: dict[tuple[int, bool], int] = {}  # line, in the item's unit? → quantity
        self._amounts: dict[tuple[int, bool], int] = {}  # line, in another currency than the company's? → amount

    def of(self, origin: Origin) -> int:
        """Return the quantity taken so far, in the unit of the origin as it stands."""
        return self._taken.get((origin.id, origin.stated is not None), 0)

    def take(self, origin: Origin, quantity: int, linked: int | None) -> None:
        """Note a quantity as taken; `linked` is the same in the unit in which the origin is recorded, if it stands in another."""
        in_item_units = times(quantity, origin.unit_factor) if linked is None else quantity
        parts: Iterable[tuple[bool, int]] = ((False, quantity if linked is None else linked), (True, in_item_units))
        for converted, part in parts:
            key = origin.id, converted
            self._taken[key] = self._taken.get(key, 0) + part

    def amount(self, origin: Origin) -> int:
        """Return the amount noted so far, in the currency of the origin as it stands."""
        return self._amounts.get((origin.id, origin.base is not None), 0)

    def take_amount(self, origin: Origin, amount: int) -> None:
        """Note an amount as taken."""
        self._amounts[origin.id, origin.base is not None] = self.amount(origin) + amount

    def in_item_unit(self, origin: Origin) -> Origin:
        """Return a line in the item's unit, in which it stands for all later lines too."""
        document = self.origins[origin.document_number]
        lines = self._converted.get(document.number)
        if lines is None:
            lines = self._converted[document.number] = dict(document.lines)
            self.origins[document.number] = document._replace(lines=lines)
        own = origin.number.partition("#")[2]
        lines[own] = in_item_unit(lines[own])
        return in_item_unit(origin)
