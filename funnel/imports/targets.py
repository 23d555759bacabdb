"""Targets from a file: a row for each month and team, relationship manager or product; found again by just these."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from crm.imports.batch import Batch
from crm.imports.consents import refuse_unsigned
from crm.imports.fields import Field, amount, measure, text
from crm.imports.kinds.common import PRODUCT, UNIT, Kind
from crm.imports.records import Records, Rule
from crm.imports.resolve import find_people
from crm.models import ImportJob, Role
from crm.undoing.records import Undone
from crm.undoing.records import take_back as take_back_records
from funnel.models import Target, book_currency
from funnel.selectors.rates import currencies

MOST_CASES: Final = 1_000_000
KIND = Kind(
    name=ImportJob.Kind.TARGETS,
    help=_(
        "What is to be won: a row for each month and team, relationship manager or product. A target is found again by"
        " funnel, month, currency and whose it is; what a row leaves empty stays as it is. Team leads set those of their"
        " team, system administrators all."
    ),
    fields=(
        text("pipeline", _("Funnel"), 80, "pipeline|漏斗|流程"),
        Field(name="month", label=_("Month"), type="month", required=True, aliases="period|月份|月度|期间"),
        text("team", _("Team"), 80, "branch|desk|团队|部门|分行"),
        text("rm", _("Relationship manager"), 80, "manager|user name|客户经理|负责人"),
        PRODUCT,
        amount("amount", _("Amount"), "target|target amount|目标|目标金额|目标额"),
        UNIT,
        measure("count", _("Number of cases"), 0, MOST_CASES, "cases|target in cases|笔数|目标笔数|件数"),
        text("currency", _("Currency"), 3, "币种|货币"),
    ),
    one_of=("team", "rm", "product"),
)


def find_pipelines(batch: Batch) -> None:
    """Set `pipeline_id` by key or name; of rows that name none, the funnel in use where there is one alone."""
    batch.run(
        """UPDATE import_clean n SET pipeline_id = (
               SELECT min(p.id) FROM funnel_pipeline p
               WHERE lower(n.pipeline) IN (lower(p.key), lower(p.name_en), lower(p.name_zh)))"""
    )
    in_use = batch.rows("SELECT id, key FROM funnel_pipeline WHERE NOT is_retired ORDER BY id")
    if len(in_use) == 1:
        batch.run("UPDATE import_clean SET pipeline_id = %(only)s WHERE pipeline IS NULL", only=in_use[0][0])
    batch.refuse("required", "pipeline", "n.pipeline IS NULL AND n.pipeline_id IS NULL")
    batch.refuse(
        "unknown_funnel",
        "pipeline",
        "n.pipeline IS NOT NULL AND n.pipeline_id IS NULL",
        params="jsonb_build_object('value', n.pipeline, 'known', %(known)s::text)",
        known=", ".join(key for _pk, key in in_use),
    )


def find_holders(batch: Batch) -> None:
    """Set `team_id` by code or name, `rm_id` and `rm_team_id` of managers."""
    batch.run(
        """UPDATE import_clean n SET team_id = (
               SELECT min(t.id) FROM crm_team t
               WHERE lower(n.team) IN (lower(t.code), lower(t.name), lower(t.name_zh)))"""
    )
    batch.refuse(
        "unknown_team",
        "team",
        "n.team IS NOT NULL AND n.team_id IS NULL",
        params="jsonb_build_object('value', n.team)",
    )
    find_people(batch, "rm")
    batch.run("UPDATE import_clean n SET rm_team_id = u.team_id FROM crm_user u WHERE u.id = n.rm_id")
    batch.refuse(
        "target_of_no_manager",
        "rm",
        "n.rm_id IN (SELECT id FROM crm_user WHERE role <> %(role)s)",
        params="jsonb_build_object('value', n.rm)",
        role=Role.RM,
    )


def refuse_foreign(batch: Batch) -> None:
    """As `funnel.access` says it, for all rows at once."""
    if batch.user is None or batch.is_unrestricted:
        return
    own = "coalesce(n.team_id, n.rm_team_id) = %(team)s"
    theirs = own if batch.user.has_perm("funnel.set_targets") else "false"
    batch.refuse("target_not_yours", "", f"({theirs}) IS NOT TRUE")


def refuse_other_money(batch: Batch) -> None:
    """Targets in a currency that no case could be in are slips of the pen."""
    known = currencies()
    batch.refuse(
        "unknown_currency",
        "currency",
        "NOT n.currency = ANY(%(codes)s)",
        params="jsonb_build_object('value', n.currency, 'known', %(known)s::text)",
        codes=known,
        known=", ".join(known),
    )


LIST: Final = Records(
    model=Target,
    counted="targets",
    key={name: f"r.{name}" for name in ("pipeline_id", "month", "currency", "team_id", "rm_id", "product")},
    open=("team_id", "rm_id"),
    prepare={
        "currency": f"upper(coalesce(currency, '{book_currency()}'))",
        "product": "coalesce(product, '')",
        "set_by_id": "%(user)s::bigint",
        "set_at": "now()",
    },
    fixed=("pipeline_id", "month", "currency", "team_id", "rm_id", "product"),
    columns=("amount", "count"),
    silent=("set_by_id", "set_at"),
    also={"version": "1"},
    extra={
        **dict.fromkeys(("pipeline_id", "team_id", "rm_id", "rm_team_id", "set_by_id"), "bigint"),
        "set_at": "timestamptz",
    },
    resolve=(find_pipelines, find_holders),
    rules=(
        refuse_unsigned,
        Rule(
            code="target_of_several", field="", where="num_nonnulls(n.team, n.rm, nullif(n.product, '')) <> 1"
        ),
        refuse_foreign,
        refuse_other_money,
        Rule(
            code="product_of_another_funnel",
            field="product",
            where="""n.product <> '' AND EXISTS (SELECT FROM funnel_pipeline p WHERE p.id = n.pipeline_id
                     AND p.products <> '{}' AND NOT n.product = ANY(p.products))""",
        ),
        Rule(
            code="negative_amount",
            field="amount",
            where="n.amount < 0",
            params="jsonb_build_object('value', n.amount::text)",
        ),
        Rule(code="not_whole", field="count", where="n.count <> floor(n.count)"),
        Rule(
            code="target_says_nothing",
            field="amount",
            where="n.target_id IS NULL AND n.amount IS NULL AND n.count IS NULL",
        ),
    ),
)
EXTRA = LIST.EXTRA


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    LIST.check(batch)


def write(batch: Batch) -> None:
    """Write what is new or changed."""
    LIST.write(batch)


def take_back(job: ImportJob) -> Undone:
    """Undo what the import wrote, in the transaction of the caller."""
    if job.written_in is None:
        return Undone()
    return take_back_records(written_in=job.written_in, by=job.uploaded_by, models=(Target,))


MESSAGES = {
    "unknown_funnel": (_("There is no funnel “%(value)s”."), _("Use one of: %(known)s.")),
    "unknown_team": (
        _("There is no team “%(value)s”."),
        _("Give the code of the team, or its name in either language."),
    ),
    "target_of_no_manager": (
        _("“%(value)s” is no relationship manager."),
        _("Name a relationship manager, or the team."),
    ),
    "target_of_several": (
        _("A target is of one team, one relationship manager or one product."),
        _("Fill in one of the three and leave the others empty."),
    ),
    "target_not_yours": (
        _("You do not set this target."),
        _(
            "Team leads set targets of their team and its people, system administrators all of them: delete the row, or"
            " let one of them import it."
        ),
    ),
    "unknown_currency": (_("No rate of “%(value)s” is known."), _("Use one of: %(known)s.")),
    "product_of_another_funnel": (
        _("The funnel does not finance this product."),
        _("Choose a product of the funnel, or another funnel."),
    ),
    "not_whole": (_("Cases are counted whole."), _("Write a whole number.")),
    "target_says_nothing": (
        _("The row has neither an amount nor a number of cases."),
        _("Fill in one of them, or delete the row."),
    ),
}
RECORDS = {"targets": _("Targets added"), "targets_changed": _("Targets changed")}
