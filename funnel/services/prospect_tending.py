"""What follows from prospects by itself, soon after they came in or changed: likely twins and scores."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from funnel.models import Prospect, ProspectKey
from funnel.services.prospect_twins import look_for_twins
from funnel.services.screening import score_prospects

AT_A_TIME: Final = 2_000


def tend_prospects(*, at: datetime) -> int:
    """Look for twins of open prospects that nobody looked at yet, and score what is to be scored; how many were. Safe to
    repeat."""
    unseen = Prospect.objects.open().filter(~Exists(ProspectKey.objects.filter(prospect=OuterRef("pk"))))
    last = 0
    while found := list(unseen.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        look_for_twins(found)
        last = found[-1]
    return score_prospects(at=at)
