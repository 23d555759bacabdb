"""A criteria version as tables for a committee: what is measured and how it earns points, where tiers begin, what moves
them, what is tested, and what changes; in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.formats import listed, localized, reads_chinese
from crm.models import User
from tiering import display
from tiering.core.diff import differences
from tiering.core.document import WHOLE, Document, Indicator, Scorecard, points
from tiering.core.metric import Catalogue
from tiering.core.placement import Matrix, Placement, RankCutoffs, ScoreCutoffs
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.pages.rules import gate_effect, movement_texts, overlay_effect, ranking_text, roll_up_text
from tiering.selectors.catalogue import catalogue_of, policy_catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.drafts import editors_of
from tiering.selectors.versions import version_before
from tiering.workbooks import Cell, Column, Sheet, workbook

Rows = list[Sequence[Cell]]


def tables_of(version: CriteriaVersion, user: User) -> tuple[str, bytes]:
    """The tables of a version as an Excel file, its name and its content. What a version is compared with is one that
    the user may read."""
    tests = list(CriteriaTest.objects.filter(version=version).order_by("pk"))
    sheets = criteria_sheets(version, version_before(version, user), editors_of(version), tests)
    scheme = version.criteria.scheme
    title = _("%(scheme)s · version %(number)s · %(status)s") % {
        "scheme": scheme.label,
        "number": version.number,
        "status": version.get_status_display(),
    }
    return f"{scheme.key}-{version.number}.xlsx", workbook(sheets, title=title)


def criteria_sheets(
    version: CriteriaVersion,
    before: CriteriaVersion | None,
    editors: Sequence[User],
    tests: Sequence[CriteriaTest],
) -> list[Sheet]:
    """Every table of a version; `before` is the one that its changes are told against, None for the first."""
    document = document_of(version)
    names = catalogue_of(document)
    sheets = [
        _overview(version, before, editors, document, names),
        _scorecards(document, names),
        _placements(document, names),
        _gates(document, names),
        _overlays(document, names),
        _policy(document, names),
        _tiers(document),
        _tests(document, tests, names),
    ]
    return [*sheets, _changes(before, version)] if before else sheets


def _overview(
    version: CriteriaVersion,
    before: CriteriaVersion | None,
    editors: Sequence[User],
    document: Document,
    names: Catalogue,
) -> Sheet:
    subject = _("clients within projects") if document.subject == "project" else _("clients")
    note: Mapping[str, str] = version.document.get("note") or {"en": "", "zh": ""}
    limits = document.weight_limits
    rows: Rows = [
        (_("Name"), display.label(document.label)),
        (_("Scheme"), version.criteria.scheme.label),
        (_("Version"), version.number),
        (_("Status"), version.get_status_display()),
        (_("What changes and why"), version.purpose),
        (_("Changes are told against version"), before.number if before else None),
        (_("Written by"), localized(version.author)),
        (_("Edited by"), listed(map(localized, editors))),
        (_("Approved by"), localized(version.approver)),
        (_("Begun"), version.created_at),
        (_("Submitted"), version.submitted_at),
        (_("Approved"), version.approved_at),
        (_("Published"), version.published_at),
        (_("In effect from"), version.effective_from),
        (_("Content (SHA-256)"), version.content_hash),
        (_("Places"), subject),
        (_("Roll-up"), roll_up_text(document.roll_up, names) if document.roll_up else None),
        (_("Least weight of a dimension"), display.weight(limits.lowest) if limits else None),
        (_("Greatest weight of a dimension"), display.weight(limits.highest) if limits else None),
        (_("Remarks"), display.label(note)),
    ]
    return Sheet(_("Overview"), [Column(_("What"), 34), Column(_("Value"), 90)], rows)


def _scorecards(document: Document, names: Catalogue) -> Sheet:
    columns = [
        Column(_("Scorecard"), 18),
        Column(_("Applies to"), 26),
        Column(_("Dimension"), 18),
        Column(_("Weight of the dimension"), 11, "percent"),
        Column(_("Indicator"), 24),
        Column(_("Weight in the dimension"), 11, "percent"),
        Column(_("Weight in the whole"), 11, "percent"),
        Column(_("Band or category"), 24),
        Column(_("Points"), 9, "points"),
        Column(_("If not known"), 24),
        Column(_("Too old after days"), 10, "number"),
    ]
    rows: Rows = [
        (
            display.label(card.label),
            _applies(card, names),
            display.label(dimension.label),
            dimension.weight / WHOLE,
            display.metric_label(indicator.metric, names),
            indicator.weight / WHOLE,
            dimension.weight * indicator.weight / WHOLE**2,
            text,
            _("not applicable") if earned is None else earned,
            _missing(indicator),
            indicator.max_age_days,
        )
        for card in document.scorecards
        for dimension in card.dimensions
        for indicator in dimension.indicators
        for text, earned in _scale(indicator, names)
    ]
    return Sheet(_("Scorecards"), columns, rows)


def _applies(card: Scorecard, names: Catalogue) -> str:
    if card.when is None:
        return _("everyone whom no other scorecard covers")
    return display.condition_text(card.when, (), names)


def _scale(indicator: Indicator, names: Catalogue) -> Iterator[tuple[str, int | None]]:
    for band in indicator.bands:
        yield display.band_text(indicator.metric, band, names), band.points
    best_first = sorted(
        indicator.categories.items(), key=lambda item: -1 if item[1] is None else item[1], reverse=True
    )
    for category, earned in best_first:
        yield display.metric_value(indicator.metric, category, names), earned


def _missing(indicator: Indicator) -> str:
    known = indicator.missing.points is not None or indicator.scale
    return display.missing_text(indicator.missing.kind, indicator.points_when_missing if known else 0)


def _placements(document: Document, names: Catalogue) -> Sheet:
    columns = [
        Column(_("Applies to"), 26),
        Column(_("Method"), 44),
        Column(_("Tier"), 10),
        Column(_("From points"), 11, "points"),
        Column(_("Share reached"), 11, "percent"),
        Column(_("Level of the first axis"), 30),
        Column(_("Level of the second axis"), 30),
    ]
    own = [(display.label(card.label), card.placement) for card in document.scorecards if card.placement]
    shared = (_("every other scorecard") if own else _("every scorecard"), document.placement)
    placements = [*own] if len(own) == len(document.scorecards) else [shared, *own]
    rows: Rows = [(whom, *row) for whom, placement in placements for row in _steps(placement, names)]
    return Sheet(_("Placement"), columns, rows)


def _steps(placement: Placement, names: Catalogue) -> Iterator[Sequence[Cell]]:
    match placement:
        case ScoreCutoffs(steps):
            for cut in steps:
                yield _("By score"), cut.tier, float(points(cut.minimum)), None, None, None
        case RankCutoffs(steps=ranks):
            for step in ranks:
                yield ranking_text(placement, names), step.tier, None, step.share / WHOLE, None, None
        case Matrix(axes=(first, second), cells=cells):
            method = _("Matrix of {first} and {second}").format(
                first=display.label(first.label), second=display.label(second.label)
            )
            for level, row in zip(first.levels, cells, strict=False):
                for other, tier in zip(second.levels, row, strict=False):
                    yield method, tier, None, None, _level(level), _level(other)


def _level(level: Any) -> str:
    return _("{level}, from {points}").format(
        level=display.label(level.label), points=display.count_of_points(level.minimum)
    )


def _gates(document: Document, names: Catalogue) -> Sheet:
    columns = [
        Column(_("Gate"), 30),
        Column(_("Condition"), 70),
        Column(_("Effect"), 24),
        Column(_("Binding"), 10),
    ]
    rows: Rows = [
        (
            display.label(gate.label),
            display.condition_text(gate.when, (), names),
            gate_effect(gate),
            _yes(gate.hard),
        )
        for gate in document.gates
    ]
    return Sheet(_("Gates"), columns, rows)


def _overlays(document: Document, names: Catalogue) -> Sheet:
    columns = [
        Column(_("Overlay"), 30),
        Column(_("Whom it describes"), 70),
        Column(_("Effect"), 24),
        Column(_("Binding"), 10),
    ]
    rows: Rows = [
        (
            display.label(overlay.label),
            display.condition_text(overlay.when, (), names) if overlay.when else _("everybody"),
            overlay_effect(overlay),
            _yes(bool(overlay.gate and overlay.gate.hard)),
        )
        for overlay in document.overlays
    ]
    return Sheet(_("Overlays"), columns, rows)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _policy(document: Document, names: Catalogue) -> Sheet:
    review, migration = document.policy.review_when, document.policy.migration
    tiers = [tier.key for tier in document.tiers]
    rows: Rows = []
    if migration:
        rows += [(_("It rises"), rule) for rule in movement_texts(migration.up) or [_("at once")]]
        rows += [(_("It falls"), rule) for rule in movement_texts(migration.down) or [_("at once")]]
        flags = display.cases_text(migration.red_flags, (), names) if migration.red_flags else []
        rows += [(_("It falls at once and all the way when"), flag) for flag in flags]
    else:
        rows.append((_("It rises"), _("at once")))
        rows.append((_("It falls"), _("at once")))
    cases = display.cases_text(review, tiers, names) if review else [_("No change of tier needs a decision.")]
    rows += [(_("A change needs a decision when"), case) for case in cases]
    return Sheet(_("Policy"), [Column(_("What"), 40), Column(_("Rule"), 90)], rows)


def _tiers(document: Document) -> Sheet:
    columns = [
        Column(_("Rank"), 8, "number"),
        Column(_("Tier"), 12),
        Column(_("English name"), 36),
        Column(_("Chinese name"), 36),
        Column(_("Colour step"), 12, "number"),
    ]
    rows: Rows = [
        (rank, tier.key, tier.label["en"], tier.label["zh"], colour)
        for rank, (tier, colour) in enumerate(zip(document.tiers, document.colours, strict=True), 1)
    ]
    return Sheet(_("Tiers"), columns, rows)


def _tests(document: Document, tests: Sequence[CriteriaTest], names: Catalogue) -> Sheet:
    columns = [
        Column(_("Test case"), 28),
        Column(_("Facts"), 60),
        Column(_("Tier in force"), 12),
        Column(_("Days it has been held"), 12, "number"),
        Column(_("Overlays that are on"), 22),
        Column(_("Expected tier"), 12),
        Column(_("Expected gates"), 26),
        Column(_("Expected score"), 12, "points"),
    ]
    gates = {gate.key: display.label(gate.label) for gate in document.gates}
    overlays = {overlay.key: display.label(overlay.label) for overlay in document.overlays}
    rows: Rows = [
        (
            test.name,
            "\n".join(sorted(_fact(key, value, names) for key, value in test.facts.items())),
            test.held,
            test.held_days,
            listed(overlays.get(key, key) for key in test.overlays),
            test.tier,
            None if test.gates is None else listed(gates.get(key, key) for key in test.gates) or _("none"),
            None if test.score is None else float(test.score),
        )
        for test in tests
    ]
    return Sheet(_("Test cases"), columns, rows)


def _fact(key: str, value: Any, names: Catalogue) -> str:
    return f"{display.metric_label(key, names)}: {display.metric_value(key, value, names)}"


def _changes(before: CriteriaVersion, after: CriteriaVersion) -> Sheet:
    language, names = "zh" if reads_chinese() else "en", policy_catalogue()
    kinds = {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "moved": _("moved")}
    rows: Rows = [
        (kinds[found.kind], capfirst(found.where(_, language, names)), found.text(_, language, names))
        for found in differences(before.document, after.document)
    ]
    title = _("Changes since version %(number)s") % {"number": before.number}
    return Sheet(title, [Column(_("What"), 12), Column(_("Place"), 50), Column(_("Change"), 90)], rows)
