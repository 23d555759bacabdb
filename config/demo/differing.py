"""Some clients of whom a source says something else than the record: found, put in order, and for one decided."""

from datetime import timedelta

from config.demo.cast import Cast
from config.demo.judgements import observe
from config.demo.streams import rounded, stream
from config.demo.subjects import Subject
from crm.models import Observation, Role
from tiering.models import SourceConflict
from tiering.services.sources import decide_between, fingerprint, set_order

EVERY = 37
"""One company in so many is told differently."""
STAFF, CAPITAL = "Social insurance register", "Business register"
REASON = (
    "Seen on site: the register still counts the two plants that were sold. "
    "实地走访核实：登记人数仍含已出售的两家工厂。"
)


def order_sources(cast: Cast) -> None:
    """Of registered capital the register is believed."""
    admin = cast.having(Role.CRITERIA_ADMIN)[0]
    set_order(by=admin, metric="registered_capital", sources=[CAPITAL, "Client record"])


def decide_for_one() -> None:
    """A manager knows better than the register how many people work at a client."""
    conflict = SourceConflict.objects.filter(metric="employees", client__rm__isnull=False).first()
    if conflict and conflict.client.rm:
        decide_between(
            by=conflict.client.rm,
            client=conflict.client,
            metric=conflict.metric,
            source="Client record",
            reason=REASON,
            seen=fingerprint(conflict.told),
        )


def told_otherwise(subject: Subject) -> list[Observation]:
    """What registers say of a company, where it is not what its record says."""
    client, anchor = subject.client, subject.quality.anchor
    if subject.index % EVERY or subject.is_person or not client.employees or not client.registered_capital:
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
