"""Campaigns: drafted with their words, launched at an audience that is fixed then, answered, closed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.models import Campaign, CampaignText, Invitation, Segment, User
from crm.selectors.campaign_audience import audience_of
from crm.services.answers import version_in_use
from crm.services.holding import check_version
from crm.services.inviting import hand_out
from crm.services.saving import save

FIELDS = ("name", "kind", "goal", "segment", "questionnaire", "channel", "starts_on", "ends_on")


class NotADraftAnyMore(DomainError):
    code = "campaign_launched"
    message = gettext_lazy("The campaign is launched; its audience and words stay as they are.")


class NotRunning(DomainError):
    code = "campaign_not_running"
    message = gettext_lazy("The campaign is not running.")


class NotInvited(DomainError):
    code = "not_invited"
    message = gettext_lazy("This client was left out; nothing can have come of it.")


class NobodyToInvite(DomainError):
    code = "nobody_to_invite"
    message = gettext_lazy("Nobody can be invited: look at who would be left out, and why.")


@transaction.atomic
def start_campaign(*, by: User, **fields: Any) -> Campaign:
    """A draft of one's own. Raises NotPermitted and Invalid."""
    if not by.has_perm("crm.write_campaigns"):
        raise NotPermitted
    campaign = Campaign(owner=by, team=by.team, **_known(fields))
    _check(by, campaign)
    save(campaign)
    return campaign


@transaction.atomic
def change_campaign(*, by: User, campaign: Campaign, version: int, **fields: Any) -> Campaign:
    """Change a draft as at `version`. Raises NotPermitted, NotADraftAnyMore, Conflict and Invalid."""
    found = _draft(by, campaign)
    if found.version != version:
        raise Conflict
    for name, value in _known(fields).items():
        setattr(found, name, value)
    found.version += 1
    _check(by, found)
    save(found)
    return found


@transaction.atomic
def put_text(
    *,
    by: User,
    campaign: Campaign,
    text: CampaignText | None = None,
    version: int | None = None,
    **fields: Any,
) -> CampaignText:
    """Words of a draft as at `version`: new ones, or others in the place of some. They are a change of the campaign:
    who looked at it before launches it no more. Raises NotPermitted, NotADraftAnyMore, Conflict and Invalid."""
    found = _draft(by, campaign)
    check_version(found, version)
    row = found.texts.filter(pk=text.pk).first() if text else CampaignText(campaign=found)
    if row is None:
        raise Conflict
    for name in ("language", "tier", "demand_level", "subject", "body"):
        if name in fields:
            setattr(row, name, fields[name])
    save(row)
    _changed(found)
    return row


@transaction.atomic
def remove_text(*, by: User, text: CampaignText, version: int | None = None) -> None:
    """Do without some words of a draft as at `version`. Raises NotPermitted, NotADraftAnyMore and Conflict."""
    found = _draft(by, text.campaign)
    check_version(found, version)
    text.delete()
    _changed(found)


def _changed(campaign: Campaign) -> None:
    campaign.version += 1
    campaign.save(update_fields=["version"])


@transaction.atomic
def launch_campaign(*, by: User, campaign: Campaign, version: int) -> Campaign:
    """Fix whom it goes to and who is left out, and begin to invite.

    Mails wait to be sent, other channels become tasks of the RMs. Raises NotPermitted, NotADraftAnyMore, Conflict,
    NobodyToInvite, NotAsked, and Invalid where words are missing or its owner may not use the segment any more.
    """
    found = _draft(by, campaign)
    if found.version != version:
        raise Conflict
    _check(found.owner, found)
    if not found.texts.exists():
        raise Invalid({"texts": [_("Write what the clients are told.")]})
    if found.questionnaire is not None:
        version_in_use(found.questionnaire)
    audience = audience_of(found, by=by, day=timezone.localdate())
    if not any(one.is_invited for one in audience):
        raise NobodyToInvite
    found.status, found.launched_at = Campaign.Status.RUNNING, timezone.now()
    found.version += 1
    save(found)
    hand_out(campaign=found, audience=audience, by=by)
    return found


@transaction.atomic
def close_campaign(*, by: User, campaign: Campaign) -> Campaign:
    """End a running campaign: mails that wait are not sent any more. Raises NotPermitted and NotRunning."""
    found = _own(by, campaign)
    if found.status != Campaign.Status.RUNNING:
        raise NotRunning
    found.status = Campaign.Status.CLOSED
    found.version += 1
    save(found)
    found.invitations.filter(delivery=Invitation.Delivery.WAITING).update(delivery=Invitation.Delivery.NONE)
    return found


@transaction.atomic
def note_answer(
    *,
    by: User,
    invitation: Invitation,
    answer: str | None = None,
    attended: bool | None = None,
    case: int | None = None,
) -> Invitation:
    """What came of an invitation, as far as it is said; the client's RM, its lead or the owner notes it.

    Raises NotPermitted, NotInvited, and Invalid for a case that is none of the client's.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("client", "campaign")
    found = rows.get(pk=invitation.pk)
    if not by.has_perm("crm.change_client", found.client) and found.campaign.owner_id != by.pk:
        raise NotPermitted
    if found.left_out:
        raise NotInvited
    if case is not None and case not in {one.pk for one in cases_of(found, by)}:
        raise Invalid({"case": [_("The client has no such case.")]})
    found.answer = found.answer if answer is None else answer
    found.attended = found.attended if attended is None else attended
    found.case = found.case if case is None else case
    save(found)
    return found


def cases_of(invitation: Invitation, user: User) -> list[slots.Outcome]:
    """The cases of the client that may have come of an invitation, from the apps that have cases."""
    client = invitation.client_id
    found = [source.offered([client], user).get(client, ()) for source in slots.outcomes.for_user(user)]
    return [outcome for some in found for outcome in some]


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"Not fields of a campaign: {', '.join(sorted(unknown))}")
    return fields


def _check(by: User, campaign: Campaign) -> None:
    if campaign.segment_id and not Segment.objects.visible_to(by).filter(pk=campaign.segment_id).exists():
        raise Invalid({"segment": [_("There is no such segment that you may use.")]})


def _own(by: User, campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related(
        "owner", "segment__owner", "questionnaire"
    )
    found = rows.get(pk=campaign.pk)
    if not Campaign.objects.changeable_by(by).filter(pk=campaign.pk).exists():
        raise NotPermitted
    return found


def _draft(by: User, campaign: Campaign) -> Campaign:
    found = _own(by, campaign)
    if not found.is_draft:
        raise NotADraftAnyMore
    return found
