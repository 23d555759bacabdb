"""What the fields of records mean (口径), by kind of record and name of field: said beside each field of a form, on the
client's page and in the data dictionary. Declared fields and metrics bring their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from crm.models import (
    Address,
    Campaign,
    CampaignText,
    Client,
    Collateral,
    ConsentRecord,
    ContactPerson,
    CreditReport,
    Document,
    Facility,
    FinancialStatement,
    IdentityNumber,
    Interaction,
    Observation,
    Payment,
    Project,
    Relation,
    Revenue,
    Task,
)
from crm.values import label_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Meanings = Mapping[str, "_StrOrPromise"]

CLIENT: Final[Meanings] = {
    "code": _("Our own number of the client. It never changes; files and programs find the client by it."),
    "kind": _("A company, an institution that invests or lends money of others, or a natural person."),
    "name_zh": _("The full Chinese name of the register or the identity document, with its company form."),
    "name_en": _("The full English name of the register or the passport, with its company form."),
    "registration_number": _(
        "The number under which the public register has the company: in China the unified social credit code."
    ),
    "industry": _("The industry that most of the client's revenue comes from."),
    "region": _("Where the client is registered, or a person lives."),
    "status": _(
        "Potential without a contract, active while business is done, dormant when it has gone quiet."
    ),
    "life_cycle": _("How far the business has come, by its age and the growth of its revenue."),
    "size_class": _(
        "Size by the official classification of its industry, from employees, revenue and total assets."
    ),
    "risk_appetite": _("How much risk the client itself seeks in what it does and invests in."),
    "demand_level": _(
        "How far the financing needs reach: single loans, several products, or tailored solutions."
    ),
    "registered_capital": _(
        "What the owners have subscribed by the register, paid in or not, in the book currency."
    ),
    "employees": _(
        "People with a contract at the client itself, without its subsidiaries, at the end of the year."
    ),
    "client_since": _("The day of the first contract with us."),
    "rm": _("Who holds the client and answers for its data."),
    "team": _("The team whose book the client belongs to."),
}
FIGURES: Final[Meanings] = {
    "score": _("Points from 0 to 100 by the criteria in effect, with the change over a quarter."),
    "exposure": _("What is drawn and not repaid, over all open facilities."),
    "limit_use": _("Exposure ÷ limit, over all open facilities."),
    "last_contact": _("Since when nobody called, met, wrote to or visited the client."),
}
STATEMENT: Final[Meanings] = {
    "span": _(
        "What the figures are of: tiers rest on full years, half-years and quarters are there to be looked at."
    ),
    "period_end": _("The last day of the period, and the day of the balance sheet."),
    "unit": _("What one unit of the figures below is worth; they are kept in whole units."),
    "audited": _("Whether an auditor signed the statement."),
    "source": _("Where the statement comes from: the client, an annual report, a bureau."),
    "currency": _("The currency of the papers; the book carries amounts in its own."),
    "exchange_rate": _(
        "What a unit of the currency was worth in the book's on the day of the balance sheet."
    ),
    "revenue": _("Sales of the period without value-added tax, before costs."),
    "operating_profit": _("Revenue less operating costs and expenses, before interest and income tax."),
    "interest_expense": _("Interest of the period on all debt, capitalised interest included."),
    "net_profit": _("Profit after income tax, minority interests included."),
    "total_assets": _("Everything that the client owns, at book value."),
    "current_assets": _("Cash and what turns into cash within twelve months."),
    "cash": _("Cash and equivalents at the end of the period, pledged cash left out."),
    "cash_before": _("The same at the end of the period before."),
    "inventory": _("Stocks at cost, less write-downs."),
    "receivables": _("Trade receivables and notes, less allowances."),
    "total_liabilities": _("Everything that the client owes, current and not."),
    "current_liabilities": _(
        "What falls due within twelve months, the current part of long-term debt included."
    ),
    "equity": _("Total assets less total liabilities, minority interests included."),
    "retained_earnings": _("Profits of all years kept in the business, reserves from profit included."),
    "operating_cash_flow": _("Net cash from operating activities."),
    "investing_cash_flow": _("Net cash from investing activities; mostly negative."),
    "financing_cash_flow": _("Net cash from financing activities."),
}
CREDIT_REPORT: Final[Meanings] = {
    "bureau": _("The credit bureau or rating agency that says so."),
    "reported_on": _("The day that the report speaks for."),
    "reference": _("The number that the bureau gave the report."),
    "score": _("The bureau's score on its own scale; higher is better."),
    "pd": _("The bureau's probability that the client defaults within twelve months."),
    "rating": _("The long-term issuer rating, on the scale from AAA to D."),
    "negative_items": _("Open items in the report: overdue loans, enforcement, dishonoured notes, lawsuits."),
}
FACILITY: Final[Meanings] = {
    "number": _("The number of the contract."),
    "product": _("The product of the house that the facility is."),
    "project": _("The project that the facility finances, if it is one."),
    "limit": _("What may be drawn by the contract, in the currency of the contract."),
    "drawn": _(
        "What was paid out on the day of opening; principal repaid since is deducted by the schedule."
    ),
    "rate": _("The contract's interest rate a year, all margins included."),
    "opened_on": _("The first day on which the client may draw."),
    "matures_on": _("The day on which the last principal falls due."),
    "closed_on": _("The day on which nothing was owed any more and the contract ended."),
    "currency": _("The currency of the contract."),
    "exchange_rate": _("What the book carries a unit of the currency at."),
}
COLLATERAL: Final[Meanings] = {
    "kind": _("What kind of thing or promise secures the facility."),
    "value": _("The appraised value, before any haircut."),
    "valued_on": _("The day that the appraisal speaks for."),
    "valuer": _("Who appraised it: the firm, or the house itself."),
}
PROJECT: Final[Meanings] = {
    "code": _("Our own number of the project."),
    "industry": _("The industry that the project itself works in, whoever sponsors it."),
    "region": _("Where the project is built or run."),
    "status": _("How far it has come, from proposed to completed or cancelled."),
    "es_category": _("The category of environmental and social risk by IFC's standards."),
    "currency": _("The currency of the amounts of the project."),
    "capex": _("What building it costs in all, interest during construction included."),
    "amount": _("What of it is financed by us and others together."),
    "disclosed_on": _("The day on which it was made public."),
    "approved_on": _("The day on which the committee approved it."),
    "signed_on": _("The day on which the contracts were signed."),
    "invested_on": _("The day of the first payment."),
    "completed_on": _("The day on which it went into operation."),
    "part": _("What the client is in the project: sponsor, borrower, guarantor, contractor and so on."),
    "revenue_share": _("The share of the project's revenue to us that is the client's by agreement."),
    "since": _("The first day on which the client has this part."),
    "dscr": _("Cash available for debt service ÷ debt service, of the weakest period."),
    "llcr": _("Present value of cash over the life of the loan ÷ debt outstanding."),
    "observed_on": _("The day that the figures speak for."),
}
PERSON: Final[Meanings] = {
    "position": _("What the person is at the client, as on their card."),
    "roles": _("What the person does for our business: decides, signs, answers for finance."),
    "phone": _("Kept encrypted; a look at it is kept with its reason."),
    "language": _("In which language we write to them."),
    "consent": _("What the person said of offers and events in general."),
    "consent_on": _("The day on which they said so."),
    "do_not_contact": _("We call or write only where the person asks for it."),
}
ADDRESS: Final[Meanings] = {
    "kind": _("What is there: the registered seat, an office, where mail goes, a site, a home."),
    "text": _("As it is written on a letter, without the region."),
    "region": _("City, province or country, for conditions and figures."),
}
REVENUE: Final[Meanings] = {
    "month": _("The calendar month in which it was earned, whenever it was paid."),
    "amount": _("Interest margin, fees and whatever else we earned from the client, in the book currency."),
    "project": _("The project that it was earned with; empty for business beside any project."),
    "source": _("The ledger or list that says so. Sources add up."),
}
TASK: Final[Meanings] = {
    "title": _("What somebody has to have done when the task is over, in a few words."),
    "due_on": _("The last day on which it may be done; the day after, it is overdue."),
    "client": _("Whom it is done for, if it is for a client."),
    "assignee": _("Who does it. Whoever gave it is told when it is done."),
    "outcome": _("What it led to, for those who read the client's history."),
}
INTERACTION: Final[Meanings] = {
    "kind": _("How we met: what counts as contact for the frequency that the tier asks for."),
    "at": _("When it took place, not when it was written down."),
    "subject": _("What it was about, in the words of the timeline."),
    "outcome": _("Whether they were reached, and what they made of it."),
    "next_step": _("What follows from it; with a day it becomes a task of yours."),
    "next_due": _("The day on which the task is due."),
}
DOCUMENT: Final[Meanings] = {
    "kind": _("What the paper is, so that one finds it and knows what is missing."),
    "title": _("What it is called in lists."),
    "valid_until": _("The last day on which the paper is good."),
    "remind_days": _("How many days before its end whoever holds the client is told."),
}
RELATION: Final[Meanings] = {
    "share": _("Of capital or votes, directly held."),
    "amount": _("What is guaranteed at most, in the book currency."),
    "since": _("The first day on which it holds."),
    "until": _("The first day on which it holds no more."),
}
CONSENT: Final[Meanings] = {
    "person": _("Whose word it is; empty where it was said for the client as a whole."),
    "channel": _("For which way of contacting them; empty where it was said of every one."),
    "stance": _("Whether we may tell them of offers and events, or are to leave them alone altogether."),
    "source": _("Where one finds what was said."),
    "since": _("The day on which they said so; a new word ends the one before it."),
    "until": _("The first day on which it holds no more, where they named one."),
}
OBSERVATION: Final[Meanings] = {
    "metric": _("What the value is of; the data dictionary says what each metric means."),
    "project": _("The project that the value is of, where it is of one."),
    "value": _("In the unit of the metric; it counts until it is too old by the criteria."),
    "observed_on": _("The day that the value speaks for, not when it was written down."),
    "source": _("Who says so. Where sources differ, their order decides what counts."),
}
JUDGEMENT: Final[Meanings] = {
    "judged_on": _("The day on which the client was as the grades say, not when they were written down."),
    "source": _("What the grades rest on as a whole: a visit, a meeting, a questionnaire."),
    "evidence": _("What was seen or read that makes it this grade, so that somebody else would grade alike."),
}
CAMPAIGN: Final[Meanings] = {
    "name": _("What the house calls it. Clients do not see it."),
    "kind": _("What clients are invited to or offered; answers are counted by it."),
    "goal": _("What it is to bring, so that one can say at its end whether it did."),
    "segment": _("Whom it is for. Of a live segment those count who are in it at launch."),
    "channel": _("By which way clients are invited; whoever refused this way is left out."),
    "questionnaire": _("What clients are asked; each gets a link of their own."),
    "starts_on": _("The first day on which clients may be contacted for it."),
    "ends_on": _("The last day on which an answer counts for it."),
}
CAMPAIGN_TEXT: Final[Meanings] = {
    "language": _("Who gets these words: people by their language, others by that of the house."),
    "tier": _("Whose tier these words are for; empty for whoever has none nearer."),
    "demand_level": _("Whose level of demand these words are for; empty for whoever has none nearer."),
    "subject": _("The subject of the mail, or the title of the task."),
    "body": _("What the client reads, or what the manager is to say."),
}
NUMBER: Final[Meanings] = {
    "kind": _(
        "What number it is, and by whose register; some are of persons alone, others of organisations."
    ),
    "number": _("Kept encrypted; a look at it is kept with its reason."),
    "expires_on": _("The last day on which the paper with the number is good."),
}
PAYMENT: Final[Meanings] = {
    "paid_on": _("The day on which the money was with us."),
    "amount": _("What came in, in the currency of the facility; interest and principal together."),
}
NO_COLUMNS: Final[Meanings] = {
    "score": _("Score"),
    "limit_use": _("Limit use"),
    "last_contact": _("Last contact"),
    "exposure": _("Exposure"),
    "unit": _("Figures are in"),
    "part": _("Part"),
    "revenue_share": _("Share of revenue, %"),
    "since": _("Since"),
    "dscr": _("Debt service cover (DSCR)"),
    "llcr": _("Loan life cover (LLCR)"),
    "observed_on": _("As of"),
    "judged_on": _("Judged on"),
    "source": _("Source"),
    "evidence": _("Evidence"),
    "channel": _("Channel"),
    "number": _("Number"),
    "amount": _("Amount"),
    "phone": _("Telephone"),
    "next_step": _("Next step"),
    "next_due": _("Due on"),
}
"""What the fields are called that no table has by that name."""


@dataclass(frozen=True)
class Kind:
    """A kind of record: what it is called, what its fields mean, the table that they stand in, if one does, and `labels`
    of fields that it has by another name."""

    label: _StrOrPromise
    meanings: Meanings
    model: type[Model] | None = None
    labels: Meanings = field(default_factory=dict)

    def label_of(self, field: str) -> str:
        if field in self.labels:
            return str(self.labels[field])
        columns = {one.name for one in self.model._meta.get_fields()} if self.model else set()
        return label_of(self.model, field) if self.model and field in columns else str(NO_COLUMNS[field])


KINDS: Final[dict[str, Kind]] = {
    "client": Kind(_("Client"), CLIENT, Client),
    "figure": Kind(_("Figures of a client"), FIGURES),
    "statement": Kind(_("Financial statement"), STATEMENT, FinancialStatement),
    "credit_report": Kind(_("Credit report"), CREDIT_REPORT, CreditReport),
    "facility": Kind(_("Facility"), FACILITY, Facility),
    "collateral": Kind(_("Collateral"), COLLATERAL, Collateral),
    "project": Kind(_("Project"), PROJECT, Project),
    "person": Kind(_("Contact person"), PERSON, ContactPerson),
    "address": Kind(_("Address"), ADDRESS, Address),
    "revenue": Kind(_("Revenue"), REVENUE, Revenue),
    "task": Kind(_("Task"), TASK, Task),
    "interaction": Kind(_("Interaction"), INTERACTION, Interaction),
    "document": Kind(_("Document of a client"), DOCUMENT, Document),
    "consent": Kind(_("Consent"), CONSENT, ConsentRecord),
    "observation": Kind(_("Observation"), OBSERVATION, Observation),
    "judgement": Kind(_("Judgement"), JUDGEMENT),
    "campaign": Kind(_("Campaign"), CAMPAIGN, Campaign),
    "campaign_text": Kind(_("Words of a campaign"), CAMPAIGN_TEXT, CampaignText),
    "number": Kind(_("Identity number"), NUMBER, IdentityNumber),
    "payment": Kind(_("Payment"), PAYMENT, Payment),
    "relation": Kind(_("Relation to another client"), RELATION, Relation),
}
"""Apps above add the kinds of their own records."""


def meaning_of(kind: str, field: str) -> str:
    """What a field means; empty where nothing is said of it."""
    return str(KINDS[kind].meanings.get(field, "")) if kind in KINDS else ""
