"""The account of a role."""

from __future__ import annotations

from wares import Books, Refused


def account_of(books: Books, role: str) -> str:
    """Return the first active account of a role. Refused NO_ACCOUNT."""
    code = next((row["code"] for row in books.gl.accounts() if role in row["roles"] and row["active"]), None)
    if code is None:
        raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint="give account")
    return str(code)
