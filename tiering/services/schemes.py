"""Which of the schemes side by side is the primary one."""

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.errors import NoCriteria, SchemeOfProjects
from tiering.models import TierScheme
from tiering.selectors.criteria import effective_version
from tiering.services.clock import database_now


@transaction.atomic
def make_primary(*, scheme: TierScheme, by: User) -> TierScheme:
    """Let the tier of a scheme be *the* tier of a client, in place of the scheme that was primary before.

    No tier changes, only which of them lists and pages show first; the history of schemes keeps who did it. A scheme
    that is primary already stays so. Raises NotPermitted, SchemeOfProjects, or NoCriteria while no criteria of the
    scheme are in effect: then nobody would have a tier.
    """
    if not by.has_perm("tiering.publish_criteria"):
        raise NotPermitted
    # All of them, in one order: of two people who choose at once the second replaces the first one's choice.
    schemes = {found.pk: found for found in TierScheme.objects.select_for_update().order_by("pk")}
    chosen = schemes[scheme.pk]
    if chosen.subject != TierScheme.Subject.CLIENT:
        raise SchemeOfProjects
    if effective_version(chosen, database_now()) is None:
        raise NoCriteria
    if not chosen.is_primary:
        TierScheme.objects.filter(is_primary=True).update(is_primary=False)
        TierScheme.objects.filter(pk=chosen.pk).update(is_primary=True)
        chosen.is_primary = True
    return chosen
