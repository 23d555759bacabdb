"""The book's last twelve months, lived by running the engine: a run at each month's end, decisions, a run today.

Everything goes through tiering's own services. Their stamps of when a run took place are then set to the day they stand
for; tiers, facts and assessments need no such touch, they hold from the as-of moment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from config.demo.cast import Cast
from config.demo.clock import moment, month_ends, working_day
from config.demo.methods import BESIDE
from config.demo.overriding import Overriding
from config.demo.streams import cycle, stream
from crm.models import Role, User
from tiering.models import (
    Assessment,
    Assignment,
    CriteriaVersion,
    Facts,
    ProjectFacts,
    Proposal,
    RunChunk,
    TieringRun,
)
from tiering.services.proposals import approve, reject
from tiering.services.runs import start_run, work_through

MONTHS = 12
APPROVED = 0.80
DECIDED = 0.92
DECIDED_LATELY = (0.4, 0.15, 0.05)
"""Share of a run's proposals that is decided before the next run; those of the last three months pile up."""
WRITTEN_BY_RUNS = (Facts, ProjectFacts, Assessment, Assignment, Proposal)
CHOSEN_BY = ("id", "valid_from", "valid_to", "status")
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


@dataclass(frozen=True, slots=True)
class Sitting:
    """A day of runs: by which criteria, and what share of the proposals is decided until the next."""

    day: date
    versions: Sequence[CriteriaVersion]
    until: date
    decided: float


def sittings(anchor: date, versions: Sequence[CriteriaVersion]) -> list[Sitting]:
    """Every month's end and today; the first of the versions, the primary scheme's, counts each time. Of today's
    proposals nothing is decided: they wait for the reader."""
    days = [*month_ends(anchor, MONTHS), anchor]
    shares = [DECIDED] * (MONTHS - len(DECIDED_LATELY)) + [*DECIDED_LATELY, 0.0]
    primary, *beside = versions
    return [
        Sitting(day, [primary, *(version for version in beside if is_due(version, back))], following, share)
        for back, day, following, share in zip(
            range(MONTHS, -1, -1), days, [*days[1:], anchor], shares, strict=True
        )
    ]


def is_due(version: CriteriaVersion, months_back: int) -> bool:
    """Whether the book is tiered by a method beside the primary one."""
    return months_back == 0 or months_back in BESIDE[version.criteria.scheme.key]


def live_the_year(sittings: Sequence[Sitting], cast: Cast) -> Iterator[str]:
    """Run and decide month by month; yields a line for each run."""
    officers = cast.having(Role.RISK_OFFICER)
    overriding = Overriding(sittings[-1].day, cast)
    for back, sitting in zip(range(len(sittings) - 1, -1, -1), sittings, strict=True):
        renew_statistics()
        overriding.before_runs(sitting.day)
        for place, version in enumerate(sitting.versions):
            run = run_of(sitting.day, version, place == 0)
            yield line(run, decide(run, officers, moment(sitting.until, 0), sitting.decided))
        overriding.after_runs(back, sitting.day)
    overriding.today()


def run_of(day: date, version: CriteriaVersion, derives: bool) -> TieringRun:
    """The scheduled run of a day, done as of its first moment. The first one derives the facts, the others read them.

    Raises RunFailed.
    """
    as_of = moment(day, 0)
    run = work_through(
        start_run(
            requested_by=None,
            trigger=TieringRun.Trigger.SCHEDULE,
            as_of=as_of,
            basis=TieringRun.Basis.RECORDS if derives else TieringRun.Basis.FACTS,
            version=version,
            slot=day.isoformat(),
        )
    )
    return dated_back(run)


def dated_back(run: TieringRun) -> TieringRun:
    """A run that is over, with its stamps at the moment it looked at. Raises RunFailed."""
    if run.status != TieringRun.Status.DONE:
        raise RunFailed(run.version.criteria.scheme.key, run.slot)
    finished_at = run.as_of + DURATION
    RunChunk.objects.filter(run=run).update(started_at=run.as_of, finished_at=finished_at)
    TieringRun.objects.filter(pk=run.pk).update(created_at=run.as_of, finished_at=finished_at)
    return run


def renew_statistics() -> None:
    """Autovacuum cannot see into the open transaction, and without statistics the next run takes ten times as long.

    Of what rows are joined and chosen by; the many values that facts hold would take longer than the run.
    """
    tables = ", ".join(f'"{model._meta.db_table}" ({chosen_by(model)})' for model in WRITTEN_BY_RUNS)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def chosen_by(model: type[Model]) -> str:
    fields = [field for field in model._meta.concrete_fields if field.is_relation or field.name in CHOSEN_BY]
    return ", ".join(f'"{field.column}"' for field in fields)


def decide(run: TieringRun, officers: list[User], before: datetime, share: float) -> int:
    """The officers' decisions of the days after a run, most of them approvals; gives how many there were."""
    proposals = Proposal.objects.filter(run=run, status=Proposal.Status.PENDING).select_related("client")
    decided = 0
    for place, proposal in enumerate(proposals.order_by("client__code", "project__code")):
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
    return _(
        "run of %(day)s, %(scheme)s: %(changed)d tiers set, %(proposed)d changes proposed, %(decided)d decided"
    ) % {
        "day": run.slot,
        "scheme": run.version.criteria.scheme.key,
        "changed": sum(chunks.values_list("assigned", flat=True)),
        "proposed": proposed,
        "decided": decided,
    }
