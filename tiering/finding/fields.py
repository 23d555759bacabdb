"""What tiering lets conditions on clients ask: tiers by scheme, the score, alerts, and the metrics known now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.models import User
from tiering import display
from tiering.core.catalogue import METRICS
from tiering.core.document import SCORE_UNIT
from tiering.core.metric import Metric
from tiering.facts.reading import values_of
from tiering.models import TierScheme
from tiering.selectors.catalogue import CUSTOM_SOURCE, open_catalogue

READING = "tiering.view_tiers"
TIERS = gettext_lazy("Tiers")
source_text = lazy(display.source_text, str)
"""Put into words where it is shown: a condition names three fields of the hundred and more."""
FACTS = "LEFT JOIN tiering_facts f ON f.client_id = c.id AND f.valid_to IS NULL"


def register() -> None:
    slots.field_sources.add(
        slots.FieldSource(key="tiers", label=TIERS, order=5, permission=READING, fields=tier_fields),
        slots.FieldSource(
            key="metrics", label=gettext_lazy("Metrics"), order=40, permission=READING, fields=metric_fields
        ),
    )


def tier_fields(user: User, day: date) -> Sequence[slots.Field]:
    """The tier in force by each scheme of clients, the score by the primary one, and what waits or warns."""
    schemes = TierScheme.objects.filter(subject=TierScheme.Subject.CLIENT).prefetch_related("tiers")
    ordered = list(schemes.order_by("-is_primary", "pk"))
    fields = [_tier(scheme) for scheme in ordered]
    fields += [_score(scheme) for scheme in ordered if scheme.is_primary]
    waiting = "tiering_proposal p WHERE p.client_id = c.id AND p.status = 'pending'"
    warning = "tiering_alert a WHERE a.client_id = c.id AND a.status <> 'resolved'"
    return [
        *fields,
        _count("pending", _("pending changes of tier"), waiting),
        _count("alerts", _("open alerts"), warning),
    ]


def metric_fields(user: User, day: date) -> Sequence[slots.Field]:
    """The metrics of clients, Strata's and the institution's own, as they are known now."""
    metrics = {key: metric for key, metric in open_catalogue().items() if metric.scope != "project"}
    columns = values_of(metrics, "f", metrics)
    return [_known(metric, columns[key]) for key, metric in metrics.items()]


def _known(metric: Metric, sql: str) -> slots.Field:
    own = metric.source == CUSTOM_SOURCE and metric.key not in METRICS
    return slots.Field(
        key=metric.key,
        label=gettext_lazy(metric.label),
        group=gettext_lazy("The institution's own") if own else source_text(metric.source),
        type=metric.type,
        unit=metric.unit,
        categories={key: gettext_lazy(label) for key, label in metric.categories.items()},
        sql=sql,
        joins=(FACTS,),
    )


def _tier(scheme: TierScheme) -> slots.Field:
    held, tier = f"held{scheme.pk}", f"tier{scheme.pk}"
    return slots.Field(
        key=f"tier.{scheme.key}",
        label=_("tier by %(scheme)s") % {"scheme": scheme.label},
        group=TIERS,
        type="category",
        categories={
            tier.key: f"{tier.key} · {tier.label}"
            for tier in sorted(scheme.tiers.all(), key=lambda tier: tier.rank)
        },
        sql=f"{tier}.key",
        joins=(
            f"LEFT JOIN tiering_assignment {held} ON {held}.client_id = c.id AND {held}.scheme_id = {scheme.pk}"
            f" AND {held}.project_id IS NULL AND {held}.valid_to IS NULL"
            f" LEFT JOIN tiering_tier {tier} ON {tier}.id = {held}.tier_id",
        ),
    )


def _score(scheme: TierScheme) -> slots.Field:
    return slots.Field(
        key="score",
        label=_("score"),
        group=TIERS,
        unit="points",
        sql=f"(score.score / {SCORE_UNIT}.0)::float8",
        joins=(
            f"LEFT JOIN tiering_assessment score ON score.client_id = c.id AND score.scheme_id = {scheme.pk}"
            " AND score.project_id IS NULL AND score.valid_to IS NULL",
        ),
    )


def _count(key: str, label: str, rows: str) -> slots.Field:
    sql = f"(SELECT count(*)::float8 FROM {rows})"  # noqa: S608
    return slots.Field(key=f"records.{key}", label=label, group=TIERS, unit="count", sql=sql)
