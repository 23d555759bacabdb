"""A questionnaire as a page asks it: each question with what was answered and what is wrong, and what a form says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.core.answering import LONGEST_TEXT, asked
from crm.core.questions import GRADES, Document, Question
from crm.formats import MISSING
from crm.forms.fields import DateInput, ServiceForm
from crm.models import Client, ContactPerson, QuestionnaireVersion
from crm.models.conduct import today
from crm.services.answers import LONGEST_DAYS, USUAL_DAYS


@dataclass(frozen=True)
class Box:
    """A choice as it is drawn."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Asked:
    """A question as it is drawn; `shown` is false while an earlier answer leaves it out."""

    key: str
    kind: str
    label: str
    help: str
    unit: str
    required: bool
    value: Any
    shown: bool
    boxes: list[Box] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lowest: str = ""
    highest: str = ""
    depends_on: str = ""
    depends_on_any: str = ""

    @property
    def longest(self) -> int:
        return LONGEST_TEXT

    @property
    def described_by(self) -> str:
        """The ids of what is said about it: its help and its errors."""
        named = {"help": self.help, "error": self.errors}
        return " ".join(f"{self.key}-{name}" for name, said in named.items() if said)


@dataclass(frozen=True)
class AskedSection:
    title: str
    questions: list[Asked]

    @property
    def shown(self) -> bool:
        return any(question.shown for question in self.questions)


def sections_of(
    document: Document,
    answers: Mapping[str, Any],
    *,
    chinese: bool,
    errors: Mapping[str, list[str]] | None = None,
) -> list[AskedSection]:
    """The whole questionnaire, with what was answered so far."""
    shown = {question.key for question in asked(document, answers)}
    return [
        AskedSection(
            section.title.read(chinese),
            [
                _asked(
                    question,
                    answers.get(question.key),
                    chinese,
                    question.key in shown,
                    (errors or {}).get(question.key),
                )
                for question in section.questions
            ],
        )
        for section in document.sections
        if section.questions
    ]


def _asked(question: Question, value: Any, chinese: bool, shown: bool, errors: list[str] | None) -> Asked:
    condition = question.shown_if
    return Asked(
        key=question.key,
        kind=question.kind,
        label=question.words.read(chinese),
        help=question.help.read(chinese),
        unit=question.unit,
        required=question.required,
        value="" if value is None else value,
        shown=shown,
        boxes=list(_boxes(question, value, chinese)),
        errors=errors or [],
        lowest="" if question.lowest is None else f"{question.lowest:g}",
        highest="" if question.highest is None else f"{question.highest:g}",
        depends_on=condition.question if condition else "",
        depends_on_any=" ".join(sorted(condition.any_of)) if condition else "",
    )


def _boxes(question: Question, value: Any, chinese: bool) -> Iterator[Box]:
    chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
    pairs = (
        [(str(grade), str(grade)) for grade in GRADES]
        if question.kind == "grade"
        else [(option.key, option.words.read(chinese)) for option in question.options]
    )
    for key, label in pairs:
        yield Box(f"{question.key}-{key}", key, label, key in chosen)


def answers_in(document: Document, sent: QueryDict) -> dict[str, Any]:
    """What a form says, as JSON by question; what is no value stays as it was typed, for the service to refuse."""
    said: dict[str, Any] = {}
    for question in document.questions:
        if question.kind == "choices":
            said[question.key] = sent.getlist(question.key)
        elif (text := sent.get(question.key, "").strip()) != "":
            said[question.key] = _value(question, text)
    return said


def _value(question: Question, text: str) -> Any:
    try:
        if question.kind == "number":
            return float(text.replace(",", ""))
        if question.kind == "grade":
            return int(text)
    except ValueError:
        return text
    return text


class AnsweredOnForm(forms.Form):
    answered_on = forms.DateField(label=_("Answered on"), widget=DateInput(), initial=today)


class LinkForm(ServiceForm):
    """For whom a link is, in which language and for how long."""

    version = forms.ModelChoiceField(
        label=_("Questionnaire"), queryset=QuestionnaireVersion.objects.none(), empty_label=None
    )
    person = forms.ModelChoiceField(
        label=_("Contact person"), queryset=ContactPerson.objects.none(), required=False, empty_label=MISSING
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=_("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, data: Any, *, client: Client, versions: Any, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        for name, rows in (("version", versions), ("person", client.people.filter(ended_on=None))):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = rows
