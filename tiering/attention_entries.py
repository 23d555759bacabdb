"""Who needs one, as far as tiers tell: alerts, the watch list, contacts and reviews that are due, questions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.attention import NOTHING, Found, Line, Looking, found, marked
from crm.attention_entries import spoken_line
from tiering.models import Alert, PeriodicReview, Remark, WatchlistEntry
from tiering.pages.alerts import rows_of
from tiering.selectors.alerts import alerts_for, overdue_entries
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.due import AHEAD, contacts_due, reviews_to_do, with_contact_due
from tiering.selectors.tier_policies import tier_policy

READING = "tiering.view_tiers"
Status = PeriodicReview.Status


def register() -> None:
    slots.attention.add(
        slots.Attention(
            key="alerts",
            label=gettext_lazy("Alerts"),
            order=15,
            permission="tiering.view_alerts",
            icon="bell-ring",
            load=alerts,
            more=lambda looking: reverse("tiering:alerts") + "?whose=mine",
        ),
        slots.Attention(
            key="asked",
            label=gettext_lazy("Asked back"),
            order=18,
            permission="crm.add_client",
            icon="message-circle-question-mark",
            load=asked,
        ),
        slots.Attention(
            key="watchlist",
            label=gettext_lazy("Watch list reviews"),
            order=22,
            permission="tiering.handle_alerts",
            icon="eye",
            load=watched,
            more=lambda looking: reverse("tiering:watchlist"),
        ),
        slots.Attention(
            key="periodic",
            label=gettext_lazy("Periodic reviews"),
            order=25,
            permission=READING,
            icon="calendar-check",
            load=periodic,
            more=lambda looking: reverse("tiering:periodic-reviews"),
        ),
        slots.Attention(
            key="contacts",
            label=gettext_lazy("Contacts due by tier"),
            order=40,
            permission="crm.add_client",
            icon="phone",
            load=contacts,
            more=lambda looking: reverse("crm:client-list") + "?view=contact-due",
        ),
    )


def alerts(looking: Looking) -> Found:
    """Open alerts, the worst first; who handles none sees everybody's."""
    rows = alerts_for(looking.user).filter(status=Alert.Status.OPEN)
    if looking.user.has_perm("tiering.handle_alerts"):
        rows = rows.filter(looking.with_("owner"))
    return found(looking, "alerts", rows.most_urgent_first(), lambda rows: alert_lines(looking, rows))


def alert_lines(looking: Looking, alerts: Sequence[Alert]) -> list[Line]:
    return [
        Line(
            item=row.alert.pk,
            name=row.about,
            url=reverse("tiering:alert", args=[row.alert.pk]),
            reason=row.label,
            since=timezone.localtime(row.alert.opened_at).date(),
            shade="bad" if row.alert.severity == Alert.Severity.CRITICAL else "warn",
            client=row.alert.client_id,
            **marked(looking, row.alert.owner),
        )
        for row in rows_of(alerts, looking.user)
    ]


def asked(looking: Looking) -> Found:
    """Questions about a change of tier that the RM has not answered."""
    open_ = Remark.objects.filter(kind=Remark.Kind.QUESTION, answer__isnull=True, proposal__status="pending")
    rows = open_.filter(looking.held("client__")).select_related("client__rm", "author").order_by("at", "pk")
    return found(looking, "asked", rows, lambda rows: [asked_line(looking, one) for one in rows])


def asked_line(looking: Looking, question: Remark) -> Line:
    return Line(
        item=question.pk,
        name=question.client.name,
        url=reverse("tiering:review", args=[question.proposal_id]),
        reason=question.text,
        since=timezone.localtime(question.at).date(),
        shade="warn",
        client=question.client_id,
        **marked(looking, question.client.rm),
    )


def watched(looking: Looking) -> Found:
    """Clients on the watch list whom somebody has to look at again; an RM's and a lead's, of their clients."""
    rows = overdue_entries(looking.user, looking.day).select_related("client__rm", "owner")
    if looking.user.has_perm("crm.add_client"):
        rows = rows.filter(looking.held("client__"))
    return found(looking, "watchlist", rows, lambda rows: [watched_line(looking, one) for one in rows])


def watched_line(looking: Looking, entry: WatchlistEntry) -> Line:
    return Line(
        item=entry.pk,
        name=entry.client.name,
        url=reverse("tiering:watchlist-entry", args=[entry.pk]),
        reason=_("on the watch list, to be looked at again"),
        since=entry.next_review_on,
        shade="warn",
        client=entry.client_id,
        **marked(looking, entry.client.rm),
    )


def periodic(looking: Looking) -> Found:
    """Reviews that the reader has to prepare soon, or to sign. One that was sent back says what the signer remarked."""
    user, rows = looking.user, reviews_to_do(looking.user)
    if user.has_perm("tiering.sign_reviews"):
        mine = rows.filter(status=Status.PREPARED).exclude(Q(prepared_by=user) | Q(client__rm=user))
    elif user.has_perm("tiering.prepare_reviews"):
        mine = rows.filter(looking.held("client__"), status=Status.OPEN, due_on__lte=looking.day + AHEAD)
    else:
        return NOTHING
    mine = mine.select_related("client__rm").order_by("due_on", "pk")
    return found(looking, "periodic", mine, lambda rows: [review_line(looking, one) for one in rows])


def review_line(looking: Looking, review: PeriodicReview) -> Line:
    late = review.due_on < looking.day
    words = _("to sign") if review.status == Status.PREPARED else _("to prepare")
    return Line(
        item=review.pk,
        name=review.client.name,
        url=reverse("tiering:periodic-review", args=[review.pk]),
        reason=_("sent back: %(remark)s") % {"remark": review.remark} if review.remark else words,
        since=review.due_on if late else None,
        until=None if late else review.due_on,
        shade="bad" if late else "",
        client=review.client_id,
        **marked(looking, review.client.rm),
    )


def contacts(looking: Looking) -> Found:
    """Clients whom somebody has to speak to, by the frequency of their tier."""
    scheme = primary_scheme()
    policy = tier_policy(scheme) if scheme else None
    if scheme is None or policy is None:
        return NOTHING
    due = contacts_due(looking.clients().select_related("rm"), scheme, policy, timezone.now())
    rows = with_contact_due(due).order_by("contact_due_on", "pk")
    return found(
        looking,
        "contacts",
        rows,
        lambda clients: [
            spoken_line(looking, client, client.last_contact, client.contact_due_on) for client in clients
        ],
    )
