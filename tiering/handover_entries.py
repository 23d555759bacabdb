"""What goes with clients to another RM, as far as tiers know: alerts, and places on the watch list. Reviews that are
due go by the client's RM, and so with the client."""

from django.utils.translation import gettext_lazy as _

from crm import slots

KEEPING = "crm.assign_rm"


def register() -> None:
    slots.handover_parts.add(
        slots.HandoverPart(
            key="alerts",
            label=_("Unresolved alerts"),
            order=20,
            permission=KEEPING,
            model="tiering.Alert",
            owner="owner_id",
            current="t.status <> 'resolved'",
        ),
        slots.HandoverPart(
            key="watchlist",
            label=_("Places on the watch list"),
            order=30,
            permission=KEEPING,
            model="tiering.WatchlistEntry",
            owner="owner_id",
            current="t.exited_at IS NULL",
        ),
    )
