"""Conditions on clients as the client list takes them: read, said in words, and put to the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.models import User
from tiering import display
from tiering.core.check_conditions import is_sound
from tiering.core.check_metrics import Vocabulary
from tiering.core.conditions import Condition, metrics_of, parse
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError
from tiering.finding.asked import asked_sql
from tiering.finding.catalogue import Fields
from tiering.pages.conditions import form_builder, vocabulary

NAME = "where"
LONGEST = 8000


class NotUnderstood(ValueError):
    """A text is no condition over the fields that the user may ask about; says why."""


def register() -> None:
    slots.conditions.add(
        slots.Conditions(
            key="conditions",
            label=gettext_lazy("Conditions"),
            order=10,
            permission="crm.view_client",
            read=read,
            builder=builder,
            template="tiering/finding/_builder.html",
            kit="tiering/studio/_conditions_kit.html",
            styles=("css/studio.css", "css/conditions.css"),
            scripts=("js/studio_parts.js", "js/conditions.js"),
        )
    )


def read(text: str, user: User) -> slots.Sentence:
    """What the text says, or why it says nothing that could be asked."""
    fields = Fields.of(user)
    try:
        condition = understood(text, fields)
    except NotUnderstood as refusal:
        return slots.Sentence(text, refusal=str(refusal))
    held = _held_by(condition, fields)
    return slots.Sentence(
        text,
        words=display.condition_text(condition, catalogue=fields.metrics),
        narrow=lambda clients: clients.filter(pk__in=held),
    )


def understood(text: str, fields: Fields) -> Condition:
    """The condition that the text is. Raises NotUnderstood."""
    if len(text) > LONGEST:
        raise NotUnderstood(_("The condition is too long."))
    try:
        condition = parse(json_of(text))
    except CriteriaError as error:
        raise NotUnderstood(error.refusals[0].text(_)) from error
    except ValueError as error:
        raise NotUnderstood(_("This is not a condition.")) from error
    if not is_sound(condition, Vocabulary(fields.metrics, "client")):
        raise NotUnderstood(_("It asks for a field or a choice that there is not, or not any more."))
    return condition


def builder(sentence: slots.Sentence, user: User) -> Mapping[str, Any]:
    """What the builder is drawn from."""
    return {
        "vocabulary": vocabulary(Fields.of(user).metrics.values()),
        "field": form_builder(
            NAME, sentence.text, words=sentence.words, without=_("No condition yet: everybody is shown.")
        ),
    }


def _held_by(condition: Condition, fields: Fields) -> RawSQL:
    """The ids of clients of whom the condition holds. Names are our own, values are parameters."""
    asked = asked_sql(condition, fields)
    joins = " ".join(fields.joins(metrics_of(condition)))
    text = f"SELECT c.id FROM crm_client c {joins} WHERE {asked.text}"  # noqa: S608
    return RawSQL(text, asked.params)  # noqa: S611
