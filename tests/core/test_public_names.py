"""What is public can be imported by its name, whatever was imported before: no module stands in its way."""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType

import pytest

import wares
import wares.cli
import wares.storage
import wares.testing


@pytest.mark.parametrize("package", [wares, wares.storage, wares.testing, wares.cli], ids=lambda package: package.__name__)
def test_no_public_name_is_that_of_a_module(package: ModuleType) -> None:
    assert [name for name in package.__all__ if find_spec(f"{package.__name__}.{name}") is not None] == []
