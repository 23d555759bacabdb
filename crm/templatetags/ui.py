"""Parts of the interface as template tags and filters: `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from crm import charts, formats
from crm.core.mentions import MENTION
from crm.definitions import meaning_of
from crm.fragments import render_fragment
from crm.models import User
from crm.repeats import FIELD
from crm.selectors.named import Named

register = template.Library()

for function in (
    formats.money,
    formats.money_number,
    formats.exact,
    formats.percent,
    formats.multiple,
    formats.day,
    formats.month,
    formats.month_short,
    formats.moment,
    formats.ago,
    formats.days_since,
    formats.localized,
    formats.initials,
    formats.hue,
    formats.listed,
):
    register.filter(function.__name__, function)

register.simple_tag(charts.meter, name="meter")


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A lucide icon, inline. Decorative: give the control that holds it a name of its own."""
    return _drawn(name, int(size))


@cache
def _drawn(name: str, size: int) -> SafeString:
    """Drawn once in a process: an icon is the same wherever it stands, and templates name but so many."""
    return SafeString(lucide(name, size=size, **{"class": "icon", "aria-hidden": "true"}))


@register.simple_tag
def avatar(user: User | Named | None) -> SafeString:
    """A person's initials in a coloured disc; decorative, the name stands beside it."""
    if user is None:
        return SafeString()
    name = formats.localized(user)
    return format_html(
        '<span class="avatar avatar-{}" aria-hidden="true">{}</span>',
        formats.hue(user.name),
        formats.initials(name),
    )


@register.simple_tag
def person(user: User | Named | None) -> SafeString:
    """A person's initials and name; a dash for nobody."""
    if user is None:
        return SafeString('<span class="muted">–</span>')
    return format_html('<span class="person">{}{}</span>', avatar(user), formats.localized(user))


@register.simple_tag
def tier_badge(tier: Any, size: str = "") -> SafeString:
    """The tier's key on its colour, if it has one; `size` may be "large". None: a client that has no tier yet."""
    large = " tier-large" if size == "large" else ""
    if not tier:  # a template resolves what is missing to an empty text
        return format_html('<span class="tier tier-none{}" title="{}">–</span>', large, _("No tier yet"))
    return format_html(
        '<span class="tier{}{}" title="{}">{}</span>',
        f" tier-step-{tier.colour_step}" if tier.colour_step else "",
        large,
        tier.label,
        tier.key,
    )


@register.simple_tag
def tier_move(old: Any, new: Any, size: str = "") -> SafeString:
    """From one tier to another."""
    return format_html(
        '<span class="tier-move">{}{}<span class="visually-hidden">{}</span>{}</span>',
        tier_badge(old, size),
        icon("arrow-right", 12),
        _("to"),
        tier_badge(new, size),
    )


@register.simple_tag
def delta(value: float | None, digits: int = 1) -> SafeString:
    """A change: blue ▲ up, orange ▼ down, never green and red."""
    if value is None:
        return SafeString()
    size = number_format(abs(round(value, digits)), decimal_pos=digits)
    if round(value, digits) == 0:
        return format_html('<span class="delta delta-same">{}</span>', size)
    direction, sign, word = ("up", "▲", _("up")) if value > 0 else ("down", "▼", _("down"))
    return format_html(
        '<span class="delta delta-{}"><span class="delta-sign" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span> {}</span>',
        direction,
        sign,
        word,
        size,
    )


@register.simple_tag
def spark(points: Sequence[float] | None) -> SafeString:
    return charts.sparkline(points or ())


@register.simple_tag
def once() -> SafeString:
    """In a form that makes something: sent twice, it makes it once (`crm.repeats.do_once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.simple_tag(takes_context=True)
def fragment(context: template.Context, url_name: str, *args: object) -> SafeString:
    """The HTML that the view behind a URL name answers to this user, in place."""
    return render_fragment(context["request"], url_name, *args)


@register.simple_tag
def client_tab_url(pk: int, key: str) -> str:
    """The page of a client with a tab open; the overview is the page itself."""
    return (
        reverse("crm:client", args=[pk]) if key == "overview" else reverse("crm:client-tab", args=[pk, key])
    )


@register.simple_tag(takes_context=True)
def block_again(context: template.Context, name: str) -> SafeString:
    """The content of a block that stands elsewhere in the page: the title is in the tab and in the top bar."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)


@register.filter
def styled(field: BoundField) -> SafeString:
    """A form field's widget in the application's look, without a placeholder that only repeats the label."""
    attrs: dict[str, str | bool] = {"class": "input"}
    if field.field.widget.attrs.get("placeholder") == field.label:
        attrs["placeholder"] = ""
    if meaning(field):
        attrs["aria-describedby"] = " ".join(
            filter(None, (field.aria_describedby, f"{field.auto_id}_meaning"))
        )
    return field.as_widget(attrs=attrs)


@register.simple_tag
def meaning(field: BoundField) -> str:
    """What the field of a form means, by the data dictionary; empty where nothing is said of it.

    A field that a form has several of says under which name (`defined_as`).
    """
    return meaning_of(getattr(field.form, "defines", ""), getattr(field.field, "defined_as", field.name))


@register.simple_tag
def means(kind: str, field: str) -> str:
    """What a field of a kind of record means."""
    return meaning_of(kind, field)


@register.filter
def mentions(text: str) -> SafeString:
    """Text with the people whom it mentions marked; whatever else it holds is text."""
    return SafeString(MENTION.sub(r'<span class="mention">@\1</span>', escape(text)))


@register.filter
def contact_class(value: date | datetime | None) -> str:
    """How late the last contact is: nothing up to 90 days, `is-warn` above, `is-bad` above 120 or never."""
    days = formats.days_since(value)
    if days is None or days > 120:
        return "is-bad"
    return "is-warn" if days > 90 else ""
