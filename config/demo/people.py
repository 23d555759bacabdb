"""Whom one speaks to at the clients of the book, and where they are. Numbers are of ranges that reach nobody."""

from collections.abc import Iterator
from datetime import timedelta

from config.demo.names import GIVEN, SURNAMES
from config.demo.streams import pick, stream
from config.demo.subjects import Subject
from crm import sealing
from crm.models import Address, ContactPerson

Role = ContactPerson.Role
POSITIONS = (
    ("董事长", "Chair", (Role.DECISION_MAKER, Role.OWNER)),
    ("财务总监", "Finance director", (Role.FINANCE,)),
    ("法务经理", "Legal counsel", (Role.LEGAL,)),
)
HOW_MANY = {1: 40, 2: 45, 3: 15}
CONSENT = {"given": 55, "not_asked": 35, "refused": 10}
LEFT_ALONE = 0.05
STREETS = (("人民路", "Renmin Road"), ("建设大道", "Jianshe Avenue"), ("科技园路", "Science Park Road"))


def people_of(subject: Subject) -> Iterator[ContactPerson]:
    source = stream("people", subject.index)
    count = 1 if subject.is_person else pick(source, HOW_MANY)
    for place in range(count):
        number = f"+86 10 5550 {source.randint(0, 9999):04}"
        yield _person(subject, place, number)


def addresses_of(subject: Subject) -> Iterator[Address]:
    source = stream("address", subject.index)
    street_zh, street_en = source.choice(STREETS)
    number = source.randint(1, 400)
    text = f"{street_zh}{number}号" if subject.writes_chinese else f"{number} {street_en}"
    kind = Address.Kind.HOME if subject.is_person else Address.Kind.REGISTERED
    yield Address(client=subject.client, kind=kind, region=subject.client.region, text=text)


def _person(subject: Subject, place: int, number: str) -> ContactPerson:
    source = stream("person", subject.index, place)
    surname, given = source.choice(SURNAMES), source.choice(GIVEN)
    chinese = subject.writes_chinese
    position_zh, position_en, roles = POSITIONS[place]
    consent = pick(source, CONSENT)
    asked_on = None
    if consent != ContactPerson.Consent.NOT_ASKED:
        asked_on = subject.quality.anchor - timedelta(days=source.randint(30, 900))
    name = f"{surname[0]}{given[0]}" if chinese else f"{given[1]} {surname[1]}"
    own = subject.client.name_zh if chinese else subject.client.name_en
    return ContactPerson(
        client=subject.client,
        name=own if subject.is_person else name,
        position="" if subject.is_person else position_zh if chinese else position_en,
        roles=[Role.OWNER.value] if subject.is_person else [role.value for role in roles],
        email=f"{given[1]}.{surname[1]}@client{subject.index + 1}.example".lower(),
        phone_sealed=sealing.seal(number),
        phone_fingerprint=sealing.fingerprint(number),
        phone_hint=sealing.hint(number),
        language="zh-hans" if chinese else "en",
        do_not_contact=source.random() < LEFT_ALONE,
        consent=consent,
        consent_on=asked_on,
    )
