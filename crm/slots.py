"""What apps put into the shared pages: one registry, filled in each app's `ready()`, read by crm's views.

crm cannot import the apps above it, so a page that shows several apps' things is composed here. An entry carries a
lazy label, the permission without which a user does not see it, and its place in the order. Panels, tabs and Today
cards name a URL: a view that answers with an HTML fragment (`crm.fragments` renders it into the page, `hx-get` can
reload it later). Columns, filters and views of the client list name functions; each runs a constant number of queries
for a page, however many clients it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from crm.access import SIGNED_IN, allows

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise

    from crm.attention import Found, Looking
    from crm.days import CalendarEntry
    from crm.exporting.sources import Exportable
    from crm.http import Request
    from crm.method_readings import Reading
    from crm.models import Client, User
    from crm.querysets import ClientQuerySet
    from crm.timeline import Span, TimelineEvent


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`key` is unique in its slot and stable: it appears in URLs and in the page."""

    key: str
    label: _StrOrPromise
    order: int
    permission: str = SIGNED_IN


@dataclass(frozen=True, kw_only=True)
class NavEntry(Entry):
    """A page of the sidebar, also offered by the palette. `go` is the letter after `g` that opens it."""

    icon: str
    url_name: str
    group: Literal["work", "setup"] = "work"
    go: str = ""
    count: Callable[[User], int] | None = None


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """How a column orders the list: `field` after `prepare` has annotated or joined it. Missing values come last."""

    field: str
    prepare: Callable[[ClientQuerySet], ClientQuerySet] = lambda clients: clients


@dataclass(frozen=True, kw_only=True)
class ListColumn(Entry):
    """A column of the client list.

    `load` gives the values of a whole page by client id; `template` renders one cell from `client` and `value`.
    `classes` are CSS classes of the cell: `number`, `wide-only`, and for phone rows `phone-cell` with one of
    `tier-cell`, `name-cell`, `figure-cell`. `plain` gives what a file holds, of the client and the loaded value; without
    it that is the text of the cell. A column that is not `usual` is shown only to whom chooses it; one that is
    `fixed` to everybody.
    """

    template: str
    load: Callable[[Sequence[Client], User], Mapping[int, Any]] | None = None
    sorting: Sorting | None = None
    classes: str = ""
    usual: bool = True
    fixed: bool = False
    plain: Callable[[Client, Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice of a filter. `tier` shows its badge before the label."""

    value: str
    label: _StrOrPromise
    tier: Any = None


@dataclass(frozen=True, kw_only=True)
class ListFilter(Entry):
    """A checkbox menu above the client list. Only values among `options` reach `narrow`."""

    icon: str
    options: Callable[[User], Sequence[Option]]
    narrow: Callable[[ClientQuerySet, Sequence[str]], ClientQuerySet]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What conditions on clients may ask of each: a number in a `unit` of the metrics', or one of `categories`.

    `sql` gives it for the client `c`, from what `joins` add to it (at most one row for each client); our own text,
    never a user's. NULL is not known.
    """

    key: str
    label: _StrOrPromise
    group: _StrOrPromise
    sql: str
    joins: tuple[str, ...] = ()
    type: Literal["number", "category"] = "number"
    unit: str = "none"
    categories: Mapping[str, _StrOrPromise] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldSource(Entry):
    """Fields of one kind, as of a day, each key unlike any other's. A constant number of queries."""

    fields: Callable[[User, date], Sequence[Field]]


@dataclass(frozen=True)
class Sentence:
    """A condition as it was understood: `text` to keep it by, `words` for people, `narrow` to leave whom it holds of.

    One that was not understood says why in `refusal`, and leaves nobody.
    """

    text: str
    words: str = ""
    refusal: str = ""
    narrow: Callable[[ClientQuerySet], ClientQuerySet] = field(
        default=lambda clients: clients.none(), compare=False
    )


@dataclass(frozen=True, kw_only=True)
class Conditions(Entry):
    """The language of conditions over the fields: an app above crm has it.

    `read` understands a text. `template` draws the builder, from what `builder` gives; `kit` is what it needs once for
    the page, `scripts` are its modules.
    """

    read: Callable[[str, User], Sentence]
    builder: Callable[[Sentence, User], Mapping[str, Any]]
    template: str
    kit: str
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ListView(Entry):
    """A tab above the client list."""

    narrow: Callable[[ClientQuerySet, User], ClientQuerySet]


@dataclass(frozen=True, kw_only=True)
class BulkAction(Entry):
    """An act on the chosen clients: the form posts their ids as `client` to the URL, with `next` to return to.

    `template` may render further controls of the form from `action` and what `context` gives as `extra`.
    """

    icon: str
    url_name: str
    template: str = ""
    context: Callable[[User], Mapping[str, Any]] = lambda user: {}


@dataclass(frozen=True, kw_only=True)
class BulkAct(Entry):
    """A change of many clients to one value, which can be previewed and taken back.

    `options` are the values on offer; without them a text is asked for, which `value_of` may turn into the value.
    `before` gives, for the client `c`, what stands there as text, `same` whether it is the value (%(value)s) already,
    `refusals` conditions by code for which the client is left as it is; `write` changes the clients of `crm_bulkitem`
    with the outcome `change`. SQL of our own; what a user says is a parameter. `models` are those it writes.
    """

    same: str
    write: str
    models: Sequence[type[Model]]
    options: Callable[[User], Sequence[Option]] | None = None
    value_of: Callable[[User, str], str] | None = None
    before: str = "''"
    refusals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class ExportSource(Entry):
    """A list that can be taken out as a file: `read` gives it, of the address of the list, the keys of the columns asked
    for (none: those usual) and the user, starting at what they may see. `url_name` is its page."""

    read: Callable[[str, Sequence[str], User], Exportable]
    url_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ClientTab(Entry):
    """A tab of the client page; the URL takes the client's id."""

    url_name: str
    count: Callable[[Client, User], int] | None = None


@dataclass(frozen=True, kw_only=True)
class ClientPanel(Entry):
    """A part of the client page; the URL takes the client's id.

    Places: `badge` (before the name), `figures` (`<div><dt><dd>` pairs right of it), `main` and `aside` (cards of the
    Overview), `main_end` (cards below crm's own, in two columns), and `past` (cards of the page as of a past day alone).
    One that is `dated` tells how it was on the day `?as_of`, and stands on the page of that day too. One to `peek` at
    stands in the side panel of the list as well.
    """

    url_name: str
    place: Literal["badge", "figures", "main", "main_end", "aside", "past"]
    peek: bool = False
    dated: bool = False


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a figure is to keep to: at most or at least so much, and who says so."""

    at_most: bool
    value: float
    why: _StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Bounds(Entry):
    """What the figures of a client are to keep to, by the metric's key. A constant number of queries."""

    find: Callable[[Client, User], Mapping[str, Sequence[Bound]]]


@dataclass(frozen=True, kw_only=True)
class ClientAct(Entry):
    """An act of the client page's header; the URL takes the client's id. One that makes a file is posted to.

    Its permission is asked for the client. One that is `rare` stands in the menu alone.
    """

    icon: str
    url_name: str
    posts: bool = False
    rare: bool = False


@dataclass(frozen=True, kw_only=True)
class ProjectPanel(Entry):
    """A card of the project page; the URL takes the project's id."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class Attention(Entry):
    """A source of lines under "Who needs you" on Today. `more` is the address of all of them, or empty."""

    load: Callable[[Looking], Found]
    icon: str
    more: Callable[[Looking], str] = lambda looking: ""


@dataclass(frozen=True, kw_only=True)
class FacilityPanel(Entry):
    """A card of a facility's page; the URL takes the facility's id."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class MethodReadings(Entry):
    """What the criteria in effect read of a client, in a constant number of queries."""

    read: Callable[[Client], Sequence[Reading]]


@dataclass(frozen=True, kw_only=True)
class TodayCard(Entry):
    """A card of Today beside who needs one; an empty answer leaves it out."""

    url_name: str


@dataclass(frozen=True, kw_only=True)
class TimelineSource(Entry):
    """Events of one kind on a client's timeline, done by people or by the house itself.

    `load` gives at most so many of a client's events that the user may see, at or before a place, the latest first.
    """

    icon: str
    by: Literal["people", "system"]
    load: Callable[[Client, User, Span], Sequence[TimelineEvent]]


@dataclass(frozen=True, kw_only=True)
class CalendarSource(Entry):
    """Days of one kind on somebody's calendar, from one day to another, both of them included."""

    icon: str
    load: Callable[[Looking, date, date], Sequence[CalendarEntry]]


@dataclass(frozen=True, kw_only=True)
class HandoverPart(Entry):
    """What goes with a client to another RM: the rows of `model` (app.Model) whose `owner` column names who has them.

    `client` names the client of the row `t`, and only rows for which `current` holds go: SQL, our own text. `version` is
    a column that counts changes.
    """

    model: str
    owner: str
    client: str = "t.client_id"
    current: str = "true"
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class PaletteEntry(Entry):
    """An act or page that the palette offers beside those of the sidebar."""

    icon: str
    url_name: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record that the search found, and how well it answers: smaller ranks first (`crm.selectors.nearest`)."""

    label: _StrOrPromise
    url: str
    rank: tuple[int, ...]
    detail: str = ""
    badge: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A case that may have come of an invitation: `amount` in units of its `currency`."""

    pk: int
    label: str
    url: str
    amount: Any
    currency: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class OutcomeSource(Entry):
    """Where campaigns lead to: an app above crm has cases.

    `offered` gives the cases of clients by client id, `told` those of ids; each in a constant number of queries, and
    only what the user may see.
    """

    offered: Callable[[Sequence[int], User], Mapping[int, Sequence[Outcome]]]
    told: Callable[[Sequence[int], User], Sequence[Outcome]]


@dataclass(frozen=True, kw_only=True)
class SearchSource(Entry):
    """A kind of record that the search goes through.

    `find` gives, in a constant number of queries, at most so many records that hold the words (`crm.core.terms`) and
    that the user may see, best first.
    """

    find: Callable[[User, Sequence[str], int], Sequence[Hit]]


E = TypeVar("E", bound=Entry)


@dataclass
class Slot(Generic[E]):
    """The entries of one place, in order: those that apps register, and those that sources make of records."""

    entries: dict[str, E] = field(default_factory=dict)
    sources: list[Callable[[User], Sequence[E]]] = field(default_factory=list)

    def add(self, *entries: E) -> None:
        """Register entries. Raises ValueError for a key that is taken."""
        for entry in entries:
            if entry.key in self.entries:
                raise ValueError(f"The slot already has an entry named {entry.key!r}")
            self.entries[entry.key] = entry

    def add_source(self, source: Callable[[User], Sequence[E]]) -> None:
        """Register what makes entries of records each time they are asked for, in one query for a page."""
        self.sources.append(source)

    def for_user(self, user: User) -> list[E]:
        every = [*self.entries.values(), *self._made(user)]
        ordered = sorted(every, key=lambda entry: entry.order)
        return [entry for entry in ordered if allows(entry.permission, user)]

    def get(self, key: str, user: User) -> E | None:
        made = (entry for entry in self._made(user) if entry.key == key)
        entry = self.entries.get(key) or next(made, None)
        return entry if entry and allows(entry.permission, user) else None

    def _made(self, user: User) -> Iterator[E]:
        for source in self.sources:
            yield from source(user)

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self.entries.values(), key=lambda entry: entry.order))


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
