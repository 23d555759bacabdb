from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from config.api import exception_handler
from crm.api.problems import flat
from crm.models import Client, Observation
from tests.api.asking import Asker, make_house
from tests.factories import make_client


def raised(error_class, act) -> Exception:
    with pytest.raises(error_class) as caught, transaction.atomic():
        act()
    return caught.value


@pytest.mark.django_db
def test_database_that_takes_too_long_is_busy_and_says_when_to_come_back():
    def wait():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(1)")

    answer = exception_handler(raised(OperationalError, wait), {})
    assert (answer.status_code, answer.data["code"], answer["Retry-After"]) == (503, "busy", "5")


@pytest.mark.django_db
def test_number_taken_between_check_and_write_conflicts():
    taken = make_client()
    answer = exception_handler(raised(IntegrityError, lambda: make_client(code=taken.code)), {})
    assert (answer.status_code, answer.data["code"]) == (409, "conflict")


@pytest.mark.django_db
def test_other_faults_of_the_database_stay_faults():
    broken = raised(IntegrityError, lambda: Client.objects.create(code="X", sort_key="x"))
    assert exception_handler(broken, {}) is None


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        (["a"], {"": ["a"]}),
        ({"name": ["a", "b"]}, {"name": ["a", "b"]}),
        ({"non_field_errors": ["a"]}, {"": ["a"]}),
        ({"rows": [{}, {"value": ["a"]}]}, {"rows.1.value": ["a"]}),
        ({"rows": [{}, {"non_field_errors": ["a"]}]}, {"rows.1": ["a"]}),
        ({"rows": {2: ["a"]}}, {"rows.2": ["a"]}),
        ("a", {"": ["a"]}),
    ],
)
def test_nested_errors_are_told_by_path(detail, expected):
    assert flat(detail) == expected


@pytest.mark.django_db(transaction=True)
def test_request_sent_many_times_at_once_is_done_once():
    house = make_house()
    Asker(house.rm)
    item = {"client": house.own.pk, "metric": "pd", "value": 0.1, "observed_on": "2026-06-30", "source": "B"}

    def send(_):
        try:
            return Asker(house.rm).post("observations/", {"observations": [item]}, key="k").data
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(send, range(6)))
    assert answers == [{"created": 1, "changed": 0, "unchanged": 0}] * 6
    assert Observation.objects.count() == 1
