"""The fields of lists of prospects: who they are, whom to speak to, and the figures that the screening reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import metrics
from crm.imports.fields import Field, amount, text
from crm.imports.kinds.clients import CLIENTS
from crm.imports.kinds.common import (
    INDUSTRY,
    NAME,
    PRODUCT,
    REGION,
    UNIT,
    Kind,
    english_and_chinese_names,
    named,
)
from crm.imports.kinds.who import PEOPLE, sealed
from crm.imports.values import word
from crm.models import ImportJob
from funnel.selectors.screening import screening_version
from tiering.selectors.criteria import document_of

USUAL: Final = (
    *("revenue", "revenue_growth", "net_margin", "operating_margin", "leverage", "current_ratio"),
    *("interest_cover", "total_assets", "employees", "registered_capital", "credit_score", "pd", "rating"),
)
"""Figures that lists of companies have, whatever the screening reads."""


def figures() -> tuple[Field, ...]:
    """The metrics that may be given of a prospect: the usual ones, and those that the criteria of the screening read."""
    version = screening_version(timezone.now())
    read = document_of(version).metrics if version else frozenset()
    known = metrics.observable()
    keys = [key for key in dict.fromkeys((*USUAL, *sorted(read))) if key in known and key not in OWN]
    return tuple(_figure(known[key]) for key in keys)


def _figure(metric: metrics.ObservableMetric) -> Field:
    is_number = metric.type == "number"
    words = {word(str(said)): key for key, label in metric.categories.items() for said in (key, label)}
    return Field(
        name=metric.key,
        label=metric.label,
        type="measure" if is_number else "choice",
        words=words,
        choices=[*metric.categories.items()],
        lowest=metric.lowest,
        highest=metric.highest,
    )


def gathered(values: dict[str, Any]) -> None:
    """Names as those of clients, the telephone sealed, and the figures as one value."""
    given = {key: value for key, value in values.items() if key not in OWN}
    values["given_facts"] = json.dumps(given, sort_keys=True) if given else None
    named(values)
    sealed(values)
    del values["sort_key"]


def _of(kind: Kind, *names: str) -> Iterator[Field]:
    """Fields that another kind has alike."""
    return (field for field in kind.fields if field.name in names)


PROSPECTS = Kind(
    name=ImportJob.Kind.PROSPECTS,
    help=_(
        "Who might become a client, a row per prospect, of sources that exist. A prospect is found again by source and"
        " reference, else registration number, else name, as long as nobody decided about it."
    ),
    fields=(
        text("source", _("Source"), 120, "lead source|list|来源|线索来源|名单", required=True),
        text("reference", _("Reference"), 80, "lead id|id|external id|线索编号|编号"),
        NAME,
        *english_and_chinese_names(),
        *_of(CLIENTS, "registration_number", "kind"),
        INDUSTRY,
        REGION,
        PRODUCT,
        amount("amount", _("Amount"), "financing amount|demand|融资金额|资金需求|金额"),
        UNIT,
        text("message", _("Message"), 2_000, "note|remark|需求说明|备注"),
        text("person_name", _("Contact person"), 120, "contact|contact name|联系人|联系人姓名"),
        text("person_position", _("Position"), 120, "job title|职务|职位"),
        *_of(PEOPLE, "email", "phone", "language", "consent", "consent_on"),
        text("owner", _("Owner"), 40, "user name|relationship manager|负责人|客户经理"),
    ),
    more=figures,
    derived=("name_sort", "phone_sealed", "phone_fingerprint", "phone_hint", "given_facts"),
    derive=gathered,
    one_of=("name", "name_en", "name_zh"),
)
OWN: Final = frozenset(field.name for field in PROSPECTS.fields)
"""Every other field of a row is a figure."""
