"""How each kind of policy is said and edited."""

from __future__ import annotations

from collections.abc import Mapping

from tiering.models import PolicyVersion
from tiering.pages.authority_words import authority_lines
from tiering.pages.follow_policies import PRODUCTS, TIER_POLICY
from tiering.pages.policies import Line, PolicyWords
from tiering.pages.warning_words import WORDS as WARNINGS

WORDS: Mapping[str, PolicyWords] = {
    "authority": PolicyWords(authority_lines, "tiering:authority-edit"),
    "warnings": WARNINGS,
    "products": PRODUCTS,
    "tier_policy": TIER_POLICY,
}
"""By the kind of policy; each kind's words stand in a module of its name."""


def lines_of(version: PolicyVersion) -> list[Line]:
    """What a version says, line by line, in the reader's language."""
    return WORDS[version.policy.kind].lines(version)
