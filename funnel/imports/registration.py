"""The kinds of import that the funnel adds to those of crm."""

from crm.imports.extending import add_kind
from funnel.imports import case_parties, events, prospects, targets
from funnel.imports.kind import STAGE_EVENTS
from funnel.imports.party_kind import CASE_PARTIES
from funnel.imports.prospect_kind import PROSPECTS
from funnel.imports.words import MESSAGES, RECORDS


def register() -> None:
    add_kind(STAGE_EVENTS, events, messages=MESSAGES, records=RECORDS)
    add_kind(CASE_PARTIES, case_parties, messages=case_parties.MESSAGES, records=case_parties.RECORDS)
    add_kind(PROSPECTS, prospects, messages=prospects.MESSAGES, records=prospects.RECORDS)
    add_kind(targets.KIND, targets, messages=targets.MESSAGES, records=targets.RECORDS)
