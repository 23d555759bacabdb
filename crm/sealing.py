"""Values that identify people or reach them, sealed: what is stored of them can be read with a key of the house alone.

A sealed value is encrypted (Fernet) under the first of `settings.SEALING_KEYS` and read under any of them, so that keys
can be changed; its fingerprint, keyed by `settings.FINGERPRINT_KEY`, finds it again by exact match.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SHOWN = 4
"""How many characters at the end of a value may be seen by whoever may not see all of it."""


class NotReadable(Exception):
    """No key of the house reads a sealed value: one was taken out of the settings too early."""


def seal(text: str) -> str:
    """The value as it is stored: another text each time."""
    return _keys(tuple(settings.SEALING_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The value itself. Raises NotReadable."""
    try:
        return _keys(tuple(settings.SEALING_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotReadable from error


def sealed_anew(sealed: str) -> str:
    """The same value under the first of the keys. Raises NotReadable."""
    try:
        return _keys(tuple(settings.SEALING_KEYS)).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotReadable from error


def fingerprint(text: str) -> str:
    """By what a value is found again: the same for values that differ in width, case, blanks or dashes alone."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(character for character in narrow if character.isalnum() or character == "+")
    return hmac.new(settings.FINGERPRINT_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def hint(text: str) -> str:
    """The end of a value, to tell it from others: at most four characters and never more than a third of it."""
    return text[-min(SHOWN, len(text) // 3) :] if len(text) >= 3 else ""


def masked(end: str) -> str:
    """What is shown of a value of which the end is known."""
    return f"•••• {end}" if end else "••••"


@cache
def _keys(texts: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(text)) for text in texts])


def _key(text: str) -> bytes:
    """Keys may be any long random text."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
