"""Schemes side by side: fragments of the client page and of the project page, and the list of schemes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.models import Project
from tiering.models import TierScheme
from tiering.pages.schemes import roll_up_lines, scheme_lines, within_lines
from tiering.selectors.criteria import effective_version
from tiering.selectors.projects import deciding_projects, participants_of, projects_of
from tiering.selectors.schemes import schemes, standings_of
from tiering.services.schemes import make_primary
from tiering.views.client_panels import find_client, moment_shown


@requires("tiering.view_tiers")
@require_safe
def client_schemes(request: Request, pk: int) -> HttpResponse:
    """The client's tier in every scheme; nothing where the primary one is the only scheme."""
    client = find_client(request, pk)
    lines = scheme_lines(client, standings_of(client, moment_shown(request)))
    if all(line.scheme.is_primary for line in lines):
        return HttpResponse()
    return render(request, "tiering/_client_schemes.html", {"lines": lines})


@requires("tiering.view_tiers")
@require_safe
def client_project_tiers(request: Request, pk: int) -> HttpResponse:
    """The client's tier within each of its projects; nothing where no scheme is of projects or it has none."""
    client, now = find_client(request, pk), moment_shown(request)
    standings = standings_of(client, now)
    of_projects = [found.scheme for found in standings if found.scheme.subject == TierScheme.Subject.PROJECT]
    rows = projects_of(client, request.user, now) if of_projects else []
    if not rows:
        return HttpResponse()
    context = {
        "schemes": of_projects,
        "lines": within_lines(rows, of_projects, deciding_projects(client, now)),
        "roll_ups": roll_up_lines(client, standings),
    }
    return render(request, "tiering/_client_project_tiers.html", context)


@requires("tiering.view_tiers")
@require_safe
def project_tiers(request: Request, pk: int) -> HttpResponse:
    """Who takes part in a project, each with its tier within it."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    of_projects = [scheme for scheme in schemes() if scheme.subject == TierScheme.Subject.PROJECT]
    lines = within_lines(participants_of(project, request.user, timezone.now()), of_projects)
    return render(request, "tiering/_project_tiers.html", {"schemes": of_projects, "lines": lines})


@requires("tiering.view_tiers")
@require_safe
def scheme_list(request: Request) -> HttpResponse:
    """Every scheme with its tiers and the criteria in effect, and which is primary."""
    now = timezone.now()
    rows = [(scheme, effective_version(scheme, now)) for scheme in schemes()]
    may_choose = request.user.has_perm("tiering.publish_criteria")
    context = {
        "rows": rows,
        "may_choose": may_choose,
        "may_validate": request.user.has_perm("tiering.validate_criteria"),
    }
    return render(request, "tiering/schemes.html", context)


@requires("tiering.publish_criteria")
@require_POST
def choose_primary(request: Request, pk: int) -> HttpResponse:
    """Make a scheme the primary one."""
    scheme = get_object_or_404(TierScheme, pk=pk)
    try:
        make_primary(scheme=scheme, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = _("“%(scheme)s” is the primary scheme now: its tier is the tier of a client.")
        messages.success(request, text % {"scheme": scheme.label})
    return redirect("tiering:schemes")
