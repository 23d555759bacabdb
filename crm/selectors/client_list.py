"""The client list that an address asks for: term, view, filters, order, page. Anything not on offer is ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from crm import slots
from crm.models import Client, User
from crm.paging import Order, Page, page_of
from crm.querysets import ClientQuerySet

PAGE_SIZE = 50
BY_NAME = Order("sort_key")
EVERYTHING = "all"


@dataclass(frozen=True)
class ListQuery:
    """What an address asks for, each part checked against what the user is offered."""

    user: User
    term: str
    view: slots.ListView
    chosen: Mapping[str, Sequence[str]]
    column: slots.ListColumn | None
    descending: bool

    @classmethod
    def read(cls, params: QueryDict, user: User) -> ListQuery:
        views = slots.list_views
        sort = params.get("sort", "")
        column = slots.list_columns.get(sort.removeprefix("-"), user)
        return cls(
            user=user,
            term=params.get("q", "").strip(),
            view=views.get(params.get("view", ""), user) or views.entries[EVERYTHING],
            chosen={
                entry.key: [
                    option.value
                    for option in entry.options(user)
                    if option.value in params.getlist(entry.key)
                ]
                for entry in slots.list_filters.for_user(user)
                if entry.key in params
            },
            column=column if column and column.sorting else None,
            descending=sort.startswith("-"),
        )

    def clients(self) -> ClientQuerySet:
        """The clients asked for, unordered."""
        clients = self.view.narrow(Client.objects.visible_to(self.user), self.user).matching(self.term)
        for key, values in self.chosen.items():
            if values:
                clients = slots.list_filters.entries[key].narrow(clients, values)
        return clients

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
        clients = self.ordered().select_related("industry", "rm")
        return page_of(clients, self.order, PAGE_SIZE, after=after, before=before)

    @property
    def sort(self) -> str:
        return f"{'-' if self.descending else ''}{self.column.key}" if self.column else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.term or any(self.chosen.values()))

    def address(self, **more: str) -> str:
        """The query string that asks for this list, without what is default; `more` adds or replaces parts."""
        parts: dict[str, object] = {
            "view": "" if self.view.key == EVERYTHING else self.view.key,
            "q": self.term,
            **self.chosen,
            "sort": self.sort,
            **more,
        }
        return urlencode({key: value for key, value in parts.items() if value}, doseq=True)

    def sorted_by(self, column: slots.ListColumn) -> ListQuery:
        """The next step of a click on a header: ascending, descending, off."""
        if self.column != column:
            return replace(self, column=column, descending=False)
        return (
            replace(self, column=None, descending=False)
            if self.descending
            else replace(self, descending=True)
        )
