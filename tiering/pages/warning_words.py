"""What indicators ask and what they found, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Client, User
from tiering import display
from tiering.core.conditions import Condition
from tiering.core.metric import Catalogue, Metric
from tiering.core.warning_readings import (
    Age,
    Change,
    Covenants,
    Partner,
    Reading,
    ReviewOverdue,
    with_readings,
)
from tiering.core.warnings import Drift, Indicator, Trigger
from tiering.core.words import Group, Phrase, Words, render, words
from tiering.facts import local_day
from tiering.facts.facilities import figures_of
from tiering.models import Alert, Covenant, PolicyVersion
from tiering.pages.covenants import covenant_text, figures
from tiering.pages.policies import Line, PolicyWords
from tiering.selectors.alerts import indicators_of
from tiering.selectors.catalogue import catalogue

SEGMENTS = {
    "industry": lambda: _("industry"),
    "region": lambda: _("region"),
    "size_class": lambda: _("size class"),
    "tier": lambda: _("tier"),
}


@dataclass(frozen=True)
class Evidence:
    """A value that an alert rested on, and what it was before; `before` is empty where nothing was compared."""

    what: str
    now: str
    before: str = ""


def trigger_text(trigger: Trigger, names: Catalogue) -> str:
    """The condition of an indicator in one sentence."""
    readable: dict[str, Metric] = dict(with_readings(names, trigger.readings))
    for name, reading in trigger.readings.items():
        readable[name] = replace(readable[name], label=_reading_text(reading, names))
    stated = {name for name, one in trigger.readings.items() if isinstance(one, Covenants | Partner)}
    return capfirst(render(_stated(words(trigger.when, readable), stated), _, display.shown))


def _stated(shown: Words, stated: Collection[str]) -> Words:
    """Comparisons of how many covenants or partners there are as the statements that they come to."""
    if isinstance(shown, Group):
        return Group(shown.joiner, tuple(_stated(part, stated) for part in shown.parts))
    return Phrase("%(metric)s", shown.key, shown.metric, ()) if shown.key in stated else shown


def drift_text(drift: Drift, names: Catalogue) -> str:
    """What a segment is watched for."""
    change = Change(drift.metric, drift.days, drift.how)
    metric = replace(with_readings(names, {change.name: change})[change.name], label="")
    return _("average %(what)s in each %(segment)s of %(least)s clients or more: %(op)s %(value)s") % {
        "what": _reading_text(change, names),
        "segment": SEGMENTS[drift.by](),
        "least": drift.least_clients,
        "op": drift.op,
        "value": display.shown(drift.value, metric),
    }


def indicator_text(indicator: Indicator, names: Catalogue) -> str:
    """What an indicator asks."""
    if indicator.trigger:
        return trigger_text(indicator.trigger, names)
    return drift_text(indicator.drift, names) if indicator.drift else ""


def _reading_text(reading: Reading, names: Catalogue) -> str:
    match reading:
        case Change(metric, days, "difference"):
            texts = {"metric": display.metric_label(metric, names), "days": days}
            return _("change of %(metric)s in %(days)s days") % texts
        case Change(metric, days):
            texts = {"metric": display.metric_label(metric, names), "days": days}
            return _("%(metric)s against %(days)s days before") % texts
        case Age(metric):
            return _("age of %(metric)s") % {"metric": display.metric_label(metric, names)}
        case Covenants("breached"):
            return _("a covenant is breached")
        case Covenants():
            return _("a covenant cannot be tested")
        case ReviewOverdue():
            return _("time that the periodic review is overdue")
        case Partner(when, _name, "connected"):
            return _("for another client of its group or tied to it: %(condition)s") % {
                "condition": _condition(when, names)
            }
        case Partner(when):
            return _("for another client of a shared project: %(condition)s") % {
                "condition": _condition(when, names)
            }


def _condition(condition: Condition, names: Catalogue) -> str:
    return display.condition_text(condition, (), names)


def evidence_of(alert: Alert, user: User, names: Catalogue) -> list[Evidence]:
    """What an alert rested on, value by value; partners only as far as the reader may see them."""
    if alert.segment:
        return [*_of_segment(alert, names)]
    found = _of_facts(alert.values, names)
    return [*found, *_of_covenants(alert, names), *_of_others(alert, user)]


def _of_others(alert: Alert, user: User) -> Iterator[Evidence]:
    named = {"partners": _("In a shared project"), "connected": _("Of its group or tied to it")}
    for key, what in named.items():
        others = Client.objects.visible_to(user).filter(pk__in=alert.values.get(key, ()))
        yield from (Evidence(what, one.name) for one in others)


def _of_covenants(alert: Alert, names: Catalogue) -> Iterator[Evidence]:
    """What each covenant was held against when the alert was raised."""
    wanted = alert.values.get("covenants", ())
    bounds = list(Covenant.objects.filter(pk__in=wanted).select_related("facility")) if wanted else []
    facts = alert.facts.values() if bounds and alert.facts else {}
    facilities = [one.facility_id for one in bounds if one.facility_id]
    own = figures_of(facilities, local_day(alert.opened_at)) if facilities else {}
    for one in bounds:
        read = figures(one, own)
        fact = (facts if read is None else read).get(one.metric)
        yield Evidence(covenant_text(one, names), display.metric_value(one.metric, fact, names))


def evidence_text(alert: Alert, names: Catalogue) -> str:
    """The same in one line, for lists: without covenants and partners, which are named on the alert's page."""
    return _in_one_line(_of_segment(alert, names) if alert.segment else _of_facts(alert.values, names))


def facts_text(values: Mapping[str, Any], names: Catalogue) -> str:
    """The facts among kept values in one line."""
    return _in_one_line(_of_facts(values, names))


def _in_one_line(lines: Iterable[Evidence]) -> str:
    return " · ".join(f"{one.what} {one.now}{f' ← {one.before}' if one.before else ''}" for one in lines)


def _of_facts(values: Mapping[str, Any], names: Catalogue) -> Iterator[Evidence]:
    before: dict[str, str] = {}
    for key, facts in values.items():
        if key.startswith("then "):
            days = int(key.removeprefix("then "))
            for metric, value in facts.items():
                text = _("%(value)s %(days)s days before")
                before[metric] = text % {"value": display.metric_value(metric, value, names), "days": days}
    if "review" in values:
        yield Evidence(_("Periodic review overdue"), display.count_of_days(round(values["review"])))
    for metric, value in values.get("now", {}).items():
        text = display.metric_value(metric, value, names)
        if metric in values.get("ages", {}):
            text += f", {display.age_text(values['ages'][metric])}"
        yield Evidence(display.metric_label(metric, names), text, before.get(metric, ""))


def _of_segment(alert: Alert, names: Catalogue) -> Iterator[Evidence]:
    indicator = indicators_of(alert.policy).get(alert.indicator)
    metric = indicator.drift.metric if indicator and indicator.drift else ""
    values = alert.values
    before = display.metric_value(metric, values.get("then"), names)
    yield Evidence(
        display.metric_label(metric, names), display.metric_value(metric, values.get("now"), names), before
    )
    count = values.get("clients", 0)
    yield Evidence(_("Clients"), ngettext("%(count)d client", "%(count)d clients", count) % {"count": count})


def lines_of(version: PolicyVersion) -> list[Line]:
    """A version of early warnings line by line, for its pages."""
    names = catalogue()
    return [line for one in indicators_of(version).values() for line in _lines(one, names)]


def _lines(indicator: Indicator, names: Catalogue) -> Sequence[Line]:
    label = display.label(indicator.label)
    told = {
        "asks": (_("Warns when"), indicator_text(indicator, names)),
        "severity": (_("Severity"), Alert.Severity(indicator.severity).label),
        "owner": (_("For whom"), Alert.OwnerRole(indicator.owner).label),
        "cooldown": (_("Silent after it was resolved"), display.count_of_days(indicator.cooldown_days)),
        "escalate": (_("Escalated after"), display.count_of_days(indicator.escalate_after_days)),
        "ends": (_("Ends by itself"), _("yes") if indicator.resolves_itself else _("no")),
        "advice": (_("Advice"), display.label(indicator.advice)),
        "suggests": (_("Suggests"), suggestion_text(indicator.suggests)),
    }
    return [Line(f"{indicator.key}.{key}", label, what, str(value)) for key, (what, value) in told.items()]


def suggestion_text(suggestion: str) -> str:
    return {
        "task": _("a task"),
        "proposal": _("a look at the tier"),
        "watchlist": _("the watch list"),
    }[suggestion]


WORDS = PolicyWords(lines_of, "tiering:warnings-edit")
