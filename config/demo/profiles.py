"""What the profiles of the book say: births and occupations, owners, listings, and a field of the house's own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from config.demo.identity import birth_date
from config.demo.load import load
from config.demo.streams import pick, stream
from config.demo.subjects import Subject
from crm.models import Client, ProfileField, ProfileValue

SUPPLY_CHAIN = "supply_chain"
PLACES = (
    ("upstream", "Upstream", "上游"),
    ("midstream", "Midstream", "中游"),
    ("downstream", "Downstream", "下游"),
)
OCCUPATIONS = (
    ("Company owner", "企业主"),
    ("Physician", "医生"),
    ("Partner in a law firm", "律师事务所合伙人"),
    ("Executive", "企业高管"),
    ("Retired", "退休"),
    ("Architect", "建筑师"),
)
OWNERSHIP = {
    "large": {"state": 45, "private": 35, "foreign": 8, "joint": 12},
    "medium": {"state": 18, "private": 66, "foreign": 6, "joint": 10},
    "small": {"state": 4, "private": 90, "foreign": 2, "joint": 4},
    "micro": {"state": 1, "private": 97, "joint": 2},
}
LEVELS = {"central": 15, "provincial": 30, "municipal": 40, "county": 15}
LISTED = {"large": 0.3, "medium": 0.05}
EXCHANGES = {"sse": ("6", 6), "szse": ("0", 6), "hkex": ("1", 4), "bse": ("8", 6)}
YEARS = {"start_up": (0.3, 3), "growth": (3, 12), "mature": (10, 35), "decline": (14, 40)}
"""How old a company is in each stage of its life."""
KINDS_OF_INSTITUTION = {"pe_vc": 45, "fund": 15, "leasing": 15, "insurer": 10, "bank": 15}
CHAINED = 0.6


def load_profiles(subjects: Sequence[Subject], anchor: date) -> None:
    """Declare the house's own field, and fill in the profiles."""
    field = ProfileField.objects.create(
        key=SUPPLY_CHAIN,
        type=ProfileField.Type.CHOICE,
        label_en="Place in the supply chain",
        label_zh="产业链位置",
        meaning_en="Where the client stands in the chain of its industry, by the manager's judgement.",
        meaning_zh="由客户经理判断的客户在所属产业链中的位置。",
        choices=[{"key": key, "en": english, "zh": chinese} for key, english, chinese in PLACES],
        kinds=[Client.Kind.CORPORATE],
    )
    fields = {one.key: one for one in ProfileField.objects.all()}
    load([row for subject in subjects for row in _values(subject, anchor, {**fields, SUPPLY_CHAIN: field})])


def _values(subject: Subject, anchor: date, fields: Mapping[str, ProfileField]) -> Iterator[ProfileValue]:
    said = _of_a_person(subject) if subject.is_person else _of_an_organisation(subject, anchor)
    for key, value in said.items():
        field = fields[key]
        yield ProfileValue(client=subject.client, field=field, **{field.column: value})


def _of_a_person(subject: Subject) -> dict[str, Any]:
    english, chinese = stream("occupation", subject.index).choice(OCCUPATIONS)
    occupation = chinese if subject.writes_chinese else english
    return {"birth_date": birth_date(subject), "occupation": occupation}


def _of_an_organisation(subject: Subject, anchor: date) -> dict[str, Any]:
    source = stream("profile", subject.index)
    size = subject.client.size_class
    known = max((anchor - subject.client.client_since).days, 0) if subject.client.client_since else 0
    age = max(int(365 * source.uniform(*YEARS[subject.client.life_cycle])), known)
    said: dict[str, Any] = {
        "founded_on": anchor - timedelta(days=age),
        "ownership": pick(source, OWNERSHIP[size]),
    }
    if said["ownership"] == "state":
        said["owner_level"] = pick(source, LEVELS)
    if source.random() < LISTED.get(size, 0):
        exchange = source.choice(list(EXCHANGES))
        first, digits = EXCHANGES[exchange]
        said |= {
            "exchange": exchange,
            "stock_code": first + "".join(source.choices("0123456789", k=digits - 1)),
        }
    if subject.client.kind == Client.Kind.INSTITUTION:
        said["institution_kind"] = pick(source, KINDS_OF_INSTITUTION)
    elif source.random() < CHAINED:
        said[SUPPLY_CHAIN] = source.choice(PLACES)[0]
    return said
