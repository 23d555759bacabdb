"""The page of a project: what it is, who takes part, and panels of the apps that know more; and its forms."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import slots
from crm.access import requires
from crm.errors import Conflict, Invalid
from crm.forms.projects import CoverForm, PartEditForm, ParticipantForm, ProjectEditForm, ProjectForm
from crm.http import Request
from crm.models import Participation, Project
from crm.repeats import do_once
from crm.selectors.projects import covers_of, participants_of
from crm.services import projects as services
from crm.views.people import find_own_client
from crm.views.who import form_page

METHODS = ["GET", "HEAD", "POST"]


@requires("crm.view_client")
@require_safe
def project(request: Request, pk: int) -> HttpResponse:
    """A project in which a client of the user's takes part."""
    visible = Project.objects.visible_to(request.user).select_related("industry", "region")
    found = get_object_or_404(visible, pk=pk)
    today = timezone.localdate()
    context = {
        "project": found,
        "participants": participants_of(found, request.user, today),
        "covers": covers_of(found, today),
        "can_change": is_held(request, found),
        "panels": slots.project_panels.for_user(request.user),
    }
    return render(request, "crm/project.html", context)


@requires("crm.change_client")
@require_http_methods(METHODS)
def project_new(request: Request, pk: int) -> HttpResponse:
    """A new project in which a client takes part."""
    found = find_own_client(request, pk)
    form = ProjectForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request,
            lambda: services.create_project(by=request.user, client=found, **form.cleaned_data).pk,
        ),
        title=_("New project"),
        done=_("The project is entered."),
        back=("crm:client-tab", pk, "projects"),
        client=found,
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def project_edit(request: Request, pk: int) -> HttpResponse:
    found = find_own_project(request, pk)
    form = ProjectEditForm(request.POST if request.method == "POST" else None, project=found)
    return form_page(
        request,
        form=form,
        act=lambda: services.change_project(by=request.user, project=found, **form.cleaned_data),
        title=_("Change %(name)s") % {"name": found},
        done=_("Saved."),
        back=("crm:project", pk),
        back_name=str(found),
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def project_cover(request: Request, pk: int) -> HttpResponse:
    """Record DSCR and LLCR of a project."""
    found = find_own_project(request, pk)
    form = CoverForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: services.observe_cover(by=request.user, project=found, **form.given()),
        title=_("Record cover ratios"),
        done=_("The ratios are recorded."),
        back=("crm:project", pk),
        back_name=str(found),
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def participation_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_project(request, pk)
    form = ParticipantForm(request.POST if request.method == "POST" else None, user=request.user)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request,
            lambda: services.add_participant(by=request.user, project=found, **form.cleaned_data).pk,
        ),
        title=_("Add a participant"),
        done=_("The client takes part."),
        back=("crm:project", pk),
        back_name=str(found),
    )


@requires("crm.change_client")
@require_http_methods(METHODS)
def participation_edit(request: Request, pk: int) -> HttpResponse:
    """Change what a client is in a project, its share, or its days."""
    rows = Participation.objects.visible_to(request.user).select_related("client", "project")
    found = get_object_or_404(rows, pk=pk)
    if not is_held(request, found.project):
        raise PermissionDenied
    form = PartEditForm(request.POST if request.method == "POST" else None, participation=found)

    def act() -> None:
        try:
            services.change_participant(by=request.user, participation=found, **form.cleaned_data)
        except Conflict as error:
            raise Invalid({"": [str(error)]}) from error

    return form_page(
        request,
        form=form,
        act=act,
        title=_("Change the part of %(name)s") % {"name": found.client.name},
        done=_("Saved."),
        back=("crm:project", found.project_id),
        back_name=str(found.project),
    )


def is_held(request: Request, project: Project) -> bool:
    """Whether the user may change a project: they hold a client in it."""
    return (
        request.user.has_perm("crm.change_client")
        and Project.objects.editable_by(request.user).filter(pk=project.pk).exists()
    )


def find_own_project(request: Request, pk: int) -> Project:
    """The project, where the user may change it; 404 where they may not even see it."""
    found = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    if not is_held(request, found):
        raise PermissionDenied
    return found
