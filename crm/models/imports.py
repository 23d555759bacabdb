"""Imports: a file becomes staged rows, issues and then records. The file itself is not kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import tracked
from crm.models.clients import Client
from crm.models.people import ContactPerson
from crm.querysets import ImportJobQuerySet


@tracked(exclude=["header", "written_in"])
class ImportJob(models.Model):
    """One file on its way in.

    `mapping` is {field: column of the header}; `constants` {field: text for every row}; `translations` {field: {cell:
    what it stands for}}. `counts` is {outcome: rows} and adds up to `rows`; `records` {what: number} says what the rows
    come to, e.g. observations created or cells left out because they are empty. `written_in` is the context that the
    history of its records names (`crm.undoing`).
    """

    class Kind(models.TextChoices):
        CLIENTS = "clients", _("Clients")
        PEOPLE = "people", _("Contact persons")
        ADDRESSES = "addresses", _("Addresses")
        RELATIONS = "relations", _("Relations and groups")
        CONSENTS = "consents", _("Consent and do-not-contact")
        TAGS = "tags", _("Tags")
        STATEMENTS = "statements", _("Financial statements")
        CREDIT_REPORTS = "credit_reports", _("Credit reports")
        OBSERVATIONS = "observations", _("Observations")
        PROJECTS = "projects", _("Projects")
        FACILITIES = "facilities", _("Facilities")
        PAYMENTS = "payments", _("Payments")
        REVENUE = "revenue", _("Revenue")
        INTERACTIONS = "interactions", _("Interactions")
        TASKS = "tasks", _("Tasks")
        STAGE_EVENTS = "stage_events", _("Stage events of cases")
        PROSPECTS = "prospects", _("Prospects")
        TARGETS = "targets", _("Targets")
        CASE_PARTIES = "case_parties", _("Parties of cases")
        COLLATERAL = "collateral", _("Collateral")
        NUMBERS = "numbers", _("Identity numbers")
        NOTES = "notes", _("Notes")

    class Status(models.TextChoices):
        STAGED = "staged", _("Staged")
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Applying")
        APPLIED = "applied", _("Applied")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.STAGED)
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(max_length=64)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("separator"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header = ArrayField(models.TextField())
    mapping = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    translations = models.JSONField(default=dict)
    keep_good_rows = models.BooleanField(_("keep the good rows"), default=True)
    add_reference_data = models.BooleanField(_("add unknown reference data"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(default=dict)
    records = models.JSONField(default=dict)
    failure = models.CharField(max_length=40, blank=True)
    written_in = models.UUIDField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="imports"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.APPLYING, self.Status.UNDOING)

    @property
    def refused(self) -> int:
        return self.counts.get(ImportRow.Outcome.REFUSE, 0)

    @property
    def held_back(self) -> int:
        """Rows that say something of which nothing is written: refused, or nobody chose what becomes of them."""
        return self.refused + self.counts.get(ImportRow.Outcome.ALIKE, 0)

    @property
    def changes(self) -> int:
        """Rows that change something when they are applied."""
        return sum(self.counts.get(outcome, 0) for outcome in ("create", "update"))


class ImportRow(models.Model):
    """A row as it came: cells in the order of the job's header, filled by COPY.

    `changes` is what it changes in a record that is known, {field: [before, after]}.
    """

    class Outcome(models.TextChoices):
        CREATE = "create", _("New")
        UPDATE = "update", _("Changed")
        SAME = "same", _("Unchanged")
        REPEAT = "repeat", _("Repeats another row")
        ALIKE = "alike", _("Looks like another")
        SKIP = "skip", pgettext_lazy("row of an import", "Left out")
        REFUSE = "refuse", _("Refused")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="staged")
    line = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    changes = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "line"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.line}"


class ImportIssue(models.Model):
    """Why a row was refused: line, field, reason as code and parameters; rendered in the reader's language."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="issues")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["job", "line"], name="import_issue_line")]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.line} {self.code}"


class ImportTwin(models.Model):
    """Whom or what a row looks like that would make a new record, and what is to become of it.

    A record that is there (`client`, of contact persons `person` too) or an earlier row of the file (`like_line`): the
    likeliest, with its `score` (0–100) and `evidence` ({what: "agrees", "near" or "differs"}). Each check finds them
    anew; a choice stands as long as the row looks like the same.
    """

    class Choice(models.TextChoices):
        UPDATE = "update", pgettext_lazy("row that looks like a record", "Update it")
        NEW = "new", pgettext_lazy("row that looks like a record", "Make a new one")
        SKIP = "skip", pgettext_lazy("row that looks like a record", "Leave the row out")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="twins", db_index=False)
    line = models.PositiveIntegerField()
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(ContactPerson, models.CASCADE, null=True, related_name="+")
    like_line = models.PositiveIntegerField(null=True)
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    may_update = models.BooleanField()
    choice = models.CharField(max_length=8, choices=Choice, blank=True)

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["job", "line"], name="import_twin_once"),
            models.CheckConstraint(
                name="import_twin_is_somebody",
                condition=Q(client__isnull=False, like_line__isnull=True)
                | Q(client__isnull=True, person__isnull=True, like_line__isnull=False),
            ),
            models.CheckConstraint(
                name="import_twin_updates_what_it_may", condition=~Q(choice="update", may_update=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.line} ~ {self.client_id or self.like_line}"
