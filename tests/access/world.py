"""A small house with everybody in it, to try every door: two teams, one user per role, and objects near and far."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from crm.models import (
    Absence,
    AttachmentContent,
    BulkEdit,
    CalendarFeed,
    Client,
    CustomMetric,
    DuplicatePair,
    Export,
    ImportJob,
    Merge,
    ProfileField,
    Role,
    SavedView,
    User,
)
from funnel.models import Stage
from tests import factories
from tests.access.alerts import add_alerts
from tests.access.cases import add_cases
from tests.access.outreach import add_outreach
from tests.access.prospects import add_prospects
from tests.access.sources import add_sources
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
    ReviewView,
    ScoreCurve,
    Segmentation,
    TieringRun,
    TierScheme,
)
from tiering.services.policies import start_policy

NOWHERE = 987_654_321
SECRET = "the-matrix-knows-it"
TEAM_BOUND = {Role.RM, Role.TEAM_LEAD}


@dataclass
class World:
    """`objects`: what stands in a URL → the id of the one that is the RM's own, a colleague's, a stranger's."""

    users: dict[str, User]
    objects: dict[str, dict[str, int]] = field(default_factory=dict)

    def pk(self, kind: str, scope: str) -> int:
        return NOWHERE if scope == "missing" else self.objects[kind][scope]

    def everywhere(self, kind: str, pk: int) -> None:
        """An object that belongs to no team."""
        self.objects[kind] = dict.fromkeys(("own", "team", "foreign"), pk)


def build_world() -> World:
    near, far = factories.make_team(), factories.make_team()
    users = {
        role: factories.make_user(role, team=near if role in TEAM_BOUND else None) for role in Role.values
    }
    holders = {
        "own": users[Role.RM],
        "team": factories.make_user(Role.RM, team=near),
        "foreign": factories.make_user(Role.RM, team=far),
    }
    give_a_password(users.values())
    world = World(users)
    clients = {scope: factories.make_client(rm=holder) for scope, holder in holders.items()}
    world.objects["client"] = {scope: client.pk for scope, client in clients.items()}
    world.objects["person"] = {
        scope: client.people.create(name="Wang").pk for scope, client in clients.items()
    }
    world.everywhere("client field", ProfileField.objects.earliest("pk").pk)
    world.objects["stage hold"] = {
        scope: be_held(client, holders[scope]) for scope, client in clients.items()
    }
    world.objects["number"] = {scope: be_numbered(client) for scope, client in clients.items()}
    world.objects["address"] = {
        scope: client.addresses.create(text="1 Main Street").pk for scope, client in clients.items()
    }
    world.objects["tag"] = {
        scope: client.team.tags.create(name=f"Green {scope}").pk for scope, client in clients.items()
    }
    world.objects["relation"] = {scope: be_guaranteed(client) for scope, client in clients.items()}
    world.objects["pair"] = {scope: be_alike(client) for scope, client in clients.items()}
    world.objects["merge"] = {scope: be_merged(client) for scope, client in clients.items()}
    world.objects["project"] = {scope: take_part(client) for scope, client in clients.items()}
    proposals = {scope: propose(client) for scope, client in clients.items()}
    world.objects["proposal"] = {scope: proposal.pk for scope, proposal in proposals.items()}
    world.objects["override"] = {
        scope: ask_for_override(proposal, holders[scope]) for scope, proposal in proposals.items()
    }
    world.objects["review question"] = {scope: ask_about(one) for scope, one in proposals.items()}
    view = ReviewView.objects.create(owner=users[Role.RISK_OFFICER], name="Late", is_shared=True)
    world.everywhere("review view", view.pk)
    saved = SavedView.objects.create(
        list_key="clients", owner=users[Role.TEAM_LEAD], name="Late", reach=SavedView.Reach.HOUSE
    )
    world.everywhere("saved view", saved.pk)
    saved = SavedView.objects.create(
        list_key="cases", owner=users[Role.TEAM_LEAD], name="Late", reach=SavedView.Reach.HOUSE
    )
    world.everywhere("funnel view", saved.pk)
    add_cases(world, holders)
    world.objects["task"] = {scope: give_task(client) for scope, client in clients.items()}
    world.objects["note"] = {
        scope: client.notes.create(text="Careful", author=holders[scope]).pk
        for scope, client in clients.items()
    }
    world.objects["handover"] = {
        scope: holder.handovers.create(
            team=holder.team, by=holder, reason="Left", undo_until=timezone.now()
        ).pk
        for scope, holder in holders.items()
    }
    CalendarFeed.objects.create(user=users[Role.RM], token_hash=hashlib.sha256(SECRET.encode()).hexdigest())
    world.objects["attachment"] = {scope: attach_to(client) for scope, client in clients.items()}
    world.objects["document"] = {scope: keep_paper(client) for scope, client in clients.items()}
    world.objects["facility"] = {scope: lend(client) for scope, client in clients.items()}
    world.objects["collateral"] = {scope: secure(client) for scope, client in clients.items()}
    world.objects["payment"] = {scope: fall_due(client) for scope, client in clients.items()}
    world.objects["participation"] = {
        scope: client.participations.get().pk for scope, client in clients.items()
    }
    world.objects["statement"] = {
        scope: factories.make_statement(client).pk for scope, client in clients.items()
    }
    world.objects["absence"] = {scope: be_away(holder) for scope, holder in holders.items()}
    world.everywhere("interest", declare(users[Role.RISK_OFFICER], clients["own"]))
    world.objects["export"] = {
        scope: Export.objects.create(asked_by=holder, status="asked", rows=9, source="clients", columns=[]).pk
        for scope, holder in holders.items()
    }
    world.objects["bulk edit"] = {
        scope: BulkEdit.objects.create(by=holder, clients=[clients[scope].pk]).pk
        for scope, holder in holders.items()
    }
    world.objects["import"] = {scope: make_import(holder) for scope, holder in holders.items()}
    world.objects["periodic review"] = {scope: due(proposal) for scope, proposal in proposals.items()}
    run = proposals["own"].run
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
    world.everywhere("stage", Stage.objects.get(position=2).pk)
    add_alerts(world, clients, holders)
    add_outreach(world, clients)
    add_sources(world, clients)
    add_prospects(world, clients, holders)
    return world


def give_a_password(users: Iterable[User]) -> None:
    """Hashed once for all of them: the hash is slow by design."""
    password = make_password(factories.PASSWORD)
    for user in users:
        user.password = password
        user.save()


def make_import(by: User) -> int:
    job = ImportJob.objects.create(
        kind=ImportJob.Kind.CLIENTS, file_name="clients.csv", header=["code"], uploaded_by=by, file_sha256="0"
    )
    return job.pk


def give_task(client: Client) -> int:
    """What the client's RM has to do for it."""
    return client.tasks.create(assignee=client.rm, title="Call", due_on=date(2026, 11, 30)).pk


def be_guaranteed(client: Client) -> int:
    """By another client of the same manager."""
    return client.relations.create(party=factories.make_client(rm=client.rm), kind="guarantor").pk


def be_held(client: Client, by: User) -> int:
    return client.stage_holds.create(axis="status", value="active", reason="Known", by=by).pk


def be_numbered(client: Client) -> int:
    return client.numbers.create(kind="tax", sealed="-", fingerprint=f"of {client.pk}").pk


def be_alike(client: Client) -> int:
    """With another client of the same manager."""
    other = factories.make_client(rm=client.rm)
    return DuplicatePair.objects.create(one=client, other=other, score=90).pk


def be_merged(client: Client) -> int:
    """That another client of the same manager is part of it."""
    gone = factories.make_client(rm=client.rm, merged_into=client)
    before = {"client": {}, "gone": {"registration_number": None}, "parts": {}}
    return Merge.objects.create(client=client, gone=gone, by=client.rm, reason="Same", before=before).pk


def attach_to(client: Client) -> int:
    assert client.rm is not None
    kept = client.attachments.create(
        name="note.txt", content_type="text/plain", size=4, sha256="0", uploaded_by=client.rm
    )
    AttachmentContent.objects.create(attachment=kept, data=b"note")
    return kept.pk


def keep_paper(client: Client) -> int:
    document = client.documents.create(kind="other", title="Paper")
    assert client.rm is not None
    kept = client.attachments.create(
        name="paper.txt", content_type="text/plain", size=5, sha256="0", uploaded_by=client.rm
    )
    AttachmentContent.objects.create(attachment=kept, data=b"paper")
    document.versions.create(number=1, attachment=kept, added_by=client.rm)
    return document.pk


def lend(client: Client) -> int:
    return factories.make_facility(client).pk


def secure(client: Client) -> int:
    made = client.facilities.get().collateral.create(
        client=client, kind="land", name="Plot", value=1, valued_on=date(2026, 1, 1)
    )
    return made.pk


def fall_due(client: Client) -> int:
    return factories.make_payment(client.facilities.get(), date(2026, 3, 31), paid_amount=1).pk


def be_away(user: User) -> int:
    days = {"starts_on": date(2099, 1, 1), "ends_on": date(2099, 1, 3)}
    return Absence.objects.create(user=user, entered_by=user, **days).pk


def declare(user: User, client: Client) -> int:
    return client.interests.create(user=user, reason="Shares").pk


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


def ask_for_overlay(run: TieringRun) -> OverlayActivation:
    return OverlayActivation.objects.create(
        scheme=run.version.criteria.scheme,
        overlay="downturn",
        starts=run.as_of,
        reason="GDP",
        requested_by=run.version.author,
    )


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


def draft_of(kind: str, scheme: TierScheme | None = None) -> int:
    """A draft of a policy beside a blank one that is in effect."""
    based_on = put_in_effect(kind, None, scheme=scheme)
    return start_policy(kind=kind, by=based_on.author, scheme=scheme, based_on=based_on).pk


def due(proposal: Proposal) -> int:
    """The review that the client of a proposal is to have."""
    review = PeriodicReview.objects.create(
        client=proposal.client, scheme=proposal.scheme, due_on=date(2026, 6, 30), last_on=date(2026, 1, 1)
    )
    return review.pk


def take_part(client: Client) -> int:
    project = factories.make_project()
    client.participations.create(project=project)
    return project.pk


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
