"""Scoring prospects by the criteria of the screening: one statement for any number of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import User
from crm.services.saving import save
from funnel.models import Screening
from funnel.prospect_bell import ring
from funnel.selectors.prospect_facts import KEYS, relation_of, terms_of
from funnel.selectors.screening import schemes_to_choose, screening_version
from tiering.core.compile import compile_assessment
from tiering.facts import local_day
from tiering.models import CriteriaVersion, TierScheme
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import tier_ids
from tiering.services.staging import named

AT_A_TIME: Final = 20_000
MOST_CAPACITY: Final = 10_000

STALE: Final = """
p.status IN ('new', 'contacted') AND p.id IN (
    SELECT d.id FROM funnel_prospect d LEFT JOIN funnel_prospectscore s ON s.prospect_id = d.id
    WHERE d.status IN ('new', 'contacted')
        AND (s.version_id, s.of_version) IS DISTINCT FROM (%(version)s::bigint, d.version::integer)
    ORDER BY d.id LIMIT %(most)s)
"""
SCORE: Final = """
WITH known AS MATERIALIZED ({relation}), assessed AS ({assessment})
INSERT INTO funnel_prospectscore
    (prospect_id, version_id, of_version, score, tier_id, scorecard, gates, is_incomplete, scored_at)
SELECT a."@id", %(version)s, a."@version", a.score, (%(tiers)s::bigint[])[a.tier + 1], a.scorecard, a.gates,
       a.provisional, %(at)s
FROM assessed a WHERE (%(tiers)s::bigint[])[a.tier + 1] <> 0
ON CONFLICT (prospect_id) DO UPDATE SET version_id = EXCLUDED.version_id, of_version = EXCLUDED.of_version,
    score = EXCLUDED.score, tier_id = EXCLUDED.tier_id, scorecard = EXCLUDED.scorecard, gates = EXCLUDED.gates,
    is_incomplete = EXCLUDED.is_incomplete, scored_at = EXCLUDED.scored_at
"""


def score_prospects(*, at: datetime) -> int:
    """Score the open prospects that changed, or that other criteria scored; how many. Safe to repeat."""
    version = screening_version(at)
    if version is None:
        return 0
    total = 0
    while done := _score_some(version, at):
        total += done
        if done < AT_A_TIME:
            break
    return total


@transaction.atomic
def _score_some(version: CriteriaVersion, at: datetime) -> int:
    document = document_of(version)
    catalogue = catalogue_of(document)
    compiled = compile_assessment(document, "known", KEYS, terms_of(version, at), catalogue)
    assessment, values = named(compiled, "t")
    statement = SCORE.format(relation=relation_of(document, catalogue, STALE), assessment=assessment)
    params = {
        **values,
        "version": version.pk,
        "tiers": tier_ids(version),
        "day": local_day(at),
        "at": at,
        "most": AT_A_TIME,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


@transaction.atomic
def choose_screening(*, by: User, scheme: TierScheme, capacity: Mapping[str, Any], version: int) -> Screening:
    """Score prospects by the criteria of a scheme from now on, and keep to so many of each tier a person.

    Raises NotPermitted, Conflict and Invalid.
    """
    if not by.has_perm("funnel.write_screening"):
        raise NotPermitted
    if scheme not in schemes_to_choose():
        raise Invalid({"scheme": [_("Choose a scheme of clients whose criteria are in effect.")]})
    found = Screening.objects.select_for_update().first() or Screening(pk=Screening.ONLY, version=0)
    if found.version != version:
        raise Conflict
    found.scheme, found.capacity = scheme, _checked(scheme, capacity)
    found.version += 1
    save(found)
    ring()
    return found


def _checked(scheme: TierScheme, capacity: Mapping[str, Any]) -> dict[str, int]:
    """The limits that were given. Raises Invalid for tiers that the scheme lacks and what is no number of prospects."""
    known = set(scheme.tiers.values_list("key", flat=True))
    given = {key: most for key, most in capacity.items() if most not in (None, "")}
    if unknown := given.keys() - known:
        raise Invalid({"capacity": [_("The scheme has no tier “%(key)s”.") % {"key": min(unknown)}]})
    if not all(type(most) is int and 0 < most <= MOST_CAPACITY for most in given.values()):
        raise Invalid({"capacity": [_("Give whole numbers above zero.")]})
    return dict(given)
