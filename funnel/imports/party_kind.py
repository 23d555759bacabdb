"""The fields of files that say who takes part in cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, choice, text
from crm.imports.kinds.common import CLIENT, Kind
from crm.imports.values import BadCell, amount, shown
from crm.models import ImportJob
from funnel.models import CaseParty


def percentage(raw: str) -> Decimal:
    """40, 40% and 12.5 as they are; of a part of a case, so above 0 and up to 100. Raises BadCell."""
    value = amount(raw.rstrip("%％ "), Decimal(1))
    if not 0 < value <= 100:
        raise BadCell("not_a_percentage", value=shown(raw))
    return value


@dataclass(frozen=True, kw_only=True)
class Percentage(Field):
    """A number that is a percentage whether or not the sign stands behind it."""

    type: str = "amount"

    def parser(self, date_order: str = "") -> Callable[[str], Any]:
        return percentage


CASE_PARTIES: Final = Kind(
    name=ImportJob.Kind.CASE_PARTIES,
    help=_(
        "Who takes part in financing cases beside the leading client, a row per case and client. A party is found again"
        " by case and client."
    ),
    fields=(
        text(
            "code", _("Case"), 40, "case|case code|case id|deal|deal id|案件|案件编号|项目编号", required=True
        ),
        CLIENT,
        choice(
            "part",
            _("Part"),
            CaseParty.Part,
            "role|参与角色|角色",
            borrower="borrower 共同借款人 借款人",
            guarantor="担保人 保证人",
            sponsor="发起人 股东",
            offtaker="承购方",
            contractor="承包商",
        ),
        Percentage(name="share", label=_("Share, %"), aliases="share|percent|percentage|占比|份额|比例"),
        text("note", _("Note"), 200, "remark|备注|说明"),
    ),
)
