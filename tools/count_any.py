"""Count the lines of the core and the plugins that contain the type `Any`.

    python tools/count_any.py [--list]

A line counts once, whether it is an annotation, an import or a comment; a longer word such as "Anything" does not count.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "plugins")
_ANY = re.compile(r"\bAny\b")


def lines_with_any(root: Path = ROOT, rooms: Sequence[str] = ROOMS) -> Iterator[tuple[str, int, str]]:
    """The file, the number and the text of each line that contains `Any`."""
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if _ANY.search(line):
                    yield path.relative_to(root).as_posix(), number, line.strip()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Count the lines of the core and the plugins that contain the type Any.")
    parser.add_argument("--list", action="store_true", help="print each line")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print the N files with the most such lines")
    options = parser.parse_args(arguments)
    found = list(lines_with_any())
    if options.list:
        sys.stdout.writelines(f"{file}:{number}: {line}\n" for file, number, line in found)
    for file, lines in Counter(file for file, _, _ in found).most_common(options.worst):
        sys.stdout.write(f"{lines:5}  {file}\n")
    for room, lines in Counter(file.partition("/")[0] for file, _, _ in found).items():
        sys.stdout.write(f"{lines:5}  {room}\n")
    sys.stdout.write(f"{len(found):5}  in all\n")


if __name__ == "__main__":
    main()
