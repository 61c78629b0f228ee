"""The start of the projections of sellers, so that a year of a long history is read at once. Imports and matching start them.

A row of a projection holds the statements of a document. Whoever shows it looks up the present name of an item.
"""

from __future__ import annotations

from wares import Books

PREFIX = "seller_"
"""The keys of the projections of sellers begin so, whichever plugin registers them."""


def keep_projections(books: Books) -> None:
    """Have the books keep the rows of all projections of sellers from now on."""
    books.projections.keep(*(key for key in books.plugins.registry.projections if key.startswith(PREFIX)))
