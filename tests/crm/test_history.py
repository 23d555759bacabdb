"""The history of governed tables is written by the database and stays as it was written."""

import pghistory
import pytest
from django.apps import apps
from django.db import InternalError, connection
from pghistory.models import Event

from crm.history import events_of
from crm.models import Client
from tests.factories import make_client

UNTRACKED = {
    "crm.Attachment": "written once",
    "crm.AttachmentContent": "written once",
    "crm.AttachmentDownload": "append-only",
    "crm.AttachmentScan": "work in hand, then final",
    "crm.DocumentVersion": "append-only",
    "crm.ClientSearch": "derived from clients",
    "crm.PersonSearch": "derived from people",
    "crm.ProjectSearch": "derived from projects",
    "crm.DuplicateKey": "derived from clients and people",
    "crm.DuplicateRound": "written once",
    "crm.MergedRow": "written once with its merge",
    "crm.ColumnChoice": "how one likes to see a list",
    "crm.IdempotencyKey": "the answer of a request",
    "crm.ImportIssue": "found anew by each check",
    "crm.ImportRow": "a file as it came",
    "crm.ImportTwin": "found anew by each check; what was chosen shows in the row's outcome",
    "crm.KeptRecord": "written once",
    "crm.StageChange": "written once",
    "crm.StageSweep": "work in hand",
    "crm.BulkItem": "work in hand, then final",
    "crm.Digest": "work in hand, then final",
    "crm.HandoverItem": "written once, then taken back or not",
    "funnel.ProspectScore": "derived from prospects and criteria",
    "funnel.ProspectKey": "derived from prospects",
    "funnel.ProspectSearch": "derived from prospects",
    "funnel.ProspectEditItem": "work in hand, then final",
    "funnel.GateLapse": "derived from tiers, scores and facts",
    "crm.Snooze": "how one likes to see Today",
    "crm.Notice": "written once, then only read and mailed",
    "tiering.DataGap": "derived from facts and records",
    "tiering.DataQuality": "derived from facts and records",
    "tiering.QualityRound": "written once",
    "tiering.SourceConflict": "derived from records",
    "tiering.TieringRun": "work in hand",
    "tiering.RunChunk": "work in hand",
    "tiering.ReviewWork": "work in hand",
    "tiering.RetierRequest": "work in hand",
    "tiering.ReviewDay": "written once",
    "tiering.TierChange": "work in hand, then final",
    "tiering.CriteriaEdit": "append-only, with what stood there before",
    "tiering.CriteriaStep": "append-only",
    "tiering.PolicyStep": "append-only",
    "tiering.Validation": "work in hand, then final",
    "tiering.Calibration": "work in hand",
    "tiering.Segmentation": "work in hand, then final",
    "tiering.ScoreCurve": "work in hand, then final but for its end",
    "tiering.ChallengeNight": "written once",
    "tiering.TrialResult": "what a trial found; it changes nothing",
    "tiering.PortfolioBenchmark": "written once",
    "tiering.Facts": "a ledger: valid from and to",
    "tiering.ProjectFacts": "a ledger: valid from and to",
    "tiering.Assessment": "a ledger: valid from and to",
    "tiering.Assignment": "a ledger: valid from and to",
    "tiering.WarningRound": "work in hand",
    "tiering.WatchlistReview": "append-only",
    "tiering.MayLeave": "a ledger: since and until",
    "funnel.StageMove": "a ledger: append-only",
    "funnel.CaseDocument": "append-only",
    "funnel.Approval": "append-only",
    "funnel.GateWaiver": "append-only",
}


def test_every_table_is_tracked_or_has_a_reason_not_to_be():
    untracked = {
        model._meta.label
        for name in ("crm", "tiering", "funnel")
        for model in apps.get_app_config(name).get_models()
        if not issubclass(model, Event) and not hasattr(model, "pgh_event_model")
    }
    assert untracked == set(UNTRACKED)


@pytest.mark.django_db
def test_bulk_statement_leaves_an_event_for_each_row():
    clients = [make_client() for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_client SET status = 'dormant'")
    events = events_of(Client).filter(pgh_label="update", status="dormant")
    assert set(events.values_list("pgh_obj", flat=True)) == {client.pk for client in clients}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_events_are_append_only(act):
    make_client()
    events = events_of(Client).all()
    with pytest.raises(InternalError, match="append_only"):
        events.update(status="active") if act == "update" else events.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE pghistory_context SET metadata = '{\"user\": 2}'",
        "UPDATE pghistory_context SET metadata = '{}'",
        "UPDATE pghistory_context SET created_at = now() - interval '1 day'",
        "DELETE FROM pghistory_context",
    ],
)
def test_who_wrote_an_event_stays_as_it_was_written(sql):
    with pghistory.context(user=1):
        make_client()
    with pytest.raises(InternalError, match="stays as it was written"), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_what_is_known_of_a_request_can_grow_while_it_lasts():
    with pghistory.context(user=None):
        client = make_client()
        with pghistory.context(user=1):
            client.name_en = "Renamed"
            client.save()
    (context,) = {event.pgh_context for event in events_of(Client).select_related("pgh_context")}
    assert context.metadata["user"] == 1
