"""The further clients of cases, as far as the reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.models import Client, User
from crm.selectors.groups import group_ids
from funnel.models import Case, CaseParty
from funnel.querysets import CaseQuerySet
from funnel.selectors.tiers import tiers_in_force
from tiering.models import Tier, WatchlistEntry

WHOLE: Final = Decimal(100)
PLACES: Final = {part: place for place, part in enumerate(CaseParty.Part.values)}


@dataclass(frozen=True)
class Party:
    """A further client of a case; `client` is None for a reader who may not see it, and then nothing is told of it but
    its part. `is_watched`: it is on the watch list. `is_of_the_group`: it belongs to the leading client's group, so
    that what the one cannot pay the other may not be able to either."""

    row: CaseParty
    client: Client | None
    tier: Tier | None = None
    is_watched: bool = False
    is_of_the_group: bool = False

    @property
    def name(self) -> str:
        return self.client.name if self.client else out_of_sight()


def in_percent(share: Decimal) -> str:
    """A share of a case as it is written: 33.5%."""
    return f"{number_format(f'{share.normalize():f}')}%"


def out_of_sight() -> str:
    """What a client is called towards who may not see it."""
    return _("a client you have no access to")


def parties_of(case: Case, reader: User) -> list[Party]:
    """In the order of their parts. Five queries, however many they are; one where there are none."""
    rows = sorted(case.parties.standing(), key=lambda row: (PLACES[row.part], row.pk))
    seen = clients_seen((row.client_id for row in rows), reader)
    if not seen:
        return [Party(row, None) for row in rows]
    tiers = tiers_in_force(seen)
    watched = set(
        WatchlistEntry.objects.filter(client__in=seen, exited_at=None).values_list("client", flat=True)
    )
    group = set(group_ids(case.client_id, timezone.localdate()))
    return [
        Party(
            row,
            seen[row.client_id],
            tiers.get(row.client_id),
            row.client_id in watched,
            row.client_id in group,
        )
        if row.client_id in seen
        else Party(row, None)
        for row in rows
    ]


def further_clients(cases: Iterable[Case], reader: User) -> Mapping[int, list[str]]:
    """By case, part and name of each client beside the leading one, in the order of their parts. One query."""
    rows = (
        CaseParty.objects.standing()
        .filter(case__in=cases)
        .annotate(is_seen=Exists(Client.objects.visible_to(reader).filter(pk=OuterRef("client"))))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows.select_related("client"), key=lambda row: (PLACES[row.part], row.pk)):
        name = row.client.name if row.is_seen else out_of_sight()
        found[row.case_id].append(f"{row.get_part_display()}: {name}")
    return found


def clients_seen(ids: Iterable[int], reader: User) -> Mapping[int, Client]:
    """Those of the clients that the reader may see, by id."""
    wanted = set(ids)
    return Client.objects.visible_to(reader).in_bulk(wanted) if wanted else {}


def share_left(parties: Iterable[Party]) -> Decimal | None:
    """The percentage that the co-borrowers leave the leading client; None where nobody said theirs."""
    shares = [one.row.share for one in parties if one.row.part == CaseParty.Part.BORROWER and one.row.share]
    return WHOLE - sum(shares) if shares else None


def parts_of(client: Client, reader: User) -> QuerySet[CaseParty]:
    """In which cases that the reader may see a client takes part beside another one, the newest case first."""
    rows: Any = CaseParty.objects.visible_to(reader).standing().filter(client=client)
    return rows.select_related("case__client", "case__stage", "case__project").order_by("-case")


def names_joined(reader: User) -> Subquery:
    """The names of the further clients of a case that the reader may see, in one text, as a term of a query of cases."""
    seen = CaseParty.objects.standing().filter(
        case=OuterRef("pk"), client__in=Client.objects.visible_to(reader)
    )
    name = Coalesce(NullIf("client__name_zh", Value("")), "client__name_en")
    return Subquery(seen.order_by().values("case").annotate(names=StringAgg(name, "; ")).values("names"))


def of_clients(cases: CaseQuerySet, clients: Iterable[Client] | QuerySet[Client]) -> CaseQuerySet:
    """Those that one of the clients leads or takes part in.

    The ids of both come first, each by its own index: asked for with “or”, every case would be looked at.
    """
    led = Case.objects.filter(client__in=clients).order_by().values("pk")
    joined = CaseParty.objects.standing().filter(client__in=clients).order_by().values("case")
    return cases.filter(pk__in=led.union(joined, all=True))


def of_clients_named(cases: CaseQuerySet, term: str, reader: User) -> CaseQuerySet:
    """Those whose leading client, or one of whose further ones, answers to the term; of clients that the reader sees."""
    return of_clients(cases, Client.objects.visible_to(reader).matching(term))
