"""Who belongs to whom in the book: groups of companies under large ones, owners and guarantors among the people."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from config.demo.streams import pick, rounded, stream
from config.demo.subjects import Subject
from crm.models import Client, Relation

SUBSIDIARIES = {0: 30, 1: 30, 2: 25, 3: 15}
"""How many companies a large one controls directly."""
SUB_SUBSIDIARY = 0.3
OWNED_BY_A_PERSON = 0.6
GUARANTEED = 0.5
TIES = (
    ("两家企业由同一人任董事长。", "One person chairs both."),
    ("七成以上原料由对方供应。", "More than seventy per cent of its supplies come from there."),
    ("实际控制人为兄弟。", "Their owners are brothers."),
)


def relations_of(subjects: Sequence[Subject]) -> Iterator[Relation]:
    """Each company has one parent at most, of its own team; whoever is controlled controls smaller ones only."""
    by_team: dict[str, list[Subject]] = {}
    for subject in subjects:
        assert subject.client.team is not None, "every client of the book has one"
        by_team.setdefault(subject.client.team.code, []).append(subject)
    for members in by_team.values():
        yield from _relations_within(members)


def _relations_within(members: Sequence[Subject]) -> Iterator[Relation]:
    free = [
        one for one in members if one.client.size_class in (Client.SizeClass.SMALL, Client.SizeClass.MICRO)
    ]
    halfway = [one for one in members if _is_company(one, Client.SizeClass.MEDIUM)]
    for top in (one for one in members if _is_company(one, Client.SizeClass.LARGE)):
        source = stream("group", top.index)
        for _place in range(pick(source, SUBSIDIARIES)):
            if not halfway:
                return
            middle = halfway.pop(0)
            yield _parent(middle, top)
            if free and source.random() < SUB_SUBSIDIARY:
                yield _parent(free.pop(0), middle)
    people = [one for one in members if one.is_person]
    for person, company in zip(people, reversed(free), strict=False):
        yield from _personal(person, company)
    for one, other in zip(halfway[::9], halfway[4::9], strict=False):
        yield _tie(one, other)


def _is_company(subject: Subject, size: Client.SizeClass) -> bool:
    return subject.client.kind == Client.Kind.CORPORATE and subject.client.size_class == size


def _parent(company: Subject, party: Subject) -> Relation:
    source = stream("parent", company.index)
    return Relation(
        client=company.client,
        party=party.client,
        kind="parent",
        share=round(source.uniform(0.51, 1.0), 3),
        since=_since(company, source.randint(400, 3000)),
    )


def _personal(person: Subject, company: Subject) -> Iterator[Relation]:
    source = stream("owner", company.index)
    if source.random() < OWNED_BY_A_PERSON:
        yield _parent(company, person)
    if source.random() < GUARANTEED:
        yield Relation(
            client=company.client,
            party=person.client,
            kind="guarantor",
            amount=rounded(company.revenue * source.uniform(0.1, 0.4), 2),
            since=_since(company, source.randint(60, 900)),
        )


def _tie(one: Subject, other: Subject) -> Relation:
    source = stream("tie", one.index)
    note = source.choice(TIES)[0 if one.writes_chinese else 1]
    return Relation(
        client=one.client,
        party=other.client,
        kind="related",
        note=note,
        since=_since(one, source.randint(60, 900)),
    )


def _since(subject: Subject, days: int) -> date:
    return subject.quality.anchor - timedelta(days=days)
