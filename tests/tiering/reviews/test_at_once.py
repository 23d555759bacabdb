"""A few browsers' worth of simultaneous approvals; twenty over fifty proposals stand in `tests/heavy`."""

import pytest

from tests.tiering.reviews.at_once import approve_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_proposal_is_decided_once_and_every_loser_is_told_why(live_server):
    approve_at_once(live_server, officers=4, proposals=4)
