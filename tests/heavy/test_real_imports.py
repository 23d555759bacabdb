"""A public file imported whole: nearly 400,000 observations."""

import pytest

from crm.models import CustomMetric, Observation
from tests.crm.imports.test_real_data import DATA, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"the shared data is not at {DATA}"),
]


def test_polish_ratios():
    clients = run("clients", "polish_5year.arff.gz", "polish_clients")
    assert clients.counts == {"create": 5910}
    ratios = run(
        "observations", "polish_5year.arff.gz", "polish_observations", "--set", "observed_on=2025-12-31"
    )
    assert ratios.counts == {"create": 5910}
    assert (ratios.records["missing"], Observation.objects.count()) == (4666, 5910 * 65 - 4666)
    assert CustomMetric.objects.count() == 56
    first = Observation.objects.filter(client__code="PL5-1")
    assert first.get(metric="leverage").value == 0.55472
    assert Observation.objects.filter(metric="pl_bankrupt_within_year", value=1).count() == 410
