"""Old notices go, with their mails, and nobody is told again because of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Digest, Notice
from crm.notices import NoticeKind, kinds
from crm.services.notices import notify
from crm.services.pruning import Pruned, prune_notices
from tests.crm.telling import kind_of_notice, known
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings):
    settings.NOTICE_DAYS, settings.UNREAD_NOTICE_DAYS = 30, 60
    lasting = NoticeKind("lasting", "Lasts", lambda params: "", lambda params: "", is_retold=True)
    with known(kind_of_notice(), lasting):
        yield


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def notice(now: datetime, days: int, *, read: bool = True, kind: str = "fell", **fields) -> int:
    made = Notice.objects.create(
        recipient=make_user(), kind=kind, event=f"e{days}", read_at=now if read else None, **fields
    )
    Notice.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=days))
    return made.pk


def mail(now: datetime, days: int, status: str = "sent") -> Digest:
    made = Digest.objects.create(user=make_user(), slot=f"day:{days}", status=status)
    Digest.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=days))
    return made


def test_read_notices_go_after_their_days_and_unread_ones_later(now):
    kept = {notice(now, 29), notice(now, 59, read=False), notice(now, 90, kind="lasting")}
    for days, read in ((31, True), (61, False)):
        notice(now, days, read=read)
    assert prune_notices(now=now) == Pruned(notices=2)
    assert set(Notice.objects.values_list("pk", flat=True)) == kept


def test_notice_told_by_mail_alone_goes_by_the_days_of_read_ones_once_it_is_mailed(now):
    sent, waiting = mail(now, 40), mail(now, 40, status="waiting")
    by_mail: dict[str, Any] = {"read": False, "in_app": False, "to_mail": True}
    notice(now, 40, digest=sent, **by_mail)
    kept = {notice(now, 40, digest=waiting, **by_mail), notice(now, 41, **by_mail)}
    assert prune_notices(now=now) == Pruned(notices=1, mails=1)
    assert set(Notice.objects.values_list("pk", flat=True)) == kept
    assert Digest.objects.get() == waiting


def test_mail_stays_as_long_as_one_of_its_notices(now):
    sent = mail(now, 50)
    notice(now, 50, digest=sent)
    notice(now, 50, read=False, digest=sent)
    assert prune_notices(now=now) == Pruned(notices=1)
    assert Digest.objects.exists()


def test_each_part_is_one_statement_and_the_rest_comes_after(now, django_assert_num_queries, caplog):
    for days in (70, 71, 72):
        notice(now, days)
    with django_assert_num_queries(2), caplog.at_level("INFO"):
        assert prune_notices(now=now, at_a_time=2) == Pruned(notices=3)
    assert "3 notices and 0 mails" in caplog.text


def test_what_lasts_is_not_told_again_after_its_notice_grew_old(now):
    person = make_user()
    notify(kind="lasting", event="late", recipients=[person], params={})
    Notice.objects.update(created_at=now - timedelta(days=900))
    prune_notices(now=now)
    assert notify(kind="lasting", event="late", recipients=[person], params={}) == 0
    assert {kind.key for kind in kinds if kind.is_retold} == {"review-overdue", "review-missed", "lasting"}
