"""What the fields of the funnel's records mean (口径), beside each field of a form and in the data dictionary."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from crm.definitions import KINDS, Kind, Meanings
from funnel.models import Case, TermSheet

CASE: Final[Meanings] = {
    "client": _("Who asks for the money and will owe it."),
    "product": _("The product of the house that the client asks for; it chooses the funnel."),
    "amount": _(
        "What the client asks for, in the case's own currency; totals carry it in the book currency."
    ),
    "currency": _("The currency that is lent. It stays what it was when the case was opened."),
    "project": _("The project that the money is for, if it is for one."),
    "source": _("How we came to know of it: conversions are compared by it."),
    "expected_close": _("The day on which we expect to win the case; the forecast counts by it."),
    "purpose": _("What the client will do with the money."),
    "competition": _("Who else offers, and what we know of their terms."),
    "next_step": _("What is done next to bring the case on."),
    "next_step_on": _("The day by which the next step is done."),
}
TERM_SHEET: Final[Meanings] = {
    "amount": _("What we offer to lend, in the case's currency."),
    "valid_until": _("The last day on which the client may accept."),
    "base_rate": _("What the house pays for money of this tenor, before any add-on."),
    "add_on": _("What is asked above the house's rate; 100 basis points are 1 %."),
    "tenor_months": _("From the first payout to the last repayment."),
    "fee": _("Paid once, when the contract is signed."),
    "cover": _("Value of the collateral after haircuts ÷ amount."),
    "collateral": _("What secures the loan, in words."),
    "covenants": _("What the client promises to keep to as long as it owes us."),
}


def register() -> None:
    KINDS["case"] = Kind(_("Financing case"), CASE, Case)
    KINDS["term_sheet"] = Kind(_("Term sheet"), TERM_SHEET, TermSheet)
