"""`manage.py tier`: a run from the command line."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_client, make_observation
from tests.tiering.helpers import a_document, publish, tier_of
from tiering.models import TieringRun, TrialResult

pytestmark = pytest.mark.django_db


def test_everybody_is_tiered(capsys):
    publish()
    client = make_client()
    make_observation(client, "credit_score", 720.0)
    call_command("tier")
    assert capsys.readouterr().out.startswith("1 clients in ")
    assert tier_of(client) == "High"


def test_version_is_tried_out_in_its_scheme():
    publish()
    publish(a_document(scheme="other"))
    make_client()
    call_command("tier", scheme="other", kind="simulation", criteria_version=1)
    run = TieringRun.objects.get()
    assert (run.kind, run.version.criteria.scheme.key, TrialResult.objects.count()) == (
        "simulation",
        "other",
        1,
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"as_of": "yesterday"}, "not a date"),
        ({"as_of": "2999-01-01"}, "not come yet"),
        ({"scheme": "none"}, "no scheme “none”"),
        ({"criteria_version": 9}, "no version 9"),
    ],
)
def test_what_cannot_be_is_refused_by_name(options, said):
    publish()
    with pytest.raises(CommandError, match=said):
        call_command("tier", **options)
