"""The evidence of a periodic review: what its page shows, and the same as a paper to be filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.formats import MISSING, day, localized, moment, money, percent
from crm.models import Facility, Interaction
from crm.selectors.figures import open_on, with_balance
from tiering import display
from tiering.facts import local_day
from tiering.models import Alert, FacilityChange, PeriodicReview, Proposal
from tiering.pages.account import Account, account_of
from tiering.pages.consequences import Line, consequence_lines
from tiering.pages.facility_changes import ChangeLine, change_line
from tiering.pages.warning_words import evidence_text
from tiering.paper import Block, Paper, Section, Table
from tiering.selectors.alerts import indicators_by_alert
from tiering.selectors.catalogue import catalogue
from tiering.selectors.consequences import Consequences, consequences_of
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.evidence import Evidence, evidence_at

INTERACTIONS, DECISIONS = 15, 10


@dataclass(frozen=True)
class FactLine:
    """A value that the criteria read, where it came from and of which day it is."""

    label: str
    value: str
    source: str
    as_of: str


@dataclass(frozen=True)
class AlertLine:
    """An alert that was open: since when, what warned, and why."""

    since: str
    severity: str
    label: str
    why: str
    status: str


@dataclass(frozen=True)
class Pack:
    """What a review rests on, as of the moment at which it was signed, or of now."""

    review: PeriodicReview
    at: datetime
    account: Account | None
    facts: Sequence[FactLine]
    follows: Consequences | None
    consequences: Sequence[Line]
    facilities: Sequence[Facility]
    interactions: Sequence[Interaction]
    alerts: Sequence[AlertLine]
    decisions: Sequence[Proposal]
    changes: Sequence[ChangeLine]


def pack_of(review: PeriodicReview) -> Pack:
    """The evidence of a review. What is over is told as it stood when it was signed."""
    at = review.signed_at or timezone.now()
    client, scheme = review.client, review.scheme
    evidence = evidence_at(client, scheme, at)
    follows = consequences_of(client, scheme, at)
    on = local_day(at)
    decided = Proposal.objects.filter(client=client, scheme=scheme, decided_at__lte=at)
    changes = FacilityChange.objects.filter(client=client, created_at__lte=at)
    alerts = Alert.objects.filter(client=client, opened_at__lte=at).exclude(resolved_at__lte=at)
    return Pack(
        review=review,
        at=at,
        account=account_of(evidence, tiers_by_rank(scheme)) if evidence else None,
        facts=fact_lines(evidence) if evidence else [],
        follows=follows,
        consequences=consequence_lines(follows) if follows else [],
        facilities=list(with_balance(client.facilities.filter(open_on(on)), on)),
        interactions=list(
            client.interactions.filter(at__lte=at).select_related("author").order_by("-at")[:INTERACTIONS]
        ),
        alerts=_alerts(list(alerts.order_by("-opened_at"))),
        decisions=list(
            decided.select_related("from_tier", "to_tier", "decided_by").order_by("-decided_at")[:DECISIONS]
        ),
        changes=[
            change_line(change)
            for change in changes.select_related("facility", "decided_by").order_by("-pk")[:DECISIONS]
        ],
    )


def fact_lines(evidence: Evidence) -> list[FactLine]:
    """The values that are known and that the criteria read."""
    return [
        FactLine(
            display.metric_label(key, evidence.catalogue),
            display.metric_value(key, evidence.facts.get(key), evidence.catalogue),
            display.source_text(source.source),
            day(source.as_of),
        )
        for key, source in evidence.sources.items()
    ]


def _alerts(alerts: Sequence[Alert]) -> list[AlertLine]:
    indicators, names = indicators_by_alert(alerts), catalogue()
    return [
        AlertLine(
            since=day(alert.opened_at),
            severity=str(alert.get_severity_display()),
            label=display.label(found.label) if (found := indicators.get(alert.pk)) else alert.indicator,
            why=evidence_text(alert, names),
            status=str(alert.get_status_display()),
        )
        for alert in alerts
    ]


def paper_of(review: PeriodicReview) -> tuple[str, bytes]:
    """The name of the file and its content, as PDF in the reader's language."""
    from tiering.paper_pdf import pdf_of  # with reportlab, which the start needs not

    return f"review-{review.client.code}-{review.pk}.pdf", pdf_of(paper(pack_of(review)))


def paper(pack: Pack) -> Paper:
    """The evidence as values, section by section; a section without anything to say is left out."""
    review = pack.review
    return Paper(
        title=_("Periodic review"),
        subtitle=f"{review.client.name} · {review.scheme.label}",
        details=list(_details(pack)),
        sections=[section for section in _sections(pack) if section.blocks],
    )


def _details(pack: Pack) -> Iterator[tuple[str, str]]:
    review = pack.review
    yield _("Client"), f"{review.client.code} · {review.client.name}"
    yield _("Relationship manager"), localized(review.client.rm) or MISSING
    yield _("Due on"), day(review.due_on)
    yield _("Last assessed on"), day(review.last_on)
    yield _("As of"), moment(pack.at)
    yield _("Status"), str(review.get_status_display())
    if review.prepared_by:
        yield _("Prepared by"), f"{localized(review.prepared_by)} · {moment(review.prepared_at)}"
    if review.signed_by:
        yield _("Signed by"), f"{localized(review.signed_by)} · {moment(review.signed_at)}"


def _sections(pack: Pack) -> Iterator[Section]:
    review = pack.review
    yield Section(_("Conclusion"), list(_conclusion(review)))
    yield Section(_("Tier and why"), list(_why(pack.account)))
    yield Section(
        _("What follows from the tier"),
        _rows(
            (_("What"), _("Now"), _("Remarks")),
            [(one.label, one.after, one.note) for one in pack.consequences],
            3,
        ),
    )
    facts = [(one.label, one.value, one.source, one.as_of) for one in pack.facts]
    yield Section(
        _("Facts and their sources"), _rows((_("Metric"), _("Value"), _("Source"), _("As of")), facts, 4)
    )
    yield Section(_("Exposure"), _facilities(pack.facilities))
    talks = [
        (day(one.at), str(one.get_kind_display()), one.subject, localized(one.author))
        for one in pack.interactions
    ]
    yield Section(
        _("Recent contacts"),
        _rows((pgettext("on paper", "Day"), _("Kind"), _("Subject"), _("Author")), talks, 4),
    )
    alerts = [(one.since, one.severity, one.label, one.why, one.status) for one in pack.alerts]
    head = (_("Since"), _("Severity"), _("Indicator"), _("Why"), _("Status"))
    yield Section(_("Open alerts"), _rows(head, alerts, 5))
    yield Section(_("Decisions on the tier"), _decisions(pack.decisions))
    changes = [(one.created, one.what, one.move, one.status) for one in pack.changes]
    yield Section(
        _("Changes of facilities"),
        _rows((_("Proposed"), _("Facility"), _("Change"), _("Status")), changes, 4),
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> list[Block]:
    return [Table(head, rows, texts)] if rows else []


def _conclusion(review: PeriodicReview) -> Iterator[Block]:
    if review.conclusion:
        yield str(review.get_conclusion_display())
        yield review.findings
    if review.remark:
        yield _("Remark of who signs: {remark}").format(remark=review.remark)


def _why(account: Account | None) -> Iterator[Block]:
    if account is None:
        return
    yield _("Tier {tier}, {score} points").format(tier=account.tier.key, score=account.score)
    yield Table(
        (_("Dimension"), _("Weight"), _("Points"), _("Change"), _("Says most")),
        [
            (
                row.label,
                row.weight,
                row.contribution,
                MISSING if row.change is None else f"{row.change:+.1f}",
                row.lead_text,
            )
            for row in account.dimensions
        ],
    )
    if account.gates:
        yield Table(
            (_("Gate"), _("Value"), _("Effect")),
            [(gate.label, gate.values, gate.effect if gate.fired else _("passed")) for gate in account.gates],
            3,
        )


def _facilities(facilities: Sequence[Facility]) -> list[Block]:
    rows = [
        (
            one.number,
            str(one.get_product_display()),
            money(one.limit),
            money(getattr(one, "balance", None)),
            percent(one.rate, 2),
            day(one.matures_on),
        )
        for one in facilities
    ]
    head = (_("Facility"), _("Product"), _("Limit"), _("Drawn"), _("Rate"), _("Matures"))
    return [Table(head, rows, 2)] if rows else [_("The client owes nothing.")]


def _decisions(decisions: Sequence[Proposal]) -> list[Block]:
    rows = [
        (
            day(one.decided_at),
            f"{one.from_tier.key} → {one.to_tier.key}",
            str(one.get_status_display()),
            localized(one.decided_by),
            one.comment,
        )
        for one in decisions
    ]
    head = (pgettext("on paper", "Day"), _("Move"), _("Decision"), _("By"), _("Comment"))
    return [Table(head, rows, 5)] if rows else []
