"""What clients are to one another: who controls whom, who stands in for whom, who is close to whom."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.conduct import money
from crm.querysets import RelationQuerySet


class Lasting(Func):
    """The days from one up to, but not on, another; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


def no_circle() -> pgtrigger.Trigger:
    """Nobody is controlled by whom they control, directly or through others, on any day. One writer at a time: two who
    each add half of a circle would not see each other."""
    return pgtrigger.Trigger(
        name="no_circle",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__kind="parent"),
        func="""
PERFORM pg_advisory_xact_lock(hashtext('crm_relation no_circle'));
IF crm_controls(NEW.client_id, NEW.party_id, daterange(NEW.since, NEW.until)) THEN
    RAISE EXCEPTION 'relation_no_circle: control leads back to where it began' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
""",
    )


@tracked()
class Relation(models.Model):
    """That `party` is the parent, a shareholder, a guarantor or a related party of `client`.

    It lasts from `since` to the day before `until`; an empty date leaves that end open. A parent controls: with whoever
    it controls it makes up a group (`crm.selectors.groups`). `share` is the part of the client that the party owns
    (0–1), `amount` what a guarantor answers for, in units of the book currency (empty: for everything).
    """

    class Kind(models.TextChoices):
        PARENT = "parent", pgettext_lazy("relation", "Parent")
        SHAREHOLDER = "shareholder", pgettext_lazy("relation", "Shareholder without control")
        GUARANTOR = "guarantor", pgettext_lazy("relation", "Guarantor")
        RELATED = "related", pgettext_lazy("relation", "Related party")

    OWNING = (Kind.PARENT, Kind.SHAREHOLDER)

    client = models.ForeignKey(Client, models.PROTECT, related_name="relations", verbose_name=_("client"))
    party = models.ForeignKey(
        Client, models.PROTECT, related_name="relations_to_others", verbose_name=_("other client")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    share = models.FloatField(_("share"), null=True, blank=True)
    amount = money(_("amount guaranteed"), null=True, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("what connects them"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["kind", "-id"]
        constraints = [
            models.CheckConstraint(
                name="relation_is_with_another",
                condition=~Q(client=F("party")),
                violation_error_message=_("A client is not related to itself. Choose another one."),
            ),
            models.CheckConstraint(
                name="relation_share_is_a_part",
                condition=Q(share__isnull=True)
                | (Q(share__gt=0, share__lte=1) & Q(kind__in=("parent", "shareholder"))),
                violation_error_message=_(
                    "A share lies above 0 and up to 100 %%; only parents and shareholders have one."
                ),
            ),
            models.CheckConstraint(
                name="relation_amount_is_guaranteed",
                condition=Q(amount__isnull=True) | Q(amount__gt=0, kind="guarantor"),
                violation_error_message=_("An amount is above zero; only guarantors have one."),
            ),
            models.CheckConstraint(
                name="relation_says_what_connects",
                condition=~Q(kind="related", note=""),
                violation_error_message=_(
                    "Say what connects them: family, a director, one depends on the other."
                ),
            ),
            models.CheckConstraint(
                name="relation_ends_after_it_begins",
                condition=Q(until__gt=F("since")) | Q(since__isnull=True) | Q(until__isnull=True),
                violation_error_message=_("A relation ends after it begins."),
            ),
            ExclusionConstraint(
                name="relation_one_parent_at_a_time",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (Lasting("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="parent"),
                violation_error_message=_(
                    "Somebody controls this client on these days already. End that first, or enter a shareholder."
                ),
            ),
            ExclusionConstraint(
                name="relation_once_at_a_time",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    ("party", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Lasting("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This relation is entered for these days already."),
            ),
        ]
        triggers = [no_circle()]

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind} {self.client_id}"

    def lasts_on(self, day) -> bool:
        """Whether it holds on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)
