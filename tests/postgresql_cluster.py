"""A private PostgreSQL server for one run of the tests or of the benchmarks.

    with postgresql_keeper() as folder:         # costs nothing until a URL is asked for
        url = postgresql_url(folder)            # "postgresql+psycopg://postgres@/postgres?host=..."

The server belongs to a *keeper*, a child process that initialises and starts it at the first wish, and stops it and
removes its folder when its standard input ends. That happens however the parent goes, so that a killed test run leaves
nothing behind. The wish and the answer are files in the folder, so that every worker of a run can ask: `wanted` is the
wish, `url` or `error` the answer.

The server is reached through a Unix socket in that folder only, and trusts whoever may open the folder. It forgets
everything in a power cut and is quick for it; with `durable` it waits for the disk at each commit, as a real one does.
PostgreSQL refuses to run as root: under root it runs as `postgres`, or as `nobody` where there is no such user.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SUPERUSER = "postgres"
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 200
timezone = 'UTC'
"""
FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""
DURABLE = "durable"


class PostgresqlMissing(Exception):
    """There is no PostgreSQL server to be had on this machine; the message says what was looked for."""


@contextlib.contextmanager
def postgresql_keeper(*, durable: bool = False) -> Iterator[Path]:
    """Keep a folder in which a server is started as soon as `postgresql_url` asks for it."""
    folder = Path(tempfile.mkdtemp(prefix="wares-pg-"))
    # A session of its own: Ctrl-C at the terminal reaches the tests, which then end the keeper in good order.
    command = [sys.executable, __file__, str(folder), *([DURABLE] if durable else [])]
    keeper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield folder
    finally:
        keeper.communicate()


def postgresql_url(folder: Path, *, timeout: float = 120) -> str:
    """The URL of the keeper's server, started now if it was not before."""
    (folder / "wanted").touch()
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if (folder / "url").exists():
            return (folder / "url").read_text(encoding="utf-8")
        if (folder / "error").exists():
            raise PostgresqlMissing((folder / "error").read_text(encoding="utf-8"))
        time.sleep(0.02)
    raise PostgresqlMissing(f"PostgreSQL did not start within {timeout:g} seconds")


def find_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: on the PATH, else the newest that Debian's packages installed."""
    on_path = shutil.which("initdb")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in [*([Path(on_path).resolve().parent] if on_path else []), *newest_first]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


# The keeper's side


def keep(folder: Path, *, durable: bool) -> None:
    """Start the server once it is wanted, and clean up when standard input ends or a signal asks for it."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as until_the_end:
        until_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
        while not (folder / "wanted").exists():
            if parent_ended(timeout=0.05):
                return
        try:
            until_the_end.enter_context(running_server(folder, durable=durable))
            answer(folder, "url", f"postgresql+psycopg://{SUPERUSER}@/postgres?host={folder}")
        except (PostgresqlMissing, OSError) as error:
            answer(folder, "error", str(error))
        while not parent_ended(timeout=None):
            pass


def parent_ended(*, timeout: float | None) -> bool:
    """Whether standard input has ended, waiting for it as long as said."""
    readable, _, _ = select.select([sys.stdin], [], [], timeout)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)


def answer(folder: Path, name: str, text: str) -> None:
    """Write a file that is complete from the moment it can be seen."""
    unfinished = folder / f"{name}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(folder / name)


@contextlib.contextmanager
def running_server(folder: Path, *, durable: bool) -> Iterator[None]:
    binaries = find_binaries()
    if binaries is None:
        raise PostgresqlMissing("no PostgreSQL: neither PATH nor /usr/lib/postgresql has initdb and postgres")
    user = server_user() if os.geteuid() == 0 else None
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    cluster = folder / "cluster"
    log = folder / "server.log"
    options = ["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    with popen([binaries / "initdb", "-D", cluster, *options], user=user, log=log) as initialising:
        if initialising.wait() != 0:
            raise PostgresqlMissing(f"initdb failed: {last_words(log)}")
    with (cluster / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS.format(folder=folder) + ("" if durable else FORGETFUL))
    with popen([binaries / "postgres", "-D", cluster], user=user, log=log) as server:
        try:
            while not is_ready(cluster):
                if server.poll() is not None:
                    raise PostgresqlMissing(f"postgres did not start: {last_words(log)}")
                time.sleep(0.02)
            yield
        finally:
            server.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown: what it holds goes anyway


def popen(command: Sequence[str | Path], *, user: pwd.struct_passwd | None, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def server_user() -> pwd.struct_passwd:
    """Whom the server runs as when this is root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresqlMissing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def is_ready(cluster: Path) -> bool:
    """Whether the server says in its lock file, as pg_ctl reads it, that it takes connections."""
    with contextlib.suppress(FileNotFoundError):
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready"
    return False


def last_words(log: Path) -> str:
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:])


if __name__ == "__main__":
    keep(Path(sys.argv[1]), durable=DURABLE in sys.argv[2:])
