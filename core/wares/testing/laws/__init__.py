"""The laws: what holds for every plugin, type and method, each a function that raises LawBroken where it does not.

They work on values and on books in memory, and need no test framework: the contracts draw the numbers from hypothesis,
`wares plugins check` takes a few fixed ones.

    subject    what is examined, and a company to examine it in
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
    """A law of the contract does not hold; the text says which object, what was found and what the law is."""


def require(holds: object, message: str) -> None:
    """Raise LawBroken unless `holds`."""
    if not holds:
        raise LawBroken(message)
