"""Clients within projects: what is known of them there, their tiers, and which project decides for the client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q

from crm.models import Client, Participation, Project, User
from tiering.core.metric import Fact
from tiering.facts import local_day
from tiering.models import Assessment, ProjectFacts, TierScheme
from tiering.selectors.evidence import in_force
from tiering.selectors.recall import parts_of
from tiering.selectors.schemes import standings_at
from tiering.selectors.standing import Standing


@dataclass(frozen=True)
class Within:
    """A client within one project: its parts there, the facts in force, and its standing by scheme id."""

    client: Client
    project: Project
    parts: Sequence[Participation]
    facts: Mapping[str, Fact]
    standings: Mapping[int, Standing]

    @property
    def share(self) -> float:
        """Its share of the project's revenue, for ordering; nothing where it is not known."""
        share = self.facts.get("project_revenue_share")
        return share if isinstance(share, float | int) else 0.0


def projects_of(client: Client, user: User, at: datetime) -> list[Within]:
    """The projects that count for a client at a moment, the one with its largest share first."""
    return _within({"client": client.pk}, user, at)


def participants_of(project: Project, user: User, at: datetime) -> list[Within]:
    """Those who take part in a project at a moment and whom the user may see, the largest share first."""
    return _within({"project": project.pk}, user, at)


def deciding_projects(client: Client, at: datetime) -> dict[int, int]:
    """By id of a scheme of projects, the id of the project whose tier the client has as a whole at a moment."""
    of_projects = Assessment.objects.filter(
        in_force(at), client=client, project__isnull=True, scheme__subject=TierScheme.Subject.PROJECT
    )
    wholes = list(of_projects.select_related("version").defer("version__document"))
    parts = parts_of(wholes)
    decided = {whole.scheme_id: parts.deciding(whole).project_id for whole in wholes}
    return {scheme: project for scheme, project in decided.items() if project}


def taking_part(day: date) -> Q:
    """Participations that count on a day, as `tiering.facts.projects` counts them."""
    begun = Q(since__isnull=True) | Q(since__lte=day)
    lasting = Q(until__isnull=True) | Q(until__gt=day)
    return begun & lasting & ~Q(project__status=Project.Status.CANCELLED)


def _within(subjects: Mapping[str, int], user: User, at: datetime) -> list[Within]:
    """Six queries for any number of rows."""
    counting = Participation.objects.visible_to(user).filter(taking_part(local_day(at)), **subjects)
    parts = counting.select_related("client", "project").order_by("client", "project", "pk")
    facts = ProjectFacts.objects.filter(in_force(at), **subjects)
    known = {(row.client_id, row.project_id): row.values for row in facts}
    standings: dict[tuple[int, int | None], dict[int, Standing]] = defaultdict(dict)
    for (client, project, scheme), standing in standings_at(at, within=True, **subjects).items():
        standings[client, project][scheme] = standing
    rows = [
        Within(
            client=found[0].client,
            project=found[0].project,
            parts=found,
            facts=known.get(key, {}),
            standings=standings[key],
        )
        for key, group in groupby(parts, key=lambda part: (part.client_id, part.project_id))
        for found in [list(group)]
    ]
    return sorted(rows, key=lambda row: (-row.share, row.project.code, row.client.code))
