"""What the RMs of the demo keep in mind of their clients, and which clients of colleagues they follow."""

from collections.abc import Iterator
from datetime import date, timedelta

from config.demo.cast import Cast
from config.demo.clock import moment, working_day
from config.demo.doings import clients_of, writes_chinese
from config.demo.load import load
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import Follow, Note, Role, User

PINNED = (
    "Speak to the finance director first; the owner decides on Fridays only.",
    "先联系财务总监；实际控制人仅周五决策。",
)
NOTES = (
    ("A second line starts in spring; equipment is to be leased.", "明春新增一条产线，设备拟融资租赁。"),
    ("Their largest customer pays late since the summer.", "其最大客户自夏季起付款延迟。"),
    ("The son takes over the management next year.", "明年由其子接任管理。"),
)
FOLLOWED = 2


def remember_clients(subjects: list[Subject], cast: Cast, anchor: date) -> None:
    """Store notes and follows, two statements in all."""
    managers = cast.having(Role.RM)
    load([note for rm in managers for note in notes_of(rm, subjects, anchor)])
    load([follow for rm in managers for follow in follows_of(rm, subjects, anchor)])


def notes_of(rm: User, subjects: list[Subject], anchor: date) -> Iterator[Note]:
    source, chinese, clients = stream("notes", rm.username), writes_chinese(rm), clients_of(rm, subjects)
    for number, texts in enumerate((PINNED, *NOTES) if clients else ()):
        written = moment(working_day(anchor - timedelta(days=9 + 11 * number)), 15)
        yield Note(
            client=clients[0] if number < 2 else source.choice(clients),
            text=texts[chinese],
            is_pinned=texts is PINNED,
            author=rm,
            created_at=written,
        )


def follows_of(rm: User, subjects: list[Subject], anchor: date) -> Iterator[Follow]:
    """The first clients of the team that are a colleague's."""
    others = [one.client for one in subjects if one.rm.team == rm.team and one.rm != rm]
    for client in others[:FOLLOWED]:
        yield Follow(user=rm, client=client, created_at=moment(working_day(anchor - timedelta(days=30)), 9))
