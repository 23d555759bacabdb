"""Taking an import of stage events back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pghistory
import pgtrigger
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from crm.errors import NotPermitted
from crm.history import events_of
from crm.imports.errors import WrongMoment
from crm.models import Client, ImportJob, Participation, Project, User
from crm.signals import records_changed
from funnel.errors import NotToBeUndone
from funnel.models import ClosingReason, Pipeline, Stage, StageMove

SHOWN = 5


@transaction.atomic
def undo_import(*, by: User | None, job: ImportJob) -> ImportJob:
    """Remove the moves that an import added, the cases it made, and whatever else it made that nothing else has come to
    need: clients, projects, a pipeline. Cases that it continued stand again where they stood before.

    Only who imported the file may, and only while nobody went on with its cases. Raises NotPermitted, WrongMoment,
    NotToBeUndone.
    """
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if job.uploaded_by_id != (by.pk if by else None) or (by and not by.has_perm("crm.import_records")):
        raise NotPermitted
    if job.kind != ImportJob.Kind.STAGE_EVENTS or job.status != ImportJob.Status.APPLIED:
        raise WrongMoment
    with pghistory.context(undone_import=job.pk):
        _check_untouched(job)
        made = _made_by(job)
        try:
            _remove_cases(job)
        except IntegrityError as error:
            raise NotToBeUndone(cases="…") from error
        _remove_unused(made)
    job.status = ImportJob.Status.UNDONE
    job.save(update_fields=["status"])
    records_changed()
    return job


def _check_untouched(job: ImportJob) -> None:
    """Every case of the import still ends with a move of the import, and is at the version that it left."""
    gone_on = _rows(
        """SELECT c.code FROM funnel_case c JOIN (
               SELECT case_id, max(id) AS last, max(id) FILTER (WHERE imported_by_id = %(job)s) AS ours,
                      count(*) AS moves
               FROM funnel_stagemove
               WHERE case_id IN (SELECT case_id FROM funnel_stagemove WHERE imported_by_id = %(job)s)
               GROUP BY case_id
           ) m ON m.case_id = c.id WHERE m.last <> m.ours OR c.version <> m.moves ORDER BY c.code LIMIT %(shown)s""",
        job,
        shown=SHOWN,
    )
    if gone_on:
        raise NotToBeUndone(cases=", ".join(code for (code,) in gone_on))


def _made_by(job: ImportJob) -> dict[type[Model], list[int]]:
    """What the import made beside cases, as the history tells: rows inserted in the context of its work."""
    made: dict[type[Model], list[int]] = {}
    kinds: tuple[type[Model], ...] = (Participation, Project, Client, ClosingReason, Stage, Pipeline)
    for model in kinds:
        events = events_of(model).model._meta.db_table
        found = _rows(
            f"""SELECT e.pgh_obj_id FROM {events} e JOIN pghistory_context x ON x.id = e.pgh_context_id
                WHERE e.pgh_label = 'insert' AND (x.metadata ->> 'import_job')::bigint = %(job)s
                  AND x.created_at >= %(since)s""",  # noqa: S608 - tables of our own
            job,
            since=job.created_at - timedelta(days=1),
        )
        made[model] = [pk for (pk,) in found]
    return made


def _remove_cases(job: ImportJob) -> None:
    _rows("DROP TABLE IF EXISTS undone", job)
    _rows(
        """CREATE TEMP TABLE undone ON COMMIT DROP AS
           SELECT case_id, bool_and(imported_by_id IS NOT DISTINCT FROM %(job)s) AS whole FROM funnel_stagemove
           WHERE case_id IN (SELECT case_id FROM funnel_stagemove WHERE imported_by_id = %(job)s) GROUP BY case_id""",
        job,
    )
    with pgtrigger.ignore("funnel.StageMove:append_only"):
        moves = StageMove.objects.filter(imported_by=job)
        moves._raw_delete(moves.db)
    _rows(
        """UPDATE funnel_case c SET stage_id = m.to_stage_id, entered_stage_at = m.moved_at, reason = m.reason,
               amount = coalesce(m.amount, c.amount),
               version = (SELECT count(*) FROM funnel_stagemove n WHERE n.case_id = c.id)
           FROM (SELECT DISTINCT ON (case_id) * FROM funnel_stagemove
                 WHERE case_id IN (SELECT case_id FROM undone WHERE NOT whole) ORDER BY case_id, id DESC) m
           WHERE m.case_id = c.id""",
        job,
    )
    _rows("DELETE FROM funnel_case WHERE id IN (SELECT case_id FROM undone WHERE whole)", job)
    _rows("SET CONSTRAINTS ALL IMMEDIATE", job)


def _remove_unused(made: dict[type[Model], list[int]]) -> None:
    """Delete what no row needs that would stay behind; each kind after those that refer to it."""
    for model, pks in made.items():
        rows = model._base_manager.filter(pk__in=pks)
        for relation in _needed_by(model):
            users = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": pks})
            rows = rows.exclude(pk__in=users.values(relation.field.name))
        rows.delete()


def _needed_by(model: type[Model]) -> Iterator[Any]:
    """The relations that point at a model and neither go with it nor are mere history."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not getattr(relation.field, "db_constraint", False):
            continue
        if relation.on_delete is not CASCADE:
            yield relation


def _rows(statement: str, job: ImportJob, **params: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"job": job.pk, **params})
        return cursor.fetchall() if cursor.description else []
