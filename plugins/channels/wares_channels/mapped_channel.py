"""The channel of any CSV, whose columns the user maps."""

from __future__ import annotations

from collections.abc import Mapping

from wares import Channel, ChannelReport, Refused

_KINDS = (
    ("*payout*", "payout"), ("*deposit*", "payout"), ("*transfer*", "payout"), ("*refund*", "refund"), ("*label*", "label"),
    ("*fee*", "fee"), ("*commission*", "fee"), ("*shipping*", "shipping"), ("*discount*", "discount"), ("*tax*", "tax"),
    ("tip*", "tip"),
    ("sale", "sale"), ("order", "sale"), ("ignore", "ignore"),
)  # fmt: skip
"""(pattern, kind) of the movements by the words of their type; the first that fits wins."""


def mapped_channel(mapping: Mapping[str, str], key: str) -> Channel:
    """Return the channel of a mapping (field → column). Refused BAD_MAP."""
    columns = {field: (column,) for field, column in mapping.items()}
    report = ChannelReport(key="mapped", columns=columns, needs=frozenset(columns), tax="ignore", kinds=_KINDS)
    channel = Channel(key=key, title=key, reports=(report,))
    problems = [problem.partition(": ")[2] or problem for problem in channel.problems()]
    if problems:
        raise Refused.because(
            "BAD_MAP", "; ".join(problems), path="map", hint="map order=COLUMN,date=COLUMN,title=COLUMN,amount=COLUMN"
        )
    return channel
