"""Lists of prospects: found again by source and reference, else number, else name; written where they say anew."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.imports.batch import Batch
from crm.imports.records import CONSENT_HAS_ITS_DAY, Records, Rule, not_to_come
from crm.imports.refusals import refuse_nameless
from crm.imports.resolve import find_references
from crm.models import ImportJob, Industry, Region, Role
from crm.undoing.records import Undone
from crm.undoing.records import take_back as take_back_records
from funnel.models import Prospect
from funnel.prospect_bell import ring

TEXTS: Final = (
    *("name_en", "name_zh", "registration_number", "product", "message", "person_name", "person_position"),
    *("email", "language", "phone_fingerprint", "phone_sealed", "phone_hint", "sort_key"),
)
IDENTITY: Final = """coalesce(nullif({0}.external_reference, ''), nullif({0}.registration_number, ''),
    crm_name_key(coalesce(nullif({0}.name_zh, ''), {0}.name_en)))"""


def find_sources(batch: Batch) -> None:
    """Set `source_id` and `team_id` from the name of a source of one's own team."""
    own = "true" if batch.is_unrestricted else "s.team_id = %(team)s"
    batch.run(
        f"""UPDATE import_clean n SET source_id = s.id, team_id = s.team_id, source_owner_id = s.owner_id
            FROM (SELECT DISTINCT ON (lower(s.name)) s.* FROM funnel_leadsource s WHERE {own}
                  ORDER BY lower(s.name), s.id) s WHERE lower(s.name) = lower(n.source)"""
    )
    known = [name for (name,) in batch.rows(f"SELECT s.name FROM funnel_leadsource s WHERE {own} ORDER BY 1")]
    batch.refuse(
        "unknown_source",
        "source",
        "n.source IS NOT NULL AND n.source_id IS NULL",
        params="jsonb_build_object('value', n.source, 'known', %(known)s::text)",
        known=", ".join(known[:20]),
    )


def find_owners(batch: Batch) -> None:
    """Set `owner_id` from user names; without one, whom the source gives its prospects to."""
    batch.run(
        """UPDATE import_clean n SET owner_id = u.id FROM crm_user u
           WHERE u.username = n.owner AND u.is_active AND u.role = ANY(%(roles)s) AND u.team_id = n.team_id""",
        roles=[Role.RM, Role.TEAM_LEAD],
    )
    own = "n.owner_id IS DISTINCT FROM %(user)s" if batch.user and batch.user.role == Role.RM else "false"
    batch.refuse(
        "unknown_owner",
        "owner",
        f"n.owner IS NOT NULL AND n.team_id IS NOT NULL AND (n.owner_id IS NULL OR {own})",
        params="jsonb_build_object('value', n.owner)",
    )


def gather_facts(batch: Batch) -> None:
    """What a row gives is added to what is known."""
    batch.run("UPDATE import_clean SET facts = given_facts::jsonb")
    batch.run(
        """UPDATE import_clean n SET facts = t.facts || n.facts FROM funnel_prospect t
           WHERE t.id = n.target_id AND n.facts IS NOT NULL"""
    )


def refuse_nameless_prospects(batch: Batch) -> None:
    refuse_nameless(batch, "target_id")


LIST: Final = Records(
    model=Prospect,
    counted="prospects",
    key={"source_id": "r.source_id", "identity": IDENTITY.format("r")},
    prepare={
        "external_reference": "coalesce(reference, '')",
        "identity": "coalesce(reference, registration_number, crm_name_key(coalesce(name_zh, name_en)))",
        "sort_key": "name_sort",
    },
    alive="r.status IN ('new', 'contacted')",
    fixed=("source_id", "team_id", "external_reference"),
    columns=(
        *("kind", "name_en", "name_zh", "registration_number", "industry", "region", "product", "amount"),
        *("message", "person_name", "person_position", "email", "language", "consent", "consent_on"),
        *("phone_fingerprint", "facts", "owner"),
    ),
    silent=("phone_sealed", "phone_hint", "sort_key"),
    defaults={
        **dict.fromkeys(TEXTS, "''"),
        "kind": "'corporate'",
        "consent": "'not_asked'",
        "facts": "'{}'::jsonb",
        "owner_id": "n.source_owner_id",
    },
    also={"version": "1", "currency": f"'{settings.CURRENCY}'"},
    extra={
        **dict.fromkeys(
            ("source_id", "team_id", "owner_id", "source_owner_id", "industry_id", "region_id"), "bigint"
        ),
        **dict.fromkeys(("external_reference", "identity", "sort_key", "name_sort", "given_facts"), "text"),
        **dict.fromkeys(("phone_sealed", "phone_fingerprint", "phone_hint"), "text"),
        "facts": "jsonb",
    },
    resolve=(find_sources, find_owners, find_references),
    rules=(
        gather_facts,
        refuse_nameless_prospects,
        Rule(
            code="prospect_decided",
            field="reference",
            where="""n.target_id IS NULL AND EXISTS (SELECT FROM funnel_prospect o WHERE o.source_id = n.source_id
                     AND o.external_reference = n.reference)""",
        ),
        Rule(
            code="individual_with_registration_number",
            field="registration_number",
            where="""coalesce(n.kind, t.kind) = 'individual'
                     AND coalesce(n.registration_number, t.registration_number, '') <> ''""",
        ),
        CONSENT_HAS_ITS_DAY,
        not_to_come("consent_on"),
        Rule(code="amount_not_positive", field="amount", where="n.amount <= 0"),
    ),
)
EXTRA = LIST.EXTRA


def check(batch: Batch) -> None:
    """Set the outcome of every row, and tell of each figure that a row changes."""
    LIST.check(batch)
    batch.run(
        """UPDATE import_clean n SET changes = (n.changes - 'facts') || (
               SELECT jsonb_object_agg(g.key, jsonb_build_array(t.facts -> g.key, g.value))
               FROM jsonb_each(n.facts) g WHERE (t.facts -> g.key) IS DISTINCT FROM g.value)
           FROM funnel_prospect t WHERE t.id = n.target_id AND n.changes ? 'facts'"""
    )


def write(batch: Batch) -> None:
    """Write the list, and have its prospects compared and scored."""
    LIST.write(batch)
    batch.run(
        """DELETE FROM funnel_prospectkey k USING import_clean n
           WHERE n.outcome = 'update' AND k.prospect_id = n.target_id"""
    )
    ring()


def take_back(job: ImportJob) -> Undone:
    """Undo what the import wrote, in the transaction of the caller."""
    if job.written_in is None:
        return Undone()
    return take_back_records(
        written_in=job.written_in, by=job.uploaded_by, models=(Prospect, Region, Industry)
    )


MESSAGES = {
    "unknown_source": (
        _("There is no source “%(value)s” of your team."),
        _("Use one of: %(known)s; or let a team lead add the source first."),
    ),
    "unknown_owner": (
        _("“%(value)s” is nobody of the team who could work on prospects."),
        _("Give the user name of an RM or lead of the source's team; an RM gives prospects to nobody else."),
    ),
    "prospect_decided": (
        _("Somebody decided about this prospect already."),
        _("Delete the row, or give it a reference of its own."),
    ),
    "amount_not_positive": (_("An amount is above zero."), _("Correct the amount, or leave it empty.")),
}
RECORDS = {
    "prospects": _("Prospects added"),
    "prospects_changed": _("Prospects changed"),
}
