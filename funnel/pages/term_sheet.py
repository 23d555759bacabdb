"""A term sheet in words: on its page beside what the policy says, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.formats import MISSING, day, exact, listed, localized, money, percent
from crm.models import User
from funnel.core.departures import (
    ADD_ON,
    BASE_RATE,
    CEILING,
    COVER,
    PRODUCT,
    TICKET,
    Departure,
    PolicyTerms,
)
from funnel.models import Case, CheckItem, TermSheet
from funnel.selectors.parties import Party, in_percent, parties_of
from funnel.selectors.terms import policy_of
from funnel.services.term_sheets import departures_of
from tiering.core.tier_policy import WHOLE, Ticket
from tiering.pages.consequences import add_on_text, percent_a_year, ticket_text
from tiering.paper import Paper, Section, Table


@dataclass(frozen=True)
class Line:
    """One term as it is offered, and what the policy says of it (empty: nothing); `departs`: it is more generous."""

    label: str
    offered: str
    policy: str = ""
    departs: bool = False


def lines_of(sheet: TermSheet) -> list[Line]:
    """Every term; a draft is held against the policy as it is now, others against that of their submission."""
    policy, found = held_against(sheet)
    return list(_lines(sheet, policy, {one.code for one in found}))


def held_against(sheet: TermSheet) -> tuple[PolicyTerms | None, list[Departure]]:
    if sheet.is_draft:
        return policy_of(sheet.case), departures_of(sheet)
    return PolicyTerms.read(sheet.policy), [Departure(**one) for one in sheet.departures]


def _lines(sheet: TermSheet, policy: PolicyTerms | None, departs: set[str]) -> Iterator[Line]:
    case = sheet.case
    yield Line(
        _("Amount"),
        f"{case.currency} {exact(sheet.amount)}",
        " · ".join(_of_amounts(policy)) if policy else "",
        bool(departs & {CEILING, TICKET}),
    )
    yield Line(
        _("Product"),
        str(case.get_product_display()),
        _("not offered in this tier") if PRODUCT in departs else "",
        PRODUCT in departs,
    )
    yield Line(
        _("Rate"),
        _("%(rate)s %% a year (%(base)s %% and %(add_on)s)")
        % {"rate": plain(sheet.rate), "base": plain(sheet.base_rate), "add_on": add_on_text(sheet.add_on)},
        " · ".join(_of_rates(policy)) if policy else "",
        bool(departs & {ADD_ON, BASE_RATE}),
    )
    yield Line(_("Tenor"), _("%(months)d months") % {"months": sheet.tenor_months})
    yield Line(
        _("Arrangement fee"),
        _("%(fee)s %% of the amount, once") % {"fee": plain(sheet.fee)} if sheet.fee else _("none"),
    )
    yield Line(
        _("Collateral"),
        " · ".join(filter(None, [covered(sheet.cover), sheet.collateral])),
        covered(policy.cover) if policy else "",
        COVER in departs,
    )
    yield Line(_("Valid until"), day(sheet.valid_until))


def _of_amounts(policy: PolicyTerms) -> Iterator[str]:
    if policy.room is not None:
        yield _("may still be lent: %(amount)s") % {"amount": money(max(policy.room, 0))}
    if policy.ticket_least is not None or policy.ticket_most is not None:
        yield _("a case: %(size)s") % {"size": ticket_text(Ticket(policy.ticket_least, policy.ticket_most))}


def _of_rates(policy: PolicyTerms) -> Iterator[str]:
    if policy.base_rate is not None:
        yield _("house's rate %(rate)s %%") % {"rate": percent_a_year(policy.base_rate)}
    yield add_on_text(policy.add_on)


def plain(number: Decimal) -> str:
    """Without zeros at its end."""
    return number_format(f"{number.normalize():f}")


def covered(points: int) -> str:
    return _("covers %(share)s of the amount") % {"share": percent(points / WHOLE)} if points else _("none")


def paper_of(sheet: TermSheet, reader: User) -> Paper:
    """What the client is given: the terms, without what the policy says of them; with the further clients that the
    reader may see by their names."""
    case, client = sheet.case, sheet.case.client
    terms: list[tuple[str, ...]] = [(line.label, line.offered) for line in lines_of(sheet)]
    sections = [Section(pgettext("term sheet", "Terms"), [Table((_("Term"), _("Offered")), terms, texts=2)])]
    if sheet.covenants:
        rows: list[tuple[str, ...]] = [(str(n), text) for n, text in enumerate(sheet.covenants, 1)]
        sections.append(Section(_("Covenants"), [Table((_("No."), _("Covenant")), rows, texts=2)]))
    if conditions := _conditions(case):
        table = Table((_("No."), _("Condition"), _("Due"), _("State")), conditions, texts=4)
        sections.append(Section(_("Conditions precedent to drawdown"), [table]))
    return Paper(
        title=_("Term sheet"),
        subtitle=" · ".join([client.name, case.code, _("version %(number)s") % {"number": sheet.number}]),
        details=list(_details(sheet, reader)),
        sections=sections,
    )


def _details(sheet: TermSheet, reader: User) -> Iterator[tuple[str, str]]:
    case = sheet.case
    if sheet.status != TermSheet.Status.ISSUED:
        yield _("Status"), _("%(status)s: this is no offer") % {"status": sheet.get_status_display()}
    elif sheet.issued_at:
        yield _("Issued on"), day(sheet.issued_at)
    yield _("Client"), f"{case.client.name} ({case.client.code})"
    for part, parties in groupby(parties_of(case, reader), key=lambda one: one.row.get_part_display()):
        yield str(part), listed(_party(one) for one in parties)
    if case.project:
        yield _("Project"), str(case.project)
    if case.purpose:
        yield _("Purpose"), case.purpose
    yield _("Relationship manager"), localized(case.client.rm) or MISSING


def _party(party: Party) -> str:
    code = f" ({party.client.code})" if party.client else ""
    share = f", {in_percent(party.row.share)}" if party.row.share else ""
    return f"{party.name}{code}{share}"


def _conditions(case: Case) -> list[tuple[str, ...]]:
    points = case.checks.filter(kind=CheckItem.Kind.PRECEDENT)
    return [
        (str(number), str(point), day(point.due_on), str(point.get_state_display()))
        for number, point in enumerate(points, 1)
    ]


def pdf_of_sheet(sheet: TermSheet, reader: User) -> tuple[str, bytes]:
    """The name of the file and its content, in the reader's language."""
    from tiering.paper_pdf import pdf_of  # with reportlab, which the start needs not

    return f"term-sheet-{sheet.case.code}-v{sheet.number}.pdf", pdf_of(paper_of(sheet, reader))


def departure_text(one: Departure) -> str:
    """A departure in words."""
    told: dict[str, Any] = {
        BASE_RATE: lambda: (
            _("The house's rate is %(offered)s %%, the policy says %(policy)s %%.")
            % {
                "offered": percent_a_year(one.offered or 0),
                "policy": percent_a_year(one.policy or 0),
            }
        ),
        TICKET: lambda: (
            (
                _("It comes to %(offered)s; a case of the tier asks for %(policy)s at least.")
                if (one.offered or 0) < (one.policy or 0)
                else _("It comes to %(offered)s; a case of the tier asks for %(policy)s at most.")
            )
            % {"offered": money(one.offered), "policy": money(one.policy)}
        ),
        ADD_ON: lambda: (
            _("The add-on is %(offered)s, the policy says %(policy)s.")
            % {"offered": add_on_text(int(one.offered or 0)), "policy": add_on_text(int(one.policy or 0))}
        ),
        COVER: lambda: (
            _("Collateral %(offered)s, the policy asks that it %(policy)s.")
            % {"offered": covered(int(one.offered or 0)), "policy": covered(int(one.policy or 0))}
        ),
        CEILING: lambda: (
            _("It comes to %(offered)s, and %(policy)s may still be lent.")
            % {"offered": money(one.offered), "policy": money(max(one.policy or 0, 0))}
        ),
        PRODUCT: lambda: _("Clients of the tier are not offered this product."),
    }
    return str(told[one.code]())
