"""Our figures and reasons for scenarios that depend on a policy, if our policy differs from the other system's.

Only scenarios that depend on a policy (`universal` false) may stand here. A figure of None removes the other system's figure;
"error" means that we refuse the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Ours(NamedTuple):
    """Our policy for one scenario."""

    policy: str
    """The policy in a few words."""
    figures: Mapping[int, Mapping[str, Any]]
    """Event → key → figure under this policy."""


def gl(**amounts: str) -> list[dict[str, str]]:
    """Return an entry of these roles; a credit has a minus sign."""
    return [{"role": role, "cr" if text.startswith("-") else "dr": text.lstrip("-")} for role, text in amounts.items()]


def described(ours: Ours, expect: Iterable[Mapping[str, Any]]) -> str:
    """Return the policy with our figures and, if it has one, the other system's figure beside each."""
    peers = {(each["after"], key): figure for each in expect for key, figure in each.items()}
    said = [
        f"after {event} {key} {_shown(figure)}" + (f", not {_shown(peer)}" if (peer := peers.get((event, key))) is not None else "")
        for event, figures in ours.figures.items() for key, figure in figures.items() if figure is not None
    ]  # fmt: skip
    return f"{ours.policy}: {'; '.join(said)}"


def _shown(figure: Any) -> str:
    if isinstance(figure, Mapping):
        return " ".join(f"{role} {amount}" for role, amount in figure.items())
    if not isinstance(figure, list):
        return str(figure)
    entries = [f"{e['role']} {e.get('dr') or '-' + e['cr']}" if isinstance(e, Mapping) else str(e) for e in figure]
    return " ".join(entries) or "nothing"


OURS: Mapping[str, Ours] = {
    "S015": Ours(
        "quantities have 6 decimals; more are refused, not rounded",
        {2: {"error": "BAD_VALUE", "on_hand": "1", "stock_value": "1"}},
    ),
    "S039": Ours(
        "what an issue takes rounds cumulatively (6 of 7 take 21.63 of 25.24), and an estimate is the last cost known",
        {8: {"stock_value": "3.61"}, 9: {"event_value": "-7.22", "stock_value": "-3.61"}},
    ),
    "S045": Ours(
        "the odd cent falls where the cumulative share rounds: 1.62, 1.61, 1.62",
        {4: {"event_value": "-1.61"}, 5: {"event_value": "-1.62"}},
    ),
    "S061": Ours("what stays uncovered keeps its estimate", {2: {"stock_value": "-80"}}),
    "S069": Ours(
        "quantities are exact to 6 decimals: 99.9997 are not 100",
        {4: {"error": "INSUFFICIENT_STOCK", "on_hand_rounded": None, "on_hand": "99.9997"}},
    ),
    "S107": Ours("a lot that is new has no cost of its own: it must be stated", {4: {"error": "NO_COST", "event_value": None}}),
    "S113": Ours(
        "a method change is value-neutral: the rate is 240.00 / 19, not rounded to cents",
        {4: {"stock_value": "240.00", "gl": []}},
    ),
    "S117": Ours("a bill always re-costs what it prices", {6: {"receipt_value": "50"}}),
    "S121": Ours(
        "a receipt has one value, 7 billed at 12 and 3 at the order price: what went back shares in it, the rest is variance",
        {
            4: {"stock_value": "115.80", "layer_values": ["79.80", "36"]},
            5: {"event_value": "-11.40", "stock_value": "104.40"},
            7: {"event_value": "-57"},
            8: {
                "stock_value": "47.40",
                "gl_balance": {"grni": "0", "inventory": "47.40", "payable": "-48", "price_variance": "0.60"},
            },
        },
    ),
    "S123": Ours(
        "goods go back from their own receipt's layer: 10 at 20",
        {
            5: {"event_value": "-200", "stock_value": "100", "gl": gl(grni="200", inventory="-200")},
            6: {"gl": gl(payable="200", grni="-200")},
        },
    ),
    "S125": Ours(
        "goods go back at their receipt's cost while that leaves the pool sound",
        {3: {"event_value": "-500", "stock_value": "1050", "gl": gl(grni="500", inventory="-500")}},
    ),
    "S131": Ours(
        "a bill re-costs the receipt of an average item: Q is worth 20, of which 3 of 5 are sold",
        {
            2: {"gl": gl(grni="46", payable="-44", price_variance="8", inventory="-10")},
            3: {"gl": gl(stock_delivered_not_invoiced="22", inventory="-22")},
            4: {
                "gl": gl(receivable="50", revenue="-50", cogs="22", stock_delivered_not_invoiced="-22"),
                "gl_balance": {
                    "inventory": "18",
                    "grni": "0",
                    "price_variance": "4",
                    "cogs": "22",
                    "revenue": "-50",
                    "receivable": "50",
                    "payable": "-44",
                    "stock_delivered_not_invoiced": "0",
                },
            },
            5: {"gl": gl(receivable="-10", revenue="10")},
        },
    ),
    "S133": Ours(
        "cost is known when the goods leave: an invoice before that posts none",
        {4: {"gl": gl(receivable="24", revenue="-24")}},
    ),
    "S137": Ours(
        "cost is known when the goods leave: an invoice before that posts none, the delivery 18",
        {3: {"event_cogs": "0", "gl": gl(receivable="24", revenue="-24")}},
    ),
    "S157": Ours(
        "landed cost acts at the instant of its receipt and is replayed: (300 + 100) × 19 / 20",
        {4: {"stock_value": "380", "gl": gl(inventory="95", cogs="5", landed_cost_clearing="-100")}},
    ),
    "S163": Ours("the odd cent goes to the earliest of equal remainders", {2: {"allocated": ["41.08", "41.07", "41.07"]}}),
    "S207": Ours(
        "a bill clears what the receipt accrued for that quantity; the difference is expense",
        {2: {"gl": gl(accrued_expense="2000", payable="-1000", expense="-1000")}},
    ),
}
