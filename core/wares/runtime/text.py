"""Texts as every engine keeps them: the rules for names, codes and memos."""

from __future__ import annotations

LONGEST_TEXT = 2000
LONGEST_CODE = 200


def plain_text(value: object) -> str:
    """Return the text without spaces around it. Raises ValueError unless it is a text of 1 to LONGEST_TEXT characters without NUL
    and lone surrogates."""
    if not isinstance(value, str):
        raise ValueError(f"{type(value).__name__} where text is expected")
    text = value.strip()
    if not text:
        raise ValueError("is empty")
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters or holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("holds half a character (a lone surrogate)") from None
    return text


def plain_code(value: object) -> str:
    """Return the text of a name or code. Raises ValueError also if it is longer than LONGEST_CODE or holds a control character."""
    text = plain_text(value)
    if len(text) > LONGEST_CODE:
        raise ValueError(f"{text[:30]!r}... is longer than {LONGEST_CODE} characters")
    if not text.isprintable():
        raise ValueError(f"{text[:30]!r} holds a control character or line break")
    return text
