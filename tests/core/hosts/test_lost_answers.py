"""The answer to a COMMIT is lost: every writing call is done exactly once, and returns as if the answer had come.

Two companies make the same calls. The connection of one is cut at each; afterwards both hold the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from tests.books import sound
from tests.conftest import ENGINES
from tests.core.hosts.conftest import host_metadata, orders, stock_up
from tests.lost_answers import AFTER, BEFORE, Cutter, failing_commits, held, proxied
from wares import Books, Conflict, Posted, hookimpl, run_in_transaction
from wares.ledger.chart import GENERAL
from wares.plugin_manager.loader import Plugins, load_plugins
from wares.services.company import create_company
from wares.storage import attempt
from wares.storage.attempt import Attempt, CommitOutcome
from wares.storage.commits import run_writing
from wares.storage.database import open_engine, read, sql, write

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 1}]}
JOURNAL = [{"account": "6100", "debit": "1.00"}, {"account": "1010", "credit": "1.00"}]


def _drain(books: Books) -> list[str]:
    taken: list[str] = []
    books.outbox.drain(lambda event: taken.append(event["payload"]["number"]))
    return taken


def _import(books: Books) -> Any:
    path = Path("items.csv")
    path.write_text("sku,type,name,price\nSCREW,stock,Screw,0.30\n", "utf-8")
    return books.items.import_file(path)


def _load_a_stream(books: Books) -> Any:
    """An atomic load cannot read a stream again by itself: it says so, and nothing is written."""
    lines = [{"record": "document", "type": "invoice", **SALE}] * 2
    try:
        return books.load(iter(lines), atomic=True)
    except Conflict as conflict:
        if conflict.code != "INTERRUPTED":
            raise
        return books.load(iter(lines), atomic=True)


CALLS: dict[str, Callable[[Books], Any]] = {
    "post": lambda books: books.post("invoice", **SALE),
    "post, numbered": lambda books: books.post("invoice", number="I-1", **SALE),
    "post, with a key": lambda books: books.post("invoice", key="order-1", **SALE),
    "post, pending": lambda books: books.post("invoice", number="P-1", pending=True, **SALE),
    "post, draft": lambda books: books.post("invoice", pending=True, **SALE),
    "post_pending": lambda books: books.post_pending("P-1"),
    "post_many": lambda books: books.post_many([{"type": "invoice", **SALE}] * 3),
    "post_many, not atomic": lambda books: len(books.post_many([{"type": "invoice", **SALE}, {"type": "x"}], atomic=False)),
    "post, late": lambda books: books.post("invoice", **SALE | {"date": "2026-01-02"}),
    "void": lambda books: books.void("I-1"),
    "void, on a day": lambda books: books.void("INV-00001", date="2026-01-06"),
    "revise": lambda books: books.post("invoice", revises="INV-00002", **SALE | {"memo": "better"}),
    "items.add": lambda books: books.items.add("stock", sku="NUT", name="Nut", price="1"),
    "items.edit": lambda books: books.items.edit("NUT", price="2"),
    "items.put": lambda books: books.items.put([{"record": "item", "type": "stock", "sku": "WASHER"}]),
    "items.retire": lambda books: books.items.retire("WASHER"),
    "items.import_file": _import,
    "parties.add": lambda books: books.parties.add("JOHN", kinds=["customer"]),
    "locations.add": lambda books: books.locations.add("SHOP"),
    "accounts.add": lambda books: books.accounts.add("6999", name="Odds and ends", type="expense"),
    "mappings.add": lambda books: books.mappings.add("inventory", "1300", level="item", of="NUT"),
    "settings.set": lambda books: books.settings.set("outbox", "on"),
    "post, with the outbox": lambda books: books.post("invoice", **SALE),
    "outbox.drain": _drain,
    "sources.remember": lambda books: books.sources.remember("f" * 64, name="file.csv", lines=3),
    "load": lambda books: books.load([{"record": "party", "code": "JIM"}, {"record": "document", "type": "invoice", **SALE}]),
    "load, atomic": lambda books: books.load([{"record": "document", "type": "invoice", **SALE}] * 2, atomic=True).lines,
    "load, atomic, a stream": _load_a_stream,
    "run": lambda books: books.run(lambda within: [within.post("invoice", **SALE).number for _ in range(3)]),
    "gl.close": lambda books: books.gl.close("2026-01-01"),
    "gl.reopen": lambda books: books.gl.reopen("2026-01-01", reason="late bill"),
    "gl.seal": lambda books: books.gl.seal(),
}


class Observer:
    def __init__(self) -> None:
        self.told: list[str] = []

    @hookimpl
    def wares_posted(self, document: Any) -> None:
        self.told.append(document.number)


class Scene:
    """A database whose next COMMIT can be cut."""

    def __init__(self, engine: Engine, cutter: Cutter, new_company: Callable[[Engine], str]) -> None:
        self.engine, self.cutter, self.new_company = engine, cutter, new_company
        self.observer = Observer()
        self.plugins: Plugins = load_plugins(extra=[self.observer])

    def books(self) -> Books:
        books = Books(engine=self.engine, company=self.new_company(self.engine), plugins=self.plugins)
        stock_up(books)
        return books


@pytest.fixture(params=ENGINES)
def scene(
    request: pytest.FixtureRequest,
    new_company: Callable[[Engine], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Scene]:
    monkeypatch.chdir(tmp_path)
    if request.param == "sqlite":
        engine = request.getfixturevalue("sqlite_file_database")
        host_metadata.create_all(engine)
        with failing_commits(monkeypatch) as cutter:
            yield Scene(engine, cutter, new_company)
        return
    direct = request.getfixturevalue("postgresql_database")
    host_metadata.create_all(direct)
    with proxied(direct.url.render_as_string(hide_password=False)) as (url, cutter):
        engine = open_engine(url)
        yield Scene(engine, cutter, new_company)
        engine.dispose()


def shown(result: Any) -> Any:
    """The part of a result that is the same in both companies."""
    if isinstance(result, Posted):
        return (result.number, result.status, result.total, result.repeated)
    if isinstance(result, list):
        return [shown(each) for each in result]
    return result if isinstance(result, str | int | None) else type(result)


@pytest.mark.parametrize("where", [AFTER, BEFORE])
def test_every_writing_call_is_done_exactly_once(scene: Scene, where: str) -> None:
    quiet, cut = scene.books(), scene.books()
    for name, call in CALLS.items():
        scene.observer.told.clear()
        expected = shown(call(quiet))
        told = list(scene.observer.told)
        scene.observer.told.clear()
        scene.cutter.cut_next(where)
        assert shown(call(cut)) == expected, name
        assert scene.cutter.cuts == 1, name
        assert held(cut) == held(quiet), name
        assert scene.observer.told == told, name
    assert sound(cut)


@pytest.mark.parametrize("where", [AFTER, BEFORE])
def test_a_company_is_made_once(scene: Scene, where: str) -> None:
    scene.cutter.cut_next(where)
    books = Books(engine=scene.engine, company=scene.new_company(scene.engine))
    assert (books.items.list(), scene.cutter.cuts) == ([], 1)


@pytest.mark.postgresql
@pytest.mark.parametrize("commits", [True, False])
def test_a_company_that_is_still_being_made_is_waited_for(postgresql_database: Engine, *, commits: bool) -> None:
    """The client lost its connection, and the server has not noticed yet: nobody sees the row that tells the outcome."""
    lost = Attempt()
    with ThreadPoolExecutor(1) as thread, postgresql_database.connect() as old:
        with lost.on(old):
            create_company(old, code=f"L{uuid.uuid4().hex[:6]}", name="Lost", currency="USD", chart=GENERAL)
        found = thread.submit(attempt.outcome, lost)
        with pytest.raises(TimeoutError):
            found.result(timeout=0.3)
        if commits:
            old.commit()
        else:
            old.rollback()
        assert found.result(timeout=20) is (CommitOutcome.COMMITTED if commits else CommitOutcome.ROLLED_BACK)
    with read(postgresql_database) as connection:
        assert sql(connection, "SELECT COUNT(*) FROM wares_company WHERE code = ?", ("",)).scalar() == 0, "nothing is left"


@pytest.mark.parametrize("where", [AFTER, BEFORE])
@pytest.mark.parametrize("refused", [False, True])
def test_a_host_is_committed_once(scene: Scene, where: str, *, refused: bool) -> None:
    """Also if the only unit of books was refused, so that its mark went with its savepoint."""
    books = scene.books()
    told: list[str] = []

    def unit(session: Session) -> str | None:
        session.execute(orders.insert().values(company=books.company, note="order"))
        within = Books(session, company=books.company, plugins=scene.plugins)
        try:
            return within.post("invoice", **SALE | ({"party": "JIM"} if refused else {})).number
        except Exception:
            if not refused:
                raise
            return None

    scene.observer.told.clear()
    scene.cutter.cut_next(where)
    number = run_in_transaction(sessionmaker(scene.engine), unit)
    with read(scene.engine) as connection:
        assert sql(connection, "SELECT COUNT(*) FROM host_order WHERE company = ?", (books.company,)).scalar() == 1
    assert len(books.docs.list(type="invoice")) == (0 if refused else 1)
    assert scene.observer.told == ([number] if number else told)
    assert scene.cutter.cuts == 1


def test_a_host_that_wrote_no_books_is_told_that_nobody_knows(scene: Scene) -> None:
    books = scene.books()
    runs: list[int] = []

    def unit(session: Session) -> None:
        runs.append(1)
        session.execute(orders.insert().values(company=books.company, note="order"))

    scene.cutter.cut_next(AFTER)
    with pytest.raises(Conflict) as conflict:
        run_in_transaction(sessionmaker(scene.engine), unit)
    assert (conflict.value.code, conflict.value.retryable, len(runs)) == ("OUTCOME_UNKNOWN", False, 1)


def test_so_many_came_after_it_that_nobody_knows(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    books = scene.books()
    look_up = attempt._look_up

    def late(engine: Engine, company_id: int, *rest: Any) -> Any:
        for _ in range(100):
            run_writing(engine, lambda connection: _one_unit(connection, company_id))
        return look_up(engine, company_id, *rest)

    monkeypatch.setattr(attempt, "_look_up", late)
    scene.cutter.cut_next(AFTER)
    with pytest.raises(Conflict, match="OUTCOME_UNKNOWN"):
        books.post("invoice", **SALE)
    assert len(books.docs.list(type="invoice")) == 1


def _one_unit(connection: Any, company_id: int) -> None:
    from wares.storage.unit import Unit

    Unit.lock(connection, company_id)


def test_a_database_out_of_reach_afterwards_is_told_as_such(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    books = scene.books()

    def unreachable(*_: Any) -> Any:
        raise Conflict("CONNECTION_LOST", "the database is out of reach", retryable=True)

    monkeypatch.setattr(attempt, "_look_up", unreachable)
    scene.cutter.cut_next(AFTER)
    with pytest.raises(Conflict, match="OUTCOME_UNKNOWN"):
        books.post("invoice", **SALE)
    assert len(books.docs.list(type="invoice")) == 1


def test_books_made_before_the_marks_go_on(scene: Scene) -> None:
    books = scene.books()
    with write(scene.engine) as connection:
        sql(connection, "UPDATE wares_company SET recent_units = '' WHERE code = ?", (books.company,))
    scene.cutter.cut_next(AFTER)
    assert books.post("invoice", **SALE).number == "INV-00001"
    assert len(books.docs.list(type="invoice")) == 1
