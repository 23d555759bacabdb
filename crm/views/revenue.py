"""What a client brings in: the tab of its page, and an amount added from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.access import requires
from crm.charts import monthly_columns
from crm.errors import Invalid, NotPermitted
from crm.formats import money
from crm.forms.revenue import RevenueForm
from crm.http import Request
from crm.models import Client
from crm.repeats import do_once
from crm.selectors.revenue import RevenueYear, revenue_year
from crm.services.revenue import record_revenue
from crm.views.client_page import find_client, page_context


@requires("crm.view_client")
@require_safe
def revenue(request: Request, pk: int) -> HttpResponse:
    """Twelve months of revenue, in all and by project."""
    found = find_client(request, pk)
    return fragment(request, found, RevenueForm(client=found, user=request.user))


@requires("crm.change_client")
@require_POST
def revenue_new(request: Request, pk: int) -> HttpResponse:
    """Record an amount; what was typed stays where it is refused."""
    found = find_client(request, pk)
    form = RevenueForm(request.POST, client=found, user=request.user)
    if form.is_valid():
        given = {"by": request.user, "client": found, **form.cleaned_data}
        try:
            do_once(request, lambda: record_revenue(**given).pk)
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        else:
            messages.success(request, _("The amount is recorded."))
            return redirect("crm:client-tab", pk, "revenue")
    context = page_context(request, found, "revenue")
    body = mark_safe(fragment(request, found, form).content.decode())  # noqa: S308 - a template of our own
    return render(request, "crm/client_tab.html", context | {"body": body}, status=422)


def fragment(request: Request, found: Client, form: RevenueForm) -> HttpResponse:
    year = revenue_year(found, request.user, timezone.localdate())
    context = {
        "client": found,
        "year": year,
        "lines": [(line, year.share(line)) for line in year.lines] if year else [],
        "chart": chart_of(year) if year else "",
        "form": form,
        "can_change": request.user.has_perm("crm.change_client", found),
    }
    return render(request, "crm/client/_revenue_tab.html", context)


def chart_of(year: RevenueYear) -> str:
    points = [(month, float(amount)) for month, amount in zip(year.months, year.amounts, strict=True)]
    return monthly_columns(points, _("Revenue by month"), money) if year.lines else ""
