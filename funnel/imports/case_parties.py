"""Files of who takes part in cases beside their leading clients: a row per case and client."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.imports.batch import Batch
from crm.imports.records import Records, Rule
from crm.imports.resolve import find_clients
from crm.models import ImportJob
from crm.undoing.records import Undone, note_held
from crm.undoing.records import take_back as take_back_records
from funnel.models import CaseParty


def find_cases(batch: Batch) -> None:
    """Set `case_id` from the code of a case whose leading client one may write to, and lock the cases."""
    batch.run(
        f"""UPDATE import_clean n SET case_id = c.id FROM funnel_case c JOIN crm_client k ON k.id = c.client_id
            WHERE c.code = n.code AND {batch.holdable("k")}"""
    )
    batch.run("SELECT FROM funnel_case WHERE id IN (SELECT case_id FROM import_clean) ORDER BY id FOR UPDATE")
    batch.refuse(
        "unknown_case",
        "code",
        "n.code IS NOT NULL AND n.case_id IS NULL",
        params="jsonb_build_object('value', n.code)",
    )


def refuse_too_much(batch: Batch) -> None:
    """The shares of a part that is shared out come to 100 at most, with what the file says and what else is known."""
    batch.temporary(
        "import_shares",
        """SELECT case_id, part, sum(share) AS share FROM (
               SELECT DISTINCT ON (n.case_id, n.client_id) n.case_id, coalesce(n.part, t.part) AS part,
                      coalesce(n.share, t.share) AS share
               FROM import_clean n LEFT JOIN funnel_caseparty t ON t.id = n.target_id
               WHERE n.outcome IS NULL ORDER BY n.case_id, n.client_id, n.line
           ) said GROUP BY case_id, part""",
    )
    batch.run(
        """UPDATE import_shares s SET share = coalesce(s.share, 0) + o.share
           FROM (SELECT r.case_id, r.part, sum(r.share) AS share FROM funnel_caseparty r
                 JOIN funnel_case c ON c.id = r.case_id AND c.client_id <> r.client_id
                 JOIN crm_client k ON k.id = r.client_id AND k.merged_into_id IS NULL
                 WHERE r.share IS NOT NULL AND NOT EXISTS (SELECT FROM import_clean n WHERE n.target_id = r.id)
                 GROUP BY r.case_id, r.part) o
           WHERE o.case_id = s.case_id AND o.part = s.part"""
    )
    batch.refuse(
        "shares_beyond_the_whole",
        "share",
        f"""n.share IS NOT NULL AND s.case_id = n.case_id AND s.part = coalesce(n.part, t.part) AND s.share > 100
            AND s.part <> '{CaseParty.NOT_SHARED_OUT}'""",
        tables="import_clean n LEFT JOIN funnel_caseparty t ON t.id = n.target_id, import_shares s",
        params="jsonb_build_object('sum', trim_scale(s.share)::text)",
    )


PARTIES: Final = Records(
    model=CaseParty,
    counted="case_parties",
    key={"case_id": "r.case_id", "client_id": "r.client_id"},
    fixed=("case_id", "client_id"),
    columns=("part", "share", "note"),
    needed=("part",),
    defaults={"note": "''"},
    also={"version": "1"},
    extra={"case_id": "bigint", "client_id": "bigint"},
    resolve=(find_cases, partial(find_clients, seen=True)),
    rules=(
        Rule(
            code="party_leads_the_case",
            field="client",
            where="EXISTS (SELECT FROM funnel_case c WHERE c.id = n.case_id AND c.client_id = n.client_id)",
        ),
        # What is closed does not change; but the past of a case comes in after its steps.
        Rule(
            code="case_is_closed",
            field="code",
            where="""EXISTS (SELECT FROM funnel_case c JOIN funnel_stage s ON s.id = c.stage_id
                             WHERE c.id = n.case_id AND (c.dissolved_by_id IS NOT NULL OR s.outcome <> 'open'
                             AND NOT EXISTS (SELECT FROM funnel_stagemove m WHERE m.case_id = c.id
                                             AND m.imported_by_id IS NOT NULL)))""",
        ),
        refuse_too_much,
    ),
)
EXTRA = PARTIES.EXTRA
check = PARTIES.check
write = PARTIES.write


def take_back(job: ImportJob) -> Undone:
    """Undo what the import wrote, in the transaction of the caller; not in cases whose leading client whoever imported
    it does not hold any more. Whose client the party is does not matter."""
    if job.written_in is None:
        return Undone()
    spared = _keep_foreign(job) if note_held(job.uploaded_by) else []
    return take_back_records(
        written_in=job.written_in, by=None, models=(CaseParty,), spared={CaseParty: spared}
    )


def _keep_foreign(job: ImportJob) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO crm_keptrecord (written_in, model, record_id, name, code, params)
               SELECT DISTINCT ON (r.id) %(written_in)s::uuid, 'funnel.caseparty', r.id, c.code, 'not_held', '{}'::jsonb
               FROM funnel_casepartyevent e JOIN funnel_caseparty r ON r.id = e.pgh_obj_id
               JOIN funnel_case c ON c.id = r.case_id
               WHERE e.pgh_context_id = %(written_in)s AND c.client_id NOT IN (SELECT id FROM undo_held)
               RETURNING record_id""",
            {"written_in": job.written_in},
        )
        return [pk for (pk,) in cursor.fetchall()]


MESSAGES = {
    "unknown_case": (
        _("No case of yours has the code “%(value)s”."),
        _("Give the code of a case whose client you hold, or import the case first."),
    ),
    "party_leads_the_case": (
        _("This client leads the case."),
        _("Name another client, or delete the row."),
    ),
    "case_is_closed": (
        _("The case is closed, and what is closed does not change."),
        _("Reopen the case first, or delete the row."),
    ),
    "not_a_percentage": (
        _("“%(value)s” is no share of a case."),
        _("Write a percentage above 0 and up to 100, as 40 or 40%%."),
    ),
    "shares_beyond_the_whole": (
        _("The shares of this part come to %(sum)s%% of the case."),
        _("Correct them so that they come to 100%% at most."),
    ),
}
RECORDS = {
    "case_parties": _("Parties added"),
    "case_parties_changed": _("Parties changed"),
}
