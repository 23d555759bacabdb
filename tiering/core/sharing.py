"""How work on changes of tier is shared out among officers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tiering.core.authority import Assignment


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who can be given work: present, with a grade, and with so many open changes already."""

    id: int
    username: str
    grade: int
    load: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A change that needs somebody.

    ``barred`` are those who may not decide it, whoever should not get it again among them. ``deputy`` acts for its
    former officer and comes first.
    """

    id: int
    grade: int
    barred: frozenset[int] = field(default_factory=frozenset)
    sector: str | None = None
    team: str | None = None
    deputy: int | None = None


def share_out(
    items: Iterable[Item], officers: Sequence[Officer], assignment: Assignment
) -> Mapping[int, int]:
    """By item, the officer who gets it; an item that nobody may decide is left out.

    Work goes to whoever has the least, so that it goes round among equals. Officers named for the sector or the team of
    a client come before others.
    """
    loads = {officer.id: officer.load for officer in officers}
    given: dict[int, int] = {}
    for item in items:
        able = [one for one in officers if one.grade >= item.grade and one.id not in item.barred]
        if not able:
            continue
        chosen = min(_first_asked(item, able, assignment), key=lambda one: (loads[one.id], one.id))
        loads[chosen.id] += 1
        given[item.id] = chosen.id
    return given


def _first_asked(item: Item, able: Sequence[Officer], assignment: Assignment) -> Sequence[Officer]:
    """The deputy, else those named for the client, else everybody who is able."""
    deputies = [one for one in able if one.id == item.deputy]
    if deputies:
        return deputies
    code = {"sector": item.sector, "team": item.team}.get(assignment.by)
    names = assignment.officers.get(code, ()) if code else ()
    return [one for one in able if one.username in names] or able
