"""The clients of the book, each with what its records are drawn from."""

from dataclasses import dataclass
from datetime import date, timedelta

from config.demo.cast import Cast
from config.demo.clock import moment
from config.demo.names import company_name, institution_name, person_name
from config.demo.places import CITIES, TRADES, City, Trade
from config.demo.quality import QualityPath, quality_path
from config.demo.registration import ENTERPRISE, PUBLIC_INSTITUTION, registration_number
from config.demo.streams import clip, cycle, pick, rounded, stream
from crm.models import Client, Industry, Region, Role, User
from crm.names import sort_key

CITY_WEIGHTS = {
    city: 6 if city.tier == "tier_1" else 4 if city.tier == "new_tier_1" else 2 for city in CITIES
}
TRADE_WEIGHTS = {trade: trade.weight for trade in TRADES}
SIZE_WEIGHTS = {"large": 16, "medium": 42, "small": 34, "micro": 8}
REVENUE_RANGES = {"large": (8.9, 10.1), "medium": (7.9, 8.9), "small": (7.0, 7.9), "micro": (6.0, 6.8)}
"""Powers of ten of a year's revenue."""
LIFE_CYCLE_WEIGHTS = {
    "large": {"growth": 15, "mature": 75, "decline": 10},
    "medium": {"growth": 35, "mature": 53, "decline": 12},
    "small": {"start_up": 15, "growth": 45, "mature": 32, "decline": 8},
    "micro": {"start_up": 45, "growth": 35, "mature": 15, "decline": 5},
}
STATUS_WEIGHTS = {"active": 78, "potential": 13, "dormant": 9}
APPETITE_WEIGHTS = {"conservative": 35, "balanced": 45, "aggressive": 20}
DEMAND_WEIGHTS = {
    "large": {"basic": 15, "comprehensive": 50, "premium": 35},
    "medium": {"basic": 35, "comprehensive": 50, "premium": 15},
    "small": {"basic": 60, "comprehensive": 35, "premium": 5},
    "micro": {"basic": 80, "comprehensive": 20},
    "": {"basic": 40, "comprehensive": 35, "premium": 25},
}
REVENUE_A_HEAD = 550_000
NOT_ASKED = 0.06
CORPORATES_IN_100 = 85
NOT_PERSONS_IN_100 = 94


@dataclass(frozen=True, slots=True)
class Subject:
    """A client with its manager, its latent quality, its industry's habits and its yearly revenue."""

    index: int
    client: Client
    rm: User
    trade: Trade
    quality: QualityPath
    revenue: float

    @property
    def is_person(self) -> bool:
        return self.client.kind == Client.Kind.INDIVIDUAL

    @property
    def writes_chinese(self) -> bool:
        """The language of the notes on the client: each relationship manager keeps to one."""
        return bool(len(self.rm.username) % 2)


@dataclass(frozen=True, slots=True)
class Reference:
    industries: dict[str, Industry]
    regions: dict[str, Region]


def make_reference() -> Reference:
    industries = {
        trade.code: Industry(
            code=trade.code,
            name=trade.en,
            name_zh=trade.zh,
            risk_coefficient=trade.risk,
            size_rule=trade.size_rule,
        )
        for trade in TRADES
    }
    regions = {
        city.code: Region(
            code=city.code, name=city.en, name_zh=city.zh, factor=city.factor, city_tier=city.tier
        )
        for city in CITIES
    }
    return Reference(industries, regions)


def make_subjects(count: int, anchor: date, cast: Cast, reference: Reference) -> list[Subject]:
    return [make_subject(index, anchor, cast, reference) for index in range(count)]


def make_subject(index: int, anchor: date, cast: Cast, reference: Reference) -> Subject:
    source = stream("client", index)
    city, trade = pick(source, CITY_WEIGHTS), pick(source, TRADE_WEIGHTS)
    kind = kind_of(index)
    size = "" if kind == Client.Kind.INDIVIDUAL else pick(source, SIZE_WEIGHTS)
    status = pick(source, STATUS_WEIGHTS)
    team = cast.teams[city.team]
    rm = cycle(cast.having(Role.RM, team), index)
    revenue = 10 ** source.uniform(*REVENUE_RANGES[size or "micro"])
    (name_en, name_zh), number = identity(index, kind, city, trade, size)
    client = Client(
        code=f"D{index + 1:06}",
        kind=kind,
        name_en=name_en,
        name_zh=name_zh,
        sort_key=sort_key(name_zh, name_en),
        registration_number=number,
        industry=reference.industries[trade.code],
        region=reference.regions[city.code],
        life_cycle=pick(source, LIFE_CYCLE_WEIGHTS[size]) if size else "",
        size_class=size,
        risk_appetite=pick(source, APPETITE_WEIGHTS),
        demand_level=pick(source, DEMAND_WEIGHTS[size]),
        status=status,
        registered_capital=rounded(revenue * source.uniform(0.05, 0.4), 2) if size else None,
        employees=employees(index, revenue) if size else None,
        client_since=None if status == Client.Status.POTENTIAL else since(source.random(), anchor),
        rm=rm,
        team=team,
    )
    client.created_at = moment(client.client_since or anchor - timedelta(days=source.randint(20, 300)), 10)
    lean = (1.04 - trade.risk) * 1.2 + (city.factor - 1.03) * 1.2
    return Subject(index, client, rm, trade, quality_path(index, anchor, lean), revenue)


def kind_of(index: int) -> Client.Kind:
    """85 corporates, 9 institutions and 6 individuals among any hundred clients in a row, well mixed."""
    place = place_in_hundred(index)
    if place < CORPORATES_IN_100:
        return Client.Kind.CORPORATE
    if place < NOT_PERSONS_IN_100:
        return Client.Kind.INSTITUTION
    return Client.Kind.INDIVIDUAL


def place_in_hundred(index: int) -> int:
    return index * 37 % 100


def person_serial(index: int) -> int:
    """Individuals counted from 0."""
    return index // 100 * (100 - NOT_PERSONS_IN_100) + place_in_hundred(index) - NOT_PERSONS_IN_100


def identity(
    index: int, kind: Client.Kind, city: City, trade: Trade, size: str
) -> tuple[tuple[str, str], str | None]:
    """Names and registration number; a person has none."""
    source = stream("registration", index)
    if kind == Client.Kind.INDIVIDUAL:
        return person_name(person_serial(index)), None
    if kind == Client.Kind.INSTITUTION:
        name, public = institution_name(index, city)
        authority = PUBLIC_INSTITUTION if public else ENTERPRISE
        return name, registration_number(source, authority, city.division)
    name = company_name(index, city, trade, size == Client.SizeClass.LARGE)
    return name, registration_number(source, ENTERPRISE, city.division)


def employees(index: int, revenue: float) -> int | None:
    """How many people bring in the revenue; of a few clients nobody has asked."""
    source = stream("employees", index)
    if source.random() < NOT_ASKED:
        return None
    return max(rounded(revenue / REVENUE_A_HEAD / source.lognormvariate(0, 0.4), 2), 3)


def since(chance: float, anchor: date) -> date:
    """The day a relationship began: half of them within six years, the oldest over fifteen years ago."""
    return anchor - timedelta(days=int(clip(chance**1.4 * 16, 0.4, 16) * 365))
