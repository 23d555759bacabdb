"""Who is away, who acts for whom, and who has an interest in a client."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import AbsenceQuerySet, InterestQuerySet


class Days(Func):
    """The days from one to another, both of them in it."""

    function = "DATERANGE"
    output_field = DateRangeField()


@tracked()
class Absence(models.Model):
    """Days, both of them included, on which a person is away or has given their decisions to a deputy.

    `is_away` False is a delegation by somebody who is in the house. A person has at most one at a time.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputed_absences",
        verbose_name=_("deputy"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_away = models.BooleanField(_("away"), default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")),
                violation_error_message=_("Nobody is their own deputy. Choose somebody else."),
            ),
            models.CheckConstraint(
                name="absence_is_away_or_deputed",
                condition=Q(is_away=True) | Q(deputy__isnull=False),
                violation_error_message=_("Choose a deputy: somebody who is not away hands over to one."),
            ),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Days("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "The days overlap an absence that is entered already. End that one, or choose other days."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_on:%Y-%m-%d}"


@tracked()
class Interest(models.Model):
    """That a person has an interest in a client, and so decides nothing about it until the interest has ended."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests", verbose_name=_("person")
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="interests", verbose_name=_("client"))
    reason = models.TextField(_("what the interest is"), max_length=2000)
    declared_at = models.DateTimeField(_("declared"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "client"],
                name="interest_declared_once",
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("You have declared an interest in this client already."),
            ),
            models.CheckConstraint(name="interest_says_what", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.client_id}"
