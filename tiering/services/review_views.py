"""Filters of the queue that people keep under a name, for themselves or for everybody who decides."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from crm.errors import Conflict, NotPermitted
from crm.models import User
from tiering.errors_reviews import ViewNameRequired, ViewNameTaken
from tiering.models import ReviewView


@transaction.atomic
def save_view(*, owner: User, name: str, query: str, is_shared: bool) -> ReviewView:
    """Keep a filter under a name that is free: it never takes the place of another one.

    Raises NotPermitted for whoever does not decide and shares it, ViewNameRequired or ViewNameTaken.
    """
    name = " ".join(name.split())[:60]
    if is_shared and not owner.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    if not name:
        raise ViewNameRequired
    try:
        with transaction.atomic():
            return ReviewView.objects.create(owner=owner, name=name, query=query, is_shared=is_shared)
    except IntegrityError as error:
        raise ViewNameTaken(name=name) from error


@transaction.atomic
def replace_view(*, view: ReviewView, by: User, query: str, revision: int) -> ReviewView:
    """Let one's own view stand for another filter from now on. Raises NotPermitted, or Conflict where it is not the one
    that was seen."""
    found = _own(view, by, revision)
    found.query, found.revision = query, found.revision + 1
    found.save(update_fields=["query", "revision"])
    return found


@transaction.atomic
def remove_view(*, view: ReviewView, by: User, revision: int) -> None:
    """Remove one's own view. Raises NotPermitted, or Conflict where it is not the one that was seen."""
    _own(view, by, revision).delete()


def _own(view: ReviewView, by: User, revision: int) -> ReviewView:
    found = ReviewView.objects.select_for_update().filter(pk=view.pk).first()
    if found is None or found.revision != revision:
        raise Conflict
    if found.owner_id != by.pk:
        raise NotPermitted
    return found
