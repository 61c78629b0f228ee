"""The seal chain names the first entry that was changed behind the program's back."""

from __future__ import annotations

import pytest

from tests.core.ledger.journaling import Ledger
from wares.ledger import seal as sealing
from wares.ledger.journal import entries
from wares.ledger.seal import check_seals, seal


@pytest.fixture(params=[2, 1000], ids=lambda size: f"pages of {size}")
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_PAGE", request.param)


@pytest.fixture
def sealed(ledger: Ledger, page: None) -> Ledger:
    for day in range(1, 6):
        enter(ledger, day)
    with ledger.unit() as unit:
        assert seal(unit).added == 5
    return ledger


def enter(ledger: Ledger, day: int) -> None:
    ledger.enter(f"2026-01-0{day}", f"J-{day}", ("1010", day, "bank"), ("3000", -day, "owner_contribution"), memo="öre")


def test_the_chain_grows_in_batches_and_holds(sealed: Ledger) -> None:
    with sealed.reader() as reader:
        first = [row["seal"] for row in entries(reader)]
    assert len(set(first)) == 5
    enter(sealed, 6)
    with sealed.reader() as reader:
        assert check_seals(reader) == (True, 5, None, None)
    with sealed.unit() as unit:
        result = seal(unit)
        assert (result.added, result.entry_number) == (1, 6)
        assert seal(unit) == (0, 6, result.seal), "nothing left to seal"
    with sealed.reader() as reader:
        assert [row["seal"] for row in entries(reader)][:10] == first, "what was sealed stays"
        assert check_seals(reader) == (True, 6, None, None)


def test_books_without_seals_are_fine(ledger: Ledger) -> None:
    with ledger.reader() as reader:
        assert check_seals(reader) == (True, 0, None, None)
    enter(ledger, 1)
    with ledger.reader() as reader:
        assert check_seals(reader) == (True, 0, None, None)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE wares_posting SET amount = amount * 2 WHERE company_id = ? AND date = 20260103", 3),
        ("UPDATE wares_posting SET memo = 'x' WHERE company_id = ? AND date = 20260103 AND position = 2", 3),
        ("UPDATE wares_entry SET memo = 'x' WHERE company_id = ? AND number = 2", 2),
        ("UPDATE wares_entry SET date = 20260104 WHERE company_id = ? AND number = 4", None),
        ("UPDATE wares_entry SET date = 20260105 WHERE company_id = ? AND number = 4", 4),
        ("UPDATE wares_entry SET seal = NULL WHERE company_id = ? AND number = 1", 1),
        ("UPDATE wares_entry SET seal = 'x' WHERE company_id = ? AND number = 5", 5),
        ("DELETE FROM wares_posting WHERE company_id = ? AND date = 20260102 AND position = 1", 2),
    ],
)
def test_a_change_is_found(sealed: Ledger, change: str, named: int | None) -> None:
    with sealed.unit() as unit:
        unit.run(change.replace(" date", ' "date"'))
    with sealed.reader() as reader:
        check = check_seals(reader)
    assert (check.ok, check.entry_number) == (named is None, named)
    if named is not None:
        assert f"entry {named}" in (check.problem or "")


def test_a_removed_entry_breaks_the_chain_after_it(sealed: Ledger) -> None:
    with sealed.unit() as unit:
        unit.run('DELETE FROM wares_posting WHERE company_id = ? AND "date" = 20260103')
        unit.run("DELETE FROM wares_entry WHERE company_id = ? AND number = 3")
    with sealed.reader() as reader:
        check = check_seals(reader)
    assert (check.ok, check.entry_number) == (False, 4)
    assert "removed" in (check.problem or "")
