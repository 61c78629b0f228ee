"""A change of one key of wares.toml keeps the rest of the file."""

from __future__ import annotations

import pytest

from wares.cli.toml import with_disabled
from wares.errors import ConfigError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[plugins]\ndisabled = ["kit"]\n'),
        ('database = "x"', 'database = "x"\n\n[plugins]\ndisabled = ["kit"]\n'),
        ("[plugins]  # mine\nstrict = true\n", '[plugins]  # mine\ndisabled = ["kit"]\nstrict = true\n'),
        ("[plugins]", '[plugins]\ndisabled = ["kit"]\n'),
        (
            '[plugins]\ndisabled = [\n  "a",\n]  # why\n[plugins.a]\nx = 1\n',
            '[plugins]\ndisabled = ["kit"]  # why\n[plugins.a]\nx = 1\n',
        ),
        ("[plugins.rental]\nrate = 1\n", '[plugins.rental]\nrate = 1\n\n[plugins]\ndisabled = ["kit"]\n'),
    ],
)
def test_the_rest_stays(before: str, after: str) -> None:
    assert with_disabled(before, ["kit"]) == after


@pytest.mark.parametrize("text", ['plugins.disabled = ["a"]\n', 'plugins = {disabled = ["a"]}\n', "[plugins\n"])
def test_unsupported_syntax_is_left_to_the_user(text: str) -> None:
    with pytest.raises(ConfigError, match="CONFIG_EDIT"):
        with_disabled(text, ["kit"])
