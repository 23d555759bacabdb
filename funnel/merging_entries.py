"""What becomes of the funnel's records when a client is merged into another."""

from __future__ import annotations

from collections.abc import Iterable

from crm import merging
from crm.models import Client
from funnel.models import CaseParty


def register() -> None:
    merging.moves("funnel.Case", "funnel.Prospect", "funnel.ProspectTwin")
    merging.moves("funnel.CaseParty", beside=led_already)


def led_already(gone: Client, client: Client) -> Iterable[int]:
    """Parts of a client in cases that the other one leads."""
    return CaseParty.objects.filter(client=gone, case__client=client).values_list("pk", flat=True)
