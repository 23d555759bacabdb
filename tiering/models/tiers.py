"""What a tier rests on and what it is: facts, assessments, assignments, each valid from/to.

`valid_from` is the as-of moment from which a row holds, `valid_to` the one at which the next took over (null: in force);
`recorded_at` is when we came to know. A row is only ever closed, never rewritten, so any past tier can be replayed from
facts + version. Each index costs every new row something, so there are none but those that rows are looked up by; the
rows of a client are found by the constraints that begin with it.

The constraints that one row be in force hold what runs ask of everybody beside their key, so that whoever stays as he is
is looked at in narrow indexes alone. That asks for tables most of whose pages are known to be visible to all: they are
vacuumed after one change in two hundred rows instead of one in five (migration 0016).
"""

from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import Client, Project
from crm.querysets import OfClientQuerySet
from tiering.core.catalogue import CLIENT_METRICS
from tiering.facts.ages import ages_of, ages_within
from tiering.models.criteria import CriteriaVersion, Tier, TierScheme

IN_FORCE = models.Q(valid_to__isnull=True)
WITHIN_A_PROJECT = models.Q(project__isnull=False)
ENDS_AFTER_IT_BEGINS = IN_FORCE | models.Q(valid_to__gt=models.F("valid_from"))


def ledger_triggers() -> list[pgtrigger.Trigger]:
    """A ledger row can be closed, once, and nothing else: no other field changes, no row goes."""
    return [
        pgtrigger.ReadOnly(name="only_closes", exclude=["valid_to"]),
        pgtrigger.Protect(
            name="closed_for_good",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__valid_to__isnull=False),
        ),
        pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
    ]


def official_only() -> pgtrigger.Trigger:
    """What only tries something out must never touch a tier: the runs of the rows written are all official ones."""
    return pgtrigger.Trigger(
        name="official_only",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
IF EXISTS (SELECT FROM (SELECT DISTINCT run_id FROM written) w JOIN tiering_tieringrun r ON r.id = w.run_id
           WHERE r.kind <> 'official') THEN
    RAISE EXCEPTION '%: only an official run writes here', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
""",
    )


def of_its_assessment() -> pgtrigger.Trigger:
    """A tier is one of its scheme, and as official as the assessment that it rests on, which must be of the same subject
    and scheme and is never deleted.

    Each is looked up by its id (OFFSET 0), however the statement is planned that writes tiers.
    """
    return pgtrigger.Trigger(
        name="of_its_assessment",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
IF EXISTS (SELECT FROM written w LEFT JOIN LATERAL (
               SELECT client_id, scheme_id, project_id, run_id FROM tiering_assessment WHERE id = w.assessment_id OFFSET 0
           ) a ON true
           WHERE (a.client_id, a.scheme_id, a.project_id) IS DISTINCT FROM (w.client_id, w.scheme_id, w.project_id)
           OR NOT EXISTS (SELECT FROM tiering_tieringrun r WHERE r.id = a.run_id AND r.kind = 'official')) THEN
    RAISE EXCEPTION '%: the assessment is of another subject, or no official one', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (SELECT FROM (SELECT DISTINCT scheme_id, tier_id FROM written) w
           LEFT JOIN tiering_tier t ON t.id = w.tier_id
           WHERE t.scheme_id IS DISTINCT FROM w.scheme_id) THEN
    RAISE EXCEPTION '%: the tier is not one of the scheme', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN NULL;
""",  # noqa: E501
    )


def told_to_the_policy() -> pgtrigger.Trigger:
    """A client as a whole that got another tier than it had just before is work for what follows from tiers, where a
    policy of the scheme was in effect by then (see `models.consequences.TierChange`)."""
    return pgtrigger.Trigger(
        name="told_to_the_policy",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
INSERT INTO tiering_tierchange (client_id, scheme_id, assignment_id, from_tier_id, to_tier_id, at)
SELECT w.client_id, w.scheme_id, w.id, b.tier_id, w.tier_id, w.valid_from
FROM written w
CROSS JOIN LATERAL (
    SELECT tier_id FROM tiering_assignment
    WHERE client_id = w.client_id AND scheme_id = w.scheme_id AND project_id IS NULL AND valid_from < w.valid_from
    ORDER BY valid_from DESC LIMIT 1
) b
WHERE w.project_id IS NULL AND b.tier_id <> w.tier_id AND EXISTS (
    SELECT FROM tiering_policy p JOIN tiering_policyversion v ON v.policy_id = p.id
    WHERE p.kind = 'tier_policy' AND p.scheme_id = w.scheme_id AND v.status IN ('published', 'superseded')
    AND v.effective_from <= w.valid_from)
ORDER BY w.id;
RETURN NULL;
""",
    )


def rests_on_what_there_is() -> pgtrigger.Trigger:
    """An assessment is of the client whose facts it rests on, by a run that there is and a published version of its
    scheme, and gives tiers of that scheme. None of these is ever deleted."""
    return pgtrigger.Trigger(
        name="rests_on_what_there_is",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
IF EXISTS (SELECT FROM written w
           LEFT JOIN LATERAL (SELECT client_id FROM tiering_facts WHERE id = w.facts_id OFFSET 0) f ON true
           WHERE f.client_id IS DISTINCT FROM w.client_id)
OR EXISTS (SELECT FROM (SELECT DISTINCT run_id, version_id, scheme_id FROM written) w
           LEFT JOIN tiering_tieringrun r ON r.id = w.run_id
           LEFT JOIN tiering_criteriaversion v ON v.id = w.version_id AND v.status IN ('published', 'superseded')
           LEFT JOIN tiering_criteriaset s ON s.id = v.criteria_id
           WHERE r.id IS NULL OR s.scheme_id IS DISTINCT FROM w.scheme_id)
OR EXISTS (SELECT FROM (SELECT DISTINCT scheme_id,
                               unnest(ARRAY[model_tier_id, base_tier_id, overlay_tier_id, tier_id]) AS tier_id
                        FROM written) w
           LEFT JOIN tiering_tier t ON t.id = w.tier_id
           WHERE t.scheme_id IS DISTINCT FROM w.scheme_id) THEN
    RAISE EXCEPTION '%: the facts are of another client, or run, version or tier are not those of the scheme',
        TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN NULL;
""",
    )


class Facts(models.Model):
    """The metric values of a client: one column per metric of the catalogue, and where each came from.

    `sources` and `dates` name the records behind them and the days these are of, see `tiering.facts.provenance` and
    `tiering.facts.ages`; `custom` holds the values of the institution's own metrics, those that are known.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="facts", db_index=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64)
    sources = models.JSONField(default=dict)
    dates = models.JSONField(default=dict, db_default={})
    custom = models.JSONField(default=dict, db_default={})

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], include=["id", "valid_from"], condition=IN_FORCE, name="facts_one_in_force"
            ),
            models.UniqueConstraint(fields=["client", "valid_from"], name="facts_once_per_moment"),
            models.CheckConstraint(name="facts_end_after_they_begin", condition=ENDS_AFTER_IT_BEGINS),
        ]
        triggers = ledger_triggers()

    def __str__(self) -> str:
        return f"{self.client_id} {self.valid_from:%Y-%m-%d}"

    def values(self) -> dict[str, float | str | None]:
        """Metric key → value, as `tiering.core.evaluate` reads them."""
        return {**self.custom, **{key: getattr(self, key) for key in CLIENT_METRICS}}

    def ages(self, day: date) -> dict[str, int]:
        """Metric key → how many days old its value is on a day; a value of unknown age is left out."""
        return ages_of(self.dates, day)


for _key, _metric in CLIENT_METRICS.items():
    Facts.add_to_class(
        _key,
        models.FloatField(null=True)
        if _metric.type == "number"
        else models.CharField(max_length=60, null=True),
    )


class ProjectFacts(models.Model):
    """The metric values of a client within one project, those that are known; of the client as a whole, see `Facts`.

    Where a project is the subject, they go before those of the client as a whole. Closed without a successor when the
    client no longer takes part.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="project_facts", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="facts")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64)
    # By metric key. `sources` names the observation behind a value, `dates` the day that each dated value is of.
    values = models.JSONField()
    sources = models.JSONField(default=dict, db_default={})
    dates = models.JSONField(default=dict, db_default={})

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "project"], condition=IN_FORCE, name="project_facts_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["client", "project", "valid_from"], name="project_facts_once_per_moment"
            ),
            models.CheckConstraint(name="project_facts_end_after_they_begin", condition=ENDS_AFTER_IT_BEGINS),
        ]
        triggers = ledger_triggers()

    def __str__(self) -> str:
        return f"{self.client_id} in {self.project_id} {self.valid_from:%Y-%m-%d}"

    def ages(self, day: date) -> dict[str, int]:
        """Metric key → how many days old its value is on a day; a value of unknown age is left out."""
        return ages_within(self.dates, day)


class Assessment(models.Model):
    """The result of a client, or of a client within a project, under one version and one run's terms.

    The exact score, the gates that fired and the overlays that applied, and the tier after each step: by placement
    alone, after gates, after overlays, and after the migration policy.
    """

    # Millions of rows name a handful of tiers, versions and runs: what they may name is looked at once a statement
    # (`rests_on_what_there_is`) instead of row by row, and each named row is not locked for each that names it.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="assessments", db_index=False, db_constraint=False
    )
    # Empty for the client as a whole; then, in a scheme of projects, what was rolled up from its projects.
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="assessments", db_index=False
    )
    scheme = models.ForeignKey(
        TierScheme, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    # Only published versions are named, which are never deleted; nobody has to be asked about a draft.
    version = models.ForeignKey(
        CriteriaVersion, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        "tiering.TieringRun", models.PROTECT, related_name="assessments", db_constraint=False
    )
    facts = models.ForeignKey(
        Facts, models.PROTECT, related_name="assessments", db_index=False, db_constraint=False
    )
    project_facts = models.ForeignKey(
        ProjectFacts, models.PROTECT, null=True, blank=True, related_name="assessments", db_index=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    scorecard = models.CharField(max_length=60)
    score = models.BigIntegerField()  # units of 1e-8 points, see tiering.core.evaluate
    model_tier = models.ForeignKey(
        Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    base_tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    overlay_tier = models.ForeignKey(
        Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    provisional = models.BooleanField(_("provisional"))
    gates = ArrayField(models.CharField(max_length=60))
    overlays = ArrayField(models.CharField(max_length=60), default=list, db_default=[])

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scheme", "project"],
                include=["id", "facts", "version", "run", "tier", "valid_from"],
                condition=IN_FORCE,
                nulls_distinct=False,
                name="assessment_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["client", "scheme", "project", "valid_from"],
                nulls_distinct=False,
                name="assessment_once_per_moment",
            ),
            models.CheckConstraint(name="assessment_ends_after_it_begins", condition=ENDS_AFTER_IT_BEGINS),
        ]
        indexes = [
            models.Index(fields=["scheme", "-score", "client"], condition=IN_FORCE, name="assessment_score"),
            # Most assessments are of clients as a whole: among a million without a project there is nothing to find.
            models.Index(fields=["project"], condition=WITHIN_A_PROJECT, name="assessment_project"),
            models.Index(
                fields=["project_facts"],
                condition=models.Q(project_facts__isnull=False),
                name="assessment_project_facts",
            ),
        ]
        triggers = [*ledger_triggers(), official_only(), rests_on_what_there_is()]

    def __str__(self) -> str:
        return f"{self.client_id} {self.score}"


class Assignment(models.Model):
    """The tier in force in a scheme, for a client or for a client within a project: narrow, so that re-tiering never
    rewrites a client."""

    # Subject and scheme are those of the assessment: looked at once a statement too (`of_its_assessment`).
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="assignments", db_index=False, db_constraint=False
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        db_index=False,
        db_constraint=False,
    )
    scheme = models.ForeignKey(
        TierScheme, models.PROTECT, related_name="assignments", db_index=False, db_constraint=False
    )
    tier = models.ForeignKey(
        Tier, models.PROTECT, related_name="assignments", db_index=False, db_constraint=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="assignments", db_constraint=False
    )
    proposal = models.ForeignKey(
        "tiering.Proposal", models.PROTECT, null=True, blank=True, related_name="assignments", db_index=False
    )
    # The override that set the tier from its beginning on, or by the end of which the criteria set it again.
    override = models.ForeignKey(
        "tiering.Override", models.PROTECT, null=True, blank=True, related_name="assignments", db_index=False
    )

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scheme", "project"],
                include=["id", "tier", "valid_from"],
                condition=IN_FORCE,
                nulls_distinct=False,
                name="assignment_one_in_force",
            ),
            models.CheckConstraint(name="assignment_ends_after_it_begins", condition=ENDS_AFTER_IT_BEGINS),
        ]
        indexes = [
            models.Index(fields=["scheme", "tier", "client"], condition=IN_FORCE, name="assignment_tier"),
            models.Index(fields=["client", "scheme", "-valid_from"], name="assignment_history"),
            # What changed lately: Today asks for it.
            models.Index(
                fields=["scheme", "-valid_to"],
                name="assignment_ended",
                condition=models.Q(valid_to__isnull=False),
            ),
            models.Index(fields=["project"], condition=WITHIN_A_PROJECT, name="assignment_project"),
            models.Index(
                fields=["proposal"], condition=models.Q(proposal__isnull=False), name="assignment_proposal"
            ),
        ]
        triggers = [*ledger_triggers(), of_its_assessment(), told_to_the_policy()]

    def __str__(self) -> str:
        return f"{self.client_id} {self.tier_id}"
