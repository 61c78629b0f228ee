"""Take a match back."""

from __future__ import annotations

from typing import Any

from wares import Books, Refused


def undo_match(books: Books, name: str, *, date: str | None = None, dry_run: bool = False) -> None:
    """Take a match back, or one line of it ("MAT-00007#2"): the goods return to their lot and the sale waits again.

    Without `date` the match is replaced on its own day. With `date` the goods come back on that day, which a closed period needs,
    and the other lines of the match are matched again. Refused NOT_A_MATCH, UNKNOWN_LINE, and the refusals of a void or revision.
    """
    number, _, wanted = name.partition("#")
    shown = books.docs.show(number)
    if shown["type"] != "match":
        message = f"{number} is a {shown['type']}"
        raise Refused.because("NOT_A_MATCH", message, where=number, hint="wares docs list --type match lists them")
    lines = {line["line"]: line for line in shown["lines"] if line["kind"] == "row"}
    if wanted and wanted not in lines:
        raise Refused.because("UNKNOWN_LINE", f"{number} has no line {wanted}", where=name, hint=f"its lines: {', '.join(lines)}")
    kept = [line for own, line in lines.items() if wanted and own != wanted]
    recorded = {str(place): line for place, line in enumerate(shown["record"]["lines"], start=1)}
    again = [
        {key: line[key] for key in ("from", "item", "quantity", "lot") if line.get(key) is not None}
        | {key: value for key, value in recorded.get(line["line"], {}).items() if key == "attributes"}
        for line in kept
    ]
    if kept and date is None:
        (books.preview if dry_run else books.post)("match", revises=number, date=shown["date"], lines=again)
        return

    def unit(writing: Any) -> None:
        books.void_within(writing, number, date=date)
        if kept:
            batch = writing.batch()
            books.record_documents(writing, batch, [{"type": "match", "lines": again}], atomic=True)
            batch.flush()

    books.writing(unit, dry_run=dry_run)
