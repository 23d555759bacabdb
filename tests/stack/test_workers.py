from tests.workers import url_of_worker


def test_each_worker_gets_a_broker_database_of_its_own():
    assert url_of_worker("redis://:secret@127.0.0.1:6379/0", "gw0") == "redis://:secret@127.0.0.1:6379/0"
    assert url_of_worker("redis://:secret@127.0.0.1:6379/0", "gw3") == "redis://:secret@127.0.0.1:6379/3"
    assert url_of_worker("redis://127.0.0.1:6379/4", "gw1") == "redis://127.0.0.1:6379/5"
