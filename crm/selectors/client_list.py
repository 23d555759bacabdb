"""The client list that an address asks for: term, view, filters, order, page.

Anything not on offer is ignored in an address that somebody opens; what is kept, and read later, asks to be read as
exactly what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from crm import slots
from crm.formats import localized
from crm.ids import id_of
from crm.models import Client, SavedView, User
from crm.paging import Order, Page, page_of
from crm.prepared import Reader, prepared
from crm.querysets import ClientQuerySet
from crm.reading import read_once
from crm.selectors.named import Named

PAGE_SIZE = 50
BY_NAME = Order("sort_key")
EVERYTHING = "all"
CLIENTS = "clients"
"""The key of this list, by which views and columns are kept."""


@dataclass(frozen=True)
class ListQuery:
    """What an address asks for, each part checked against what the user is offered."""

    user: User
    term: str
    view: slots.ListView
    chosen: Mapping[str, Sequence[str]]
    column: slots.ListColumn | None
    descending: bool
    where: slots.Sentence | None = None
    saved: SavedView | None = None
    is_void: bool = False

    @classmethod
    def read(cls, params: QueryDict, user: User, *, exact: bool = False) -> ListQuery:
        """What the user is offered of it. Where it is to be `exact`, a view or a filter of which nothing is on offer any
        more leaves nobody, rather than everybody."""
        views, language = slots.list_views, conditions_for(user)
        where = params.get("where", "").strip()
        sort = params.get("sort", "")
        column = slots.list_columns.get(sort.removeprefix("-"), user) if sort else None
        view, chosen = views.get(params.get("view", ""), user), _chosen(params, user)
        return cls(
            user=user,
            term=params.get("q", "").strip(),
            view=view or views.entries[EVERYTHING],
            chosen=chosen,
            column=column if column and column.sorting else None,
            descending=sort.startswith("-"),
            where=language.read(where, user) if language and where else None,
            saved=saved_view(user, params.get("saved", "")),
            is_void=exact and (_lost(params, chosen) or (bool(params.get("view")) and view is None)),
        )

    def clients(self) -> ClientQuerySet:
        """The clients asked for, unordered."""
        if self.is_void:
            return Client.objects.visible_to(self.user).none()
        clients = self.view.narrow(Client.objects.visible_to(self.user), self.user).matching(self.term)
        for key, values in self.chosen.items():
            if values:
                clients = slots.list_filters.entries[key].narrow(clients, values)
        return self.where.narrow(clients) if self.where else clients

    @property
    def order(self) -> Order:
        if self.column and self.column.sorting:
            return Order(self.column.sorting.field, self.descending)
        return BY_NAME

    def ordered(self) -> ClientQuerySet:
        """The clients with what the order needs joined on."""
        clients = self.clients()
        return self.column.sorting.prepare(clients) if self.column and self.column.sorting else clients

    def page(self, *, after: str = "", before: str = "") -> Page[Client]:
        return page_of(self.ordered(), self.order, PAGE_SIZE, after=after, before=before)

    @property
    def sort(self) -> str:
        return f"{'-' if self.descending else ''}{self.column.key}" if self.column else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.term or self.where or any(self.chosen.values()))

    @property
    def view_key(self) -> str:
        """The tab that is shown: a view of ours or one that somebody saved."""
        return f"saved-{self.saved.pk}" if self.saved else self.view.key

    @property
    def is_changed(self) -> bool:
        """Whether the list asks for something else than the saved view that it began with."""
        return self.saved is not None and self.saved.query != self.filter_address()

    def filter_address(self, **more: str) -> str:
        """The address without the name of a saved view: what such a view keeps."""
        return replace(self, saved=None).address(**more)

    def address(self, **more: str) -> str:
        """The query string that asks for this list, without what is default; `more` adds or replaces parts."""
        return self._encoded(**more) if more else self._address

    @cached_property
    def _address(self) -> str:
        return self._encoded()

    def _encoded(self, **more: str) -> str:
        parts: dict[str, object] = {
            "view": "" if self.view.key == EVERYTHING else self.view.key,
            "q": self.term,
            **self.chosen,
            "where": self.where.text if self.where else "",
            "sort": self.sort,
            "saved": str(self.saved.pk) if self.saved else "",
            **more,
        }
        return urlencode({key: value for key, value in parts.items() if value}, doseq=True)

    @cached_property
    def unsorted_address(self) -> str:
        """The query string that asks for this list in the order that it has by itself."""
        return self._encoded(sort="")

    def address_by(self, column: slots.ListColumn) -> str:
        """The query string of the next step of a click on a header: ascending, descending, off."""
        sort = column.key if self.column != column else "" if self.descending else f"-{column.key}"
        return "&".join(filter(None, (self.unsorted_address, f"sort={sort}" if sort else "")))


def _chosen(params: QueryDict, user: User) -> dict[str, list[str]]:
    """Of each menu that is asked for, the values that are on offer."""
    return {
        entry.key: [
            option.value for option in options_of(entry, user) if option.value in params.getlist(entry.key)
        ]
        for entry in slots.list_filters.for_user(user)
        if entry.key in params
    }


def _lost(params: QueryDict, chosen: Mapping[str, Sequence[str]]) -> bool:
    """Whether something is asked of a menu, and nothing of it is on offer."""
    asked = {key for key in slots.list_filters.entries if any(params.getlist(key))}
    return any(not chosen.get(key) for key in asked)


@read_once
def options_of(entry: slots.ListFilter, user: User) -> Sequence[slots.Option]:
    """The choices of a filter."""
    return entry.options(user)


def conditions_for(user: User) -> slots.Conditions | None:
    """The language of conditions, where an app has one that the user may use."""
    return next(iter(slots.conditions.for_user(user)), None)


def saved_view(user: User, value: str) -> SavedView | None:
    """The view of that id, if the user may use it."""
    pk = id_of(value)
    return views_of(user).filter(pk=pk).first() if pk else None


class KeptView(NamedTuple):
    """A saved view as its tab shows it: whose it is where it is shared."""

    pk: int
    name: str
    query: str
    reach: str
    owner: Named

    @property
    def shared(self) -> str:
        """For whom it is, and whose; empty of one's own alone."""
        if self.reach == SavedView.Reach.PRIVATE:
            return ""
        return f"{SavedView.Reach(self.reach).label} · {localized(self.owner)}"


def kept_views(user: User) -> list[KeptView]:
    """Saved views of the client list that the user may use, by name."""
    return [
        KeptView(pk, name, query, reach, Named(*owner))
        for pk, name, query, reach, *owner in _kept_views(Reader.of(user))
    ]


@prepared
def _kept_views(reader: Reader) -> QuerySet:
    whose = ("owner", "owner__name", "owner__name_zh")
    return views_of(reader.user).values_list("pk", "name", "query", "reach", *whose)


def views_of(user: User) -> QuerySet[SavedView]:
    """Saved views of the client list that the user may use, by name."""
    return SavedView.objects.visible_to(user).filter(list_key=CLIENTS).select_related("owner")
