"""Cases and what stands on them, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm.models import Role, User
from funnel.models import Case, Recut, TermSheet
from funnel.services.term_sheets import draft_term_sheet
from funnel.services.versions import start_version
from tests.factories import make_client
from tests.funnel.making import make_case

if TYPE_CHECKING:
    from tests.access.world import World


def add_cases(world: World, holders: Mapping[str, User]) -> None:
    cases = {scope: make_case(holder, tier="A") for scope, holder in holders.items()}
    world.objects["case"] = {scope: case.pk for scope, case in cases.items()}
    pipeline = cases["own"].stage.pipeline
    draft = start_version(pipeline=pipeline, by=world.users[Role.CRITERIA_ADMIN])
    world.everywhere("pipeline", pipeline.pk)
    world.everywhere("pipeline version", draft.pk)
    world.objects["recut"] = {scope: a_merge(case).pk for scope, case in cases.items()}
    world.objects["term sheet"] = {scope: a_sheet(case).pk for scope, case in cases.items()}
    world.objects["check"] = {scope: case.checks.create(name_en="x").pk for scope, case in cases.items()}
    world.objects["party"] = {scope: a_party(case) for scope, case in cases.items()}
    world.objects["co-lender"] = {scope: case.co_lenders.create(name="x").pk for scope, case in cases.items()}


def ids_of_case(case: Case) -> dict[str, int]:
    """The case and one of each that stands on it, by the part of the API's address that names them."""
    return {
        "cases": case.pk,
        "checks": case.checks.create(name_en="Site visit").pk,
        "case-parties": a_party(case),
        "co-lenders": case.co_lenders.create(name="Another bank").pk,
        "pipelines": case.stage.pipeline_id,
        "recuts": a_merge(case).pk,
        "term-sheets": a_sheet(case).pk,
    }


def a_party(case: Case) -> int:
    return case.parties.create(client=make_client(rm=case.client.rm), part="guarantor").pk


def a_merge(case: Case) -> Recut:
    return Recut.objects.create(
        kind="merge", case=case, amount=1, version=1, revision=1, reason="x", by=case.opened_by
    )


def a_sheet(case: Case) -> TermSheet:
    return draft_term_sheet(case=case, by=case.opened_by)
