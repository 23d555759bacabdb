"""Making clients and cases of prospects: one statement a table for any number of them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection
from django.utils import timezone

from crm.models import Client, Role, User
from funnel.models import Case, CheckItem, Pipeline, Prospect, StageMove
from funnel.selectors.pipelines import first_stage
from funnel.services.metrics import feed
from funnel.services.prospect_carrying import carry

CODE: Final = "PR{:06}"
"""The code of a client that was a prospect, made of the prospect's id."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How prospects are qualified: into which pipeline, and what is asked for where they did not say."""

    pipeline: Pipeline
    product: str
    amount: Decimal | None


def qualify(*, prospects: Sequence[Prospect], by: User, terms: Terms) -> None:
    """Make each prospect a client of its owner (else of whoever qualifies), with a case in the first stage.

    That nothing speaks against it was asked before (`funnel.services.prospect_rules`). Raises NoPipeline.
    """
    clients = Client.objects.bulk_create(_client(prospect, by) for prospect in prospects)
    pairs = list(zip(prospects, clients, strict=True))
    cases = _open_cases(pairs, by, terms)
    carry(pairs=pairs, by=by)
    for (prospect, client), case in zip(pairs, cases, strict=True):
        prospect.status, prospect.client, prospect.case = Prospect.Status.QUALIFIED, client, case
        prospect.owner_id = prospect.owner_id or client.rm_id
        prospect.version += 1
    Prospect.objects.bulk_update(
        prospects, ["status", "client", "case", "owner", "version"], batch_size=1_000
    )
    feed(day=timezone.localdate(), clients=[client.pk for client in clients])


def _client(prospect: Prospect, by: User) -> Client:
    return Client(
        code=CODE.format(prospect.pk),
        kind=prospect.kind,
        name_en=prospect.name_en,
        name_zh=prospect.name_zh,
        sort_key=prospect.sort_key,
        registration_number=prospect.registration_number or None,
        industry_id=prospect.industry_id,
        region_id=prospect.region_id,
        status=Client.Status.POTENTIAL,
        rm_id=prospect.owner_id or (by.pk if by.role == Role.RM else None),
        team_id=prospect.team_id,
    )


def _open_cases(pairs: Sequence[tuple[Prospect, Client]], by: User, terms: Terms) -> list[Case]:
    stage = first_stage(terms.pipeline)
    cases = [
        Case(
            pk=pk,
            code=f"FC{pk:06}",
            client=client,
            product=prospect.product or terms.product,
            amount=prospect.amount or terms.amount or Decimal(0),
            currency=prospect.currency,
            purpose=prospect.message,
            source=prospect.source.kind,
            stage=stage,
            opened_by=by,
        )
        for pk, (prospect, client) in zip(_ids(len(pairs)), pairs, strict=True)
    ]
    Case.objects.bulk_create(cases)
    StageMove.objects.bulk_create(
        StageMove(case=case, to_stage=stage, amount=case.amount, moved_by=by) for case in cases
    )
    CheckItem.objects.bulk_create(
        CheckItem(case=case, **point) for case in cases for point in stage.pipeline.checklist
    )
    return cases


def _ids(count: int) -> list[int]:
    """Numbers of cases, taken before they are made because their codes carry them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Case._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]
