"""Opening financing cases, saying more about them, and beginning another one like them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from crm.errors import Invalid
from crm.models import Client, Project, User
from funnel.errors import (
    AmountNotPositive,
    CaseClosed,
    CaseDissolved,
    EditedMeanwhile,
    NoRate,
    NotTheHolder,
    ProjectOfOthers,
)
from funnel.models import Case, CheckItem, CoLender, Pipeline, StageMove, TeamMember
from funnel.models.cases import DETAILS
from funnel.selectors.pipelines import first_stage, pipeline_for
from funnel.selectors.rates import is_known
from funnel.selectors.tiers import primary_tier
from funnel.services.metrics import feed
from funnel.services.party_carrying import copy_parties

CLONED = ("project", "product", "amount", "currency", "purpose", "source", "competition")


@transaction.atomic
def open_case(
    *,
    client: Client,
    product: str,
    amount: Decimal,
    opened_by: User,
    project: Project | None = None,
    pipeline: Pipeline | None = None,
    currency: str = "",
    purpose: str = "",
    expected_close: date | None = None,
    source: str = "",
    cloned_from: Case | None = None,
    competition: str = "",
) -> Case:
    """A new case in the first stage of the pipeline (default: the first that takes the product), with the points of its
    checklist. `amount` is in `currency` (default: the book's), which stays.

    Raises NotTheHolder, AmountNotPositive, ProjectOfOthers, NoRate, NoPipeline, PipelineNotForProduct.
    """
    if not opened_by.has_perm("funnel.add_case", client):
        raise NotTheHolder(client=client.name)
    _check_details(client, amount, project)
    stage = first_stage(pipeline_for(product, pipeline))
    pk = next_id()
    case = Case(
        pk=pk,
        code=f"FC{pk:06}",
        client=client,
        project=project,
        product=product,
        amount=amount,
        purpose=purpose.strip(),
        expected_close=expected_close,
        source=source,
        competition=competition.strip(),
        cloned_from=cloned_from,
        stage=stage,
        opened_by=opened_by,
    )
    case.currency = currency or case.currency
    if not is_known(case.currency):
        raise NoRate(currency=case.currency)
    case.save(force_insert=True)
    case.refresh_from_db(fields=["entered_stage_at", "created_at"])
    StageMove.objects.create(
        case=case, to_stage=stage, tier=primary_tier(client), amount=amount, moved_by=opened_by
    )
    CheckItem.objects.bulk_create(CheckItem(case=case, **point) for point in stage.pipeline.checklist)
    feed(day=timezone.localdate(), clients=[client.pk])
    return case


@transaction.atomic
def edit_case(*, case: Case, revision: int, by: User, details: Mapping[str, Any]) -> Case:
    """Say anew what `details` name (of DETAILS) of an open case that is still at `revision`.

    A changed amount takes what was approved before out of account. Raises NotTheHolder, EditedMeanwhile, CaseClosed,
    AmountNotPositive, ProjectOfOthers or Invalid.
    """
    case = changeable(case, by)
    if case.revision != revision:
        raise EditedMeanwhile
    for name in details.keys() & set(DETAILS):
        value = details[name]
        setattr(case, name, value.strip() if isinstance(value, str) else value)
    _check_details(case.client, case.amount, case.project)
    case.revision += 1
    try:
        case.full_clean(exclude=["code"])
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    case.save(update_fields=[*DETAILS, "revision"])
    feed(day=timezone.localdate(), clients=[case.client_id])
    return case


@transaction.atomic
def clone_case(*, case: Case, by: User) -> Case:
    """Another case of the same clients for the same: at the beginning, with a checklist of its own. Raises what opening
    raises."""
    again = {name: getattr(case, name) for name in CLONED}
    pipeline = None if case.stage.pipeline.is_retired else case.stage.pipeline
    made = open_case(client=case.client, opened_by=by, pipeline=pipeline, cloned_from=case, **again)
    copy_parties(case, [made])
    return made


@transaction.atomic
def set_team(*, case: Case, people: Iterable[User], by: User) -> None:
    """Who works on the case beside the relationship manager of its client.

    Raises NotTheHolder, CaseClosed, or Invalid for people who may not see the client.
    """
    case = changeable(case, by)
    chosen = {person.pk for person in people} - {case.client.rm_id}
    outside = User.objects.filter(pk__in=chosen).exclude(team=case.client.team_id, is_active=True)
    if outside.exists():
        raise Invalid({"people": [str(person) for person in outside]})
    case.team.exclude(user__in=chosen).delete()
    there = set(case.team.values_list("user", flat=True))
    TeamMember.objects.bulk_create(TeamMember(case=case, user_id=pk) for pk in sorted(chosen - there))


@transaction.atomic
def add_co_lender(*, case: Case, name: str, amount: Decimal | None, by: User) -> CoLender:
    """Another institution that lends beside the house. Raises NotTheHolder, CaseClosed or Invalid."""
    made = CoLender(case=changeable(case, by), name=name.strip(), amount=amount)
    try:
        made.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    made.save()
    return made


@transaction.atomic
def remove_co_lender(*, co_lender: CoLender, by: User) -> None:
    """Take an institution out; the history keeps it. Raises NotTheHolder or CaseClosed."""
    changeable(co_lender.case, by)
    co_lender.delete()


def changeable(case: Case, by: User) -> Case:
    """The case, locked, if the user holds its client and it is open. Raises NotTheHolder, CaseDissolved, CaseClosed."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not by.has_perm("funnel.move_case", case.client):
        raise NotTheHolder(client=case.client.name)
    check_open(case)
    return case


def check_open(case: Case) -> None:
    """Raises CaseDissolved or CaseClosed."""
    check_standing(case)
    if case.stage.is_closed:
        raise CaseClosed(stage=str(case.stage), first=str(first_stage(case.stage.pipeline)))


def check_standing(case: Case) -> None:
    """Raises CaseDissolved."""
    if case.dissolved_by_id:
        raise CaseDissolved(case=case.code)


def _check_details(client: Client, amount: Decimal, project: Project | None) -> None:
    if amount <= 0:
        raise AmountNotPositive
    if project and not client.participations.filter(project=project).exists():
        raise ProjectOfOthers(client=client.name, project=str(project))


def next_id() -> int:
    """The number of the case, taken before it is made because its code carries it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Case._meta.db_table])
        return cursor.fetchone()[0]
