"""Rows that would make a new contact person and look like one who is at the client already.

By sound (王伟 and 王玮), by e-mail, or by telephone together with the first character of the name: a switchboard's
number is everybody's.
"""

from __future__ import annotations

from typing import Final

from crm.imports import twins
from crm.imports.batch import Batch

LIKE_PERSON: Final = """
SELECT DISTINCT ON (l.line) l.line, l.client_id AS client, l.id AS person, NULL::int AS like_line,
       CASE WHEN l.reached AND l.sounds THEN 100 WHEN l.reached THEN 95 ELSE 85 END AS score,
       jsonb_strip_nulls(jsonb_build_object(
           'name', CASE WHEN l.sounds THEN 'near' ELSE 'differs' END,
           'email', CASE WHEN l.mailed THEN 'agrees' WHEN l.mails THEN 'differs' END,
           'phone', CASE WHEN l.called THEN 'agrees' WHEN l.calls THEN 'differs' END)) AS evidence,
       true AS may_update
FROM (
    SELECT f.*, f.mailed OR f.called AND f.family AS reached FROM (
        SELECT n.line, p.client_id, p.id, p.sort_key = n.sort_key AS sounds, left(p.name, 1) = left(n.name, 1) AS family,
               p.email <> '' AND n.email IS NOT NULL AS mails,
               p.email <> '' AND lower(p.email) = lower(coalesce(n.email, '')) AS mailed,
               p.phone_fingerprint <> '' AND n.phone_fingerprint IS NOT NULL AS calls,
               p.phone_fingerprint <> '' AND p.phone_fingerprint = coalesce(n.phone_fingerprint, '') AS called
        FROM import_clean n JOIN crm_contactperson p ON p.client_id = n.client_id AND p.ended_on IS NULL
        WHERE n.outcome IS NULL AND n.base_id IS NULL
    ) f
) l WHERE l.reached OR l.sounds ORDER BY l.line, score DESC, l.id
"""


def ask(batch: Batch) -> None:
    """Do with each row that looks like somebody as was chosen; what was not chosen yet waits."""
    if twins.are_looked_for(batch):
        batch.temporary("import_twin", LIKE_PERSON)
        twins.remember(batch)
    batch.run(
        f"""UPDATE import_clean n SET base_id = p.id, target_id = p.id
            FROM crm_importtwin t JOIN crm_contactperson p ON p.id = t.person_id AND p.ended_on IS NULL
            WHERE {twins.CHOSEN} = 'update' AND p.client_id = n.client_id"""
    )
    twins.hold_back(batch, "base_id")
