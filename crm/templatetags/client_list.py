"""Parts of the client list of which a page has dozens or hundreds, written at once: `{% load client_list %}`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from crm.models import Client
from crm.selectors.client_list import ListQuery
from crm.slots import ListColumn, Option
from crm.templatetags.ui import icon, tier_badge

register = template.Library()


@register.simple_tag
def filter_options(name: str, options: Sequence[Option], chosen: Collection[str]) -> SafeString:
    """The checkboxes of a menu above the list."""
    return SafeString("".join(_option(name, option, option.value in chosen) for option in options))


def _option(name: str, option: Option, is_chosen: bool) -> str:
    badge = tier_badge(option.tier) if option.tier else ""
    return _box(name, option.value, is_chosen, badge, str(option.label))


@register.simple_tag
def column_boxes(columns: Sequence[tuple[ListColumn, bool]]) -> SafeString:
    """The columns that may be chosen."""
    return SafeString("".join(_box("column", one.key, shown, "", str(one.label)) for one, shown in columns))


def _box(name: str, value: str, is_checked: bool, badge: str, label: str) -> str:
    checked = " checked" if is_checked else ""
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{checked}>'
        f'{badge}<span class="truncate">{escape(label)}</span></label>'
    )


@register.simple_tag
def column_heads(query: ListQuery, heads: Sequence[tuple[ListColumn, str]]) -> SafeString:
    """The heads of the columns, each with the address to which a click leads where it sorts."""
    return SafeString("".join(_head(query, column, escape(address)) for column, address in heads))


def _head(query: ListQuery, column: ListColumn, address: str) -> str:
    label = escape(str(column.label))
    if not column.sorting:
        return f'<th class="{column.classes}" scope="col">{label}</th>'
    sort, sign = "none", SafeString()
    if query.column == column:
        sort, drawn = ("descending", "arrow-down") if query.descending else ("ascending", "arrow-up")
        sign = icon(drawn, 14)
    return (
        f'<th class="{column.classes}" scope="col" aria-sort="{sort}"><a href="?{address}" hx-get="?{address}"'
        f' hx-target="#client-list" hx-swap="outerHTML">{label}{sign}</a></th>'
    )


@register.simple_tag
def client_rows(
    rows: Sequence[tuple[Client, Sequence[str]]], columns: Sequence[ListColumn], can_select: object
) -> SafeString:
    """A row for each client, with a box where clients can be selected, of cells that stand in its columns."""
    opened = [f'<td class="{column.classes}">' for column in columns]
    return SafeString(
        "".join(
            f"<tr data-row data-row-link>{_selector(client) if can_select else ''}"
            f"{''.join([f'{start}{cell}</td>' for start, cell in zip(opened, cells, strict=True)])}</tr>"
            for client, cells in rows
        )
    )


def _selector(client: Client) -> str:
    return (
        f'<td class="select-cell phone-cell"><input type="checkbox" name="client" value="{client.pk}"'
        f' form="bulk-form" data-select aria-label="{escape(client.name)}"></td>'
    )
