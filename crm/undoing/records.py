"""Bringing the records of a piece of work back, table by table, as sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pgtrigger
from django.db import IntegrityError, connection, transaction
from django.db.models import CASCADE, Model
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.utils import InternalError

from crm.history import events_of
from crm.models import (
    Address,
    Client,
    ClientTag,
    Collateral,
    ConsentRecord,
    ContactPerson,
    CreditReport,
    CustomMetric,
    Facility,
    FinancialStatement,
    IdentityNumber,
    Industry,
    Interaction,
    KeptRecord,
    Note,
    Observation,
    Participation,
    Payment,
    ProfileValue,
    Project,
    Region,
    Relation,
    Revenue,
    Role,
    Tag,
    Task,
    User,
)
from crm.names import sort_key
from crm.undoing.along import ALONG, DERIVED
from crm.undoing.naming import name_of

if TYPE_CHECKING:
    Act = Callable[[Sequence[int]], None]

ORDER: tuple[type[Model], ...] = (
    *(ProfileValue, ClientTag, Tag, Payment, Collateral, Facility, Participation, Observation, Revenue),
    *(Project, FinancialStatement, CreditReport, ConsentRecord, ContactPerson, IdentityNumber, Address),
    *(Relation, Interaction, Note, Task),
    *(Client, CustomMetric, Region, Industry),
)
"""What work of crm's own may write, each kind after those that refer to it."""
UNMENTIONED = {Tag, CustomMetric, Region, Industry}
"""Reference data that work made in passing: where it is needed it stays without a word."""


@dataclass
class Undone:
    """How many records of each model went, were brought back, and stayed as they are."""

    removed: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)
    kept: int = 0


def take_back(
    *,
    written_in: UUID,
    by: User | None,
    models: Sequence[type[Model]] = ORDER,
    spared: Mapping[type[Model], Sequence[int]] | None = None,
) -> Undone:
    """Undo what was written in a context, in the transaction of the caller; what cannot be becomes KeptRecords.

    So do the records of clients that `by` may not change any more; None and system administrators act for everybody.
    Records that are `spared` (ids by model) are left alone without a word.
    """
    undone = Undone()
    restricted = note_held(by)
    for model in models:
        _Table(model, written_in, restricted, (spared or {}).get(model, ())).take_back(undone)
    undone.kept = KeptRecord.objects.filter(written_in=written_in).count()
    return undone


def note_held(by: User | None) -> bool:
    """Whether `by` acts for their own clients alone; then `undo_held` is a temporary table of those they hold today."""
    if by is None or by.role == Role.SYSTEM_ADMIN:
        return False
    statement, params = Client.objects.editable_by(by).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS undo_held")
        cursor.execute(f"CREATE TEMP TABLE undo_held (id) ON COMMIT DROP AS {statement}", params)
        cursor.execute("ANALYZE undo_held")
    return True


class _Table:
    """The records of one model that the work wrote: a temporary table of their ids, thinned out as they are kept."""

    def __init__(self, model: type[Model], written_in: UUID, restricted: bool, spared: Sequence[int] = ()):
        self.model, self.written_in, self.restricted = model, written_in, restricted
        self.spared = list(spared)
        self.label = model._meta.label_lower
        self.table = model._meta.db_table
        self.events = events_of(model).model._meta.db_table

    def take_back(self, undone: Undone) -> None:
        if brought := self._bring_back():
            undone.restored[self.label] = brought
        if not self._find():
            return
        self._keep_foreign()
        self._keep_changed()
        self._keep_without_history()
        self._keep_needed()
        removed = self._attempt("made", self._remove)
        restored = self._attempt("NOT made", self._restore)
        for counted, number in ((undone.removed, removed), (undone.restored, restored)):
            if number:
                counted[self.label] = counted.get(self.label, 0) + number

    def _run(self, statement: str, **params: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"written_in": self.written_in, "label": self.label, **params})
            return cursor.rowcount

    def _ids(self, where: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM undo_touched WHERE {where} ORDER BY id")
            return [pk for (pk,) in cursor.fetchall()]

    def _bring_back(self) -> int:
        """What the work removed, and did not make, stands there again; unless another has taken its place."""
        columns = ", ".join(f'"{column}"' for column in ("id", *self._columns()))
        removed = f"""FROM {self.events} e WHERE e.pgh_context_id = %(written_in)s AND e.pgh_label = 'delete'
            AND NOT EXISTS (SELECT FROM {self.events} m WHERE m.pgh_context_id = %(written_in)s
                            AND m.pgh_obj_id = e.pgh_obj_id AND m.pgh_label = 'insert')"""
        foreign = self._foreign("e")
        if foreign and self.model not in UNMENTIONED:
            self._run(
                f"""INSERT INTO crm_keptrecord (written_in, model, record_id, name, code, params)
                    SELECT %(written_in)s, %(label)s, e.id, left({name_of(self.model, "e")}, 300), 'not_held', '{{}}'
                    {removed} AND {foreign}"""
            )
        return self._run(
            f"""INSERT INTO {self.table} ({columns}) SELECT {columns} {removed} AND NOT {foreign or "false"}
                ORDER BY e.pgh_id ON CONFLICT DO NOTHING"""
        )

    def _foreign(self, row: str) -> str:
        """Whether a record is of a client that the user may not change any more; empty where that is not asked."""
        columns = {each.column for each in self.model._meta.concrete_fields}
        client = f"{row}.id" if self.model is Client else ""
        if "client_id" in columns:
            client = f"{row}.client_id"
        elif "facility_id" in columns:
            client = f"(SELECT f.client_id FROM crm_facility f WHERE f.id = {row}.facility_id)"
        return (
            f"({client} IS NOT NULL AND {client} NOT IN (SELECT id FROM undo_held))"
            if client and self.restricted
            else ""
        )

    def _keep_foreign(self) -> None:
        if foreign := self._foreign("r"):
            self._keep(
                "not_held",
                f"SELECT t.id FROM undo_touched t JOIN {self.table} r ON r.id = t.id WHERE {foreign}",
            )

    def _find(self) -> int:
        """What the work made or changed and is there still; locked, so that it stays so."""
        self._run("DROP TABLE IF EXISTS undo_touched")
        self._run(
            f"""CREATE TEMP TABLE undo_touched ON COMMIT DROP AS
                SELECT e.pgh_obj_id AS id, bool_or(e.pgh_label = 'insert') AS made, min(e.pgh_id) AS first,
                       max(e.pgh_id) AS last
                FROM {self.events} e WHERE e.pgh_context_id = %(written_in)s GROUP BY e.pgh_obj_id"""
        )
        self._run("ANALYZE undo_touched")
        self._run(
            f"""DELETE FROM undo_touched t WHERE t.id = ANY(%(spared)s)
                OR NOT EXISTS (SELECT FROM {self.table} r WHERE r.id = t.id)""",
            spared=self.spared,
        )
        return self._run(
            f"SELECT FROM {self.table} WHERE id IN (SELECT id FROM undo_touched) ORDER BY id FOR UPDATE"
        )

    def _keep(self, code: str, source: str, params: str = "'{}'::jsonb", **values: Any) -> None:
        """Keep the records that `source` gives as `k (id, …)`."""
        if self.model in UNMENTIONED:
            self._run(f"DELETE FROM undo_touched t USING ({source}) k WHERE k.id = t.id", **values)
            return
        self._run(
            f"""WITH k AS ({source}), gone AS (
                    DELETE FROM undo_touched t USING k WHERE k.id = t.id RETURNING t.id, t.last)
                INSERT INTO crm_keptrecord (written_in, model, record_id, name, code, params)
                SELECT %(written_in)s, %(label)s, k.id, left({name_of(self.model, "e")}, 300), %(code)s, {params}
                FROM k JOIN gone ON gone.id = k.id JOIN {self.events} e ON e.pgh_id = gone.last""",
            code=code,
            **values,
        )

    def _columns(self) -> list[str]:
        """Those of the record that its history keeps."""
        known = {each.column for each in events_of(self.model).model._meta.concrete_fields} - {"id"}
        return [str(each.column) for each in self.model._meta.concrete_fields if each.column in known]

    def _keep_changed(self) -> None:
        """A record that is not as the work left it was changed since; who changed it last is told."""
        derived = DERIVED.get(self.label, set())
        changed = _differ([column for column in self._columns() if column not in {"version", *derived}])
        if derived:
            changed += f" OR x.metadata ->> 'user' IS NOT NULL AND {_differ(sorted(derived))}"
        self._keep(
            "changed_since",
            f"""SELECT DISTINCT ON (t.id) t.id, e.pgh_created_at AS at, (x.metadata ->> 'user')::bigint AS by
                FROM undo_touched t JOIN {self.table} r ON r.id = t.id JOIN {self.events} w ON w.pgh_id = t.last
                JOIN {self.events} e ON e.pgh_obj_id = t.id AND e.pgh_id > t.last
                LEFT JOIN pghistory_context x ON x.id = e.pgh_context_id
                WHERE {changed} ORDER BY t.id, e.pgh_id DESC""",
            "jsonb_build_object('at', k.at, 'by', k.by)",
        )

    def _keep_without_history(self) -> None:
        self._keep(
            "no_history",
            f"""SELECT t.id FROM undo_touched t WHERE NOT t.made AND NOT EXISTS (
                    SELECT FROM {self.events} e WHERE e.pgh_obj_id = t.id AND e.pgh_id < t.first)""",
        )

    def _keep_needed(self) -> None:
        """What the work made stays where rows refer to it that would stay behind."""
        referring = " UNION ALL ".join(
            f"""SELECT o."{column}" AS id, '{label}' AS thing FROM {table} o JOIN undo_touched t ON t.id = o."{column}"
                AND t.made"""
            for label, table, column in self._needs()
        )
        if referring:
            self._keep(
                "needed",
                f"SELECT n.id, array_agg(DISTINCT n.thing) AS things FROM ({referring}) n GROUP BY n.id",
                "jsonb_build_object('things', k.things)",
            )

    def _needs(self) -> Iterator[tuple[str, str, str]]:
        """Relations that point at the model and neither go with it nor are mere history."""
        along = {(each.model, each.column) for each in ALONG.get(self.label, ())}
        for relation, column in _relations(self.model):
            other: Any = relation.related_model
            goes = relation.on_delete is CASCADE and not hasattr(other, "pgh_event_model")
            if not goes and (other, column) not in along:
                yield other._meta.label_lower, other._meta.db_table, column

    def _attempt(self, where: str, act: Act) -> int:
        """Act on all of them at once; where the database refuses, on halves, down to the one that it refuses."""
        done, sets = 0, [self._ids(where)]
        while sets:
            ids = sets.pop()
            if not ids:
                continue
            try:
                with transaction.atomic():
                    act(ids)
                    self._run("SET CONSTRAINTS ALL IMMEDIATE")
                    self._run("SET CONSTRAINTS ALL DEFERRED")
                done += len(ids)
            except (IntegrityError, InternalError):
                if len(ids) == 1:
                    self._keep("conflict", "SELECT %(id)s::bigint AS id", id=ids[0])
                else:
                    sets += [ids[: len(ids) // 2], ids[len(ids) // 2 :]]
        return done

    def _remove(self, ids: Sequence[int]) -> None:
        for row in ALONG.get(self.label, ()):
            gone = f'DELETE FROM {row.model._meta.db_table} WHERE "{row.column}" = ANY(%s)'
            # By place: to say which triggers to pass over, pgtrigger adds to the parameters of a list.
            with (
                pgtrigger.ignore(*row.triggers) if row.triggers else nullcontext(),
                connection.cursor() as cursor,
            ):
                cursor.execute(gone, [list(ids)])
        for relation, column in _relations(self.model):
            other: Any = relation.related_model
            if relation.on_delete is CASCADE and not hasattr(other, "pgh_event_model"):
                self._run(
                    f'DELETE FROM {other._meta.db_table} WHERE "{column}" = ANY(%(ids)s)', ids=list(ids)
                )
        self._run(f"DELETE FROM {self.table} WHERE id = ANY(%(ids)s)", ids=list(ids))

    def _restore(self, ids: Sequence[int]) -> None:
        """Each as the event before the work left it; what a version counts goes on."""
        columns = self._columns()
        values = ", ".join(
            f'"{column}" = r."{column}" + 1' if column == "version" else f'"{column}" = e."{column}"'
            for column in columns
        )
        self._run(
            f"""UPDATE {self.table} r SET {values} FROM undo_touched t JOIN {self.events} e ON e.pgh_id = (
                    SELECT max(o.pgh_id) FROM {self.events} o WHERE o.pgh_obj_id = t.id AND o.pgh_id < t.first)
                WHERE r.id = t.id AND t.id = ANY(%(ids)s)""",
            ids=list(ids),
        )
        if "sort_key" not in columns and any(each.name == "sort_key" for each in self.model._meta.fields):
            self._sort_anew(ids)

    def _sort_anew(self, ids: Sequence[int]) -> None:
        """History does not keep by what a record sorts: that follows from its names."""
        named = ("name",) if issubclass(self.model, ContactPerson) else ("name_zh", "name_en")
        rows = self.model._base_manager.filter(pk__in=ids).values_list("pk", *named)
        keys = [(pk, sort_key(*names, *("",) * (2 - len(names)))) for pk, *names in rows]
        self._run(
            f"""UPDATE {self.table} r SET sort_key = k.key FROM unnest(%(ids)s::bigint[], %(keys)s::text[]) k (id, key)
                WHERE k.id = r.id AND r.sort_key <> k.key""",
            ids=[pk for pk, _key in keys],
            keys=[key for _pk, key in keys],
        )


def _differ(columns: Sequence[str]) -> str:
    """Whether the record `r` is otherwise than the event `w` left it."""
    now, then = (", ".join(f'{alias}."{column}"' for column in columns) for alias in ("r", "w"))
    return f"({now}, 0) IS DISTINCT FROM ({then}, 0)"


def _relations(model: type[Model]) -> Iterator[tuple[Any, str]]:
    """Relations that the database itself watches over, with the column that refers."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and getattr(relation.field, "db_constraint", False):
            yield relation, str(relation.field.column)
