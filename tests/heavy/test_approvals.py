"""Twenty browsers' worth of simultaneous approvals over fifty proposals, over HTTP."""

import pytest

from tests.tiering.reviews.at_once import approve_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_officers_and_fifty_proposals_make_fifty_decisions(live_server):
    approve_at_once(live_server, officers=20, proposals=50)
