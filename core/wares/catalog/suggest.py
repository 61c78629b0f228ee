"""Suggestions for mistyped names."""

from __future__ import annotations

from collections.abc import Iterable

_CLOSE_ENOUGH = 70.0


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return "did you mean A or B?" with at most three of the known names, best first; empty without a close one."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        given, list(known), scorer=fuzz.ratio, processor=utils.default_process, limit=3, score_cutoff=_CLOSE_ENOUGH
    )
    best = [name for name, _, _ in sorted(found, key=lambda match: (-match[1], match[0]))]
    return f"did you mean {' or '.join(best)}?" if best else ""
