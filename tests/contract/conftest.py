"""The fixtures that Wares gives to every plugin's tests, in place of this project's own of the same name."""

from __future__ import annotations

from wares.testing.plugin import books, session

__all__ = ["books", "session"]
