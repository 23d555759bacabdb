from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo.logins import logins
from config.demo.seed import MOST_CLIENTS, OtherClients, has_book, seed

CLIENTS = 2000


class Command(BaseCommand):
    help = "Fill an empty database with the demo book: invented clients, a year of tiers, a cast of users."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--clients", type=number_of_clients, default=CLIENTS, help="how many (default 2000)"
        )
        parser.add_argument(
            "--anchor",
            type=date.fromisoformat,
            help="the day the book is of, YYYY-MM-DD (default today); the same day gives the same rows",
        )
        parser.add_argument(
            "--yes-demo",
            action="store_true",
            help="needed where DEBUG is off: the demo's users share a password that everybody knows",
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="leave a database with clients of its own alone, without an error",
        )

    def handle(
        self, *, clients: int, anchor: date | None, yes_demo: bool, if_empty: bool, **options: object
    ) -> None:
        if not (settings.DEBUG or yes_demo):
            raise CommandError(
                _(
                    "The demo's users share a published password. To make them here all the same, add --yes-demo."
                )
            )
        if has_book():
            self.stdout.write(_("The demo book is here already."))
            return
        try:
            seed(anchor=anchor_day(anchor), clients=clients, write=self.say)
        except OtherClients as error:
            if not if_empty:
                raise CommandError(str(error)) from error
            self.stdout.write(str(error))
            return
        self.stdout.write(logins())

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def anchor_day(given: date | None) -> date:
    today = timezone.localdate()
    if given and given > today:
        raise CommandError(
            _("The book cannot be of a day that has not come yet: use today or an earlier day.")
        )
    return given or today


def number_of_clients(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_CLIENTS:
        raise ValueError
    return number
