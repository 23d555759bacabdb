"""What answers to a questionnaire come to: which questions are asked, what is wrong, the score, what feeds metrics.

Answers are JSON by question key: the key of an option, a list of them, a number, a grade 1–5, a text, a day (ISO).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any, Final, Literal

from crm.core.questions import GRADES, Document, Question

Answers = Mapping[str, Any]
Fault = Literal[
    "missing", "option", "number", "too_low", "too_high", "grade", "text", "too_long", "day", "unknown"
]
LONGEST_TEXT: Final = 2000
TOO_LARGE: Final = 1e15


def asked(document: Document, answers: Answers) -> list[Question]:
    """The questions that are asked where these are the answers so far, in their order.

    What was answered to a question that is not asked counts for nothing.
    """
    found: list[Question] = []
    keys: set[str] = set()
    for question in document.questions:
        condition = question.shown_if
        if condition is None or (
            condition.question in keys and condition.any_of & _chosen(answers.get(condition.question))
        ):
            found.append(question)
            keys.add(question.key)
    return found


def _chosen(value: Any) -> set[str]:
    if isinstance(value, list):
        return {str(one) for one in value}
    return set() if value is None else {str(value)}


def counted(document: Document, answers: Answers) -> dict[str, Any]:
    """The answers to the questions that are asked; nothing empty."""
    return {
        question.key: answers[question.key]
        for question in asked(document, answers)
        if not is_empty(answers.get(question.key))
    }


def is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def faults(document: Document, answers: Answers, *, whole: bool) -> dict[str, Fault]:
    """What is wrong with answers, by question; with `whole`, also what has to be answered and is not."""
    found: dict[str, Fault] = {key: "unknown" for key in answers if key not in document.by_key}
    for question in asked(document, answers):
        value = answers.get(question.key)
        if is_empty(value):
            if whole and question.required:
                found[question.key] = "missing"
        elif fault := _fault(question, value):
            found[question.key] = fault
    return found


def _fault(question: Question, value: Any) -> Fault | None:
    match question.kind:
        case "choice" | "yes_no":
            return None if isinstance(value, str) and value in question.values else "option"
        case "choices":
            known = isinstance(value, list) and all(one in question.values for one in value)
            return None if known and len(set(value)) == len(value) else "option"
        case "grade":
            return None if not isinstance(value, bool) and value in GRADES else "grade"
        case "number":
            return _number_fault(question, value)
        case "date":
            return None if _is_day(value) else "day"
        case "text":
            if not isinstance(value, str) or "\0" in value:
                return "text"
            return "too_long" if len(value) > LONGEST_TEXT else None


def _number_fault(question: Question, value: Any) -> Fault | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "number"
    if not math.isfinite(value) or abs(value) > TOO_LARGE:
        return "number"
    if question.lowest is not None and value < question.lowest:
        return "too_low"
    if question.highest is not None and value > question.highest:
        return "too_high"
    return None


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != len("2026-01-01"):
        return False
    try:
        return date.fromisoformat(value).year >= 1900
    except ValueError:
        return False


def points(question: Question, value: Any) -> int:
    """What an answer is worth; of several choices their sum, of a grade 0 to 100."""
    if is_empty(value):
        return 0
    if question.kind == "grade":
        return (int(value) - 1) * 25
    chosen = _chosen(value)
    return sum(option.points for option in question.options if option.key in chosen)


def score(document: Document, answers: Answers) -> float | None:
    """0 to 100: the points given out of the most, over the questions that are asked and count.

    One that was left open brings nothing, so that nothing missing ever scores best. None where no question counts.
    """
    counting = [question for question in asked(document, answers) if question.counts and question.most]
    if not counting:
        return None
    given = sum(points(question, answers.get(question.key)) for question in counting)
    return max(0.0, 100 * given / sum(question.most for question in counting))


def values(
    document: Document, answers: Answers, *, categories: Set[str], grades: Set[str]
) -> Iterator[tuple[str, float | str]]:
    """What the answers say of metrics. What is open says nothing.

    Of a metric among `categories` a choice gives its key, of any other its points; a number and a grade give
    themselves. The score is points from 0 to 100, of a metric among `grades` 1 to 5.
    """
    for question in asked(document, answers):
        value: Any = answers.get(question.key)
        if question.metric and not is_empty(value):
            if question.kind in ("number", "grade"):
                yield question.metric, float(value)
            else:
                yield (
                    question.metric,
                    value if question.metric in categories else float(points(question, value)),
                )
    whole = score(document, answers)
    if document.score_metric and whole is not None:
        yield document.score_metric, 1 + whole / 25 if document.score_metric in grades else whole
