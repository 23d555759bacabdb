"""The metric catalogue, and the institution's own metrics in it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import Invalid
from crm.forms.custom_metrics import CustomMetricForm, MetricChangeForm
from crm.http import Request
from crm.models import CustomMetric
from crm.services.custom_metrics import add_metric, change_metric, restore_metric, retire_metric
from tiering.pages.metrics import groups_of, metric_lines
from tiering.selectors.catalogue import catalogue
from tiering.selectors.known import known_shares, shares_at_hand


@requires("tiering.view_tiers")
@require_safe
def metrics(request: Request) -> HttpResponse:
    """Every metric. How much is known of each is counted by a second request, so that the page is there at once."""
    known_metrics, user = catalogue(), request.user
    shares = (known_shares if "known" in request.GET else shares_at_hand)(user, known_metrics)
    term = request.GET.get("q", "").strip()
    context = {
        "groups": groups_of(metric_lines(known_metrics, shares, timezone.now()), term),
        "term": term,
        "is_counted": shares is not None,
        "may_write": user.has_perm("crm.write_metrics"),
    }
    return render(request, "tiering/metrics.html", context)


@requires("crm.write_metrics")
@require_http_methods(["GET", "HEAD", "POST"])
def new_metric(request: Request) -> HttpResponse:
    """Add a metric of the institution's own."""
    form = CustomMetricForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return keep(request, form, lambda: add_metric(by=request.user, **form.cleaned_data))
    return page(request, form)


@requires("crm.write_metrics")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_metric(request: Request, pk: int) -> HttpResponse:
    """Change a metric of the institution's own."""
    metric = get_object_or_404(CustomMetric, pk=pk)
    form = MetricChangeForm(request.POST or None, instance=metric)
    if request.method == "POST" and form.is_valid():
        return keep(request, form, lambda: change_metric(by=request.user, metric=metric, **form.cleaned_data))
    return page(request, form)


@requires("crm.write_metrics")
@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Retire a metric, or take it back into use."""
    metric = get_object_or_404(CustomMetric, pk=pk)
    if request.POST.get("restore"):
        restore_metric(by=request.user, metric=metric)
        messages.success(request, _("“%(metric)s” is in use again.") % {"metric": metric.label})
    else:
        retire_metric(by=request.user, metric=metric)
        messages.success(request, _("“%(metric)s” is retired.") % {"metric": metric.label})
    return redirect("tiering:metrics")


def keep(request: Request, form: CustomMetricForm, act: Callable[[], CustomMetric]) -> HttpResponse:
    try:
        metric = act()
    except Invalid as error:
        for name, faults in error.fields.items():
            for fault in faults:
                form.add_error(name if name in form.fields else None, fault)
        return page(request, form)
    text = _("“%(metric)s” can be observed, and read by criteria, from now on.")
    messages.success(request, text % {"metric": metric.label})
    return redirect("tiering:metrics")


def page(request: Request, form: CustomMetricForm) -> HttpResponse:
    metric = form.instance if form.instance.pk else None
    context = {"form": form, "metric": metric}
    return render(request, "tiering/metric_form.html", context, status=422 if form.errors else 200)
