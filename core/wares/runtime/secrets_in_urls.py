"""Database URLs as they may be shown: without the password, even if the URL is malformed."""

from __future__ import annotations

import re

_AFTER_SLASHES = re.compile(r"(//?[^/:@]*:).*@", re.DOTALL)
_WITHOUT_SLASHES = re.compile(r"^([^/:@]*:).*@", re.DOTALL)
_PARAMETER = re.compile(r"([?&;]\w*(?:password|secret|token)\w*=)[^&;]*", re.IGNORECASE)


def without_password(database: str) -> str:
    """Return the name or URL of a database with `***` in place of a password.

    A password that is not encoded may contain any sign: all from the colon to the last @ is taken for it.
    """
    shown, found = _AFTER_SLASHES.subn(r"\1***@", database, count=1)
    if not found:
        shown = _WITHOUT_SLASHES.sub(r"\1***@", database, count=1)
    return _PARAMETER.sub(r"\1***", shown)
