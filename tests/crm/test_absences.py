"""Who is away, who decides instead, and who has an interest in a client."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.errors import Invalid, NotPermitted
from crm.models import Absence, Interest, Notice, Role
from crm.models.conduct import today
from crm.selectors.absences import acting_for, away, has_interest
from crm.services.absences import (
    DEPUTY,
    AbsenceOver,
    InterestEnded,
    declare_interest,
    end_absence,
    end_interest,
    enter_absence,
)
from tests.factories import make_client, make_team, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


@pytest.fixture
def deputy():
    return make_user(Role.RISK_OFFICER)


def enter(user, by=None, first=0, last=3, **more) -> Absence:
    return enter_absence(
        by=by or user, user=user, starts_on=today() + first * DAY, ends_on=today() + last * DAY, **more
    )


def test_deputy_acts_on_the_days_of_the_absence_and_is_told(officer, deputy):
    enter(officer, deputy=deputy, first=1, last=2)
    acting = [[user.pk for user in acting_for(deputy, today() + n * DAY)] for n in range(4)]
    assert acting == [[], [officer.pk], [officer.pk], []]
    assert away(today() + DAY) == {officer.pk}
    assert Notice.objects.get().kind == DEPUTY


def test_delegation_by_somebody_present_leaves_nobody_away(officer, deputy):
    enter(officer, deputy=deputy, is_away=False)
    assert acting_for(deputy, today()) == [officer]
    assert away(today()) == set()


@pytest.mark.parametrize("change", [{"role": Role.AUDITOR}, {"is_active": False}])
@pytest.mark.parametrize("who", ["officer", "deputy"])
def test_nobody_acts_across_roles_or_for_who_left(who, change, officer, deputy):
    enter(officer, deputy=deputy)
    changed = {"officer": officer, "deputy": deputy}[who]
    for name, value in change.items():
        setattr(changed, name, value)
    changed.save()
    assert acting_for(deputy, today()) == []


@pytest.mark.parametrize("other", [Role.RM, Role.CRITERIA_ADMIN, Role.SYSTEM_ADMIN])
def test_deputy_of_another_role_is_refused(officer, other):
    with pytest.raises(Invalid) as refused:
        enter(officer, deputy=make_user(other))
    assert set(refused.value.fields) == {"deputy"}


@pytest.mark.parametrize(
    "wrong",
    [{"first": 2, "last": 1}, {"first": -3, "last": -1}, {"is_away": False}],
)
def test_absence_that_cannot_be_is_refused(officer, wrong):
    with pytest.raises(Invalid):
        enter(officer, **wrong)


def test_nobody_is_their_own_deputy(officer):
    with pytest.raises(Invalid):
        enter(officer, deputy=officer)


@pytest.mark.parametrize(("first", "last"), [(3, 5), (0, 0), (-2, 9), (1, 2)])
def test_absences_that_overlap_are_refused_by_service_and_database(officer, first, last):
    standing = enter(officer)
    with pytest.raises(Invalid, match="overlap"):
        enter(officer, first=first, last=last)
    days = {"starts_on": today() + first * DAY, "ends_on": today() + last * DAY}
    with pytest.raises(IntegrityError, match="absence_one_at_a_time"), transaction.atomic():
        Absence.objects.create(user=officer, entered_by=officer, **days)
    assert enter(officer, first=4, last=5) != standing


def test_lead_enters_for_the_team_and_administrators_for_anybody(officer):
    team = make_team()
    rm, lead = make_user(Role.RM, team=team), make_user(Role.TEAM_LEAD, team=team)
    enter(rm, by=lead)
    enter(officer, by=make_user(Role.SYSTEM_ADMIN))
    for by in (make_user(Role.TEAM_LEAD), make_user(Role.RM, team=team)):
        with pytest.raises(NotPermitted):
            enter(rm, by=by, first=10, last=11)
    with pytest.raises(NotPermitted):
        enter(officer, by=lead, first=10, last=11)


def test_absence_ends_with_yesterday_and_one_to_come_is_gone(officer, deputy):
    current = enter(officer, first=-1, last=3, deputy=deputy)
    future = enter(officer, first=10, last=11)
    end_absence(by=officer, absence=current)
    end_absence(by=officer, absence=future)
    assert Absence.objects.get().ends_on == today() - DAY
    assert acting_for(deputy, today()) == []
    for absence in (current, future):
        with pytest.raises(AbsenceOver):
            end_absence(by=officer, absence=absence)


def test_stranger_ends_no_absence(officer, deputy):
    with pytest.raises(NotPermitted):
        end_absence(by=deputy, absence=enter(officer))


def test_interest_is_declared_once_until_it_ends(officer):
    client = make_client()
    interest = declare_interest(by=officer, client=client, reason="My brother owns it")
    assert has_interest(officer, client.pk)
    with pytest.raises(Invalid, match="already"):
        declare_interest(by=officer, client=client, reason="Again")
    assert end_interest(by=officer, interest=interest).ended_at
    assert not has_interest(officer, client.pk)
    with pytest.raises(InterestEnded):
        end_interest(by=officer, interest=interest)
    declare_interest(by=officer, client=client, reason="Shares")


def test_interest_says_what_it_is_and_is_ones_own_to_end(officer, deputy):
    client = make_client()
    with pytest.raises(Invalid):
        declare_interest(by=officer, client=client, reason="  ")
    interest = declare_interest(by=officer, client=client, reason="Shares")
    with pytest.raises(NotPermitted):
        end_interest(by=deputy, interest=interest)
    with pytest.raises(NotPermitted):
        declare_interest(by=make_user(Role.RM), client=client, reason="Shares")


def test_interests_are_read_by_their_owner_and_auditors(officer, deputy):
    declare_interest(by=officer, client=make_client(), reason="Shares")
    seen = [Interest.objects.visible_to(user).count() for user in (officer, deputy, make_user(Role.AUDITOR))]
    assert seen == [1, 0, 1]
