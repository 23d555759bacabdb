"""The list of prospects that an address asks for: its view, filters, order and page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.ids import ids_of
from crm.models import Industry, Region, User
from crm.paging import Order, Page, page_of
from crm.querysets import books
from funnel.models import LeadSource, Prospect
from funnel.selectors.screening import screening

PAGE_SIZE: Final = 50
NOBODY, NONE = "nobody", "none"
VIEWS: Final = {
    "": pgettext_lazy("prospects", "Open"),
    "mine": pgettext_lazy("prospects", "Mine"),
    "decided": pgettext_lazy("prospects", "Decided"),
    "all": pgettext_lazy("prospects", "All"),
}
ORDERS: Final = {
    "name": ("sort_key", _("Prospect")),
    "score": ("score__score", _("Score")),
    "arrived": ("arrived_at", _("Arrived")),
    "touched": ("touched_at", _("Last contact")),
}
NEWEST: Final = "-arrived"
FILTERS: Final = {
    "source": _("Source"),
    "tier": _("Tier"),
    "owner": _("Owner"),
    "status": _("Status"),
    "region": _("Region"),
    "industry": _("Industry"),
}
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class ProspectList:
    """What an address asks for, as far as we know it; `chosen` are the values of each menu."""

    user: User
    view: str = ""
    term: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = NEWEST

    @classmethod
    def read(cls, params: QueryDict, user: User) -> ProspectList:
        sort = params.get("sort", NEWEST)
        return cls(
            user=user,
            view=params.get("view", "") if params.get("view") in VIEWS else "",
            term=" ".join(params.get("q", "").split())[:100],
            chosen={key: params.getlist(key)[:100] for key in FILTERS if params.getlist(key)},
            sort=sort if sort.removeprefix("-") in ORDERS else NEWEST,
        )

    def prospects(self) -> QuerySet[Prospect]:
        """The prospects asked for, unordered; what a menu does not offer is nobody's."""
        rows = Prospect.objects.visible_to(self.user)
        if self.view == "":
            rows = rows.open()
        elif self.view == "mine":
            rows = rows.open().filter(books(self.user, "owner"))
        elif self.view == "decided":
            rows = rows.exclude(status__in=Prospect.OPEN)
        rows = rows.matching(self.term)
        for key, values in self.chosen.items():
            rows = rows.filter(_condition(key, values))
        return rows

    @property
    def order(self) -> Order:
        return Order(ORDERS[self.sort.removeprefix("-")][0], self.sort.startswith("-"))

    def told(self) -> QuerySet[Prospect]:
        """The prospects asked for with what a row of the list says of each."""
        return self.prospects().select_related("source", "owner", "score__tier", "region", "industry")

    def page(self, *, after: str = "", before: str = "") -> Page[Prospect]:
        """Found by ids, which indexes tell, and read whole then: a team's thousands are not read to show fifty."""
        ids = self.prospects().only("pk")
        page = page_of(ids, self.order, PAGE_SIZE, after=after, before=before)
        told = self.told().in_bulk([one.pk for one in page.rows])
        return replace(page, rows=[told[one.pk] for one in page.rows if one.pk in told])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.term or self.chosen)

    def address(self, **more: str) -> str:
        """The query string that asks for this list, without what is default."""
        parts = {
            "view": self.view,
            "q": self.term,
            **self.chosen,
            "sort": "" if self.sort == NEWEST else self.sort,
            **more,
        }
        return urlencode({key: value for key, value in parts.items() if value}, doseq=True)

    def sorted_by(self, key: str) -> ProspectList:
        """The next step of a click on a header: descending first (ascending for names), the other way, off."""
        first, second = (key, f"-{key}") if key == "name" else (f"-{key}", key)
        return replace(self, sort={first: second, second: NEWEST}.get(self.sort, first))

    def heads(self) -> list[dict[str, Any]]:
        """The headers that sort, each with its way and the address of its next step."""
        return [
            {
                "key": key,
                "label": label,
                "is_sorted": self.sort.removeprefix("-") == key,
                "descending": self.sort.startswith("-"),
                "address": self.sorted_by(key).address(),
            }
            for key, (_field, label) in ORDERS.items()
        ]

    def menus(self) -> list[dict[str, Any]]:
        """The filters with what they offer."""
        return [
            {"key": key, "label": label, "options": options, "chosen": self.chosen.get(key, [])}
            for key, label in FILTERS.items()
            if (options := _options(key, self.user))
        ]


def _condition(key: str, values: list[str]) -> Q:
    if key == "status":
        return Q(status__in=values)
    if key == "tier":
        return _of_tiers(values)
    ids = Q(**{f"{key}__in": ids_of(values)})
    return ids | Q(owner=None) if key == "owner" and NOBODY in values else ids


def _of_tiers(keys: list[str]) -> Q:
    """By their ids: how many prospects have a tier the database knows, how many have one of some name it guesses."""
    chosen = screening()
    tiers = [tier.pk for tier in chosen.scheme.tiers.all() if tier.key in keys] if chosen else []
    scored = Q(score__tier__in=tiers)
    return scored | Q(score=None) if NONE in keys else scored


def words_of(asked: ProspectList) -> str:
    """What the list is narrowed to and its order, as people read it."""
    parts = [str(VIEWS[asked.view])]
    if asked.term:
        parts.append(f"“{asked.term}”")
    for menu in asked.menus():
        chosen = [label for value, label in menu["options"] if value in menu["chosen"]]
        if chosen:
            parts.append(f"{menu['label']}: {', '.join(chosen)}")
    order = gettext("by %(column)s, descending") if asked.order.descending else gettext("by %(column)s")
    label = ORDERS[asked.sort.removeprefix("-")][1]
    return " · ".join([*parts, order % {"column": label}])


def _options(key: str, user: User) -> Options:
    seen = Prospect.objects.visible_to(user)
    if key == "status":
        return [(value, str(label)) for value, label in Prospect.Status.choices]
    if key == "tier":
        chosen = screening()
        tiers = chosen.scheme.tiers.order_by("rank") if chosen else ()
        return [*((tier.key, tier.label) for tier in tiers), (NONE, str(_("Not scored")))]
    if key == "source":
        return [(str(one.pk), one.name) for one in LeadSource.objects.visible_to(user)]
    if key == "owner":
        owners = User.objects.filter(_some(seen, "owner", user)).order_by("name")
        return [(NOBODY, str(_("Nobody"))), *((str(one.pk), localized(one)) for one in owners)]
    model: Any = Region if key == "region" else Industry
    return [(str(one.pk), localized(one)) for one in model.objects.filter(_some(seen, key, user))]


def _some(seen: QuerySet[Prospect], field: str, user: User) -> Exists | Q:
    """Whether a row is the `field` of any prospect that is seen: one look into an index for each of the few rows there
    are; for a team its own prospects are fewer than what such a look would pass over."""
    if user.sees_every_client:
        return Exists(seen.filter(**{field: OuterRef("pk")}))
    return Q(pk__in=seen.order_by().values(field).distinct())
