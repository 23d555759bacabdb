"""What new facts of few clients lead to in each scheme, and the runs that gather it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from tiering.core.terms import Terms
from tiering.facts import local_day
from tiering.models import CriteriaVersion, TieringRun
from tiering.services.retier import retier
from tiering.services.terms import change_terms


def follow(*, clients: Sequence[int], as_of: datetime, versions: Iterable[CriteriaVersion]) -> None:
    """Assess locked clients by each of the versions, in the transaction of the caller.

    Their facts hold from the moment on, and nothing is known of them from later on.
    """
    for version in versions:
        retier(run=change_run(version, as_of), as_of=as_of, clients=clients)


def change_run(version: CriteriaVersion, as_of: datetime) -> TieringRun:
    """The run that gathers what changed records led to during a day and under the same terms; its assessments hold
    from moments of their own."""
    terms = change_terms(version, as_of)
    run, _ = TieringRun.objects.get_or_create(
        kind=TieringRun.Kind.OFFICIAL,
        trigger=TieringRun.Trigger.CHANGE,
        slot=local_day(as_of).isoformat() + _mark(terms),
        version=version,
        defaults={"as_of": as_of, "status": TieringRun.Status.RUNNING, "terms": terms.as_json()},
    )
    run.version = version
    return run


def _mark(terms: Terms) -> str:
    """What tells the terms from others in a slot; nothing where there are none."""
    if terms == Terms():
        return ""
    return f" {hashlib.sha256(json.dumps(terms.as_json()).encode()).hexdigest()[:12]}"
