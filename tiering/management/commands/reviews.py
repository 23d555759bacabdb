"""Whether everybody is reviewed in time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiering.models import PeriodicReview, TierScheme
from tiering.selectors.due import beyond_a_year, overdue


class Command(BaseCommand):
    """Prints for each scheme how many reviews are overdue; an error while anybody was not reviewed within a year."""

    help = (
        "Prints how many periodic reviews are overdue; fails while any is missed for more than twelve months."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        day, missed = timezone.localdate(), 0
        waiting = PeriodicReview.objects.exclude(status=PeriodicReview.Status.DONE)
        for scheme in TierScheme.objects.order_by("-is_primary", "key"):
            rows = waiting.filter(scheme=scheme)
            late, beyond = overdue(rows, day).count(), beyond_a_year(rows, day).count()
            missed += beyond
            self.stdout.write(
                _("%(scheme)s: %(late)d overdue, %(beyond)d beyond twelve months")
                % {"scheme": scheme.key, "late": late, "beyond": beyond}
            )
        if missed:
            text = ngettext(
                "%(count)d client has not been reviewed for over twelve months.",
                "%(count)d clients have not been reviewed for over twelve months.",
                missed,
            )
            raise CommandError(text % {"count": missed})
