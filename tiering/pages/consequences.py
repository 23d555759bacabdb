"""What follows from a tier, in words: a line for each thing, before and after a move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.formats import listed, money
from crm.models import CasePaper
from tiering import display
from tiering.core.metric import Catalogue
from tiering.core.tier_policy import CAP, Ceiling, Follows, Terms, Ticket
from tiering.selectors.catalogue import catalogue
from tiering.selectors.consequences import Consequences
from tiering.selectors.tier_policies import products_in_effect


@dataclass(frozen=True)
class Line:
    """One thing that follows. `before` is empty where there is nothing to compare with; `note` says why, or what is not
    known; `moved`, whether it changes."""

    key: str
    icon: str
    label: str
    before: str
    after: str
    note: str = ""

    @property
    def moved(self) -> bool:
        return bool(self.before) and self.before != self.after


def consequence_lines(found: Consequences) -> list[Line]:
    """A line for each thing that follows, in a constant number of queries."""
    names, products = catalogue(), product_names()
    before = dict(_told(found.before, products)) if found.before else {}
    notes = {
        "limit": limit_note(found, names),
        "add_on": " · ".join(filter(None, [rate_text(found), facilities_note(found)])),
        "collateral": collateral_note(found),
    }
    return [
        Line(key, icon, str(label), before.get(key, ""), after or _("none"), notes.get(key, ""))
        for key, after in _told(found.after, products)
        if after or before.get(key)
        for icon, label in [_NAMES[key]]
    ]


_NAMES = {
    "limit": ("gauge", gettext_lazy("Limit ceiling")),
    "add_on": ("percent", gettext_lazy("Price add-on")),
    "collateral": ("landmark", gettext_lazy("Collateral")),
    "review": ("calendar-clock", gettext_lazy("Review")),
    "contact": ("phone", gettext_lazy("Contact")),
    "monitoring": ("eye", gettext_lazy("Monitoring")),
    "team": ("users", gettext_lazy("Looked after by")),
    "service": ("handshake", gettext_lazy("Service")),
    "events": ("gift", gettext_lazy("Events")),
    "products": ("package", gettext_lazy("Products offered")),
    "ticket": ("wallet", gettext_lazy("Size of a case")),
    "documents": ("file-text", gettext_lazy("Documents of a case")),
}


def _told(follows: Follows, products: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    terms, service = follows.terms, follows.terms.service
    yield "limit", ceiling_text(follows.ceiling) if terms.limit else ""
    yield "add_on", add_on_text(terms.add_on)
    yield "collateral", collateral_text(follows)
    yield "review", months_text(terms.review_months)
    yield "contact", _("at least {frequency}").format(frequency=days_text(terms.contact_days))
    yield "monitoring", days_text(terms.monitoring_days)
    yield "team", display.label(service.team) if service.team else ""
    yield "service", listed(map(display.label, service.products))
    yield (
        "events",
        listed(
            _("{event} {frequency}").format(
                event=display.label(event.label), frequency=months_text(event.months)
            )
            for event in service.events
        ),
    )
    yield "products", products_text(terms, products)
    yield "ticket", ticket_text(terms.ticket) if terms.ticket else ""
    yield "documents", documents_text(terms.documents)


def ceiling_text(ceiling: Ceiling) -> str:
    """How much may be lent in all."""
    return _("not known") if ceiling.amount is None else money(ceiling.amount)


def limit_note(found: Consequences, names: Catalogue) -> str:
    """What bounds the ceiling, what is not known of it, and where it is exceeded."""
    ceiling = found.after.ceiling
    said = []
    if ceiling.bound_by == CAP:
        said.append(_("by the cap"))
    elif ceiling.bound_by:
        said.append(_("by {metric}").format(metric=display.metric_label(ceiling.bound_by, names)))
    if ceiling.unknown:
        unknown = listed(display.metric_label(metric, names) for metric in ceiling.unknown)
        said.append(_("not known: {metrics}").format(metrics=unknown))
    if found.headroom is not None and found.headroom < 0:
        said.append(_("limits exceed it by {amount}").format(amount=money(-found.headroom)))
    if found.facilities_by:
        said.append(facilities_note(found))
    return " · ".join(said)


def facilities_note(found: Consequences) -> str:
    """By which other scheme the client's facilities go."""
    if found.facilities_by is None:
        return ""
    return _("facilities go by {scheme}").format(scheme=found.facilities_by.label)


def add_on_text(basis_points: int) -> str:
    """What is paid on top of the house's rate in a year."""
    if not basis_points:
        return _("none")
    return _("{points} basis points").format(points=f"{basis_points:+d}")


def rate_text(found: Consequences) -> str:
    """What the tier pays in all; empty where the policy does not say the house's rate."""
    if found.base_rate is None:
        return ""
    rates = {"rate": found.base_rate + found.after.terms.add_on, "base": found.base_rate}
    said = {name: percent_a_year(points) for name, points in rates.items()}
    return _("{rate} % a year with the house's {base} %").format(**said)


def percent_a_year(basis_points: float) -> str:
    """Basis points as percent, without zeros at the end: 345 is 3.45."""
    return number_format(f"{basis_points / 100:g}")


def ticket_text(ticket: Ticket) -> str:
    """How much a case may ask for."""
    least, most = money(ticket.least), money(ticket.most)
    if ticket.most is None:
        return _("{least} or more").format(least=least)
    if ticket.least is None:
        return _("up to {most}").format(most=most)
    return _("{least} to {most}").format(least=least, most=most)


def documents_text(kinds: Iterable[str]) -> str:
    """Which documents a case has to have."""
    return listed(str(CasePaper(kind).label) for kind in kinds)


def collateral_text(follows: Follows) -> str:
    """How much is to be covered, and by what."""
    if not follows.terms.cover:
        return _("none asked for")
    share = display.weight(follows.terms.cover)
    text = _("{share} of exposure").format(share=share)
    if follows.to_cover:
        text = _("{amount} ({share} of exposure)").format(amount=money(follows.to_cover), share=share)
    return text


def collateral_note(found: Consequences) -> str:
    """Which collateral is asked for."""
    asked = found.after.terms.collateral
    return display.label(asked) if asked and found.after.terms.cover else ""


def months_text(months: int) -> str:
    """Every so many months."""
    if months == 12:
        return _("every year")
    return ngettext("every month", "every %(months)d months", months) % {"months": months}


def days_text(days: int) -> str:
    """Every so many days."""
    return ngettext("every day", "every %(days)d days", days) % {"days": days}


def products_text(terms: Terms, names: Mapping[str, str]) -> str:
    """What the clients of a tier are offered."""
    if terms.products is None:
        return _("all")
    return listed(names.get(key, key) for key in terms.products) or _("none")


def product_names() -> dict[str, str]:
    """The name of each product in effect by its key."""
    found = products_in_effect()
    return {product.key: display.label(product.label) for product in found.products} if found else {}
