"""Some clients of whom a source says something else than the record: found, put in order, and for one decided."""

from datetime import date, timedelta

from django.utils import timezone

from config.demo.cast import Cast
from config.demo.judgements import observe
from config.demo.streams import rounded, stream
from config.demo.subjects import Subject
from crm.models import Observation, Role
from tiering.models import SourceConflict
from tiering.services.quality import renew_quality
from tiering.services.requests import drain_requests
from tiering.services.sources import decide_between, fingerprint, set_order

EVERY = 37
"""One company in so many is told differently."""
STAFF, CAPITAL = "Social insurance register", "Business register"
REASON = (
    "Seen on site: the register still counts the two plants that were sold. "
    "实地走访核实：登记人数仍含已出售的两家工厂。"
)


def let_sources_differ(subjects: list[Subject], cast: Cast, anchor: date) -> None:
    """Observations beside the record; of registered capital the register is believed, of one client people decided."""
    told = [row for subject in subjects[::EVERY] for row in told_otherwise(subject)]
    Observation.objects.bulk_create(told)
    admin = cast.having(Role.CRITERIA_ADMIN)[0]
    set_order(by=admin, metric="registered_capital", sources=[CAPITAL, "Client record"])
    drain_requests()
    renew_quality(at=timezone.now(), day=anchor, clients=[row.client_id for row in told])
    conflict = SourceConflict.objects.filter(metric="employees", client__rm__isnull=False).first()
    if conflict:
        decide_between(
            by=conflict.client.rm,
            client=conflict.client,
            metric=conflict.metric,
            source="Client record",
            reason=REASON,
            seen=fingerprint(conflict.told),
        )


def told_otherwise(subject: Subject) -> list[Observation]:
    client, anchor = subject.client, subject.quality.anchor
    if subject.is_person or not client.employees or not client.registered_capital:
        return []
    source = stream("differing", subject.index)
    day = anchor - timedelta(days=source.randint(10, 90))
    more = source.uniform(1.2, 1.6)
    return [
        observe(subject, "employees", round(client.employees * more), day, STAFF, 5),
        observe(
            subject, "registered_capital", rounded(float(client.registered_capital) * more), day, CAPITAL, 2
        ),
    ]
