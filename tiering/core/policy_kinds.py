"""The kinds of policy document beside the criteria."""

from collections.abc import Mapping
from typing import Final

from tiering.core.authority_document import KIND as AUTHORITY
from tiering.core.policies import Json, Known, PolicyKind
from tiering.core.products import KIND as PRODUCTS
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.tier_policy_kind import KIND as TIER_POLICY
from tiering.core.warnings import KIND as WARNINGS

KINDS: Final[Mapping[str, PolicyKind]] = {
    "authority": AUTHORITY,
    "products": PRODUCTS,
    "tier_policy": TIER_POLICY,
    "warnings": WARNINGS,
}
"""By the kind of policy; each kind stands in a module of its name."""


def check_policy(kind: str, document: Json, known: Known) -> tuple[Refusal, ...]:
    """Every reason for refusing the document: faults of shape, or when there are none, of sense."""
    try:
        return KINDS[kind].check(KINDS[kind].read(document), known)
    except CriteriaError as error:
        return error.refusals
