"""Observations: graded judgements by relationship managers, revenue from our ledger, figures of third parties."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from config.demo.clock import moment
from config.demo.streams import clip, stream
from config.demo.subjects import Subject
from crm.models import Client, CustomMetric, Observation, Project

GRADED = {"management_quality": 0.75, "market_influence": 0.45, "cooperation_potential": 0.55}
"""How much of a grade follows the credit quality; the rest is the client's own."""
SIZE_INFLUENCE = {"large": 0.9, "medium": 0.2, "small": -0.4, "micro": -0.8, "": 0.0}
POTENTIAL_OF_STAGE = {"start_up": 0.3, "growth": 0.5, "mature": 0.1, "decline": -0.7}
EVIDENCE = {
    "management_quality": {
        1: "一年内两度更换总经理，预算未达成且无说明。 Two chief executives in a year; budgets are missed.",
        2: "财务力量薄弱，月报迟交。 The finance function is thin; monthly figures come late.",
        3: "计划基本执行，接班人未定。 Plans are kept in the main; succession is open.",
        4: "团队经验丰富，连续三年完成预算。 Experienced team, budgets kept for three years.",
        5: "经历两轮下行仍稳健，接班已定。 Long record through two downturns; succession is settled.",
    },
    "market_influence": {
        1: "跟随他人定价，客户可替换。 Follows the prices of others; replaceable to its customers.",
        2: "仅在本市有知名度。 Known in its city alone.",
        3: "省内多家供应商之一。 One of several suppliers in the province.",
        4: "区域同业前五。 Among the five largest of its trade in the region.",
        5: "同业定价者，参与行业标准制定。 Sets prices in its trade; named in the industry standard.",
    },
    "cooperation_potential": {
        1: "与他行合作且无意更换。 Works with one other bank and means to stay there.",
        2: "仅寻求单笔业务。 Asks for single transactions only.",
        3: "与我行有两项业务，愿意扩大。 Two products with us; open to more.",
        4: "结算已转至我行，希望签订框架协议。 Moves its payments to us and asks for a framework.",
        5: "我行为其主办行，新厂拟由我行融资。 We are its main bank; the next plant is to be financed with us.",
    },
}
"""What a relationship manager wrote beside each grade."""
NOT_JUDGED = 0.05
LEDGER_DAYS = 12
NOT_IN_LEDGER = 0.4
SURVEYED = 0.35
GREEN = {
    "new-energy": 0.8,
    "environment": 0.7,
    "advanced-manufacturing": 0.3,
    "automotive": 0.35,
    "agriculture": 0.25,
}
GREEN_SHARE = "green_revenue_share"


def make_green_share() -> CustomMetric:
    """A metric of the institution's own, beside the catalogue's."""
    return CustomMetric(
        key=GREEN_SHARE,
        label_en="Green share of revenue",
        label_zh="绿色收入占比",
        unit=CustomMetric.Unit.FRACTION,
        direction=CustomMetric.Direction.HIGHER,
        max_age_days=730,
    )


def observations_of(subject: Subject) -> Iterator[Observation]:
    yield from grades(subject)
    yield from contribution(subject)
    yield from survey(subject)
    yield from green_share(subject)


def grades(subject: Subject) -> Iterator[Observation]:
    """A questionnaire a year, the latest within the last year; a few clients are never asked."""
    if subject.is_person and subject.index % 2:
        return
    source = stream("grades", subject.index)
    if source.random() < NOT_JUDGED:
        return
    anchor = subject.quality.anchor
    own = {metric: source.gauss(0, 0.7) for metric in GRADED}
    recent = source.randint(15, 350)
    earlier = recent + source.randint(335, 364)
    for age in (earlier + source.randint(335, 364), earlier, recent):
        day = anchor - timedelta(days=age)
        for metric, follows in GRADED.items():
            grade = 3.3 + follows * subject.quality.on(day) + own[metric] + bonus(subject, metric)
            value = round(clip(grade, 1, 5))
            judged = observe(subject, metric, value, day, "RM questionnaire", 0, by_rm=True)
            judged.evidence = EVIDENCE[metric][value]
            yield judged


def bonus(subject: Subject, metric: str) -> float:
    if metric == "market_influence":
        return SIZE_INFLUENCE[subject.client.size_class]
    if metric == "cooperation_potential":
        return POTENTIAL_OF_STAGE.get(subject.client.life_cycle, 0.2)
    return 0.0


def contribution(subject: Subject) -> Iterator[Observation]:
    """The client's share of its desk's revenue, each half-year from the ledger."""
    source = stream("contribution", subject.index)
    if subject.client.status != Client.Status.ACTIVE or source.random() < NOT_IN_LEDGER:
        return
    share = 0.03 * source.lognormvariate(0, 1.1)
    for day in half_year_ends(subject.quality.anchor):
        yield observe(
            subject, "revenue_contribution", round(min(share, 0.6), 4), day, "Revenue ledger", LEDGER_DAYS
        )
        share *= source.lognormvariate(0.02, 0.2)


def half_year_ends(anchor: date) -> list[date]:
    """The last three that the ledger has closed."""
    ends = [
        date(year, *end) for year in range(anchor.year - 2, anchor.year + 1) for end in ((6, 30), (12, 31))
    ]
    return [day for day in ends if day + timedelta(days=LEDGER_DAYS) <= anchor][-3:]


def survey(subject: Subject) -> Iterator[Observation]:
    """An outside institution's view of the standing of some enterprises in their industry."""
    source = stream("survey", subject.index)
    if subject.is_person or source.random() > SURVEYED:
        return
    day = subject.quality.anchor - timedelta(days=source.randint(60, 330))
    grade = (
        3.2 + 0.4 * subject.quality.on(day) + SIZE_INFLUENCE[subject.client.size_class] + source.gauss(0, 0.5)
    )
    yield observe(
        subject, "market_influence", round(clip(grade, 1, 5)), day, "Industry association survey", 9
    )


def green_share(subject: Subject) -> Iterator[Observation]:
    share = GREEN.get(subject.trade.code)
    source = stream("green share", subject.index)
    if share is None or subject.is_person or source.random() < 0.3:
        return
    day = subject.quality.anchor - timedelta(days=source.randint(100, 300))
    value = round(clip(source.gauss(share, 0.15), 0, 1), 2)
    yield observe(subject, GREEN_SHARE, value, day, "Green certification body", 14)


def yearly(source: Random) -> tuple[int, int]:
    """How many days before the anchor a client was asked last, and the time before that."""
    recent = source.randint(15, 350)
    return recent, recent + source.randint(335, 364)


def observe(
    subject: Subject,
    metric: str,
    given: float | str,
    day: date,
    source: str,
    delay: int,
    *,
    by_rm: bool = False,
    project: Project | None = None,
) -> Observation:
    """A number or a category, received `delay` days after its day, never after the anchor."""
    received_on = max(min(day + timedelta(days=delay), subject.quality.anchor), day)
    value, text = (None, given) if isinstance(given, str) else (given, "")
    return Observation(
        client=subject.client,
        project=project,
        metric=metric,
        value=value,
        text=text,
        observed_on=day,
        received_on=received_on,
        source=source,
        recorded_by=subject.rm if by_rm else None,
        created_at=moment(received_on, 15),
    )
