"""What becomes of crm's own records when a client is merged into another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

from crm import merging
from crm.models import Client, Observation


def register() -> None:
    merging.moves(
        "crm.Address",
        "crm.Attachment",
        "crm.ClientTag",
        "crm.Collateral",
        "crm.ContactPerson",
        "crm.CreditReport",
        "crm.Document",
        "crm.Facility",
        "crm.FinancialStatement",
        "crm.Follow",
        "crm.IdentityNumber",
        "crm.IdentityReveal",
        "crm.Interaction",
        "crm.Interest",
        "crm.Note",
        "crm.Notice",
        "crm.Participation",
        "crm.ProfileValue",
        "crm.Reveal",
        "crm.StageHold",
        "crm.Task",
    )
    merging.moves("crm.Revenue", marked="source")
    merging.moves("crm.Observation", beside=decisions_of)
    merging.moves("crm.Client", column="merged_into")
    merging.moves("crm.Relation", beside=relations_left)
    merging.moves("crm.Relation", column="party", beside=relations_left)
    merging.stays("derived from the client, and made anew", "crm.ClientSearch", "crm.DuplicateKey")
    merging.stays("what was decided about the two", "crm.DuplicatePair", column="one")
    merging.stays("what was decided about the two", "crm.DuplicatePair", column="other")
    merging.stays("how its own stages came to be", "crm.StageChange")
    merging.stays("what was done then", "crm.Brief", "crm.BulkItem", "crm.ImportTwin")
    merging.stays("what was handed over then", "crm.HandoverItem")
    merging.stays("what was merged", "crm.Merge")
    merging.stays("what was merged", "crm.Merge", column="gone")


def decisions_of(gone: Client, client: Client) -> Iterable[int]:
    """What was chosen between the sources of one client says nothing of them beside those of the other."""
    return Observation.objects.filter(client=gone, source=Observation.DECIDED).values_list("pk", flat=True)


# Nobody is related to itself, to one party twice in the same way, or has two parents, on the same days.
RELATIONS_LEFT: Final = """
SELECT r.id FROM crm_relation r
CROSS JOIN LATERAL (SELECT daterange(r.since, r.until) AS days,
    CASE WHEN r.client_id = %(gone)s THEN %(client)s ELSE r.client_id END AS client_id,
    CASE WHEN r.party_id = %(gone)s THEN %(client)s ELSE r.party_id END AS party_id) n
WHERE %(gone)s IN (r.client_id, r.party_id) AND (
    n.client_id = n.party_id
    OR EXISTS (SELECT FROM crm_relation o WHERE o.client_id = n.client_id AND o.id <> r.id
               AND (o.party_id = n.party_id AND o.kind = r.kind OR o.kind = 'parent' AND r.kind = 'parent')
               AND daterange(o.since, o.until) && n.days)
    OR r.kind = 'parent' AND crm_controls(n.client_id, n.party_id, n.days))
"""


def relations_left(gone: Client, client: Client) -> Iterable[int]:
    """Relations of a client that cannot be those of another."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS_LEFT, {"gone": gone.pk, "client": client.pk})
        return [pk for (pk,) in cursor.fetchall()]
