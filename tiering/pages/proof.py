"""What a version's page says of whether the version does what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import User
from tiering.models import Challenger, CriteriaVersion, TierScheme
from tiering.pages.validation_list import Line, lines_of
from tiering.selectors.validations import every_validation

SHOWN = 3


@dataclass(frozen=True)
class Proof:
    """The latest validations of a version, and whether it runs beside what is in effect. `may_ask`: outcomes are of
    clients, so methods about clients within projects have none."""

    validations: list[Line]
    may_ask: bool
    challenger: Challenger | None
    may_challenge: bool


def proof_of(version: CriteriaVersion, user: User) -> Proof | None:
    """None for who may not see figures of the whole book."""
    if not user.has_perm("tiering.validate_criteria"):
        return None
    running = Challenger.objects.filter(version=version, ended_at=None).first()
    not_yet = version.status in (CriteriaVersion.Status.DRAFT, CriteriaVersion.Status.SUBMITTED)
    return Proof(
        validations=lines_of(list(every_validation().filter(version=version)[:SHOWN])),
        may_ask=version.criteria.scheme.subject == TierScheme.Subject.CLIENT,
        challenger=running,
        may_challenge=not (running or not_yet) and user.has_perm("tiering.write_criteria"),
    )
