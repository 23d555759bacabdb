"""Why a row is refused and how to mend it, in the reader's language. Stored issues are code and parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm import metrics
from crm.formats import listed, reads_chinese
from crm.imports.fields import Field
from crm.imports.kinds import KINDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.models import ImportIssue, ImportJob

MESSAGES: dict[str, tuple[_StrOrPromise, _StrOrPromise]] = {
    "too_many_cells": (
        _("The row has %(cells)s cells, the header %(columns)s."),
        _(
            "Put a cell that contains a separator in quotation marks, or delete what is beyond the last column."
        ),
    ),
    "too_few_cells": (
        _("The row has %(cells)s cells, the header %(columns)s."),
        _("Add the missing separators, and look for a quotation mark that is not closed."),
    ),
    "required": (_("The cell is empty."), _("Fill it in.")),
    "no_values": (_("The row has no value for any metric."), _("Fill in a value, or delete the row.")),
    "no_name": (_("A new record needs a name."), _("Fill in an English or a Chinese name.")),
    "too_long": (
        _("The text has %(length)s characters; %(limit)s fit."),
        _("Shorten it."),
    ),
    "too_large": (_("“%(value)s” is too large a number."), _("Check the number and its unit.")),
    "not_a_number": (
        _("“%(value)s” is not a number."),
        _("Write it like 1234.5, 1,234.5, 12.5%% or 1.2万, without other text."),
    ),
    "out_of_range": (
        _("“%(value)s” lies outside %(lowest)s to %(highest)s."),
        _("Correct the value; 85%% is written 85%% or 0.85."),
    ),
    "not_a_date": (
        _("“%(value)s” is not a date."),
        _("Write it like 2025-03-31 or 2025年3月31日, with a year of four digits."),
    ),
    "ambiguous_date": (
        _("“%(value)s” can be read with the day or the month first."),
        _("Write it like 2025-03-31, or say which comes first in this file."),
    ),
    "governed_source": (
        _("Values with the source “%(value)s” are asked for as overrides."),
        _("Name another source."),
    ),
    "date_in_future": (_("%(value)s is after today, %(today)s."), _("Correct the date.")),
    "not_the_clients_project": (
        _("“%(value)s” is not a project that the client takes part in."),
        _("Correct the project code, or first import the client's part in the project."),
    ),
    "received_before": (
        _("Received on %(value)s, before the date it is about, %(earliest)s."),
        _("Correct one of the two dates."),
    ),
    "not_a_choice": (_("“%(value)s” is not one of the choices."), _("Use one of: %(allowed)s.")),
    "unknown_client": (
        _("No client of yours is called “%(value)s”."),
        _(
            "Give the code, registration number or exact name of a client you hold, or import the client first."
        ),
    ),
    "ambiguous_client": (
        _("Several clients are called “%(value)s”."),
        _("Give the code or the registration number instead."),
    ),
    "code_unavailable": (
        _("“%(value)s” cannot be used here."),
        _("Use another code, or ask your team lead or a system administrator."),
    ),
    "client_required": (
        _("The row names no client."),
        _("Give the client of yours that takes part in the project."),
    ),
    "until_before_since": (
        _("The part in the project would end before it begins."),
        _("Correct one of the two dates."),
    ),
    "unknown_industry": (
        _("There is no industry “%(value)s”."),
        _("Use a known industry, or ask a system administrator to add it."),
    ),
    "unknown_industry_near": (
        _("There is no industry “%(value)s”."),
        _("Perhaps “%(near)s” is meant; else ask a system administrator to add it."),
    ),
    "unknown_region": (
        _("There is no region “%(value)s”."),
        _("Use a known region, or ask a system administrator to add it."),
    ),
    "unknown_region_near": (
        _("There is no region “%(value)s”."),
        _("Perhaps “%(near)s” is meant; else ask a system administrator to add it."),
    ),
    "unknown_rm": (
        _("“%(value)s” is no relationship manager you can give clients to."),
        _("Give the user name of an active relationship manager of your team."),
    ),
    "unknown_metric": (
        _("There is no metric “%(value)s”."),
        _("Use a metric of the catalogue, or ask a system administrator to add it."),
    ),
    "unknown_metric_near": (
        _("There is no metric “%(value)s”."),
        _("Perhaps “%(near)s” is meant; else ask a system administrator to add it."),
    ),
    "sponsors_unreadable": (
        _("“%(value)s” is no list of sponsors with their shares."),
        _("Write it like “Saur (50%% / France), NWS (25%%)”."),
    ),
    "not_an_email": (_("“%(value)s” is no e-mail address."), _("Write it like name@example.com.")),
    "not_a_phone": (
        _("This is no telephone number."),
        _("Write digits, with + and the country's code for one abroad."),
    ),
    "unknown_user": (
        _("Nobody here is called “%(value)s”."),
        _("Give a user name or the name of a user, or leave it empty: then it is who imports the file."),
    ),
    "unknown_facility": (
        _("No facility of your clients has the number “%(value)s”."),
        _("Correct the number, or import the facility first."),
    ),
    "negative_amount": (_("The amount %(value)s is below nothing."), _("Correct the amount.")),
    "number_form": (
        _("This is not written as a number of this kind is."),
        _("Compare its length and its letters with the paper."),
    ),
    "number_check": (
        _("Its check character does not fit: a character is wrong or two are swapped."),
        _("Compare it with the paper."),
    ),
    "number_length": (
        _("A number has at least 4 letters or digits and at most 40 characters."),
        _("Correct the number."),
    ),
    "number_of_another_kind": (
        _("The client has no number of this kind: some are of persons alone, others of organisations."),
        _("Correct the kind of the number, or of the client."),
    ),
    "not_a_country": (_("“%(value)s” is no country."), _("Write two letters, as CN or DE.")),
    "number_of_another_client": (
        _("Another client has this number."),
        _("Look whether the two are one; if not, enter the number on the client's page."),
    ),
    "unbalanced": (
        _("Assets and liabilities with equity differ by %(difference)s."),
        _("Compare the three with the paper: total assets are total liabilities and equity together."),
    ),
    "no_whole_number": (_("This is counted whole."), _("Write a whole number.")),
    "paid_above_due": (
        _("More is paid than falls due."),
        _("Correct the amount paid, or the instalment; what is paid beyond it belongs to another one."),
    ),
    "paid_in_part": (
        _("It is paid on a day, but not all of it."),
        _("Leave out the day until all of it is paid, or correct the amount."),
    ),
    "metric_needs_a_project": (
        _("“%(value)s” is known of clients within a project only."),
        _("Give the code of the project."),
    ),
    "metric_of_clients": (
        _("“%(value)s” is known of clients as a whole only."),
        _("Leave the project empty."),
    ),
    "drawn_above_limit": (_("More is drawn than the limit allows."), _("Correct one of the two amounts.")),
    "matures_before_opening": (
        _("The facility would mature on or before the day it opens."),
        _("Correct one of the two dates."),
    ),
    "closes_before_opening": (
        _("The facility would close before it opens."),
        _("Correct one of the two dates."),
    ),
    "consent_without_its_day": (
        _("Consent that was given or refused has its day, and only that has one."),
        _("Fill in both, or leave both empty."),
    ),
    "unknown_contact": (
        _("Nobody who is at the client is called “%(value)s”, or several are."),
        _("Write the name as it stands at the client, or leave it empty for the client as a whole."),
    ),
    "needs_a_person": (
        _("Who recorded it has to be known."),
        _("Sign in and upload the file on the Import page."),
    ),
    "ends_before_it_begins": (_("It would end before it begins."), _("Correct one of the two dates.")),
    "client_without_team": (
        _("The client belongs to no team, and tags are a team's."),
        _("Give the client a relationship manager first."),
    ),
    "relation_with_itself": (_("A client is not related to itself."), _("Name another client.")),
    "relation_controls_a_person": (
        _("Nobody controls a person."),
        _("Enter a related party instead."),
    ),
    "relation_share_of_others": (
        _("A share lies above 0 and up to 100 %%, and only parents and shareholders have one."),
        _("Correct the share, or leave it empty."),
    ),
    "relation_amount_of_others": (
        _("An amount is above zero, and only guarantors have one."),
        _("Correct the amount, or leave it empty."),
    ),
    "relation_says_nothing": (
        _("The row does not say what connects them."),
        _("Write it: family, a director, one depends on the other."),
    ),
    "relation_overlaps": (
        _("On these days the relation stands already, or somebody else controls the client."),
        _("Correct the days, end the other relation first, or enter a shareholder."),
    ),
    "relation_in_a_circle": (
        _("Control by “%(value)s” would lead back to where it began."),
        _("Correct the row, or end the other relation first."),
    ),
    "task_of_a_colleague": (
        _("You can import tasks for yourself alone."),
        _("Leave it empty, or let your team lead import the file."),
    ),
    "not_an_assignee": (
        _("“%(value)s” cannot take this task."),
        _("Name an active colleague of the team who may see the client."),
    ),
    "field_of_another_kind": (
        _("Clients of this kind have no such field."),
        _("Leave the cell empty, or correct the kind of client."),
    ),
    "individual_with_registration_number": (
        _("An individual has no registration number."),
        _("Leave it empty, or correct the kind of client."),
    ),
    "registration_number_taken": (
        _("The registration number “%(value)s” belongs to another client."),
        _("Correct the number, or the code it stands beside."),
    ),
    "registration_number_repeated": (
        _("Line %(line)s gives the registration number “%(value)s” to another client."),
        _("Correct one of the two rows."),
    ),
    "repeats_other_values": (
        _("Line %(line)s is about the same record, with other values (%(fields)s)."),
        _("Keep the row that is right and delete the other."),
    ),
}

FAILURES: dict[str, _StrOrPromise] = {
    "too_many_attempts": _(
        "The import failed several times and was stopped. Nothing of it was written. Upload it again."
    ),
    "undo_given_up": _(
        "The import could not be taken back: it failed several times. It stands as it was applied."
    ),
    "not_permitted": _("You may no longer import records. Nothing was written."),
}


@dataclass(frozen=True)
class Explanation:
    """One issue in words. `field` is the field's label, empty where the row as a whole is meant."""

    line: int
    field: str
    column: str
    reason: str
    fix: str


def explain(issue: ImportIssue, job: ImportJob) -> Explanation:
    reason, fix = MESSAGES[issue.code]
    params = {name: _plain(value, job) for name, value in issue.params.items()}
    if "allowed" in params:
        params["allowed"] = _choices(params["allowed"], KINDS[job.kind].field(issue.field))
    return Explanation(
        line=issue.line,
        field=field_label(job, issue.field),
        column=job.mapping.get(issue.field, ""),
        reason=str(reason) % params,
        fix=str(fix) % params,
    )


def _plain(value: Any, job: ImportJob) -> Any:
    """A parameter as text: fields by their labels, 1.0 as 1, and a bound that is not there as a word."""
    if value is None:
        return gettext("any number")
    if isinstance(value, list):
        return listed(field_label(job, name) for name in value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _choices(values: str, field: Field | None) -> str:
    """The values that a cell may hold, to a reader of Chinese by the Chinese words that it may hold for them."""
    words = field.words if field and reads_chinese() else {}
    chinese = {value: word for word, value in reversed(list(words.items())) if not word.isascii()}
    return listed(chinese.get(value, value) for value in values.split(", "))


def field_label(job: ImportJob, name: str) -> str:
    """What a field, or a metric with a column of its own, is called."""
    kind = KINDS[job.kind]
    field = kind.field(name) or (kind.field(name.partition("_")[0]) if name in kind.derived else None)
    if field:
        return str(field.label)
    if kind.takes(name):
        return name.removeprefix(kind.column_prefix)
    if name == "digest":
        return gettext("Value")
    metric = metrics.observable().get(name) if name else None
    return str(metric.label) if metric else name
