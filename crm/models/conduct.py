"""Dated financial records of a client: what it reports, what bureaus say, what it owes and pays.

Money is in units of the book currency. `received_on` is the day we came to know a record: nothing that was received
after an as-of date counts for it, so that any past tier can be recomputed.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet


def money(label, **options):
    return models.DecimalField(label, max_digits=20, decimal_places=2, **options)


def today():
    return timezone.localdate()


@tracked()
class FinancialStatement(models.Model):
    """Yearly figures as reported; a restatement is a further row with a later `received_on`."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="statements", verbose_name=_("client"))
    period_end = models.DateField(_("period end"))
    received_on = models.DateField(_("received on"), default=today)
    audited = models.BooleanField(_("audited"), default=False)
    source = models.CharField(_("source"), max_length=80, blank=True)
    revenue = money(_("revenue"), null=True, blank=True)
    operating_profit = money(_("operating profit"), null=True, blank=True)
    interest_expense = money(_("interest expense"), null=True, blank=True)
    net_profit = money(_("net profit"), null=True, blank=True)
    operating_cash_flow = money(_("operating cash flow"), null=True, blank=True)
    total_assets = money(_("total assets"), null=True, blank=True)
    current_assets = money(_("current assets"), null=True, blank=True)
    inventory = money(_("inventory"), null=True, blank=True)
    receivables = money(_("receivables"), null=True, blank=True)
    total_liabilities = money(_("total liabilities"), null=True, blank=True)
    current_liabilities = money(_("current liabilities"), null=True, blank=True)
    retained_earnings = money(_("retained earnings"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("financial statement")
        verbose_name_plural = _("financial statements")
        ordering = ["-period_end", "-received_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "period_end", "received_on"], name="statement_once_per_period_and_receipt"
            ),
            models.CheckConstraint(
                name="statement_received_after_period",
                condition=models.Q(received_on__gte=models.F("period_end")),
                violation_error_message=_("A statement cannot be received before its period ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.period_end}"


@tracked()
class CreditReport(models.Model):
    """What a bureau or agency says: score, probability of default (0–1), rating."""

    class Rating(models.TextChoices):
        AAA = "AAA", "AAA"
        AA = "AA", "AA"
        A = "A", "A"
        BBB = "BBB", "BBB"
        BB = "BB", "BB"
        B = "B", "B"
        CCC = "CCC", "CCC"
        CC = "CC", "CC"
        C = "C", "C"
        D = "D", "D"

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="credit_reports", verbose_name=_("client")
    )
    bureau = models.CharField(_("bureau"), max_length=80)
    reported_on = models.DateField(_("reported on"))
    received_on = models.DateField(_("received on"), default=today)
    score = models.FloatField(_("score"), null=True, blank=True)
    pd = models.FloatField(_("probability of default"), null=True, blank=True)
    rating = models.CharField(_("rating"), max_length=4, choices=Rating, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit report")
        verbose_name_plural = _("credit reports")
        ordering = ["-reported_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "bureau", "reported_on", "received_on"], name="credit_report_once"
            ),
            models.CheckConstraint(
                name="credit_report_pd_is_a_probability",
                condition=models.Q(pd__isnull=True) | models.Q(pd__gte=0, pd__lte=1),
                violation_error_message=_("A probability of default lies between 0 and 1."),
            ),
            models.CheckConstraint(
                name="credit_report_received_after_report",
                condition=models.Q(received_on__gte=models.F("reported_on")),
                violation_error_message=_("A report cannot be received before its date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.reported_on}"


@tracked()
class Facility(models.Model):
    """A credit line or loan. Exposure on a day is `drawn` less the principal paid by then."""

    class Product(models.TextChoices):
        TERM_LOAN = "term_loan", _("Term loan")
        WORKING_CAPITAL = "working_capital", _("Working-capital loan")
        PROJECT_LOAN = "project_loan", _("Project loan")
        LEASE = "lease", _("Equipment lease")
        LETTER_OF_CREDIT = "letter_of_credit", _("Letter of credit")
        GUARANTEE = "guarantee", _("Guarantee")
        SUPPLY_CHAIN = "supply_chain", _("Supply-chain finance")

    client = models.ForeignKey(Client, models.PROTECT, related_name="facilities", verbose_name=_("client"))
    project = models.ForeignKey(
        "crm.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilities",
        verbose_name=_("project"),
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    product = models.CharField(_("product"), max_length=20, choices=Product)
    limit = money(_("limit"))
    drawn = money(_("drawn at opening"))
    rate = models.FloatField(_("yearly interest rate"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"))
    matures_on = models.DateField(_("matures on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="facility_drawn_within_limit",
                condition=models.Q(drawn__gte=0, limit__gte=models.F("drawn")),
                violation_error_message=_("The drawn amount lies between 0 and the limit."),
            ),
            models.CheckConstraint(
                name="facility_matures_after_opening",
                condition=models.Q(matures_on__gt=models.F("opened_on")),
                violation_error_message=_("A facility matures after it opens."),
            ),
            models.CheckConstraint(
                name="facility_closes_after_opening",
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                violation_error_message=_("A facility cannot close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Payment(models.Model):
    """One instalment of a facility; overdue from the day after `due_on` until `paid_on`."""

    # The constraint below serves as the index of the facility too.
    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="payments", verbose_name=_("facility"), db_index=False
    )
    due_on = models.DateField(_("due on"))
    principal = money(_("principal"))
    interest = money(_("interest"), default=0)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["due_on"]
        constraints = [
            # With what facts read of an instalment, so that they are derived from the index alone.
            models.UniqueConstraint(
                fields=["facility", "due_on"],
                include=["principal", "paid_on"],
                name="payment_once_per_due_date",
            ),
            models.CheckConstraint(
                name="payment_not_negative",
                condition=models.Q(principal__gte=0, interest__gte=0),
                violation_error_message=_("Amounts of a payment are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.due_on}"
