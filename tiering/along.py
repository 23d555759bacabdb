"""What goes with a client or project whose import is taken back: what runs worked out from it, and nobody decided.

A tier that somebody decided on has a proposal, a change or an override beside it, and keeps its client.
"""

from crm.undoing.along import Along, goes_with
from tiering.models import Assessment, Assignment, Facts, ProjectFacts


def register() -> None:
    for record, column in (("crm.client", "client_id"), ("crm.project", "project_id")):
        ledgers = (Assignment, Assessment, ProjectFacts, *([Facts] if column == "client_id" else []))
        goes_with(record, *(Along(model, column, [f"tiering.{model.__name__}:stays"]) for model in ledgers))
