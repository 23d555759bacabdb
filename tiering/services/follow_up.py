"""What a change of tier gives the RM to do, and the notice that says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from crm.models import Client
from crm.selectors.figures import last_contacts
from crm.services.following import tell_followers
from crm.services.notices import NoticeRow, notify_many
from crm.services.tasks import TaskRow, add_tasks, cancel_tasks
from tiering.core.tier_policy import Follows, Terms, follows_from
from tiering.models import FacilityChange, Facts, Tier, TierChange, TierScheme
from tiering.models.tiers import IN_FORCE
from tiering.selectors.tier_policies import InEffect

CONTACT, COLLATERAL, EVENT = "tier-contact", "tier-collateral", "tier-event"
CHANGED = "tier-changed"
FOLLOWED = "followed-tier"
"""The kind of notice that followers of a client get of its tier."""
SOONEST = timedelta(days=7)
AFTER_A_FALL = timedelta(days=14)
FOR_COLLATERAL = timedelta(days=30)


@dataclass(frozen=True)
class Followed:
    """A change with what it is about: the client, both tiers, and what followed and follows from them."""

    change: TierChange
    client: Client
    before: Tier
    tier: Tier
    terms_before: Terms | None
    follows: Follows

    @property
    def is_fall(self) -> bool:
        return self.tier.rank > self.before.rank

    @property
    def params(self) -> dict[str, object]:
        """What words are made of when they are read."""
        return {
            "client": self.client.pk,
            "name": self.client.name,
            "from": self.before.key,
            "to": self.tier.key,
        }

    def origin(self, what: str) -> str:
        return origin_of(self.change.pk, what)


def origin_of(change: int, what: str) -> str:
    """The event that a task comes from."""
    return f"tier-change:{change}:{what}"


def give_tasks(*, scheme: TierScheme, policy: InEffect, changes: Sequence[TierChange], day: date) -> int:
    """Give the RMs what follows from changes of tier, and take back what followed from earlier ones; how many tasks are
    new. In the transaction of the caller."""
    followed = list(followed_by(scheme, policy, changes))
    spoken = last_contacts(one.client.pk for one in followed)
    rows: dict[str, list[TaskRow]] = defaultdict(list)
    for one in followed:
        last = timezone.localtime(spoken[one.client.pk]).date() if one.client.pk in spoken else day
        rows[CONTACT].append(_contact(one, last, day))
        rows[COLLATERAL] += _collateral(one, day)
        rows[EVENT] += _events(one, day)
    cancel_tasks(origins=list(_earlier(scheme, policy, changes)))
    return sum(add_tasks(kind=kind, rows=found) for kind, found in rows.items() if found)


def tell(*, scheme: TierScheme, policy: InEffect, changes: Sequence[TierChange]) -> int:
    """Tell the RMs and who follows the clients of changes of tier and of what follows; how many had not been told."""
    proposed = _facility_changes(changes)
    rows = [
        NoticeRow(
            event=f"tier-change:{one.change.pk}",
            recipient=one.client.rm_id or 0,
            client=one.client.pk,
            params=one.params
            | {
                "scheme": scheme.key,
                "ceiling": one.follows.ceiling.amount,
                "contact_days": one.follows.terms.contact_days,
                "review_months": one.follows.terms.review_months,
                "facility_changes": proposed[one.change.pk],
            },
        )
        for one in followed_by(scheme, policy, changes)
    ]
    held = [row for row in rows if row.recipient]
    told_anyway = {row.client: [row.recipient] for row in held if row.client is not None}
    followers = tell_followers(kind=FOLLOWED, rows=rows, but=told_anyway)
    return followers + (notify_many(kind=CHANGED, rows=held) if held else 0)


def followed_by(scheme: TierScheme, policy: InEffect, changes: Sequence[TierChange]) -> Iterator[Followed]:
    """Changes with what follows from the tier in force, by the facts in force; in a constant number of queries."""
    clients = Client.objects.in_bulk({change.client_id for change in changes})
    tiers = {tier.pk: tier for tier in scheme.tiers.all()}
    held = _held(scheme, clients)
    facts = {row.client_id: row.values() for row in Facts.objects.filter(IN_FORCE, client__in=clients)}
    for change in changes:
        tier = tiers[held.get(change.client_id, change.to_tier_id)]
        before, terms = tiers[change.from_tier_id], policy.terms(tier)
        if terms is not None:
            follows = follows_from(terms, facts.get(change.client_id, {}))
            client = clients[change.client_id]
            yield Followed(change, client, before, tier, policy.terms(before), follows)


def _held(scheme: TierScheme, clients: Iterable[int]) -> Mapping[int, int]:
    """By the id of a client that of its tier in force."""
    rows = scheme.assignments.filter(IN_FORCE, client__in=list(clients), project=None)
    return dict(rows.values_list("client", "tier"))


def _facility_changes(changes: Sequence[TierChange]) -> Counter[int]:
    """By the id of a change of tier how many changes of facilities are proposed because of it."""
    proposed = FacilityChange.objects.filter(change__in=changes, status=FacilityChange.Status.PROPOSED)
    return Counter(proposed.values_list("change", flat=True))


def _contact(one: Followed, last: date, day: date) -> TaskRow:
    """By the frequency of the tier, and soon after a fall; never sooner than in a week."""
    due = last + timedelta(days=one.follows.terms.contact_days)
    if one.is_fall:
        due = min(due, day + AFTER_A_FALL)
    return TaskRow(
        origin=one.origin("contact"),
        assignee=one.client.rm_id,
        client=one.client.pk,
        due_on=max(due, day + SOONEST),
        params=one.params | {"days": one.follows.terms.contact_days},
    )


def _collateral(one: Followed, day: date) -> Iterator[TaskRow]:
    """Where more of the exposure is to be covered than before."""
    covered = one.terms_before.cover if one.terms_before else 0
    terms, amount = one.follows.terms, one.follows.to_cover
    if amount and terms.cover > covered:
        yield TaskRow(
            origin=one.origin("collateral"),
            assignee=one.client.rm_id,
            client=one.client.pk,
            due_on=day + FOR_COLLATERAL,
            params=one.params
            | {"amount": amount, "cover": terms.cover, "collateral": dict(terms.collateral or {})},
        )


def _events(one: Followed, day: date) -> Iterator[TaskRow]:
    """What is done for clients of this tier, and was not done for those of the one before."""
    known = {event.key for event in one.terms_before.service.events} if one.terms_before else set()
    for event in one.follows.terms.service.events:
        if event.key not in known:
            yield TaskRow(
                origin=one.origin(f"event:{event.key}"),
                assignee=one.client.rm_id,
                client=one.client.pk,
                due_on=day + relativedelta(months=event.months),
                params=one.params | {"event": dict(event.label), "months": event.months},
            )


def _earlier(scheme: TierScheme, policy: InEffect, changes: Sequence[TierChange]) -> Iterator[str]:
    """The origins of the tasks of the clients' earlier changes."""
    events = {event.key for terms in policy.policy.tiers for event in terms.service.events}
    asked = ("contact", "collateral", *(f"event:{key}" for key in sorted(events)))
    earlier = TierChange.objects.filter(
        scheme=scheme, client__in=[change.client_id for change in changes], worked_at__isnull=False
    ).exclude(pk__in=[change.pk for change in changes])
    for change in earlier.values_list("pk", flat=True):
        yield from (origin_of(change, what) for what in asked)
