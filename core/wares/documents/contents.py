"""Credits of what was sold under one price: a content alone with its share of that price, the whole with the rest.

The price of a row is split over its contents. A content that comes back alone takes its share, cumulatively rounded, and a row that
comes back later takes the price less the shares of the contents that are back already; the last credit takes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wares.documents.calculations import Progress
from wares.documents.units import Takings
from wares.model import Item, LinkKind, Origin
from wares.values import share, split, unit_value

LINK = LinkKind.CREDIT


class CreditPart(NamedTuple):
    """The part of a row that a credit takes, as the origin of its line."""

    origin: Origin
    """The origin with the amounts that make the line's share of it what is due, in both currencies."""
    done_amount: int
    """The `Line.done_amount` that does so in the document's currency."""


def split_price(amount: int, contents: Sequence[tuple[Item, int, int | None]]) -> list[int]:
    """Split the amount of a row over its contents (item, quantity, price): by their prices; if one has none, by their costs; if
    one has none either, by quantity. Uses the largest remainder, so that the parts sum to the amount."""
    prices = [price for _, _, price in contents]
    costs = [item.cost for item, _, _ in contents]
    for rates in (prices, costs):
        known = [rate for rate in rates if rate is not None]
        weights = [quantity * rate for (_, quantity, _), rate in zip(contents, known, strict=False)]
        if len(known) == len(contents) and any(weights):
            return split(amount, weights)
    return split(amount, [quantity for _, quantity, _ in contents])


def back(content: Origin, takings: Takings) -> int:
    """Return the quantity of a content that credits brought back, alone and with its row."""
    return content.done.get(LINK, (0, 0))[0] + takings.of(content)


def credit_part(row: Origin, origin: Origin, line: Progress, takings: Takings, decimals: int) -> CreditPart:
    """Return the part of a row's price that comes with a line from the row, or from one of its contents (`origin`)."""
    if origin.id == row.id:
        return _row_part(row, line, takings)
    return _content_part(row, origin, line, takings, decimals)


def all_back(row: Origin, takings: Takings) -> bool:
    """True if every content of a row is back, so that nothing of the row is left to credit."""
    return bool(row.contents) and all(back(each, takings) >= each.quantity for each in row.contents)


def _content_part(row: Origin, content: Origin, line: Progress, takings: Takings, decimals: int) -> CreditPart:
    """Return the part of a row's price that comes with one of its contents alone."""
    done, quantity, _ = line
    others = [each for each in row.contents if each.id != content.id]
    closes = done + quantity == content.quantity and all(back(each, takings) >= each.quantity for each in others)
    levels: list[Origin] = []
    for of, each in _levels(row, content):
        whole, rest = _prices(of)[each.id], of.amount - credited(of, takings)
        due = rest if closes else share(whole, done + quantity, each.quantity) - share(whole, done, each.quantity)
        due = max(min(0, rest), min(due, max(0, rest)))
        before = share(whole, done + quantity, each.quantity) - due
        levels.append(
            each._replace(
                amount=whole, goods_amount=whole, unit_price=unit_value(whole, each.quantity, decimals),
                done={LINK: (done, before)}, accounts={**row.accounts, **content.accounts},
            )
        )  # fmt: skip
    return _part(levels, done + quantity, takings)


def _row_part(row: Origin, line: Progress, takings: Takings) -> CreditPart:
    """Return the part of a row's price that comes with a part of the row, and note its contents that are not back as taken."""
    done, quantity, _ = line
    contents = tuple(each._replace(done={**each.done, LINK: (back(each, takings), _amount(each))}) for each in row.contents)
    levels: list[Origin] = []
    for of, _ in _levels(row, row):
        before, alone = _amount(of) + takings.amount(of), _alone(of, takings)
        deducted, missing = max(0, share(of.amount, done, row.quantity) - before), 0
        for each, whole in zip(contents, _prices(of).values(), strict=True):
            asked = share(each.quantity, done + quantity, row.quantity) - share(each.quantity, done, row.quantity)
            missing += share(whole, max(0, asked - each.quantity + each.done[LINK][0]), each.quantity)
        before += alone if done + quantity == row.quantity else min(alone, deducted + missing)
        levels.append(of._replace(done={**of.done, LINK: (done, before)}, contents=contents))
    for each in row.contents:
        asked = share(each.quantity, done + quantity, row.quantity) - share(each.quantity, done, row.quantity)
        takings.take(each, min(asked, each.quantity - back(each, takings)), None)
    return _part(levels, done + quantity, takings)


def credited(row: Origin, takings: Takings) -> int:
    """Return the amount of a row that credits took, those of its contents and of this document included."""
    return _amount(row) + takings.amount(row) + _alone(row, takings)


def _levels(row: Origin, of: Origin) -> list[tuple[Origin, Origin]]:
    """Return a row and one of its lines in the document's currency, and in the company's where that is another."""
    return [(row, of)] if row.base is None or of.base is None else [(row, of), (row.base, of.base)]


def _part(levels: list[Origin], quantity: int, takings: Takings) -> CreditPart:
    for each in levels:
        takings.take_amount(each, share(each.amount, quantity, each.quantity) - _amount(each))
    origin = levels[0] if len(levels) == 1 else levels[0]._replace(base=levels[1])
    return CreditPart(origin, _amount(origin))


def _amount(origin: Origin) -> int:
    return origin.done.get(LINK, (0, 0))[1]


def _alone(row: Origin, takings: Takings) -> int:
    return sum(_amount(each) + takings.amount(each) for each in row.contents)


def _prices(row: Origin) -> dict[int, int]:
    """Return the share of each content (its line's id) in the price of the row."""
    named = [(each.item, each.quantity, each.unit_price) for each in row.contents if each.item is not None]
    return dict(zip([each.id for each in row.contents], split_price(row.amount, named), strict=True))
