"""Questionnaires as people read them: which there are, what they lack, what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.answering import counted
from crm.core.questions import Document, Lack, Question
from crm.formats import day, reads_chinese
from crm.models import Questionnaire, QuestionnaireVersion, Response, User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LACKS: Mapping[Lack, _StrOrPromise] = {
    "no_title": gettext_lazy("Give it a title in both languages."),
    "no_questions": gettext_lazy("Add a question."),
    "too_many": gettext_lazy("Ask at most 100 questions."),
    "no_points": gettext_lazy("Its score feeds a metric, but no question counts towards the score."),
    "no_words": gettext_lazy("Write the question in both languages."),
    "same_key": gettext_lazy("Another question has the same key."),
    "no_options": gettext_lazy("Offer at least two choices, each with a key of its own."),
    "no_option_words": gettext_lazy("Write each choice in both languages."),
    "condition": gettext_lazy(
        "It depends on a question that does not come before it, or on a choice there is not."
    ),
    "bounds": gettext_lazy("The least number is larger than the largest."),
    "metric_kind": gettext_lazy("A text or a date cannot feed a metric."),
}


def lack_text(document: Document, key: str, lack: Lack) -> str:
    """What is wrong and what to do, naming the question."""
    text = str(LACKS[lack])
    question = document.by_key.get(key)
    if question is None:
        return text
    return _("“%(question)s”: %(text)s") % {"question": named(question), "text": text}


def named(question: Question) -> str:
    return question.words.read(reads_chinese()) or question.key


def in_use() -> QuerySet[QuestionnaireVersion]:
    """The version of each questionnaire that is asked now: the latest that is published of what is not retired."""
    published = QuestionnaireVersion.objects.filter(status="published")
    newer = published.filter(questionnaire=OuterRef("questionnaire"), number__gt=OuterRef("number"))
    latest = published.filter(~Exists(newer), questionnaire__retired_at=None)
    return latest.select_related("questionnaire").order_by("pk")


@dataclass(frozen=True)
class Line:
    """A questionnaire of the list: its latest version, the one in use, and how much was answered."""

    questionnaire: Questionnaire
    latest: QuestionnaireVersion
    published: QuestionnaireVersion | None
    responses: int


def questionnaire_lines(user: User) -> list[Line]:
    """Every questionnaire, the newest first. A constant number of queries."""
    answered: Mapping[int, int] = dict(
        Response.objects.visible_to(user)
        .filter(~Q(status="set_aside"))
        .order_by()
        .values_list("version__questionnaire")
        .annotate(Count("pk"))
    )
    lines = []
    for questionnaire in Questionnaire.objects.prefetch_related("versions"):
        versions = list(questionnaire.versions.all())
        published = next((version for version in versions if not version.is_draft), None)
        lines.append(Line(questionnaire, versions[0], published, answered.get(questionnaire.pk, 0)))
    return lines


@dataclass(frozen=True)
class Said:
    """A question with what was answered, in words, and what of it went to a metric."""

    question: str
    answer: str
    fed: bool


def said_in(response: Response) -> list[tuple[str, list[Said]]]:
    """The answers by section title, in the reader's language; what was left open is not among them."""
    document, chinese = response.version.read(), reads_chinese()
    answers = counted(document, response.answers)
    return [
        (
            section.title.read(chinese),
            [
                Said(
                    named(question),
                    answer_text(question, answers[question.key]),
                    question.metric in response.fed,
                )
                for question in section.questions
                if question.key in answers
            ],
        )
        for section in document.sections
    ]


def answer_text(question: Question, value: Any) -> str:
    """An answer in the reader's words."""
    match question.kind:
        case "choice" | "yes_no" | "choices":
            chosen: Sequence[Any] = value if isinstance(value, list) else [value]
            words = {option.key: option.words.read(reads_chinese()) for option in question.options}
            return ", ".join(words.get(one, str(one)) for one in chosen)
        case "grade":
            return _("%(grade)s of 5") % {"grade": value}
        case "number":
            number = number_format(value, use_l10n=True, force_grouping=True)
            return f"{number} {question.unit}".strip()
        case "date":
            return day(date.fromisoformat(value))
        case _:
            return str(value)
