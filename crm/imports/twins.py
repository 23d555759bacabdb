"""Rows that would make a new client and look like one that is there, or like an earlier row of the file.

As in the book, only what shares a key is compared (ADR 0014): the keys of all rows are made in one statement, met with
those of the book and with each other in one each, and the pairs are weighed in Python. Who imports says what becomes of
such a row: it changes that client, makes a new one, or is left out. Until then it waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crm.core.likeness import Party, likeness
from crm.imports.batch import Batch
from crm.imports.mapping import ALIKE
from crm.models import ImportJob, ImportTwin
from crm.selectors.alike import MOST_IN_COMMON, OF_BOOK, PARTIES, keys_of
from crm.selectors.duplicates import WARNED_FROM, parties

NEW: Final = "n.outcome IS NULL AND n.client_id IS NULL AND n.identity IS NOT NULL"
OF_ROWS: Final = PARTIES.format(
    clients=f"""(
        SELECT line AS id, coalesce(kind, 'corporate') AS kind, region_id, industry_id, coalesce(name_zh, '') AS name_zh,
               coalesce(name_en, '') AS name_en, coalesce(name_sort, '') AS sort_key, registration_number
        FROM import_clean n WHERE {NEW}
    ) c CROSS JOIN (SELECT '{{}}'::text[] AS phones, '{{}}'::text[] AS numbers) p"""
)
# People are not paired by their names.
ROW_KEYS: Final = f"""
SELECT k.* FROM ({keys_of("SELECT * FROM import_party")}) k JOIN import_party p ON p.id = k.id
WHERE p.kind <> 'individual' OR k.kind = 'number'
"""
# Of keys that too many share nothing is paired.
WITH_BOOK: Final = """
SELECT DISTINCT k.id, d.client, NULL::int FROM import_key k JOIN (
    SELECT kind, key, array_agg(client_id) AS clients FROM crm_duplicatekey
    JOIN (SELECT DISTINCT kind, key FROM import_key) asked USING (kind, key)
    GROUP BY kind, key HAVING count(*) <= {most}
) shared USING (kind, key) CROSS JOIN LATERAL unnest(shared.clients) AS d (client)
JOIN crm_client c ON c.id = d.client AND c.merged_into_id IS NULL AND {readable}
"""
WITH_FILE: Final = """
WITH shared AS (
    SELECT array_agg(id) AS ids FROM import_key GROUP BY kind, key HAVING count(*) BETWEEN 2 AND {most}
)
SELECT DISTINCT later, NULL::bigint, earlier
FROM shared CROSS JOIN LATERAL unnest(ids) AS earlier CROSS JOIN LATERAL unnest(ids) AS later
WHERE earlier < later
"""
CHOSEN: Final = "t.job_id = %(job)s AND t.line = n.line AND n.outcome IS NULL AND t.choice"


@dataclass(frozen=True)
class Twin:
    """What a row looks like: a client or an earlier row, how much, and in what."""

    line: int
    client: int | None
    like_line: int | None
    score: int
    evidence: dict[str, str]

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The likeliest first; of two alike the one that is there, then the older."""
        return -self.score, self.client is None, self.client or self.like_line or 0


def ask(batch: Batch) -> bool:
    """Do with each row that looks like a client as was chosen; whether rows change a client by that.

    What was not chosen yet waits.
    """
    if are_looked_for(batch):
        _find(batch)
    updated = batch.run(
        f"""UPDATE import_clean n SET client_id = c.id, holder_id = c.id, identity = c.code
            FROM crm_importtwin t JOIN crm_client c ON c.id = t.client_id AND c.merged_into_id IS NULL
            WHERE {CHOSEN} = 'update' AND {batch.holdable("c")}"""
    )
    hold_back(batch, "client_id")
    return bool(updated)


def are_looked_for(batch: Batch) -> bool:
    """Whether this pass finds twins; what is applied goes by those that the check before it found."""
    asks = batch.job.constants.get(ALIKE) != ImportTwin.Choice.NEW
    is_check = batch.job.status == ImportJob.Status.CHECKING
    return is_check or (asks and not ImportTwin.objects.filter(job=batch.job).exists())


def hold_back(batch: Batch, found: str) -> None:
    """Rows that are left out, that nobody has chosen for, or that were to update what can no longer be updated: those
    have no id in the column `found`."""
    batch.run(
        f"""UPDATE import_clean n SET outcome = CASE t.choice WHEN 'skip' THEN 'skip' ELSE 'alike' END
            FROM crm_importtwin t WHERE {CHOSEN} IN ('', 'skip', 'update') AND n.{found} IS NULL"""
    )
    batch.records["twins"] = ImportTwin.objects.filter(job=batch.job).count()


def _find(batch: Batch) -> None:
    batch.temporary("import_party", OF_ROWS)
    batch.temporary("import_key", ROW_KEYS)
    batch.run("ANALYZE import_key")
    batch.temporary(
        "import_twin",
        f"""SELECT t.*, NULL::bigint AS person, coalesce({batch.holdable("c")}, false) AND c.id IS NOT NULL AS may_update
            FROM jsonb_to_recordset(%(twins)s::jsonb)
                AS t (line int, client bigint, like_line int, score int, evidence jsonb)
            LEFT JOIN crm_client c ON c.id = t.client""",
        twins=json.dumps([vars(twin) for twin in _likeliest(batch)]),
    )
    remember(batch)


def _pairs(batch: Batch) -> list[tuple[int, int | None, int | None]]:
    statements = [
        WITH_BOOK.format(most=MOST_IN_COMMON, readable=batch.readable("c")),
        WITH_FILE.format(most=MOST_IN_COMMON),
    ]
    # How many keys are asked for is known here: of few rows each is looked up, those of many are read in one go.
    batch.run("SET LOCAL enable_nestloop = on")
    pairs = [pair for statement in statements for pair in batch.rows(statement)]
    batch.run("SET LOCAL enable_nestloop = off")
    return pairs


def _likeliest(batch: Batch) -> Iterable[Twin]:
    """The twin of each row that has one."""
    pairs = _pairs(batch)
    lines = {line for row, _client, other in pairs for line in (row, other) if line is not None}
    rows = parties("SELECT * FROM import_party WHERE id = ANY(%(lines)s)", {"lines": list(lines)})
    ids = list({client for _row, client, _other in pairs if client is not None})
    known = parties(OF_BOOK.format(which="c.id = ANY(%(ids)s)"), {"ids": ids})
    found: dict[int, Twin] = {}
    for line, client, other in pairs:
        whom = rows[other] if client is None and other is not None else known.get(client or 0)
        twin = _weighed(line, rows[line], client, other, whom) if whom else None
        if twin and (line not in found or twin.rank < found[line].rank):
            found[line] = twin
    return found.values()


def _weighed(line: int, row: Party, client: int | None, other: int | None, whom: Party) -> Twin | None:
    found = likeness(row, whom)
    if found.score < WARNED_FROM:
        return None
    return Twin(line, client, other, found.score, dict(found.evidence))


def remember(batch: Batch) -> None:
    """Keep the twins in `import_twin`; a choice stands where a row looks like the same as when it was made."""
    batch.run(
        """DELETE FROM crm_importtwin t WHERE t.job_id = %(job)s AND NOT EXISTS (
               SELECT FROM import_twin f WHERE f.line = t.line
               AND (f.client, f.person, f.like_line, f.may_update)
                   IS NOT DISTINCT FROM (t.client_id, t.person_id, t.like_line, t.may_update))"""
    )
    batch.run(
        """INSERT INTO crm_importtwin
               (job_id, line, client_id, person_id, like_line, score, evidence, may_update, choice)
           SELECT %(job)s, line, client, person, like_line, score, evidence, may_update,
                  CASE WHEN %(alike)s <> 'update' OR may_update THEN %(alike)s ELSE '' END FROM import_twin
           ON CONFLICT (job_id, line) DO UPDATE SET score = excluded.score, evidence = excluded.evidence,
               choice = coalesce(nullif(crm_importtwin.choice, ''), excluded.choice)""",
        alike=batch.job.constants.get(ALIKE, ""),
    )
