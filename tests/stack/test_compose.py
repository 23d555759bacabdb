"""docker-compose.yml, Dockerfile and settings speak of the same environment."""

import re
import subprocess
import sys

import pytest
import yaml

from config.stack.home import ROOT
from config.stack.postgres import ROOMY

APP_SERVICES = ("web", "worker", "beat", "migrate")
READ_BY_CELERY = {"REMAP_SIGTERM"}
READ_BY_PYTHON_AND_THE_SHELL = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
REQUIRED = {
    "SECRET_KEY",
    "STRATA_SEALING_KEYS",
    "STRATA_FINGERPRINT_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
}
SECRETS = {
    "SECRET_KEY",
    "STRATA_SEALING_KEYS",
    "STRATA_FINGERPRINT_KEY",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
}

SETTINGS = (ROOT / "config" / "settings.py").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def names_read_by_settings() -> set[str]:
    return set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z][A-Z0-9_]+)["']""", SETTINGS))


def names_set_by_dockerfile() -> set[str]:
    stanzas = re.findall(r"(?:^ENV|^RUN export)((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    return {name for stanza in stanzas for name in re.findall(r"\b([A-Z][A-Z0-9_]+)=", stanza)}


@pytest.mark.parametrize("service", APP_SERVICES)
def test_every_name_in_compose_is_read(service):
    given = set(COMPOSE["services"][service]["environment"])
    assert given <= names_read_by_settings() | READ_BY_CELERY


@pytest.mark.parametrize("service", APP_SERVICES)
def test_every_required_setting_is_given(service):
    assert set(COMPOSE["services"][service]["environment"]) >= REQUIRED


def test_every_name_in_the_dockerfile_is_read():
    names = {name for name in names_set_by_dockerfile() if not name.startswith("PIP_")}
    assert names - READ_BY_PYTHON_AND_THE_SHELL <= names_read_by_settings()
    assert "STRATA_STATIC_ROOT" in names


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_missing_setting_stops_the_start_with_its_name(name):
    environment = {
        "SECRET_KEY": "x" * 60,
        "STRATA_SEALING_KEYS": "y" * 60,
        "STRATA_FINGERPRINT_KEY": "z" * 60,
        "DATABASE_URL": "postgres://strata@db.example/strata",
        "REDIS_URL": "redis://broker.example/0",
        "ALLOWED_HOSTS": "strata.example",
    }
    del environment[name]
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert name in done.stderr.strip().splitlines()[-1]


def test_secrets_have_no_default():
    for name in SECRETS:
        mentions = re.findall(r"\$\{" + name + r"([^}]*)\}", COMPOSE_TEXT)
        assert mentions
        assert all(mention.startswith(":?") for mention in mentions)


def test_debug_is_off_everywhere():
    assert {COMPOSE["services"][service]["environment"]["DEBUG"] for service in APP_SERVICES} == {"0"}


def test_broker_keeps_every_message():
    command = " ".join(COMPOSE["services"]["redis"]["command"])
    assert "maxmemory-policy noeviction" in command
    assert "appendonly yes" in command


def test_database_is_initialised_as_the_embedded_one():
    embedded = (ROOT / "config" / "stack" / "postgres.py").read_text()
    for option in (
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--lc-collate=C",
    ):
        assert option in COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
        assert option in embedded


def test_database_has_the_room_of_the_embedded_one():
    command = " ".join(COMPOSE["services"]["postgres"]["command"]).replace(
        "${POSTGRES_SHARED_BUFFERS:-512MB}", "512MB"
    )
    assert command == " ".join(["postgres", *ROOMY])


def test_every_service_says_how_it_is():
    one_shot = {"migrate"}
    assert {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service} == one_shot
