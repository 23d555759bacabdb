"""One prospect as its page and the API show it: with whom it looks like, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from crm.formats import MISSING
from crm.metrics import named
from crm.models import Client, User
from crm.reading import read_once
from funnel.models import Prospect, ProspectEdit, ProspectTwin
from tiering import display
from tiering.selectors.catalogue import catalogue


@dataclass(frozen=True)
class Twin:
    """Whom a prospect looks like: a client or another prospect, with how much and in what."""

    twin: ProspectTwin
    client: Client | None
    other: Prospect | None

    @property
    def name(self) -> str:
        return (self.client or self.other).name  # type: ignore[union-attr]


def visible_prospects(user: User) -> Any:
    rows = Prospect.objects.visible_to(user)
    return rows.select_related(
        "source", "owner", "team", "region", "industry", "client", "case", "same_as",
        "score__tier", "score__version__criteria__scheme",
    )  # fmt: skip


def twins_of(prospect: Prospect, user: User) -> list[Twin]:
    """The likely twins that the user may see, the likest first; clients out of sight are not told of."""
    rows = ProspectTwin.objects.visible_to(user).filter(Q(prospect=prospect) | Q(other=prospect))
    rows = rows.select_related(
        "client__region", "client__industry", "client__rm", "prospect", "other", "decided_by"
    )
    return [
        Twin(row, row.client, row.prospect if row.other_id == prospect.pk else row.other)
        for row in rows.filter(client__merged_into=None)
    ]


@read_once
def _catalogue() -> Any:
    return catalogue()


def facts_shown(prospect: Prospect) -> list[tuple[str, str]]:
    """What was given of the prospect: the names of the metrics and their values with units."""
    known = named()
    names = _catalogue()
    return [
        (str(known[key].label) if key in known else key, display.metric_value(key, value, names) or MISSING)
        for key, value in sorted(prospect.facts.items())
    ]


def act_to_take_back(prospect: Prospect, user: User) -> ProspectEdit | None:
    """The user's own act by which a prospect was decided, where it can be taken back still."""
    if prospect.is_open:
        return None
    acts = ProspectEdit.objects.filter(
        by=user, status=ProspectEdit.Status.APPLIED, items__prospect=prospect, items__outcome="change"
    )
    return acts.exclude(act=ProspectEdit.Act.ASSIGN).order_by("-pk").first()
