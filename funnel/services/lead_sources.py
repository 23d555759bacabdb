"""Where prospects come from: sources of a team, each with an address of its own on the web."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Role, Team, User
from crm.services.saving import save
from funnel.models import LeadSource

FIELDS = ("name", "kind", "owner", "is_open", "title_en", "title_zh", "consent_en", "consent_zh")


@transaction.atomic
def add_source(*, by: User, **fields: Any) -> LeadSource:
    """A source of the lead's team. Raises NotPermitted and Invalid."""
    if not by.has_perm("funnel.write_lead_sources") or by.team is None:
        raise NotPermitted
    return _kept(LeadSource(team=by.team), fields)


@transaction.atomic
def change_source(*, by: User, source: LeadSource, version: int, **fields: Any) -> LeadSource:
    """Change a source as at `version`. Raises NotPermitted, Conflict and Invalid."""
    found = _own(by, source)
    if found.version != version:
        raise Conflict
    found.version += 1
    return _kept(found, fields)


@transaction.atomic
def renew_address(*, by: User, source: LeadSource) -> LeadSource:
    """Give the form another address; the former one leads nowhere any more. Raises NotPermitted."""
    found = _own(by, source)
    found.nonce = uuid4()
    found.version += 1
    found.save()
    return found


def open_source(nonce: UUID | None) -> LeadSource | None:
    """The source whose form somebody may fill in; None where there is none such, or it is closed."""
    if nonce is None:
        return None
    return LeadSource.objects.filter(nonce=nonce, is_open=True).select_related("team", "owner").first()


def can_own(person: User, team: Team) -> bool:
    """Whether prospects of a team may be given to somebody."""
    return person.is_active and person.team_id == team.pk and person.role in (Role.RM, Role.TEAM_LEAD)


def _own(by: User, source: LeadSource) -> LeadSource:
    found = LeadSource.objects.select_for_update(of=("self",)).select_related("team").get(pk=source.pk)
    if not by.has_perm("funnel.write_lead_sources") or by.team_id != found.team_id:
        raise NotPermitted
    return found


def _kept(source: LeadSource, fields: dict[str, Any]) -> LeadSource:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"Not fields of a source: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(source, name, value.strip() if isinstance(value, str) else value)
    if source.owner is not None and not can_own(source.owner, source.team):
        raise Invalid({"owner": [_("Choose somebody of the team who works with clients.")]})
    save(source)
    return source
