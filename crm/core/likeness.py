"""How much two parties look like one: pure comparison of what is known of them, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

Agreement = Literal["agrees", "near", "differs"]

SAME_SOUND: Final = 96.0
"""What a name is worth that sounds the same and is written with other characters."""
MISSPELT: Final = 2
"""Up to so many slips, two numbers may be one that was typed wrongly."""
WEIGHTS: Final[Mapping[str, Mapping[Agreement, int]]] = {
    "number": {"agrees": 20, "near": 0, "differs": -40},
    "identity": {"agrees": 20},
    "phone": {"agrees": 12},
    "region": {"agrees": 2, "differs": -6},
    "industry": {"agrees": 2, "differs": -4},
    "kind": {"differs": -20},
}
OTHER_FIGURES: Final = 60.0
"""What names are worth at most that have other figures in them."""
FIGURES: Final = re.compile(r"\d+")
LEAST_NAME: Final = 40
"""Below it, names have nothing to do with each other: only a number in common makes a pair of them."""
BY_NUMBER: Final = 90
"""What a pair is worth at least that shares a registration number."""
PERSON_BY_NAME: Final = 60
"""What a pair of people is worth at most that share a name and neither number nor telephone: names of people repeat."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """What is compared of a client. Names are without their company form, folded (`crm.selectors.alike`)."""

    kind: str = "corporate"
    chinese: str = ""
    latin: str = ""
    sound: str = ""
    number: str = ""
    phones: frozenset[str] = frozenset()
    identities: frozenset[str] = frozenset()
    region: int | None = None
    industry: int | None = None


@dataclass(frozen=True)
class Likeness:
    """`score` is 0–100; `evidence` says of each thing that both sides have whether it agrees."""

    score: int
    evidence: Mapping[str, Agreement] = field(default_factory=dict)


def likeness(one: Party, other: Party) -> Likeness:
    """Compare two parties. What one of them does not have counts neither for nor against."""
    evidence = dict(_evidence(one, other))
    name = _name(one, other)
    if name:
        evidence["name"] = "agrees" if name == 100 else "near" if name >= 80 else "differs"
    weighed = name + sum(WEIGHTS.get(what, {}).get(how, 0) for what, how in evidence.items())
    if "agrees" in (evidence.get("number"), evidence.get("identity")):
        weighed = max(weighed, BY_NUMBER)
    elif name < LEAST_NAME:
        weighed = 0
    elif one.kind == "individual" and evidence.get("phone") != "agrees":
        weighed = min(weighed, PERSON_BY_NAME)
    return Likeness(round(min(max(weighed, 0), 100)), evidence)


def _evidence(one: Party, other: Party) -> Iterator[tuple[str, Agreement]]:
    if one.number and other.number:
        slips = DamerauLevenshtein.distance(one.number, other.number, score_cutoff=MISSPELT)
        yield "number", "agrees" if not slips else "near" if slips <= MISSPELT else "differs"
    if one.phones and other.phones:
        yield "phone", "agrees" if one.phones & other.phones else "differs"
    if one.identities & other.identities:
        yield "identity", "agrees"
    yield "kind", "agrees" if one.kind == other.kind else "differs"
    for what in ("region", "industry"):
        ours, theirs = getattr(one, what), getattr(other, what)
        if ours and theirs:
            yield what, "agrees" if ours == theirs else "differs"


def _name(one: Party, other: Party) -> float:
    """0–100: by the script that both are written in, else by sound."""
    scores = [0.0]
    if one.chinese and other.chinese:
        scores.append(_chinese(one, other))
    elif one.latin and other.latin:
        scores.append(fuzz.token_sort_ratio(one.latin, other.latin))
    if one.sound and one.sound == other.sound:
        scores.append(100.0 if one.chinese == other.chinese else SAME_SOUND)
    told_apart = _figures(one.chinese or one.latin) != _figures(other.chinese or other.latin)
    return min(max(scores), OTHER_FIGURES) if told_apart else max(scores)


def _figures(name: str) -> list[str]:
    """The numbers in a name: the second plant is not the third."""
    return FIGURES.findall(name)


def _chinese(one: Party, other: Party) -> float:
    """A character tells more than a letter: a name with another one is another name, unless it is long."""
    if sorted(one.chinese) == sorted(other.chinese):
        return 100.0
    slips = DamerauLevenshtein.distance(one.chinese, other.chinese)
    longest = max(len(one.chinese), len(other.chinese))
    return max(100.0 * (1 - 1.6 * slips / longest), 0.0)
