"""`wares which`: an interview that ends in a type of item, with the reason.

Each plugin contributes yes/no questions, each for one type. They are asked in order of weight, lowest first; the first
yes decides. Pure and deterministic: the same questions and answers give the same verdict, in any order.

    answers = {}
    while (question := next_question(questions, answers)) is not None:
        answers[question.key] = ask(question.text)
    verdict(questions, answers).type
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wares.catalog.suggest import did_you_mean
from wares.contract.item_type import Question
from wares.errors import Issue, Refused

_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})


class Reason(NamedTuple):
    """A question with its answer."""

    question: str
    """The key of the question."""
    text: str
    """The question as asked."""
    answer: bool
    """True for yes."""
    type: str
    """The item type that a yes speaks for."""
    because: str
    """The reason why a yes speaks for that type."""


class Verdict(NamedTuple):
    """The result of an interview."""

    type: str | None
    """The type that fits; None without a yes."""
    because: str
    """The reason for that type."""
    reasons: tuple[Reason, ...]
    """Every answered question, in the order of asking."""
    also: tuple[str, ...]
    """Other types with a yes."""


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Return the questions in the order of asking: by weight, then by key."""
    return sorted(questions, key=lambda question: (question.weight, question.key))


def next_question(questions: Iterable[Question], answers: Mapping[str, bool]) -> Question | None:
    """Return the next question; None if a yes has decided or all questions are answered."""
    for question in in_order(questions):
        answer = answers.get(question.key)
        if answer is None:
            return question
        if answer:
            return None
    return None


def verdict(questions: Iterable[Question], answers: Mapping[str, bool]) -> Verdict:
    """Return the verdict of the answers; questions without an answer do not count."""
    answered = [question for question in in_order(questions) if question.key in answers]
    reasons = tuple(
        Reason(question.key, question.text, answers[question.key], question.type, question.because) for question in answered
    )
    spoken_for = list(dict.fromkeys(reason.type for reason in reasons if reason.answer))
    if not spoken_for:
        return Verdict(None, "no answer speaks for a type", reasons, ())
    because = next(reason.because for reason in reasons if reason.answer)
    return Verdict(spoken_for[0], because, reasons, tuple(spoken_for[1:]))


def read_answers(given: object, questions: Iterable[Question]) -> dict[str, bool]:
    """Return the answers of a file, {key: yes or no}, as booleans. Refused UNKNOWN_QUESTION, BAD_VALUE, with every Issue."""
    if not isinstance(given, Mapping):
        raise Refused.because("BAD_VALUE", "the answers are not an object", hint='give {"question": "yes", ...}')
    keys = [question.key for question in in_order(questions)]
    answers: dict[str, bool] = {}
    issues = []
    for key, value in given.items():
        text = str(value).strip().lower()
        if key not in keys:
            hint = did_you_mean(str(key), keys) or f"the questions are {', '.join(keys)}"
            issues.append(Issue("UNKNOWN_QUESTION", f"there is no question {key!r}", path=str(key), hint=hint))
        elif text not in _YES | _NO:
            issues.append(Issue("BAD_VALUE", f"{key} is {value!r}", path=str(key), hint="answer yes or no"))
        else:
            answers[key] = text in _YES
    if issues:
        raise Refused(issues)
    return answers
