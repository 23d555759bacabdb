"""Conditions over the fields of clients as SQL: what they mean in criteria, and beyond that of any of several rows."""

from __future__ import annotations

from tiering.core.conditions import All, AnyOf, Compare, Condition, IsMissing, Not, OneOf
from tiering.core.sql import Fragment, condition_sql, join, known, sql
from tiering.finding.catalogue import Fields


def asked_sql(condition: Condition, fields: Fields) -> Fragment:
    """The condition as a boolean that is true of the clients `c` of whom it holds, and false or NULL of others."""
    match condition:
        case All(parts):
            return sql("(", join(" AND ", [asked_sql(part, fields) for part in parts]), ")")
        case AnyOf(parts):
            return sql("(", join(" OR ", [asked_sql(part, fields) for part in parts]), ")")
        case Not(part):
            return sql("((", asked_sql(part, fields), ") IS NOT TRUE)")
        case Compare() | OneOf() | IsMissing() if fields.fields[condition.metric].rows:
            return _of_any_row(condition, fields)
    return condition_sql(condition, fields.columns, fields.metrics)


def _of_any_row(leaf: Compare | OneOf | IsMissing, fields: Fields) -> Fragment:
    field, metric = fields.fields[leaf.metric], fields.metrics[leaf.metric]

    def is_there(asked: Fragment) -> Fragment:
        return sql(f"EXISTS (SELECT FROM {field.rows} AND ", asked, ")")

    a_known_one = is_there(known(field.sql, metric.is_number))
    match leaf:
        case IsMissing():
            return sql("NOT ", a_known_one)
        case Compare(key, "!=", operand):
            same = condition_sql(Compare(key, "==", operand), fields.columns, fields.metrics)
            return sql("(", a_known_one, " AND NOT ", is_there(same), ")")
    return is_there(condition_sql(leaf, fields.columns, fields.metrics))
