"""Building questionnaires: a draft is one document that is written whole, and fixed once it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.questions import Document, Malformed, Question, read, unfinished
from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.metrics import ObservableMetric, observable
from crm.models import Questionnaire, QuestionnaireVersion, User
from crm.selectors.questionnaires import lack_text
from crm.services.saving import save

EMPTY: Mapping[str, Any] = {"title": {"en": "", "zh": ""}, "sections": []}
SCORE_UNITS = ("points", "grade", "none")
"""Units of metrics that a score may feed: as it is, and from 1 to 5 for a grade."""


class NotADraft(DomainError):
    code = "questionnaire_not_a_draft"
    message = gettext_lazy("This version is published and stays as it is. Begin a new version to change it.")


class DraftThere(DomainError):
    code = "questionnaire_draft_there"
    message = gettext_lazy("There is a draft of this questionnaire already. Go on with that one.")


@transaction.atomic
def start_questionnaire(
    *, by: User, kind: str, title_en: str, title_zh: str, document: Mapping[str, Any] | None = None
) -> QuestionnaireVersion:
    """The first draft of a new questionnaire. Raises NotPermitted, and Invalid."""
    _check_writer(by)
    questionnaire = Questionnaire(kind=kind, created_by=by)
    save(questionnaire)
    whole = {**(document or EMPTY), "title": {"en": title_en.strip(), "zh": title_zh.strip()}}
    _read(whole)
    version = QuestionnaireVersion(questionnaire=questionnaire, number=1, document=whole, author=by)
    version.save()
    return version


@transaction.atomic
def write_document(
    *, by: User, version: QuestionnaireVersion, revision: int, document: Mapping[str, Any]
) -> QuestionnaireVersion:
    """Let a draft say something else than at `revision`. Raises NotPermitted, NotADraft, Conflict and Invalid."""
    draft = _draft(by, version, revision)
    _read(document)
    draft.document = dict(document)
    draft.revision += 1
    draft.save(update_fields=["document", "revision"])
    return draft


@transaction.atomic
def publish_version(*, by: User, version: QuestionnaireVersion, revision: int) -> QuestionnaireVersion:
    """Fix a draft, which is asked from now on; links of earlier versions go on with theirs.

    Raises NotPermitted, NotADraft, Conflict, and Invalid with everything that it lacks.
    """
    draft = _draft(by, version, revision)
    lacking = [text for _place, text in lacks_of(_read(draft.document))]
    if lacking:
        raise Invalid({"": lacking})
    draft.status = QuestionnaireVersion.Status.PUBLISHED
    draft.published_by = by
    draft.published_at = Now()
    draft.save(update_fields=["status", "published_by", "published_at"])
    draft.refresh_from_db()
    return draft


@transaction.atomic
def start_version(*, by: User, questionnaire: Questionnaire) -> QuestionnaireVersion:
    """A draft that says what the latest version says. Raises NotPermitted and DraftThere."""
    _check_writer(by)
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    latest = questionnaire.versions.first()
    assert latest is not None, "a questionnaire is made with its first version"
    if latest.is_draft:
        raise DraftThere
    draft = QuestionnaireVersion(
        questionnaire=questionnaire, number=latest.number + 1, document=latest.document, author=by
    )
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, by: User, version: QuestionnaireVersion, revision: int) -> None:
    """Do without a draft, and without the questionnaire where it was never published.

    Raises NotPermitted, NotADraft and Conflict.
    """
    draft = _draft(by, version, revision)
    draft.delete()
    if not draft.questionnaire.versions.exists():
        draft.questionnaire.delete()


@transaction.atomic
def retire_questionnaire(*, by: User, questionnaire: Questionnaire) -> None:
    """Let it be asked no more; links that are out can still be answered. Raises NotPermitted."""
    _check_writer(by)
    Questionnaire.objects.filter(pk=questionnaire.pk, retired_at=None).update(retired_at=Now())


@transaction.atomic
def restore_questionnaire(*, by: User, questionnaire: Questionnaire) -> None:
    """Take it back into use. Raises NotPermitted."""
    _check_writer(by)
    Questionnaire.objects.filter(pk=questionnaire.pk).update(retired_at=None)


def lacks_of(document: Document) -> list[tuple[str, str]]:
    """What a document lacks to be published: the key of a question (empty: the whole) and what to do, in words."""
    found = [(key, lack_text(document, key, lack)) for key, lack in unfinished(document)]
    return [*found, *_metric_lacks(document, observable())]


def _metric_lacks(document: Document, metrics: Mapping[str, ObservableMetric]) -> Iterator[tuple[str, str]]:
    fed: set[str] = set()
    for question in document.questions:
        if not question.metric:
            continue
        metric = metrics.get(question.metric)
        if question.metric in fed:
            yield question.key, _("Two questions feed “%(metric)s”.") % {"metric": question.metric}
        elif metric is None:
            yield question.key, _("There is no metric “%(metric)s” to feed.") % {"metric": question.metric}
        elif fault := _misfit(question, metric):
            yield question.key, fault
        fed.add(question.metric)
    if document.score_metric:
        metric = metrics.get(document.score_metric)
        if metric is None or metric.type != "number" or metric.unit not in SCORE_UNITS:
            yield "", _("The score can feed a metric in points or in grades from 1 to 5 only.")
        elif document.score_metric in fed:
            yield "", _("A question feeds the metric of the score already.")


def _misfit(question: Question, metric: ObservableMetric) -> str:
    """Why the answers to a question are no values of a metric; empty where they are."""
    told = {"metric": metric.label}
    if metric.type == "category":
        if question.kind not in ("choice", "yes_no"):
            return _("“%(metric)s” is a category: only a choice of one can feed it.") % told
        unknown = [option.key for option in question.options if option.key not in metric.categories]
        text = _("“%(metric)s” knows no category %(keys)s. Give the choices the keys of its categories.")
        return text % {**told, "keys": ", ".join(unknown)} if unknown else ""
    low, high = _range(question)
    if (metric.lowest is not None and (low is None or low < metric.lowest)) or (
        metric.highest is not None and (high is None or high > metric.highest)
    ):
        text = _("“%(metric)s” goes from %(low)s to %(high)s. Let no answer lie outside.")
        return text % {**told, "low": _bound(metric.lowest), "high": _bound(metric.highest)}
    return ""


def _range(question: Question) -> tuple[float | None, float | None]:
    """The least and the largest number that an answer can give."""
    if question.kind == "number":
        return question.lowest, question.highest
    if question.kind == "grade":
        return 1, 5
    worth = [option.points for option in question.options]
    if question.kind == "choices":
        return sum(one for one in worth if one < 0), sum(one for one in worth if one > 0)
    return min(worth, default=0), max(worth, default=0)


def _bound(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _read(document: Mapping[str, Any]) -> Document:
    try:
        return read(dict(document))
    except Malformed as error:
        reason = _("“%(place)s” is missing, too long, or not what is expected there.")
        raise Invalid({"document": [reason % {"place": error.place or "document"}]}) from error


def _draft(by: User, version: QuestionnaireVersion, revision: int) -> QuestionnaireVersion:
    _check_writer(by)
    versions = QuestionnaireVersion.objects.select_for_update(of=("self",)).select_related("questionnaire")
    found = versions.get(pk=version.pk)
    if not found.is_draft:
        raise NotADraft
    if found.revision != revision:
        raise Conflict
    return found


def _check_writer(by: User) -> None:
    if not by.has_perm("crm.write_questionnaires"):
        raise NotPermitted
