"""Criteria, runs and what follows from them, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm.models import Client, CustomMetric, Role, User
from tests import factories
from tests.funnel.making import put_in_tier
from tests.tiering.calibration.making import EVIDENCE
from tests.tiering.follows.making import put_in_effect
from tests.tiering.policies_made import published as make_policy
from tests.tiering.validation.making import a_validation
from tiering.models import (
    Calibration,
    Challenger,
    CriteriaTest,
    CriteriaVersion,
    OverlayActivation,
    Override,
    PeriodicReview,
    Proposal,
    Remark,
    ScoreCurve,
    Segmentation,
    TieringRun,
    TierScheme,
)
from tiering.services.policies import start_policy

if TYPE_CHECKING:
    from tests.access.world import World


def add_tiering(world: World, clients: Mapping[str, Client], holders: Mapping[str, User]) -> None:
    """A proposal to move each client and what hangs on it; and the criteria that all of them share."""
    proposals = {scope: propose(client) for scope, client in clients.items()}
    world.objects["proposal"] = {scope: proposal.pk for scope, proposal in proposals.items()}
    world.objects["override"] = {
        scope: ask_for_override(proposal, holders[scope]) for scope, proposal in proposals.items()
    }
    world.objects["review question"] = {scope: ask_about(one) for scope, one in proposals.items()}
    world.objects["periodic review"] = {scope: due(proposal) for scope, proposal in proposals.items()}
    add_criteria(world, proposals["own"].run)


def add_criteria(world: World, run: TieringRun) -> None:
    world.everywhere("run", run.pk)
    world.everywhere("criteria version", run.version_id)
    world.everywhere("scheme", run.version.criteria.scheme_id)
    world.everywhere("trial", make_trial(run).pk)
    world.everywhere("tier policy", draft_of("tier_policy", run.version.criteria.scheme))
    world.everywhere("products", draft_of("products"))
    world.everywhere("policy", make_policy().pk)
    world.everywhere("criteria test", make_test(run.version).pk)
    calibration = make_calibration(run)
    world.everywhere("calibration", calibration.pk)
    world.everywhere("proposed version", calibration.draft_id)
    world.everywhere("validation", a_validation(run.version, run.version.author).pk)
    world.everywhere("challenger", make_challenger(run))
    world.everywhere("segmentation", make_segmentation(run.version.author))
    world.everywhere("curve", make_curve(run).pk)
    world.everywhere("metric", CustomMetric.objects.create(key="esg", label_en="ESG").pk)
    world.everywhere("overlay", ask_for_overlay(run).pk)


def propose(client: Client) -> Proposal:
    """A pending change of the client's tier."""
    held = put_in_tier(client, "A")
    better = held.scheme.tiers.get(key="AA")
    return Proposal.objects.create(
        client=client,
        scheme=held.scheme,
        from_tier=held.tier,
        to_tier=better,
        assessment=held.assessment,
        run=held.assessment.run,
    )


def ask_for_override(proposal: Proposal, by: User) -> int:
    """A request that waits: the client is to be held where a proposal would move it."""
    made = Override.objects.create(
        client=proposal.client,
        scheme=proposal.scheme,
        kind="output",
        tier=proposal.to_tier,
        assessment=proposal.assessment,
        direction="up",
        notches=1,
        reason="other",
        grounds="Known better",
        ends=proposal.created_at + timedelta(days=90),
        requested_by=by,
    )
    return made.pk


def ask_about(proposal: Proposal) -> int:
    """An open question to the client's RM."""
    question = Remark.objects.create(
        client=proposal.client,
        scheme=proposal.scheme,
        proposal=proposal,
        kind=Remark.Kind.QUESTION,
        text="Is it so?",
        author=factories.make_user(Role.RISK_OFFICER),
    )
    return question.pk


def due(proposal: Proposal) -> int:
    """The review that the client of a proposal is to have."""
    review = PeriodicReview.objects.create(
        client=proposal.client, scheme=proposal.scheme, due_on=date(2026, 6, 30), last_on=date(2026, 1, 1)
    )
    return review.pk


def make_trial(run: TieringRun) -> TieringRun:
    """A simulation by the version of a run."""
    return TieringRun.objects.create(
        kind="simulation", trigger="manual", slot="trial", version=run.version, as_of=run.as_of
    )


def make_test(version: CriteriaVersion) -> CriteriaTest:
    """A test case of a draft that says what a version says."""
    draft = CriteriaVersion.objects.create(
        criteria=version.criteria,
        number=version.number + 1,
        document=version.document,
        content_hash=version.content_hash,
        author=version.author,
    )
    return CriteriaTest.objects.create(version=draft, name="Anybody", facts={}, tier="A")


def make_calibration(run: TieringRun) -> Calibration:
    """A question to the past about the version of a run, and a draft that was proposed by it."""
    return Calibration.objects.create(
        version=run.version,
        days=[run.as_of.date()],
        outcome="default",
        months=6,
        requested_by=run.version.author,
        draft=CriteriaVersion.objects.create(
            criteria=run.version.criteria,
            number=run.version.number + 2,
            document=run.version.document,
            content_hash=run.version.content_hash,
            author=run.version.author,
            evidence=EVIDENCE,
        ),
    )


def make_challenger(run: TieringRun) -> int:
    version, author = run.version, run.version.author
    scheme = version.criteria.scheme
    made = Challenger.objects.create(
        scheme=scheme, version=version, reason="Is it better?", started_by=author
    )
    return made.pk


def make_segmentation(by: User) -> int:
    """A question about likeness that nobody has answered yet."""
    return Segmentation.objects.create(metrics=["leverage", "exposure"], requested_by=by).pk


def make_curve(run: TieringRun) -> ScoreCurve:
    """A probability curve that somebody asked for."""
    return ScoreCurve.objects.create(
        version=run.version,
        metric="model_pd",
        days=[run.as_of.date()],
        outcome="default",
        months=6,
        requested_by=run.version.author,
    )


def ask_for_overlay(run: TieringRun) -> OverlayActivation:
    return OverlayActivation.objects.create(
        scheme=run.version.criteria.scheme,
        overlay="downturn",
        starts=run.as_of,
        reason="GDP",
        requested_by=run.version.author,
    )


def draft_of(kind: str, scheme: TierScheme | None = None) -> int:
    """A draft of a policy beside a blank one that is in effect."""
    based_on = put_in_effect(kind, None, scheme=scheme)
    return start_policy(kind=kind, by=based_on.author, scheme=scheme, based_on=based_on).pk
