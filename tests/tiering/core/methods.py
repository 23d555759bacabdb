"""Random documents that use everything a document can say, and books of subjects to place by them.

The documents are right in shape and complete enough to mean something, but may be silly (contradictory conditions,
gates without effect): whatever they mean, Python and SQL must agree on it.
"""

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.tiering.core.generators import (
    CATEGORIES,
    EDGES,
    NUMBERS,
    STRANGE,
    Json,
    conditions,
    cutoffs,
    document_of,
    gate_of,
    label,
    scorecards,
)
from tiering.core.catalogue import METRICS
from tiering.core.document import Document
from tiering.core.metric import Fact, Facts
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
        """What a run over the book freezes."""
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


@st.composite
def _movements(draw: st.DrawFn) -> Json:
    buffer, dwell_days = (
        draw(st.sampled_from([0, 0.00000001, 2.5, 20, 40])),
        draw(st.sampled_from([0, 0, 30])),
    )
    max_step = draw(st.sampled_from([None, 1, 2]))
    return {
        "buffer": buffer,
        "dwell_days": dwell_days,
        **({} if max_step is None else {"max_step": max_step}),
    }


@st.composite
def _migrations(draw: st.DrawFn) -> Json:
    movements = {"up": draw(_movements()), "down": draw(_movements())}
    return {**movements, **({"red_flags": draw(conditions())} if draw(st.booleans()) else {})}


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
def documents(draw: st.DrawFn) -> Json:
    """What it has is drawn before what that looks like, or Hypothesis would seldom come to the end of a document."""
    strained, own_placement, damped = (draw(st.booleans()) for _ in range(3))
    segments, gated, overlaid = (draw(st.integers(0, most)) for most in (2, 4, 3))
    tiers = [f"T{number}" for number in range(draw(st.sampled_from([4, 2, 3, 5, 6])))]
    migration = draw(_migrations()) if damped else None
    overlays = [draw(_overlays(tiers, number)) for number in range(overlaid)]
    gates = [gate_of(number, draw(conditions()), **draw(_effects(tiers))) for number in range(gated)]
    cards = [draw(scorecards(f"c{number}", draw(conditions()))) for number in range(segments)]
    cards.insert(draw(st.integers(0, segments)), draw(scorecards("default", None)))
    if strained:
        cards = [draw(_strained(card)) for card in cards]
    if own_placement:
        cards[0]["cutoffs"] = draw(_placements(tiers, cards[:1]))
    data = document_of(tiers, cards, draw(_placements(tiers, cards)), gates) | {"overlays": overlays}
    data["policy"] |= {"migration": migration} if migration else {}
    return data


def _fact(random: Random, metric: str) -> Fact:
    if not METRICS[metric].is_number:
        return random.choice([None, "", "elsewhere", *METRICS[metric].categories])
    edge, anything = random.choice(EDGES), random.choice([random.random(), random.lognormvariate(0, 40)])
    beside = math.nextafter(edge, random.choice([-math.inf, math.inf]))
    return random.choice([edge, edge, beside, anything, -anything, random.choice(STRANGE)])


def _subject(random: Random, tiers: int) -> Subject:
    known = {metric: _fact(random, metric) for metric in NUMBERS + CATEGORIES}
    ages = {metric: random.choice(DAYS) for metric in known if random.random() < 0.8}
    held = random.randrange(tiers) if random.random() < 0.8 else None
    return Subject(known, ages, held, random.choice(DAYS))


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Ten subjects or more, from a seed: drawn one by one they would leave too little room for the document."""
    random, count = Random(draw(st.integers(0, 2**32))), draw(st.integers(10, 60))
    data = draw(documents())
    switched_on = [overlay["key"] for overlay in data["overlays"] if random.random() < 0.7]
    members = [_subject(random, len(data["tiers"])) for _ in range(count)]
    return Book(data, frozenset(switched_on), members)
