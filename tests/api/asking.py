"""Asking the API as somebody, and the small house that most questions are about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token

from crm.models import Client, Role, User
from tests.factories import make_client, make_team, make_user

ROOT = "/api/v1/"


class Asker:
    """Sends JSON with a user's token; answers carry `.data`, and a fault of the server is an answer too."""

    def __init__(self, user: User | None = None) -> None:
        token = Token.objects.get_or_create(user=user)[0].key if user else ""
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self.browser = Browser(raise_request_exception=False)

    def get(self, path: str, **query: Any):
        return self._told(self.browser.get(ROOT + path, query, headers=self.headers))

    def post(self, path: str, body: Any = None, key: str = "", raw: bytes | None = None):
        return self.send("POST", path, body, key=key, raw=raw)

    def patch(self, path: str, body: Any):
        return self.send("PATCH", path, body)

    def send(self, method: str, path: str, body: Any = None, *, key: str = "", raw: bytes | None = None):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        data = json.dumps({} if body is None else body).encode() if raw is None else raw
        answer = self.browser.generic(method, ROOT + path, data, "application/json", headers=headers)
        return self._told(answer)

    def queries(self, path: str) -> int:
        """How many queries a GET takes. Asked twice: the first one warms what is read once for all."""
        self.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert self.get(path).status_code == 200
        return len(captured)

    def _told(self, answer):
        answer.data = json.loads(answer.content) if answer.content else None
        return answer


@dataclass
class House:
    """An RM with a client, a colleague's client in the team, a stranger's in another, and a risk officer."""

    rm: User
    officer: User
    own: Client
    team: Client
    foreign: Client


def make_house() -> House:
    near = make_team()
    rm = make_user(Role.RM, team=near)
    return House(
        rm=rm,
        officer=make_user(Role.RISK_OFFICER),
        own=make_client(rm=rm),
        team=make_client(rm=make_user(Role.RM, team=near)),
        foreign=make_client(rm=make_user(Role.RM)),
    )
