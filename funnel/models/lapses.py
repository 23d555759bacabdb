"""Gates that cases passed and whose clients do not meet any more."""

from django.db import models
from django.db.models.functions import Now

from funnel.models.cases import Case
from funnel.models.pipelines import StageGate
from funnel.querysets import OfCaseQuerySet


class GateLapse(models.Model):
    """An open case stands behind a gate that its client does not meet any more: by the tier, the score or the facts in
    force. Derived by `funnel.services.lapses`, and gone once the gate is met again, is waived, or is left behind.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="lapses", db_index=False)
    gate = models.ForeignKey(StageGate, models.CASCADE, related_name="lapses")
    since = models.DateTimeField(db_default=Now())

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "gate"], name="gate_lapsed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.gate_id}"
