"""A condition in words: pieces for a page to lay out, and one line of text for where there is no room."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from math import ceil, floor
from typing import Final, Literal

from tiering.core.catalogue import POLICY_METRICS
from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf, Operator, Value
from tiering.core.metric import Catalogue, Metric
from tiering.core.refusals import untranslated
from tiering.core.texts import N_

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One comparison. ``message`` is a msgid with those of the placeholders ``%(metric)s`` and ``%(value)s`` that it
    needs. ``metric`` is None when the catalogue does not have ``key``."""

    message: str
    key: str
    metric: Metric | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that belong together: ``all`` of them, ``any`` of them, or ``not`` the only one."""

    joiner: Literal["all", "any", "not"]
    parts: "tuple[Words, ...]"


Words = Phrase | Group
Show = Callable[[Value, Metric | None, Gettext], str]

_COMPARISONS: Final[dict[Operator, str]] = {
    "<": N_("%(metric)s is below %(value)s"),
    "<=": N_("%(metric)s is at most %(value)s"),
    ">": N_("%(metric)s is above %(value)s"),
    ">=": N_("%(metric)s is at least %(value)s"),
    "==": N_("%(metric)s is %(value)s"),
    "!=": N_("%(metric)s is not %(value)s"),
}
_RANKS: Final[dict[Operator, str]] = {
    "<": N_("%(metric)s is better than %(value)s"),
    "<=": N_("%(metric)s is %(value)s or better"),
    ">": N_("%(metric)s is worse than %(value)s"),
    ">=": N_("%(metric)s is %(value)s or worse"),
    "==": N_("%(metric)s is tier %(value)s"),
    "!=": N_("%(metric)s is not tier %(value)s"),
}
_RISES: Final = N_("the tier rises")
_RISES_BY: Final = N_("the tier rises by %(value)s or more")
_FALLS: Final = N_("the tier falls")
_FALLS_BY: Final = N_("the tier falls by %(value)s or more")
_ONE_OF: Final = N_("%(metric)s is one of %(value)s")
_MISSING: Final = N_("%(metric)s is not known")
_NOT: Final = N_("not (%(part)s)")
_NESTED: Final = N_("(%(part)s)")
_JOINED: Final = {"all": N_("%(left)s and %(right)s"), "any": N_("%(left)s or %(right)s")}
_NONE: Final = {"all": N_("always"), "any": N_("never")}
_LIST: Final = N_("%(left)s, %(right)s")
_UNITS: Final = {"days": N_("%(value)s days"), "years": N_("%(value)s years")}


def words(condition: Condition, catalogue: Catalogue = POLICY_METRICS) -> Words:
    """The condition as pieces to show, in its own order."""
    match condition:
        case All(parts):
            return Group("all", tuple(words(part, catalogue) for part in parts))
        case AnyOf(parts):
            return Group("any", tuple(words(part, catalogue) for part in parts))
        case Not(part):
            return Group("not", (words(part, catalogue),))
        case Compare(metric, op, value):
            return _compared(metric, op, value, catalogue.get(metric))
        case OneOf(metric, values):
            return Phrase(_ONE_OF, metric, catalogue.get(metric), values)
        case IsMissing(metric):
            return Phrase(_MISSING, metric, catalogue.get(metric), ())


def _compared(key: str, op: Operator, value: Value, metric: Metric | None) -> Phrase:
    unit = metric.unit if metric else "none"
    if unit == "rank":
        return Phrase(_RANKS[op], key, metric, (value,))
    if unit == "notches" and not isinstance(value, str):
        return _move(key, op, value, metric) or Phrase(_COMPARISONS[op], key, metric, (value,))
    return Phrase(_COMPARISONS[op], key, metric, (value,))


def _move(key: str, op: Operator, value: float, metric: Metric | None) -> Phrase | None:
    """A move of at least so many whole tiers in one direction; None for any other comparison."""
    if op in (">", ">="):
        least, by, at_all = (floor(value) + 1 if op == ">" else ceil(value)), _RISES_BY, _RISES
    elif op in ("<", "<="):
        least, by, at_all = (1 - ceil(value) if op == "<" else -floor(value)), _FALLS_BY, _FALLS
    else:
        return None
    if least < 1:
        return None
    return Phrase(at_all, key, metric, ()) if least == 1 else Phrase(by, key, metric, (float(least),))


def show_value(value: Value, metric: Metric | None, gettext: Gettext = untranslated) -> str:
    """A value as people read it: 0.62 as 62%, a category by its label, days and years with their unit."""
    if isinstance(value, str):
        return gettext(metric.categories.get(value, value)) if metric else value
    unit = metric.unit if metric else "none"
    if unit == "fraction":
        return f"{_plain(value * 100)}%"
    text = _plain(value)
    return gettext(_UNITS[unit]) % {"value": text} if unit in _UNITS else text


def render(shown: Words, gettext: Gettext = untranslated, show: Show = show_value) -> str:
    """The pieces as one line of text in the reader's language; ``show`` formats values."""
    if isinstance(shown, Phrase):
        return phrase_text(shown, gettext, show)
    if shown.joiner == "not":
        return gettext(_NOT) % {"part": render(shown.parts[0], gettext, show)}
    if not shown.parts:
        return gettext(_NONE[shown.joiner])
    return _joined([_inner(part, gettext, show) for part in shown.parts], gettext(_JOINED[shown.joiner]))


def phrase_text(phrase: Phrase, gettext: Gettext = untranslated, show: Show = show_value) -> str:
    """One comparison as text."""
    label = gettext(phrase.metric.label) if phrase.metric else phrase.key
    value = _joined([show(value, phrase.metric, gettext) for value in phrase.values], gettext(_LIST))
    return gettext(phrase.message) % {"metric": label, "value": value}


def _inner(part: Words, gettext: Gettext, show: Show) -> str:
    text = render(part, gettext, show)
    is_list = isinstance(part, Group) and part.joiner != "not" and len(part.parts) > 1
    return gettext(_NESTED) % {"part": text} if is_list else text


def _joined(texts: list[str], pattern: str) -> str:
    return reduce(lambda left, right: pattern % {"left": left, "right": right}, texts) if texts else ""


def _plain(value: float) -> str:
    """Digits without a trailing .0, thousands set apart by commas."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
