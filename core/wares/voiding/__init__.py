"""Void with a date: a document is taken back on a later day."""

from wares.voiding.reverse import reverse as reverse

__all__ = ["reverse"]
