from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.sealing import NotReadable
from crm.services.sealing import seal_anew


class Command(BaseCommand):
    help = "Seal every telephone number under the newest of STRATA_SEALING_KEYS, so that older keys can be taken out."

    def handle(self, **options: Any) -> None:
        try:
            count = seal_anew()
        except NotReadable as error:
            message = (
                "A sealed number is read by none of STRATA_SEALING_KEYS. Put the key of its day back in."
            )
            raise CommandError(message) from error
        self.stdout.write(f"{count} sealed anew")
