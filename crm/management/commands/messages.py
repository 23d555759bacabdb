from django.core.management.base import BaseCommand, CommandError

from crm import i18n


class Command(BaseCommand):
    help = "Message catalogues: `update` from the sources, `check` that the Chinese is complete, `compile`."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["update", "check", "compile"])

    def handle(self, *, action: str, **options):
        {"update": self.update, "check": self.check_complete, "compile": self.compile}[action]()

    def update(self):
        catalogue = i18n.update()
        empty = sum(1 for message in catalogue if message.id and not any(message.string or ()))
        self.stdout.write(f"{len(catalogue)} messages, {empty} to translate: {i18n.catalogue_path()}")

    def check_complete(self):
        problems = i18n.problems()
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} messages are not complete in Chinese")
        self.stdout.write("Every message is translated.")

    def compile(self):
        i18n.compile_catalogue()
