"""What the fields of the funnel's records mean (口径), beside each field of a form and in the data dictionary."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from crm.definitions import KINDS, Kind, Meanings
from funnel.models import Case, CaseParty, CheckItem, LeadSource, Prospect, TermSheet

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

CHECK: Final[Meanings] = {
    "kind": _("Checked before the case is decided, or met before it is paid out."),
    "name": _("What has to be true or at hand, said so that it can be answered with yes or no."),
    "owner": _("Who sees to it that it is done. Anybody who works on the case may finish it."),
    "due_on": _("The last day on which it may be done; the day after, it is overdue."),
    "finding": _("What was seen or read, so that whoever decides need not ask."),
    "risk": _("How much what was found speaks against the case; empty where it says nothing of it."),
    "file": _("The paper that shows it, kept as it was handed in."),
    "applies": _("Done, or not asked of this case; of a condition of payout somebody else decides that."),
}
PARTY: Final[Meanings] = {
    "client": _("Who takes part beside the leading client, whose tier, team and manager count."),
    "part": _("What it owes, secures or brings."),
    "share": _("Its share of the amount of the case; those of one part come to 100 % at most."),
}
PROSPECT: Final[Meanings] = {
    "source": _(
        "Where we have the prospect from: conversions are compared by it, and its owner gets the prospect."
    ),
    "name_zh": _("The full Chinese name, with its company form, as far as it is known."),
    "name_en": _("The full English name, with its company form, as far as it is known."),
    "kind": _("A company, an institution that invests or lends money of others, or a natural person."),
    "registration_number": _(
        "The number of the public register: clients and prospects are compared by it first."
    ),
    "industry": _("The industry that most of the revenue comes from."),
    "region": _("Where it is registered, or a person lives."),
    "product": _("What it asks for, as far as it said so; it chooses the funnel."),
    "amount": _("What it asks for, in the book currency."),
    "person_name": _("Whom we speak to."),
    "email": _("Shown to whoever works on the prospect, and in no file that is taken out."),
    "phone": _("Kept encrypted; a look at it is kept with its reason."),
    "consent": _("What they said of offers and events; whoever refused is not contacted."),
    "consent_on": _("The day on which they said so."),
    "message": _("What they wrote, in their words."),
    "reason": _("Why nothing comes of it; sources are compared by it."),
    "remark": _("What somebody should know who comes across it again."),
    "owner": _("Who works on it; nobody until somebody takes it or the lead gives it out."),
    "pipeline": _("The funnel in which its first case begins."),
}
LEAD_CONTACT: Final[Meanings] = {
    "kind": _("How we met: it counts as the first contact."),
    "outcome": _("Whether they were reached, and what they made of it."),
    "note": _("What was said, in a sentence."),
}
LEAD_SOURCE: Final[Meanings] = {
    "name": _("What lists and figures call it; a file names it in a column."),
    "kind": _("The source that cases of its prospects have."),
    "owner": _("Who gets its prospects as they arrive."),
    "is_open": _("Whether its form takes prospects from outside."),
    "title_en": _("What stands above the form, to readers of English."),
    "title_zh": _("What stands above the form, to readers of Chinese."),
    "consent_en": _("What they agree to, to readers of English; kept with each prospect as it was read."),
    "consent_zh": _("What they agree to, to readers of Chinese; kept with each prospect as it was read."),
}
CHECK_LABELS: Final[Meanings] = {"name": _("What is checked"), "file": _("Evidence"), "applies": _("State")}
PROSPECT_LABELS: Final[Meanings] = {"phone": _("Telephone"), "pipeline": _("Funnel")}
CONTACT_LABELS: Final[Meanings] = {"kind": _("Kind"), "outcome": _("Outcome"), "note": _("Note")}
"""What fields are called that their table has by another name, or not."""


def register() -> None:
    KINDS["case"] = Kind(_("Financing case"), CASE, Case)
    KINDS["check"] = Kind(_("Point of a checklist"), CHECK, CheckItem, CHECK_LABELS)
    KINDS["party"] = Kind(_("Party of a case"), PARTY, CaseParty)
    KINDS["prospect"] = Kind(_("Prospect"), PROSPECT, Prospect, PROSPECT_LABELS)
    KINDS["lead_contact"] = Kind(_("Contact with a prospect"), LEAD_CONTACT, labels=CONTACT_LABELS)
    KINDS["lead_source"] = Kind(_("Source of prospects"), LEAD_SOURCE, LeadSource)
    KINDS["term_sheet"] = Kind(_("Term sheet"), TERM_SHEET, TermSheet)
