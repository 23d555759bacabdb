"""What becomes of tiers and of what rests on them when a client is merged into another (docs/adr/0014).

Ledgers and decisions stay with the client they were made for: its tier ends with the merge, and the client that stays
is assessed anew with all the records. What binds (covenants, asset classes) is entered for that client with the same
words. What people have in hand has to be settled first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import merging
from crm.formats import day, localized
from crm.models import Client, Merge, User
from crm.models.conduct import today
from tiering.models import (
    Alert,
    AssetClass,
    Assignment,
    Covenant,
    FacilityChange,
    Override,
    PeriodicReview,
    Proposal,
    WatchlistEntry,
)

LEDGERS: Final = ("tiering_projectfacts", "tiering_assessment", "tiering_facts")
CLOSE: Final = """
UPDATE {table} SET valid_to = greatest(clock_timestamp(), valid_from + interval '1 microsecond')
WHERE client_id = %(gone)s AND valid_to IS NULL RETURNING id
"""
# The tier goes on as it was; the next assessment takes over from it under the migration policy.
RESUME: Final = """
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, assessment_id, proposal_id,
                                override_id)
SELECT client_id, project_id, scheme_id, tier_id, greatest(clock_timestamp(), valid_to), assessment_id, proposal_id,
       override_id
FROM tiering_assignment WHERE id = ANY(%(closed)s)
"""
ASK: Final = "INSERT INTO tiering_retierrequest (client_id) SELECT unnest(%(clients)s::bigint[])"


def register() -> None:
    merging.stays(
        "the ledger of what was known and decided of this client",
        *(f"tiering.{name}" for name in ("Facts", "ProjectFacts", "Assessment", "Assignment", "TierChange")),
    )
    merging.stays(
        "decided, said or asked about this client",
        *(
            f"tiering.{name}"
            for name in (
                "Proposal",
                "Vote",
                "Committee",
                "Override",
                "Remark",
                "FacilityChange",
                "SourceDecision",
            )
        ),
        *(f"tiering.{name}" for name in ("PeriodicReview", "WatchlistEntry", "Alert")),
    )
    merging.stays("entered anew for the other client", "tiering.Covenant", "tiering.AssetClass")
    merging.stays("what a trial found", "tiering.TrialResult")
    merging.stays(
        "derived, and made anew", "tiering.DataGap", "tiering.DataQuality", "tiering.SourceConflict"
    )
    merging.stays("work in hand", "tiering.RetierRequest")
    merging.parts.append(
        merging.Part(key="tiering", refuses=_in_hand, merged=_merged, undone=_undone, told=_tiers_held)
    )


def _in_hand(gone: Client) -> Iterator[str]:
    """What people have to settle before a client can be merged away."""
    if WatchlistEntry.objects.filter(client=gone, exited_at__isnull=True).exists():
        yield _("It is on the watch list: merge the other way round, or let it leave the list first.")
    if Override.objects.filter(client=gone, status__in=["requested", "in_force"]).exists():
        yield _("An override of it is asked for or in force: merge the other way round, or end that first.")
    if FacilityChange.objects.filter(client=gone, status="proposed").exists():
        yield _("A change of its facilities waits to be decided.")
    if PeriodicReview.objects.filter(client=gone, status="prepared").exists():
        yield _("A review of it waits to be signed.")


def _merged(merge: Merge) -> dict[str, Any]:
    gone = merge.gone_id
    Proposal.objects.filter(client=gone, status="pending").update(status="superseded")
    alerts = dict(Alert.objects.filter(client=gone).exclude(status="resolved").values_list("pk", "status"))
    Alert.objects.filter(pk__in=alerts).update(
        status="resolved",
        resolved_at=Now(),
        resolved_by=merge.by,
        resolution=_("Merged into %(name)s.") % {"name": merge.client.name},
    )
    with connection.cursor() as cursor:
        cursor.execute(CLOSE.format(table="tiering_assignment"), {"gone": gone})
        closed = [pk for (pk,) in cursor.fetchall()]
        for table in LEDGERS:
            cursor.execute(CLOSE.format(table=table), {"gone": gone})
        cursor.execute(ASK, {"clients": [merge.client_id]})
    return {"assignments": closed, "alerts": alerts, **_entered_anew(merge)}


def _entered_anew(merge: Merge) -> dict[str, Any]:
    """Give the client what binds the other one: ids of what ended there, and of what began here."""
    ended: dict[str, Any] = {"covenants": _bind(merge)}
    held = AssetClass.objects.filter(client=merge.gone_id, valid_to__isnull=True)
    left = merging.left_by_rules(held, "client", merge.client).values_list("pk", flat=True)
    going = [row for row in held if row.pk not in set(left)]
    AssetClass.objects.filter(pk__in=[row.pk for row in going]).update(valid_to=Now())
    ended["classes"] = [row.pk for row in going]
    ended["begun_classes"] = [_again(row, merge.client_id).pk for row in going]
    return ended


def _bind(merge: Merge) -> list[dict[str, Any]]:
    """Let the client keep to every covenant of the other one that is not over: which began for which, until when."""
    on = timezone.localdate(merge.at)
    lasting = Covenant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), client=merge.gone_id)
    rows = list(lasting.order_by("pk"))
    bound = [
        {
            "ended": row.pk,
            "begun": _again(row, merge.client_id).pk,
            "until": row.ends_on and row.ends_on.isoformat(),
        }
        for row in rows
    ]
    _end([row.pk for row in rows], on)
    return bound


def _end(covenants: Sequence[int], on: date) -> None:
    """One that is still to begin ends on the day on which it would."""
    Covenant.objects.filter(pk__in=covenants).update(ends_on=Greatest("starts_on", Value(on)))


def _unbind(bound: Sequence[Mapping[str, Any]]) -> None:
    """Let the covenants hold where they held before; those that somebody ended or moved since stay as they are."""
    begun = Covenant.objects.in_bulk([one["begun"] for one in bound])
    for one in bound:
        until = one["until"] and date.fromisoformat(one["until"])
        if begun[one["begun"]].ends_on == until:
            Covenant.objects.filter(pk=one["ended"]).update(ends_on=until)
            _end([one["begun"]], today())


def _again(row: Any, client: int) -> Any:
    """The same row, made once more for a client."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy.client_id, copy._state.adding = None, client, True
    if hasattr(copy, "valid_to"):
        copy.valid_from, copy.valid_to = Now(), None
    copy.save()
    return copy


def _alert_again(merge: Merge, alerts: Mapping[str, str]) -> None:
    """Raise the alerts once more that the merge resolved, as they were: what is resolved stays so. Of one indicator the
    client has one open alert."""
    rows = Alert.objects.filter(pk__in=alerts, status="resolved", resolved_by=merge.by)
    for row in rows.order_by("pk"):
        status = alerts[str(row.pk)]
        row.pk, row._state.adding = None, True
        row.status, row.resolved_at, row.resolved_by, row.resolution = Alert.Status.OPEN, None, None, ""
        row.save()
        Alert.objects.filter(pk=row.pk).exclude(status=status).update(status=status)


def _undone(merge: Merge, kept: Mapping[str, Any]) -> None:
    _unbind(kept.get("covenants", ()))
    _alert_again(merge, kept.get("alerts", {}))
    AssetClass.objects.filter(pk__in=kept.get("begun_classes", ()), valid_to__isnull=True).update(
        valid_to=Now()
    )
    for row in AssetClass.objects.filter(pk__in=kept.get("classes", ())):
        _again(row, merge.gone_id)
    with connection.cursor() as cursor:
        cursor.execute(RESUME, {"closed": kept.get("assignments", [])})
        cursor.execute(ASK, {"clients": [merge.client_id, merge.gone_id]})


def _tiers_held(gone: Client, user: User) -> Sequence[tuple[str, str]]:
    """The tiers that a merged client had as a whole, the latest first."""
    rows = Assignment.objects.filter(Q(client=gone, project__isnull=True)).select_related("scheme", "tier")
    return [
        (
            _("%(scheme)s: %(tier)s") % {"scheme": localized(row.scheme), "tier": row.tier.label},
            _("from %(since)s until %(until)s")
            % {"since": day(row.valid_from), "until": day(row.valid_to) if row.valid_to else _("today")},
        )
        for row in rows.order_by("-valid_from")[:20]
    ]
