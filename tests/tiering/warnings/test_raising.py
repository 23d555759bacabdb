"""Alerts follow from facts: raised with them, once, told, silent for their cooldown, and ended with them."""

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from crm.models import CustomMetric, Notice, Role
from tests.factories import make_client, make_observation, make_project, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.warnings.making import OVERDUE, a_client, an_indicator, open_alerts, score, today, warn_of
from tiering.core.warning_readings import Covenant as Bound
from tiering.core.warning_readings import kept
from tiering.models import Alert, Facts
from tiering.services.alerts import resolve
from tiering.services.covenants import agree_covenant
from tiering.services.raising import raise_alerts
from tiering.services.requests import drain_requests
from tiering.warnings.statement import of_range

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    publish()


def test_alert_is_raised_with_the_facts_and_told_to_the_rm():
    policy = warn_of(an_indicator())
    client = a_client()
    score(client, 550)
    alert = Alert.objects.get()
    assert (alert.client, alert.indicator, alert.severity, alert.owner) == (client, "low", "watch", client.rm)
    assert (alert.policy, alert.facts) == (policy, Facts.objects.get(client=client, valid_to=None))
    assert alert.values == {"now": {"credit_score": 550}}
    assert alert.opened_at == alert.facts.valid_from
    assert alert.due_at - alert.opened_at == timedelta(days=7)
    notice = Notice.objects.get(kind="alert-raised")
    assert (notice.recipient, notice.client, notice.params["alert"]) == (client.rm, client, alert.pk)


def test_alert_is_not_raised_twice_while_it_is_open():
    warn_of(an_indicator())
    client = a_client()
    score(client, 550, days_ago=2)
    score(client, 540, days_ago=1)
    assert Alert.objects.count() == Notice.objects.filter(kind="alert-raised").count() == 1


def test_critical_alert_is_told_to_rm_lead_and_officer():
    warn_of(an_indicator(severity="critical"))
    client = a_client()
    lead, officer = make_user(Role.TEAM_LEAD, team=client.team), make_user(Role.RISK_OFFICER)
    score(client, 550)
    told = Notice.objects.filter(kind="alert-critical").values_list("recipient", flat=True)
    assert set(told) == {client.rm_id, lead.pk, officer.pk}


def test_alert_that_no_longer_holds_says_since_when_and_holds_again():
    warn_of(an_indicator())
    client = a_client()
    score(client, 550, days_ago=2)
    score(client, 700, days_ago=1)
    alert = Alert.objects.get()
    assert alert.status == "open"
    assert alert.no_longer_since == Facts.objects.get(client=client, valid_to=None).valid_from
    score(client, 560)
    alert.refresh_from_db()
    assert alert.no_longer_since is None


def test_alert_resolves_itself_where_the_document_says_so_and_is_silent_for_its_cooldown():
    warn_of(an_indicator(resolves_itself=True), an_indicator("again", resolves_itself=True, cooldown_days=0))
    client = a_client()
    score(client, 550, days_ago=2)
    score(client, 700, days_ago=1)
    assert open_alerts(client) == []
    score(client, 560)
    assert open_alerts(client) == ["again"]


def test_alert_that_somebody_resolved_is_silent_for_its_cooldown():
    warn_of(an_indicator(), an_indicator("again", cooldown_days=0))
    client = a_client()
    score(client, 550, days_ago=1)
    for alert in Alert.objects.all():
        resolve(alert=alert, reason="Paid.", by=client.rm)
    score(client, 540)
    assert open_alerts(client) == ["again"]


def test_change_is_measured_against_the_facts_that_held_then():
    fall = {"change": "credit_score", "days": 90, "as": "difference", "op": "<=", "value": -50}
    warn_of(an_indicator("fall", fall))
    fell, stayed = a_client(), a_client()
    for client, earlier in ((fell, 700.0), (stayed, 620.0)):
        make_observation(client, "credit_score", earlier, observed_on=days_ago(100).date())
    run_now(as_of=days_ago(95))
    for client in (fell, stayed):
        score(client, 600)
    assert (open_alerts(fell), open_alerts(stayed)) == (["fall"], [])
    alert = Alert.objects.get()
    assert alert.values == {"now": {"credit_score": 600}, "then 90": {"credit_score": 700}}
    assert alert.facts_then == Facts.objects.get(client=fell, valid_to__isnull=False)


@pytest.mark.parametrize(("bound", "indicators"), [(600, []), (700, ["breach"])])
def test_breach_of_a_covenant_is_found_with_the_covenant_and_with_the_facts(bound, indicators):
    warn_of(an_indicator("breach", {"covenants": "breached"}, severity="critical"))
    client = a_client()
    score(client, 650)
    covenant = agree_covenant(
        client=client, metric="credit_score", op=">=", value=bound, starts_on=today(), by=client.rm
    )
    assert open_alerts(client) == indicators
    assert (kept(Bound("credit_score", ">=", bound), {"credit_score": 650.0}) is False) == bool(indicators)
    score(client, 500)
    assert open_alerts(client) == ["breach"]
    assert Alert.objects.get().values["covenants"] == [covenant.pk]


def test_covenant_of_a_metric_that_is_not_known_is_untested():
    warn_of(
        an_indicator("breach", {"covenants": "breached"}), an_indicator("untested", {"covenants": "untested"})
    )
    client = a_client()
    score(client, 650)
    agree_covenant(client=client, metric="leverage", op="<=", value=0.7, starts_on=today(), by=client.rm)
    assert open_alerts(client) == ["untested"]


def test_partner_of_a_shared_project_is_warned_when_the_other_one_changes():
    warn_of(an_indicator("partner", {"partner": OVERDUE}, resolves_itself=True))
    one, other, stranger, project = a_client(), a_client(), a_client(), make_project()
    for client in (one, other):
        client.participations.create(project=project)
    former = a_client()
    former.participations.create(project=project, until=today())
    for client in (one, other, stranger, former):
        score(client, 700, days_ago=1)
    score(one, 550)
    assert [open_alerts(client) for client in (one, other, stranger, former)] == [[], ["partner"], [], []]
    assert Alert.objects.get().values["partners"] == [one.pk]
    score(one, 720)
    assert open_alerts(other) == []


def test_client_connected_with_the_one_that_changes_is_warned_until_they_part():
    warn_of(an_indicator("connected", {"connected": OVERDUE}, resolves_itself=True))
    parent, child, sister, guarantor, _stranger = everybody = [a_client() for _ in range(5)]
    for client in (child, sister):
        client.relations.create(party=parent, kind="parent")
    child.relations.create(party=guarantor, kind="guarantor")
    for client in everybody:
        score(client, 700, days_ago=1)
    score(child, 550)
    assert [open_alerts(one) for one in everybody] == [["connected"], [], ["connected"], ["connected"], []]
    assert Alert.objects.get(client=sister).values["connected"] == [child.pk]
    child.relations.filter(kind="parent").update(until=today())
    drain_requests()
    assert [open_alerts(one) for one in everybody] == [[], [], [], ["connected"], []]


def test_relation_that_begins_warns_at_once():
    warn_of(an_indicator("connected", {"connected": OVERDUE}))
    weak, strong = a_client(), a_client()
    score(weak, 550)
    score(strong, 700)
    weak.relations.create(party=strong, kind="guarantor")
    drain_requests()
    assert open_alerts(strong) == ["connected"]


def test_custom_metric_is_watched_like_any_other():
    CustomMetric.objects.create(key="esg", label_en="ESG")
    warn_of(an_indicator("esg", {"metric": "esg", "op": "<", "value": 3}))
    client = a_client()
    make_observation(client, "esg", 2.0, observed_on=today())
    drain_requests()
    assert open_alerts(client) == ["esg"]


def test_without_warnings_in_effect_nothing_is_raised():
    score(a_client(), 550)
    assert not Alert.objects.exists()


def test_raising_for_a_range_twice_raises_once():
    client = a_client()
    score(client, 550)
    policy = warn_of(an_indicator())
    now = timezone.now()
    raised = [raise_alerts(policy=policy, scope=of_range(client.pk, client.pk), as_of=now) for _ in range(2)]
    assert raised == [1, 0]
    assert raise_alerts(policy=policy, scope=of_range(client.pk + 1, client.pk + 9), as_of=now) == 0


@pytest.mark.parametrize(
    ("statement", "trigger"),
    [
        ("UPDATE tiering_alert SET severity = 'info', indicator = 'x'", "keeps_its_grounds"),
        ("UPDATE tiering_alert SET values = '{}'", "keeps_its_grounds"),
        ("DELETE FROM tiering_alert", "stays"),
    ],
)
def test_sql_cannot_rewrite_an_alert(statement, trigger):
    warn_of(an_indicator())
    score(a_client(), 550)
    with connection.cursor() as cursor, pytest.raises(InternalError, match=trigger), transaction.atomic():
        cursor.execute(statement)


def test_sql_cannot_reopen_a_resolved_alert():
    warn_of(an_indicator())
    client = a_client()
    score(client, 550)
    resolve(alert=Alert.objects.get(), reason="Paid.", by=client.rm)
    with connection.cursor() as cursor, pytest.raises(InternalError), transaction.atomic():
        cursor.execute("UPDATE tiering_alert SET status = 'open', resolved_at = NULL")


def test_client_without_an_rm_falls_to_the_lead_then_to_an_officer():
    warn_of(an_indicator())
    lead = make_user(Role.TEAM_LEAD)
    officer = make_user(Role.RISK_OFFICER)
    led, alone = make_client(team=lead.team), make_client()
    for client in (led, alone):
        score(client, 550)
    assert [Alert.objects.get(client=client).owner for client in (led, alone)] == [lead, officer]
