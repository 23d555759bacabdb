"""Building questionnaires, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.charts import line_over_zones
from crm.core import questionnaire_edits as edits
from crm.core.answering import score
from crm.errors import DomainError
from crm.formats import reads_chinese
from crm.forms.answers import answers_in, sections_of
from crm.forms.questionnaires import KIND_NAMES, HeadingForm, QuestionForm, SectionForm, StartForm
from crm.http import Request
from crm.ids import id_of
from crm.metrics import named as metrics_named
from crm.models import Questionnaire, QuestionnaireVersion
from crm.repeats import do_once
from crm.selectors.breakdown import groupings
from crm.selectors.questionnaires import questionnaire_lines
from crm.selectors.surveys import outcome_by, outcome_of
from crm.services import questionnaires as services
from crm.views.saying import saying
from crm.views.who import form_page

READING, WRITING = "crm.view_client", "crm.write_questionnaires"


@requires(READING)
@require_safe
def questionnaire_list(request: Request) -> HttpResponse:
    context = {"lines": questionnaire_lines(request.user), "may_write": request.user.has_perm(WRITING)}
    return render(request, "crm/questionnaires/list.html", context)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_new(request: Request) -> HttpResponse:
    form = StartForm(request.POST if request.method == "POST" else None)
    made: list[int] = []

    def act() -> None:
        made.append(
            do_once(request, lambda: services.start_questionnaire(by=request.user, **form.cleaned_data).pk)
        )

    answer = form_page(
        request,
        form=form,
        act=act,
        title=_("New questionnaire"),
        done=_("The draft is begun. Add its questions."),
        back=("crm:questionnaires",),
    )
    return redirect("crm:questionnaire-version", made[0]) if made else answer


@requires(READING)
@require_safe
def questionnaire(request: Request, pk: int) -> HttpResponse:
    """What came of it, by month and by a group of clients; its versions."""
    found = get_object_or_404(Questionnaire, pk=pk)
    outcome, day = outcome_of(found, request.user), timezone.localdate()
    fields = groupings(request.user, day)
    chosen = next(
        (field for field in fields if field.key == request.GET.get("by")), fields[0] if fields else None
    )
    context = {
        "questionnaire": found,
        "versions": found.versions.select_related("author", "published_by"),
        "latest": found.versions.first(),
        "outcome": outcome,
        "chart": line_over_zones(outcome.trend, (), _("Mean score by month")),
        "fields": fields,
        "chosen": chosen,
        "groups": outcome_by(found, chosen, request.user) if chosen else [],
        "may_write": request.user.has_perm(WRITING),
    }
    return render(request, "crm/questionnaires/questionnaire.html", context)


@requires(WRITING)
@require_POST
def questionnaire_act(request: Request, pk: int) -> HttpResponse:
    """Begin a new version, retire it, or take it back into use."""
    found = get_object_or_404(Questionnaire, pk=pk)
    if request.POST.get("act") == "version":
        try:
            return redirect(
                "crm:questionnaire-version", services.start_version(by=request.user, questionnaire=found).pk
            )
        except DomainError as error:
            messages.error(request, str(error))
    elif request.POST.get("act") == "retire":
        with saying(request, _("It is asked no more.")):
            services.retire_questionnaire(by=request.user, questionnaire=found)
    elif request.POST.get("act") == "restore":
        with saying(request, _("It is in use again.")):
            services.restore_questionnaire(by=request.user, questionnaire=found)
    return redirect("crm:questionnaire", pk)


@requires(READING)
@require_safe
def version(request: Request, pk: int) -> HttpResponse:
    """A version with everything that it asks; of a draft, what it lacks, and what may be done to it."""
    found = find_version(pk)
    document, chinese, metrics = found.read(), reads_chinese(), metrics_named()
    lacks: dict[str, list[str]] = {}
    for key, text in services.lacks_of(document) if found.is_draft else ():
        lacks.setdefault(key, []).append(text)

    def metric_label(key: str) -> Any:
        return metrics[key].label if key in metrics else key

    context = {
        "version": found,
        "document": document,
        "sections": [
            (
                section,
                section.title.read(chinese),
                [
                    (
                        question,
                        KIND_NAMES[question.kind],
                        metric_label(question.metric) if question.metric else "",
                        lacks.get(question.key, ()),
                    )
                    for question in section.questions
                ],
            )
            for section in document.sections
        ],
        "score_metric": metric_label(document.score_metric) if document.score_metric else "",
        "whole": lacks.get("", ()),
        "ready": not lacks,
        "may_write": found.is_draft and request.user.has_perm(WRITING),
    }
    return render(request, "crm/questionnaires/version.html", context)


@requires(READING)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Request, pk: int) -> HttpResponse:
    """The questionnaire as a client would see it; answers are looked at and not kept."""
    found = find_version(pk)
    document, chinese = found.read(), reads_chinese()
    answers = answers_in(document, request.POST)
    context = {
        "version": found,
        "intro": document.intro.read(chinese),
        "sections": sections_of(document, answers, chinese=chinese),
        "score": score(document, answers) if request.method == "POST" else None,
    }
    return render(request, "crm/questionnaires/preview.html", context)


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def heading(request: Request, pk: int) -> HttpResponse:
    found = find_version(pk)
    form = HeadingForm(
        request.POST if request.method == "POST" else None, document=found.read(), revision=found.revision
    )
    return part_page(
        request,
        found,
        form,
        lambda: edits.with_heading(found.document, form.heading()),
        _("Title and answers"),
    )


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: Request, pk: int, key: str = "") -> HttpResponse:
    """A section: the one of the key, or a new one."""
    found = find_version(pk)
    known = next((one for one in found.read().sections if one.key == key), None)
    if key and known is None:
        raise Http404
    title = {"title_en": known.title.en, "title_zh": known.title.zh} if known else {}
    form = SectionForm(
        request.POST if request.method == "POST" else None, initial={**title, "revision": found.revision}
    )
    return part_page(
        request,
        found,
        form,
        lambda: edits.with_section(found.document, key or None, form.title()),
        _("Section") if known else _("New section"),
    )


@requires(WRITING)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, pk: int, section: str, key: str = "") -> HttpResponse:
    """A question of a section: the one of the key, or a new one."""
    found = find_version(pk)
    document = found.read()
    within = next((one for one in document.sections if one.key == section), None)
    known = next((one for one in within.questions if one.key == key), None) if within else None
    if within is None or (key and known is None):
        raise Http404
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        document=document,
        question=known,
        revision=found.revision,
    )
    return part_page(
        request,
        found,
        form,
        lambda: edits.with_question(found.document, section, key or None, form.question()),
        _("Question") if known else _("New question"),
    )


@requires(WRITING)
@require_POST
def version_act(request: Request, pk: int) -> HttpResponse:
    """Move or remove a part of a draft, publish it, or do without it."""
    found, act = find_version(pk), request.POST.get("act", "")
    key, revision = request.POST.get("key", ""), id_of(request.POST.get("revision")) or 0
    given: dict[str, Any] = {"by": request.user, "version": found, "revision": revision}
    try:
        match act:
            case "up" | "down":
                services.write_document(**given, document=edits.moved(found.document, key, act))
            case "remove":
                services.write_document(**given, document=edits.without(found.document, key))
                messages.success(request, _("It is taken out."))
            case "publish":
                services.publish_version(**given)
                messages.success(request, _("Published: it is asked from now on."))
                return redirect("crm:questionnaire", found.questionnaire_id)
            case "discard":
                services.discard_draft(**given)
                messages.success(request, _("The draft is gone."))
                return redirect("crm:questionnaires")
    except edits.NoSuchPlace as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("crm:questionnaire-version", pk)


def find_version(pk: int) -> QuestionnaireVersion:
    """Questionnaires are the house's: whoever reads clients may read them."""
    return get_object_or_404(QuestionnaireVersion.objects.select_related("questionnaire", "author"), pk=pk)


def part_page(
    request: Request,
    found: QuestionnaireVersion,
    form: Any,
    document: Callable[[], dict[str, Any]],
    title: str,
) -> HttpResponse:
    """A form for a part of a draft."""

    def write() -> object:
        return services.write_document(
            by=request.user, version=found, revision=form.cleaned_data["revision"], document=document()
        )

    back = ("crm:questionnaire-version", found.pk)
    return form_page(request, form=form, act=write, title=title, done=_("Saved."), back=back)
