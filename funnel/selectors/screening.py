"""By which criteria prospects are scored, and why one has its score."""

from __future__ import annotations

from datetime import datetime

from crm.reading import read_once
from funnel.models import Prospect, Screening
from funnel.selectors.prospect_facts import facts_of, terms_of
from tiering.core.explain import explain
from tiering.core.terms import Setting
from tiering.facts import local_day
from tiering.models import Assessment, CriteriaVersion, Facts, TierScheme
from tiering.pages.account import Account, account_of
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of, effective_version, primary_scheme, tiers_by_rank
from tiering.selectors.evidence import Evidence


@read_once
def screening() -> Screening | None:
    """What was chosen, else the primary scheme without limits; None until there are criteria."""
    chosen = Screening.objects.select_related("scheme").first()
    if chosen is not None:
        return chosen
    scheme = primary_scheme()
    return None if scheme is None else Screening(scheme=scheme, version=0)


def screening_version(at: datetime) -> CriteriaVersion | None:
    """The criteria that score prospects at a moment; None where none are in effect."""
    chosen = screening()
    return None if chosen is None else effective_version(chosen.scheme, at)


def schemes_to_choose() -> list[TierScheme]:
    """Schemes of clients as a whole that have criteria in effect."""
    of_clients = TierScheme.objects.filter(subject=TierScheme.Subject.CLIENT)
    published = of_clients.filter(criteria__versions__status=CriteriaVersion.Status.PUBLISHED)
    return list(published.distinct().order_by("-is_primary", "name_en"))


def account_of_prospect(prospect: Prospect, at: datetime) -> Account | None:
    """Why a prospect has its score, by the parts that tell of a client's; None where it has none."""
    score = getattr(prospect, "score", None)
    if score is None:
        return None
    version = score.version
    document = document_of(version)
    facts, ages = facts_of(prospect.pk, document, catalogue_of(document), local_day(at))
    setting = Setting(terms=terms_of(version, at), ages=ages)
    basis = Assessment(valid_from=at, facts=Facts(sources={}), version=version)
    evidence = Evidence(
        assessment=basis,
        basis=basis,
        parts=(),
        document=document,
        facts=facts,
        setting=setting,
        explanation=explain(document, facts, setting),
        previous=None,
        before=None,
    )
    return account_of(evidence, tiers_by_rank(version.criteria.scheme))
