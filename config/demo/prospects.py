"""Prospects from two lists and a web form: most of them new, some contacted, rejected or qualified, a few clients
already."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from django.utils import timezone

from config.demo.cast import Cast
from config.demo.clock import moment
from config.demo.methods import publish
from config.demo.names import company_name, person_name
from config.demo.places import CITIES, TRADES, City
from config.demo.registration import ENTERPRISE, registration_number
from config.demo.streams import clip, pick, rounded, stream
from crm import sealing
from crm.models import Client, Industry, Region, Role, User
from crm.names import sort_key
from crm.services.duplicates import refresh_keys
from funnel.models import LeadSource, Pipeline, Prospect, ProspectContact, ProspectEdit, Screening
from funnel.services.prospect_edits import Refused, act_on
from funnel.services.prospect_tending import tend_prospects

LEAST_BOOK: Final = 1_000
"""A smaller book is drawn for tests, which count its records."""
FIRST_NAME: Final = 50_000
"""Names from here on are nobody's in the book."""
SCHEME: Final = "screening"
CAPACITY: Final = {"P1": 8, "P2": 15}
CONSENT: Final = {
    "consent_en": "I agree that Strata Bank contacts me about financing, by e-mail or telephone. I can take this back at"
    " any time.",
    "consent_zh": "我同意Strata银行通过电子邮件或电话就融资事宜与我联系。我可以随时撤回该同意。",
}
WISHES: Final = (
    ("term_loan", "Expansion of a plant; approvals are in place.", "厂区扩建，相关审批已办理。"),
    ("working_capital", "Orders have doubled; we need funds for stock.", "订单翻倍，需要备货资金。"),
    ("lease", "Two production lines by lease.", "拟以融资租赁方式购置两条产线。"),
    ("project_loan", "A rooftop solar project of 20 MW.", "20 兆瓦屋顶光伏项目。"),
    ("supply_chain", "Our suppliers want to be paid earlier.", "希望为上游供应商提供提前回款。"),
)


@dataclass(frozen=True)
class List:
    """A source of a team with how many prospects it brought, and how much is known of them (0–1)."""

    team: str
    name: str
    kind: str
    count: int
    known: float
    form: bool = False


LISTS: Final = (
    List("demo-east", "长三角专精特新企业名录 Yangtze delta growth list", "import", 170, 0.8),
    List("demo-east", "官网融资需求表 Website form", "web", 60, 0.35, form=True),
    List("demo-north", "西部新能源产业链名单 Western new-energy list", "import", 90, 0.7),
)
QUALIFIED_OF_EACH: Final = 4
"""So many prospects of each source have become clients."""
STATUSES: Final = {"new": 66, "contacted": 22, "rejected": 12}
REASONS: Final = {"no_need": 35, "unfit": 25, "too_weak": 25, "unreachable": 15}


def find_prospects(cast: Cast, anchor: date) -> int:
    """Enter the sources and their prospects, note contacts, look for twins and score them; how many there are."""
    if Client.objects.count() < LEAST_BOOK:
        return 0
    version = publish(SCHEME, moment(anchor, 0), cast)
    Screening.objects.create(pk=Screening.ONLY, scheme=version.criteria.scheme, capacity=CAPACITY)
    industries, regions = _by_code(Industry), _by_code(Region)
    prospects: list[Prospect] = []
    for wanted in LISTS:
        source = _source(wanted, cast)
        managers = cast.having(Role.RM, source.team)
        cities = [city for city in CITIES if city.team == wanted.team]
        for _number in range(wanted.count):
            index = FIRST_NAME + len(prospects)
            prospects.append(_prospect(index, wanted, source, cities, managers, anchor, industries, regions))
    _be_known(prospects)
    Prospect.objects.bulk_create(prospects)
    ProspectContact.objects.bulk_create(_contact(one) for one in prospects if one.touched_at)
    tend_prospects(at=timezone.now())
    for source in LeadSource.objects.order_by("pk"):
        _qualify_best(source)
    return len(prospects)


def _qualify_best(source: LeadSource) -> None:
    """The owners went on with the best of those they spoke with: each is a client with a case since today."""
    pipeline = Pipeline.objects.get(key="financing")
    spoken = source.prospects.filter(status=Prospect.Status.CONTACTED).exclude(consent="refused")
    done = 0
    for prospect in spoken.select_related("owner").order_by("-score__score", "pk"):
        assert prospect.owner
        with suppress(Refused):
            act_on(
                by=prospect.owner,
                prospect=prospect,
                version=None,
                act=ProspectEdit.Act.QUALIFY,
                params={"pipeline": pipeline.pk},
            )
            done += 1
        if done == QUALIFIED_OF_EACH:
            return


def _by_code(model: type[Industry] | type[Region]) -> dict[str, Any]:
    return {row.code: row for row in model.objects.all()}


def _source(wanted: List, cast: Cast) -> LeadSource:
    team = cast.teams[wanted.team]
    texts = {"title_en": "Tell us what you want to finance", "title_zh": "告诉我们您的融资需求", **CONSENT}
    form = {"is_open": True, **texts} if wanted.form else {}
    return LeadSource.objects.create(name=wanted.name, kind=wanted.kind, team=team, **form)


def _prospect(
    index: int,
    wanted: List,
    source: LeadSource,
    cities: list[City],
    managers: list[User],
    anchor: date,
    industries: dict[str, Industry],
    regions: dict[str, Region],
) -> Prospect:
    draw = stream("prospect", index)
    city, trade = draw.choice(cities), pick(draw, {trade: trade.weight for trade in TRADES})
    name_en, name_zh = company_name(index, city, trade, False)
    arrived = moment(anchor - timedelta(days=int(draw.triangular(0, 80, 8))), draw.randint(8, 18))
    status = pick(draw, STATUSES)
    product, wish_en, wish_zh = draw.choice(WISHES)
    touched = status == "contacted" or status == "rejected"
    prospect = Prospect(
        source=source,
        team=source.team,
        owner=draw.choice(managers) if touched or draw.random() < 0.55 else None,
        external_reference=f"L{index}",
        name_en=name_en if draw.random() < 0.6 else "",
        name_zh=name_zh,
        sort_key=sort_key(name_zh, name_en),
        registration_number="" if wanted.form else registration_number(draw, ENTERPRISE, city.division),
        industry=industries[trade.code],
        region=regions[city.code],
        facts=_facts(draw, wanted.known),
        product=product,
        amount=rounded(10 ** draw.uniform(6.6, 8.3), 2),
        message=(wish_zh if draw.random() < 0.7 else wish_en) if wanted.form else "",
        status=status,
        reason=pick(draw, REASONS) if status == "rejected" else "",
        touched_at=min(arrived + timedelta(days=draw.randint(1, 9)), moment(anchor)) if touched else None,
        arrived_at=arrived,
    )
    _be_reachable(prospect, draw, index, wanted.form)
    return prospect


def _facts(draw: Random, known: float) -> dict[str, float | str]:
    """Figures of one company: a good one has all of them good."""
    good = draw.gauss(0, 1)
    revenue = rounded(10 ** draw.uniform(7.3, 8.9))
    drawn = {
        "revenue": revenue,
        "revenue_growth": round(0.08 + 0.1 * good + draw.gauss(0, 0.06), 3),
        "leverage": round(clip(0.56 - 0.1 * good + draw.gauss(0, 0.07), 0.15, 0.95), 3),
        "current_ratio": round(clip(1.3 + 0.3 * good + draw.gauss(0, 0.2), 0.5, 3.5), 2),
        "operating_margin": round(0.09 + 0.04 * good + draw.gauss(0, 0.03), 3),
        "interest_cover": round(clip(4 + 2 * good + draw.gauss(0, 1), 0.3, 15), 1),
        "credit_score": round(clip(650 + 55 * good + draw.gauss(0, 25), 380, 820)),
        "employees": max(round(revenue / 600_000), 6),
        "total_assets": rounded(revenue * draw.uniform(0.8, 1.8)),
    }
    return {key: value for key, value in drawn.items() if draw.random() < known}


def _be_reachable(prospect: Prospect, draw: Random, index: int, form: bool) -> None:
    """Whom to speak to, how, and what they said of it."""
    name_en, name_zh = person_name(index)
    prospect.person_name = name_zh if prospect.name_zh else name_en
    prospect.person_position = draw.choice(("财务总监", "总经理", "Finance director", "Owner"))
    if form or draw.random() < 0.7:
        prospect.email = f"{name_en.split()[0].lower()}{index}@example.com"
    if draw.random() < 0.75:
        number = f"+86 138 {draw.randint(1000, 9999)} {draw.randint(1000, 9999)}"
        prospect.phone_sealed, prospect.phone_fingerprint = sealing.seal(number), sealing.fingerprint(number)
        prospect.phone_hint = sealing.hint(number)
    said = "given" if form else pick(draw, {"not_asked": 70, "given": 22, "refused": 8})
    if said != "not_asked":
        prospect.consent, prospect.consent_on = said, timezone.localtime(prospect.arrived_at).date()
        prospect.consent_words = CONSENT["consent_zh"] if form else ""


def _be_known(prospects: list[Prospect]) -> None:
    """Some are clients of the team already, by another form of the name; some came from both sources."""
    known = prospects[:230:29]
    clients = Client.objects.filter(team=known[0].team, kind=Client.Kind.CORPORATE).exclude(name_zh="")
    taken = list(clients.order_by("pk")[: 7 * len(known) : 7])
    refresh_keys([client.pk for client in taken])
    for prospect, client in zip(known, taken, strict=True):
        prospect.name_zh, prospect.name_en = client.name_zh.replace("有限公司", "（集团）有限公司"), ""
        prospect.region_id, prospect.industry_id = client.region_id, client.industry_id
        prospect.registration_number, prospect.sort_key = "", sort_key(prospect.name_zh, "")
    for one, other in zip(prospects[5:30:8], prospects[190:220:8], strict=False):
        other.name_zh, other.region, other.industry = one.name_zh, one.region, one.industry
        other.sort_key = one.sort_key


def _contact(prospect: Prospect) -> ProspectContact:
    draw = stream("prospect contact", prospect.external_reference)
    assert prospect.owner
    assert prospect.touched_at
    return ProspectContact(
        prospect=prospect,
        kind=pick(draw, {"call": 70, "email": 20, "meeting": 10}),
        outcome=pick(draw, {"good": 45, "open": 35, "not_reached": 20}),
        note=draw.choice(("初步沟通融资需求。", "Asked for the latest statements.", "约定下周再联系。", "")),
        by=prospect.owner,
        at=prospect.touched_at,
    )
