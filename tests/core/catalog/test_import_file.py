"""`books.items.import_file`: what `wares items import` does, for a host."""

from __future__ import annotations

from pathlib import Path

import pytest

from wares import Books


@pytest.mark.parametrize("spelling", [str, Path])
def test_a_path_is_a_text_or_a_path(books: Books, tmp_path: Path, spelling: type[str] | type[Path]) -> None:
    file = tmp_path / "items.csv"
    file.write_text("type,sku,name\nstock,BOLT,Bolt\n")
    assert books.items.import_file(spelling(file)).created == 1
    assert books.items.show("BOLT")["name"] == "Bolt"


def test_a_dry_run_counts_and_writes_nothing(books: Books, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("type,sku,name\nstock,BOLT,Bolt\n")
    assert books.items.import_file(file, dry_run=True).created == 1
    assert books.items.list() == []
