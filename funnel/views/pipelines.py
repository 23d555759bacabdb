"""Pipelines and their versions, for the administrators who make them and everybody who reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import Invalid
from crm.http import Request
from crm.ids import id_of
from crm.models import User
from crm.views.saying import refused_in, saying
from funnel import forms_pipelines as forms
from funnel.models import Case, Pipeline, PipelineVersion, Stage, StageGate
from funnel.pages.pipeline_diff import baseline_of, differences, tier_text
from funnel.selectors.documents import document_of, problems_of, touched_cases
from funnel.services import versions as services
from tiering.pages.conditions import metrics_about, vocabulary
from tiering.selectors.catalogue import open_catalogue

FORMS = ["GET", "HEAD", "POST"]


@requires("funnel.view_pipelines")
@require_safe
def pipelines(request: Request) -> HttpResponse:
    """Every pipeline, with what is in preparation."""
    found = Pipeline.objects.order_by("is_retired", "pk").annotate(
        stage_count=Count("stages", filter=Q(stages__is_retired=False))
    )
    preparing = PipelineVersion.objects.filter(status__in=PipelineVersion.IN_PREPARATION)
    by_pipeline = {version.pipeline_id: version for version in preparing}
    rows = [{"pipeline": one, "preparing": by_pipeline.get(one.pk)} for one in found]
    context = {"rows": rows, "may_write": request.user.has_perm("funnel.write_pipelines")}
    return render(request, "funnel/pipelines/list.html", context)


@requires("funnel.view_pipelines")
@require_safe
def pipeline(request: Request, pk: int) -> HttpResponse:
    """What is in effect, and the versions that led there."""
    found = get_object_or_404(Pipeline, pk=pk)
    context = {
        "pipeline": found,
        "stages": shown(document_of(found)),
        "left": left_behind(request, found),
        "versions": found.versions.select_related("author", "publisher"),
        "preparing": found.versions.filter(status__in=PipelineVersion.IN_PREPARATION).first(),
        "may_write": request.user.has_perm("funnel.write_pipelines"),
    }
    return render(request, "funnel/pipelines/pipeline.html", context)


def left_behind(request: Request, found: Pipeline) -> list[Stage]:
    """The retired stages that visible cases still stand in, with how many, to be moved on from there."""
    cases = Case.objects.visible_to(request.user).standing().filter(stage=OuterRef("pk")).order_by()
    counted = cases.values("stage").annotate(number=Count("pk")).values("number")
    stages = found.stages.filter(is_retired=True).annotate(cases_left=Subquery(counted))
    return list(stages.filter(cases_left__gt=0).order_by("position"))


@requires("funnel.write_pipelines")
@require_http_methods(FORMS)
def new_pipeline(request: Request) -> HttpResponse:
    """Begin a pipeline that there was not."""
    form = forms.NewPipeline(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            version = services.start_pipeline(by=request.user, **form.cleaned_data)
            return redirect("funnel:pipeline-version", version.pk)
    context = {"form": form, "title": _("New funnel"), "back": "funnel:pipelines"}
    return render(request, "funnel/pipelines/form.html", context, status=422 if form.errors else 200)


@requires("funnel.write_pipelines")
@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Begin a draft of what is in effect."""
    found = get_object_or_404(Pipeline, pk=pk)
    with saying(request, _("The draft says what is in effect. Change it, then submit it.")):
        version = services.start_version(pipeline=found, by=request.user)
        return redirect("funnel:pipeline-version", version.pk)
    return redirect("funnel:pipeline", pk)


@requires("funnel.view_pipelines")
@require_safe
def version(request: Request, pk: int) -> HttpResponse:
    """A version: what it says, and its next step."""
    return version_page(request, version_of(pk))


def version_page(request: Request, found: PipelineVersion, status: int = 200, **more: Any) -> HttpResponse:
    writes = request.user.has_perm("funnel.write_pipelines")
    is_draft = found.status == PipelineVersion.Status.DRAFT
    is_author = request.user.pk in found.authors
    context = {
        "version": found,
        "stages": shown(found.document),
        "problems": problems_of(found.pipeline, found.document) if is_draft else [],
        "authors": User.objects.filter(pk__in=found.authors),
        "may_edit": writes and is_draft,
        "may_publish": writes and found.status == PipelineVersion.Status.SUBMITTED and not is_author,
        "may_send_back": writes and found.status == PipelineVersion.Status.SUBMITTED,
        "is_author": is_author,
        "words": forms.Words(),
        **compared(request, found),
        **more,
    }
    return render(request, "funnel/pipelines/version.html", context, status=status)


def compared(request: Request, found: PipelineVersion) -> dict[str, Any]:
    """What differs from what the version replaces, or from the one of the number `against`."""
    others = found.pipeline.versions.exclude(pk=found.pk)
    number = id_of(request.GET.get("against"))
    other = others.filter(number=number).first() if number else None
    before = other.document if other else baseline_of(found)
    is_ahead = found.status in PipelineVersion.IN_PREPARATION
    return {
        "others": others,
        "compared": other.number if other else None,
        "differences": None if before is None else differences(before, found.document),
        "touched": touched_cases(found.pipeline, before, found.document).count()
        if is_ahead and before
        else 0,
    }


@requires("funnel.write_pipelines")
@require_http_methods(FORMS)
def edit_whole(request: Request, pk: int) -> HttpResponse:
    """Names, products and checklist of a draft."""
    found = draft_of(pk)
    if request.method == "POST":
        form = forms.WholeForm(request.POST)
        if form.is_valid():
            with refused_in(form):
                save(request, found, form.document(found.document), form.cleaned_data["revision"])
                return redirect("funnel:pipeline-version", pk)
    else:
        form = forms.WholeForm.of(found.document, found.revision)
    context = {"version": found, "form": form}
    return render(request, "funnel/pipelines/whole.html", context, status=422 if form.errors else 200)


@requires("funnel.write_pipelines")
@require_http_methods(FORMS)
def edit_stage(request: Request, pk: int, place: int) -> HttpResponse:
    """A stage of a draft; the place after the last is a further one."""
    found = draft_of(pk)
    stages = list(found.document["stages"])
    if place > len(stages):
        raise Http404
    is_new = place == len(stages)
    if request.method == "POST":
        form = forms.StageForm(request.POST)
        if form.is_valid():
            kept = [*stages[:place], form.stage, *stages[place + 1 :]]
            document = {**found.document, "stages": in_order(kept)}
            with refused_in(form):
                save(request, found, document, form.cleaned_data["revision"])
                return redirect("funnel:pipeline-version", pk)
    else:
        blank = {"key": "", "name_en": "", "outcome": Stage.Outcome.OPEN}
        form = forms.StageForm.of(blank if is_new else stages[place], found.revision)
    context = {
        "version": found,
        "form": form,
        "is_new": is_new,
        "vocabulary": vocabulary(metrics_about(open_catalogue())),
    }
    return render(request, "funnel/pipelines/stage.html", context, status=422 if form.errors else 200)


@requires("funnel.write_pipelines")
@require_POST
def arrange(request: Request, pk: int, place: int) -> HttpResponse:
    """Move a stage of a draft `up` or `down` among its like, or `remove` it."""
    found, act = draft_of(pk), request.POST.get("act")
    stages = list(found.document["stages"])
    if place >= len(stages):
        raise Http404
    stage = stages.pop(place)
    if act != "remove":
        stages.insert(max(place - 1, 0) if act == "up" else place + 1, stage)
    with saying(request, _("The stages are changed.")):
        document = {**found.document, "stages": in_order(stages)}
        save(request, found, document, id_of(request.POST.get("revision")) or 0)
    return redirect("funnel:pipeline-version", pk)


@requires("funnel.write_pipelines")
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Ask a second person to publish it."""
    found = version_of(pk)
    try:
        with saying(request, _("Submitted. Somebody else publishes it.")):
            services.submit_version(version=found, purpose=words_of(request), by=request.user)
    except Invalid:
        return version_page(request, found, status=422)
    return redirect("funnel:pipeline-version", pk)


@requires("funnel.write_pipelines")
@require_POST
def send_back(request: Request, pk: int) -> HttpResponse:
    """Make it a draft again."""
    return stepped(
        request,
        pk,
        _("It is a draft again."),
        lambda found: services.send_back(version=found, remark=words_of(request), by=request.user),
    )


@requires("funnel.publish_pipelines")
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Put it in effect."""
    revision = id_of(request.POST.get("revision")) or 0
    return stepped(
        request,
        pk,
        _("The version is in effect."),
        lambda found: services.publish_version(version=found, revision=revision, by=request.user),
    )


@requires("funnel.write_pipelines")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    found = version_of(pk)
    with saying(request, _("The draft is gone.")):
        services.discard_version(version=found, by=request.user)
    return redirect("funnel:pipeline", found.pipeline_id)


def stepped(request: Request, pk: int, done: str, act: Callable[[PipelineVersion], object]) -> HttpResponse:
    with saying(request, done):
        act(version_of(pk))
    return redirect("funnel:pipeline-version", pk)


def words_of(request: Request) -> str:
    return request.POST.get("words", "")[:2000]


def version_of(pk: int) -> PipelineVersion:
    return get_object_or_404(PipelineVersion.objects.select_related("pipeline", "author", "publisher"), pk=pk)


def draft_of(pk: int) -> PipelineVersion:
    """A draft, to be edited; anything else is not there."""
    return get_object_or_404(
        PipelineVersion.objects.select_related("pipeline"), pk=pk, status=PipelineVersion.Status.DRAFT
    )


def save(request: Request, found: PipelineVersion, document: dict[str, Any], revision: int) -> None:
    services.save_version(version=found, document=document, revision=revision, by=request.user)
    messages.success(request, _("Saved."))


def in_order(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open stages first, then where cases are won, then where they are lost; otherwise as they stand."""
    ranks = {outcome: rank for rank, outcome in enumerate(Stage.Outcome.values)}
    return sorted(stages, key=lambda stage: ranks.get(stage.get("outcome", ""), len(ranks)))


def shown(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The stages as a table shows them."""
    kinds = dict(StageGate.Kind.choices)
    rows = []
    for stage in document.get("stages", ()):
        chance = stage.get("probability")
        rows.append(
            {
                **stage,
                "outcome_name": dict(Stage.Outcome.choices).get(stage.get("outcome"), ""),
                "chance": None if chance is None else round(chance * 100),
                "gate_names": [
                    f"{kinds.get(gate['kind'], gate['kind'])}{': ' + tier_text(gate) if gate.get('tier') else ''}"
                    for gate in stage.get("gates", ())
                ],
            }
        )
    return rows
