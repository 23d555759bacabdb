"""One pass over a job: the temporary table of parsed rows, and the statements that compare it with the records.

`import_clean` has a row per staged row that could be parsed: its line, a column per stored field (NULL: not given, or
not readable and then an issue says so), what the kind resolves (ids), and its outcome: NULL until it is settled.
Identifiers in statements are names of our own fields and tables; whatever comes from a file or a user is a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.imports.kinds import KINDS, Kind
from crm.imports.merging import changes
from crm.models import ImportJob, Role, User

CLEAN = "import_clean"


@dataclass
class Batch:
    job: ImportJob
    user: User | None
    today: date = field(default_factory=timezone.localdate)
    new_metrics: dict[str, str] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return KINDS[self.job.kind]

    @property
    def is_unrestricted(self) -> bool:
        """The system itself and system administrators import for everyone."""
        return self.user is None or self.user.role == Role.SYSTEM_ADMIN

    @property
    def may_add_reference_data(self) -> bool:
        permitted = self.user is None or self.user.has_perm("crm.add_reference_data")
        return self.job.add_reference_data and permitted

    @property
    def given(self) -> set[str]:
        """The fields that rows can have a value for."""
        return {*self.job.mapping, *self.job.constants}

    def run(self, statement: str, **params: Any) -> int:
        """Execute a statement; how many rows it touched. `%(job)s`, `%(today)s`, `%(user)s`, `%(team)s` are there."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params(params))
            return cursor.rowcount

    def rows(self, statement: str, **params: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params(params))
            return cursor.fetchall()

    def temporary(self, name: str, query: str, **params: Any) -> None:
        """A table of this transaction's own, filled by a query."""
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}", **params)

    def _params(self, params: dict[str, Any]) -> dict[str, Any]:
        user = self.user
        return {
            "job": self.job.pk,
            "today": self.today,
            "user": user.pk if user else None,
            "team": user.team_id if user else None,
            **params,
        }

    def holdable(self, alias: str) -> str:
        """A condition on a client that the importer may write to, as `crm.access.holds` says it."""
        if self.user is None or self.is_unrestricted:
            return "true"
        team = f"{alias}.team_id = %(team)s"
        own: dict[str, str] = {Role.RM: f"{team} AND {alias}.rm_id = %(user)s", Role.TEAM_LEAD: team}
        return own.get(self.user.role, "false")

    def readable(self, alias: str) -> str:
        """A condition on a client that the importer may see."""
        return "true" if self.is_unrestricted else f"{alias}.team_id = %(team)s"

    def refuse(
        self,
        code: str,
        field: str,
        where: str,
        *,
        params: str = "'{}'",
        tables: str = "import_clean n",
        **values: Any,
    ) -> None:
        """An issue for each unsettled row `n` that the condition holds for; `params` is a jsonb term."""
        self.run(
            f"""INSERT INTO crm_importissue (job_id, line, field, code, params)
                SELECT %(job)s, n.line, %(issue_field)s, %(issue_code)s, {params}::jsonb
                FROM {tables} WHERE n.outcome IS NULL AND ({where})""",
            issue_field=field,
            issue_code=code,
            **values,
        )

    def note(self, fields: Iterable[str], table: str, target: str) -> None:
        """Keep beside each row that changes a record of the table (whose id is in `target`) what it changes."""
        if not (fields := list(fields)):
            return
        self.run(
            f"""UPDATE import_clean n
                SET changes = coalesce(n.changes, '{{}}') || coalesce({changes(fields, "m", "r")}, '{{}}')
                FROM import_clean m JOIN {table} r ON r.id = m.{target}
                WHERE m.line = n.line AND n.outcome = 'update'"""
        )

    def settle_refusals(self) -> None:
        """Rows with an issue are refused; later steps look only at the others."""
        self.run(
            """UPDATE import_clean n SET outcome = 'refuse' FROM crm_importissue i
               WHERE i.job_id = %(job)s AND i.line = n.line AND n.outcome IS NULL"""
        )

    def settle_repeats(self, key: Sequence[str], compare: Sequence[str]) -> None:
        """A row that says the same as an earlier one of its key repeats it; one that says otherwise is refused."""
        same = (
            f"({_columns('n', compare)}) IS NOT DISTINCT FROM ({_columns('f', compare)})"
            if compare
            else "true"
        )
        self._refuse_contradictions(key, compare)
        self.run(
            f"""WITH ranked AS ({_firsts(key)})
                UPDATE import_clean n SET outcome = 'repeat' FROM ranked r, import_clean f
                WHERE r.line = n.line AND f.line = r.first AND r.first < n.line AND {same}"""
        )
        self.settle_refusals()

    def settle_contradictions(self, key: Sequence[str], compare: Sequence[str]) -> None:
        """Refuse rows that say otherwise than an earlier one of their key."""
        self._refuse_contradictions(key, compare)
        self.settle_refusals()

    def _refuse_contradictions(self, key: Sequence[str], compare: Sequence[str]) -> None:
        if not compare:
            return
        self.refuse(
            "repeats_other_values",
            "",
            f"""r.line = n.line AND f.line = r.first AND r.first < n.line
                AND ({_columns("n", compare)}) IS DISTINCT FROM ({_columns("f", compare)})""",
            tables=f"import_clean n, import_clean f, ({_firsts(key)}) r",
            params=f"jsonb_build_object('line', f.line, 'fields', {_differing(compare)})",
        )


def _columns(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in names) + ", 0"  # a row of one column is no row


def _differing(names: Iterable[str]) -> str:
    """The names of the columns in which rows `n` and `f` differ, as an array."""
    cases = ", ".join(
        f'CASE WHEN n."{name}" IS DISTINCT FROM f."{name}" THEN \'{name}\' END' for name in names
    )
    return f"array_remove(ARRAY[{cases}], NULL)"


def _firsts(key: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in key)
    return f"""SELECT line, first_value(line) OVER (PARTITION BY {names} ORDER BY line) AS first
               FROM import_clean WHERE outcome IS NULL"""


def as_json(params: dict[str, Any]) -> str:
    return json.dumps(params, ensure_ascii=False)
