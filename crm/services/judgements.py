"""Judging the factors of a client together, each with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import Invalid
from crm.metrics import ObservableMetric, named
from crm.models import Client, Observation, User
from crm.models.conduct import today
from crm.services.holding import check_hold
from crm.services.observations import ItemsRefused, NewObservation, record_observations

LONGEST_EVIDENCE = 2000


@dataclass(frozen=True, kw_only=True)
class NewJudgement:
    """A factor (key of a metric) with its grade, a number or the key of a category, and what it rests on."""

    metric: str
    grade: str
    evidence: str


@transaction.atomic
def judge(
    *, by: User, client: Client, judged_on: date, source: str, judgements: Sequence[NewJudgement]
) -> int:
    """Record judgements of a client as a whole, all of them or none; how many are new or changed.

    Each needs evidence. Raises NotPermitted, and Invalid by `<metric>` for a grade, `<metric>_evidence`, `judged_on`
    and `source`.
    """
    check_hold(by, client)
    known = named()
    _check(judgements, known)
    items = [
        _item(index, one, known[one.metric], client, judged_on, source)
        for index, one in enumerate(judgements)
    ]
    try:
        recorded = record_observations(by=by, items=items)
    except ItemsRefused as error:
        raise Invalid(_by_field(error, judgements)) from error
    for one in judgements:
        rows = Observation.objects.filter(
            client=client, metric=one.metric, observed_on=judged_on, source=source, received_on=today()
        )
        rows.filter(project=None).update(evidence=one.evidence.strip(), recorded_by=by)
    return recorded.created + recorded.changed


def _check(judgements: Sequence[NewJudgement], known: dict[str, ObservableMetric]) -> None:
    if not judgements:
        raise Invalid({"": [_("Judge at least one factor.")]})
    refused: dict[str, list[str]] = {}
    for one in judgements:
        metric = known.get(one.metric)
        if metric is None or not metric.is_judgement:
            refused.setdefault(one.metric, []).append(_("This is no factor that people judge."))
        elif metric.type == "number" and _number(one.grade) is None:
            refused.setdefault(one.metric, []).append(_("Choose a grade."))
        if not one.evidence.strip():
            refused.setdefault(f"{one.metric}_evidence", []).append(_("Say what this rests on."))
        elif len(one.evidence) > LONGEST_EVIDENCE:
            most = _("At most %(most)d characters.") % {"most": LONGEST_EVIDENCE}
            refused.setdefault(f"{one.metric}_evidence", []).append(most)
    if refused:
        raise Invalid(refused)


def _item(
    index: int, one: NewJudgement, metric: ObservableMetric, client: Client, judged_on: date, source: str
) -> NewObservation:
    is_number = metric.type == "number"
    return NewObservation(
        index=index,
        client_id=client.pk,
        metric=one.metric,
        value=_number(one.grade) if is_number else None,
        text="" if is_number else one.grade,
        observed_on=judged_on,
        received_on=today(),
        source=source,
    )


def _number(grade: str) -> float | None:
    try:
        return float(grade)
    except ValueError:
        return None


def _by_field(error: ItemsRefused, judgements: Sequence[NewJudgement]) -> dict[str, list[str]]:
    """What is said of a grade stands beside its factor; of the day and the source beside them, once."""
    found: dict[str, list[str]] = {}
    for refusal in error.refusals:
        shared = {"observed_on": "judged_on", "received_on": "judged_on", "source": "source", "client": ""}
        field = shared.get(refusal.field, judgements[refusal.index].metric)
        if refusal.reason not in found.setdefault(field, []):
            found[field].append(refusal.reason)
    return found
