"""Writing down what clients said about being contacted. Nothing is overwritten: a record is ended, another begins."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, Invalid
from crm.models import Client, ConsentRecord, ContactPerson, User
from crm.models.conduct import today
from crm.services.holding import check_hold, held
from crm.services.saving import save


class ConsentOver(DomainError):
    code = "consent_over"
    message = gettext_lazy("This has ended already. Reload the page to see its state.")


@transaction.atomic
def record_consent(
    *,
    by: User,
    client: Client,
    stance: str,
    source: str,
    channel: str = "",
    person: ContactPerson | None = None,
    since: date | None = None,
    until: date | None = None,
) -> ConsentRecord:
    """What somebody said, for a channel or (empty) for every one. Raises NotPermitted and Invalid.

    What they said before of the same channel ends on the day on which this begins, and stays in the records.
    """
    check_hold(by, client)
    since = since or today()
    if person is not None and person.client_id != client.pk:
        raise Invalid({"person": [_("Choose somebody who is at this client.")]})
    if since > today():
        raise Invalid({"since": [_("This day has not come yet.")]})
    record = ConsentRecord(
        client=client, person=person, channel=channel, stance=stance, since=since, until=until, recorded_by=by
    )
    record.source = " ".join(source.split())
    alike = ConsentRecord.objects.filter(client=client, person=person, channel=channel, until=None)
    alike.filter(since__lte=since).update(until=since)
    save(record)
    return record


@transaction.atomic
def end_consent(*, by: User, record: ConsentRecord) -> ConsentRecord:
    """Let a record hold no more from today on. Raises NotPermitted and ConsentOver."""
    found = held(record, by)
    if found.until is not None and found.until <= today():
        raise ConsentOver
    found.until = today()
    save(found)
    return found
