"""Void with a date: a document is taken back on a later day."""

from wares.reversal.run import reverse as reverse

__all__ = ["reverse"]
