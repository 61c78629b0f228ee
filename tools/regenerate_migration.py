"""Regenerate the core's only migration from its tables. There is one until the first release; then this tool is removed.

python tools/regenerate_migration.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wares.storage.database import open_engine
from wares.storage.revise import write_revision
from wares.storage.revisions import CORE


def main() -> None:
    for former in CORE.folder.glob("r0001_*.py"):
        former.unlink()
    path = write_revision(open_engine(":memory:"), CORE, "Tables of the core")
    for command in (["check", "--select", "I,UP", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, str(path)], check=True)
    sys.stdout.write(f"{path.relative_to(Path.cwd())}\n")


if __name__ == "__main__":
    main()
