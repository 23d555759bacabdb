"""The test cases of versions, what comes of them, and the facts of clients to make some of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crm.models import Client, User
from tiering.core.cases import Case, Verdict, run_cases
from tiering.core.document import Document
from tiering.core.metric import Fact, is_missing
from tiering.facts import local_day
from tiering.models import Assignment, CriteriaTest, CriteriaVersion, Facts, ProjectFacts
from tiering.models.tiers import IN_FORCE
from tiering.selectors.criteria import document_of


def kept_tests(version: CriteriaVersion) -> list[CriteriaTest]:
    """The test cases of a version in the order in which they were added."""
    return list(CriteriaTest.objects.filter(version=version).order_by("pk"))


def case_of(row: CriteriaTest) -> Case:
    """A stored test case as `core.cases` runs it."""
    return Case(
        name=row.name,
        facts=row.facts,
        tier=row.tier,
        held=row.held or None,
        held_days=row.held_days,
        overlays=frozenset(row.overlays),
        gates=None if row.gates is None else frozenset(row.gates),
        score=row.score,
    )


def verdicts_of(version: CriteriaVersion, rows: Iterable[CriteriaTest]) -> tuple[Verdict, ...]:
    """What comes of test cases by a version that makes sense."""
    return run_cases(document_of(version), [case_of(row) for row in rows])


def case_from_client(version: CriteriaVersion, client: Client, project: int | None, at: datetime) -> Case:
    """The facts of a client in force that the version reads, and the tier it holds, as a case without a name.

    `client` is one that the reader may see; `project` the id of a project of it, for criteria that place clients within
    projects. Values that are older than every indicator accepts are left out.
    """
    document, day = document_of(version), local_day(at)
    values: dict[str, Fact] = {}
    ages: dict[str, int] = {}
    facts = Facts.objects.filter(IN_FORCE, client=client).first()
    if facts:
        values, ages = facts.values(), facts.ages(day)
    within = (
        ProjectFacts.objects.filter(IN_FORCE, client=client, project=project).first() if project else None
    )
    if within:
        values, ages = values | within.values, ages | within.ages(day)
    held = Assignment.objects.filter(
        IN_FORCE, client=client, project=project, scheme__criteria=version.criteria_id
    )
    row = held.select_related("tier").first()
    named = document.tiers[0].key if row is None or row.tier.key not in document.ranks else row.tier.key
    return Case(
        name="",
        facts={
            key: value
            for key in sorted(document.metrics)
            if not is_missing(value := values.get(key)) and _is_young(document, key, ages.get(key))
        },
        tier=named,
        held=row.tier.key if row else None,
        held_days=(day - local_day(row.valid_from)).days if row else None,
    )


def _is_young(document: Document, metric: str, age: int | None) -> bool:
    """Whether any indicator of the metric accepts a value of that age."""
    limits = [
        indicator.max_age_days
        for card in document.scorecards
        for dimension in card.dimensions
        for indicator in dimension.indicators
        if indicator.metric == metric
    ]
    accepting = (limit is None or (age is not None and age <= limit) for limit in limits)
    return not limits or any(accepting)


def clients_matching(term: str, user: User, most: int) -> list[Client]:
    """The clients that a user may see whose name or code matches, in order."""
    return list(Client.objects.visible_to(user).matching(term).order_by("sort_key", "pk")[:most])
