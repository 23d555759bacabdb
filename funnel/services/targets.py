"""Setting targets: many at once, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.errors import Invalid, NotPermitted
from crm.formats import month
from crm.models import User
from funnel.errors import TargetSetMeanwhile
from funnel.models import Pipeline, Target
from funnel.models.targets import name_of

Key = tuple[str, Any, date, str]


@dataclass(frozen=True)
class Wanted:
    """What is to be the target of a month; neither amount nor count: there is to be none. `version` is that of the one
    that was seen, 0 where there was none."""

    of: str
    whose: Any
    month: date
    currency: str
    amount: Decimal | None
    count: int | None
    version: int

    @property
    def key(self) -> Key:
        return self.of, getattr(self.whose, "pk", self.whose), self.month, self.currency


@transaction.atomic
def set_targets(*, pipeline: Pipeline, wanted: Sequence[Wanted], by: User) -> list[Target]:
    """Set the targets of a pipeline; gives those that changed and stand.

    Raises NotPermitted, TargetSetMeanwhile naming the first that is no longer as it was seen, or Invalid by place in
    `wanted`; nothing was changed then.
    """
    if not all(by.has_perm("funnel.set_targets", one.whose) for one in wanted):
        raise NotPermitted
    if len({one.key for one in wanted}) < len(wanted):
        raise Invalid({"targets": [_("A month is named twice.")]})
    # One at a time for each pipeline, so that nobody adds what another one adds.
    Pipeline.objects.select_for_update().get(pk=pipeline.pk)
    standing = _standing(pipeline, wanted)
    for one in wanted:
        found = standing.get(one.key)
        if one.version != (found.version if found else 0):
            raise TargetSetMeanwhile(whose=name_of(one.of, one.whose), month=month(one.month), wanted=one)
    changed = [one for one in wanted if not _is_as_wanted(one, standing.get(one.key))]
    gone = [standing[one.key].pk for one in changed if one.amount is None and one.count is None]
    Target.objects.filter(pk__in=gone).delete()
    targets = [
        _target(pipeline, one, standing.get(one.key), by)
        for one in changed
        if one.amount is not None or one.count is not None
    ]
    _check(targets, wanted)
    Target.objects.bulk_create([target for target in targets if target.pk is None])
    Target.objects.bulk_update(
        [target for target in targets if target.version > 1],
        ["amount", "count", "version", "set_by", "set_at"],
    )
    return targets


def _standing(pipeline: Pipeline, wanted: Sequence[Wanted]) -> dict[Key, Target]:
    rows = Target.objects.filter(pipeline=pipeline, month__in={one.month for one in wanted})
    rows = rows.select_related("team", "rm")
    return {(row.of, getattr(row.whose, "pk", row.whose), row.month, row.currency): row for row in rows}


def _is_as_wanted(one: Wanted, found: Target | None) -> bool:
    return (one.amount, one.count) == ((found.amount, found.count) if found else (None, None))


def _target(pipeline: Pipeline, one: Wanted, found: Target | None, by: User) -> Target:
    target = found or Target(
        pipeline=pipeline, month=one.month, currency=one.currency, version=0, **{one.of: one.whose}
    )
    target.amount, target.count = one.amount, one.count
    target.version += 1
    target.set_by, target.set_at = by, timezone.now()
    return target


def _check(targets: Sequence[Target], wanted: Sequence[Wanted]) -> None:
    """Raises Invalid by place."""
    place = {one.key: at for at, one in enumerate(wanted)}
    refused: dict[str, list[str]] = {}
    for target in targets:
        try:
            target.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            at = place[target.of, getattr(target.whose, "pk", target.whose), target.month, target.currency]
            refused |= {f"targets.{at}.{name}": texts for name, texts in error.message_dict.items()}
    if refused:
        raise Invalid(refused)
