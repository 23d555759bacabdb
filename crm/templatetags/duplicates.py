"""What speaks for two clients being one, and against it, as chips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.templatetags.ui import icon

register = template.Library()

THINGS: Final = {
    "name": _("name"),
    "number": _("registration number"),
    "identity": _("identity number"),
    "phone": _("telephone number"),
    "email": _("e-mail"),
    "kind": _("kind"),
    "region": _("region"),
    "industry": _("industry"),
}
AGREEMENTS: Final = {
    "agrees": ("equal", "chip-up", _("the same")),
    "near": ("equal-approximately", "", _("nearly the same")),
    "differs": ("equal-not", "chip-warn", _("different")),
}
SAYS_LITTLE: Final = {("kind", "agrees")}


@register.simple_tag
def evidence(found: Mapping[str, str]) -> SafeString:
    """A chip for each thing that both have: what it is, and whether it agrees."""
    chips = [
        (AGREEMENTS[how][1], icon(AGREEMENTS[how][0], 12), THINGS[what], AGREEMENTS[how][2])
        for what, how in sorted(found.items(), key=lambda item: list(THINGS).index(item[0]))
        if (what, how) not in SAYS_LITTLE
    ]
    return format_html_join(
        " ", '<span class="chip {}">{}{}<span class="visually-hidden">: {}</span></span>', chips
    )
