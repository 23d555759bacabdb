"""The figures of the funnel: their page, each as a file, and the cases behind one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.http import Request, download
from crm.paging import Order, count_of, page_of
from funnel.forms_figures import DrillForm, FiguresForm
from funnel.pages.figure import Figure, shown_rows
from funnel.pages.figures import FIGURES, TABS, as_csv
from funnel.pages.figures_ends import screening
from funnel.pages.figures_workbook import as_workbook
from funnel.selectors.figures.drill import cases_behind
from funnel.selectors.figures.selection import Selection
from tiering.workbooks import MEDIA_TYPE

PAGE = 50


@requires("funnel.view_cases")
@require_safe
def figures(request: Request, tab: str = "conversion") -> HttpResponse:
    """A page of figures; each loads by itself, since some look at every move. With `format=xlsx` all as a workbook."""
    form = FiguresForm(request.GET, user=request.user)
    if tab not in TABS:
        raise Http404
    if request.GET.get("format") == "xlsx":
        selection = selection_of(form)
        return workbook_of([figure_of(key, selection, form) for key in TABS[tab][1]], selection, tab)
    context = {
        "form": form,
        "common": form.common(tab),
        "selection": form.selection(),
        "tab": tab,
        "tabs": [(key, label) for key, (label, _) in TABS.items()],
        "keys": TABS[tab][1],
        "query": request.GET.urlencode(),
    }
    return render(request, "funnel/figures.html", context)


@requires("funnel.view_cases")
@require_safe
def figure(request: Request, key: str) -> HttpResponse:
    """One figure as a fragment; with `format=csv` or `format=xlsx` as a file."""
    form = FiguresForm(request.GET, user=request.user)
    selection = selection_of(form)
    found = figure_of(key, selection, form)
    if request.GET.get("format") == "xlsx":
        return workbook_of([found], selection, key)
    if request.GET.get("format") == "csv":
        return download(f"funnel-{key}.csv", as_csv(found), "text/csv; charset=utf-8")
    context = {
        "figure": found,
        "rows": shown_rows(found, _kept(request.GET)),
        "query": request.GET.urlencode(),
    }
    return render(request, "funnel/_figure.html", context)


@requires("funnel.view_cases")
@require_safe
def figure_cases(request: Request) -> HttpResponse:
    """The cases behind a figure, the youngest first."""
    form = FiguresForm(request.GET, user=request.user)
    selection = selection_of(form)
    drill = DrillForm(request.GET).drill(form)
    if drill is None:
        raise Http404
    cases = cases_behind(selection, drill)
    page = page_of(
        cases,
        Order("created_at", descending=True),
        PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"page": page, "count": count_of(cases), "selection": selection, "drill": drill}
    return render(request, "funnel/figure_cases.html", context)


def workbook_of(found: Sequence[Figure], selection: Selection, name: str) -> HttpResponse:
    day = timezone.localtime(selection.as_of).date().isoformat()
    content = as_workbook(found, title=f"{selection.pipeline} · {day}")
    return download(f"funnel-{name}.xlsx", content, MEDIA_TYPE)


def selection_of(form: FiguresForm) -> Selection:
    selection = form.selection()
    if selection is None:
        raise Http404
    return selection


def figure_of(key: str, selection: Selection, form: FiguresForm) -> Figure:
    """A figure by its key; 404 for another."""
    if key == "criteria":
        return screening(selection, form.criteria_version, form.stretch)
    if key not in FIGURES:
        raise Http404
    return FIGURES[key](selection)


def _kept(query: QueryDict) -> dict[str, Any]:
    """What the address says, without what is empty."""
    return {name: value for name, value in query.items() if name != "format" and value}
