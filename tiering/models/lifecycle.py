"""What versions of criteria and versions of policies have alike: a draft comes in effect step by step, by two people."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# `to_jsonb` makes the row of every other column.
CONTENT_IS_CHANGED = """
NOT (OLD.status = 'draft' AND NEW.status = 'draft') AND
    to_jsonb(NEW) - '{{{decided}}}'::text[]
    IS DISTINCT FROM
    to_jsonb(OLD) - '{{{decided}}}'::text[]
"""


def kept_to_its_steps(
    *, decided: str, step_is_not_there: str, published_is_changed: str
) -> list[pgtrigger.Trigger]:
    """A version begins as a draft and goes from step to step; from its submission on nothing changes but the columns
    of what is `decided` about it."""
    refused_updates = {
        "only_drafts_change": CONTENT_IS_CHANGED.format(decided=decided),
        "step_by_step": step_is_not_there,
        "published_is_final": published_is_changed,
    }
    return [
        pgtrigger.Protect(
            name="begins_as_a_draft", operation=pgtrigger.Insert, condition=~pgtrigger.Q(new__status="draft")
        ),
        *(
            pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=pgtrigger.Condition(sql))
            for name, sql in refused_updates.items()
        ),
    ]


def by_no_author(signer: str, func: str) -> pgtrigger.Trigger:
    """Whoever is entered as `signer` did not write the version: `func` raises where they did."""
    return pgtrigger.Trigger(
        name=f"{signer}_is_no_author",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            f"NEW.{signer}_id IS NOT NULL AND NEW.{signer}_id IS DISTINCT FROM OLD.{signer}_id"
        ),
        func=func,
    )


class VersionStep(models.Model):
    """One step of a version on its way: who took it, when, over which content, and what was said."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)

    version_id: int
    act: str

    class Meta:
        abstract = True
        ordering = ["version", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.act}"
