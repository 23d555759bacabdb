"""Recording contacts with clients."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.errors import Invalid, NotPermitted
from crm.models import Client, Interaction, User
from crm.signals import records_changed

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@transaction.atomic
def log_interaction(
    *, by: User, client: Client, kind: str, at: datetime, subject: str, body: str = ""
) -> Interaction:
    """Record a contact that took place. Raises NotPermitted, and Invalid for bad fields or a moment that cannot be."""
    if not by.has_perm("crm.change_client", client):
        raise NotPermitted
    if at > timezone.now():
        raise Invalid({"at": [_("This moment is still to come. Log the contact once it has taken place.")]})
    if at < EARLIEST:
        raise Invalid({"at": [_("This moment lies long before any contact. Check the year.")]})
    interaction = Interaction(client=client, kind=kind, at=at, subject=subject, body=body, author=by)
    try:
        interaction.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    interaction.save()
    records_changed()
    return interaction
