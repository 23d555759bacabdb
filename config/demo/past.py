"""The book's last twelve months, lived by running the engine: a run at each month's end, decisions, a run today.

Everything goes through tiering's own services. Their stamps of when a run or a publication took place are then set to
the day they stand for; tiers, facts and assessments need no such touch, they hold from the as-of moment.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.db import connection
from django.utils.translation import gettext as _

import tiering
from config.demo.cast import Cast
from config.demo.clock import moment, month_ends, months_after, working_day
from config.demo.streams import cycle, stream
from crm.models import Role, User
from tiering.models import Assessment, Assignment, CriteriaVersion, Facts, Proposal, RunChunk, TieringRun
from tiering.services.criteria import load_criteria, publish_version
from tiering.services.proposals import approve, reject
from tiering.services.runs import start_run, work_through

MONTHS = 12
CRITERIA = Path(tiering.__file__).parent / "criteria" / "aa_a_b.json"
APPROVED = 0.80
DECIDED = 0.92
DECIDED_LATELY = (0.4, 0.15, 0.05)
"""Share of a run's proposals that is decided before the next run; those of the last three months pile up."""
WRITTEN_BY_RUNS = (Facts, Assessment, Assignment, Proposal)
DURATION = timedelta(seconds=40)
APPROVALS = ("", "", "证据充分，同意。", "Agreed; the figures bear it out.", "与客户经理核实，同意调整。")
REJECTIONS = (
    "单季数据波动，下季度再看。",
    "One quarter does not make a trend; look again with the next statements.",
    "The new guarantee offsets the weaker ratios for now.",
    "项目回款已确认，暂维持原层级。",
)


class RunFailed(Exception):
    """A run of the demo's past ended with quarantined chunks; the log says why."""


def publish_criteria(anchor: date, cast: Cast) -> CriteriaVersion:
    """The seed's AA/A/B criteria, written by one administrator, published by the other before the first run."""
    author, approver = cast.having(Role.CRITERIA_ADMIN)[:2]
    drafted_at = moment(months_after(anchor, -MONTHS - 3))
    effective_from = moment(months_after(anchor, -MONTHS - 2), 0)
    document = json.loads(CRITERIA.read_text(encoding="utf-8"))
    version = load_criteria(document=document, author=author)
    version = publish_version(version=version, approver=approver, effective_from=effective_from)
    CriteriaVersion.objects.filter(pk=version.pk).update(created_at=drafted_at, published_at=effective_from)
    return version


def live_the_year(anchor: date, cast: Cast) -> Iterator[str]:
    """Run and decide month by month; yields a line for each run. The last run's proposals wait for the reader."""
    officers = cast.having(Role.RISK_OFFICER)
    *days, last = run_days(anchor)
    shares = [DECIDED] * (MONTHS - len(DECIDED_LATELY)) + [*DECIDED_LATELY]
    for day, following, share in zip(days, [*days[1:], last], shares, strict=True):
        run = run_of(day)
        yield line(run, decide(run, officers, moment(following, 0), share))
    yield line(run_of(last), 0)


def run_days(anchor: date) -> list[date]:
    return [*month_ends(anchor, MONTHS), anchor]


def run_of(day: date) -> TieringRun:
    """The scheduled run of a day, done as of its first moment. Raises RunFailed."""
    as_of = moment(day, 0)
    trigger = TieringRun.Trigger.SCHEDULE
    run = work_through(start_run(requested_by=None, trigger=trigger, as_of=as_of, slot=day.isoformat()))
    if run.status != TieringRun.Status.DONE:
        raise RunFailed(day)
    finished_at = as_of + DURATION
    renew_statistics()
    RunChunk.objects.filter(run=run).update(finished_at=finished_at)
    TieringRun.objects.filter(pk=run.pk).update(created_at=as_of, finished_at=finished_at)
    return run


def renew_statistics() -> None:
    """Autovacuum cannot see into the open transaction, and without statistics the next run takes ten times as long."""
    tables = ", ".join(f'"{model._meta.db_table}"' for model in WRITTEN_BY_RUNS)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def decide(run: TieringRun, officers: list[User], before: datetime, share: float) -> int:
    """The officers' decisions of the days after a run, most of them approvals; gives how many there were."""
    proposals = Proposal.objects.filter(run=run, status=Proposal.Status.PENDING).select_related("client")
    decided = 0
    for place, proposal in enumerate(proposals.order_by("client__code")):
        source = stream("decision", run.slot, proposal.client.code)
        at = moment(working_day(run_day(run) + timedelta(days=source.randint(3, 14))), source.randint(9, 17))
        if at < before and source.random() < share:
            settle(proposal, cycle(officers, place), at, source)
            decided += 1
    return decided


def run_day(run: TieringRun) -> date:
    return date.fromisoformat(run.slot)


def settle(proposal: Proposal, officer: User, at: datetime, source: Random) -> None:
    if source.random() < APPROVED:
        approve(proposal=proposal, decided_by=officer, comment=source.choice(APPROVALS), at=at)
    else:
        reject(proposal=proposal, decided_by=officer, comment=source.choice(REJECTIONS), at=at)


def line(run: TieringRun, decided: int) -> str:
    chunks = RunChunk.objects.filter(run=run)
    proposed = sum(chunks.values_list("proposed", flat=True))
    return _("run of %(day)s: %(changed)d tiers set, %(proposed)d changes proposed, %(decided)d decided") % {
        "day": run.slot,
        "changed": sum(chunks.values_list("assigned", flat=True)),
        "proposed": proposed,
        "decided": decided,
    }
