"""Taking an import of stage events back, as `crm.undoing` takes back others."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import CASCADE, Model
from django.db.models.expressions import RawSQL
from django.db.models.fields.reverse_related import ForeignObjectRel

from crm.history import events_of
from crm.models import Client, ImportJob, Participation, Project, User
from crm.undoing.records import Undone, note_held
from funnel.models import Case, ClosingReason, Pipeline, Stage, StageMove


def take_back(job: ImportJob) -> Undone:
    """Remove the moves that an import added, the cases it made, and whatever else it made that nothing else has come to
    need: clients, projects, a pipeline. Cases that it continued stand again where they stood before; cases that somebody
    went on with stay as they are. In the transaction of the caller.
    """
    _find_cases(job)
    restricted = note_held(job.uploaded_by)
    undone = Undone(kept=(_keep_foreign(job) if restricted else 0) + _keep_continued(job))
    undone.removed["funnel.case"], undone.restored["funnel.case"] = _remove_cases(job)
    _remove_unused(_made_by(job), job.uploaded_by if restricted else None)
    return undone


def _find_cases(job: ImportJob) -> None:
    """The cases of the import, whether all of a case is the import's, and whether somebody went on with it: it no longer
    ends with a move of the import, or is not at the version that this left."""
    _rows("DROP TABLE IF EXISTS undone", job)
    _rows(
        """CREATE TEMP TABLE undone ON COMMIT DROP AS
           SELECT m.case_id, m.whole, m.last <> m.ours OR c.version <> m.moves AS continued
           FROM (SELECT case_id, bool_and(imported_by_id IS NOT DISTINCT FROM %(job)s) AS whole, max(id) AS last,
                        max(id) FILTER (WHERE imported_by_id = %(job)s) AS ours, count(*) AS moves
                 FROM funnel_stagemove
                 WHERE case_id IN (SELECT case_id FROM funnel_stagemove WHERE imported_by_id = %(job)s)
                 GROUP BY case_id) m
           JOIN funnel_case c ON c.id = m.case_id""",
        job,
    )
    _rows("SELECT FROM funnel_case WHERE id IN (SELECT case_id FROM undone) ORDER BY id FOR UPDATE", job)


def _keep_foreign(job: ImportJob) -> int:
    """Cases of clients that who imported them does not hold any more stay."""
    kept = _rows(
        """WITH kept AS (
               DELETE FROM undone u USING funnel_case c WHERE c.id = u.case_id
               AND c.client_id NOT IN (SELECT id FROM undo_held) RETURNING c.id, c.code)
           INSERT INTO crm_keptrecord (written_in, model, record_id, name, code, params)
           SELECT %(written_in)s, 'funnel.case', id, code, 'not_held', '{}' FROM kept RETURNING id""",
        job,
        written_in=job.written_in,
    )
    return len(kept)


def _keep_continued(job: ImportJob) -> int:
    """What somebody went on with, or what something other than a move hangs on, stays."""
    others = " UNION ALL ".join(
        f'SELECT "{relation.field.column}" FROM {relation.related_model._meta.db_table}'
        for relation in _needed_by(Case)
        if relation.related_model is not StageMove
    )
    kept = _rows(
        f"""WITH needed (id) AS ({others}), kept AS (
                DELETE FROM undone u WHERE u.continued OR u.whole AND u.case_id IN (SELECT id FROM needed)
                RETURNING u.case_id)
            INSERT INTO crm_keptrecord (written_in, model, record_id, name, code, params)
            SELECT %(written_in)s, 'funnel.case', c.id, c.code, 'case_went_on', '{{}}'
            FROM kept k JOIN funnel_case c ON c.id = k.case_id RETURNING id""",
        job,
        written_in=job.written_in,
    )
    return len(kept)


def _made_by(job: ImportJob) -> dict[type[Model], list[int]]:
    """What the import made beside cases, as the history tells: rows inserted in the context of its work."""
    made: dict[type[Model], list[int]] = {}
    kinds: tuple[type[Model], ...] = (Participation, Project, Client, ClosingReason, Stage, Pipeline)
    for model in kinds:
        events = events_of(model).model._meta.db_table
        found = _rows(
            f"""SELECT e.pgh_obj_id FROM {events} e
                WHERE e.pgh_label = 'insert' AND e.pgh_context_id = %(written_in)s""",
            job,
            written_in=job.written_in,
        )
        made[model] = [pk for (pk,) in found]
    return made


def _remove_cases(job: ImportJob) -> tuple[int, int]:
    """How many cases went, and how many stand again where they stood before."""
    with pgtrigger.ignore("funnel.StageMove:append_only"):
        moves = StageMove.objects.filter(imported_by=job, case__in=RawSQL("SELECT case_id FROM undone", ()))
        moves._raw_delete(moves.db)
    stand = _rows(
        """UPDATE funnel_case c SET stage_id = m.to_stage_id, entered_stage_at = m.moved_at, reason = m.reason,
               amount = coalesce(m.amount, c.amount),
               version = (SELECT count(*) FROM funnel_stagemove n WHERE n.case_id = c.id)
           FROM (SELECT DISTINCT ON (case_id) * FROM funnel_stagemove
                 WHERE case_id IN (SELECT case_id FROM undone WHERE NOT whole) ORDER BY case_id, id DESC) m
           WHERE m.case_id = c.id RETURNING c.id""",
        job,
    )
    gone = _rows(
        "DELETE FROM funnel_case WHERE id IN (SELECT case_id FROM undone WHERE whole) RETURNING id", job
    )
    _rows("SET CONSTRAINTS ALL IMMEDIATE", job)
    return len(gone), len(stand)


def _remove_unused(made: dict[type[Model], list[int]], by: User | None) -> None:
    """Delete what no row needs that would stay behind; each kind after those that refer to it. Clients, and parts of
    theirs in projects, only where `by` holds them still (None: whoever holds them)."""
    for model, pks in made.items():
        rows = model._base_manager.filter(pk__in=pks)
        if by and model in (Client, Participation):
            whose = "pk" if model is Client else "client"
            rows = rows.filter(**{f"{whose}__in": Client.objects.editable_by(by).values("pk")})
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
