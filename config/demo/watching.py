"""Early warnings over the book's last months: what they raised, what people did about it, who is watched, asset classes.

Alerts are raised by the service that raises them every day, on the days of the last runs.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from config.demo.cast import Cast
from config.demo.clock import moment, month_ends
from config.demo.streams import cycle
from config.demo.working_off import begin_the_day, work_off
from crm.models import Client, Facility, Notice, Role, User
from tiering.models import (
    Alert,
    AssetClass,
    Covenant,
    Facts,
    Policy,
    PolicyVersion,
    WatchlistEntry,
    WatchlistReview,
)
from tiering.selectors.asset_classes import floor_of
from tiering.services.leaving import look_at_exits
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.raising import CRITICAL, RAISED, raise_alerts, raise_drifts
from tiering.services.warning_rounds import escalate
from tiering.warnings.library import library
from tiering.warnings.statement import AT_THE_MOMENT, of_range

MONTHS = 3
"""So many of the last month ends, and today, raised alerts."""
PURPOSE = "First library of early warnings, to be calibrated. 首批预警指标库，后续校准。"
EVERY = 9
"""One borrower in so many has agreed to covenants."""
WATCHED, OVERDUE_REVIEWS, CLASSED = 24, 5, 40
REASONS = (
    "More than 90 days overdue on an instalment; talks about a new schedule are under way.",
    "净资产为负，主要股东尚未增资。",
    "Covenant on leverage breached two quarters running.",
    "行业下行，回款明显放缓。",
)
CRITERIA: Sequence[tuple[str, dict[str, Any]]] = (
    (
        "Nothing overdue for a year and interest cover above 2×.",
        {
            "all": [
                {"metric": "days_overdue_12m", "op": "<=", "value": 0},
                {"metric": "interest_cover", "op": ">", "value": 2},
            ]
        },
    ),
    (
        "资产负债率降至 75% 以下且无逾期。",
        {
            "all": [
                {"metric": "leverage", "op": "<", "value": 0.75},
                {"metric": "days_overdue", "op": "<=", "value": 0},
            ]
        },
    ),
    (
        "Nothing overdue and a probability of default below 10%.",
        {
            "all": [
                {"metric": "days_overdue", "op": "<=", "value": 0},
                {"metric": "pd", "op": "<", "value": 0.1},
            ]
        },
    ),
)
BOUNDS = (("leverage", "<=", 0.75), ("interest_cover", ">=", 1.5), ("current_ratio", ">=", 1.0))
LARGE, OF_FACILITIES = 30, 0.95
"""So many facilities may be used to so much of their limit."""
FOUND = "Met the client on site; the plan of the quarter holds so far. 现场走访，季度计划基本落实。"


def watch_the_book(anchor: date, cast: Cast) -> int:
    """Warnings in effect for the last months, and what came of them; the number of alerts."""
    days = [*month_ends(anchor, MONTHS), anchor]
    agree_covenants(days[0], cast)
    policy = publish_warnings(days[0], cast)
    for day in days[:-1]:
        raise_on(policy, moment(day, 1))
    work_off(anchor)
    # What was told before was read long ago.
    Notice.objects.filter(kind__in=(RAISED, CRITICAL)).delete()
    escalate(now=moment(anchor, 0))
    raise_on(policy, moment(anchor, 1))
    raise_drifts(policy=policy, as_of=moment(anchor, 1))
    begin_the_day(anchor)
    watch_clients(anchor, cast)
    classify_clients(anchor, cast)
    return Alert.objects.count()


def publish_warnings(first: date, cast: Cast) -> PolicyVersion:
    author, publisher = cast.having(Role.CRITERIA_ADMIN)[:2]
    draft = start_policy(kind=Policy.Kind.WARNINGS, by=author, document=library())
    return put_policy_in_effect(
        version=draft, publisher=publisher, effective_from=moment(first, 0), purpose=PURPOSE
    )


def raise_on(policy: PolicyVersion, as_of: datetime) -> None:
    last = Client.objects.order_by("-pk").values_list("pk", flat=True)[0]
    raise_alerts(policy=policy, scope=of_range(1, last, AT_THE_MOMENT), as_of=as_of)


def agree_covenants(first: date, cast: Cast) -> None:
    """Bounds on every ninth borrower, and on the use of the largest facilities, in force since a year before."""
    officer = cast.having(Role.RISK_OFFICER)[0]
    starts_on = first - timedelta(days=365)
    Covenant.objects.bulk_create(
        Covenant(
            client_id=client, metric=metric, op=op, value=value, starts_on=starts_on, entered_by=officer,
            entered_at=moment(starts_on),
        )
        for place, client in enumerate(borrowers())
        if place % EVERY == 0
        for metric, op, value in (cycle(BOUNDS, place // EVERY),)
    )  # fmt: skip
    large = Facility.objects.filter(closed_on=None, opened_on__lte=starts_on).order_by("-limit", "number")
    Covenant.objects.bulk_create(
        Covenant(
            client_id=client, facility_id=facility, metric="utilisation", op="<=", value=OF_FACILITIES,
            starts_on=starts_on, note="§ 7.2", entered_by=officer, entered_at=moment(starts_on),
        )
        for client, facility in large.values_list("client", "pk")[:LARGE]
    )  # fmt: skip


def borrowers() -> Sequence[int]:
    owing = Facts.objects.filter(valid_to=None, exposure__gt=0, leverage__isnull=False)
    return list(owing.order_by("client__code").values_list("client", flat=True))


def watch_clients(anchor: date, cast: Cast) -> None:
    """Clients with critical alerts under watch, some with a review that is overdue, one that waits to leave."""
    worst = Alert.objects.filter(
        status=Alert.Status.ACKNOWLEDGED,
        severity=Alert.Severity.CRITICAL,
        client__rm__isnull=False,
        opened_at__lt=moment(anchor - timedelta(days=40 + WATCHED)),
    )
    alerts = list(
        worst.order_by("client__code", "pk").distinct("client__code").select_related("client__rm")[:WATCHED]
    )
    officer = cast.having(Role.RISK_OFFICER)[0]
    entries = WatchlistEntry.objects.bulk_create(
        WatchlistEntry(
            client=alert.client,
            reason=cycle(REASONS, place),
            strategy=cycle(WatchlistEntry.Strategy.values, place),
            owner=owner_of(alert, officer),
            next_review_on=anchor + timedelta(days=(14 + place) if place >= OVERDUE_REVIEWS else -3 - place),
            exit_criteria=cycle(CRITERIA, place)[0],
            exit_when=cycle(CRITERIA, place)[1],
            entered_by=officer,
            entered_at=moment(anchor - timedelta(days=40 + place), 11),
        )
        for place, alert in enumerate(alerts)
    )
    for alert, entry in zip(alerts, entries, strict=True):
        alert.watchlist = entry
    Alert.objects.bulk_update(alerts, ["watchlist"])
    WatchlistReview.objects.bulk_create(
        WatchlistReview(
            entry=entry, by=entry.owner, at=moment(anchor - timedelta(days=20), 16), found=FOUND,
            strategy=entry.strategy, next_review_on=entry.next_review_on,
        )
        for entry in entries[::2]
    )  # fmt: skip
    if entries:
        leaving = entries[-1]
        leaving.exit_asked_by, leaving.exit_asked_at = leaving.owner, moment(anchor - timedelta(days=2), 10)
        leaving.exit_reason = "All instalments paid for two quarters. 连续两季按时还款。"
        leaving.save(update_fields=["exit_asked_by", "exit_asked_at", "exit_reason"])
    look_at_exits(entries=WatchlistEntry.objects.all(), as_of=moment(anchor, 1))


def owner_of(alert: Alert, officer: User) -> User:
    return alert.client.rm if alert.client and alert.client.rm else officer


def classify_clients(anchor: date, cast: Cast) -> None:
    """Classes for those who are late and for some who are not, none better than the payments allow."""
    officers = cast.having(Role.RISK_OFFICER)
    late = Facts.objects.filter(valid_to=None, days_overdue__gt=0).order_by("-days_overdue", "client__code")
    sound = Facts.objects.filter(valid_to=None, days_overdue=0, exposure__gt=0).order_by(
        "-exposure", "client__code"
    )
    chosen = [
        *late.values_list("client", "days_overdue")[:CLASSED],
        *sound.values_list("client", "days_overdue")[:CLASSED],
    ]
    AssetClass.objects.bulk_create(
        AssetClass(
            client_id=client,
            grade=grade_of(floor, days),
            floor=floor,
            reason="Quarterly classification. 季度分类。",
            classed_on=anchor - timedelta(days=12),
            classed_by=cycle(officers, place),
            valid_from=moment(anchor - timedelta(days=12), 17),
        )
        for place, (client, days) in enumerate(chosen)
        for floor in (floor_of(client, anchor).whole,)
    )


def grade_of(floor: str, days: float | None) -> str:
    """No better than the floor: a little late is special mention, a year late doubtful, far more a loss."""
    days = days or 0
    if days > 540:
        return AssetClass.Grade.LOSS
    if days > 270:
        return AssetClass.Grade.DOUBTFUL
    if floor == AssetClass.Grade.SUBSTANDARD:
        return floor
    return AssetClass.Grade.SPECIAL_MENTION if days > 0 else AssetClass.Grade.NORMAL
