from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config.demo.logins import logins


class Command(BaseCommand):
    help = "Print the users of the demo book with their roles and their password."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, **options: object) -> None:
        table = logins()
        self.stdout.write(table or _("There is no demo book here, so there are no demo logins."))
