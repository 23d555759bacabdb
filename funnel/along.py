"""What goes with a record whose making is taken back: what nobody said, or said of it alone."""

from crm.undoing.along import Along, goes_with
from funnel.models import ProspectTwin, StageMove


def register() -> None:
    """A case that stands where it was opened has one step; a case that went on was changed, and stays by that."""
    goes_with("funnel.case", Along(StageMove, "case_id", ["funnel.StageMove:append_only"]))
    goes_with("funnel.prospect", Along(ProspectTwin, "prospect_id"), Along(ProspectTwin, "other_id"))
    goes_with("crm.client", Along(ProspectTwin, "client_id"))
