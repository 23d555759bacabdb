"""The table of the demo's users."""

from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from config.demo.cast import CODE_PREFIX, PASSWORD, PEOPLE, TEAMS
from crm.models import Team, User

TEAM_NAMES = {code: f"{name} {name_zh}" for code, name, name_zh in TEAMS}


def logins() -> str:
    """User, role, name and team of everyone in the cast, and the one password; empty where there is no demo."""
    if not Team.objects.filter(code__startswith=CODE_PREFIX).exists():
        return ""
    present = set(User.objects.filter(is_active=True).values_list("username", flat=True))
    rows: list[tuple[str, ...]] = [(_("User"), _("Role"), _("Name"), _("Team"))]
    rows += [
        (
            person.username,
            str(person.role.label),
            f"{person.name} {person.name_zh}",
            TEAM_NAMES.get(person.team, ""),
        )
        for person in PEOPLE
        if person.username in present
    ]
    password = _("Password of every demo user: %(password)s") % {"password": PASSWORD}
    return "\n".join([*aligned(rows), password])


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns under each other on a terminal, where a Chinese character is two cells wide."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def cells(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
