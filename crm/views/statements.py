"""What a client reports and what bureaus say: the tab of its page, and the forms that enter both."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import slots
from crm.access import requires
from crm.errors import Invalid, NotPermitted
from crm.forms.statements import CreditReportForm, StatementForm
from crm.http import Request
from crm.ids import id_of
from crm.metrics import named
from crm.models import Client, CreditReport, FinancialStatement
from crm.repeats import do_once
from crm.selectors.records import observations_of
from crm.selectors.statements import lines_of, ratio_lines, spans_of, statements_of, versions_of
from crm.services.credit_reports import record_credit_report
from crm.services.statements import AnotherStatement, StatementDoubtful, enter_statement, sentence
from crm.views.client_page import find_client
from crm.views.people import find_own_client
from crm.views.who import form_page

TAB = "statements"
Span = FinancialStatement.Span


@requires("crm.view_client")
@require_safe
def statements(request: Request, pk: int) -> HttpResponse:
    """Statements side by side with their ratios, what bureaus say, and what was observed."""
    found = find_client(request, pk)
    spans = spans_of(found, request.user)
    span = request.GET.get("span", "")
    span = span if span in spans else next(iter(spans), Span.YEAR.value)
    periods = statements_of(found, request.user, span)
    metrics = named()
    # Criteria read full years: what an interim period comes to lies on another scale.
    readings = slots.readings_of(found, request.user) if span == Span.YEAR else []
    reports = CreditReport.objects.visible_to(request.user).filter(client=found)
    context = {
        "client": found,
        "periods": periods,
        "spans": [(value, Span(value).label) for value in spans],
        "span": span,
        "lines": lines_of(periods),
        "ratios": ratio_lines(periods, readings) if periods else [],
        "credit_reports": reports.select_related("entered_by"),
        "can_change": request.user.has_perm("crm.change_client", found),
        "observations": [(item, metrics.get(item.metric)) for item in observations_of(found, request.user)],
    }
    return render(request, "crm/client/_statements_tab.html", context)


@requires("crm.view_client")
@require_safe
def statement(request: Request, pk: int) -> HttpResponse:
    """Everything that was reported of one period, the latest first."""
    rows = FinancialStatement.objects.visible_to(request.user).select_related("client")
    found = get_object_or_404(rows, pk=pk)
    versions = list(versions_of(found, request.user))
    context = {
        "client": found.client,
        "statement": found,
        "versions": versions,
        "lines": lines_of(versions),
        "can_change": request.user.has_perm("crm.change_client", found.client),
    }
    return render(request, "crm/conduct/statement.html", context)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def statement_new(request: Request, pk: int) -> HttpResponse:
    """Enter a statement, or with `of` in the address restate one; doubts are shown, to be accepted with a reason."""
    found = find_own_client(request, pk)
    form = StatementForm(request.POST if request.method == "POST" else None, of=_restated(request, found))
    if form.is_bound and form.is_valid():
        try:
            do_once(request, lambda: enter_statement(by=request.user, client=found, **form.given()).pk)
        except StatementDoubtful as error:
            form.doubt(error.findings)
        except Invalid as error:
            form.refuse(error)
        except AnotherStatement as error:
            form.add_error(None, str(error))
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        else:
            return redirect("crm:client-tab", pk, TAB)
    context = {
        "client": found,
        "form": form,
        "doubts": [(form[one.field].label, sentence(one)) for one in form.doubts],
    }
    status = 422 if form.errors or form.doubts else 200
    return render(request, "crm/conduct/statement_form.html", context, status=status)


@requires("crm.change_client")
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: Request, pk: int) -> HttpResponse:
    found = find_own_client(request, pk)
    form = CreditReportForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form=form,
        act=lambda: do_once(
            request,
            lambda: record_credit_report(by=request.user, client=found, **form.cleaned_data).pk,
        ),
        title=_("Enter a credit report"),
        done=_("The report is entered."),
        back=("crm:client-tab", pk, TAB),
        client=found,
    )


def _restated(request: Request, client: Client) -> FinancialStatement | None:
    pk = id_of(request.GET.get("of", ""))
    return client.statements.filter(pk=pk).first() if pk else None
