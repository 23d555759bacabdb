"""What tiering adds to the records of what clients do: covenants of a facility, and how the criteria read metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.method_readings import Reading, Step
from crm.models import Client
from tiering import display
from tiering.core.document import Indicator, Scorecard
from tiering.core.evaluate import scorecard_for
from tiering.core.metric import Catalogue
from tiering.models import Facts
from tiering.models.tiers import IN_FORCE
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import versions_in_effect


def register() -> None:
    slots.facility_panels.add(
        slots.FacilityPanel(
            key="covenants",
            label=_("Covenants"),
            order=10,
            permission="tiering.view_alerts",
            url_name="tiering:facility-covenants",
        )
    )
    slots.method_readings.add(
        slots.MethodReadings(
            key="criteria",
            label=_("Criteria"),
            order=10,
            permission="tiering.view_tiers",
            read=readings_of,
        )
    )


def readings_of(client: Client) -> Sequence[Reading]:
    """What the criteria in effect now read of a client, by the scorecard that its facts in force choose."""
    facts = Facts.objects.filter(IN_FORCE, client=client).first()
    known, names = facts.values() if facts else {}, open_catalogue()
    found: list[Reading] = []
    for version in versions_in_effect(timezone.now()):
        document = document_of(version)
        card = scorecard_for(document, known)
        scheme = display.label(document.label)
        found += [
            Reading(indicator.metric, scheme, _steps(indicator, names))
            for indicator in _indicators(card)
            if document.subject == "client" or indicator.metric in known
        ]
    return found


def _indicators(card: Scorecard) -> Iterator[Indicator]:
    for dimension in card.dimensions:
        yield from dimension.indicators


def _steps(indicator: Indicator, names: Catalogue) -> tuple[Step, ...]:
    return tuple(
        Step(band.lo, band.hi, display.band_text(indicator.metric, band, names), band.points)
        for band in indicator.bands
    )
