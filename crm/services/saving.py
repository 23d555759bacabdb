"""Checking and saving one record, so that whatever breaks a rule of its model is named beside its field."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from crm.errors import Invalid


def check(row: Model) -> None:
    """Hold a record against the rules of its model. Raises Invalid."""
    try:
        row.clean_fields()  # first: constraints cannot be held against what is no value
        row.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error


def save(row: Model) -> None:
    """Check and save. What somebody entered in between is found by checking again, and named like anything else.

    Raises Invalid.
    """
    check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        check(row)
        raise
