"""The terms that runs go by: the overlays that are on, and the thresholds of ranks."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, Q, Value, When

from tiering.core.compile_ranks import as_thresholds, compile_thresholds
from tiering.core.terms import Terms, Thresholds
from tiering.models import CriteriaVersion, OverlayActivation, TieringRun
from tiering.selectors.criteria import document_of
from tiering.services.planner import over_the_book
from tiering.services.staging import named
from tiering.services.subjects import EVERYONE, known, method_of


def overlays_on(version: CriteriaVersion, as_of: datetime) -> frozenset[str]:
    """The overlays of a version that approved activations switch on at a moment."""
    keys = [overlay.key for overlay in document_of(version).overlays]
    if not keys:
        return frozenset()
    activations = OverlayActivation.objects.filter(
        Q(ends=None) | Q(ends__gt=as_of),
        scheme__criteria=version.criteria_id,
        overlay__in=keys,
        starts__lte=as_of,
        approved_at__lte=as_of,
    )
    return frozenset(activations.values_list("overlay", flat=True))


def run_terms(run: TieringRun) -> Terms:
    """The terms of a run over the book at its as-of moment. One pass over the book where it ranks."""
    return Terms(overlays_on(run.version, run.as_of), ranks(run))


def change_terms(version: CriteriaVersion, as_of: datetime) -> Terms:
    """The terms of records that changed: the overlays of the moment, and the ranks of the latest run over the book, so
    that nobody moves because somebody else did. Ranks that no run has found yet are found now."""
    overlays = overlays_on(version, as_of)
    if not document_of(version).rank_placements:
        return Terms(overlays)
    latest = _latest_with_terms(version)
    if latest is None:
        return Terms(overlays, ranks(TieringRun(version=version, as_of=as_of)))
    return Terms(overlays, Terms.read(latest.terms).thresholds)


@transaction.atomic
def ranks(run: TieringRun) -> Thresholds:
    """The thresholds that the ranks of the whole book lead to, by the facts that the run reads."""
    method = method_of(run)
    if not method.document.rank_placements:
        return {}
    text, params = named(compile_thresholds(method.document, "known", method.catalogue), "t")
    statement = f"WITH known AS ({known(method, EVERYONE)}) {text}"
    with connection.cursor() as cursor:
        over_the_book(cursor)
        cursor.execute(statement, {**params, **EVERYONE.params, **method.params})
        return as_thresholds(method.document, cursor.fetchall())


def _latest_with_terms(version: CriteriaVersion) -> TieringRun | None:
    """The latest official run of a version that knows its ranks; one that gathers changes only for want of another."""
    runs = TieringRun.objects.filter(version=version, kind=TieringRun.Kind.OFFICIAL).exclude(terms={})
    gathers = Case(When(trigger=TieringRun.Trigger.CHANGE, then=Value(1)), default=Value(0))
    return runs.order_by(gathers, "-as_of", "-pk").first()
