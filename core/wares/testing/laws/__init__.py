"""The laws that every plugin, type and method keeps, each a function that raises LawBroken if it does not hold.

They work on values and on books in memory and need no test framework: the contracts draw the numbers from hypothesis,
`wares plugins check` uses a few fixed ones.

    subject    the plugin or object under test, and a company to test it in
    loading    the plugin as such: it loads, its hooks fit, its tables and migrations
    items      attributes and validation of an item type
    selling    expansion, prices, accounts
    costs      no cost created or lost, returns
    documents  document types
    methods    cost methods
    reports    reports
    channels   sales channels
    absence    a no-op wrapper is invisible; books survive without the plugin
"""

from __future__ import annotations


class LawBroken(AssertionError):
    """Raised if a law of the contract does not hold; the message names the object, the result and the law."""


def require(holds: object, message: str) -> None:
    """Raise LawBroken unless `holds`."""
    if not holds:
        raise LawBroken(message)
