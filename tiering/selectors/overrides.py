"""Overrides as the register finds them, and which of them hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from crm.models import Client, Project, User
from tiering.models import Assessment, Assignment, Override, TierScheme

EXPIRING: Final = timedelta(days=14)
"""How long before its end an override is told to end soon."""
SHOWN: Final = (
    "client__rm", "client__team", "project", "scheme", "tier", "requested_by", "decided_by", "ended_by", "evidence",
    "assessment__overlay_tier",
)  # fmt: skip
"""What is told of an override. Joined for a register; for one client, who mostly has none, fetched if there are any:
planning a dozen joins costs more than the rest of the query."""
OPEN: Final = (Override.Status.REQUESTED, Override.Status.IN_FORCE)


@dataclass(frozen=True)
class Wish:
    """What the reader wants to see of the register; an empty value does not narrow."""

    status: tuple[str, ...] = ()
    scheme: tuple[int, ...] = ()
    direction: str = ""
    kind: str = ""
    officer: tuple[int, ...] = ()
    segment: tuple[str, ...] = ()
    expiring: bool = False
    client: int | None = None

    def narrow(self, overrides: QuerySet[Override], at: datetime) -> QuerySet[Override]:
        wanted = {
            "status__in": self.status,
            "scheme__in": self.scheme,
            "direction": self.direction,
            "kind": self.kind,
            "assessment__scorecard__in": self.segment,
            "client": self.client,
        }
        overrides = overrides.filter(**{field: value for field, value in wanted.items() if value})
        if self.officer:
            overrides = overrides.filter(Q(requested_by__in=self.officer) | Q(decided_by__in=self.officer))
        return overrides.filter(ending_soon(at)) if self.expiring else overrides


def ending_soon(at: datetime) -> Q:
    return Q(status=Override.Status.IN_FORCE, ends__lte=at + EXPIRING)


def register(user: User, wish: Wish, at: datetime, after: int | None = None) -> QuerySet[Override]:
    """The overrides that the user may see and wants to, newest first; those that follow the one `after` (its id)."""
    found = wish.narrow(Override.objects.visible_to(user), at)
    if after is not None:
        found = found.filter(pk__lt=after)
    return found.select_related(*SHOWN).order_by("-pk")


def latest_of(client: Client, user: User, at: datetime, count: int) -> list[Override]:
    """The client's latest overrides that the user may see; where there are none, one short query."""
    found = Wish(client=client.pk).narrow(Override.objects.visible_to(user), at)
    return list(found.prefetch_related(*SHOWN).order_by("-pk")[:count])


def segments_of(user: User) -> list[str]:
    """The keys of the segments that overrides were asked for in."""
    found = Override.objects.visible_to(user).order_by("assessment__scorecard")
    return list(found.values_list("assessment__scorecard", flat=True).distinct())


def in_force_of(override: Override) -> Override | None:
    """The one in force of the same tier or the same value, which another one would renew."""
    held = Override.objects.filter(
        client=override.client_id,
        project=override.project_id,
        kind=override.kind,
        status=Override.Status.IN_FORCE,
    )
    if override.kind == Override.Kind.OUTPUT:
        return held.filter(scheme=override.scheme_id).first()
    return held.filter(metric=override.metric).first()


def open_of(client: Client, scheme: TierScheme, project: Project | None = None) -> list[Override]:
    """The overrides of a subject that wait or hold in a scheme, those that hold first; values count in every scheme."""
    of_client = Override.objects.filter(client=client, status__in=OPEN).prefetch_related(*SHOWN)
    of_tier = Q(kind="output", scheme=scheme, project=project)
    within = Q(project=project) if project is None else Q(project=project) | Q(project=None)
    found = of_client.filter(of_tier | (Q(kind="input") & within))
    return sorted(
        found, key=lambda row: (row.status != Override.Status.IN_FORCE, row.kind != "output", -row.pk)
    )


def tiers_held(scheme: TierScheme, at: datetime) -> QuerySet[Override]:
    """The overrides that held a tier of a scheme at a moment."""
    begun = Override.objects.filter(scheme=scheme, kind=Override.Kind.OUTPUT, starts__lte=at)
    return begun.filter(Q(ended_at=None) | Q(ended_at__gt=at))


def holding_at(
    client: Client,
    scheme: TierScheme,
    at: datetime,
    project: Project | None = None,
    known_at: datetime | None = None,
) -> Override | None:
    """The override that held the subject's tier at a moment; None where the criteria did. `known_at`: as known then."""
    held = tiers_held(scheme, at).filter(client=client, project=project)
    if known_at is not None:
        held = held.filter(decided_at__lte=known_at)
    return held.prefetch_related(*SHOWN).order_by("-starts").first()


def set_by(assignment: Assignment) -> Override | None:
    """The override that set a tier; None where something else did, the end of an override too."""
    override = assignment.override
    return override if override is not None and override.starts == assignment.valid_from else None


def history_of(override: Override) -> list[Override]:
    """The overrides of the same client and scheme beside this one, newest first."""
    others = Override.objects.filter(
        client=override.client_id, scheme=override.scheme_id, project=override.project_id
    )
    return list(others.exclude(pk=override.pk).select_related(*SHOWN).order_by("-pk")[:10])


def overrides_to_decide(user: User) -> QuerySet[Override]:
    """What waits for a decision that this user may take part in, as far as that is known without their facts."""
    if not user.has_perm("tiering.decide_proposals"):
        return Override.objects.none()
    waiting = Override.objects.visible_to(user).filter(status=Override.Status.REQUESTED)
    barred = Q(requested_by=user) | Q(client__rm=user) | Q(votes__voter=user)
    return waiting.exclude(barred)


def counts(user: User, at: datetime) -> dict[str, int]:
    """How many overrides the user may see wait, hold, and end soon."""
    return Override.objects.visible_to(user).aggregate(
        requested=Count("pk", Q(status=Override.Status.REQUESTED)),
        in_force=Count("pk", Q(status=Override.Status.IN_FORCE)),
        ending=Count("pk", ending_soon(at)),
    )


def people_of(user: User) -> list[User]:
    """Who asked for the overrides that the user may see, or decided on them."""
    rows = Override.objects.visible_to(user)
    ids = {pk for pair in rows.values_list("requested_by", "decided_by").distinct() for pk in pair if pk}
    return list(User.objects.filter(pk__in=ids).order_by("name"))


def schemes_of(client: Client) -> list[TierScheme]:
    """The schemes in which the client is assessed, as a whole or within a project; the primary one first."""
    assessed = Assessment.objects.filter(client=client, valid_to=None).values("scheme")
    return list(TierScheme.objects.filter(pk__in=assessed).order_by("-is_primary", "pk"))
