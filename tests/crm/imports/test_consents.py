"""Consent and do-not-contact by file: what was said later ends what was said before, and nothing is overwritten."""

from datetime import date

import pytest

from crm.models import ConsentRecord, ContactPerson
from crm.services import imports
from tests.crm.imports.making import imported, issues
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
HEADER = ["client", "person", "channel", "stance", "since", "until", "source"]


def said() -> list[tuple[str, str, date, date | None]]:
    rows = ConsentRecord.objects.order_by("since", "pk")
    return list(rows.values_list("channel", "stance", "since", "until"))


def test_consents_follow_each_other_by_channel_and_a_second_reading_changes_nothing():
    rm = make_user()
    one = make_client(rm=rm, code="K1")
    person = ContactPerson.objects.create(client=one, name="王丽", sort_key="wang")
    before = {"client": one, "person": person, "recorded_by": rm, "source": "Form"}
    ConsentRecord.objects.create(channel="email", stance="given", since=date(2024, 1, 1), **before)
    rows = [
        HEADER,
        ["K1", "王丽", "邮件", "拒绝", "2025-03-01", "", "Mail"],
        ["K1", "王丽", "email", "given", "2025-06-01", "", "Mail"],
        ["K1", "", "全部", "免打扰", "", "", "Call"],
    ]
    job = imported("consents", rows, by=rm)
    today = ConsentRecord.objects.get(stance="blocked").since
    now = [
        ("email", "given", date(2024, 1, 1), date(2025, 3, 1)),
        ("email", "refused", date(2025, 3, 1), date(2025, 6, 1)),
        ("email", "given", date(2025, 6, 1), None),
        ("", "blocked", today, None),
    ]
    assert (job.counts, said()) == ({"create": 3}, now)
    assert imported("consents", rows, by=rm).counts == {"same": 3}
    imports.start_undo(by=rm, job=job, ring=False)
    imports.run_import(job.pk)
    assert said() == [("email", "given", date(2024, 1, 1), None)]


def test_consents_of_strangers_without_a_source_or_of_tomorrow_are_refused():
    rm = make_user()
    make_client(rm=rm, code="K1")
    rows = [
        HEADER,
        ["K1", "Nobody", "phone", "given", "", "", "Call"],
        ["K1", "", "phone", "given", "2999-01-01", "", "Call"],
        ["K1", "", "phone", "given", "2025-01-02", "2025-01-01", "Call"],
        ["K1", "", "fax", "given", "", "", ""],
    ]
    assert issues(imported("consents", rows, by=rm, dry_run=True)) == {
        (2, "person", "unknown_contact"),
        (3, "since", "date_in_future"),
        (4, "until", "ends_before_it_begins"),
        (5, "channel", "not_a_choice"),
        (5, "source", "required"),
    }
    assert issues(imported("consents", [HEADER, ["K1", "", "", "given", "", "", "Call"]])) == {
        (2, "", "needs_a_person")
    }
