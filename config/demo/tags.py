"""Tags of each team of the book, and the clients that bear them."""

from collections.abc import Iterator, Sequence

from config.demo.cast import Cast
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import ClientTag, Tag

TAGS = {
    "绿色产业 Green": 0.12,
    "专精特新 Specialised SME": 0.10,
    "拟上市 Pre-IPO": 0.06,
    "重点拜访 Visit": 0.08,
}
"""Their names, and what part of the team's clients bears each."""


def tags_of(cast: Cast) -> list[Tag]:
    return [
        Tag(team=team, name=name, colour=place)
        for team in cast.teams.values()
        for place, name in enumerate(TAGS, start=1)
    ]


def taggings_of(subjects: Sequence[Subject], tags: Sequence[Tag]) -> Iterator[ClientTag]:
    by_team: dict[str, list[Tag]] = {}
    for tag in tags:
        by_team.setdefault(tag.team.code, []).append(tag)
    for subject in subjects:
        assert subject.client.team is not None, "every client of the book has one"
        source = stream("tags", subject.index)
        for tag in by_team[subject.client.team.code]:
            if source.random() < TAGS[tag.name]:
                yield ClientTag(client=subject.client, tag=tag, added_by=subject.rm)
