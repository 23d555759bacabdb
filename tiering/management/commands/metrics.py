from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from tiering.core.metrics_table import metrics_table
from tiering.selectors.catalogue import catalogue


class Command(BaseCommand):
    help = "Every metric that criteria may name now, the institution's own among them, as a table."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(metrics_table(catalogue(), _), ending="")
