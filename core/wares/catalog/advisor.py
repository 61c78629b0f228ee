"""`wares which`: an interview that ends in a type of item, and why.

Each plugin contributes yes/no questions, each of which speaks for one type. They are asked lightest first; the first
yes decides. Pure and deterministic: the same questions and answers give the same verdict, in whatever order.

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
    """A question that was answered, and what the answer says."""

    question: str
    text: str
    answer: bool
    type: str
    because: str


class Verdict(NamedTuple):
    """The type that fits, None when no question was answered with yes; why; and which other types had a yes too."""

    type: str | None
    because: str
    reasons: tuple[Reason, ...]
    also: tuple[str, ...]


def in_order(questions: Iterable[Question]) -> list[Question]:
    """The questions as they are asked: by weight, then by key."""
    return sorted(questions, key=lambda question: (question.weight, question.key))


def next_question(questions: Iterable[Question], answers: Mapping[str, bool]) -> Question | None:
    """The question to ask now; None when a yes has decided or nothing is left to ask."""
    for question in in_order(questions):
        answer = answers.get(question.key)
        if answer is None:
            return question
        if answer:
            return None
    return None


def verdict(questions: Iterable[Question], answers: Mapping[str, bool]) -> Verdict:
    """What the answers come to; questions without an answer say nothing."""
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
    """Answers as a file gives them: {key: yes or no}. Refused UNKNOWN_QUESTION, BAD_VALUE, with every Issue."""
    if not isinstance(given, Mapping):
        raise Refused.because("BAD_VALUE", "the answers are no object", hint='give {"question": "yes", ...}')
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
