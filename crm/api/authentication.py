"""Tokens: made with `manage.py drf_create_token USERNAME`, sent as `Authorization: Token …`."""

from django.utils.translation import gettext_lazy
from rest_framework import authentication, exceptions


class TokenAuthentication(authentication.TokenAuthentication):
    """Refuses what cannot be a token before it reaches the database, and the tokens of inactive users."""

    def authenticate_credentials(self, key: str):
        if not (key.isascii() and key.isalnum()):
            raise exceptions.AuthenticationFailed(gettext_lazy("Invalid token."))
        return super().authenticate_credentials(key)
