"""What the form that asks for an override offers, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.metrics import ObservableMetric
from crm.models import Attachment
from tiering.forms_overrides import OverrideForm
from tiering.models import TierScheme
from tiering.pages.overrides import lines_of, now_of_subject, usage_text
from tiering.selectors.authority import authority_at
from tiering.selectors.catalogue import metrics_named
from tiering.selectors.criteria import document_of, effective_version
from tiering.selectors.override_authority import limits_in
from tiering.selectors.override_usage import book_of, usage_of
from tiering.selectors.overrides import open_of


def metrics_for(
    chosen: str | None, schemes: Sequence[TierScheme], known: Mapping[str, ObservableMetric]
) -> dict[str, ObservableMetric]:
    """The metrics that the criteria in effect of a scheme read and that may be observed."""
    scheme = next((one for one in schemes if str(one.pk) == chosen), schemes[0])
    version = effective_version(scheme, timezone.now())
    read = metrics_named(document_of(version)) if version else frozenset()
    return {key: metric for key, metric in known.items() if key in read and not metric.retired}


def form_context(form: OverrideForm, at: datetime) -> dict[str, Any]:
    """What stands beside the form: what the criteria say now, what is open already, and how much may be overridden."""
    data = form.data or form.initial
    given = str(data.get("project") or "")
    project = None
    if "project" in form.fields and given.isdigit():
        field = form.fields["project"]
        project = field.queryset.filter(pk=given).first()  # type: ignore[attr-defined]
    limits, book = limits_in(authority_at()), book_of(form.chosen)
    kept = str(data.get("attached") or "")
    return {
        "now": now_of_subject(form.client, form.chosen, project, at),
        "open": lines_of(open_of(form.client, form.chosen, project), at),
        "usage": [usage_text(usage_of(form.chosen, way, limits, book)) for way in ("up", "down")],
        "limits": limits,
        "kept": Attachment.objects.filter(pk=kept, client=form.client).first() if kept.isdigit() else None,
    }
