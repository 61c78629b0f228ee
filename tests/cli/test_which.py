"""The interview that finds an item type."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run, rows


def test_answers_from_a_file(run: Run, folder: Path) -> None:
    questions = rows(run("which", "--questions"))
    (folder / "answers.json").write_text(json.dumps({questions[-1]["key"]: "yes"}))
    found = rows(run("which", "--answers", "answers.json"))
    assert (found["type"], found["because"]) == (questions[-1]["type"], questions[-1]["because"])


def test_answers_by_hand(run: Run) -> None:
    questions = rows(run("which", "--questions"))
    result = run("which", "-f", "json", input="n\ny\n")
    assert json.loads(result.stdout)["type"] == questions[1]["type"]
    assert questions[0]["text"] in result.stderr, "questions stand on stderr, the answer alone on stdout"


def test_an_unknown_question(run: Run) -> None:
    assert "UNKNOWN_QUESTION" in run("which", "--answers", "-", input='{"colour": "yes"}').stderr


def test_incomplete_input(run: Run) -> None:
    result = run("which", input="")
    assert (result.exit_code, "NO_ANSWER" in result.stderr) == (1, True)
