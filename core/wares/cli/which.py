"""`wares which`: ask a few questions and name the type of item that fits."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wares.cli.invocation import invocation
from wares.cli.output import emit, note

if TYPE_CHECKING:
    from wares.contract.item_type import Question


@click.command()
@click.option("--answers", metavar="FILE", help='Read answers from a JSON file: {"question": "yes", ...}; - is standard input.')
@click.option("--questions", "only_questions", is_flag=True, help="List the questions and their keys.")
def which(answers: str | None, only_questions: bool) -> None:
    """Ask which type of item fits, and say why."""
    from wares.catalog.advisor import in_order, read_answers, verdict

    questions = in_order(invocation().plugins.registry.questions.values())
    if only_questions:
        emit([{"key": one.key, "text": one.text, "type": one.type, "because": one.because} for one in questions])
        return
    given = read_answers(_answers_in(answers), questions) if answers is not None else _interview(questions)
    found = verdict(questions, given)
    emit({"type": found.type, "because": found.because, "also": list(found.also),
          "reasons": [reason._asdict() for reason in found.reasons]})  # fmt: skip
    if found.type is not None:
        note(f"next: wares items add --type {found.type} --sku SKU --name NAME")


def _interview(questions: list[Question]) -> dict[str, bool]:
    from wares.catalog.advisor import next_question
    from wares.errors import Refused

    answers: dict[str, bool] = {}
    while (question := next_question(questions, answers)) is not None:
        try:
            answers[question.key] = click.confirm(question.text, err=True)
        except click.Abort:
            if sys.stdin.isatty():
                raise
            message = f"the input ends before the question {question.key} is answered"
            raise Refused.because("NO_ANSWER", message, hint="give --answers FILE; wares which --questions lists them") from None
    return answers


def _answers_in(file: str) -> object:
    from wares.errors import Refused

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = 'give {"question": "yes", ...}'
        raise Refused.because("BAD_JSON", f"the answers cannot be read: {error}", hint=hint, where=file) from None
