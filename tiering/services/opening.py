"""What is done once for a run, by the worker who comes first, before any client is looked at."""

from django.db import transaction

from tiering.models import TieringRun
from tiering.services.benchmarks import take_benchmark
from tiering.services.terms import run_terms


def opened(pk: int, *, terms: bool) -> TieringRun | None:
    """The run, if nothing is left to do once for it; with `terms`, if they are frozen too."""
    run = _run(pk)
    return run if _is_open(run, terms) else None


@transaction.atomic
def open_run(pk: int, *, terms: bool) -> TieringRun:
    """A run that is under way, as it stands for whoever works on a chunk of it.

    One that officially derives facts takes a benchmark of the book first. With `terms`, for a chunk in which subjects
    are assessed, they are frozen unless they were before.
    """
    run = _run(pk, locked=True)
    if _is_open(run, terms):
        return run
    if run.status == TieringRun.Status.PENDING:
        if run.kind == TieringRun.Kind.OFFICIAL and run.basis == TieringRun.Basis.RECORDS:
            take_benchmark(as_of=run.as_of)
        run.status = TieringRun.Status.RUNNING
    if terms and not run.terms:
        run.terms = run_terms(run).as_json()
    run.save(update_fields=["status", "terms"])
    return run


def _is_open(run: TieringRun, terms: bool) -> bool:
    return run.status != TieringRun.Status.PENDING and bool(run.terms or not terms)


def _run(pk: int, locked: bool = False) -> TieringRun:
    runs = TieringRun.objects.select_related("version__criteria__scheme").defer("version__document")
    if locked:
        runs = runs.select_for_update(of=["self"], no_key=True)
    return runs.get(pk=pk)
