"""Tests leave nothing behind for one another, in whatever order they run."""

import pytest
from django.utils import translation


@pytest.mark.parametrize("turn", [1, 2])
def test_a_language_left_active_is_gone_in_the_next_test(turn):
    assert translation.get_language() == "en"
    translation.activate("zh-hans")
