"""Tasks by page: what one has to do, what the team has to do, and each task by itself."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid, NotPermitted
from crm.forms.fields import ServiceForm
from crm.forms.tasks import AssignForm, FinishForm, MoveForm, TaskForm
from crm.http import Request
from crm.ids import ids_of
from crm.models import Client, Role, Task
from crm.paging import page_asked
from crm.presence import may_have
from crm.repeats import do_once
from crm.selectors.tasks import PARTS, counts_of, tasks_of, tasks_of_client
from crm.services import tasks as services
from crm.views.client_page import find_client
from crm.views.preferences import return_to
from crm.views.saying import refused_in

PAGE = 50
ON_CLIENT_PAGE = 6
EVERYBODY = "all"


@requires("crm.view_client")
@require_safe
def task_list(request: Request) -> HttpResponse:
    """One's own tasks, or everybody's that one may see: overdue, of today, later, done."""
    user, day = request.user, timezone.localdate()
    term = request.GET.get("q", "")
    own = user.has_perm("crm.write_tasks")
    everybodys = request.GET.get("whose") == EVERYBODY or not own
    found = tasks_of(user, everybodys=everybodys, term=term)
    counts = counts_of(found, day)
    first = next((key for key, count in counts.items() if count.number), "today")
    part = PARTS.get(request.GET.get("part", ""), PARTS[first])
    page = page_asked(request.GET, found.filter(part.holds(day)), part.order, PAGE)
    changeable = Task.objects.changeable_by(user).filter(pk__in=[task.pk for task in page.rows])
    context = {
        "page": page,
        "parts": [(one, counts.get(one.key)) for one in PARTS.values()],
        "part": part,
        "everybodys": everybodys,
        "may_choose": own,
        "term": term,
        "changeable": set(changeable.values_list("pk", flat=True)) if own else set(),
        "day": day,
    }
    return render(request, "crm/tasks/list.html", context)


@requires("crm.write_tasks")
@require_http_methods(["GET", "HEAD", "POST"])
def task_new(request: Request) -> HttpResponse:
    """A task in words; `client` in the address names the one it is about."""
    about = (
        Client.objects.visible_to(request.user).filter(pk__in=ids_of([request.GET.get("client", "")])).first()
    )
    initial = {"client": about.code if about else "", "assignee": request.user.pk}
    form = TaskForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        with refused_in(form):
            do_once(request, lambda: services.add_task(by=request.user, **given).pk)
            messages.success(request, _("The task is given."))
            return redirect("crm:client", given["client"].pk) if given["client"] else redirect("crm:tasks")
    context = {"form": form, "about": about}
    return render(request, "crm/tasks/new.html", context, status=422 if form.errors else 200)


@requires("crm.view_client")
@require_safe
def task(request: Request, pk: int) -> HttpResponse:
    return task_page(request, find_task(request, pk))


def find_task(request: Request, pk: int) -> Task:
    """The task, or 404 where the user may not see it."""
    tasks = Task.objects.visible_to(request.user).select_related(
        "client", "assignee", "created_by", "finished_by"
    )
    return get_object_or_404(tasks, pk=pk)


def find_own_task(request: Request, pk: int) -> Task:
    """The task, where the user may change it; 404 where they may not even see it."""
    found = find_task(request, pk)
    if not Task.objects.changeable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return found


def task_page(request: Request, found: Task, **refused: ServiceForm) -> HttpResponse:
    """`refused` are forms (finish, move, assign) to be shown again with what was typed."""
    user = request.user
    may_write = user.has_perm("crm.write_tasks")
    may_change = may_write and Task.objects.changeable_by(user).filter(pk=found.pk).exists()
    context = {
        "task": found,
        "may_change": may_change,
        "may_hand_on": found.assignee_id != user.pk or user.role == Role.TEAM_LEAD,
        "leads": user.role == Role.TEAM_LEAD,
        "day": timezone.localdate(),
        "finish": FinishForm(None),
        "move": MoveForm(None, initial={"due_on": found.due_on}),
        "assign": AssignForm(None, user=user, task=found),
        **refused,
    }
    return render(request, "crm/tasks/task.html", context, status=422 if refused else 200)


@requires("crm.write_tasks")
@require_POST
def task_finish(request: Request, pk: int) -> HttpResponse:
    """It is done; with a day it is to be done again."""
    found, form = find_own_task(request, pk), FinishForm(request.POST)
    return act(
        request,
        found,
        "finish",
        form,
        lambda: services.finish_task(by=request.user, task=found, **form.cleaned_data),
        _("The task is done."),
    )


@requires("crm.write_tasks")
@require_POST
def task_move(request: Request, pk: int) -> HttpResponse:
    found, form = find_own_task(request, pk), MoveForm(request.POST)
    return act(
        request,
        found,
        "move",
        form,
        lambda: services.move_task(by=request.user, task=found, **form.cleaned_data),
        _("The task has another day."),
    )


@requires("crm.write_tasks")
@require_POST
def task_assign(request: Request, pk: int) -> HttpResponse:
    found = find_own_task(request, pk)
    form = AssignForm(request.POST, user=request.user, task=found)
    return act(
        request,
        found,
        "assign",
        form,
        lambda: services.assign_task(by=request.user, task=found, **form.cleaned_data),
        _("The task is handed on."),
    )


@requires("crm.write_tasks")
@require_POST
def task_reopen(request: Request, pk: int) -> HttpResponse:
    found, form = find_own_task(request, pk), ServiceForm(request.POST)
    return act(
        request,
        found,
        "reopen",
        form,
        lambda: services.reopen_task(by=request.user, task=found),
        _("The task is open again."),
    )


def act(
    request: Request, found: Task, name: str, form: ServiceForm, what: Callable[[], object], done: str
) -> HttpResponse:
    """Do it and say so; what was refused stays in its form."""
    if form.is_valid():
        try:
            what()
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("crm:task", found.pk)
        else:
            if request.htmx:  # a line of Today: it leaves, and the page stays as it is
                return HttpResponse(headers={"HX-Trigger": json.dumps({"toast": {"text": done}})})
            messages.success(request, done)
            return redirect(return_to(request, "/tasks/"))
    return task_page(request, found, **{name: form})


@requires("crm.write_tasks")
@require_POST
def tasks_finish(request: Request) -> HttpResponse:
    """The chosen tasks are done."""
    done = services.finish_tasks(
        by=request.user,
        ids=ids_of(request.POST.getlist("task")),
        outcome=request.POST.get("outcome", "").strip()[:2000],
    )
    text = ngettext("%(count)d task is done.", "%(count)d tasks are done.", done) % {"count": done}
    messages.success(request, text)
    return redirect(return_to(request, "/tasks/"))


@requires("crm.view_client")
@require_safe
def client_tasks(request: Request, pk: int) -> HttpResponse:
    """A card of the client page: what is to be done for the client."""
    found = find_client(request, pk)
    open_tasks = tasks_of_client(found, request.user) if may_have(found, Task) else None
    context = {
        "client": found,
        "tasks": () if open_tasks is None else open_tasks[:ON_CLIENT_PAGE],
        "count": 0 if open_tasks is None else open_tasks.count(),
        "may_add": request.user.has_perm("crm.write_tasks"),
        "day": timezone.localdate(),
    }
    return render(request, "crm/tasks/_client.html", context)
