"""Building a questionnaire: its heading, its sections, its questions, as parts of one document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.core.questions import DECIDING, FEEDING, KINDS, WITH_OPTIONS, Document, Question
from crm.formats import MISSING, reads_chinese
from crm.forms.fields import ServiceForm
from crm.forms.options import OptionsField
from crm.metrics import observable
from crm.models import Questionnaire

KIND_NAMES = dict(
    zip(
        KINDS,
        (
            pgettext_lazy("question", "Choice of one"),
            pgettext_lazy("question", "Choice of several"),
            pgettext_lazy("question", "Number"),
            pgettext_lazy("question", "Grade from 1 to 5"),
            pgettext_lazy("question", "Text"),
            pgettext_lazy("question", "Yes or no"),
            pgettext_lazy("question", "Date"),
        ),
        strict=True,
    )
)
YES_NO = (("yes", "Yes", "是"), ("no", "No", "否"))


def long_text(label: Any, most: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **options)


class StartForm(ServiceForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Questionnaire.Kind.choices,
        help_text=gettext_lazy("A survey is sent to many clients, and its mean and trend are shown."),
    )
    title_en = forms.CharField(label=gettext_lazy("English title"), max_length=120)
    title_zh = forms.CharField(label=gettext_lazy("Chinese title"), max_length=120)


class HeadingForm(ServiceForm):
    """Title, what is said before and after, and what becomes of the answers."""

    title_en = forms.CharField(label=gettext_lazy("English title"), max_length=120, required=False)
    title_zh = forms.CharField(label=gettext_lazy("Chinese title"), max_length=120, required=False)
    intro_en = long_text(gettext_lazy("English introduction"), 2000)
    intro_zh = long_text(gettext_lazy("Chinese introduction"), 2000)
    thanks_en = long_text(gettext_lazy("English word of thanks"), 1000)
    thanks_zh = long_text(gettext_lazy("Chinese word of thanks"), 1000)
    score_metric = forms.ChoiceField(
        label=gettext_lazy("Metric that the score feeds"),
        required=False,
        help_text=gettext_lazy("The score is 0 to 100; a metric in grades gets 1 to 5."),
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("What clients answer by link waits for the RM's word"), required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, document: Document, revision: int) -> None:
        words = {
            f"{name}_{language}": getattr(getattr(document, name), language)
            for name in ("title", "intro", "thanks")
            for language in ("en", "zh")
        }
        more = {"score_metric": document.score_metric, "confirm": document.confirm, "revision": revision}
        super().__init__(data, initial={**words, **more})
        _offer(self, "score_metric", metric_choices(numbers_only=True))

    def heading(self) -> dict[str, Any]:
        said = self.cleaned_data
        words = {name: pair(said, name) for name in ("title", "intro", "thanks")}
        return {**words, "score_metric": said["score_metric"], "confirm": said["confirm"]}


class SectionForm(ServiceForm):
    title_en = forms.CharField(label=gettext_lazy("English title"), max_length=120, required=False)
    title_zh = forms.CharField(label=gettext_lazy("Chinese title"), max_length=120, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def title(self) -> dict[str, str]:
        return pair(self.cleaned_data, "title")


class QuestionForm(ServiceForm):
    """A question. Which fields count depends on its kind; the others are left aside."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(KIND_NAMES.items()))
    required = forms.BooleanField(label=gettext_lazy("Has to be answered"), required=False)
    words_en = long_text(gettext_lazy("Question in English"), 500)
    words_zh = long_text(gettext_lazy("Question in Chinese"), 500)
    help_en = forms.CharField(label=gettext_lazy("Help in English"), max_length=500, required=False)
    help_zh = forms.CharField(label=gettext_lazy("Help in Chinese"), max_length=500, required=False)
    options = OptionsField(
        label=gettext_lazy("Choices"),
        required=False,
        help_text=gettext_lazy(
            "A yes or no needs none. Alt+↑ and Alt+↓ move a row. Keep a key once it has been answered; left empty "
            "it is made of the English words."
        ),
    )
    counts = forms.BooleanField(
        label=gettext_lazy("Counts towards the score"),
        required=False,
        help_text=gettext_lazy("By the points of its choices; a grade by 0 to 100."),
    )
    unit = forms.CharField(label=gettext_lazy("Unit of a number"), max_length=30, required=False)
    lowest = forms.FloatField(label=gettext_lazy("At least"), required=False)
    highest = forms.FloatField(label=gettext_lazy("At most"), required=False)
    metric = forms.ChoiceField(label=gettext_lazy("Metric that the answer feeds"), required=False)
    shown_if = forms.ChoiceField(label=gettext_lazy("Asked only if"), required=False)
    shown_if_any = forms.CharField(
        label=gettext_lazy("is answered by"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Keys of its choices or grades, with commas between."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, document: Document, question: Question | None, revision: int) -> None:
        super().__init__(data, initial={**_initial(question), "revision": revision})
        _offer(self, "metric", metric_choices())
        _offer(self, "shown_if", _deciding_before(document, question))

    def question(self) -> dict[str, Any]:
        """What was said, as the document has it; its key stands elsewhere."""
        said, kind = self.cleaned_data, self.cleaned_data["kind"]
        given: dict[str, Any] = {
            "kind": kind,
            "words": pair(said, "words"),
            "help": pair(said, "help"),
            "required": said["required"],
            "counts": said["counts"] and kind in (*WITH_OPTIONS, "grade"),
        }
        if kind in WITH_OPTIONS:
            given["options"] = said["options"] or (_yes_no() if kind == "yes_no" else [])
        if kind == "number":
            given |= {"unit": said["unit"], "lowest": said["lowest"], "highest": said["highest"]}
        if kind in FEEDING:
            given["metric"] = said["metric"]
        if said["shown_if"]:
            wanted = [one.strip() for one in said["shown_if_any"].split(",") if one.strip()]
            given["shown_if"] = {"question": said["shown_if"], "any_of": wanted}
        return given

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("shown_if") and not said.get("shown_if_any", "").strip(" ,"):
            self.add_error("shown_if_any", _("Say by which answers."))
        return said


def _yes_no() -> list[dict[str, Any]]:
    return [
        {"key": key, "words": {"en": english, "zh": chinese}, "points": 100 if key == "yes" else 0}
        for key, english, chinese in YES_NO
    ]


def _initial(question: Question | None) -> dict[str, Any]:
    if question is None:
        return {"kind": "choice"}
    plain = ("kind", "required", "counts", "unit", "lowest", "highest", "metric", "options")
    words = {
        f"{name}_{language}": getattr(getattr(question, name), language)
        for name in ("words", "help")
        for language in ("en", "zh")
    }
    condition = question.shown_if
    asked = {"shown_if": condition.question, "shown_if_any": condition.listed} if condition else {}
    return {**{name: getattr(question, name) for name in plain}, **words, **asked}


def _deciding_before(document: Document, question: Question | None) -> list[tuple[str, str]]:
    """The questions before this one that a condition may rest on."""
    found: list[tuple[str, str]] = []
    for one in document.questions:
        if question is not None and one.key == question.key:
            break
        if one.kind in DECIDING:
            values = ", ".join(one.values)
            found.append((one.key, f"{one.words.read(reads_chinese())[:60]} ({values})"))
    return found


def metric_choices(*, numbers_only: bool = False) -> list[tuple[str, Any]]:
    """What may be observed of clients, by name."""
    metrics = [metric for metric in observable().values() if not numbers_only or metric.type == "number"]
    return [(metric.key, metric.label) for metric in sorted(metrics, key=lambda metric: str(metric.label))]


def pair(said: Mapping[str, Any], name: str) -> dict[str, str]:
    """Words in both languages, as the document has them."""
    return {language: said[f"{name}_{language}"].strip() for language in ("en", "zh")}


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    choice = form.fields[name]
    assert isinstance(choice, forms.ChoiceField)
    choice.choices = [("", MISSING), *choices]
