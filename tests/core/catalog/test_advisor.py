"""The interview of `wares which`."""

from __future__ import annotations

import pytest

from wares.catalog.advisor import next_question, read_answers, verdict
from wares.contract.item_type import Question
from wares.errors import Refused


def a_question(key: str, kind: str, weight: int) -> Question:
    return Question(key=key, text=f"{key}?", type=kind, because=f"because {key}", weight=weight)


QUESTIONS = [a_question("bought", "stock", 50), a_question("bundle", "kit", 20), a_question("made", "assembly", 20)]


def test_lightest_first_until_a_yes() -> None:
    answers: dict[str, bool] = {}
    asked = []
    while (question := next_question(QUESTIONS, answers)) is not None:
        asked.append(question.key)
        answers[question.key] = question.key == "made"
    assert asked == ["bundle", "made"]
    found = verdict(QUESTIONS, answers)
    assert (found.type, found.because) == ("assembly", "because made")
    assert [(reason.question, reason.answer) for reason in found.reasons] == [("bundle", False), ("made", True)]


def test_several_yes_name_the_others_too() -> None:
    found = verdict(QUESTIONS[::-1], {"bought": True, "bundle": True})
    assert (found.type, found.also) == ("kit", ("stock",))


def test_nothing_fits() -> None:
    answers = dict.fromkeys(("bought", "bundle", "made"), False)
    assert next_question(QUESTIONS, answers) is None
    assert verdict(QUESTIONS, answers).type is None


def test_answers_of_a_file() -> None:
    assert read_answers({"bought": "Yes", "made": False}, QUESTIONS) == {"bought": True, "made": False}
    with pytest.raises(Refused) as refusal:
        read_answers({"bougth": "yes", "made": "perhaps"}, QUESTIONS)
    assert [issue.code for issue in refusal.value.issues] == ["UNKNOWN_QUESTION", "BAD_VALUE"]
    assert refusal.value.issues[0].hint == "did you mean bought?"
