"""What tiers put on a client's timeline: changes of tier, decisions, alerts, overrides."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.models import Client, User
from crm.timeline import Span, TimelineEvent
from tiering.models import Alert, Assignment, Override, Proposal, Tier
from tiering.pages.alerts import rows_of
from tiering.selectors.alerts import alerts_for
from tiering.selectors.moves import with_before

READING = "tiering.view_tiers"


def register() -> None:
    source = slots.TimelineSource
    slots.timeline.add(
        source(
            key="tiers",
            label=gettext_lazy("Changes of tier"),
            order=50,
            permission=READING,
            icon="arrow-right-left",
            by="system",
            load=tiers,
        ),
        source(
            key="decisions",
            label=gettext_lazy("Decisions on tiers"),
            order=55,
            permission="tiering.view_proposals",
            icon="scale",
            by="people",
            load=decisions,
        ),
        source(
            key="overrides",
            label=gettext_lazy("Overrides"),
            order=56,
            permission="tiering.view_proposals",
            icon="shield-half",
            by="people",
            load=overrides,
        ),
        source(
            key="alerts",
            label=gettext_lazy("Alerts"),
            order=60,
            permission="tiering.view_alerts",
            icon="bell-ring",
            by="system",
            load=alerts,
        ),
    )


def tiers(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    """In the primary scheme."""
    held = Assignment.objects.visible_to(user).filter(client=client, project=None, scheme__is_primary=True)
    rows = span.of(with_before(held).select_related("tier"), "valid_from")
    labels = Tier.objects.in_bulk({row.before for row in rows} - {None})
    return [
        TimelineEvent(
            at=row.valid_from,
            pk=row.pk,
            title=_("Tier %(before)s → %(tier)s") % {"before": labels[row.before].key, "tier": row.tier.key}
            if row.before
            else _("First tier: %(tier)s") % {"tier": row.tier.key},
            url=reverse("crm:client-tab", args=[client.pk, "tiers"]),
        )
        for row in rows
    ]


def decisions(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    decided = Proposal.objects.visible_to(user).filter(client=client, decided_at__isnull=False)
    rows = span.of(decided.select_related("from_tier", "to_tier", "decided_by"), "decided_at")
    return [
        TimelineEvent(
            at=row.decided_at,
            pk=row.pk,
            title=_("%(before)s → %(tier)s") % {"before": row.from_tier, "tier": row.to_tier},
            detail=row.get_status_display(),
            text=row.comment,
            url=reverse("tiering:review", args=[row.pk]),
            by=row.decided_by,
        )
        for row in rows
    ]


def overrides(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    asked = Override.objects.visible_to(user).filter(client=client)
    rows = span.of(asked.select_related("tier", "requested_by"), "requested_at")
    return [
        TimelineEvent(
            at=row.requested_at,
            pk=row.pk,
            title=_("Override asked for"),
            detail=row.get_status_display(),
            text=row.grounds,
            url=reverse("tiering:override", args=[row.pk]),
            by=row.requested_by,
        )
        for row in rows
    ]


def alerts(client: Client, user: User, span: Span) -> Sequence[TimelineEvent]:
    rows: list[Alert] = span.of(alerts_for(user).filter(client=client), "opened_at")
    return [
        TimelineEvent(
            at=row.alert.opened_at,
            pk=row.alert.pk,
            title=row.label,
            text=row.why,
            detail=row.alert.get_severity_display(),
            url=reverse("tiering:alert", args=[row.alert.pk]),
        )
        for row in rows_of(rows, user)
    ]
