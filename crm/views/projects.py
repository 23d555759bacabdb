"""The page of a project: what it is, and panels of the apps that know who takes part in it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from crm import slots
from crm.access import requires
from crm.http import Request
from crm.models import Project


@requires("crm.view_client")
@require_safe
def project(request: Request, pk: int) -> HttpResponse:
    """A project in which a client of the user's takes part."""
    visible = Project.objects.visible_to(request.user).select_related("industry", "region")
    found = get_object_or_404(visible, pk=pk)
    context = {"project": found, "panels": slots.project_panels.for_user(request.user)}
    return render(request, "crm/project.html", context)
