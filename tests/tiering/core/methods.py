"""Random documents that use everything a document can say, and books of subjects to place by them.

The documents are right in shape and complete enough to mean something, but may be silly (contradictory conditions,
gates without effect): whatever they mean, Python and SQL must agree on it.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.tiering.core.generators import (
    CATEGORIES,
    NUMBERS,
    Json,
    conditions,
    cutoffs,
    document_of,
    facts,
    gate_of,
    label,
    scorecards,
)
from tiering.core.document import Document
from tiering.core.metric import Facts
from tiering.core.ranks import thresholds
from tiering.core.terms import Ages, Setting, Terms

DAYS = (0, 29, 30, 31, 365)


@dataclass(frozen=True)
class Subject:
    """What is known about one subject, how old it is, and the tier in force."""

    facts: Facts
    ages: Ages = field(default_factory=dict)
    held: int | None = None
    held_days: int = 0

    def setting(self, terms: Terms) -> Setting:
        return Setting(terms, self.held, self.held_days, self.ages)


@dataclass(frozen=True)
class Book:
    """A document, the overlays that are switched on, and the subjects."""

    data: Json
    overlays: frozenset[str]
    subjects: list[Subject]

    def terms(self, document: Document) -> Terms:
        population = [(subject.facts, subject.ages) for subject in self.subjects]
        return Terms(self.overlays, thresholds(document, population))


@st.composite
def _rank_cutoffs(draw: st.DrawFn, tiers: list[str]) -> Json:
    shares = sorted(draw(st.sets(st.integers(1, 10_000), max_size=len(tiers) - 1)))
    names = [draw(st.sampled_from(tiers)) for _ in range(len(shares) + 1)]
    steps = [{"tier": tier, "share": share} for tier, share in zip(names, [*shares, 10_000], strict=True)]
    if draw(st.booleans()):
        return {"by": "top", "steps": steps}
    return {"by": "cumulative", "metric": draw(st.sampled_from(NUMBERS)), "steps": steps}


@st.composite
def _matrix(draw: st.DrawFn, tiers: list[str], dimensions: list[str]) -> Json:
    axes = []
    for key in ("x", "y"):
        minimums = [*sorted(draw(st.sets(st.integers(1, 100), max_size=3)), reverse=True), 0]
        levels = [
            {"key": f"{key}{number}", "label": label("level"), "min": minimum}
            for number, minimum in enumerate(minimums)
        ]
        whole = draw(st.lists(st.sampled_from(dimensions), min_size=1, unique=True))
        axes.append({"key": key, "label": label(key), "dimensions": whole, "levels": levels})
    rows, columns = (len(axis["levels"]) for axis in axes)
    cells = [[draw(st.sampled_from(tiers)) for _ in range(columns)] for _ in range(rows)]
    return {"by": "matrix", "axes": axes, "cells": cells}


def _placements(tiers: list[str], cards: list[Json]) -> st.SearchStrategy[Any]:
    """A placement that every one of the scorecards can share."""
    keys = [{dimension["key"] for dimension in card["dimensions"]} for card in cards]
    shared = sorted(set.intersection(*keys))
    return st.one_of(cutoffs(tiers), _rank_cutoffs(tiers), _matrix(tiers, shared))


@st.composite
def _effects(draw: st.DrawFn, tiers: list[str]) -> Json:
    hard = draw(st.booleans())
    effect = draw(st.sampled_from(["cap", "floor", "fixed", "notches"]))
    if effect == "notches":
        return {"effect": effect, "by": draw(st.sampled_from([-19, -2, -1, 1, 2, 19])), "hard": hard}
    return {"effect": effect, "tier": draw(st.sampled_from(tiers)), "hard": hard}


@st.composite
def _overlays(draw: st.DrawFn, tiers: list[str], number: int) -> Json:
    shift = draw(st.sampled_from([-100, -20.5, -0.00000001, 0.00000001, 5, 60]))
    effect = draw(
        st.one_of(
            st.just({"effect": "bonus", "points": shift}),
            st.just({"effect": "cutoffs", "shift": shift}),
            _effects(tiers),
        )
    )
    when = draw(st.one_of(st.none(), conditions()))
    key = f"o{number}"
    return {"key": key, "label": label(key), **effect, **({} if when is None else {"when": when})}


def _movements() -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {},
        optional={
            "buffer": st.sampled_from([0.00000001, 2.5, 40]),
            "dwell_days": st.sampled_from(DAYS),
            "max_step": st.integers(1, 3),
        },
    )


def _migrations() -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {}, optional={"up": _movements(), "down": _movements(), "red_flags": conditions()}
    )


@st.composite
def _strained(draw: st.DrawFn, card: Json) -> Json:
    """The scorecard with some categories that do not apply and some values that age."""
    for dimension in card["dimensions"]:
        for indicator in dimension["indicators"]:
            if draw(st.booleans()):
                indicator["max_age_days"] = draw(st.sampled_from(DAYS))
            *others, _ = indicator.get("categories", {"": 0})
            for key in others if draw(st.booleans()) else ():
                indicator["categories"][key] = draw(st.one_of(st.none(), st.integers(0, 100)))
    return card


@st.composite
def documents(draw: st.DrawFn, ranked: bool = False) -> Json:
    """``ranked``: at least the subjects of the default scorecard are placed by rank."""
    tiers = [f"T{number}" for number in range(draw(st.integers(2, 6)))]
    whens = draw(st.lists(conditions(), max_size=2))
    cards = [draw(scorecards(f"c{number}", when)) for number, when in enumerate(whens)]
    cards.insert(draw(st.integers(0, len(cards))), draw(scorecards("default", None)))
    if draw(st.booleans()):
        cards = [draw(_strained(card)) for card in cards]
    if draw(st.booleans()) and not (ranked and "when" not in cards[0]):
        cards[0]["cutoffs"] = draw(_placements(tiers, cards[:1]))
    gates = [
        gate_of(number, draw(conditions()), **draw(_effects(tiers)))
        for number in range(draw(st.integers(0, 4)))
    ]
    placement = draw(_rank_cutoffs(tiers) if ranked else _placements(tiers, cards))
    data = document_of(tiers, cards, placement, gates)
    data["overlays"] = [draw(_overlays(tiers, number)) for number in range(draw(st.integers(0, 3)))]
    if draw(st.booleans()):
        data["policy"]["migration"] = draw(_migrations())
    return data


def subjects(tiers: int) -> st.SearchStrategy[Subject]:
    ages = st.fixed_dictionaries(
        {}, optional={metric: st.sampled_from(DAYS) for metric in NUMBERS + CATEGORIES}
    )
    held = st.one_of(st.none(), st.integers(0, tiers - 1))
    return st.builds(Subject, facts(), ages, held, st.sampled_from(DAYS))


@st.composite
def books(draw: st.DrawFn, ranked: bool = False) -> Book:
    data = draw(documents(ranked))
    switched_on = [overlay["key"] for overlay in data["overlays"] if draw(st.booleans())]
    members = draw(st.lists(subjects(len(data["tiers"])), min_size=10, max_size=25))
    return Book(data, frozenset(switched_on), members)
