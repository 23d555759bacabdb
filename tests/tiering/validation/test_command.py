"""manage.py criteria validate: the same figures in a terminal."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.models import Role
from tests.factories import make_user
from tests.tiering.validation.making import a_past
from tests.tiering.validation.test_pages import form_of

pytestmark = pytest.mark.django_db


def validate(*args: object) -> str:
    out = StringIO()
    call_command("criteria", "validate", *map(str, args), stdout=out, no_color=True)
    return out.getvalue()


def test_report_is_printed_and_nothing_is_kept():
    version = a_past(good=25, bad=21)
    day = form_of(make_user(Role.AUDITOR), months=5).days_offered[0][0]
    said = validate("small", "--days", day, "--outcome", "overdue", "--months", 5)
    assert "Gini of the score" in said
    assert "1.00 to 1.00" in said
    assert version.content_hash in said
    assert "How well the score tells them apart" not in said  # curves have no text
    assert not version.validations.exists()


def test_without_days_every_month_end_is_looked_at():
    a_past(good=2)
    said = validate("small", "--outcome", "overdue", "--months", 1)
    assert "too few bad outcomes (0 of 20 needed)" in said
    assert "bandwidth" in said


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        (("moon",), "moon"),
        (("small", "--days", "soon"), "soon"),
        (("small", "--outcome", "lost", "--months", 3), "at least 6 months"),
    ],
)
def test_what_cannot_be_asked_is_refused(args, refusal):
    a_past(good=1)
    with pytest.raises(CommandError, match=refusal):
        validate(*args)
