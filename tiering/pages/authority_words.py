"""The authority in words: a line for each row, for the sharing of work, and for the limits of overrides."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.formats import listed, money
from tiering import display
from tiering.core.authority import SEVERITIES, Authority, OverrideLimits, Row, TierName, Work
from tiering.models import PolicyVersion
from tiering.pages.deciding import demand_text
from tiering.pages.policies import Line
from tiering.selectors.policies import parsed

BASIS_POINTS = 10_000


def authority_lines(version: PolicyVersion) -> list[Line]:
    """What a version of the authority says, line by line."""
    authority: Authority = parsed(version)
    return [
        *_rows(authority),
        *(_work(authority.work) if authority.work else ()),
        *_overrides(authority.overrides),
    ]


def _rows(authority: Authority) -> Iterator[Line]:
    group = _("Who decides")
    for number, row in enumerate(authority.rows, 1):
        name = display.label(row.label) if row.label else _("Row %(number)s") % {"number": number}
        yield Line(f"row {number}", group, name, f"{described(row)}: {demand_text(row.demand)}")


def described(row: Row) -> str:
    """Which changes a row describes."""
    parts = list(_parts(row))
    return listed(parts) if parts else _("every other change")


def _parts(row: Row) -> Iterator[str]:
    if row.direction:
        yield _("up") if row.direction == "up" else _("down")
    if row.most_notches is not None and row.most_notches == row.least_notches:
        yield _tiers(row.least_notches)
    else:
        if row.least_notches > 1:
            yield _("by %(tiers)s or more") % {"tiers": _tiers(row.least_notches)}
        if row.most_notches is not None:
            yield _("by %(tiers)s at most") % {"tiers": _tiers(row.most_notches)}
    if row.exposure_from is not None:
        yield _("exposure from %(amount)s") % {"amount": money(row.exposure_from)}
    if row.exposure_below is not None:
        yield _("exposure below %(amount)s") % {"amount": money(row.exposure_below)}
    if row.scheme:
        yield _("scheme %(scheme)s") % {"scheme": row.scheme}
    if row.from_tiers:
        yield _("from %(tiers)s") % {"tiers": listed(map(tier_name, row.from_tiers))}
    if row.to_tiers:
        yield pgettext("tiers", "to %(tiers)s") % {"tiers": listed(map(tier_name, row.to_tiers))}


def _tiers(count: int) -> str:
    return ngettext("%(count)d tier", "%(count)d tiers", count) % {"count": count}


def tier_name(name: TierName) -> str:
    """A tier by its key, or by its place in any scheme."""
    if isinstance(name, str):
        return name
    return _("the best tier") if name == 0 else _("the tier of rank %(rank)s") % {"rank": name}


def _work(work: Work) -> Iterator[Line]:
    group = _("Who works on it")
    ways = {
        "round_robin": _("in turn, whoever has least to do first"),
        "sector": _("by sector"),
        "team": _("by team"),
    }
    yield Line("work by", group, _("Shared out"), ways[work.assignment.by])
    for code, officers in work.assignment.officers.items():
        yield Line(f"work of {code}", group, code, listed(officers))
    names = {"high": _("High severity"), "medium": _("Medium severity"), "low": _("Low severity")}
    for severity in SEVERITIES:
        hours = work.hours[severity]
        value = ngettext("within %(hours)d working hour", "within %(hours)d working hours", hours)
        value %= {"hours": hours}
        yield Line(f"hours {severity}", group, names[severity], value)
    if work.escalation:
        told = {"hours": work.escalation.after_hours, "grade": work.escalation.grade}
        value = _("after %(hours)s working hours more to an officer of grade %(grade)s or more") % told
        yield Line("escalation", group, _("When late"), value)


def _overrides(limits: OverrideLimits) -> Iterator[Line]:
    group = _("How far overrides go")
    shares = {
        _("Better than the criteria say"): limits.up_share,
        _("Better, by one officer"): limits.up_officer_share,
        _("Worse than the criteria say"): limits.down_share,
        _("Worse, by one officer"): limits.down_officer_share,
        _("Warning from"): limits.warn_share,
    }
    for number, (name, share) in enumerate(shares.items()):
        if share is not None:
            value = _("%(share)s of clients") % {"share": f"{100 * share / BASIS_POINTS:g} %"}
            yield Line(f"share {number}", group, name, value)
    if limits.longest_days is not None:
        yield Line("longest", group, _("Longest"), display.count_of_days(limits.longest_days))
    if limits.notches is not None:
        yield Line("notches", group, _("At most by"), _tiers(limits.notches))
