"""Prospects one by one: taking leads in, saying more about them, noting contacts, and telling them from others.

What is decided about them (qualified, rejected, merged, given to somebody) is an act: `prospect_edits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import sealing
from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.metrics import ObservableMetric, observable
from crm.models import Role, User
from crm.names import clean_name, sort_key
from crm.phones import is_phone
from crm.services.notices import notify
from crm.services.people import NoPhone
from crm.services.saving import save
from funnel.models import LeadSource, Prospect, ProspectContact, ProspectReveal, ProspectTwin
from funnel.prospect_bell import ring
from funnel.selectors.rates import is_known
from funnel.services.prospect_twins import look_for_twins

ARRIVED: Final = "lead-arrived"
"""The kind of notice that the owner of a lead gets, or the leads of its team."""
FIELDS: Final = (
    "kind",
    "name_en",
    "name_zh",
    "registration_number",
    "industry",
    "region",
    "facts",
    "product",
    "amount",
    "currency",
    "message",
    "person_name",
    "person_position",
    "email",
    "language",
    "consent",
    "consent_on",
)
MOST_FACTS: Final = 100


class Decided(DomainError):
    code = "prospect_decided"
    message = gettext_lazy("Somebody decided about this prospect already. Reload the page to see what.")


class TwinDecided(DomainError):
    code = "twin_decided"
    message = gettext_lazy("Somebody said already that these two are not the same. Reload the page.")


@transaction.atomic
def take_lead(
    *,
    source: LeadSource,
    by: User | None,
    reference: str = "",
    phone: str = "",
    consent_words: str = "",
    **fields: Any,
) -> tuple[Prospect, bool]:
    """A prospect of a source, and whether it is new: one that the source named by the same `reference` is left as it is.

    `by` None is a stranger's own word, by the source's form. Its owner, or the leads of its team, are told. Raises
    NotPermitted and Invalid.
    """
    if by is not None and not may_take(by, source):
        raise NotPermitted
    reference = reference.strip()
    known = _known(source, reference)
    if known is not None:
        return known, False
    prospect = Prospect(
        source=source,
        team=source.team,
        owner=source.owner,
        external_reference=reference,
        consent_words=consent_words,
    )
    _say(prospect, fields)
    _give_phone(prospect, phone)
    try:
        with transaction.atomic():
            _save(prospect)
    except (Invalid, IntegrityError):
        known = _known(source, reference)
        if known is not None:  # somebody sent the same in between
            return known, False
        raise
    _tell(prospect)
    ring()
    return prospect, True


def _known(source: LeadSource, reference: str) -> Prospect | None:
    """What the source named so before."""
    if not reference:
        return None
    return Prospect.objects.filter(source=source, external_reference=reference).first()


def may_take(by: User, source: LeadSource) -> bool:
    """Whether somebody may enter leads of a source: those of its team who work with clients, and system administrators,
    in whose name other systems speak."""
    if by.role == Role.SYSTEM_ADMIN:
        return True
    return by.has_perm("funnel.write_prospects") and by.team_id == source.team_id


@transaction.atomic
def change_prospect(
    *, by: User, prospect: Prospect, version: int, phone: str | None = None, **fields: Any
) -> Prospect:
    """Say more of an open prospect as at `version`; `phone` None keeps the number, an empty one takes it away.

    Raises NotPermitted, Decided, Conflict and Invalid.
    """
    found = _open(by, prospect)
    if found.version != version:
        raise Conflict
    _say(found, fields)
    if phone is not None:
        _give_phone(found, phone)
    found.version += 1
    _save(found)
    look_for_twins([found.pk])
    ring()
    return found


@transaction.atomic
def log_contact(*, by: User, prospect: Prospect, kind: str, outcome: str, note: str = "") -> ProspectContact:
    """Note that somebody spoke with a prospect, or did not reach it. Raises NotPermitted, Decided and Invalid."""
    found = _open(by, prospect)
    contact = ProspectContact(prospect=found, kind=kind, outcome=outcome, note=note.strip(), by=by)
    save(contact)
    found.touched_at = timezone.now()
    found.status = Prospect.Status.CONTACTED
    found.owner = found.owner or by
    found.later_until = None
    _touch(found, "touched_at", "status", "owner", "later_until")
    return contact


@transaction.atomic
def put_off(*, by: User, prospect: Prospect, until: date, today: date) -> Prospect:
    """Leave a prospect alone until a day. Raises NotPermitted, Decided and Invalid."""
    found = _open(by, prospect)
    if until <= today:
        raise Invalid({"until": [_("Choose a day that is still to come.")]})
    found.later_until = until
    _touch(found, "later_until")
    return found


@transaction.atomic
def reveal_phone(*, by: User, prospect: Prospect, reason: str) -> str:
    """The telephone number of a prospect, for a reason that is kept. Raises NotPermitted, NoPhone and Invalid."""
    found = _held(by, prospect)
    if not found.phone_sealed:
        raise NoPhone
    if not reason.strip():
        raise Invalid({"reason": [_("Say what you need the number for.")]})
    save(ProspectReveal(prospect=found, by=by, reason=reason.strip()))
    return sealing.unseal(found.phone_sealed)


@transaction.atomic
def keep_apart(*, by: User, twin: ProspectTwin, reason: str) -> ProspectTwin:
    """Note that a prospect is not whom it looks like; it is remembered. Raises NotPermitted, Decided, TwinDecided and
    Invalid."""
    _open(by, twin.prospect)
    found = ProspectTwin.objects.select_for_update().get(pk=twin.pk)
    if found.is_apart:
        raise TwinDecided
    if not reason.strip():
        raise Invalid({"reason": [_("Say how you know that they are not the same.")]})
    found.is_apart, found.reason, found.decided_by = True, reason.strip(), by
    save(found)
    return found


def _held(by: User, prospect: Prospect) -> Prospect:
    """The prospect, locked, where the user may work on it."""
    found = Prospect.objects.select_for_update(of=("self",)).get(pk=prospect.pk)
    held = by.has_perm("funnel.write_prospects")
    if not held or not Prospect.objects.workable_by(by).filter(pk=found.pk).exists():
        raise NotPermitted
    return found


def _open(by: User, prospect: Prospect) -> Prospect:
    found = _held(by, prospect)
    if not found.is_open:
        raise Decided
    return found


def _touch(prospect: Prospect, *fields: str) -> None:
    prospect.version += 1
    prospect.save(update_fields=[*fields, "version"])


def _say(prospect: Prospect, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"Not fields of a prospect: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(prospect, name, value.strip() if isinstance(value, str) else value)


def _save(prospect: Prospect) -> None:
    """Check and save. Raises Invalid."""
    for name in ("name_en", "name_zh"):
        setattr(prospect, name, clean_name(getattr(prospect, name)))
    prospect.sort_key = sort_key(prospect.name_zh, prospect.name_en)
    prospect.facts = checked_facts(prospect.facts)
    if not is_known(prospect.currency):
        raise Invalid({"currency": [_("No rate of this currency is known.")]})
    save(prospect)


def checked_facts(facts: Any) -> dict[str, float | str]:
    """The values that were given of metrics that may be observed. Raises Invalid with each that is none."""
    if not isinstance(facts, Mapping) or len(facts) > MOST_FACTS:
        raise Invalid({"facts": [_("Give values by the keys of metrics.")]})
    known, found, faults = observable(), {}, []
    for key, value in facts.items():
        if value in (None, ""):
            continue
        if key not in known or not _fits(known[key], value):
            faults.append(
                _("“%(key)s” is no metric that may be observed, or this is no value of it.") % {"key": key}
            )
        else:
            found[key] = value if isinstance(value, str) else float(value)
    if faults:
        raise Invalid({"facts": faults})
    return found


def _fits(metric: ObservableMetric, value: Any) -> bool:
    if not metric.of_clients or isinstance(value, bool):
        return False
    if metric.type == "category":
        return isinstance(value, str) and value in metric.categories
    if not isinstance(value, (int, float)) or not abs(value) < 1e300:
        return False
    low, high = metric.lowest, metric.highest
    return (low is None or value >= low) and (high is None or value <= high)


def _give_phone(prospect: Prospect, phone: str) -> None:
    number = " ".join(phone.split())
    if number and not is_phone(number):
        reason = _("This is no telephone number. Write digits, with + and the country's code for one abroad.")
        raise Invalid({"phone": [reason]})
    prospect.phone_sealed = sealing.seal(number) if number else ""
    prospect.phone_fingerprint = sealing.fingerprint(number) if number else ""
    prospect.phone_hint = sealing.hint(number) if number else ""


def _tell(prospect: Prospect) -> None:
    """Its owner; without one the leads of the team."""
    leads = User.objects.filter(team=prospect.team, role=Role.TEAM_LEAD, is_active=True)
    notify(
        kind=ARRIVED,
        event=f"lead {prospect.pk}",
        recipients=[prospect.owner] if prospect.owner else leads,
        params={"prospect": prospect.pk, "name": prospect.name, "source": prospect.source.name},
    )
