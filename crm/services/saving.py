"""Checking and saving one record, so that whatever breaks a rule of its model is named beside its field."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from crm.errors import Invalid


def check(row: Model, exclude: Collection[str] = ()) -> None:
    """Hold a record against the rules of its model, but for some fields. Raises Invalid."""
    try:
        row.clean_fields(exclude=set(exclude))  # first: constraints cannot be held against what is no value
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        raise Invalid.from_validation(error) from error


def save(row: Model, exclude: Collection[str] = ()) -> None:
    """Check and save. Raises Invalid.

    The database holds its constraints anyway: to be asked about them one by one beforehand takes most of the round trips
    of a save. What breaks one is found by checking again, and named like anything else.
    """
    try:
        row.clean_fields(exclude=set(exclude))
        row.clean()
    except ValidationError:
        check(row, exclude)  # names all that is wrong, not the first of it
        raise
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        check(row, exclude)
        raise
