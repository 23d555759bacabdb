"""What apps put into the shared pages: one registry, filled in each app's `ready()`, read by crm's views.

crm cannot import the apps above it, so a page that shows several apps' things is composed here. An entry carries a
lazy label, the permission without which a user does not see it, and its place in the order. Panels, tabs and Today
cards name a URL: a view that answers with an HTML fragment (`crm.fragments` renders it into the page, `hx-get` can
reload it later). Columns, filters and views of the client list name functions; each runs a constant number of queries
for a page, however many clients it shows.

Others import this module and nothing within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.slots.entry import Entry, Slot
from crm.slots.lists import (
    BulkAct,
    BulkAction,
    Conditions,
    Draw,
    ExportSource,
    Field,
    FieldSource,
    ListColumn,
    ListFilter,
    ListView,
    Option,
    Place,
    Sentence,
    Sorting,
)
from crm.slots.pages import (
    Bound,
    Bounds,
    ClientAct,
    ClientPanel,
    ClientTab,
    FacilityPanel,
    MethodReadings,
    NavEntry,
    PaletteEntry,
    ProjectPanel,
    TimelineSource,
    TodayCard,
)
from crm.slots.work import Attention, CalendarSource, HandoverPart, Hit, Outcome, OutcomeSource, SearchSource

if TYPE_CHECKING:
    from crm.http import Request
    from crm.method_readings import Reading
    from crm.models import Client, User

__all__ = [
    "Attention",
    "Bound",
    "Bounds",
    "BulkAct",
    "BulkAction",
    "CalendarSource",
    "ClientAct",
    "ClientPanel",
    "ClientTab",
    "Conditions",
    "Draw",
    "Entry",
    "ExportSource",
    "FacilityPanel",
    "Field",
    "FieldSource",
    "HandoverPart",
    "Hit",
    "ListColumn",
    "ListFilter",
    "ListView",
    "MethodReadings",
    "NavEntry",
    "Option",
    "Outcome",
    "OutcomeSource",
    "PaletteEntry",
    "Place",
    "ProjectPanel",
    "SearchSource",
    "Sentence",
    "Slot",
    "Sorting",
    "TimelineSource",
    "TodayCard",
]

nav: Slot[NavEntry] = Slot()
list_columns: Slot[ListColumn] = Slot()
list_filters: Slot[ListFilter] = Slot()
list_views: Slot[ListView] = Slot()
field_sources: Slot[FieldSource] = Slot()
conditions: Slot[Conditions] = Slot()
bulk_actions: Slot[BulkAction] = Slot()
export_sources: Slot[ExportSource] = Slot()
bulk_acts: Slot[BulkAct] = Slot()
client_tabs: Slot[ClientTab] = Slot()
client_panels: Slot[ClientPanel] = Slot()
client_acts: Slot[ClientAct] = Slot()
bounds: Slot[Bounds] = Slot()
project_panels: Slot[ProjectPanel] = Slot()
attention: Slot[Attention] = Slot()
facility_panels: Slot[FacilityPanel] = Slot()
method_readings: Slot[MethodReadings] = Slot()
today_cards: Slot[TodayCard] = Slot()
timeline: Slot[TimelineSource] = Slot()
calendar: Slot[CalendarSource] = Slot()
handover_parts: Slot[HandoverPart] = Slot()
palette: Slot[PaletteEntry] = Slot()
search_sources: Slot[SearchSource] = Slot()
outcomes: Slot[OutcomeSource] = Slot()


def panels_for(request: Request, place: str) -> list[ClientPanel]:
    """The client page's panels of one place that the user may see."""
    return [panel for panel in client_panels.for_user(request.user) if panel.place == place]


def readings_of(client: Client, user: User) -> list[Reading]:
    """What the criteria in effect read of a client, as far as the user may know."""
    return [reading for source in method_readings.for_user(user) for reading in source.read(client)]
