"""Stages of clients: derived by the rule for the whole book and for whoever changed, or set by hand for a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, Invalid, NotPermitted
from crm.history import events_of
from crm.models import (
    Axis,
    Client,
    ClientRules,
    Facility,
    FinancialStatement,
    Interaction,
    ProfileValue,
    Revenue,
    StageChange,
    StageHold,
    StageSweep,
    User,
)
from crm.models.conduct import today
from crm.models.stages import ONLY
from crm.selectors.stages import LIFE, STATUS, choices_of, client_rules, judged_params, judged_sql
from crm.services.holding import check_hold, held
from crm.services.saving import save
from crm.signals import records_changed

AT_ONCE = 10_000
"""Clients in one statement: well within the time that a statement of a worker has."""
FED_BY = (Interaction, Revenue, Facility, FinancialStatement, ProfileValue, Client)
"""Whose changes may lead to another stage."""
RULES = (
    "derives",
    "dormant_days",
    "start_up_years",
    "mature_years",
    "growth_from",
    "decline_to",
    "wealthy_worth",
    "wealthy_income",
    "middle_worth",
    "middle_income",
)


class LiftedAlready(DomainError):
    code = "lifted_already"
    message = gettext_lazy("This stage is not held any more. Reload the page to see its state.")


def ensure_rules() -> None:
    """The row of the rules, as Strata begins with it, where there is none."""
    ClientRules.objects.bulk_create([ClientRules(pk=ONLY)], ignore_conflicts=True)


@transaction.atomic
def change_rules(*, by: User, **fields: Any) -> ClientRules:
    """Change some of the `RULES`; the next look at the book goes by them. Raises NotPermitted and Invalid."""
    if not by.has_perm("crm.administer"):
        raise NotPermitted
    unknown = set(fields) - set(RULES)
    if unknown:
        raise TypeError(f"Not rules: {', '.join(sorted(unknown))}")
    rules = ClientRules.objects.select_for_update().get()
    for name, value in fields.items():
        setattr(rules, name, value)
    save(rules)
    return rules


@transaction.atomic
def set_stage(
    *, by: User, client: Client, axis: str, value: str, reason: str, until: date | None = None
) -> StageHold:
    """Set a stage by hand: it holds until it is lifted, or through a day. Another one set before it is lifted.

    Raises NotPermitted, and Invalid with the fields that break a rule.
    """
    current = Client.objects.select_for_update().get(pk=client.pk)
    check_hold(by, current)
    _check(current, axis, value, reason, until)
    hold = _hold(by, current, axis, value, reason.strip(), until)
    _note(current, axis, value, {"code": "set", "reason": hold.reason}, by)
    if getattr(current, axis) != value:
        setattr(current, axis, value)
        current.version += 1
        current.save(update_fields=[axis, "version"])
        records_changed()
    return hold


@transaction.atomic
def lift_stage(*, by: User, hold: StageHold) -> None:
    """Let the rule decide again; where it is on, at once. Raises NotPermitted and LiftedAlready."""
    found = held(hold, by)
    if found.lifted_at is not None:
        raise LiftedAlready
    StageHold.objects.filter(pk=found.pk).update(lifted_at=Now())
    if client_rules().derives:
        _derive("c.id = %(client)s", today(), client=found.client_id)


def hold_what_was_set(*, by: User, before: Client, after: Client) -> None:
    """What somebody wrote into the record stands against the rule, in the transaction of the caller."""
    axes = [axis for axis in Axis if getattr(before, axis) != getattr(after, axis)]
    if not axes or not client_rules().derives:
        return
    for axis in axes:
        _hold(by, after, axis, getattr(after, axis), StageHold.RECORD, None)
        why = {"code": "set", "reason": StageHold.RECORD}
        _note(after, axis, getattr(after, axis), why, by, before=getattr(before, axis))


def derive_book(*, day: date) -> int:
    """Derive the stages of every client on a day; how many are other than before. Nothing while the rule is off.

    Ten thousand clients are a transaction; repeating it changes nothing.
    """
    if not client_rules().derives:
        return 0
    ends = Client.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return 0
    return sum(
        _derive(
            "c.merged_into_id IS NULL AND c.id BETWEEN %(first)s AND %(last)s",
            day,
            first=first,
            last=first + AT_ONCE - 1,
        )
        for first in range(ends["first"], ends["last"] + 1, AT_ONCE)
    )


def derive_changed(*, day: date) -> int:
    """Derive the stages of clients whose records changed since the last look; how many are other than before.

    The history of the tables says who changed. What commits out of order escapes until the night looks at everybody.
    """
    if not client_rules().derives:
        return 0
    clients = sorted(_changed_since_last())
    batches = (clients[start : start + AT_ONCE] for start in range(0, len(clients), AT_ONCE))
    return sum(
        _derive("c.merged_into_id IS NULL AND c.id = ANY(%(clients)s)", day, clients=batch)
        for batch in batches
    )


@transaction.atomic
def _changed_since_last() -> set[int]:
    """Clients in the history since it was gone through; the first time nobody, the night has seen all."""
    found: set[int] = set()
    for model in FED_BY:
        events, column = events_of(model), "pgh_obj_id" if model is Client else "client_id"
        newest = events.aggregate(newest=Max("pgh_id"))["newest"] or 0
        sweep, is_new = StageSweep.objects.select_for_update().get_or_create(
            table=model._meta.db_table, defaults={"last": newest}
        )
        if not is_new and newest > sweep.last:
            since = events.filter(pgh_id__gt=sweep.last, pgh_id__lte=newest)
            found.update(since.values_list(column, flat=True).distinct())
            StageSweep.objects.filter(pk=sweep.pk).update(last=newest)
    return found


def _cases(codes: dict[str, str], column: str) -> str:
    return (
        f"CASE {column} "
        + " ".join(f"WHEN '{code}' THEN '{stage}'" for code, stage in codes.items())
        + " END"
    )


DERIVE = f"""
WITH judged AS MATERIALIZED ({{judged}}),
wanted AS (
    SELECT id, 'status' AS axis, status AS before, {_cases(STATUS, "status_code")} AS value,
           jsonb_build_object('code', status_code, 'days', %(day)s::date - latest) AS why FROM judged
    UNION ALL
    SELECT id, 'life_cycle', life_cycle, {_cases(LIFE, "life_code")},
           jsonb_build_object('code', life_code, 'years', years, 'growth', growth)
    FROM judged WHERE life_code IS NOT NULL
), fresh AS (
    SELECT * FROM wanted w WHERE w.value <> w.before AND NOT EXISTS (
        SELECT FROM crm_stagehold h WHERE h.client_id = w.id AND h.axis = w.axis AND h.lifted_at IS NULL
            AND (h.until IS NULL OR h.until >= %(day)s))
), written AS (
    UPDATE crm_client c SET status = coalesce(f.status, c.status),
        life_cycle = coalesce(f.life_cycle, c.life_cycle), version = c.version + 1
    FROM (SELECT id, max(value) FILTER (WHERE axis = 'status') AS status,
                 max(value) FILTER (WHERE axis = 'life_cycle') AS life_cycle FROM fresh GROUP BY id) f
    WHERE c.id = f.id
)
INSERT INTO crm_stagechange (client_id, axis, before, value, why, day)
SELECT id, axis, before, value, why, %(day)s FROM fresh ORDER BY id
"""  # noqa: S608 - names of our own


@transaction.atomic
def _derive(which: str, day: date, **chosen: Any) -> int:
    params = judged_params(day, client_rules())
    with connection.cursor() as cursor:
        cursor.execute(DERIVE.format(judged=judged_sql(which)), {**params, **chosen})
        changed = cursor.rowcount
    if changed:
        records_changed()
    return changed


def _check(client: Client, axis: str, value: str, reason: str, until: date | None) -> None:
    faults: dict[str, list[str]] = {}
    if axis not in Axis.values:
        raise Invalid({"axis": [_("There is no such stage.")]})
    if value not in choices_of(axis):
        faults["value"] = [_("Choose one of the stages.")]
    if axis == Axis.LIFE_CYCLE and client.kind == Client.Kind.INDIVIDUAL:
        faults["value"] = [_("A person has no life-cycle stage.")]
    if not reason.strip():
        faults["reason"] = [_("Say why it is set by hand.")]
    if until is not None and until < today():
        faults["until"] = [_("This day has passed.")]
    if faults:
        raise Invalid(faults)


def _hold(by: User, client: Client, axis: str, value: str, reason: str, until: date | None) -> StageHold:
    StageHold.objects.filter(client=client, axis=axis, lifted_at=None).update(lifted_at=Now())
    hold = StageHold(client=client, axis=axis, value=value, reason=reason, until=until, by=by)
    save(hold)
    return hold


def _note(
    client: Client, axis: str, value: str, why: dict[str, Any], by: User, before: str | None = None
) -> None:
    was = getattr(client, axis) if before is None else before
    StageChange.objects.create(client=client, axis=axis, before=was, value=value, why=why, day=today(), by=by)
