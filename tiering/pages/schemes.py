"""Schemes side by side as pages lay them out: where a client stands in each, and within each of its projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from crm.formats import listed
from crm.models import Client, Project
from tiering import display
from tiering.models import Tier, TierScheme
from tiering.pages.rules import roll_up_text
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.projects import Within
from tiering.selectors.schemes import InScheme
from tiering.selectors.standing import Standing


@dataclass(frozen=True)
class Place:
    """A tier that is held, and the way to its explanation. `decides`: the client has this tier as a whole."""

    tier: Tier
    since: datetime
    score: str
    provisional: bool
    pending: Tier | None
    address: str
    decides: bool = False


@dataclass(frozen=True)
class SchemeLine:
    """A scheme and where a client stands in it; `place` is None where it has no tier."""

    scheme: TierScheme
    place: Place | None

    @property
    def of_projects(self) -> bool:
        return self.scheme.subject == TierScheme.Subject.PROJECT


@dataclass(frozen=True)
class WithinLine:
    """A client within a project: what it is and brings in there, and its tier in each of the schemes listed."""

    client: Client
    project: Project
    parts: str
    share: str
    contribution: str
    places: list[Place | None]


def scheme_lines(client: Client, standings: Sequence[InScheme]) -> list[SchemeLine]:
    """A line for each scheme, in the order given."""
    return [
        SchemeLine(found.scheme, _place(found.standing, explanation(client, found.scheme)))
        for found in standings
    ]


def within_lines(
    rows: Iterable[Within], schemes: Sequence[TierScheme], deciding: dict[int, int] | None = None
) -> list[WithinLine]:
    """A line for each client within a project; `deciding` is the deciding project by scheme, where one client's rows
    are shown."""
    return [
        WithinLine(
            client=row.client,
            project=row.project,
            parts=listed(part.get_part_display() for part in row.parts),
            share=display.metric_value("project_revenue_share", row.facts.get("project_revenue_share")),
            contribution=display.metric_value("project_revenue_12m", row.facts.get("project_revenue_12m")),
            places=[
                _place(
                    row.standings.get(scheme.pk),
                    explanation(row.client, scheme, row.project),
                    decides=(deciding or {}).get(scheme.pk) == row.project.pk,
                )
                for scheme in schemes
            ],
        )
        for row in rows
    ]


def explanation(client: Client, scheme: TierScheme, project: Project | None = None) -> str:
    """The address where the tier is explained: of the client as a whole, or within a project."""
    chosen = {} if scheme.is_primary else {"scheme": scheme.key}
    if project:
        chosen["project"] = str(project.pk)
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"{reverse('crm:client', args=[client.pk])}{query}#why-tier"


def roll_up_lines(client: Client, standings: Sequence[InScheme]) -> list[tuple[SchemeLine, str]]:
    """Of each scheme of projects in which a client stands as a whole: the line, and which project decides."""
    told = []
    for line, found in zip(scheme_lines(client, standings), standings, strict=True):
        assessment = found.standing.assessment if found.standing else None
        document = document_of(assessment.version) if assessment else None
        if document and document.roll_up:
            told.append((line, roll_up_text(document.roll_up, catalogue_of(document))))
    return told


def _place(standing: Standing | None, address: str, *, decides: bool = False) -> Place | None:
    if standing is None:
        return None
    return Place(
        tier=standing.tier,
        since=standing.since,
        score=display.score(standing.score),
        provisional=standing.provisional,
        pending=standing.pending.to_tier if standing.pending else None,
        address=address,
        decides=decides,
    )
