"""A small demo book, seeded once for this module and taken back after them."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from config.demo.seed import seed

CLIENTS = 120


@pytest.fixture(scope="package")
def anchor(django_db_setup, django_db_blocker) -> Iterator[date]:
    """The day of a book that is in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        day = timezone.localdate()
        seed(anchor=day, clients=CLIENTS, write=lambda text: None)
        yield day
        transaction.set_rollback(True)
