"""Making and changing projects, and who takes part in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from crm.errors import Conflict, Invalid, NotPermitted
from crm.formats import percent
from crm.models import Client, Participation, Project, User
from crm.models.conduct import today
from crm.names import sort_key
from crm.services.holding import check_hold
from crm.services.observations import ItemsRefused, NewObservation, record_observations
from crm.services.saving import save
from crm.signals import records_changed

FIELDS: Final = (
    "name_en",
    "name_zh",
    "industry",
    "region",
    "status",
    "es_category",
    "amount",
    "capex",
    "currency",
    "disclosed_on",
    "approved_on",
    "signed_on",
    "invested_on",
    "completed_on",
    "description",
)
PART_FIELDS: Final = ("part", "revenue_share", "since", "until")
ES_CATEGORIES: Final = ("A", "B", "C", "FI", "FI-1", "FI-2", "FI-3", "Other")
"""Of the IFC: significant, limited and minimal effects; financed through an intermediary."""
MILESTONES: Final = ("disclosed_on", "approved_on", "signed_on", "invested_on", "completed_on")
COVERS: Final = {"dscr": "project_dscr", "llcr": "project_llcr"}
WHOLE: Final = 1 + 1e-9
CODE_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@transaction.atomic
def create_project(*, by: User, client: Client, part: str, code: str = "", **fields: Any) -> Project:
    """A project in which a client that `by` holds takes part; without a code it is given one.

    Raises NotPermitted, and Invalid with the fields that break a rule.
    """
    check_hold(by, client)
    share = fields.pop("revenue_share", None)
    project = Project(code=code.strip() or _new_code(), **_known(fields, FIELDS))
    _save_project(project)
    _save_part(Participation(client=client, project=project, part=part, revenue_share=share))
    return project


@transaction.atomic
def change_project(*, by: User, project: Project, version: int, **fields: Any) -> Project:
    """Change a project as it was at `version`; whoever holds a client in it may.

    Raises NotPermitted, Invalid, and Conflict where somebody changed it since that version.
    """
    found = _locked(project)
    _check_hold(by, found)
    if found.version != version:
        raise Conflict
    for name, value in _known(fields, FIELDS).items():
        setattr(found, name, value)
    found.version += 1
    _save_project(found)
    records_changed()
    return found


@transaction.atomic
def add_participant(*, by: User, project: Project, client: Client, part: str, **fields: Any) -> Participation:
    """Let a client that `by` sees take part in a project that `by` may change.

    Raises NotPermitted, and Invalid: among others where the shares of one part would exceed the whole.
    """
    found = _locked(project)
    _check_hold(by, found)
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
    row = Participation(client=client, project=found, part=part, **_known(fields, PART_FIELDS))
    _save_part(row)
    return row


@transaction.atomic
def change_participant(
    *, by: User, participation: Participation, version: int, **fields: Any
) -> Participation:
    """Change part, share or days of a participant as at `version`. Raises NotPermitted, Invalid and Conflict."""
    project = _locked(participation.project)
    _check_hold(by, project)
    found = Participation.objects.select_for_update().get(pk=participation.pk)
    if found.version != version:
        raise Conflict
    for name, value in _known(fields, PART_FIELDS).items():
        setattr(found, name, value)
    found.version += 1
    _save_part(found)
    return found


@transaction.atomic
def observe_cover(
    *, by: User, project: Project, observed_on: date, source: str, covers: Mapping[str, float]
) -> None:
    """Record DSCR (`dscr`) and LLCR (`llcr`) of a project; they count for everyone who takes part.

    Raises NotPermitted, and Invalid with the fields that break a rule.
    """
    part = Participation.objects.editable_by(by).filter(project=project).order_by("pk").first()
    if part is None:
        raise NotPermitted
    if not covers:
        raise Invalid({"dscr": [_("Give at least one of the two ratios.")]})
    names = list(covers)
    items = [
        NewObservation(
            index=index,
            client_id=part.client_id,
            project_id=project.pk,
            metric=COVERS[name],
            value=covers[name],
            text="",
            observed_on=observed_on,
            received_on=today(),
            source=source,
        )
        for index, name in enumerate(names)
    ]
    try:
        record_observations(by=by, items=items)
    except ItemsRefused as error:
        raise Invalid(_by_field(error, names)) from error


def _by_field(error: ItemsRefused, names: list[str]) -> dict[str, list[str]]:
    """What is said of an item stands beside its ratio; of a day beside the day, once."""
    found: dict[str, list[str]] = {}
    for refusal in error.refusals:
        field = {"value": names[refusal.index], "received_on": "observed_on"}.get(
            refusal.field, refusal.field
        )
        if refusal.reason not in found.setdefault(field, []):
            found[field].append(refusal.reason)
    return found


def _new_code() -> str:
    return f"P{today().year}-{get_random_string(6, CODE_SIGNS)}"


def _known(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if unknown := set(fields) - set(names):
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    return fields


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)


def _check_hold(by: User, project: Project) -> None:
    if (
        not by.has_perm("crm.change_client")
        or not Project.objects.editable_by(by).filter(pk=project.pk).exists()
    ):
        raise NotPermitted


def _save_project(project: Project) -> None:
    project.currency = (project.currency or settings.CURRENCY).upper()
    project.sort_key = sort_key(project.name_zh, project.name_en)
    _check_project(project)
    save(project)


def _check_project(project: Project) -> None:
    refused: dict[str, list[str]] = {}
    if not (len(project.currency) == 3 and project.currency.isascii() and project.currency.isalpha()):
        refused["currency"] = [_("A currency is named by its three letters, as CNY.")]
    if project.es_category and project.es_category not in ES_CATEGORIES:
        refused["es_category"] = [_("Choose one of: %(known)s.") % {"known": ", ".join(ES_CATEGORIES)}]
    for name in ("amount", "capex"):
        if (amount := getattr(project, name)) is not None and amount < 0:
            refused[name] = [_("This amount is not negative.")]
    known = [(name, day) for name in MILESTONES if (day := getattr(project, name)) is not None]
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            label = Project._meta.get_field(earlier).verbose_name  # type: ignore[union-attr]
            refused[later] = [_("This is before the day of “%(step)s”.") % {"step": label}]
    if refused:
        raise Invalid(refused)


def _save_part(row: Participation) -> None:
    """Check shares with the project locked by the caller, or new."""
    if row.since and row.until and row.since >= row.until:
        raise Invalid({"until": [_("A part in a project ends after it begins.")]})
    others = Participation.objects.filter(project=row.project, part=row.part).exclude(pk=row.pk)
    if others.filter(client=row.client).exists():
        raise Invalid({"part": [_("The client has this part in the project already.")]})
    if row.revenue_share is not None:
        _check_shares(row, [other.revenue_share or 0 for other in _alongside(row, others)])
    save(row)
    records_changed()


def _alongside(row: Participation, others: Any) -> Any:
    """Those who have the part on some of the days of the row."""
    if row.since:
        others = others.filter(Q(until__isnull=True) | Q(until__gt=row.since))
    if row.until:
        others = others.filter(Q(since__isnull=True) | Q(since__lt=row.until))
    return others


def _check_shares(row: Participation, others: list[float]) -> None:
    taken = sum(others)
    if taken + (row.revenue_share or 0) > WHOLE:
        message = _("The others with this part have %(taken)s together; at most %(left)s is left.")
        shares = {"taken": percent(taken, 1), "left": percent(max(1 - taken, 0), 1)}
        raise Invalid({"revenue_share": [message % shares]})
