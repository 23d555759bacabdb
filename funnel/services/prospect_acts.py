"""What each act does to prospects that nothing speaks against: one statement a table, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import F

from crm.models import Client, Facility, User
from crm.services.notices import notify
from funnel.models import Pipeline, Prospect, ProspectEdit, ProspectTwin
from funnel.services.prospect_carrying import carry
from funnel.services.qualifying import Terms, qualify

MERGED: Final = "lead-of-client"
"""The kind of notice that the RM of a client gets to whom a lead turned out to belong."""
Prospects = Sequence[Prospect]
Params = Mapping[str, Any]


def _qualify(prospects: Prospects, by: User, params: Params) -> None:
    amount = params.get("amount")
    terms = Terms(
        pipeline=Pipeline.objects.get(pk=params["pipeline"]),
        product=params.get("product") or Facility.Product.TERM_LOAN,
        amount=Decimal(amount) if amount else None,
    )
    qualify(prospects=prospects, by=by, terms=terms)


def _assign(prospects: Prospects, by: User, params: Params) -> None:
    _of(prospects).update(owner=params["owner"], version=F("version") + 1)


def _reject(prospects: Prospects, by: User, params: Params) -> None:
    _of(prospects).update(
        status=Prospect.Status.REJECTED,
        reason=params["reason"],
        remark=params.get("remark", ""),
        version=F("version") + 1,
    )


def _merge(prospects: Prospects, by: User, params: Params) -> None:
    """The prospect is a client, or one with another prospect. To a client that the user holds goes what is known; the
    RM of another one is told."""
    version = F("version") + 1
    if "other" in params:
        _of(prospects).update(status=Prospect.Status.DUPLICATE, same_as=params["other"], version=version)
        return
    client = Client.objects.select_related("rm").get(pk=params["client"])
    if by.has_perm("crm.change_client", client):
        carry(pairs=[(prospect, client) for prospect in prospects], by=by)
    elif client.rm is not None:
        for prospect in prospects:
            notify(
                kind=MERGED,
                event=f"lead {prospect.pk} of client",
                recipients=[client.rm],
                params={"prospect": prospect.pk, "name": prospect.name, "client": client.pk},
                client=client.pk,
            )
    _of(prospects).update(status=Prospect.Status.DUPLICATE, client=client, version=version)


def _of(prospects: Prospects) -> Any:
    return Prospect.objects.filter(pk__in=[prospect.pk for prospect in prospects])


ACTS: Final[Mapping[str, Callable[[Prospects, User, Params], None]]] = {
    ProspectEdit.Act.QUALIFY: _qualify,
    ProspectEdit.Act.ASSIGN: _assign,
    ProspectEdit.Act.REJECT: _reject,
    ProspectEdit.Act.MERGE: _merge,
}


def is_twin(prospect: Prospect, params: Params) -> bool:
    """Whether a merge names one of the likely twins that a prospect was found to have."""
    found = ProspectTwin.objects.filter(is_apart=False)
    if "other" in params:
        pair = (prospect.pk, params["other"])
        return found.filter(prospect__in=pair, other__in=pair).exists()
    return found.filter(prospect=prospect, client=params["client"]).exists()
