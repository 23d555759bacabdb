from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from crm import slots
from crm.access import requires
from crm.errors import DomainError
from crm.formats import localized
from crm.http import Request
from crm.ids import id_of, ids_of
from crm.models import User
from crm.paging import count_of
from crm.selectors.cells import render_cells
from crm.selectors.client_list import ListQuery, conditions_for, kept_views, options_of
from crm.selectors.list_columns import column_choices, columns_shown
from crm.services.clients import assign_rm
from crm.views.list_views import reaches_for
from crm.views.preferences import return_to

TABLE = "client-list"


@requires("crm.view_client")
@require_safe
def client_list(request: Request) -> HttpResponse:
    """The list; for an htmx request from its filters, headers and pager only the table."""
    query = ListQuery.read(request.GET, request.user)
    if request.htmx and request.htmx.target == TABLE:
        response = render(request, "crm/_client_table.html", table_context(request, query))
        return push_url(response, f"{request.path}?{query.address()}")
    context = table_context(request, query) | {
        "views": slots.list_views.for_user(request.user),
        "saved_views": kept_views(request.user),
        "filters": [
            (entry, options_of(entry, request.user), query.chosen.get(entry.key, ()))
            for entry in slots.list_filters.for_user(request.user)
        ],
    }
    return render(request, "crm/client_list.html", context)


@requires("crm.view_client")
@require_safe
def client_count(request: Request) -> HttpResponse:
    """How many clients the list has; asked for when its page is there already, which never waits for it."""
    query = ListQuery.read(request.GET, request.user)
    return render(request, "crm/_client_count.html", {"count": count_of(query.clients())})


def table_context(request: Request, query: ListQuery) -> dict:
    page = query.page(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    columns = columns_shown(query)
    cells = render_cells(columns, page.rows, request.user, query.address())
    return {
        "query": query,
        "column_choices": column_choices(query, columns),
        "reaches": reaches_for(request.user),
        "has_conditions": conditions_for(request.user) is not None,
        "without_where": query.address(where=""),
        "can_change_all": request.user.has_perm("crm.change_client"),
        "can_add": request.user.has_perm("crm.add_client"),
        "page": page,
        "count": page.count,
        "columns": columns,
        "heads": [(column, query.address_by(column)) for column in columns],
        "rows": list(zip(page.rows, cells, strict=True)),
        "bulk_actions": [
            (action, action.context(request.user)) for action in slots.bulk_actions.for_user(request.user)
        ],
    }


@requires("crm.assign_rm")
@require_POST
def assign(request: Request) -> HttpResponse:
    """Put the chosen clients into an RM's book."""
    back = HttpResponseRedirect(return_to(request, reverse("crm:client-list")))
    if not request.POST.get("rm"):
        messages.error(request, _("Choose the relationship manager who takes over the clients."))
        return back
    manager = get_object_or_404(User, pk=id_of(request.POST.get("rm")), team=request.user.team_id)
    chosen = ids_of(request.POST.getlist("client"))
    if not chosen:
        messages.error(request, _("Select at least one client first."))
        return back
    try:
        changed = assign_rm(by=request.user, client_ids=chosen, rm=manager)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, assigned_text(changed, manager))
    return back


def assigned_text(changed: int, manager: User) -> str:
    if not changed:
        return _("Nothing to change: %(name)s holds these clients already.") % {"name": localized(manager)}
    text = ngettext(
        "%(count)d client is now with %(name)s.", "%(count)d clients are now with %(name)s.", changed
    )
    return text % {"count": changed, "name": localized(manager)}
