#!/usr/bin/env python3
"""Set up this checkout in `.venv` and run commands in it. Needs only Python 3.11 or newer.

    python3 bootstrap.py                set up only
    python3 bootstrap.py demo  [...]    run `wares demo`
    python3 bootstrap.py test  [...]    run the tests with pytest
    python3 bootstrap.py bench [...]    run the benchmarks
    python3 bootstrap.py lint  [...]    ruff check, ruff format --check and mypy
    python3 bootstrap.py docs  [...]    build the documentation in docs/_build/html

Further arguments go to the command. A second set-up takes no time until pyproject.toml, constraints.txt
or this file changes; to start afresh, delete `.venv`.
"""

from __future__ import annotations  # so that an older Python gets as far as the message about its version

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "wares-bootstrap.stamp"
LOG = VENV / "wares-bootstrap.log"


class BootstrapError(Exception):
    """Raised with one line that names the problem and its remedy."""


def main(arguments: list[str]) -> int:
    command, *extra = arguments or ["setup"]
    if command in ("-h", "--help"):
        print(__doc__)
        return 0
    if command not in COMMANDS:
        print(f"error: no command '{command}'; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        set_up()
        return COMMANDS[command](extra)
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# The commands


def nothing_more(extra: list[str]) -> int:
    return 0


def demo(extra: list[str]) -> int:
    return run([str(SCRIPTS / "wares"), "demo", *extra])


def test(extra: list[str]) -> int:
    return run([str(PYTHON), "-m", "pytest", *extra], cwd=ROOT)


def bench(extra: list[str]) -> int:
    return run([str(PYTHON), "-m", "benchmarks", *extra], cwd=ROOT)


def lint(extra: list[str]) -> int:
    """Run every check, also after one has failed, so that one run shows all problems."""
    failed = []
    for check in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        print(f"$ {' '.join([*check, *extra])}", flush=True)
        if run([str(PYTHON), "-m", *check, *extra], cwd=ROOT) != 0:
            failed.append(" ".join(check))
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def docs(extra: list[str]) -> int:
    """Build the documentation. A warning is an error: a broken link, or a page in no table of contents."""
    built = run([str(PYTHON), "-m", "sphinx", "-W", "--keep-going", "-q", *extra, "docs", "docs/_build/html"], cwd=ROOT)
    if built == 0:
        print(f"built {ROOT / 'docs' / '_build' / 'html' / 'index.html'}")
    return built


COMMANDS = {"setup": nothing_more, "demo": demo, "test": test, "bench": bench, "lint": lint, "docs": docs}


def run(command: list[str], *, cwd: Path | None = None) -> int:
    try:
        return subprocess.call(command, cwd=cwd)
    except FileNotFoundError:
        raise BootstrapError(f"{command[0]} is missing; delete {VENV} and run bootstrap.py again") from None


# Setting up


def set_up() -> None:
    if sys.version_info < OLDEST_PYTHON:
        needed, found = ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, sys.version_info[:3]))
        raise BootstrapError(
            f"Wares needs Python {needed} or newer and this is {found} ({sys.executable}); run bootstrap.py with a newer one"
        )
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return
    print(f"setting up {VENV} ...", file=sys.stderr, flush=True)
    uv = shutil.which("uv")
    if not venv_works():
        make_venv(uv)
    STAMP.unlink(missing_ok=True)
    install(uv)
    STAMP.write_text(wanted, encoding="utf-8")


def fingerprint() -> str:
    """Return a digest of all that decides the installed packages: these files, the interpreter, the place of the checkout."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}\n".encode())
    for name in ("pyproject.toml", "constraints.txt", "bootstrap.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def venv_works() -> bool:
    """True if `.venv` exists with a working interpreter of this Python's version."""
    if not PYTHON.exists():
        return False
    show = "import sys; print(*sys.version_info[:2])"
    shown = subprocess.run([str(PYTHON), "-c", show], capture_output=True, text=True, check=False)
    return shown.returncode == 0 and shown.stdout.split() == [str(part) for part in sys.version_info[:2]]


def make_venv(uv: str | None) -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    make = [uv, "venv", "--quiet", "--seed", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    made = subprocess.run([*make, str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise BootstrapError(
            f"no virtual environment could be made: {last_words(made)}; "
            f"on Debian and Ubuntu, install python3-venv; elsewhere, uv can make one"
        )


def install(uv: str | None) -> None:
    tool = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    command = [*tool, "--quiet", "-c", "constraints.txt", "-e", ".[dev]"]
    installed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    LOG.write_text(installed.stdout + installed.stderr, encoding="utf-8")
    if installed.returncode != 0:
        raise BootstrapError(
            f"the packages could not be installed: {last_words(installed)}; "
            f"check the network and the package index (the whole output is in {LOG})"
        )


def last_words(finished: subprocess.CompletedProcess[str]) -> str:
    """Return the most telling line of a failed command's output: its last error, else its last line."""
    lines = [line.strip() for line in (finished.stdout + "\n" + finished.stderr).splitlines() if line.strip()]
    pips = [line for line in lines if line.startswith("ERROR: ")]
    errors = pips or [line for line in lines if line.startswith("error: ")]
    said = (errors or lines or [f"exit status {finished.returncode}"])[-1]
    return said.removeprefix("ERROR: ").removeprefix("error: ").rstrip(".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
