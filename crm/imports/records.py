"""How the rows of most kinds become records of one table, as sets: found again by a key, compared, written.

What a row does not give stays as it is. Terms are SQL of our own: over the row `n`, over a record `r` that may be the
same, and in rules over the record `t` that the row is about (all NULL where it is new).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm.imports.merging import column_of, differs, merged
from crm.imports.resolve import REFERENCES, add_references

if TYPE_CHECKING:
    from django.db.models import Model

    from crm.imports.batch import Batch

FOUND = {"base_id": "bigint", "target_id": "bigint"}
"""What a row is compared with, and the record it would change: the same one, but where figures are restated."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An issue for each row that `where` holds for; `params` is a jsonb term."""

    code: str
    field: str
    where: str
    params: str = "'{}'"


def not_to_come(field: str) -> Rule:
    """A day of `field` that has not come yet is refused."""
    return Rule(
        code="date_in_future",
        field=field,
        where=f"n.{field} > %(today)s",
        params=f"jsonb_build_object('value', n.{field}, 'today', %(today)s::date)",
    )


# What a person said to being contacted, and the day of it, come together.
CONSENT_HAS_ITS_DAY = Rule(
    code="consent_without_its_day",
    field="consent_on",
    where="""(coalesce(n.consent, t.consent, 'not_asked') = 'not_asked')
             = (coalesce(n.consent_on, t.consent_on) IS NOT NULL)""",
)


@dataclass(frozen=True, kw_only=True)
class Records:
    """The records of one table.

    `key` says by which columns of a row a record is found again, each with its term over `r`; those named in `open` may
    be NULL on both sides. `fixed` columns are written once, `columns` are compared and changed, `silent` ones changed
    with them. `needed` fields must be given where a record is new. `restated` kinds have a day of receipt: figures that
    come in later stand beside the earlier ones.
    """

    model: type[Model]
    counted: str
    key: Mapping[str, str]
    fixed: Sequence[str]
    columns: Sequence[str]
    resolve: Sequence[Callable[[Batch], None]]
    extra: Mapping[str, str] = field(default_factory=dict)
    silent: Sequence[str] = ()
    open: Sequence[str] = ()
    needed: Sequence[str] = ()
    prepare: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[Rule | Callable[[Batch], None]] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    alive: str = "true"
    restated: bool = False

    @property
    def EXTRA(self) -> dict[str, str]:
        return {**self.extra, **FOUND, **({"receipt": "date"} if self.restated else {})}

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def check(self, batch: Batch) -> None:
        """Set the outcome of every row."""
        for find in self.resolve:
            find(batch)
        self._prepare(batch)
        self._find(batch)
        self._refuse(batch)
        receipt = ["receipt"] if self.restated else []
        batch.settle_repeats([*self.key, *receipt], self.columns)
        batch.run(
            f"""UPDATE import_clean n SET outcome = CASE WHEN r.id IS NULL THEN 'create'
                    WHEN NOT ({differs(self.columns, "m", "r")}) THEN 'same'
                    WHEN m.target_id IS NULL THEN 'create' ELSE 'update' END
                FROM import_clean m LEFT JOIN {self.table} r ON r.id = m.base_id
                WHERE m.line = n.line AND n.outcome IS NULL"""
        )
        batch.note(self.columns, self.table, "target_id")

    def write(self, batch: Batch) -> None:
        """Write what `check` found to be new or changed. A restatement keeps the figures it does not give."""
        if REFERENCES.keys() & set(self.columns):
            add_references(batch)
        batch.records[self.counted] = self._insert(batch)
        batch.records[f"{self.counted}_changed"] = self._update(batch)

    def _prepare(self, batch: Batch) -> None:
        terms = dict(self.prepare)
        if self.restated:
            terms["receipt"] = "coalesce(received_on, %(today)s)"
        if terms:
            batch.run(
                f"UPDATE import_clean n SET {', '.join(f'{name} = {term}' for name, term in terms.items())}"
            )

    def _find(self, batch: Batch) -> None:
        same = " AND ".join(
            f"{term} {'IS NOT DISTINCT FROM' if column in self.open else '='} m.{column}"
            for column, term in self.key.items()
        )
        received = ", r.received_on" if self.restated else ""
        latest = "r.received_on DESC, " if self.restated else ""
        exact = "AND (m.received_on IS NULL OR r.received_on = m.received_on)" if self.restated else ""
        target = "CASE WHEN b.received_on = n.receipt THEN b.id END" if self.restated else "b.id"
        batch.run(
            f"""UPDATE import_clean n SET base_id = b.id, target_id = {target}
                FROM (SELECT DISTINCT ON (m.line) m.line, r.id {received}
                      FROM import_clean m JOIN {self.table} r ON {same} {exact} AND {self.alive}
                      ORDER BY m.line, {latest} r.id) b
                WHERE b.line = n.line"""
        )
        batch.run(
            f"""SELECT FROM {self.table} WHERE id IN (SELECT target_id FROM import_clean)
                ORDER BY id FOR UPDATE"""
        )

    def _refuse(self, batch: Batch) -> None:
        about = f"import_clean n LEFT JOIN {self.table} t ON t.id = n.target_id"
        for name in self.needed:
            batch.refuse(
                "required", name, f"n.base_id IS NULL AND n.{column_of(name)} IS NULL AND NOT {_told(name)}"
            )
        for rule in self.rules:
            if isinstance(rule, Rule):
                batch.refuse(rule.code, rule.field, rule.where, params=rule.params, tables=about)
            else:
                rule(batch)
        batch.settle_refusals()

    def _insert(self, batch: Batch) -> int:
        values: dict[str, Any] = {column_of(name): f"n.{column_of(name)}" for name in self.fixed}
        for name in map(column_of, (*self.columns, *self.silent)):
            former = f", r.{name}" if self.restated else ""
            values[name] = f"coalesce(n.{name}{former}, {self.defaults.get(name, 'NULL')})"
        if self.restated:
            values["received_on"] = "n.receipt"
        values |= self.also
        return batch.run(
            f"""INSERT INTO {self.table} ({", ".join(f'"{name}"' for name in values)})
                SELECT {", ".join(values.values())}
                FROM import_clean n LEFT JOIN {self.table} r ON r.id = n.base_id
                WHERE n.outcome = 'create' ORDER BY n.line"""
        )

    def _update(self, batch: Batch) -> int:
        names = {each.name for each in self.model._meta.concrete_fields}
        version = ", version = r.version + 1" if "version" in names else ""
        return batch.run(
            f"""UPDATE {self.table} r SET {merged((*self.columns, *self.silent), "n", "r")}{version}
                FROM import_clean n WHERE r.id = n.target_id AND n.outcome = 'update'"""
        )


def _told(field: str) -> str:
    """Whether something is wrong with what the row gives for a field: then the cell is not empty."""
    return f"""EXISTS (SELECT FROM crm_importissue i
        WHERE i.job_id = %(job)s AND i.line = n.line AND i.field = '{field}')"""
