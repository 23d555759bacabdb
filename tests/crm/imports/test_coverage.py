"""Which records of a client come from files, and why the others do not."""

from crm import merging
from crm.imports import passes
from crm.imports.records import Records

NOT_FROM_FILES = {
    "files themselves": "crm.Attachment crm.Document crm.Brief",
    "what clients answer, by their link or by hand": "crm.AnswerLink crm.Response crm.Invitation",
    "what people decide": """
        crm.DuplicatePair crm.Merge crm.StageHold crm.Interest crm.HandoverItem crm.SegmentMember crm.Follow
        tiering.Proposal tiering.Override tiering.WatchlistEntry tiering.AssetClass tiering.Covenant tiering.Vote
        tiering.Committee tiering.Remark tiering.PeriodicReview tiering.SourceDecision tiering.FacilityChange
    """,
    "what was looked at, told or done": """
        crm.Reveal crm.IdentityReveal crm.Notice crm.BulkItem crm.ImportTwin
    """,
    "what the house works out": """
        crm.ClientSearch crm.DuplicateKey crm.StageChange funnel.ProspectTwin
        tiering.Facts tiering.ProjectFacts tiering.Assessment tiering.Assignment tiering.Alert tiering.TierChange
        tiering.DataQuality tiering.DataGap tiering.TrialResult tiering.RetierRequest tiering.SourceConflict
    """,
}
WRITTEN_BY_HAND = """
    crm.Client crm.ClientTag crm.ConsentRecord crm.Observation crm.Participation crm.ProfileValue
    funnel.Case funnel.CaseParty funnel.Prospect
"""
"""What kinds write that are no declaration of one table."""


def test_every_record_of_a_client_comes_from_a_file_or_it_is_said_why_not():
    of_clients = {label for label, _column in merging.treatments}
    tables = {way.model._meta.label for way in passes.WAYS.values() if isinstance(way, Records)}
    said = {label for labels in NOT_FROM_FILES.values() for label in labels.split()}
    assert of_clients - tables - set(WRITTEN_BY_HAND.split()) == said
