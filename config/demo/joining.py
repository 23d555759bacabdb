"""Who takes part in the demo's cases beside the client that leads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from config.demo.streams import stream
from crm.models import Client, Relation
from funnel.models import Case, CaseParty

Part = CaseParty.Part
JOINED = 0.55
"""Share of cases that somebody else takes part in."""
ABROAD = 0.1
"""Share of further clients that another team holds: whoever works on the case does not see them."""
SAID = {
    Part.BORROWER: ("Jointly liable for the loan", "共同承担还款责任"),
    Part.GUARANTOR: ("Joint and several guarantee", "连带责任保证"),
    Part.SPONSOR: ("Pays in the own funds before drawdown", "放款前资本金到位"),
    Part.OFFTAKER: ("Takes the output for eight years at a floor price", "八年期保底价包销"),
    Part.CONTRACTOR: ("Builds at a fixed price, with a bond of ten per cent", "固定总价合同，10% 履约保函"),
}
SHARES = {Part.BORROWER: (20, 40), Part.GUARANTOR: (50, 100), Part.SPONSOR: (30, 70)}
"""The parts of which a share is agreed, and between which percentages."""
OF_A_PROJECT = (Part.SPONSOR, Part.OFFTAKER, Part.CONTRACTOR)
OF_A_LOAN = (Part.GUARANTOR, Part.BORROWER, Part.OFFTAKER)


def parties_of(cases: Sequence[Case]) -> Iterator[CaseParty]:
    """Guarantors are who guarantees for the client elsewhere, or controls it; the others are companies of the book."""
    backers: dict[int, list[int]] = defaultdict(list)
    tied = Relation.objects.filter(
        client__in=[case.client_id for case in cases], kind__in=("guarantor", "parent")
    )
    for client, party in tied.order_by("pk").values_list("client", "party"):
        backers[client].append(party)
    companies = Client.objects.filter(kind=Client.Kind.CORPORATE, status=Client.Status.ACTIVE).order_by("pk")
    by_team: dict[int | None, list[int]] = defaultdict(list)
    for client, team in companies.values_list("pk", "team"):
        by_team[team].append(client)
    everybody = [client for clients in by_team.values() for client in clients]
    for case in cases:
        source = stream("parties", case.code)
        if source.random() >= JOINED:
            continue
        there = {case.client_id}
        parts = OF_A_PROJECT if case.project_id else OF_A_LOAN
        for part in parts[: source.choice((1, 1, 2, 3))]:
            known = backers[case.client_id] if part == Part.GUARANTOR else []
            book = everybody if source.random() < ABROAD else by_team[case.client.team_id]
            client = next((one for one in known if one not in there), None) or source.choice(book)
            if client in there:
                continue
            there.add(client)
            low, high = SHARES.get(part, (0, 0))
            yield CaseParty(
                case=case,
                client_id=client,
                part=part,
                share=Decimal(source.randrange(low, high + 1, 5)) if high else None,
                note=SAID[part][source.random() < 0.5],
            )
