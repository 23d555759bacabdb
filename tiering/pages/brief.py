"""A client on one page, to be taken to a meeting: its tier and why, what warns, its figures, what was last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.formats import MISSING, ago, day, listed, localized, moment, money, percent
from crm.models import Client, User
from crm.ratio_lines import ratio_lines
from crm.selectors.figures import NO_EXPOSURE, exposures, last_contacts
from crm.selectors.records import latest_interactions, open_facilities_of
from crm.selectors.statements import ratios_of, statements_of
from tiering.facts import local_day
from tiering.pages.account import Account, account_of
from tiering.pages.alerts import of_client
from tiering.paper import Paper, Section, Table
from tiering.selectors.criteria import primary_scheme, tiers_by_rank
from tiering.selectors.evidence import evidence_at

MOST: Final = (8, 6, 5, 4, 3, 2, 1)
"""Rows of each table, fewer until it fits a page."""
A_PAGE: Final = re.compile(rb"/Type /Page\b")


@dataclass(frozen=True)
class Subject:
    """Whom the brief is about, who takes it, when, and the account of the tier; None without one."""

    client: Client
    user: User
    at: datetime
    account: Account | None


def brief_of(client: Client, user: User, at: datetime) -> tuple[str, bytes]:
    """The name of the file and its content: one page, as PDF in the reader's language."""
    from tiering.paper_pdf import pdf_of  # with reportlab, which the start needs not

    scheme = primary_scheme()
    evidence = evidence_at(client, scheme, at) if scheme else None
    account = account_of(evidence, tiers_by_rank(scheme)) if scheme and evidence else None
    subject, content = Subject(client, user, at, account), b""
    for most in MOST:
        content = pdf_of(paper(subject, most))
        if len(A_PAGE.findall(content)) == 1:
            break
    return f"brief-{client.code}-{local_day(at):%Y-%m-%d}.pdf", content


def paper(subject: Subject, most: int) -> Paper:
    """The brief as values, with so many rows a table; a section without anything to say is left out."""
    client = subject.client
    names = (client.second_name, client.code, localized(client.industry), localized(client.region))
    return Paper(
        title=client.name,
        subtitle=" · ".join(filter(None, names)),
        details=list(_details(subject)),
        sections=[
            Section(title, [table])
            for title, table in _tables(subject, most)
            if isinstance(table, str) or table.rows
        ],
    )


def _details(subject: Subject) -> Iterator[tuple[str, str]]:
    client, account, on = subject.client, subject.account, local_day(subject.at)
    owed = exposures([client.pk], on).get(client.pk, NO_EXPOSURE)
    if account:
        text = _("%(tier)s, %(score)s points") % {"tier": account.tier.label, "score": account.score}
        if account.change is not None:
            change = number_format(round(account.change, 1), decimal_pos=1)
            text += _(" (%(change)s in a quarter)") % {
                "change": f"{'+' if account.change > 0 else ''}{change}"
            }
        yield _("Tier"), text
    yield _("Exposure"), f"{money(owed.drawn)} / {money(owed.limit)} ({percent(owed.use)})"
    yield _("Relationship manager"), localized(client.rm) or MISSING
    yield _("Last contact"), ago(last_contacts([client.pk]).get(client.pk))
    yield (
        pgettext("on paper", "Taken by"),
        listed([localized(subject.user), moment(subject.at), _("confidential")]),
    )


def _tables(subject: Subject, most: int) -> Iterator[tuple[str, Table]]:
    client, user, on = subject.client, subject.user, local_day(subject.at)
    if subject.account:
        yield _why(subject.account, most)
    yield _alerts(client, user, most)
    statement = next(iter(statements_of(client, user)), None)
    if statement:
        lines = ratio_lines(client, ratios_of(statement), user)
        rows = [(line.label, line.value, line.bound or MISSING) for line in lines]
        title = _("Key ratios, year to %(end)s") % {"end": day(statement.period_end)}
        yield title, Table((_("Ratio"), _("Value"), _("Bound")), rows)
    facilities = open_facilities_of(client, user, on)[:most]
    owed: list[tuple[str, ...]] = [
        (one.get_product_display(), money(vars(one)["balance"]), money(one.limit), day(one.matures_on))
        for one in facilities
    ]
    yield _("Facilities"), Table((_("Product"), _("Drawn"), _("Limit"), _("Matures")), owed)
    contacts = latest_interactions(client, user, most)
    spoken = [
        (day(one.at), str(one.get_kind_display()), one.subject, localized(one.author)) for one in contacts
    ]
    yield (
        _("Last contacts"),
        Table((pgettext("on paper", "Day"), _("Kind"), _("Subject"), _("Who")), spoken, texts=4),
    )


def _why(account: Account, most: int) -> tuple[str, Table]:
    rows = [
        (row.label, row.weight, row.contribution, _signed(row.change), row.lead_text)
        for row in account.dimensions[:most]
    ]
    head: Sequence[str] = (_("Dimension"), _("Weight"), _("Points"), _("Change"), _("Leading value"))
    return _("Why tier %(tier)s") % {"tier": account.tier.key}, Table(head, rows)


def _alerts(client: Client, user: User, most: int) -> tuple[str, Table]:
    if not user.has_perm("tiering.view_alerts"):
        return _("Alerts"), Table((), [])
    rows = [
        (row.label, str(row.alert.get_severity_display()), row.why, day(row.alert.opened_at))
        for row in of_client(client, user)["rows"][:most]
    ]
    return _("Alerts"), Table((_("Alert"), _("Severity"), _("Why"), _("Since")), rows, texts=4)


def _signed(change: float | None) -> str:
    return MISSING if change is None else f"{change:+.1f}" if round(change, 1) else "0.0"
