"""Numbers that the clients of the book go by, right by their standards and given to nobody."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric
from stdnum.iso7064 import mod_97_10

from config.demo.streams import stream
from config.demo.subjects import Subject
from crm import sealing
from crm.models import Client, IdentityNumber

Kind = IdentityNumber.Kind
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HOUSE_OF_TESTS = "9999"
"""A prefix that no issuer of LEIs has."""
WITH_LEI: dict[str, float] = {Client.SizeClass.LARGE: 0.8, Client.SizeClass.MEDIUM: 0.25}
WITH_PASSPORT = 0.3
OLDEST, YOUNGEST = 75, 26


def numbers_of(subject: Subject) -> Iterator[IdentityNumber]:
    source = stream("identity", subject.index)
    if subject.is_person:
        card = identity_card(source, birth_date(subject))
        yield _number(subject, Kind.ID_CARD, card, country="CN")
        if source.random() < WITH_PASSPORT:
            expiry = subject.quality.anchor + timedelta(days=source.randint(-60, 3000))
            yield _number(subject, Kind.PASSPORT, f"EX{source.randint(0, 9999999):07}", "CN", expiry)
    elif source.random() < WITH_LEI.get(subject.client.size_class, 0):
        yield _number(subject, Kind.LEI, legal_entity_identifier(source))


def birth_date(subject: Subject) -> date:
    """When a person of the book was born."""
    source = stream("birth", subject.index)
    return subject.quality.anchor - timedelta(days=source.randint(YOUNGEST * 365, OLDEST * 365))


def identity_card(source: Random, born: date) -> str:
    body = f"110101{born:%Y%m%d}{source.randint(1, 999):03}"
    return body + ric.calc_check_digit(f"{body}0")


def legal_entity_identifier(source: Random) -> str:
    body = f"{HOUSE_OF_TESTS}00{''.join(source.choice(LETTERS) for _ in range(12))}"
    return body + mod_97_10.calc_check_digits(body)


def _number(
    subject: Subject, kind: str, number: str, country: str = "", expires_on: date | None = None
) -> IdentityNumber:
    return IdentityNumber(
        client=subject.client,
        kind=kind,
        country=country,
        sealed=sealing.seal(number),
        fingerprint=sealing.fingerprint(number),
        hint=sealing.hint(number),
        expires_on=expires_on,
    )
