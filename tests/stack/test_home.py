import pytest

from config.stack.home import AlreadyRunning, Home


def test_second_holder_learns_what_is_running(home):
    with home.held():
        home.announce({"what": "http://127.0.0.1:8000/"})
        with pytest.raises(AlreadyRunning) as refused, Home(home.path).held():
            pass
    assert refused.value.about == {"what": "http://127.0.0.1:8000/"}


def test_folder_is_free_again_after_its_holder(home):
    with home.held():
        home.announce({"what": "first"})
    with home.held():
        assert not home.about_file.exists()


def test_secret_is_private_and_lasting(home):
    secret = home.secret("django")
    assert len(secret) >= 50
    assert home.secret("django") == secret
    assert home.secret("postgres") != secret
    assert home.secret_file("django").stat().st_mode & 0o777 == 0o600
    assert home.folder("secrets").stat().st_mode & 0o777 == 0o700


def test_announcement_is_private(home):
    with home.held():
        home.announce({"urls": {"DATABASE_URL": "postgres://strata:secret@127.0.0.1/strata"}})
        assert home.about_file.stat().st_mode & 0o777 == 0o600
