"""The idempotency keys of documents that come from imported files: from a channel's file, or from a line of a bank."""

from __future__ import annotations

from urllib.parse import unquote

CHANNEL_PREFIX = "channel:"
BANK_PREFIX = "bank:"


def channel_key(channel: str, order: str, part: str, kind: str) -> str:
    """Return the key of a document from a channel's file. `kind` is sale, charge, refund, payout or label; `part` tells several
    documents of one kind and order apart."""
    return f"{CHANNEL_PREFIX}{_quoted(channel)}/{_quoted(order)}/{part}/{kind}"


def _quoted(name: str) -> str:
    return name.replace("%", "%25").replace("/", "%2F")


def parse_channel_key(key: str | None, number: str) -> tuple[str, str, str, str]:
    """Return (channel, order, part, kind) of a document; ("", its number, "", "sale") if it does not come from a channel's file."""
    if key is None or not key.startswith(CHANNEL_PREFIX):
        return "", number, "", "sale"
    parts = key[len(CHANNEL_PREFIX) :].split("/")
    if "%" in key:
        parts = [unquote(part) for part in parts]
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 4 else ("", number, "", "sale")


def bank_key(account: str, line: str) -> str:
    """Return the key of a document from a line of a bank or card; `account` is the account in the books."""
    return f"{BANK_PREFIX}{account}:{line}"
