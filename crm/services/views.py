"""Views of lists that people keep, and the columns they choose. Nothing is overwritten that somebody has not seen."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.models import ColumnChoice, SavedView, User

LONGEST_QUERY = 10_000
MOST_COLUMNS = 60


class TooLong(DomainError):
    code = "view_too_long"
    message = gettext_lazy("The filter is too long to be kept. Use fewer conditions.")
    status = 400


@transaction.atomic
def save_view(
    *,
    by: User,
    list_key: str,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    reach: str = SavedView.Reach.PRIVATE,
) -> SavedView:
    """Keep a filter under a new name. Raises NotPermitted, TooLong, and Invalid where one has a view of that name."""
    view = SavedView(owner=by, list_key=list_key, name=name.strip(), query=query, columns=list(columns))
    _share(by, view, reach)
    return _checked(view)


@transaction.atomic
def replace_view(
    *, by: User, view: SavedView, revision: int, query: str, columns: Sequence[str] | None = None
) -> SavedView:
    """Let one's own view stand for another filter. Raises NotPermitted, and Conflict where it was changed meanwhile."""
    current = _own(by, view, revision)
    current.query = query
    if columns is not None:
        current.columns = list(columns)
    return _checked(current)


@transaction.atomic
def change_view(
    *,
    by: User,
    view: SavedView,
    revision: int,
    query: str | None = None,
    columns: Sequence[str] | None = None,
    reach: str | None = None,
) -> SavedView:
    """Change what is given of one's own view. Raises NotPermitted, and Conflict where it was changed meanwhile."""
    current = _own(by, view, revision)
    current.query = current.query if query is None else query
    current.columns = current.columns if columns is None else list(columns)
    if reach is not None:
        _share(by, current, reach)
    return _checked(current)


@transaction.atomic
def share_view(*, by: User, view: SavedView, revision: int, reach: str) -> SavedView:
    """Let others use one's own view, or no longer. Raises NotPermitted and Conflict."""
    current = _own(by, view, revision)
    _share(by, current, reach)
    return _checked(current)


@transaction.atomic
def remove_view(*, by: User, view: SavedView, revision: int) -> None:
    """Forget one's own view. Raises NotPermitted and Conflict."""
    _own(by, view, revision).delete()


@transaction.atomic
def choose_columns(*, by: User, list_key: str, view: str, columns: Sequence[str]) -> None:
    """Show these columns in a view from now on, to this user; none means those that the view has anyway."""
    chosen = list(dict.fromkeys(columns))[:MOST_COLUMNS]
    choices = ColumnChoice.objects.filter(user=by, list_key=list_key, view=view)
    if not chosen:
        choices.delete()
        return
    ColumnChoice.objects.update_or_create(user=by, list_key=list_key, view=view, defaults={"columns": chosen})


def _own(by: User, view: SavedView, revision: int) -> SavedView:
    current = SavedView.objects.select_for_update().get(pk=view.pk)
    if current.owner_id != by.pk:
        raise NotPermitted
    if current.revision != revision:
        raise Conflict
    current.revision += 1
    return current


def _share(by: User, view: SavedView, reach: str) -> None:
    if reach == SavedView.Reach.TEAM and by.team_id is None:
        raise NotPermitted
    if reach == SavedView.Reach.HOUSE and not by.has_perm("crm.share_views"):
        raise NotPermitted
    view.reach = reach
    view.team_id = by.team_id if reach == SavedView.Reach.TEAM else None


def _checked(view: SavedView) -> SavedView:
    if len(view.query) > LONGEST_QUERY:
        raise TooLong
    try:
        view.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    view.save()
    return view
