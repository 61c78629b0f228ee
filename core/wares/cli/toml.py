"""Change one key of wares.toml and nothing else: comments and order stay."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence

from wares.errors import ConfigError

_SECTION = re.compile(r"(?m)^[ \t]*\[plugins\][ \t]*(#.*)?$\n?")
_KEY = re.compile(r"(?m)^[ \t]*disabled[ \t]*=[ \t]*\[[^\]]*\]")


def with_disabled(text: str, names: Sequence[str]) -> str:
    """Return the text with `plugins.disabled` set to these names.

    Raises ConfigError CONFIG_EDIT if the file writes the key in a form that this function cannot edit.
    """
    wanted = json.dumps(list(names), ensure_ascii=False)
    section = _SECTION.search(text)
    if section is None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        changed = f"{text}{gap}[plugins]\ndisabled = {wanted}\n"
    else:
        end = re.compile(r"(?m)^[ \t]*\[").search(text, section.end())
        body = text[section.end() : end.start() if end else len(text)]
        key = _KEY.search(body)
        line = f"disabled = {wanted}"
        new_body = body[: key.start()] + line + body[key.end() :] if key else f"{line}\n{body}"
        before = text[: section.end()]
        changed = (before if before.endswith("\n") else before + "\n") + new_body + text[section.end() + len(body) :]
    if _disabled_in(changed) != list(names):
        hint = f"set it by hand: [plugins] disabled = {wanted}"
        raise ConfigError("CONFIG_EDIT", "wares.toml gives plugins.disabled in a form that Wares cannot edit", hint=hint)
    return changed


def _disabled_in(text: str) -> object:
    try:
        return tomllib.loads(text).get("plugins", {}).get("disabled")
    except (tomllib.TOMLDecodeError, AttributeError):
        return None
