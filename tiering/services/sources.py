"""Whose word counts where sources differ: declared as an order for everybody, or decided for one client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.sources import DECIDED
from crm.errors import Invalid, NotPermitted
from crm.models import Client, SourceOrder, User
from crm.models.conduct import today
from crm.models.sources import DAYS_APART, TOLERANCE
from crm.services.holding import check_hold, check_version
from crm.services.observations import NewObservation, put_observation, take_back_observations
from crm.signals import records_changed
from tiering.errors_sources import DecisionOver, NoDifference, NotTold, OverrideStands, ToldOtherwise
from tiering.models import SourceConflict, SourceDecision
from tiering.selectors.catalogue import catalogue
from tiering.selectors.told import Told, read_told
from tiering.services.quality import renew_quality

MOST_SOURCES: Final = 30
LONGEST_NAME: Final = 80


def fingerprint(told: Any) -> str:
    """Of what sources say, to know whether somebody decides on what they saw."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def decide_between(
    *, by: User, client: Client, metric: str, source: str, reason: str, seen: str
) -> SourceDecision:
    """Let what one source says count for a client until somebody takes it back or a source says something new.

    `seen` is the `fingerprint` of what was told when the person looked. A decision that stands is taken back first.
    Raises NotPermitted, NoDifference, ToldOtherwise, NotTold, OverrideStands, and Invalid without a reason.
    """
    locked = Client.objects.select_for_update().get(pk=client.pk)
    check_hold(by, locked)
    conflict = SourceConflict.objects.select_for_update().filter(client=locked, metric=metric).first()
    if conflict is None:
        raise NoDifference
    if fingerprint(conflict.told) != seen:
        raise ToldOtherwise
    if conflict.settled == SourceConflict.Settled.OVERRIDE:
        raise OverrideStands
    if not reason.strip():
        raise Invalid({"reason": [_("Say why this value counts.")]})
    told = read_told(conflict.told)
    chosen = next((one for one in told if one.source == source), None)
    if chosen is None:
        raise NotTold
    standing = SourceDecision.objects.filter(client=locked, metric=metric, ended_at=None).first()
    if standing:
        _end(standing, by)
    made = SourceDecision.objects.create(
        client=locked,
        metric=metric,
        source=source,
        value=chosen.value,
        told=conflict.told,
        reason=reason.strip(),
        observation=put_observation(item=_item(locked, metric, chosen, told), by=by).pk,
        decided_by=by,
    )
    _look_again(locked)
    return made


def _item(client: Client, metric: str, chosen: Told, told: Sequence[Told]) -> NewObservation:
    """The value that counts, of the day of the newest that was told, so that whatever is newer comes before it."""
    days = [date.fromisoformat(one.on) for one in told if one.on]
    return NewObservation(
        index=0,
        client_id=client.pk,
        metric=metric,
        value=None if isinstance(chosen.value, str) else float(chosen.value),
        text=chosen.value if isinstance(chosen.value, str) else "",
        observed_on=max(days, default=today()),
        received_on=today(),
        source=DECIDED,
    )


@transaction.atomic
def undo_decision(*, by: User, decision: SourceDecision) -> None:
    """Take a decision back: what counted without it counts again. Raises NotPermitted and DecisionOver."""
    locked = Client.objects.select_for_update().get(pk=decision.client_id)
    check_hold(by, locked)
    standing = SourceDecision.objects.select_for_update().get(pk=decision.pk)
    if not standing.stands:
        raise DecisionOver
    _end(standing, by)
    _look_again(locked)


def _end(decision: SourceDecision, by: User) -> None:
    take_back_observations(ids=[pk for pk in [decision.observation] if pk])
    decision.observation, decision.ended_by, decision.ended_at = None, by, timezone.now()
    decision.ending = SourceDecision.Ending.UNDONE
    decision.save(update_fields=["observation", "ended_by", "ended_at", "ending"])


def _look_again(client: Client) -> None:
    """The client's own page and the work list say at once what was decided."""
    now = timezone.now()
    renew_quality(at=now, day=timezone.localdate(now), clients=[client.pk])


@transaction.atomic
def set_order(
    *,
    by: User,
    metric: str,
    sources: Sequence[str],
    tolerance: float = TOLERANCE,
    days_apart: int = DAYS_APART,
    version: int | None = None,
) -> SourceOrder:
    """Declare which sources of a metric come before which (empty `metric`: of every metric without an own order).

    `version` is that of the order that was seen, None where there was none. Clients whose sources differ are tiered
    anew, and those in projects that several sources speak of. Raises NotPermitted, Conflict and Invalid.
    """
    _may_order(by)
    named = _checked(metric, sources)
    row = SourceOrder.objects.select_for_update().filter(metric=metric).first()
    if row is None or version is None:
        row = _begin(row, metric, by)
    else:
        check_version(row, version)
        row.version += 1
    row.sources, row.tolerance, row.days_apart, row.changed_by = named, tolerance, days_apart, by
    _save(row)
    _tier_anew(metric)
    return row


def _begin(row: SourceOrder | None, metric: str, by: User) -> SourceOrder:
    if row is not None:
        raise Invalid({"metric": [_("This metric has an order already. Open that one.")]})
    return SourceOrder(metric=metric, changed_by=by)


def _save(row: SourceOrder) -> None:
    """Raises Invalid."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    row.save()


@transaction.atomic
def remove_order(*, by: User, order: SourceOrder, version: int) -> None:
    """Let the order of every metric hold for this one again; without that, the newest value. Raises NotPermitted and
    Conflict."""
    _may_order(by)
    row = SourceOrder.objects.select_for_update().get(pk=order.pk)
    check_version(row, version)
    metric = row.metric
    row.delete()
    _tier_anew(metric)


def _may_order(by: User) -> None:
    if not by.has_perm("crm.write_metrics"):
        raise NotPermitted


def _checked(metric: str, sources: Sequence[str]) -> list[str]:
    named, faults = [one.strip() for one in sources if one.strip()], {}
    if metric and metric not in catalogue():
        faults["metric"] = [_("The catalogue has no such metric.")]
    if len(set(named)) < len(named):
        faults["sources"] = [_("Name each source once.")]
    if len(named) > MOST_SOURCES or any(len(one) > LONGEST_NAME for one in named):
        faults["sources"] = [_("Name at most 30 sources, each in at most 80 characters.")]
    if faults:
        raise Invalid(faults)
    return named


# Whoever has an own order for a metric is not touched by the order of all; a few more than needed are tiered anew.
# Within projects nobody looks for differences: whoever takes part where several sources speak may be concerned.
ASK: Final = """
INSERT INTO tiering_retierrequest (client_id)
SELECT client_id FROM tiering_sourceconflict WHERE %(metric)s IN ('', metric)
UNION
SELECT client_id FROM crm_participation WHERE project_id IN (
    SELECT project_id FROM crm_observation WHERE project_id IS NOT NULL AND %(metric)s IN ('', metric)
    GROUP BY project_id, metric HAVING count(DISTINCT source) > 1
)
"""


def _tier_anew(metric: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"metric": metric})
    records_changed()
