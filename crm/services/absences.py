"""Entering who is away and who decides instead, and declaring an interest in a client."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Absence, Client, Interest, User
from crm.models.conduct import today
from crm.selectors.absences import people_entered_by
from crm.services.notices import notify

DEPUTY = "absence-deputy"
"""The kind of notice that somebody gets who is to decide for another."""


class AbsenceOver(DomainError):
    code = "absence_over"
    message = gettext_lazy("This absence is over. What was decided in it stays as it is.")


class InterestEnded(DomainError):
    code = "interest_ended"
    message = gettext_lazy("This interest has been ended already.")


@transaction.atomic
def enter_absence(
    *,
    by: User,
    user: User,
    starts_on: date,
    ends_on: date,
    deputy: User | None = None,
    is_away: bool = True,
    reason: str = "",
) -> Absence:
    """Enter days on which a person is away, or lets a deputy of the same role decide as well; the deputy is told.

    One's own, a team lead's for the team, a system administrator's for anybody. Raises NotPermitted and Invalid.
    """
    if not people_entered_by(by).filter(pk=user.pk).exists():
        raise NotPermitted
    if ends_on < starts_on:
        raise Invalid({"ends_on": [_("The last day is not before the first.")]})
    if ends_on < today():
        raise Invalid({"ends_on": [_("These days have passed. Enter an absence that lasts or is to come.")]})
    _check_deputy(user, deputy)
    absence = Absence(
        user=user,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        is_away=is_away,
        reason=reason,
        entered_by=by,
    )
    _save(absence)
    _tell_deputy(absence, by)
    return absence


@transaction.atomic
def end_absence(*, by: User, absence: Absence) -> None:
    """Let an absence end with yesterday, so that the person decides again from today; one that has not begun is gone.

    Raises NotPermitted, and AbsenceOver for one that has passed.
    """
    found = (
        Absence.objects.select_for_update(of=("self",)).select_related("user").filter(pk=absence.pk).first()
    )
    if found is None or found.ends_on < today():
        raise AbsenceOver
    if not people_entered_by(by).filter(pk=found.user_id).exists():
        raise NotPermitted
    if found.starts_on >= today():
        found.delete()
        return
    found.ends_on = today() - timedelta(days=1)
    found.save(update_fields=["ends_on"])


@transaction.atomic
def declare_interest(*, by: User, client: Client, reason: str) -> Interest:
    """Declare that one has an interest in a client, and so does not decide about it. Raises NotPermitted and Invalid."""
    if not by.has_perm("crm.declare_interest"):
        raise NotPermitted
    interest = Interest(user=by, client=client, reason=reason.strip())
    _save(interest)
    return interest


@transaction.atomic
def end_interest(*, by: User, interest: Interest) -> Interest:
    """Declare that the interest has ended. Raises NotPermitted and InterestEnded."""
    found = Interest.objects.select_for_update().get(pk=interest.pk)
    if found.user_id != by.pk or not by.has_perm("crm.declare_interest"):
        raise NotPermitted
    if not Interest.objects.current().filter(pk=found.pk).update(ended_at=Now()):
        raise InterestEnded
    found.refresh_from_db()
    return found


def _check_deputy(user: User, deputy: User | None) -> None:
    if deputy is None or deputy.pk == user.pk:  # that nobody is their own deputy is the model's to say
        return
    if deputy.role != user.role or not deputy.is_active:
        reason = _("%(name)s cannot stand in. Choose an active colleague with the same role.")
        raise Invalid({"deputy": [reason % {"name": deputy.name}]})


def _save(row: Absence | Interest) -> None:
    """Check and save. What somebody entered in between is found by checking again, and named like any other."""
    _check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _check(row)
        raise


def _check(row: Absence | Interest) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error


def _tell_deputy(absence: Absence, by: User) -> None:
    if absence.deputy is None or absence.deputy_id == by.pk:
        return
    notify(
        kind=DEPUTY,
        event=f"{DEPUTY}:{absence.pk}",
        recipients=[absence.deputy],
        params={
            "name": absence.user.name,
            "name_zh": absence.user.name_zh,
            "starts_on": absence.starts_on.isoformat(),
            "ends_on": absence.ends_on.isoformat(),
        },
    )
