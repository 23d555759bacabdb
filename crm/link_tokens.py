"""Links that are opened without an account: their token is a nonce, signed under the house's secret.

Nobody can make one up, and what the database holds does not suffice to open one; a token names nobody and nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

LONGEST = 120


class Link(Protocol):
    """A row that is opened by its nonce."""

    @property
    def nonce(self) -> uuid.UUID: ...


@dataclass(frozen=True)
class Tokens:
    """The tokens of one purpose; they are good for no other. `page` is the name of the URL that they open."""

    purpose: str
    page: str

    def address_of(self, link: Link) -> str:
        """What is sent to people outside: the whole address, as the house is reached from everywhere."""
        return f"{settings.BASE_URL}{reverse(self.page, args=[self.token_of(link)])}"

    def token_of(self, link: Link) -> str:
        """What stands in the address, the same each time until the nonce is renewed."""
        return self._signer.sign(link.nonce.hex)

    def nonce_of(self, token: str) -> uuid.UUID | None:
        """The nonce that a token was made of; None where we did not make it."""
        if len(token) > LONGEST:
            return None
        try:
            return uuid.UUID(hex=self._signer.unsign(token))
        except (BadSignature, ValueError):
            return None

    @property
    def _signer(self) -> Signer:
        """With a dot between: mail programs end links at stranger signs."""
        return Signer(salt=self.purpose, sep=".")


ANSWERS = Tokens("crm.answer-link", page="crm:public-questionnaire")
"""Of the links by which clients fill in questionnaires."""
address_of, token_of, nonce_of = ANSWERS.address_of, ANSWERS.token_of, ANSWERS.nonce_of
