"""Dated financial records of a client: what it reports, what bureaus say, what it owes and pays.

Money is in units of the book currency; a record in another currency says which, and at what rate it is carried:
amount ÷ rate is what stands in its papers. `received_on` is the day we came to know a record: nothing that was received
after an as-of date counts for it, so that any past tier can be recomputed.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.querysets import OfClientQuerySet, PaymentQuerySet


def money(label, **options):
    return models.DecimalField(label, max_digits=20, decimal_places=2, **options)


def today():
    return timezone.localdate()


def currency_code(**options):
    """The ISO code of a currency; empty for the book's own."""
    return models.CharField(_("currency"), max_length=3, blank=True, default="", db_default="", **options)


def carrying_rate(**options):
    """How many units of the book currency a unit of the record's currency is carried at."""
    return models.DecimalField(
        _("exchange rate"),
        max_digits=20,
        decimal_places=10,
        default=Decimal(1),
        db_default=Decimal(1),
        **options,
    )


class Carried(models.Model):
    """A record whose amounts are kept in the book currency and may come from papers in another one."""

    currency = currency_code()
    exchange_rate = carrying_rate()

    class Meta:
        abstract = True

    @property
    def own_currency(self) -> str:
        """The ISO code of the currency of the papers."""
        return self.currency or settings.CURRENCY

    @property
    def is_foreign(self) -> bool:
        return self.own_currency != settings.CURRENCY

    def in_own(self, amount: Decimal | None) -> Decimal | None:
        """An amount of the book as it stands in the papers, to the hundredth."""
        if amount is None or self.exchange_rate == 1:
            return amount
        return round(amount / self.exchange_rate, 2)


@tracked()
class FinancialStatement(Carried):
    """Figures as reported for a year, or for a half-year or quarter; a restatement is a further row with a later
    `received_on`. Facts rest on full years alone.

    `accepted` lists the codes of warnings that somebody accepted when entering it, for `acceptance`.
    """

    class Span(models.TextChoices):
        YEAR = "year", pgettext_lazy("span of a statement", "Year")
        HALF = "half", _("Half-year")
        QUARTER = "quarter", _("Quarter")

    client = models.ForeignKey(Client, models.PROTECT, related_name="statements", verbose_name=_("client"))
    span = models.CharField(_("period"), max_length=8, choices=Span, default=Span.YEAR, db_default="year")
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
    equity = money(_("equity"), null=True, blank=True)
    cash = money(_("cash at the end"), null=True, blank=True)
    cash_before = money(_("cash at the beginning"), null=True, blank=True)
    investing_cash_flow = money(_("cash flow from investing"), null=True, blank=True)
    financing_cash_flow = money(_("cash flow from financing"), null=True, blank=True)
    note = models.CharField(_("why it was restated"), max_length=300, blank=True, default="", db_default="")
    accepted = models.JSONField(_("warnings accepted"), default=list, db_default=[], blank=True)
    acceptance = models.CharField(
        _("why they were accepted"), max_length=300, blank=True, default="", db_default=""
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("financial statement")
        verbose_name_plural = _("financial statements")
        ordering = ["-period_end", "-received_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "period_end", "received_on", "span"],
                name="statement_once_per_span_and_receipt",
            ),
            models.CheckConstraint(
                name="statement_rate_is_positive",
                condition=models.Q(exchange_rate__gt=0),
                violation_error_message=_("A rate is more than nothing."),
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
    reference = models.CharField(
        _("number of the report"), max_length=80, blank=True, default="", db_default=""
    )
    negative_items = models.PositiveIntegerField(_("negative items"), null=True, blank=True)
    negative_note = models.CharField(
        _("what the negative items are"), max_length=500, blank=True, default="", db_default=""
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("entered by"),
    )
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
class Facility(Carried):
    """A credit line or loan. Exposure on a day is `drawn` less the principal paid by then.

    `change_reason` is why it was last changed; the history keeps that of each change.
    """

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
    change_reason = models.CharField(
        _("reason of the change"), max_length=300, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
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
            models.CheckConstraint(
                name="facility_rate_is_positive",
                condition=models.Q(exchange_rate__gt=0),
                violation_error_message=_("A rate is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Payment(models.Model):
    """One instalment of a facility; overdue from the day after `due_on` until `paid_on`.

    `paid_amount` is what came in so far; `paid_on` is the day on which all of it was there. Of one that was paid
    before amounts were kept, it is empty.
    """

    # The constraint below serves as the index of the facility too.
    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="payments", verbose_name=_("facility"), db_index=False
    )
    due_on = models.DateField(_("due on"))
    principal = money(_("principal"))
    interest = money(_("interest"), default=0)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_amount = money(_("paid so far"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

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

    @property
    def due(self) -> Decimal:
        """Principal and interest together."""
        return self.principal + self.interest

    @property
    def outstanding(self) -> Decimal:
        """What is still to come of it."""
        return Decimal(0) if self.paid_on else self.due - (self.paid_amount or 0)


@tracked()
class Collateral(Carried):
    """What secures a facility, at its value on a day, until it is released."""

    class Kind(models.TextChoices):
        REAL_ESTATE = "real_estate", _("Real estate")
        LAND = "land", _("Land use right")
        EQUIPMENT = "equipment", _("Plant and equipment")
        RECEIVABLES = "receivables", _("Receivables")
        SHARES = "shares", _("Shares")
        DEPOSIT = "deposit", _("Cash deposit")
        PROJECT_RIGHTS = "project_rights", _("Rights from the project")
        OTHER = "other", pgettext_lazy("collateral", "Other")

    # Beside the facility, so that audit and visibility go as for every record of a client.
    client = models.ForeignKey(Client, models.PROTECT, related_name="collateral", verbose_name=_("client"))
    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="collateral", verbose_name=_("facility")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("what it is"), max_length=200)
    value = money(_("value"))
    valued_on = models.DateField(_("valued on"))
    valuer = models.CharField(_("valued by"), max_length=120, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("collateral")
        verbose_name_plural = _("collateral")
        ordering = [models.F("released_on").desc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(
                name="collateral_value_not_negative",
                condition=models.Q(value__gte=0, exchange_rate__gt=0),
                violation_error_message=_("A value is not negative, and a rate is more than nothing."),
            )
        ]

    def __str__(self) -> str:
        return self.name
