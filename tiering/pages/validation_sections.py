"""A validation as a paper: the same figures as the page, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from crm.formats import MISSING, day, listed, localized, moment
from tiering.models import Validation
from tiering.pages.validation import Report
from tiering.pages.validation_lines import Moves, PowerLine
from tiering.pages.validation_list import outcome_text
from tiering.pages.validation_words import HELP
from tiering.paper import Block, Paper, Rates, Section, Square, Squares, Table


def paper_of(validation: Validation) -> tuple[str, bytes]:
    """The name of the file and its content, as PDF in the reader's language."""
    from tiering.paper_pdf import pdf_of  # with reportlab, which the start needs not

    return f"validation-{validation.pk}.pdf", pdf_of(paper(Report(validation)))


def paper(report: Report) -> Paper:
    """The whole report as values."""
    version = report.validation.version
    subtitle = _("%(scheme)s · version %(number)s") % {
        "scheme": version.criteria.scheme.label,
        "number": version.number,
    }
    return Paper(
        title=_("Validation of criteria"),
        subtitle=f"{subtitle} · {outcome_text(report.validation)}",
        details=list(_details(report)),
        sections=list(sections(report)),
    )


def sections(report: Report) -> Iterator[Section]:
    """Every part of the report that has something to say."""
    yield Section(_("At a glance"), [_glance(report)], str(HELP["headline"]))
    rates: list[Block] = [Rates(report.dots), *report.order, _tiers(report)]
    yield Section(_("Bad rate by tier"), rates, str(HELP["rates"]))
    yield Section(_("How well the score tells them apart"), _curves(report), str(HELP["curves"]))
    powers: list[Block] = [
        _powers(_("Dimension"), report.dimensions),
        _powers(_("Indicator"), report.indicators),
    ]
    yield Section(_("Dimensions and indicators"), powers, str(HELP["power"]))
    if report.shifts:
        yield Section(_("Stability"), [_shifts(report)], str(HELP["stability"]))
    if report.moves:
        yield Section(
            _("Migration"),
            [block for one in report.moves for block in _moved(one)],
            str(HELP["migration"]),
        )
    yield Section(_("Concentration"), [_spreads(report)], str(HELP["concentration"]))
    yield Section(_("Overrides"), list(_overrides(report)), str(HELP["overrides"]))
    yield Section(_("Clients looked at"), [_cohorts(report)], str(report.outcome.help))


def _details(report: Report) -> Iterator[tuple[str, str]]:
    validation = report.validation
    yield _("Outcome"), outcome_text(validation)
    yield _("What is looked at"), validation.get_basis_display()
    yield _("Days"), listed(day(one) for one in validation.days)
    yield _("Content"), report.found["content_hash"]
    if validation.pk:
        yield _("Asked by"), localized(validation.requested_by)
        yield _("Computed"), moment(validation.finished_at)


def _glance(report: Report) -> Table:
    return Table(
        [_("Figure"), "", _("Value")],
        [[one.label, one.detail, one.value] for one in report.headlines],
        texts=2,
    )


def _tiers(report: Report) -> Table:
    return Table(
        [_("Tier"), _("Clients"), _("Bad"), _("Bad rate"), _("Interval"), _("Exposure")],
        [
            [f"{one.tier.key} {one.tier.label}" if one.tier.label != one.tier.key else one.tier.key, one.subjects,
             one.bad, one.rate, one.interval, one.exposure]
            for one in report.tier_lines
        ],
    )  # fmt: skip


def _curves(report: Report) -> list[Block]:
    if report.few:
        return [report.few]
    found, perfect = report.cap
    return [
        Squares(
            [
                Square(_("CAP curve"), _("share of all"), _("share of the bad"), [found, perfect]),
                Square(_("ROC curve"), _("share of the good"), _("share of the bad"), [report.roc]),
            ]
        )
    ]


def _powers(head: str, lines: Sequence[PowerLine]) -> Table:
    return Table(
        [head, _("Reading"), _("Gini"), _("Information value"), _("Known")],
        [[one.label, one.word, one.gini, one.information, one.known or MISSING] for one in lines],
        texts=2,
    )


def _shifts(report: Report) -> Table:
    return Table(
        [_("Distribution"), _("Reading"), _("PSI")],
        [[one.label, one.word, one.index] for one in report.shifts],
        texts=2,
    )


def _moved(one: Moves) -> Iterator[Block]:
    told = {"up": one.up, "down": one.down, "entered": one.entered, "left": one.left}
    text = _("bandwidth up %(up)s, down %(down)s; %(entered)s came, %(left)s went") % told
    yield f"{one.title}: {text}"
    yield Table(
        [_("From / to"), *(row.before.key for row in one.rows)],
        [
            [
                row.before.key,
                *(f"{cell.clients} ({share})" if cell.clients else "" for cell, share in row.cells),
            ]
            for row in one.rows
        ],
    )


def _spreads(report: Report) -> Table:
    return Table(
        ["", _("Reading"), _("Change"), _("HHI"), _("Even spread")],
        [[one.label, one.word, one.change, one.index, one.even] for one in report.spreads],
        texts=3,
    )


def _overrides(report: Report) -> Iterator[Block]:
    yield Table(
        [_("Proposals"), _("Decided"), _("Outcome known"), _("Bad"), _("Bad rate"), _("Interval")],
        [
            [one.label, one.decided, one.subjects, one.bad, one.rate, one.interval]
            for one in report.overridden
        ],
    )
    if report.officers:
        yield Table(
            [_("Officer"), _("Decided"), _("Rejected"), _("Share"), _("Upgrades rejected"), _("Downgrades rejected"),
             _("Bad after approval"), _("Bad after rejection")],
            [
                [one.name, one.decided, one.rejected, one.rate, one.up, one.down, one.approved_bad, one.rejected_bad]
                for one in report.officers
            ],
        )  # fmt: skip


def _cohorts(report: Report) -> Table:
    return Table(
        [_("Day"), _("Clients"), _("With a tier"), _("Outcome counts"), _("Bad")],
        [[one.day, one.clients, one.tiered, one.in_scope, one.bad] for one in report.cohorts],
    )
