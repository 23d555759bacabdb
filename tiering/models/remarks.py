"""What is said about a change of tier while it waits."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from crm.models import Attachment, Client, Project
from crm.querysets import OfClientQuerySet
from tiering.models.criteria import TierScheme
from tiering.models.reviews import Proposal

ANSWERS_A_QUESTION = """
IF (NEW.kind = 'answer') <> (NEW.question_id IS NOT NULL) OR NEW.question_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM tiering_remark q WHERE q.id = NEW.question_id AND q.kind = 'question'
    AND q.client_id = NEW.client_id AND q.scheme_id = NEW.scheme_id
    AND q.project_id IS NOT DISTINCT FROM NEW.project_id) THEN
    RAISE EXCEPTION 'remark: an answer is to a question about the same change' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Remark(models.Model):
    """A comment, a question to the RM of the client, or the answer to one, perhaps with a file as evidence.

    It belongs to the client, the scheme and the project, so that it stays in view when newer facts replace `proposal`,
    the one that it was said about. It is never changed.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    scheme = models.ForeignKey(TierScheme, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="remarks")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    question = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="answer", verbose_name=_("question")
    )
    text = models.TextField(_("text"), max_length=2000)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["id"]
        indexes = [models.Index(fields=["client", "scheme", "at"], name="remark_of_subject")]
        constraints = [
            models.CheckConstraint(name="remark_says_something", condition=~models.Q(text="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answers_a_question",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ANSWERS_A_QUESTION,
            ),
            pgtrigger.Protect(name="stays_as_said", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.kind}"
